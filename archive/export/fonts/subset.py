"""A font cut down to the characters used, for files that carry their fonts along (EPUB)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from archive.export.fonts.catalogue import Typeface, open_face
from archive.model.errors import ExportError

_KEPT_NAMES = (0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17)  # with copyright and licence, as the licences ask


def subset(face: Typeface, code_points: Iterable[int]) -> bytes:
    """The face with these characters only, as OpenType (see `media_type`); the same question gives the same bytes.

    Code points the face does not have are left out. Raises ExportError when the font's licence forbids it.
    """
    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]

    if not face.embeddable:
        raise ExportError(
            f"字体“{face.name}”不许嵌入文件（fsType {face.fs_type}）。",
            place=str(face.path),
            hint="请在版式文件的 [fonts] 里换一种字体，或取得许可。",
        )
    options = Options(name_IDs=list(_KEPT_NAMES), name_languages=["*"], notdef_outline=True, hinting=False)
    options.layout_features = []  # single characters need no ligatures; reading those tables takes most of the time
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "meta", "FFTM"]
    cutter = Subsetter(options)
    cutter.populate(unicodes=sorted(set(code_points)))
    written = io.BytesIO()
    try:
        with open_face(face.path, face.index) as font:
            cutter.subset(font)
            font.save(written, reorderTables=False)
    except Exception as error:  # fontTools raises whatever a damaged table leads to
        hint = "请重新安装这个字体，或在版式文件的 [fonts] 里换一种。"
        raise ExportError(f"字体“{face.name}”已损坏，不能嵌入：{error}", place=str(face.path), hint=hint) from error
    return written.getvalue()


def media_type(face: Typeface) -> str:
    """The media type of its subset."""
    return "font/ttf" if face.outlines == "glyf" else "font/otf"


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font file a book was made with, as its manifest records it."""

    name: str
    sha256: str
    size: int


def font_files(faces: Iterable[Typeface]) -> tuple[FontFile, ...]:
    """The files of these faces, each once, by name (where they lie differs from computer to computer)."""
    paths = sorted({face.path for face in faces}, key=lambda path: (path.name, str(path)))
    return tuple(FontFile(path.name, file_digest(path), path.stat().st_size) for path in paths)


def file_digest(path: Path) -> str:
    """The SHA-256 of a font file; computed once while it does not change."""
    state = path.stat()
    return _digest(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def _digest(path: Path, _changed: int, _size: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

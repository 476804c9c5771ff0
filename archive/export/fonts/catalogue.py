"""Which fonts this computer has: found in the system's folders and read, without calling any program.

A font is known by all its names, in every language, so that 宋体 finds SimSun and SimSun finds 宋体. Reading ninety
faces takes a tenth of a second (tests/bench/fonts.py), so nothing is kept on disk; within a process a file is read
again only when it has changed.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.model.issues import IssueCode
from archive.model.records import Issue
from archive.support.storage_errors import reason

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

VARIABLE = "WENSHI_FONTS"
"""The environment variable that names further folders, separated as in PATH."""

SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})

_FAMILY, _SUBFAMILY, _FULL, _POSTSCRIPT, _TYPOGRAPHIC_FAMILY, _TYPOGRAPHIC_SUBFAMILY = 1, 2, 4, 6, 16, 17
_NAMES = frozenset((_FAMILY, _SUBFAMILY, _FULL, _POSTSCRIPT, _TYPOGRAPHIC_FAMILY, _TYPOGRAPHIC_SUBFAMILY))
_WINDOWS, _CHINESE, _ENGLISH = 3, (0x804, 0x404), 0x409
_RESTRICTED, _USAGE, _NO_SUBSETTING, _BITMAPS_ONLY = 0x0002, 0x000F, 0x0100, 0x0200
_ITALIC, _OBLIQUE = 1, 1 << 9  # bits of fsSelection
_SIMPLIFIED, _ANY_CHINESE = 1 << 18, 0b1111 << 17  # code pages: Japanese, simplified, Korean, traditional


@dataclass(frozen=True, slots=True)
class Typeface:
    """One face of a font file.

    `index` is its number in a collection (0 otherwise). `family` and `style` are its names in messages, Chinese
    where the font has a Chinese name; `families` and `full_names` are all its names as `same_name` compares them.
    `weight` is 100 to 900 (400 regular, 700 bold), `width` 1 to 9 (5 normal). `fs_type` is the OpenType embedding
    permission, `code_pages` the OS/2 bits that say which languages it was made for.
    """

    path: Path
    index: int
    family: str
    style: str
    families: frozenset[str]
    full_names: frozenset[str]
    weight: int
    width: int
    italic: bool
    variable: bool
    outlines: str
    fs_type: int
    code_pages: int

    @property
    def name(self) -> str:
        """Family, and style where it is not the regular one."""
        return self.family if self.style in ("", "Regular", "常规") else f"{self.family} {self.style}"

    @property
    def embeddable(self) -> bool:
        """Whether its outlines may be put into a document: allowed, and cut down to the characters used."""
        forbidden = self.fs_type & _USAGE == _RESTRICTED or self.fs_type & (_NO_SUBSETTING | _BITMAPS_ONLY)
        return self.outlines != "" and not forbidden

    @property
    def simplified(self) -> bool:
        """Whether its OS/2 table claims support for simplified Chinese."""
        return bool(self.code_pages & _SIMPLIFIED)

    @property
    def chinese(self) -> bool:
        """Whether its OS/2 table claims support for Chinese, Japanese or Korean."""
        return bool(self.code_pages & _ANY_CHINESE)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All fonts found, in a fixed order; `issues` name the files that could not be read."""

    faces: tuple[Typeface, ...]
    issues: tuple[Issue, ...] = ()

    def find(self, name: str, *, bold: bool = False) -> Typeface | None:
        """The face of that family (or full) name: upright, normal width, static rather than variable.

        `bold` asks for weight 600 or more, else the face nearest to the regular weight is taken. None if there is none.
        """
        wanted = same_name(name)
        named = [face for face in self.faces if wanted in face.families]
        named = named or [face for face in self.faces if wanted in face.full_names]
        if bold:
            named = [face for face in named if face.weight >= 600 and not face.italic]
        weight = 700 if bold else 400
        return min(
            named,
            key=lambda face: (face.italic, abs(face.width - 5), face.variable, abs(face.weight - weight)),
            default=None,
        )

    def regulars(self) -> Iterator[Typeface]:
        """One face of every family that may be embedded, those made for simplified Chinese first."""
        families = dict.fromkeys(face.family for face in self.faces)
        found = (self.find(family) for family in families)
        usable = [face for face in found if face and face.embeddable]
        yield from sorted(usable, key=lambda face: (not face.simplified, not face.chinese))


def same_name(name: str) -> str:
    """The form in which font names are compared: width, case, spaces, hyphens and underscores do not matter."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in plain if char not in " -_")


def font_folders(
    own: Iterable[Path] = (), *, system: str = sys.platform, environment: Mapping[str, str] = os.environ
) -> tuple[Path, ...]:
    """The folders to look in: `own` ones first, those of WENSHI_FONTS, then the user's and the system's, and last what
    came with a program that brings its own Python.
    """
    given = (Path(folder) for folder in environment.get(VARIABLE, "").split(os.pathsep) if folder)
    return tuple(dict.fromkeys((*own, *given, *_system_folders(system, environment), Path(sys.prefix) / "fonts")))


def _system_folders(system: str, environment: Mapping[str, str]) -> Iterator[Path]:
    if system == "win32":
        if local := environment.get("LOCALAPPDATA"):
            yield Path(local) / "Microsoft" / "Windows" / "Fonts"
        yield Path(environment.get("WINDIR") or "C:/Windows") / "Fonts"
        return
    home = Path(environment.get("HOME") or Path.home())
    if system == "darwin":
        yield home / "Library" / "Fonts"
        yield from map(Path, ("/Library/Fonts", "/System/Library/Fonts"))
        # Fonts that macOS fetches on demand, among them several Chinese ones.
        yield from sorted(Path("/System/Library/AssetsV2").glob("com_apple_MobileAsset_Font*"))
        return
    yield Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "fonts"
    yield home / ".fonts"
    shared = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    yield from (Path(folder) / "fonts" for folder in shared.split(":") if folder)
    yield from map(Path, ("/usr/local/share/fonts", "/usr/share/fonts"))
    yield Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol")  # free 宋黑楷仿 outside the font folders


def read_catalogue(folders: Iterable[Path]) -> Catalogue:
    """All fonts in `folders` and below, each file once; what cannot be read is named in the issues."""
    faces: list[Typeface] = []
    issues: list[Issue] = []
    for file in _files(folders):
        try:
            state = file.stat()
            faces.extend(_faces(file, state.st_mtime_ns, state.st_size))
        except Exception as error:  # fontTools raises whatever a damaged table leads to
            why = reason(error) if isinstance(error, OSError) else error or type(error).__name__
            issues.append(Issue(IssueCode.FONT_UNREADABLE, str(file), f"字体文件读不了，没有使用：{why}"))
    return Catalogue(tuple(faces), tuple(issues))


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    """Font files by their real places, so that links neither repeat a font nor lead in a circle."""
    seen: set[Path] = set()
    for folder in folders:
        for below, names, files in os.walk(folder, followlinks=True):
            real = Path(below).resolve()
            if real in seen:
                names.clear()
                continue
            seen.add(real)
            names.sort()
            for name in sorted(files):
                file = (real / name).resolve()
                if file.suffix.lower() in SUFFIXES and file not in seen:
                    seen.add(file)
                    yield file


@lru_cache(maxsize=8192)
def _faces(file: Path, _changed: int, _size: int) -> tuple[Typeface, ...]:
    from fontTools.ttLib.sfnt import readTTCHeader  # type: ignore[import-untyped]

    with file.open("rb") as stream:
        collection = stream.read(4) == b"ttcf"
        stream.seek(0)
        count = readTTCHeader(stream).numFonts if collection else 1
    return tuple(_face(file, index) for index in range(count))


@contextmanager
def open_face(file: Path, index: int) -> Iterator[TTFont]:
    """The face for reading, table by table as they are asked for."""
    from fontTools.ttLib import TTFont

    with file.open("rb") as stream:  # opened here because fontTools leaves a broken file open
        font = TTFont(stream, fontNumber=index, lazy=True, recalcTimestamp=False)
        try:
            yield font
        finally:
            font.tables.clear()  # they hold each other, so a large Chinese font would stay in memory for a while


def _face(file: Path, index: int) -> Typeface:
    with open_face(file, index) as font:
        names = list(_names(font))
        windows = font.get("OS/2")  # some of Apple's fonts have none
        slanted = font["head"].macStyle & 2 or getattr(windows, "fsSelection", 0) & (_ITALIC | _OBLIQUE)
        families = [text for number, _, text in names if number in (_FAMILY, _TYPOGRAPHIC_FAMILY)]
        if not families:
            raise ValueError("没有字体名")
        return Typeface(
            path=file,
            index=index,
            family=_named(names, _TYPOGRAPHIC_FAMILY, _CHINESE)
            or _named(names, _FAMILY, _CHINESE)
            or _named(names, _TYPOGRAPHIC_FAMILY, (_ENGLISH,))
            or _named(names, _FAMILY, (_ENGLISH,))
            or families[0],
            style=_named(names, _TYPOGRAPHIC_SUBFAMILY, (_ENGLISH,)) or _named(names, _SUBFAMILY, (_ENGLISH,)),
            families=frozenset(map(same_name, families)),
            full_names=frozenset(same_name(text) for number, _, text in names if number in (_FULL, _POSTSCRIPT)),
            weight=getattr(windows, "usWeightClass", 400),
            width=getattr(windows, "usWidthClass", 5),
            italic=bool(slanted),
            variable="fvar" in font,
            outlines=next((table for table in ("glyf", "CFF ", "CFF2") if table in font), ""),
            fs_type=getattr(windows, "fsType", 0),
            code_pages=getattr(windows, "ulCodePageRange1", 0),
        )


def _names(font: Any) -> Iterator[tuple[int, int, str]]:
    """(name number, Windows language or 0, text); what its declared encoding cannot read is left out."""
    for record in font["name"].names:
        if record.nameID not in _NAMES:
            continue
        try:
            text = record.toUnicode().strip("\0 ")
        except (UnicodeDecodeError, LookupError):
            continue
        if text:
            yield record.nameID, record.langID if record.platformID == _WINDOWS else 0, text


def _named(names: Iterable[tuple[int, int, str]], number: int, languages: tuple[int, ...]) -> str:
    found = {language: text for each, language, text in names if each == number}
    return next((found[language] for language in languages if language in found), "")

"""The PDF exporter: data and fonts are laid out in a folder, Typst sets them, the file takes its place."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from archive.errors import ExportError
from archive.export.book import Book
from archive.export.files import replacing
from archive.export.flow import sound
from archive.export.fonts import Census, Coverage, choose, cover, font_folders, read_catalogue
from archive.export.pdf import typefaces
from archive.export.pdf.press import Job, SettingFailed, press
from archive.export.pdf.setting import BookSetter
from archive.records import Issue

_TEMPLATES = ("book.typ",)
_GETA = "〓"  # what printers put for a character they do not have
_PATIENCE = 120  # seconds for any book


class PdfExporter:
    """Writes a book as a PDF/A-2u file ready for print."""

    suffix = ".pdf"
    media_type = "application/pdf"
    label = "PDF（印刷）"

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept; raises StorageError or ExportError.

        The same book, set with the same fonts, gives the same bytes.
        """
        with replacing(file) as temporary:
            return tuple(_set(book, temporary, standards=("a-2u",), tags=True))


def _set(book: Book, file: Path, *, standards: tuple[str, ...], tags: bool) -> list[Issue]:
    from archive.export.fonts.isolation import only  # brings Typst with it

    book, issues = sound(book)
    catalogue = read_catalogue(font_folders(book.font_folders))
    fonts = choose(catalogue, book.house.fonts)
    with _folder() as root:
        setter = BookSetter(book, root)
        data = setter.data()
        census = Census(setter.shop.passages)
        coverage = cover(census.units, fonts)
        if not book.draft:
            coverage.require(census)
        issues += [*fonts.issues, *coverage.issues(census), *setter.shop.issues]
        with only((*coverage.faces, *typefaces.italics(coverage))) as known:
            data["fonts"] = typefaces.stacks(coverage, known)
            text = _without_missing(json.dumps(data, ensure_ascii=False), coverage)
            (root / "book.json").write_text(text, encoding="utf-8")
            job = Job(
                root=root,
                fonts=_font_folder(known.fonts),
                output=file,
                standards=standards,
                timestamp=int(book.made.timestamp()),
                tags=tags,
                limit=_PATIENCE + len(text) / 10_000,
            )
            _pressed(job)
    return issues


def _pressed(job: Job) -> None:
    try:
        press(job)
    except SettingFailed as failure:
        raise ExportError(
            f"排版程序没有排成：{failure}", hint="请把这条信息和书稿交给程序的维护者；Word 格式不受影响。"
        ) from failure


def _font_folder(fonts: object) -> Path:
    return Path(next(face.path for face in fonts.fonts() if face.path)).parent  # type: ignore[attr-defined]


def _without_missing(text: str, coverage: Coverage) -> str:
    """A draft is set even where characters are in no font; PDF/A allows no boxes, so they are marked."""
    for _, unit in coverage.missing:
        text = text.replace(unit, _GETA)
    return text


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder with the template in it."""
    with tempfile.TemporaryDirectory(prefix="wenshi-pdf-", ignore_cleanup_errors=True) as name:
        root = Path(name)
        for template in _TEMPLATES:
            source = files("archive.export.pdf").joinpath(template)
            (root / template).write_bytes(source.read_bytes())
        yield root

"""The PDF exporter: data and fonts are laid out in a folder, Typst sets them, the file takes its place.

`set_pages` is that for anything that can be told to a template: the book, and its cover (see `press_cover.py`).
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Protocol

from archive.export.book import Book
from archive.export.flow import sound
from archive.export.fonts import Census, Coverage, choose, cover, font_folders, read_catalogue
from archive.export.house import HouseStyle
from archive.export.pdf import paper, typefaces, vertical
from archive.export.pdf.pdf_context import POINTS, PdfContext
from archive.export.pdf.pdf_pictures import KINDS
from archive.export.pdf.pdf_setting import PdfBookSetter
from archive.export.pdf.print_counts import counts
from archive.export.pdf.run_typst import Job, SettingFailed, run_typst
from archive.export.prepared_pictures import PreparedBook, prepared
from archive.model.errors import ExportError
from archive.model.issues import IssueCode
from archive.model.records import Issue
from archive.support.files import replacing

_log = logging.getLogger(__name__)
_TEMPLATE = "book.typ"
_TEMPLATES = (_TEMPLATE, "cover.typ", "faces.typ")
_LEAST_LINES = 5  # on the last page of a text
_CLOSE = 0.9  # of a line, which may stand above the page number
_OUTPUT = "book.pdf"
_ARCHIVAL = "a-2u"
_GETA = "〓"  # what printers put for a character they do not have
_PATIENCE = 120  # seconds for any book
_PACE = 5_000  # characters of data for which another second is allowed


class Setter(Protocol):
    """Turns a book into data for a template; what was learned on the way is in `context` afterwards."""

    context: PdfContext

    def data(self) -> dict[str, object]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How pages are set: by which template, from whose data, as what kind of PDF, and with what last pages."""

    setter: Callable[[PreparedBook, Path, Iterable[str]], Setter] = PdfBookSetter
    template: str = _TEMPLATE
    standards: tuple[str, ...] = ()
    tags: bool = False
    balance: bool = False


class PdfExporter:
    """Writes a book as a PDF file ready for print.

    It is PDF/A-2u, unless its pictures are to be printed in four colours, and tagged for those who cannot see; a
    `proof`, to be looked at and thrown away, is neither, which saves a third of the time.
    """

    suffix = ".pdf"
    media_type = "application/pdf"
    label = "PDF（印刷）"

    def __init__(self, *, proof: bool = False) -> None:
        self._proof = proof

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept; raises StorageError or ExportError.

        The same book, set with the same fonts, gives the same bytes.
        """
        book, issues = sound(book, paged=True)
        # PDF/A wants to be told by a profile what the four colours look like.
        standards = () if self._proof or book.house.layout.colour == "cmyk" else (_ARCHIVAL,)
        setting = Setting(standards=standards, tags=not self._proof, balance=not self._proof)
        with replacing(file) as temporary, prepared(book, KINDS, inks=book.house.layout.colour) as ready:
            pages, found = set_pages(ready, temporary, setting)
            counted = () if book.single or book.draft else (counts(book, pages),)
            return (*issues, *found, *counted)


def page_count(book: Book) -> int:
    """How many pages the book has when it is set. Raises ExportError."""
    with _folder() as root, prepared(sound(book, paged=True)[0], KINDS, inks=book.house.layout.colour) as ready:
        return set_pages(ready, root / _OUTPUT, Setting(balance=True))[0]


def set_pages(ready: PreparedBook, file: Path, setting: Setting) -> tuple[int, list[Issue]]:
    """Set the book; what Typst refuses is left out or done without, and the rest set again.

    Returns the number of pages, and what could not be kept. Raises ExportError.
    """
    own = ready.book.house
    if own.layout.vertical:
        ready = replace(ready, book=replace(ready.book, house=vertical.lying(own)))
    refused: set[str] = set()
    reported: list[Issue] = []
    while True:
        with _folder() as root:
            setter = setting.setter(ready, root, refused)
            try:
                pages, issues = _set_once(setter, root, file, own, setting)
                return pages, [*issues, *reported]
            except SettingFailed as failure:
                reason = next((line for line in str(failure).splitlines() if line.strip()), "")
                broken = setter.context.pictures.named(failure.pictures)
                if broken:
                    refused |= broken
                elif setting.standards and "PDF/" in reason:
                    setting = replace(setting, standards=())
                    message = f"没有做成存档用的 PDF/A，只是普通 PDF：{reason}"
                    reported.append(Issue(IssueCode.EXPORT_ARCHIVAL, ready.book.title, message))
                elif setting.tags:  # where they nest in a way it did not foresee, Typst gives up
                    setting = replace(setting, tags=False)
                    message = f"PDF 没有带标签，读屏软件读不了其中的结构：{reason}"
                    reported.append(Issue(IssueCode.EXPORT_ARCHIVAL, ready.book.title, message))
                else:
                    hint = "请把这条信息和书稿交给程序的维护者；别的格式不受影响。"
                    raise ExportError(f"排版程序没有排成：{reason}", hint=hint) from failure


def _set_once(
    setter: Setter, root: Path, file: Path, house: HouseStyle, setting: Setting
) -> tuple[int, Iterator[Issue]]:
    from archive.export.fonts.isolation import only  # brings Typst with it

    book = setter.context.book
    columns = house.layout.vertical
    fonts = choose(read_catalogue(font_folders(book.font_folders)), house.fonts)
    data = setter.data() | {"shift": vertical.shift(house)}
    if columns:
        fonts, data = vertical.both_ways(fonts), vertical.upright(data)
    census = Census(setter.context.passages)
    coverage = cover(census.units, fonts)
    if not book.draft:
        coverage.require(census)
    named = (*fonts.issues, *coverage.issues(census))
    if columns:
        coverage = vertical.turned_fonts(coverage, census, root)
    # Those of all roles, used or not: the template is given every one.
    with only((*coverage.fonts.faces, *coverage.faces, *typefaces.italics(coverage))) as known:
        data["fonts"] = typefaces.stacks(coverage, known)
        data["circled"] = typefaces.circled(coverage, book.house.style("脚注").font)
        text = _printable(json.dumps(data, ensure_ascii=False), coverage)
        (root / "book.json").write_text(text, encoding="utf-8")
        patience = _PATIENCE + len(text) / _PACE
        warnings = run_typst(
            Job(
                root=root,
                input=setting.template,
                fonts=typefaces.folder(known),
                output=root / _OUTPUT,
                pictures=tuple(setter.context.pictures.names.values()),
                balance=_balance(book.house) if setting.balance else None,
                standards=setting.standards,
                timestamp=int(book.made.timestamp()),
                tags=setting.tags,
                limit=patience,
            )
        )
    if columns:
        vertical.turn_pages(root / _OUTPUT, house, patience)
    pages = paper.require(book, root / _OUTPUT, patience)
    # Set elsewhere first: a full disk then fails here, where it is reported as such.
    shutil.copyfile(root / _OUTPUT, file)
    return pages, iter((*named, *setter.context.issues, *_unsettled(book, warnings)))


def _balance(house: HouseStyle) -> dict[str, object]:
    """What `last_pages.balance` needs to do without last pages of a few lines."""
    page, row = house.page, house.style("文章正文").pitch
    below = (page.bottom - page.foot) * POINTS - house.style("页脚").pitch
    longer = house.layout.vertical or below > row * _CLOSE  # of vertical pages the number stands at another side
    return {"top": page.top * POINTS, "row": row, "least": _LEAST_LINES, "longer": longer}


def _unsettled(book: Book, warnings: Iterable[str]) -> Iterator[Issue]:
    """Typst sets a book again until all page numbers agree, but not for ever."""
    for warning in warnings:
        if "converge" in warning:
            message = "页码经几次排版仍有出入，目录、索引和注号请逐一核对。"
            yield Issue(IssueCode.EXPORT_PAGES, book.title, message)
        else:
            _log.warning("Typst: %s", warning)


def _printable(text: str, coverage: Coverage) -> str:
    """A draft is set even where characters are in no font; PDF/A allows no boxes, so they are marked."""
    for _, unit in coverage.missing:
        text = text.replace(unit, _GETA)
    # The old word joiner, which PDF/A forbids and Unicode gave another code for.
    return text.replace("\ufeff", "\u2060")


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder with the templates in it."""
    with tempfile.TemporaryDirectory(prefix="wenshi-pdf-", ignore_cleanup_errors=True) as name:
        root = Path(name)
        for template in _TEMPLATES:
            (root / template).write_bytes(files(__package__).joinpath(template).read_bytes())
        yield root

"""What stands on the pages of a PDF: lines with their places and sizes, photographs, pages that are only pictures."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from archive.model.errors import ReadError
from archive.model.records import Cell, Kind
from ingest.readers import recogniser
from ingest.readers.columns import WIDE, ColumnRow, Rule
from ingest.readers.lines import Line, joined
from ingest.readers.pdf.annotations import Typed, annotations_of, prepare
from ingest.readers.pdf.grids import Grid, grids_of
from ingest.readers.pdf.hostile import refuse_bombs
from ingest.readers.pdf.rules import rules_of
from ingest.readers.pdf.text_layers import are_set_aside, is_laid_over
from ingest.text.characters import visible
from ingest.text.garbled import is_unlikely

MAX_PAGES = 5_000
_AT_ONCE = 40  # pages looked at before the file is opened anew
_LINE_END = frozenset({0x0D, 0x0A})
_HAN, _BEYOND = 0x2E80, 0xD800
_GAP, _HAN_GAP = 0.25, WIDE  # of the size: more room than this between characters is a space
_GLYPH_CODES = frozenset(map(chr, (*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0))))
_HYPHENS = frozenset({0x02, 0xFFFE})  # what PDFium puts for a hyphen at a line's end, and no line end after it
_SOFT_HYPHEN = 0xAD
_GARBLED = 0.3  # a page with more unreadable characters than this has no usable text layer
_SMALL_PICTURE = 0.005  # of the page: ornaments and rules; a portrait takes a hundredth
_WHOLE_PAGE = 0.5
_FEWEST_SLANTED, _SLANTED = 3, 0.15  # characters; each stands so much of its size higher, or lower, than the last
_FILLED = 0.4  # of the cells of a table have text in them; a chart has less
_SAME = 2.0  # points by which columns of one table differ from page to page
_REPAIR = "请重新取得文件；或用阅读器打开后“打印”成新的 PDF 再导入"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its top and where its columns begin and end in points, its cells with their text.

    `size` is that of its characters, in points.
    """

    top: float
    across: tuple[float, ...]
    cells: tuple[tuple[Cell, str], ...]
    size: float

    def is_above(self, line: Line) -> bool:
        """Whether it stands above a line of its page."""
        return self.top < line.top and self.across[0] < line.right and line.left < self.across[-1]

    def goes_on(self, other: Table) -> bool:
        """Whether its columns are those of another table, on the page before."""
        widths, others = ([place - table.across[0] for place in table.across] for table in (self, other))
        return len(widths) == len(others) and all(
            abs(one - another) < _SAME for one, another in zip(widths, others, strict=True)
        )


@dataclass(slots=True)
class PageContent:
    """One page. `width` and `height` in points; `scanned`: a picture with no usable text; `pictures` (top, bytes).

    `garbled` counts codes that stand for no character, `unlikely` says that the characters are not those printed.
    `layered`: a picture with the text of another program over it, which is used.
    `beside` are comments, and what was typed onto a page without text of its own.

    `rows` are the lines in the order of the file, `rules` the level lines drawn between them; `lines` come of them once
    all pages are known. What stands in `tables` does not stand in `rows`, and neither does what is set slantwise
    (`stamps`).
    """

    number: int
    width: float
    height: float
    rows: list[ColumnRow] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    stamps: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    pictures: list[tuple[float, bytes]] = field(default_factory=list)
    other_pictures: int = 0
    scanned: bool = False
    garbled: int = 0
    unlikely: bool = False
    layered: bool = False
    beside: list[tuple[Kind, str]] = field(default_factory=list)


class _Document:
    """A PDF that is opened anew after some pages: PDFium keeps what it has read of each, a scan's picture too."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._looked_at = 0
        self._opened = self._open()

    def _open(self) -> Any:
        opened = pypdfium2.PdfDocument(self._file)
        prepare(opened)
        return opened

    def __len__(self) -> int:
        return len(self._opened)

    def __getitem__(self, number: int) -> Any:
        """A page, to be closed before the next is asked for."""
        if self._looked_at == _AT_ONCE:
            self._opened.close()
            self._looked_at, self._opened = 0, self._open()
        self._looked_at += 1
        return self._opened[number]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opened, name)


@contextmanager
def open_pdf(file: Path, name: str, *, safe: bool = False) -> Iterator[Any]:
    """An opened PDF. Raises ReadError where it is damaged, hostile, locked or too long.

    `safe`: it has been found not to be hostile, which takes as long as reading all of it.
    """
    if not safe:
        refuse_bombs(file, name)
    try:
        document = _Document(file)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise ReadError("PDF 加了密码，没有密码读不出", place=name, hint="用 --password 给出密码") from error
        raise ReadError("PDF 不完整或已损坏", place=name, hint=_REPAIR) from error
    try:
        if not len(document):
            raise ReadError("PDF 不完整或已损坏（一页也没有）", place=name, hint=_REPAIR)
        if len(document) > MAX_PAGES:
            message = f"PDF 有 {len(document)} 页，超过上限 {MAX_PAGES} 页，未予读取"
            raise ReadError(message, place=name, hint="按辑拆成几个文件再导入")
        yield document
    finally:
        document.close()


def content_of(document: Any, at: int, name: str, number: int | None = None) -> PageContent:
    """Reads a page, counted from 0, that is to be called `number`. Raises ReadError where the page is damaged."""
    number = at if number is None else number
    try:
        page = document[at]
    except pypdfium2.PdfiumError as error:
        raise ReadError("PDF 的这一页已损坏", place=f"{name} 第 {at + 1} 页", hint=_REPAIR) from error
    try:
        width, height = page.get_size()
        content = PageContent(number, width, height)
        rules = rules_of(page, height)
        text_page = page.get_textpage()
        found = list(_characters(text_page))
        text_page.close()
        written = annotations_of(document, page)
        has_text = any(_is_seen(character) for line in found for character in line)
        for typed in written.typed if has_text else ():
            _type_in(typed, found)
        content.beside = [(Kind.COMMENT, words) for words in written.comments]
        if not has_text:  # a scanned form: what was typed onto it stands beside what is recognised
            content.beside += [(Kind.PARAGRAPH, typed.text) for typed in written.typed]
        for grid in grids_of(rules, width * height):
            found = _take_table(found, grid, content)
        content.stamps = [_line(line, _size(line), height, number) for line in found if _slants(line)]
        content.rows = [row for line in found if not _slants(line) and (row := row_of(line, height, number))]
        content.rules = rules.level
        whole = _pictures(page, content)
        text = "".join(
            [*(row.whole.text for row in content.rows), *(text for table in content.tables for _, text in table.cells)]
        )
        content.garbled = sum(map(_is_no_text, text))
        content.scanned = whole if not visible(text) else content.garbled > _GARBLED * visible(text)
        content.unlikely = not content.scanned and is_unlikely(text)
        content.layered = not content.scanned and whole and is_laid_over(page)
        if are_set_aside() and (content.layered or content.unlikely):
            content.scanned, content.layered, content.unlikely = True, False, False
        if content.layered or (content.scanned and recogniser.installed()):
            content.pictures, content.other_pictures = [], 0  # they are parts of its picture
        return content
    finally:
        page.close()


@dataclass(frozen=True, slots=True)
class Character:
    """A character with its box, from the left and the bottom of the page."""

    code: int
    left: float
    right: float
    top: float
    bottom: float


def row_of(characters: list[Character], height: float, page: int) -> ColumnRow | None:
    """The line of these characters, measured from the top of a page of `height`; None where there is nothing.

    Programs draw a line font by font: all quotation marks, then the words between. So characters are put in the order
    of their places, and spaces go where there is room for one.
    """
    if not any(_is_seen(character) for character in characters):
        return None
    left, right = min(c.left for c in characters), max(c.right for c in characters)
    top, bottom = max(c.top for c in characters), min(c.bottom for c in characters)
    size = _size(characters)
    if top - bottom > 2 * (right - left) and len(characters) > 1:  # it runs downwards
        line = _line(characters, size, height, page)
        return ColumnRow(line, (line,))
    characters = sorted(characters, key=lambda c: c.left)
    line = _line(characters, size, height, page)
    parts = list(_parts(characters, size))
    if len(parts) == 1:
        return ColumnRow(line, (line,))
    gaps = tuple("".join(chr(c.code) for c in part if not _is_seen(c)) or " " for part in parts[1::2])
    return ColumnRow(line, tuple(_line(part, _size(part), height, page) for part in parts[::2]), gaps)


def _slants(characters: Sequence[Character]) -> bool:
    """Whether a line runs neither along the page nor down it, as a watermark does."""
    if len(characters) < _FEWEST_SLANTED:
        return False
    first, last = characters[0], characters[-1]
    if abs(_middle(first) - _middle(last)) < _SLANTED * (first.top - first.bottom):
        return False  # nearly all lines
    seen = [character for character in characters if _is_seen(character)]
    if len(seen) < _FEWEST_SLANTED:
        return False
    step = _SLANTED * _size(seen)
    rises = [_middle(after) - _middle(before) for before, after in pairwise(seen)]
    moves = [after.left - before.left for before, after in pairwise(seen)]
    return all(
        min(map(abs, steps)) > step and (min(steps) > 0 or max(steps) < 0) for steps in (rises, moves)
    )  # fmt: skip


def _type_in(typed: Typed, lines: list[list[Character]]) -> None:
    """Puts typed text among the characters of the page: into the line that stands at its height, else by itself."""
    width = min(typed.top - typed.bottom, (typed.right - typed.left) / len(typed.text))
    characters = [
        Character(ord(sign), typed.left + width * at, typed.left + width * (at + 1), typed.top, typed.bottom)
        for at, sign in enumerate(typed.text)
    ]
    middle = (typed.top + typed.bottom) / 2
    for line in lines:
        seen = [character for character in line if _is_seen(character)]
        beside = all(one.right <= typed.left + 1 or one.left >= characters[-1].right - 1 for one in seen)
        if seen and beside and min(one.bottom for one in seen) < middle < max(one.top for one in seen):
            line += characters
            return
    below = (at for at, line in enumerate(lines) if line and max(one.top for one in line) < middle)
    lines.insert(next(below, len(lines)), characters)


def _parts(characters: Sequence[Character], size: float) -> Iterator[list[Character]]:
    """A line cut at its wide gaps: characters, the white space between, characters…"""
    part: list[Character] = []
    seen = 0  # characters of the part up to the last that can be seen
    for character in characters:
        if _is_seen(character):
            if seen and character.left - part[seen - 1].right > WIDE * size:
                yield part[:seen]
                yield part[seen:]
                part = []
            seen = len(part) + 1
        elif not part:
            continue
        part.append(character)
    yield part


def _size(characters: Sequence[Character]) -> float:
    """A Han character is as wide as its size; the heights fonts declare differ from font to font."""
    wide = [c.right - c.left for c in characters if _HAN <= c.code < _BEYOND]
    return max(1.0, median(wide) if wide else median(c.top - c.bottom for c in characters))


def _line(characters: Sequence[Character], size: float, height: float, page: int) -> Line:
    """The text of characters in order, with spaces where there is room for one."""
    codes: list[int] = []
    before: Character | None = None
    for character in characters:
        if before is not None and _is_seen(before) and _is_seen(character):
            han = before.code >= _HAN or character.code >= _HAN
            if character.left - before.right > (_HAN_GAP if han else _GAP) * size:
                codes.append(0x20)
        codes.append(character.code)
        before = character
    # Characters beyond U+FFFF come as two halves.
    text = "".join(map(chr, codes)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    left, right = min(c.left for c in characters), max(c.right for c in characters)
    top, bottom = max(c.top for c in characters), min(c.bottom for c in characters)
    return Line(text.strip(" "), left, right, height - top, height - bottom, size, page)


def _is_no_text(character: str) -> bool:
    """What a font without a table of characters gives instead of text: codes of glyphs, private ones, none at all."""
    return character == "\ufffd" or "\ue000" <= character <= "\uf8ff" or character in _GLYPH_CODES


def _is_seen(character: Character) -> bool:
    return character.code not in (0x20, 0xA0, 0x3000)


def _take_table(lines: list[list[Character]], grid: Grid, content: PageContent) -> list[list[Character]]:
    """Adds the table to the page and returns the lines without it; as they are where most of its cells are empty."""
    outside: list[list[Character]] = []
    inside: dict[int, list[Character]] = {}
    for line in lines:
        outside.append([])
        for character in line:
            at = grid.cell_at((character.left + character.right) / 2, content.height - _middle(character))
            (outside[-1] if at is None else inside.setdefault(at, [])).append(character)
    texts = {at: _text_of(characters, content) for at, characters in inside.items()}
    if sum(map(bool, texts.values())) < _FILLED * len(grid.cells):
        return lines
    cells = tuple((cell, texts.get(at, "")) for at, cell in enumerate(grid.cells))
    size = _size([character for characters in inside.values() for character in characters])
    content.tables.append(Table(grid.down[0], grid.across, cells, size))
    return outside


def _text_of(characters: Sequence[Character], content: PageContent) -> str:
    """The text of a cell, whose lines may stand so tight that PDFium takes them for one."""
    levels: list[list[Character]] = []
    for character in sorted(characters, key=lambda character: -_middle(character)):
        first = levels[-1][0] if levels else character
        height = max(first.top - first.bottom, character.top - character.bottom)
        if not levels or _middle(first) - _middle(character) > height / 2:
            levels.append([])
        levels[-1].append(character)
    rows = [row_of(level, content.height, content.number) for level in levels]
    return joined([row.whole for row in rows if row])


def _middle(character: Character) -> float:
    return (character.top + character.bottom) / 2


def _characters(text_page: Any) -> Iterator[list[Character]]:
    """The lines in the order of the file; boxes as wide as the font says. PDFium's own spaces are left out."""
    found: list[Character] = []
    box = pdfium.FS_RECTF()
    pointer = ctypes.byref(box)
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if code in _LINE_END:
            yield found
            found = []
        elif code != 0x20 or not pdfium.FPDFText_IsGenerated(text_page, index):
            hyphen = code in _HYPHENS and pdfium.FPDFText_IsHyphen(text_page, index) == 1
            code = _SOFT_HYPHEN if hyphen else code or 0xFFFD
            if pdfium.FPDFText_GetLooseCharBox(text_page, index, pointer):
                found.append(Character(code, box.left, box.right, box.top, box.bottom))
            else:
                last = found[-1] if found else Character(code, 0, 0, 0, 0)
                found.append(replace(last, code=code))
            if hyphen:
                yield found
                found = []
    yield found


def _pictures(page: Any, content: PageContent) -> bool:
    """Notes the pictures of a page; returns whether one of them covers most of it."""
    area, whole = content.width * content.height, False
    for thing in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=4):
        left, bottom, right, top = thing.get_bounds()
        share = (right - left) * (top - bottom) / area if area else 0
        whole |= share > _WHOLE_PAGE
        if share < _SMALL_PICTURE:
            continue
        try:
            jpeg = list(thing.get_filters()) == ["DCTDecode"] and bytes(thing.get_data(decode_simple=False))
        except (pypdfium2.PdfiumError, UnicodeError):  # damaged: told with the others that cannot be taken out
            jpeg = False
        if jpeg:
            content.pictures.append((content.height - top, jpeg))
        else:
            content.other_pictures += 1
    return whole

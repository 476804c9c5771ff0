"""The texts of a book as an exporter walks through them: paragraphs and whole tables, with notes by label."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import product

from archive.export.book import Book, Chapter, Section
from archive.model.issues import IssueCode
from archive.model.records import Article, Block, Cell, Issue, Kind

# What XML 1.0 cannot hold (and no text of ours should): control characters, lone surrogates, non-characters.
_UNSOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REPLACEMENT = "\ufffd"
_LEFT_OUT = {
    Kind.COMMENT: IssueCode.EXPORT_COMMENT,
    Kind.HEADER: IssueCode.EXPORT_HEADER,
    Kind.FOOTER: IssueCode.EXPORT_FOOTER,
}
_WITHOUT_REFERENCES = {Kind.NOTE, Kind.FIGURE, *_LEFT_OUT}  # of a picture's words no format shows the references


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell with its paragraphs; its span covers no other cell's place."""

    place: Cell
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table: its cells row by row (gaps have no cell), how many columns, how many rows at the top are headings."""

    rows: tuple[tuple[TableCell, ...], ...]
    columns: int
    header_rows: int

    def filled(self) -> Iterator[tuple[TableCell | None, ...]]:
        """Row by row the cells that begin there, and None for every place that no cell covers."""
        covered = {
            place for row in self.rows for cell in row for place in product(_rows(cell.place), _columns(cell.place))
        }
        for number, row in enumerate(self.rows):
            begins = {cell.place.column: cell for cell in row}
            yield tuple(
                begins.get(column)
                for column in range(self.columns)
                if column in begins or (number, column) not in covered
            )

    @property
    def simple(self) -> bool:
        """Whether no cell spans others or holds more than one line or a picture."""
        return all(
            cell.place.row_span == cell.place.column_span == 1
            and len(cell.blocks) == 1
            and cell.blocks[0].kind is not Kind.FIGURE
            and "\n" not in cell.blocks[0].text
            for row in self.rows
            for cell in row
        )


Piece = Block | TableRows


def pieces(chapter: Chapter) -> Iterator[Piece]:
    """The text below its title in order: blocks and tables, without notes and without what is not exported."""
    cells: list[Block] = []
    for block in chapter.article.blocks[1 + len(chapter.opening) :]:
        if block.kind is Kind.NOTE or block.kind in _LEFT_OUT:
            continue
        if cells and (block.cell is None or cells[-1].cell is None or block.cell.table != cells[-1].cell.table):
            yield _table(cells)
            cells = []
        if block.cell is not None:
            cells.append(block)
        else:
            yield block
    if cells:
        yield _table(cells)


def told_apart(chapter: Chapter) -> tuple[Chapter, Mapping[int, int]]:
    """The chapter with every block an object of its own, and by `id()` of each its number in the article.

    Pieces do not say where they stand; formats with lasting ids for blocks ask here.
    """
    blocks = tuple(map(replace, chapter.article.blocks))
    own = replace(chapter, article=replace(chapter.article, blocks=blocks))
    return own, {id(block): number for number, block in enumerate(blocks)}


def heading_ranks(chapter: Chapter) -> Mapping[int, int]:
    """Rank, from 1, by level of the headings below the title: whole volumes keep the levels they had in their file."""
    blocks = chapter.article.blocks[1 + len(chapter.opening) :]
    levels = sorted({block.level for block in blocks if block.kind is Kind.HEADING})
    return {level: rank for rank, level in enumerate(levels, 1)}


def notes(article: Article) -> Mapping[str, tuple[Block, ...]]:
    """The article's notes by label, in order; several blocks may make one note."""
    found: dict[str, tuple[Block, ...]] = {}
    for block in article.blocks:
        if block.kind is Kind.NOTE:
            found[block.label] = (*found.get(block.label, ()), block)
    return found


def unreferenced(article: Article) -> tuple[str, ...]:
    """Labels of notes that nothing in the running text points to; they are printed after the text."""
    printed = (block for block in article.blocks if block.kind not in _WITHOUT_REFERENCES)
    named = {run.note for block in printed for run in block.runs if run.note}
    return tuple(label for label in notes(article) if label not in named)


class NoteNumbers:
    """Numbers for the notes of one text, in the order in which they are first met, counting from `first`."""

    def __init__(self, article: Article, first: int = 1) -> None:
        self._notes = notes(article)
        self._first = first
        self._numbers: dict[str, int] = {}
        self._loose = unreferenced(article)

    def of(self, label: str) -> int | None:
        """The number of that note; None when the text has no such note."""
        if label not in self._notes:
            return None
        return self._numbers.setdefault(label, self._first + len(self._numbers))

    def listed(self) -> Iterator[tuple[int, tuple[Block, ...]]]:
        """Every note with its number, in order, once the text has been walked; those nobody refers to come last."""
        for label in self._loose:
            self.of(label)
        yield from ((number, self._notes[label]) for label, number in tuple(self._numbers.items()))


def _table(blocks: list[Block]) -> TableRows:
    """Cells by place. Rows and columns where no cell begins are dropped, and spans are clipped where another cell
    stands: so no text can be covered, and wild numbers make no thousand empty rows."""
    contents: dict[tuple[int, int], list[Block]] = {}
    places: dict[tuple[int, int], Cell] = {}
    for block in blocks:
        if (cell := block.cell) is not None:
            contents.setdefault((cell.row, cell.column), []).append(block)
            places.setdefault((cell.row, cell.column), cell)
    row_numbers = sorted({row for row, _ in places})
    column_numbers = sorted({column for _, column in places})
    rows: list[list[TableCell]] = [[] for _ in row_numbers]
    taken = {(bisect_left(row_numbers, row), bisect_left(column_numbers, column)) for row, column in places}
    for start, place in sorted(places.items()):
        row, row_span = _ranked(place.row, place.row_span, row_numbers)
        column, column_span = _ranked(place.column, place.column_span, column_numbers)
        ranked = replace(place, row=row, column=column, row_span=row_span, column_span=column_span)
        clipped = _clipped(ranked, taken)
        taken.update(product(_rows(clipped), _columns(clipped)))
        rows[row].append(TableCell(clipped, tuple(contents[start])))
    header_rows = next((i for i, row in enumerate(rows) if not all(cell.place.header for cell in row)), len(rows))
    return TableRows(tuple(map(tuple, rows)), len(column_numbers), header_rows)


def _ranked(start: int, span: int, numbers: Sequence[int]) -> tuple[int, int]:
    """Start and span counted in those numbers alone."""
    first = bisect_left(numbers, start)
    return first, max(bisect_left(numbers, start + span) - first, 1)


def _rows(place: Cell) -> range:
    return range(place.row, place.row + place.row_span)


def _columns(place: Cell) -> range:
    return range(place.column, place.column + place.column_span)


def _clipped(place: Cell, taken: Set[tuple[int, int]]) -> Cell:
    right = place.column + 1
    while right < place.column + place.column_span and (place.row, right) not in taken:
        right += 1
    below = place.row + 1
    while below < place.row + place.row_span and not any(
        (below, column) in taken for column in range(place.column, right)
    ):
        below += 1
    return replace(place, column_span=right - place.column, row_span=below - place.row)


def sound(book: Book) -> tuple[Book, list[Issue]]:
    """The book with every character printable, and the issues of what is replaced or left out."""
    issues: list[Issue] = []

    def chapters(given: Sequence[Chapter]) -> tuple[Chapter, ...]:
        return tuple(_sound_chapter(chapter, issues) for chapter in given)

    sections = tuple(
        Section(sound_text(section.title), chapters(section.chapters), _sound_lines(section.note))
        for section in book.sections
    )
    whole = replace(
        book,
        title=sound_text(book.title),
        subtitle=sound_text(book.subtitle),
        series=sound_text(book.series),
        editor=sound_text(book.editor),
        publisher=sound_text(book.publisher),
        imprint=_sound_lines(book.imprint),
        front=chapters(book.front),
        sections=sections,
        back=chapters(book.back),
    )
    return whole, issues


def _sound_chapter(chapter: Chapter, issues: list[Issue]) -> Chapter:
    issues.extend(_left_out(chapter))
    article, replaced = _sound_article(chapter.article)
    if replaced:
        message = f"有 {replaced} 个无法写入文件的控制字符，已改为 {_REPLACEMENT}。"
        issues.append(Issue(IssueCode.EXPORT_CHARACTERS, chapter.title, message, replaced))
    return replace(
        chapter,
        article=article,
        byline=sound_text(chapter.byline),
        source=sound_text(chapter.source),
        note=_sound_lines(chapter.note),
    )


def _sound_lines(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(sound_text, lines))


def sound_text(text: str) -> str:
    """The text with characters that no file can hold replaced by U+FFFD."""
    return _UNSOUND.sub(_REPLACEMENT, text)


def _sound_article(article: Article) -> tuple[Article, int]:
    replaced = sum(len(_UNSOUND.findall(run.text + run.ruby)) for block in article.blocks for run in block.runs)
    if not replaced:
        return article, 0
    blocks = tuple(
        replace(
            block,
            runs=tuple(replace(run, text=sound_text(run.text), ruby=sound_text(run.ruby)) for run in block.runs),
        )
        for block in article.blocks
    )
    return replace(article, blocks=blocks), replaced


def _left_out(chapter: Chapter) -> Iterator[Issue]:
    for kind, code in _LEFT_OUT.items():
        texts = [block.text for block in chapter.article.blocks if block.kind is kind]
        if texts:
            characters = sum(map(len, texts))
            message = f"{len(texts)} 处{code.type.title}（共 {characters} 字）不属于正文，没有导出。"
            yield Issue(code, chapter.title, message, characters)

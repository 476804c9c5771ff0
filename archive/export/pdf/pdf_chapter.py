"""One text of the book as data for the template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from archive.export.book import Chapter
from archive.export.flow import heading_ranks, notes, printed_pieces, signs, unreferenced
from archive.export.pdf import inline_runs, pdf_tables
from archive.export.pdf.inline_runs import Item
from archive.export.pdf.pdf_context import (
    ENTRY_LEVEL,
    POINTS,
    SECTION_LEVEL,
    TITLE_LEVEL,
    YEAR_LEVEL,
    Data,
    PdfContentsEntry,
    PdfContext,
    on_one_line,
)
from archive.export.pdf.pdf_figures import arranged, dots, printed_size
from archive.export.prepared_pictures import DRAFT_DOTS, PRINT_DOTS, picture_name
from archive.export.table_parts import parts
from archive.model.article_parts import TableCell, TableRows
from archive.model.errors import NotFound, ReadError
from archive.model.issues import IssueCode
from archive.model.records import Block, Genre, Issue, Kind, Run, Style

BODY, TITLE, SECTION, YEAR, NOTE, FOOTNOTE = "文章正文", "题名", "栏目", "小标题一", "文末注", "脚注"
EDITORIAL, AUTHOR, SIGNED, SOURCE, LIST, CAPTION = "编者按", "作者", "署名", "出处", "列表", "图注"
_STYLES = {
    Kind.SUBTITLE: "文章副题",
    Kind.BYLINE: AUTHOR,
    Kind.QUOTATION: "引文",
    Kind.VERSE: "诗文",
    Kind.CAPTION: CAPTION,
}
_HEAD = (Kind.SUBTITLE, Kind.BYLINE)
_SUBHEADS = ("小标题一", "小标题二", "小标题三")
_ENTRY_TITLE = "小标题二"
_SHORT_CELL = 16  # characters; figures, names and dates stand in the middle of their cell
_ACROSS = 0.96  # of the type area, for what stands across its lines
_PAGE = 0.85  # of the type area, which nothing else shares with a table across it
_PARTED = 0.8  # of a line, for the highest row of a table across it, whose height is only guessed
_BULLET = "·　"


class PdfChapterSetter:
    """Sets one chapter. Names of the indexes are marked in it where `indexed`."""

    def __init__(self, chapter: Chapter, context: PdfContext, *, indexed: bool) -> None:
        self._chapter = chapter
        self._context = context
        self._indexed = indexed
        self._level = _level(chapter)
        self._notes = notes(chapter.article)
        self._ranks = heading_ranks(chapter)
        self._label = context.label()
        self._pictures = 0
        context.numbers.begin(chapter)

    def whole(self, *, with_source: bool) -> Iterator[Data]:
        """The text from the headings above its title to the line that says where it comes from, if that is wanted."""
        head = [*self._opening(), *self._title()]
        body = arranged(list(self._body()), self._context.book.house, self._label)
        blocks = [*head, *body]
        source = f"（{self._chapter.source}）" if with_source and self._chapter.source else ""
        if source:
            line = self._context.line(SOURCE, source)
            # It must not stand alone on a page: a short one becomes the last line of the paragraph before it.
            house = self._context.book.house
            if blocks[-1]["k"] == "b" and len(source) * house.style(SOURCE).size < house.page.measure * POINTS:
                blocks[-1]["tail"] = line
            else:
                blocks[-1]["keep"] = True
                blocks.append(line)
        yield from blocks

    def _opening(self) -> Iterator[Data]:
        """The headings that stand above the title."""
        for block in self._chapter.opening:
            if block.level == 1:
                label = self._context.label()
                self._context.entries.append(PdfContentsEntry(SECTION_LEVEL, on_one_line(block.text), label))
                yield self._heading(block, SECTION, SECTION_LEVEL, label)
            else:
                yield self._heading(block, YEAR, YEAR_LEVEL)

    def _title(self) -> Iterator[Data]:
        """The title, and who made the text where the text does not say it itself."""
        if self._chapter.listed:
            self._context.entries.append(PdfContentsEntry(self._level, self._chapter.title, self._label))
        style = TITLE if self._chapter.listed else _ENTRY_TITLE
        yield self._heading(self._chapter.article.blocks[0], style, self._level, self._label)
        if self._chapter.byline:
            yield self._context.line(AUTHOR, self._chapter.byline, keep=True)

    def _body(self) -> Iterator[Data]:
        """Everything below the title."""
        whole = list(printed_pieces(self._chapter))
        head = list(takewhile(lambda piece: not isinstance(piece, TableRows) and piece.kind in _HEAD, whole))
        yield from (self._block(piece) | {"keep": True} for piece in head if isinstance(piece, Block))
        yield from (self._context.line(EDITORIAL, line) for line in self._chapter.note)
        signed = False
        below_text = False  # since the title or the last heading: an author named there signs, he does not open
        for piece, captions in _captioned(whole[len(head) :]):
            if isinstance(piece, TableRows):
                yield from self._table(piece, captions)
            elif piece.kind is Kind.FIGURE:
                yield self._figure(piece, captions)
            elif signs(piece, below_text=below_text):
                line: Data = {"k": "p", "s": SIGNED, "c": self._items(piece, SIGNED)}
                yield line | {"before": 0} if signed else line  # author and date stand together
            else:
                yield self._block(piece)
            signed = isinstance(piece, Block) and signs(piece, below_text=below_text)
            opens = isinstance(piece, Block) and piece.kind is Kind.HEADING
            below_text = not opens and (below_text or isinstance(piece, TableRows) or piece.kind not in _HEAD)
        yield from self._loose_notes()

    # -- paragraphs

    def _block(self, block: Block) -> Data:
        match block.kind:
            case Kind.HEADING:
                rank = self._ranks[block.level]
                return self._heading(block, _SUBHEADS[min(rank, len(_SUBHEADS)) - 1], self._level + rank)
            case Kind.LIST_ITEM:
                # Numbers are part of the stored text; a bullet for items the source did not number.
                numbered = any(run.style & Style.GENERATED for run in block.runs)
                items = self._items(block, LIST, before="" if numbered else _BULLET)
                return {"k": "p", "s": LIST, "c": items, "in": max(block.level - 1, 0) * 2}
            case kind if kind in _STYLES:
                return {"k": "p", "s": _STYLES[kind], "c": self._items(block, _STYLES[kind])}
            case Kind.PARAGRAPH if block.align == "center":
                return {"k": "p", "s": BODY, "c": self._items(block, BODY), "align": "center"}
            case _:
                return {"k": "b", "c": self._items(block, BODY)}

    def _heading(self, block: Block, style: str, level: int, label: str = "") -> Data:
        """A heading: its words for bookmarks, its runs for print."""
        return {
            "k": "h",
            "s": style,
            "l": level,
            "w": on_one_line(block.text),
            "id": label,
            "c": self._items(block, style),
        }

    def _loose_notes(self) -> Iterator[Data]:
        loose = unreferenced(self._chapter.article)
        for note in loose:
            for index, block in enumerate(note.blocks):
                mark = f"〔{note.label}〕" if note.label and index == 0 else ""
                yield {"k": "p", "s": NOTE, "c": self._items(block, NOTE, before=mark, in_note=True)}
        if loose:
            self._report(IssueCode.EXPORT_NOTE, f"{len(loose)} 条注释在正文中没有注号，已排在文末。")

    # -- pictures and tables

    def _figure(self, block: Block, captions: Sequence[Block]) -> Data:
        """A picture or its place with the captions below it, kept together."""
        parts = [self._picture(block, captions[0].text if captions else "")]
        label = ""
        for position, caption in enumerate(captions):
            number = self._context.numbers.next() if position == 0 else None
            mark = f"图{number}　" if number else ""
            parts.append({"k": "p", "s": CAPTION, "c": self._items(caption, CAPTION, before=mark)})
            if position == 0:
                label = self._context.label()
                self._context.figures.append(PdfContentsEntry(TITLE_LEVEL, mark + on_one_line(caption.text), label))
        return {"k": "g", "b": parts, "id": label}

    def _picture(self, block: Block, caption: str = "", *, across: bool = False) -> Data:
        """A picture or its place; in a vertical book with the sizes of its lying page, but for one `across`."""
        self._pictures += 1
        named = picture_name(self._pictures, caption or block.text)
        pictures, house = self._context.pictures, self._context.book.house
        try:
            name = pictures.take(block.picture)
        except (NotFound, ReadError) as error:
            self._report(IssueCode.EXPORT_PICTURE, f"{named}没有放进文件，已留出位置：{error.message}")
            return self._context.line("缺图", f"〔图片缺失〕{block.text}")
        if remark := pictures.remarks.pop(block.picture, ""):
            self._report(IssueCode.EXPORT_PICTURE, f"{named}{remark}。")
        pixels = pictures.sizes.get(block.picture)
        if pixels is None or 0 in pixels:
            return {"k": "i", "f": name, "a": block.text, "w": 0.0, "h": 0.0, "across": across}
        width, height = printed_size(block.width, pixels, house)
        if (found := dots(width, pixels)) < (DRAFT_DOTS if self._context.book.draft else PRINT_DOTS):
            message = (
                f"{named}印成 {width:.0f} 毫米宽只有每英寸 {found} 点，印刷要 {PRINT_DOTS} 点；"
                "请找分辨率高的原图，或印得小一些。"
            )
            self._report(IssueCode.EXPORT_PICTURE, message)
        if house.layout.vertical and not across:
            width, height = height, width
        return {"k": "i", "f": name, "a": block.text, "w": width, "h": height, "across": across}

    def _table(self, table: TableRows, captions: Sequence[Block]) -> Iterator[Data]:
        house = self._context.book.house
        style = self._context.across(CAPTION)
        above = [{"k": "p", "s": style, "keep": True, "c": self._items(each, style)} for each in captions]
        measure, depth = house.page.measure * POINTS, house.page.depth * POINTS
        # What stands across the lines of the page leaves some of it free.
        measure, depth = (depth * _ACROSS, measure) if house.layout.vertical else (measure, depth * _ACROSS)
        size, pitch = house.style("表文").size, house.style("表文").pitch
        fit = pdf_tables.fit(table, size, measure, depth, natural=house.layout.vertical)
        if fit is None:
            yield from self._too_wide(table, captions, above, lambda part: pdf_tables.fits_easily(part, size, measure))
            return
        across = fit.turned is not house.layout.vertical
        # Of what stands across, parts as high as a line is long move like pictures, so that no page is left half empty;
        # where even one row is higher, it has pages of its own.
        page = house.page.measure * POINTS
        parted = pdf_tables.highest_part(table, fit, pitch) + pitch * len(captions) < page * _PARTED
        if across and not parted:
            fit = pdf_tables.fit(table, size, measure, depth) or fit
        heading = [block for row in table.rows[: table.header_rows] for cell in row for block in cell.blocks]
        noted = any(run.note for block in heading for run in block.runs)
        whole = pdf_tables.whole_rows(table, fit)
        shape: Data = {
            "k": "table",
            "above": above,
            "w": fit.widths,
            "size": fit.size,
            "inset": fit.inset,
            "turned": across and not parted,
            "across": across and parted,
            "cuts": pdf_tables.cuts(table, fit),
            "first": pdf_tables.keeps_first(table, fit),
            # A heading row with a footnote is not repeated: the note would be set again on every page.
            "head": 0 if noted else pdf_tables.heading_rows(table, fit),
            "c": [self._cell(cell, whole) for row in table.rows for cell in row],
        }
        # One that fills a page always moves to one.
        yield shape | ({"float": self._label} if sum(fit.widths) > house.page.depth * POINTS * _PAGE else {})

    def _too_wide(
        self, table: TableRows, captions: Sequence[Block], above: list[Data], fits: Callable[[TableRows], bool]
    ) -> Iterator[Data]:
        """In parts below each other, else row by row as lines of text."""
        if below := parts(table, fits):
            message = f"表格有 {table.columns} 栏，横过来也排不下，已分成 {len(below)} 段，每段都从第一栏起。"
            self._report(IssueCode.EXPORT_TABLE, message)
            set_parts = [
                each for number, part in enumerate(below) for each in self._table(part, () if number else captions)
            ]
            if all(each.get("across") for each in set_parts):  # below each other across the lines, not one by one
                set_parts = [set_parts[0] | {"more": set_parts[1:]}]
            yield from set_parts
            return
        self._report(IssueCode.EXPORT_TABLE, f"表格有 {table.columns} 栏，横过来也排不下，已逐行排成文字。")
        yield from above
        yield from (line for row in table.rows for line in self._row(row))

    def _row(self, cells: Sequence[TableCell]) -> Iterator[Data]:
        """A row as a line of text, with space between the cells, and its pictures below."""
        blocks = [block for cell in cells for block in cell.blocks]
        items: list[Item] = []
        for block in blocks:
            if block.kind is not Kind.FIGURE:
                items += [*self._items(block, "表文"), {"tab": True}]
        yield {"k": "p", "s": "表文", "c": inline_runs.joined(items[:-1])}
        yield from (self._picture(block) for block in blocks if block.kind is Kind.FIGURE)

    def _cell(self, cell: TableCell, whole: frozenset[int]) -> Data:
        if cell.place.header:
            style = "表头"
        else:
            short = all(len(block.text) <= _SHORT_CELL for block in cell.blocks)
            style = "表文居中" if short else "表文"
        place = cell.place
        spans = {"r": place.row, "c": place.column, "rs": place.row_span, "cs": place.column_span}
        return spans | {
            "whole": pdf_tables.stays_whole(cell, whole),
            "b": [self._in_cell(block, style) for block in cell.blocks],
        }

    def _in_cell(self, block: Block, style: str) -> Data:
        if block.kind is Kind.FIGURE:
            return self._picture(block, across=True)
        style = self._context.across(style)
        return {"k": "p", "s": style, "c": self._items(block, style)}

    # -- runs

    def _items(self, block: Block, style: str, *, before: str = "", in_note: bool = False) -> list[Item]:
        """The runs of a block after the words `before`; within a note, references stay as their label."""
        runs = (Run(before), *block.runs) if before else block.runs
        self._context.count(style, f"《{self._chapter.title[:20]}》", runs)
        found: list[Item] = []
        named = self._indexed and block.kind is not Kind.BYLINE
        for run in self._context.indexed_runs(runs) if named else runs:
            if isinstance(run, list):
                found.append({"x": run})
                continue
            found.extend(inline_runs.styled(run))
            if run.note:
                found.append(self._reference(run.note, style, in_note))
        return inline_runs.joined(found)

    def _reference(self, label: str, style: str, in_note: bool) -> Item:
        if label in self._notes and not in_note:
            return {"n": [self._items(block, FOOTNOTE, in_note=True) for block in self._notes[label]]}
        if label not in self._notes:
            self._report(IssueCode.EXPORT_NOTE, f"注号 {label} 没有对应的注文，正文中保留了注号。")
        mark = f"〔{label}〕"
        self._context.count(style, self._chapter.title[:20], mark)
        return {"t": mark, "sup": True}

    def _report(self, code: IssueCode, message: str) -> None:
        self._context.issues.append(Issue(code, self._chapter.title, message))


def _level(chapter: Chapter) -> int:
    """The bookmark level of a title; front and back matter belong to no 栏目."""
    if chapter.article.genre is Genre.MATTER:
        return SECTION_LEVEL
    return TITLE_LEVEL if chapter.listed else ENTRY_LEVEL


def _captioned(whole: Sequence[Block | TableRows]) -> Iterator[tuple[Block | TableRows, Sequence[Block]]]:
    """The pieces, each picture with the captions below it and each table with those right above it."""
    waiting: list[Block] = []  # captions that may belong to a table
    picture: Block | None = None
    below: list[Block] = []
    for piece in whole:
        if isinstance(piece, Block) and piece.kind is Kind.CAPTION:
            (below if picture else waiting).append(piece)
            continue
        if picture:
            if isinstance(piece, TableRows) and len(below) > 1:
                waiting = [below.pop()]
            yield picture, below
            picture, below = None, []
        if isinstance(piece, TableRows):
            yield piece, waiting
        else:
            yield from ((caption, ()) for caption in waiting)
            if piece.kind is Kind.FIGURE:
                picture = piece
            else:
                yield piece, ()
        waiting = []
    if picture:
        yield picture, below
    yield from ((caption, ()) for caption in waiting)

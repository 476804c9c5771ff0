"""Block-level content: paragraphs and tables of a story, in document order, each with the evidence of its layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from archive.model.issues import IssueCode
from archive.model.records import Block, Cell, Kind, Layout, Run, Style
from ingest.readers.captions import is_caption
from ingest.readers.ooxml.charts import chart_blocks
from ingest.readers.ooxml.inserted import inserted_blocks
from ingest.readers.ooxml.layout_tables import FilledCell, unrolled
from ingest.readers.ooxml.notes import Notes
from ingest.readers.ooxml.story import Story
from ingest.readers.ooxml.word_runs import WordInline, read_inline
from ingest.readers.ooxml.wordml import (
    DROPPED,
    Element,
    attribute,
    child,
    count_characters,
    integer,
    switched,
    tag,
    unwrapped,
    value,
)

Placed = tuple[Block, Layout]
"""A block and how it was set."""
_PARAGRAPHS = frozenset({tag("w:p"), tag("a:p")})
_TABLE, _ROW, _CELL = tag("w:tbl"), tag("w:tr"), tag("w:tc")
_ALT_CHUNK = tag("w:altChunk")
_BLOCKS = (*_PARAGRAPHS, _TABLE, _ALT_CHUNK)
_FLOATING = frozenset({Kind.NOTE, Kind.COMMENT})  # stand after the table, not inside it
_LAID_OUT = "用来排版的表格（整篇文字或照片放在格子里）已按次序读成段落，请核对"
_ALIGNMENTS = {"center": "center", "right": "right", "end": "right"}
_FIRST_LINE = 2  # characters that an indented first line begins further in


@dataclass(slots=True)
class _TableCell:
    """A w:tc on the grid. `continues` marks the lower cells of a vertical merge."""

    element: Element
    row: int
    column: int
    column_span: int
    continues: bool
    header: bool
    row_span: int = 1


@dataclass(slots=True)
class Body:
    """Reads the blocks of one story. `notes` is None where notes cannot stand (in notes and headers themselves)."""

    story: Story
    notes: Notes | None = None
    tables: int = 0
    indented: int = 0  # paragraphs whose indentation was dropped
    indentation: int = 0  # characters dropped
    _carried: list[Run] = field(default_factory=list)  # text before a paragraph mark that was deleted

    def blocks(self, parent: Element) -> Iterator[Placed]:
        """All blocks below `parent`; wrappers of any kind are looked through."""
        for element in parent:
            if element.tag in _PARAGRAPHS:
                yield from self.paragraph(element)
            elif element.tag == _TABLE:
                yield from self.table(element)
            elif element.tag in DROPPED:
                self.story.drop(IssueCode.DELETED, "修订中已删除的文字", element)
            elif element.tag == _ALT_CHUNK:
                yield from self._inserted(element)
            elif next(element.iter(*_BLOCKS), None) is not None:
                yield from self.blocks(element)
            elif count_characters(element):
                yield from self.paragraph(element, [element])  # runs without a paragraph around them

    def _inserted(self, element: Element) -> Iterator[Placed]:
        relation = self.story.relations.get(attribute(element, "r:id") or "")
        if relation and not relation.external and self.story.document.package.has(relation.target):
            yield from self._part(IssueCode.ALT_CHUNK, relation.target)
        else:
            self.story.report(IssueCode.ALT_CHUNK, "插入的外部文档没有收入，请在 Word 中打开并另存为 .docx 后重新导入")

    # -- paragraphs

    def paragraph(self, element: Element, content: Iterable[Element] | None = None) -> Iterator[Placed]:
        """The block of a w:p, followed by what hangs on it; nothing for an empty paragraph."""
        self.story.paragraph += 1
        styles = self.story.document.styles
        style = value(element, "w:pPr", "w:pStyle") or styles.default
        inline = read_inline(element if content is None else content, self.story, style)
        label = self._label(element, style)
        runs, indentation = inline.trimmed()
        if self._carried:
            runs, self._carried = (*self._carried, *runs), []
        if child(element, "w:pPr", "w:rPr", "w:del") is not None:
            self._carried = list(runs)
            runs = ()
        if runs:
            self.indented += bool(indentation)
            self.indentation += indentation
            block, layout = self._block(element, style, runs, label), self._layout(element, style, inline, indentation)
            if block.kind is Kind.PARAGRAPH:
                block = replace(block, align=self._alignment(element, style))
            if inline.figure_first and block.kind is Kind.PARAGRAPH and is_caption(block.text):
                yield from self._attached(inline)  # the picture and below it its caption, in one paragraph
                yield replace(block, kind=Kind.CAPTION), layout
                return
            yield block, layout
        yield from self._attached(inline)

    def rest(self) -> Iterator[Placed]:
        """What still waits for a following paragraph when the story ends."""
        if self._carried:
            runs, self._carried = tuple(self._carried), []
            yield Block(Kind.PARAGRAPH, runs), Layout()

    def _block(self, element: Element, style: str, runs: tuple[Run, ...], label: str) -> Block:
        styles = self.story.document.styles
        outline = value(element, "w:pPr", "w:outlineLvl")
        level = integer(outline) + 1 if outline is not None else styles.level(style)
        if label:
            runs = (Run(label, Style.GENERATED), *runs)
        kind = styles.kind(style)
        if kind is Kind.TITLE or kind is Kind.SUBTITLE:
            return Block(kind, runs)
        if level is not None and 1 <= level <= 9:
            return Block(Kind.HEADING, runs, level)
        if label and kind is Kind.PARAGRAPH:
            level = max(self._list_level(element, style), styles.list_level(style))
            return Block(Kind.LIST_ITEM, runs, level + 1)
        return Block(kind, runs)

    def _layout(self, element: Element, style: str, inline: WordInline, indentation: int) -> Layout:
        styles = self.story.document.styles
        own = child(element, "w:pPr")
        first_line = styles.first_line(style, None if own is None else child(own, "w:ind"))
        characters = sum(inline.sizes.values())
        return Layout(
            style=styles.name(style),
            size=max(inline.sizes, key=lambda size: inline.sizes[size]) if inline.sizes else 0.0,
            bold=1.0 if styles.bold(style) else inline.bold / characters if characters else 0.0,
            centred=self._alignment(element, style) == "center",
            page_break=inline.page_break or (own is not None and bool(switched(own, "w:pageBreakBefore"))),
            indent=indentation or _FIRST_LINE * first_line,
        )

    def _alignment(self, element: Element, style: str) -> str:
        """The alignment that carries meaning: "center", "right", or ""."""
        alignment = value(element, "w:pPr", "w:jc") or self.story.document.styles.alignment(style)
        return _ALIGNMENTS.get(alignment, "")

    def _list_of(self, element: Element, style: str) -> tuple[str | None, int | None]:
        number, level = self.story.document.styles.numbering(style)
        own = child(element, "w:pPr", "w:numPr")
        if own is None:  # most paragraphs
            return number, level
        direct, depth = value(own, "w:numId"), value(own, "w:ilvl")
        return direct or number, integer(depth) if depth is not None else level

    def _list_level(self, element: Element, style: str) -> int:
        number, depth = self._list_of(element, style)
        if depth is None:
            depth = self.story.document.numbering.level_of(number or "", style)
        return min(max(depth, 0), 8)

    def _label(self, element: Element, style: str) -> str:
        number, _ = self._list_of(element, style)
        if number in (None, "0"):
            return ""
        return self.story.document.numbering.label(number or "", self._list_level(element, style))

    def _attached(self, inline: WordInline) -> Iterator[Placed]:
        for one in inline.hanging:
            if isinstance(one, tuple):
                picture, alternative, width = one
                yield Block.plain(Kind.FIGURE, alternative, picture=picture, width=width), Layout()
            else:
                yield from self.blocks(one)
        for code, part in inline.parts:
            yield from self._part(code, part)
        if self.notes is not None:
            for block in self.notes.of(inline):
                yield block, Layout()

    def _part(self, code: IssueCode, part: str) -> Iterator[Placed]:
        """What stands in a part of its own: a chart, or a document inside this one; each part once."""
        if part in self.story.document.read_parts:
            self.story.report(code, f"{part} 前面已经收入，这里不重复")
            return
        if code is IssueCode.CHART:
            self.story.document.read_parts.add(part)
            placed = [(block, Layout()) for block in chart_blocks(part, self.story, self.tables)]
        else:
            what = "插入的文档" if code is IssueCode.ALT_CHUNK else "嵌入的对象"
            placed = inserted_blocks(part, what, code, self.story, self.tables)
        self.tables = max([self.tables, *(block.cell.table + 1 for block, _ in placed if block.cell)])
        yield from placed

    # -- tables

    def table(self, element: Element) -> Iterator[Placed]:
        """The cells of a w:tbl in reading order, pictures in theirs, then the notes and comments that hang on them."""
        number = self.tables
        self.tables += 1
        cells = [
            FilledCell(
                Cell(number, cell.row, cell.column, cell.row_span, cell.column_span, cell.header),
                list(self._inside(cell)),
                cell.continues,
            )
            for cell in self._grid(element)
        ]
        laid_out = unrolled(cells)
        if laid_out is not None:
            self.tables -= 1
            self.story.report(IssueCode.LAYOUT_TABLE, _LAID_OUT)
            yield from laid_out
            return
        after: list[Placed] = []
        for one in cells:
            empty = True
            for block, layout in one.placed:
                if block.kind in _FLOATING:
                    after.append((block, layout))
                elif block.kind is Kind.FIGURE:
                    empty = False
                    yield replace(block, cell=one.place), layout
                elif block.runs:
                    empty = False
                    yield Block(Kind.CELL, block.runs, cell=one.place), layout
            if empty and not one.continues:
                yield Block(Kind.CELL, cell=one.place), Layout()
        yield from after

    def _inside(self, cell: _TableCell) -> Iterator[Placed]:
        if next(cell.element.iter(_TABLE), None) is not None:
            self.story.report(IssueCode.NESTED_TABLE, "表格里还有表格：内层表格的文字已收入外层单元格，行列没有保留")
        yield from self.blocks(cell.element)

    def _grid(self, element: Element) -> list[_TableCell]:
        """The cells with their places; merged cells span, and what a covered cell holds joins the covering one."""
        cells: list[_TableCell] = []
        open_above: dict[int, _TableCell] = {}  # by column, the cell a vertical merge may continue
        for row, (line, header) in enumerate(self._rows(element)):
            column = integer(value(line, "w:trPr", "w:gridBefore"))
            seen: dict[int, _TableCell] = {}
            for item in (part for part in unwrapped(line) if part.tag == _CELL):
                span = max(1, integer(value(item, "w:tcPr", "w:gridSpan"), 1))
                merge = child(item, "w:tcPr", "w:vMerge")
                above = open_above.get(column)
                cell = _TableCell(item, row, column, span, False, header)
                if merge is not None and value(item, "w:tcPr", "w:vMerge") != "restart" and above is not None:
                    above.row_span = row - above.row + 1
                    cell = _TableCell(item, above.row, above.column, above.column_span, True, above.header)
                    seen[column] = above
                elif merge is not None:
                    seen[column] = cell
                cells.append(cell)
                column += span
            open_above = seen
        origins = {(cell.row, cell.column): cell for cell in cells if not cell.continues}
        return [replace(cell, row_span=origins[cell.row, cell.column].row_span) for cell in cells]

    def _rows(self, element: Element) -> Iterator[tuple[Element, bool]]:
        heading = True  # header rows are only those at the top
        for line in unwrapped(element):
            if line.tag in DROPPED or (line.tag == _ROW and child(line, "w:trPr", "w:del") is not None):
                self.story.drop(IssueCode.DELETED, "修订中已删除的表格行", line)
            elif line.tag == _ROW:
                heading = heading and bool(switched(line, "w:trPr", "w:tblHeader"))
                yield line, heading

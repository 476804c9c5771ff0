"""One text of the book as data for the template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archive.errors import NotFound, ReadError
from archive.export.book import Book, Chapter
from archive.export.captions import PictureNumbers
from archive.export.flow import Table, TableCell, heading_ranks, notes, pieces, unreferenced
from archive.export.fonts import Passage
from archive.export.pdf import inline, tables
from archive.export.pdf.inline import Item
from archive.export.pdf.pictures import Pictures
from archive.records import Block, Issue, Kind, Run, Style

Data = dict[str, object]
"""A block for the template; `k` says which kind."""

# Levels of bookmarks. Of a chronicle the eras are like sections, the years lie between them and the entries.
SECTION_LEVEL, TITLE_LEVEL, YEAR_LEVEL, ENTRY_LEVEL = 1, 2, 3, 4
BODY, TITLE, SECTION, NOTE, FOOTNOTE = "文章正文", "题名", "栏目", "文末注", "脚注"
_STYLES = {
    Kind.SUBTITLE: "文章副题",
    Kind.BYLINE: "作者",
    Kind.QUOTATION: "引文",
    Kind.VERSE: "诗文",
    Kind.LIST_ITEM: "列表",
    Kind.CAPTION: "图注",
}
_SUBHEADS = ("小标题一", "小标题二", "小标题三")
_SHORT_CELL = 16  # characters; figures, names and dates stand in the middle of their cell
POINTS = 72 / 25.4  # in a millimetre


@dataclass(slots=True)
class Workshop:
    """What the texts of one book share while they are set."""

    book: Book
    pictures: Pictures
    numbers: PictureNumbers
    issues: list[Issue] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    figures: list[tuple[str, str]] = field(default_factory=list)  # label, caption
    labels: int = 0

    def label(self) -> str:
        """A name for a place in the book."""
        self.labels += 1
        return f"h{self.labels}"

    def role(self, style: str) -> str:
        """The role whose font sets a style."""
        return self.book.house.style(style).font

    def line(self, style: str, text: str, **marks: object) -> Data:
        """A paragraph of plain text."""
        self.passages.extend(inline.texts(self.role(style), text[:20], text))
        return {"k": "p", "s": style, "c": inline.plain(text), **marks}


class ChapterSetter:
    """Sets one chapter; `level` is the bookmark level of its title."""

    def __init__(self, chapter: Chapter, shop: Workshop) -> None:
        self._chapter = chapter
        self._shop = shop
        self.level = TITLE_LEVEL if chapter.listed else ENTRY_LEVEL
        self._notes = notes(chapter.article)
        self._ranks = heading_ranks(chapter)
        shop.numbers.begin(chapter)

    def title(self, label: str) -> Data:
        """The title, with what belongs under it: subtitles and authors, which stay on its page."""
        style = TITLE if self._chapter.listed else "小标题二"
        return self.heading(self._chapter.article.blocks[0], style, self.level, label)

    def heading(self, block: Block, style: str, level: int, label: str) -> Data:
        """A heading: its words for bookmarks, its runs for print."""
        words = " ".join(block.text.split())
        return {"k": "h", "s": style, "l": level, "w": words, "id": label, "c": self.items(block, style)}

    def opening(self) -> Iterator[tuple[Block, Data, str]]:
        """The headings above the title with their labels."""
        for block in self._chapter.opening:
            section = block.level == 1
            label = self._shop.label()
            style, level = (SECTION, SECTION_LEVEL) if section else ("小标题一", YEAR_LEVEL)
            yield block, self.heading(block, style, level, label), label

    def body(self) -> Iterator[Data]:
        """Everything below the title but the source line."""
        for line in self._chapter.note:
            yield self._shop.line("编者按", line)
        whole = list(pieces(self._chapter))
        index = 0
        while index < len(whole):
            piece = whole[index]
            following = whole[index + 1] if index + 1 < len(whole) else None
            if isinstance(piece, Table):
                yield from self._table(piece)
            elif piece.kind is Kind.FIGURE:
                captions = []
                while isinstance(following, Block) and following.kind is Kind.CAPTION:
                    captions.append(following)
                    index += 1
                    following = whole[index + 1] if index + 1 < len(whole) else None
                yield self._figure(piece, captions)
            else:
                yield self._block(piece, keep=isinstance(following, Table) and piece.kind is Kind.CAPTION)
            index += 1
        yield from self._loose_notes()

    def head(self) -> Iterator[Data]:
        """Who made the text, where the text does not say it itself."""
        if self._chapter.byline:
            yield self._shop.line("作者", self._chapter.byline)

    def source(self) -> Iterator[Data]:
        """The line that says where the text comes from."""
        if self._chapter.source:
            yield self._shop.line("出处", f"（{self._chapter.source}）")

    def items(self, block: Block, style: str, *, within_note: bool = False) -> list[Item]:
        """The runs of a block with its notes; within a note, references stay as their label."""
        self._count(style, block.runs)
        found: list[Item] = []
        for run in block.runs:
            found.extend(inline.styled(run))
            if run.note:
                found.append(self._reference(run.note, within_note))
        return inline.joined(found)

    def _reference(self, label: str, within_note: bool) -> Item:
        if label in self._notes and not within_note:
            return {"n": [self.items(block, FOOTNOTE, within_note=True) for block in self._notes[label]]}
        if label not in self._notes:
            self._report("export-note", f"注号 {label} 没有对应的注文，正文中保留了注号。")
        mark = f"〔{label}〕"
        self._count(BODY, (Run(mark),))
        return {"t": mark, "sup": True}

    def _block(self, block: Block, *, keep: bool = False) -> Data:
        match block.kind:
            case Kind.HEADING:
                style = _SUBHEADS[min(self._ranks[block.level], len(_SUBHEADS)) - 1]
                return self.heading(block, style, self.level + self._ranks[block.level], "")
            case Kind.LIST_ITEM:
                items = self.items(block, "列表")
                # Numbers are part of the stored text; a bullet for items the source did not number.
                if not any(run.style & Style.GENERATED for run in block.runs):
                    self._count("列表", (Run("·　"),))
                    items = inline.joined(["·　", *items])
                return {"k": "p", "s": "列表", "c": items, "in": max(block.level - 1, 0) * 2}
            case Kind.PARAGRAPH | Kind.CELL:
                return {"k": "b", "c": self.items(block, BODY)}
            case _:
                style = _STYLES.get(block.kind, BODY)
                return {"k": "p", "s": style, "c": self.items(block, style), "keep": keep}

    def _figure(self, block: Block, captions: Sequence[Block]) -> Data:
        """A picture or its place with the captions below it, kept together."""
        parts = [self._picture(block)]
        for position, caption in enumerate(captions):
            number = self._shop.numbers.next() if position == 0 else None
            mark = f"图{number}　" if number else ""
            self._count("图注", (Run(mark),))
            items = inline.joined([mark, *self.items(caption, "图注")] if mark else self.items(caption, "图注"))
            parts.append({"k": "p", "s": "图注", "c": items})
            if position == 0:
                label = self._shop.label()
                parts[0]["id"] = label
                self._shop.figures.append((label, mark + " ".join(caption.text.split())))
        return {"k": "g", "b": parts}

    def _picture(self, block: Block) -> Data:
        try:
            if block.picture in self._shop.pictures.refused:
                raise ReadError("图片已损坏")
            picture = self._shop.pictures.take(block.picture)
        except (NotFound, ReadError) as error:
            self._report("export-picture", f"图片没有放进文件，已留出位置：{error.message}")
            return self._shop.line("缺图", f"〔图片缺失〕{block.text}")
        return {"k": "i", "f": picture.name, "a": block.text}

    def _table(self, table: Table) -> Iterator[Data]:
        page = self._shop.book.house.page
        style = self._shop.book.house.style("表文")
        fit = tables.fit(table, style.size, page.measure * POINTS, page.depth * POINTS)
        if fit is None:
            self._report("export-table", f"表格有 {table.columns} 栏，横过来也排不下，已逐行排成文字。")
            yield from (self._cell_block(block, "表文") for row in table.rows for cell in row for block in cell.blocks)
            return
        if fit.turned:
            self._report("export-table", f"表格有 {table.columns} 栏，太宽，已横排在单独的页上。")
        noted = any(
            run.note
            for row in table.rows[: table.header_rows]
            for cell in row
            for each in cell.blocks
            for run in each.runs
        )
        yield {
            "k": "table",
            "w": fit.widths,
            "size": fit.size,
            "turned": fit.turned,
            # A heading row with a footnote is not repeated: the note would be set again on every page.
            "head": 0 if noted else table.header_rows,
            "c": [self._cell(cell) for row in table.rows for cell in row],
        }

    def _cell(self, cell: TableCell) -> Data:
        if cell.place.header:
            style = "表头"
        else:
            short = all(len(block.text) <= _SHORT_CELL for block in cell.blocks)
            style = "表文居中" if short else "表文"
        place = cell.place
        return {
            "r": place.row,
            "c": place.column,
            "rs": place.row_span,
            "cs": place.column_span,
            "b": [self._cell_block(block, style) for block in cell.blocks],
        }

    def _cell_block(self, block: Block, style: str) -> Data:
        if block.kind is Kind.FIGURE:
            return self._picture(block)
        return {"k": "p", "s": style, "c": self.items(block, style)}

    def _loose_notes(self) -> Iterator[Data]:
        labels = unreferenced(self._chapter.article)
        for label in labels:
            for index, block in enumerate(self._notes[label]):
                mark = f"〔{label}〕" if label and index == 0 else ""
                self._count(NOTE, (Run(mark),))
                items = inline.joined([mark, *self.items(block, NOTE, within_note=True)])
                yield {"k": "p", "s": NOTE, "c": items}
        if labels:
            self._report("export-note", f"{len(labels)} 条注释在正文中没有注号，已排在文末。")

    def _count(self, style: str, runs: Sequence[Run]) -> None:
        """Tell the census of characters what is set in the font of a style."""
        self._shop.passages.extend(inline.passages(self._shop.role(style), f"《{self._chapter.title[:20]}》", runs))

    def _report(self, code: str, message: str) -> None:
        self._shop.issues.append(Issue(code, self._chapter.title, message))

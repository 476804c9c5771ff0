"""One text of the book as Word paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.errors import NotFound, ReadError
from archive.export.book import Book, Chapter
from archive.export.flow import Piece, Table, TableCell, heading_ranks, notes, pieces, unreferenced
from archive.export.word import markup, styles
from archive.export.word.notes import Footnotes, mark_of, plain_notes
from archive.export.word.pictures import Pictures
from archive.export.word.styles import ParagraphStyle, heading_id
from archive.export.word.tables import MOST_COLUMNS, table
from archive.records import Block, Issue, Kind, Style

_STYLES = {
    Kind.SUBTITLE: styles.SUBTITLE_OF_TEXT,
    Kind.BYLINE: styles.AUTHOR,
    Kind.QUOTATION: styles.QUOTE,
    Kind.VERSE: styles.VERSE,
    Kind.LIST_ITEM: styles.LIST,
    Kind.CAPTION: styles.CAPTION,
}
# Levels of Word headings. Of a chronicle the eras are like sections, the years lie between them and the entries.
SECTION_LEVEL, _TITLE_LEVEL, YEAR_LEVEL, _ENTRY_LEVEL = 1, 2, 3, 4
# 图3, 图二, 照片1, 插图… or the pointing marks of newspapers: the author has numbered or marked the picture himself.
_MARKED = re.compile(
    r"\s*(?:[插附]?[图圖]\s*[0-9０-９一二三四五六七八九十①-⑳（(\-－—.．:：、]|照片|[插附][图圖]|[▲△▼▽◆◇●○◎■□★☆])"
)
_SHORT_CELL = 16  # characters; figures, names and dates stand in the middle of their cell
_NUMBERED = re.compile(r"(\s*[图圖]\s*)([0-9]+)(?![0-9０-９\-－—.．])")


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the texts of one document share while they are set."""

    book: Book
    styles: dict[str, ParagraphStyle]
    footnotes: Footnotes
    pictures: Pictures
    text_width: int  # twentieths of a point
    issues: list[Issue]


class ChapterSetter:
    """Sets one chapter; `level` is the Word heading of its title."""

    def __init__(self, chapter: Chapter, workshop: Workshop) -> None:
        self._chapter = chapter
        self._shop = workshop
        self.level = _TITLE_LEVEL if chapter.listed else _ENTRY_LEVEL
        self._notes = notes(chapter.article)
        self._ranks = heading_ranks(chapter)
        self._numbers_pictures = not any(
            block.kind is Kind.CAPTION and _MARKED.match(block.text) for block in chapter.article.blocks
        )
        self._numbered = 0

    def title(self) -> str:
        """The runs of the title, for the caller to bookmark."""
        return self._runs(self._chapter.article.blocks[0], heading_id(self.level))

    def opening(self) -> Iterator[tuple[Block, int, str]]:
        """The headings above the title, with their Word level and their runs."""
        for block in self._chapter.opening:
            level = SECTION_LEVEL if block.level == 1 else YEAR_LEVEL
            yield block, level, self._runs(block, heading_id(level))

    def paragraphs(self) -> Iterator[str]:
        """Everything below the title but the source line."""
        if self._chapter.byline:
            yield markup.paragraph(styles.AUTHOR, markup.run(self._chapter.byline))
        whole = tuple(pieces(self._chapter))
        for index, piece in enumerate(whole):
            before = whole[index - 1] if index else None
            after = whole[index + 1] if index + 1 < len(whole) else None
            yield self._table(piece) if isinstance(piece, Table) else self._block(piece, before, after)
        yield from self._loose_notes()

    def _block(self, block: Block, before: Piece | None = None, after: Piece | None = None) -> str:
        match block.kind:
            case Kind.FIGURE:
                return self._figure(block)
            case Kind.CAPTION if isinstance(before, Block) and before.kind is Kind.FIGURE:
                return markup.paragraph(styles.CAPTION, self._picture_number(block) + self._caption_runs(block))
            case Kind.CAPTION:
                keep = "<w:keepNext/>" if isinstance(after, Table) else ""
                return markup.paragraph(styles.CAPTION, self._runs(block, styles.CAPTION), keep)
            case Kind.HEADING:
                style = heading_id(self.level + self._ranks[block.level])
                return markup.paragraph(style, self._runs(block, style))
            case Kind.LIST_ITEM:
                nested = styles.indentation(self._shop.styles[styles.LIST], 2.0 * max(block.level - 1, 0))
                return markup.paragraph(styles.LIST, self._bullet(block) + self._runs(block, styles.LIST), nested)
            case _:
                style = _STYLES.get(block.kind, styles.BODY)
                return markup.paragraph(style, self._runs(block, style))

    @staticmethod
    def _bullet(block: Block) -> str:
        """A bullet for items the source did not number; numbers are part of the stored text."""
        return "" if any(run.style & Style.GENERATED for run in block.runs) else markup.run("·　")

    def _runs(self, block: Block, style: str) -> str:
        """The runs of a block with real footnotes. `style` is the id of the paragraph's style."""
        half_points = self._shop.styles[style].half_points
        parts = []
        for run in block.runs:
            parts.append(markup.styled_run(run, half_points))
            if not run.note:
                continue
            if run.note in self._notes:
                parts.append(self._shop.footnotes.reference(self._notes[run.note]))
            else:
                self._report("export-note", f"注号 {run.note} 没有对应的注文，正文中保留了注号。")
                parts.append(mark_of(run.note))
        return "".join(parts)

    def _loose_notes(self) -> Iterator[str]:
        labels = unreferenced(self._chapter.article)
        for label in labels:
            for index, block in enumerate(self._notes[label]):
                mark = markup.run(f"〔{label}〕") if label and index == 0 else ""
                yield markup.paragraph(
                    styles.NOTE, mark + plain_notes(block, self._shop.styles[styles.NOTE].half_points)
                )
        if labels:
            self._report("export-note", f"{len(labels)} 条注释在正文中没有注号，已排在文末。")

    def _figure(self, block: Block, share: float = 1) -> str:
        """The picture or its place; `share` of the width of the text is what it may take."""
        try:
            file, _ = self._shop.book.pictures(block.picture)
            return markup.paragraph(styles.PICTURE, self._shop.pictures.inline(file, block.text, share))
        except (NotFound, ReadError) as error:
            self._report("export-picture", f"图片没有放进文件，已留出位置：{error.message}")
            return self._placeholder(block)

    def _placeholder(self, block: Block) -> str:
        words = f"〔图片缺失〕{block.text}"
        return markup.paragraph(styles.MISSING, markup.run(words), "<w:keepNext/>")

    def _picture_number(self, caption: Block) -> str:
        """图1 for captions of an article whose author numbers none; counted within the article."""
        if not self._numbers_pictures:
            return ""
        self._numbered += 1
        return markup.run("图") + _sequence(str(self._numbered), self._numbered == 1) + markup.run("　")

    def _caption_runs(self, caption: Block) -> str:
        """The caption as it is written; a number of the author's own becomes a field that shows that same number."""
        first = caption.runs[0] if caption.runs else None
        found = _NUMBERED.match(first.text) if first and not first.style and not first.ruby else None
        if not found or not first:
            return self._runs(caption, styles.CAPTION)
        rest = Block(caption.kind, (replace(first, text=first.text[found.end() :]), *caption.runs[1:]))
        return markup.run(found[1]) + _sequence(found[2], True) + self._runs(rest, styles.CAPTION)

    def _table(self, source: Table) -> str:
        if source.columns > MOST_COLUMNS:
            self._report("export-table", f"表格有 {source.columns} 栏，Word 最多 {MOST_COLUMNS} 栏，已逐行排成文字。")
            return "".join(
                self._cell_block(block, styles.CELL) for row in source.rows for cell in row for block in cell.blocks
            )
        noted = any(
            run.note
            for row in source.rows[: source.header_rows]
            for cell in row
            for block in cell.blocks
            for run in block.runs
        )
        # A heading row with a footnote is not repeated: the note would be set again on every page, or lost.
        xml = table(source, self._shop.text_width, self._cell, repeat_header=not noted)
        return xml + markup.paragraph(styles.GAP)

    def _cell(self, cell: TableCell, share: float) -> str:
        if cell.place.header:
            style = styles.CELL_HEAD
        else:
            short = all(len(block.text) <= _SHORT_CELL for block in cell.blocks)
            style = styles.CELL_SHORT if short else styles.CELL
        return "".join(self._cell_block(block, style, share) for block in cell.blocks)

    def _cell_block(self, block: Block, style: str, share: float = 1) -> str:
        if block.kind is Kind.FIGURE:
            return self._figure(block, share)
        return markup.paragraph(style, self._runs(block, style))

    def _report(self, code: str, message: str) -> None:
        self._shop.issues.append(Issue(code, self._chapter.title, message))


def _sequence(number: str, restart: bool) -> str:
    count = rf" \r {number}" if restart else ""
    return markup.field(rf"SEQ 图 \* ARABIC{count}", number)

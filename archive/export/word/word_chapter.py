"""One text of the book as Word paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archive.export.book import Book, Chapter
from archive.export.flow import NoteNumbers, heading_ranks, notes, printed_pieces, signs, unreferenced
from archive.export.picture_numbers import PictureNumbers
from archive.export.prepared_pictures import picture_name
from archive.export.table_columns import needs_and_wants
from archive.export.table_parts import parts
from archive.export.word import styles, wordml
from archive.export.word.bookmarks import Anchors
from archive.export.word.footnotes import Footnotes, mark_of
from archive.export.word.page_layout import Paper
from archive.export.word.styles import ParagraphStyle, heading_id
from archive.export.word.word_contents import WordContentsEntry
from archive.export.word.word_names import WordNames
from archive.export.word.word_pictures import LARGE, WordPictures
from archive.export.word.word_tables import WordTableFit, table
from archive.model.article_parts import TableCell, TableRows
from archive.model.errors import NotFound, ReadError
from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Run, Style

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
_SHORT_CELL = 16  # characters; figures, names and dates stand in the middle of their cell
_CENTRED = '<w:ind w:firstLine="0" w:firstLineChars="0"/><w:jc w:val="center"/>'
_NUMBERED = re.compile(r"(\s*[图圖]\s*)([0-9]+)(?![0-9０-９\-－—.．])")
_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_Piece = Block | TableRows
_HEAD = (Kind.SUBTITLE, Kind.BYLINE)


@dataclass(frozen=True, slots=True)
class WordContext:
    """What the texts of one document share while they are set. `figures` are the lines of the list of pictures."""

    book: Book
    styles: Mapping[str, ParagraphStyle]
    paper: Paper
    footnotes: Footnotes
    pictures: WordPictures
    anchors: Anchors
    names: WordNames
    numbers: PictureNumbers
    figures: list[WordContentsEntry] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


class WordChapterSetter:
    """Sets one chapter; `level` is the Word heading of its title. `indexed`: names in it are for the indexes."""

    def __init__(self, chapter: Chapter, context: WordContext, *, indexed: bool = True) -> None:
        self._chapter = chapter
        self._context = context
        self._indexed = indexed
        self.level = _TITLE_LEVEL if chapter.listed else _ENTRY_LEVEL
        self._notes = notes(chapter.article)
        self._numbers = NoteNumbers(chapter.article)
        self._ranks = heading_ranks(chapter)
        self._pictures = 0
        self._context.numbers.begin(chapter)

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
        whole = tuple(printed_pieces(self._chapter))
        begins = next(
            (i for i, each in enumerate(whole) if isinstance(each, TableRows) or each.kind not in _HEAD), len(whole)
        )
        for piece in whole[:begins]:
            yield from self._piece(piece)
        if self._chapter.byline:
            yield wordml.paragraph(styles.AUTHOR, wordml.run(self._chapter.byline))
        yield from (wordml.paragraph(styles.EDITORS_NOTE, wordml.run(line)) for line in self._chapter.note)
        text_above = False  # since the title or the last heading: an author named below it signs, he does not open
        for index in range(begins, len(whole)):
            piece = whole[index]
            yield from self._piece(piece, whole[index - 1] if index else None, whole[index + 1 : index + 2], text_above)
            text_above = isinstance(piece, TableRows) or (
                piece.kind is not Kind.HEADING and (text_above or piece.kind not in _HEAD)
            )
        yield from self._notes_below()

    def _piece(
        self, piece: _Piece, before: _Piece | None = None, after: Sequence[_Piece] = (), text_above: bool = False
    ) -> Iterator[str]:
        if isinstance(piece, TableRows):
            yield self._table(piece)
            return
        match piece.kind:
            case Kind.FIGURE:
                caption = after[0] if after and isinstance(after[0], Block) and after[0].kind is Kind.CAPTION else piece
                yield self._figure(piece, words=caption.text)
            case Kind.CAPTION if isinstance(before, Block) and before.kind is Kind.FIGURE:
                yield self._caption(piece)
            case Kind.CAPTION:
                keep = "<w:keepNext/>" if after and isinstance(after[0], TableRows) else ""
                yield wordml.paragraph(styles.CAPTION, self._runs(piece, styles.CAPTION), keep)
            case Kind.HEADING:
                style = heading_id(self.level + self._ranks[piece.level])
                yield wordml.paragraph(style, self._runs(piece, style))
            case Kind.LIST_ITEM:
                deeper = 2.0 * (piece.level - 1)
                nested = styles.indentation(self._context.styles[styles.LIST], deeper) if deeper > 0 else ""
                yield wordml.paragraph(styles.LIST, self._bullet(piece) + self._runs(piece, styles.LIST), nested)
            case _ if signs(piece, below_text=text_above):
                yield wordml.paragraph(styles.SIGNED, self._runs(piece, styles.SIGNED))
            case _:
                style = _STYLES.get(piece.kind, styles.BODY)
                centred = piece.kind is Kind.PARAGRAPH and piece.align == "center"
                yield wordml.paragraph(style, self._runs(piece, style), _CENTRED if centred else "")

    @staticmethod
    def _bullet(block: Block) -> str:
        """A bullet for items the source did not number; numbers are part of the stored text."""
        return "" if any(run.style & Style.GENERATED for run in block.runs) else wordml.run("·　")

    # -- runs and notes

    def _runs(self, block: Block, style: str, *, size: int = 0) -> str:
        """The runs of a block with footnotes and the bookmarks of names. `style` is the id of the paragraph's style.

        `size` in half points, where it is not the style's.
        """
        half_points = size or self._context.styles[style].half_points
        parts = []
        reference = ""  # behind the bookmark of a name that follows it: LibreOffice loses the one behind its first note
        for piece in _cut(block.runs, self._marks(block)):
            if isinstance(piece, str):
                parts.append(piece)
                continue
            parts += [reference, wordml.styled_run(piece, half_points, small=size > 0)]
            reference = self._reference(piece.note) if piece.note else ""
        return "".join([*parts, reference])

    def _marks(self, block: Block) -> Sequence[tuple[int, str]]:
        return self._context.names.marks(block.text) if self._indexed and block.kind is not Kind.BYLINE else ()

    def _reference(self, label: str) -> str:
        if label not in self._notes:
            self._report(IssueCode.EXPORT_NOTE, f"注号 {label} 没有对应的注文，正文中保留了注号。")
            return mark_of(label)
        if self._context.paper.vertical:
            number = self._numbers.of(label)
            return mark_of(_upright(number)) if number else mark_of(label)
        # Names in a note are looked up where it is referred to, on the same page: LibreOffice loses bookmarks in notes.
        marks = (mark for block in self._notes[label] for _, mark in self._marks(block))
        return "".join(marks) + self._context.footnotes.reference(
            self._note_runs(block, styles.FOOTNOTE) for block in self._notes[label]
        )

    def _note_runs(self, block: Block, style: str) -> str:
        """The runs of a note, where Word allows no further note: references stay as 〔label〕."""
        half_points = self._context.styles[style].half_points
        return "".join(
            wordml.styled_run(run, half_points) + (mark_of(run.note) if run.note else "") for run in block.runs
        )

    def _notes_below(self) -> Iterator[str]:
        """Notes that are no footnotes: those nothing refers to; in a vertical book all, numbered within the text."""
        loose = unreferenced(self._chapter.article)
        if self._context.paper.vertical:
            listed = [(_upright(number), blocks) for number, blocks in self._numbers.listed()]
        else:
            listed = [(note.label, note.blocks) for note in loose]
        for label, blocks in listed:
            for index, block in enumerate(blocks):
                number = wordml.run(f"〔{label}〕") if label and index == 0 else ""
                marks = "".join(mark for _, mark in self._marks(block))
                yield wordml.paragraph(styles.NOTE, number + marks + self._note_runs(block, styles.NOTE))
        if loose:
            self._report(IssueCode.EXPORT_NOTE, f"{len(loose)} 条注释在正文中没有注号，已排在文末。")

    # -- pictures

    def _figure(self, block: Block, share: float = 1, words: str = "") -> str:
        """The picture or its place; `share` of the width of the text is what it may take, `words` name it."""
        self._pictures += 1
        named = picture_name(self._pictures, words or block.text)
        try:
            picture = self._context.pictures.inline(block.picture, block.text, share, block.width)
            size = self._context.pictures.size(block.picture)
        except (NotFound, ReadError) as error:
            self._report(IssueCode.EXPORT_PICTURE, f"{named}没有放进文件，已留出位置：{error.message}")
            return wordml.paragraph(styles.MISSING, wordml.run(f"〔图片缺失〕{block.text}"), "<w:keepNext/>")
        if size > LARGE:
            self._report(
                IssueCode.EXPORT_PICTURE, f"{named}大到 {size / 1e6:.0f} MB，已照原样放入；印刷用不着，可先缩小。"
            )
        if remark := self._context.pictures.remarks.pop(block.picture, ""):
            self._report(IssueCode.EXPORT_PICTURE, f"{named}{remark}。")
        return wordml.paragraph(styles.PICTURE, picture)

    def _caption(self, block: Block) -> str:
        """The caption below a picture, with its number, in a bookmark for the list of pictures."""
        number = self._context.numbers.next()
        if number is not None:
            first = self._context.book.house.layout.picture_numbers == "article" and number == 1
            words = (
                wordml.run("图")
                + _sequence(number, restart=first)
                + wordml.run("　")
                + self._runs(block, styles.CAPTION)
            )
            title = f"图{number}　{block.text}"
        else:
            words, title = self._unnumbered(block), block.text
        if not self._context.book.picture_list:
            return wordml.paragraph(styles.CAPTION, words)
        content, bookmark = self._context.anchors.around(words, "Toc")
        self._context.figures.append(WordContentsEntry(styles.PICTURE_LIST, " ".join(title.split("\n")), bookmark))
        return wordml.paragraph(styles.CAPTION, content)

    def _unnumbered(self, block: Block) -> str:
        """A caption as it is written; a number of the author's own becomes a field that shows that same number."""
        first = block.runs[0] if block.runs else None
        found = _NUMBERED.match(first.text) if first and not first.style and not first.ruby else None
        counted = self._context.book.house.layout.picture_numbers == "article"
        if found and first and counted and not self._context.names.marks(found[0]):
            rest = replace(block, runs=(replace(first, text=first.text[found.end() :]), *block.runs[1:]))
            return wordml.run(found[1]) + _sequence(int(found[2]), restart=True) + self._runs(rest, styles.CAPTION)
        # Word lists only captions that are counted: a hidden field that repeats the last number makes it one of them.
        hidden = wordml.hidden_field(r"SEQ 图 \c \h") if self._context.book.picture_list else ""
        return hidden + self._runs(block, styles.CAPTION)

    # -- tables

    def _table(self, source: TableRows) -> str:
        fit = self._fit(source)
        if fit is not None:
            return self._fitting_table(source, fit)
        if below := parts(source, lambda part: (fit := self._fit(part)) is not None and fit.easy):
            message = f"表格有 {source.columns} 栏，一面排不下，已分成 {len(below)} 段，每段都从第一栏起。"
            self._report(IssueCode.EXPORT_TABLE, message)
            return "".join(map(self._table, below))
        self._report(IssueCode.EXPORT_TABLE, f"表格有 {source.columns} 栏，一面排不下，已逐行排成文字。")
        cells = (block for row in source.rows for cell in row for block in cell.blocks)
        return "".join(self._cell_block(block, styles.CELL) for block in cells) + wordml.paragraph(styles.GAP)

    def _fit(self, source: TableRows) -> WordTableFit | None:
        size, needed = self._context.styles[styles.CELL].half_points, sum(needs_and_wants(source)[0])
        return WordTableFit.of(source.columns, self._context.paper.line, size, needed)

    def _fitting_table(self, source: TableRows, fit: WordTableFit) -> str:
        heading_runs = (
            run
            for row in source.rows[: source.header_rows]
            for cell in row
            for block in cell.blocks
            for run in block.runs
        )

        def set_cell(cell: TableCell, share: float) -> str:
            return self._cell(cell, share, fit.half_points)

        # A heading row with a footnote is not repeated: the note would be set again on every page, or lost.
        repeat = not any(run.note for run in heading_runs)
        xml = table(
            source, self._context.paper.line, fit, set_cell, repeat_header=repeat, vertical=self._context.paper.vertical
        )
        return xml + wordml.paragraph(styles.GAP)

    def _cell(self, cell: TableCell, share: float, size: int) -> str:
        if cell.place.header:
            style = styles.CELL_HEAD
        else:
            short = all(len(block.text) <= _SHORT_CELL for block in cell.blocks)
            style = styles.CELL_SHORT if short else styles.CELL
        return "".join(self._cell_block(block, style, share, size) for block in cell.blocks)

    def _cell_block(self, block: Block, style: str, share: float = 1, size: int = 0) -> str:
        if block.kind is Kind.FIGURE:
            return self._figure(block, share)
        return wordml.paragraph(style, self._runs(block, style, size=size))

    def _report(self, code: IssueCode, message: str) -> None:
        self._context.issues.append(Issue(code, self._chapter.title, message))


def _upright(number: int) -> str:
    """The number in Chinese digits, which stand upright between columns: 12 → 一二."""
    return str(number).translate(_CHINESE_DIGITS)


def _sequence(number: int, *, restart: bool) -> str:
    count = rf" \r {number}" if restart else ""
    return wordml.field(rf"SEQ 图 \* ARABIC{count}", str(number))


def _cut(runs: Sequence[Run], marks: Sequence[tuple[int, str]]) -> Iterator[Run | str]:
    """The runs, divided where the marks are to stand, and the marks; a run with a reading is not divided."""
    position, waiting = 0, list(reversed(marks))
    for run in runs:
        end = position + len(run.text)
        while waiting and waiting[-1][0] < end:
            place, mark = waiting.pop()
            at = 0 if run.ruby else place - position
            if at > 0:
                yield replace(run, text=run.text[:at], note="")
                run = replace(run, text=run.text[at:])
                position += at
            yield mark
        yield run
        position = end
    yield from (mark for _, mark in reversed(waiting))

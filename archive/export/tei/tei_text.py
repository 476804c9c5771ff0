"""One text of the book as a TEI div: divs by its headings, notes where they are referred to, an id for every block."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from archive.export.book import Book, Chapter
from archive.export.flow import NoteNumbers, chapter_parts, heading_ranks, notes, told_apart, unreferenced
from archive.export.picture_numbers import PictureNumbers
from archive.export.tei.tei_dates import marked
from archive.export.tei.tei_elements import element, line, styled, text
from archive.export.tei.tei_names import TeiNames
from archive.model.article_parts import CaptionedFigure, CaptionedTable, Group, Part, Piece, TableCell, TableRows
from archive.model.errors import NotFound
from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Run, Style
from archive.support.storage_errors import reason

LARGEST = 7 * 2**20  # bytes; in base64 more than the ten million characters XML readers take in one piece by default
_ABOVE = {Kind.SUBTITLE, Kind.BYLINE}  # what may stand below the title as part of the head
_NO_TEXT = {*_ABOVE, Kind.CAPTION}


@dataclass(slots=True)
class TeiContext:
    """What the texts of one book share while they are set."""

    book: Book
    names: TeiNames
    numbers: PictureNumbers
    issues: list[Issue] = field(default_factory=list)


class TeiTextSetter:
    """Sets one text. `name` begins the ids in it: block 7 of text 3 is `t3-b7`, its note 2 is `t3-n2`."""

    def __init__(self, chapter: Chapter, name: str, context: TeiContext) -> None:
        chapter, self._positions = told_apart(chapter)
        self._chapter = chapter
        self._name = name
        self._context = context
        self._notes = notes(chapter.article)
        self._numbers = NoteNumbers(chapter.article)
        self._placed: set[str] = set()  # labels of notes that stand somewhere already
        self._page = ""

    def div(self, kind: str) -> str:
        """The whole text; its decls point at where it comes from."""
        content = "\n".join(self._content())
        return element("div", f"\n{content}\n", type=kind, xml_id=self._name, decls=f"#{self._name}-source")

    def _content(self) -> Iterator[str]:
        chapter = self._chapter
        for block in chapter.opening:
            yield self._whole("head", block, type="above")
        yield self._whole("head", chapter.article.blocks[0])
        if chapter.byline:
            yield element("byline", text(chapter.byline))
        yield from editorial(chapter.note)
        self._context.numbers.begin(chapter)
        whole = tuple(chapter_parts(chapter))
        yield from self._body(whole)
        for note in unreferenced(chapter.article):
            if note.label and note.label in self._placed:  # another note refers to it
                continue
            self._report(IssueCode.EXPORT_NOTE, f"注释 {note.label} 在正文中没有注号，已放在文末。")
            self._placed.add(note.label)
            yield self._note(note.number, note.blocks, "end")
        if chapter.source:
            # A trailer wants paragraphs or divs before it; below titles and pictures alone the source is one.
            bare = all(isinstance(part, CaptionedFigure) or _is(part, _NO_TEXT) for part in whole)
            yield element("p" if bare else "trailer", text(f"（{chapter.source}）"), rend="source")

    def _body(self, whole: Sequence[Part]) -> Iterator[str]:
        """The parts, those below a heading in a div within the div of the heading above it."""
        ranks = heading_ranks(self._chapter)
        open_ranks: list[int] = []
        opening = list(takewhile(lambda part: _is(part, _ABOVE), whole))
        yield from (self._head(part.block) for part in opening if isinstance(part, Piece))
        for part in whole[len(opening) :]:
            if isinstance(part, Piece) and part.block.kind is Kind.HEADING:
                rank = ranks[part.block.level]
                while open_ranks and open_ranks[-1] >= rank:
                    open_ranks.pop()
                    yield "</div>"
                open_ranks.append(rank)
                yield '<div type="part">'
                yield self._whole("head", part.block)
            else:
                yield self._part(part)
        yield "</div>" * len(open_ranks)

    def _head(self, block: Block) -> str:
        if block.kind is Kind.SUBTITLE:
            return self._whole("head", block, type="sub")
        return self._whole("byline", block)

    # -- parts

    def _part(self, part: Part) -> str:
        match part:
            case CaptionedTable(table=rows, caption=caption):
                return self._table(rows, caption.block if caption else None)
            case CaptionedFigure(picture=picture, caption=caption):
                return self._figure(picture.block, caption.block if caption else None)
            case Group(kind=Kind.LIST_ITEM, pieces=grouped):
                return element("list", "\n".join(self._item(piece.block) for piece in grouped))
            case Group(kind=Kind.VERSE, pieces=grouped):
                return "\n".join(self._verse(piece.block) for piece in grouped)
            case Group(pieces=grouped):
                return "\n".join(self._whole("quote", piece.block) for piece in grouped)
            case Piece(block=block):
                # What is out of its usual place is a paragraph that says what it was.
                usual = block.kind in (Kind.PARAGRAPH, Kind.CELL)
                return self._whole("p", block) if usual else self._whole("p", block, rend=block.kind.value)

    def _whole(self, name: str, block: Block, **attributes: str) -> str:
        return element(name, self._inline(block), xml_id=self._identity(block), **attributes)

    def _item(self, block: Block) -> str:
        numbered = any(run.style & Style.GENERATED for run in block.runs)
        level = f"level-{block.level}" if block.level > 1 else ""
        return self._whole("item", block, rend=" ".join(filter(None, ("" if numbered else "bulleted", level))))

    def _verse(self, block: Block) -> str:
        lines = "".join(element("l", self._page_break(block) + self._runs(runs)) for runs in _lines(block.runs))
        return element("lg", lines, xml_id=self._identity(block))

    def _identity(self, block: Block) -> str:
        return f"{self._name}-b{self._positions[id(block)]}"

    # -- pictures and tables

    def _figure(self, block: Block, caption: Block | None = None) -> str:
        number = self._context.numbers.next() if caption is not None else None
        inside = self._picture(block)
        if caption is not None:
            inside += self._whole("head", caption)
        if block.text:
            inside += element("figDesc", line(block.text))
        return element("figure", inside, xml_id=self._identity(block), n=str(number or ""))

    def _picture(self, block: Block) -> str:
        try:
            file, media_type = self._context.book.pictures(block.picture)
            return self._encoded(file, media_type, block)
        except NotFound as error:
            self._report(IssueCode.EXPORT_PICTURE, f"图片没有放进文件，已留出位置：{error.message}")
        except OSError as error:
            self._report(IssueCode.EXPORT_PICTURE, f"图片没有放进文件，已留出位置：图片文件读不出来（{reason(error)}）")
        return element("p", "〔图片缺失〕", rend="missing")

    def _encoded(self, file: Path, media_type: str, block: Block) -> str:
        size = file.stat().st_size
        if size > LARGEST:
            megabytes = f"{size / 2**20:.0f} MB"
            self._report(
                IssueCode.EXPORT_PICTURE,
                f"图片 {block.picture[:12]} 有 {megabytes}，一般 XML 程序读不了这么大的图，没有放进文件。",
            )
            return element("p", "〔图片缺失〕", rend="missing")
        data = base64.b64encode(file.read_bytes()).decode("ascii")
        return element("binaryObject", data, mimeType=media_type, encoding="base64")

    def _table(self, source: TableRows, caption: Block | None = None) -> str:
        parts = [self._whole("head", caption)] if caption is not None else []
        for number, row in enumerate(source.filled()):
            cells = "".join(element("cell") if cell is None else self._cell(cell) for cell in row)
            # A row needs a cell, even where spans from above cover all of it.
            parts.append(element("row", cells or element("cell"), role="label" if number < source.header_rows else ""))
        return element("table", "\n" + "\n".join(parts) + "\n", rows=str(len(source.rows)), cols=str(source.columns))

    def _cell(self, cell: TableCell) -> str:
        place = cell.place
        if len(cell.blocks) == 1 and cell.blocks[0].kind is not Kind.FIGURE:
            identity, content = self._identity(cell.blocks[0]), self._inline(cell.blocks[0])
        else:
            identity = ""
            content = "".join(
                self._figure(block) if block.kind is Kind.FIGURE else self._whole("p", block) for block in cell.blocks
            )
        spans = {"rows": place.row_span, "cols": place.column_span}
        attributes = {name: str(span) for name, span in spans.items() if span > 1}
        return element("cell", content, xml_id=identity, role="label" if place.header else "", **attributes)

    # -- runs and notes

    def _inline(self, block: Block) -> str:
        return self._page_break(block) + self._runs(block.runs)

    def _page_break(self, block: Block) -> str:
        """A pb where the printed page the block begins on is another one."""
        if not block.page or block.page == self._page:
            return ""
        self._page = block.page
        return element("pb", n=block.page, edRef=f"#{self._name}-source")

    def _runs(self, runs: Sequence[Run]) -> str:
        dates = self._chapter.dates.get("".join(run.text for run in runs), ())
        if len(runs) == 1 and not runs[0].note and not self._context.book.indexes and not dates:
            return styled(runs[0])
        return "".join(
            before + styled(run) + after + (self._reference(run.note) if run.note else "")
            for before, run, after in marked(self._context.names.marked(runs), dates)
        )

    def _reference(self, label: str) -> str:
        """The note itself; where it is referred to again, a pointer to it."""
        if label not in self._notes:
            self._report(IssueCode.EXPORT_NOTE, f"注号 {label} 没有对应的注文，正文中保留了注号。")
            return text(f"〔{label}〕")
        number = self._numbers.of(label) or 0
        if label in self._placed:
            return element("ptr", target=f"#{self._name}-n{number}", type="note")
        self._placed.add(label)
        return self._note(number, self._notes[label], "foot")

    def _note(self, number: int, blocks: Sequence[Block], place: str) -> str:
        content = "".join(self._whole("p", block) for block in blocks)
        return element("note", content, xml_id=f"{self._name}-n{number}", place=place, n=str(number))

    def _report(self, code: IssueCode, message: str) -> None:
        self._context.issues.append(Issue(code, self._chapter.title, message))


def editorial(paragraphs: Sequence[str]) -> Iterator[str]:
    """What the editor of the book says before a text or a 栏目; nothing when there is nothing."""
    if paragraphs:
        yield element("note", "".join(element("p", text(each)) for each in paragraphs), type="editorial", place="top")


def heading(words: str) -> Iterator[str]:
    """A head of the book's own, if there are words for it."""
    if words:
        yield element("head", line(words))


def _is(part: Part, kinds: set[Kind]) -> bool:
    return isinstance(part, Piece) and part.block.kind in kinds


def _lines(runs: Sequence[Run]) -> Iterator[tuple[Run, ...]]:
    """The runs of each line."""
    found: list[Run] = []
    for run in runs:
        first, *others = run.text.split("\n")
        pieces_of = [Run(words, run.style, "", run.ruby) for words in (first, *others)]
        pieces_of[-1] = Run(pieces_of[-1].text, run.style, run.note, run.ruby)
        found.append(pieces_of[0])
        for piece in pieces_of[1:]:
            yield tuple(found)
            found = [piece]
    yield tuple(found)

"""One text of the book as a TEI div: divs by its headings, notes where they are referred to, an id for every block."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from archive.export.book import Book, Chapter
from archive.export.flow import Piece, TableCell, TableRows, heading_ranks, notes, pieces, told_apart, unreferenced
from archive.export.picture_numbers import PictureNumbers
from archive.export.tei.tei_elements import element, line, styled, text
from archive.export.tei.tei_names import TeiNames
from archive.model.errors import NotFound
from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Run, Style
from archive.support.storage_errors import reason

LARGEST = 7 * 2**20  # bytes; in base64 more than the ten million characters XML readers take in one piece by default
_ABOVE = {Kind.SUBTITLE, Kind.BYLINE}  # what may stand below the title as part of the head
_NO_TEXT = {*_ABOVE, Kind.FIGURE, Kind.CAPTION}


@dataclass(slots=True)
class TeiContext:
    """What the texts of one book share while they are set."""

    book: Book
    names: TeiNames
    numbers: PictureNumbers
    issues: list[Issue] = field(default_factory=list)


class TeiTextSetter:
    """Sets one text. `name` begins the ids in it: block 7 of text 3 is `t3-b7`, its note 2 is `t3-n2`."""

    def __init__(self, chapter: Chapter, name: str, shop: TeiContext) -> None:
        chapter, self._positions = told_apart(chapter)
        self._chapter = chapter
        self._name = name
        self._shop = shop
        self._notes = notes(chapter.article)
        self._numbers: dict[str, int] = {}
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
        self._shop.numbers.begin(chapter)
        whole = tuple(pieces(chapter))
        yield from self._body(whole)
        for label in unreferenced(chapter.article):
            if label in self._numbers:  # another note refers to it
                continue
            self._report(IssueCode.EXPORT_NOTE, f"注释 {label} 在正文中没有注号，已放在文末。")
            yield self._note(label, "end")
        if chapter.source:
            # A trailer wants paragraphs or divs before it; below titles and pictures alone the source is one.
            bare = all(_is(piece, _NO_TEXT) for piece in whole)
            yield element("p" if bare else "trailer", text(f"（{chapter.source}）"), rend="source")

    def _body(self, whole: Sequence[Piece]) -> Iterator[str]:
        """The pieces, those below a heading in a div within the div of the heading above it."""
        ranks = heading_ranks(self._chapter)
        open_ranks: list[int] = []
        index = 0
        while index < len(whole) and _is(whole[index], _ABOVE):
            yield self._head(whole[index])
            index += 1
        while index < len(whole):
            piece = whole[index]
            if isinstance(piece, Block) and piece.kind is Kind.HEADING:
                rank = ranks[piece.level]
                while open_ranks and open_ranks[-1] >= rank:
                    open_ranks.pop()
                    yield "</div>"
                open_ranks.append(rank)
                yield '<div type="part">'
                yield self._whole("head", piece)
                used = 1
            else:
                used, xml = self._set(whole, index)
                yield xml
            index += used
        yield "</div>" * len(open_ranks)

    def _head(self, piece: Piece) -> str:
        assert isinstance(piece, Block)
        if piece.kind is Kind.SUBTITLE:
            return self._whole("head", piece, type="sub")
        return self._whole("byline", piece)

    # -- pieces

    def _set(self, whole: Sequence[Piece], index: int) -> tuple[int, str]:
        """The piece at `index`, with those after it that belong to it: how many pieces, and their XML."""
        piece = whole[index]
        if isinstance(piece, TableRows):
            return 1, self._table(piece)
        follower = whole[index + 1] if index + 1 < len(whole) else None
        match piece.kind:
            case Kind.FIGURE if isinstance(follower, Block) and follower.kind is Kind.CAPTION:
                return 2, self._figure(piece, follower)
            case Kind.FIGURE:
                return 1, self._figure(piece)
            case Kind.CAPTION if isinstance(follower, TableRows):
                return 2, self._table(follower, piece)
            case Kind.LIST_ITEM:
                items = list(_run_of(whole[index:], Kind.LIST_ITEM))
                return len(items), element("list", "\n".join(map(self._item, items)))
            case Kind.QUOTATION:
                return 1, self._whole("quote", piece)
            case Kind.VERSE:
                return 1, self._verse(piece)
            case Kind.PARAGRAPH | Kind.CELL:
                return 1, self._whole("p", piece)
            case kind:  # what is out of its usual place is a paragraph that says what it was
                return 1, self._whole("p", piece, rend=kind.value)

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
        number = self._shop.numbers.next() if caption is not None else None
        inside = self._picture(block)
        if caption is not None:
            inside += self._whole("head", caption)
        if block.text:
            inside += element("figDesc", line(block.text))
        return element("figure", inside, xml_id=self._identity(block), n=str(number or ""))

    def _picture(self, block: Block) -> str:
        try:
            file, media_type = self._shop.book.pictures(block.picture)
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
        if len(runs) == 1 and not runs[0].note and not self._shop.book.indexes:
            return styled(runs[0])
        return "".join(
            before + styled(run) + after + (self._reference(run.note) if run.note else "")
            for before, run, after in self._shop.names.marked(runs)
        )

    def _reference(self, label: str) -> str:
        """The note itself; where it is referred to again, a pointer to it."""
        if label not in self._notes:
            self._report(IssueCode.EXPORT_NOTE, f"注号 {label} 没有对应的注文，正文中保留了注号。")
            return text(f"〔{label}〕")
        if label in self._numbers:
            return element("ptr", target=f"#{self._name}-n{self._numbers[label]}", type="note")
        return self._note(label, "foot")

    def _note(self, label: str, place: str) -> str:
        number = self._numbers.setdefault(label, len(self._numbers) + 1)
        content = "".join(self._whole("p", block) for block in self._notes[label])
        return element("note", content, xml_id=f"{self._name}-n{number}", place=place, n=str(number))

    def _report(self, code: IssueCode, message: str) -> None:
        self._shop.issues.append(Issue(code, self._chapter.title, message))


def editorial(paragraphs: Sequence[str]) -> Iterator[str]:
    """What the editor of the book says before a text or a 栏目; nothing when there is nothing."""
    if paragraphs:
        yield element("note", "".join(element("p", text(each)) for each in paragraphs), type="editorial", place="top")


def heading(words: str) -> Iterator[str]:
    """A head of the book's own, if there are words for it."""
    if words:
        yield element("head", line(words))


def _is(piece: Piece, kinds: set[Kind]) -> bool:
    return isinstance(piece, Block) and piece.kind in kinds


def _run_of(whole: Sequence[Piece], kind: Kind) -> Iterator[Block]:
    """The blocks of that kind at the beginning."""
    for same, group in groupby(whole, key=lambda piece: _is(piece, {kind})):
        if same:
            yield from (piece for piece in group if isinstance(piece, Block))
        return


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

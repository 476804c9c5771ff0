"""One text of the book as XHTML: its title, its blocks, its notes as pop-ups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from archive.export.book import Book, Chapter
from archive.export.epub import xhtml
from archive.export.epub.epub_pictures import LARGE, EpubPictures
from archive.export.epub.epub_tables import table
from archive.export.flow import (
    NoteNumbers,
    chapter_parts,
    heading_ranks,
    signs,
    told_apart,
    unreferenced,
)
from archive.export.picture_numbers import PictureNumbers
from archive.export.prepared_pictures import picture_name
from archive.model.article_parts import CaptionedFigure, CaptionedTable, Group, Part, Piece, TableCell, TableRows
from archive.model.errors import NotFound, ReadError
from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Run, Style

_DEEPEST = 6  # HTML knows no deeper heading
_DEEPEST_STYLE = 3
_DEEPEST_LIST = 3
_HEAD = {Kind.SUBTITLE, Kind.BYLINE, Kind.HEADING}
_SHORT_CELL = 16  # characters; figures, names and dates stand in the middle of their cell


@dataclass(frozen=True, slots=True)
class Illustration:
    """A line of the list of illustrations: the caption as it is printed, and where it stands."""

    words: str
    place: str


@dataclass(slots=True)
class EpubContext:
    """What the texts of one book share while they are set."""

    book: Book
    pictures: EpubPictures
    numbers: PictureNumbers
    illustrations: list[Illustration] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


class EpubTextSetter:
    """Sets one text. `name` begins the id of everything in it: block 7 of text 3 is `t3-b7`. `file` is where it goes.

    `level` is the HTML heading of its title.
    """

    def __init__(self, chapter: Chapter, name: str, file: str, level: int, context: EpubContext) -> None:
        chapter, self._positions = told_apart(chapter)
        self._chapter = chapter
        self._name = name
        self._file = file
        self._level = level
        self._context = context
        self._numbers = NoteNumbers(chapter.article)
        self._called: set[int] = set()
        self._pictures = 0
        self._ranks = heading_ranks(chapter)

    def opening(self) -> Iterator[tuple[Block, str, str]]:
        """The headings above the title, with their ids and what stands in them."""
        for block in self._chapter.opening:
            yield block, self._identity(block), self._inline(block)

    def title(self, style: str) -> str:
        """The heading of the text."""
        block = self._chapter.article.blocks[0]
        return xhtml.element(f"h{self._level}", self._inline(block), style, self._identity(block))

    def body(self) -> Iterator[str]:
        """Everything below the title, without the source line and the notes."""
        yield from xhtml.editor_note(self._chapter.note)
        if self._chapter.byline:
            yield xhtml.element("p", xhtml.text(self._chapter.byline), "byline")
        self._context.numbers.begin(self._chapter)
        text_above = False  # since the last heading: who is named below it signs, he does not open
        for part in chapter_parts(self._chapter):
            yield self._part(part, text_above)
            kind = part.block.kind if isinstance(part, Piece) else None
            text_above = kind is not Kind.HEADING and (text_above or kind not in _HEAD)

    def notes(self) -> Iterator[str]:
        """The notes, to stand at the end of the text; with all of them set no reference is left open."""
        asides = [self._note(number, blocks) for number, blocks in self._numbers.listed()]
        loose = len(unreferenced(self._chapter.article))
        if loose:
            self._report(IssueCode.EXPORT_NOTE, f"{loose} 条注释在正文中没有注号，已排在文末。")
        if asides:
            yield '<section class="notes" epub:type="footnotes">\n' + "\n".join(asides) + "\n</section>"

    # -- parts

    def _part(self, part: Part, text_above: bool) -> str:
        match part:
            case CaptionedTable(table=rows, caption=caption):
                return self._table(rows, caption.block if caption else None)
            case CaptionedFigure(picture=picture, caption=caption):
                return self._figure(picture.block, caption.block if caption else None)
            case Group(kind=kind, pieces=grouped):
                return self._group(kind, [piece.block for piece in grouped])
            case Piece(block=block) if signs(block, below_text=text_above):
                return self._paragraph(block, "signed")
            case Piece(block=block):
                return self._block(block)

    def _group(self, kind: Kind, blocks: Sequence[Block]) -> str:
        """Consecutive quotations, verses or items of a list as one element."""
        if kind is Kind.LIST_ITEM:
            return xhtml.element("ul", "\n".join(map(self._item, blocks)))
        inside = "\n".join(self._paragraph(block) for block in blocks)
        outer, style = ("blockquote", "") if kind is Kind.QUOTATION else ("div", "verse")
        return xhtml.element(outer, inside, style)

    def _item(self, block: Block) -> str:
        # A number is part of the stored text; items the source did not number get a bullet.
        numbered = any(run.style & Style.GENERATED for run in block.runs)
        level = min(block.level, _DEEPEST_LIST)
        styles = [*([] if numbered else ["bullet"]), *([f"level-{level}"] if level > 1 else [])]
        return xhtml.element("li", self._inline(block), " ".join(styles), self._identity(block))

    def _block(self, block: Block) -> str:
        match block.kind:
            case Kind.HEADING:
                rank = self._ranks[block.level]
                name = f"h{min(self._level + rank, _DEEPEST)}"
                style = f"heading-{min(rank, _DEEPEST_STYLE)}"
                return xhtml.element(name, self._inline(block), style, self._identity(block))
            case Kind.SUBTITLE:
                return self._paragraph(block, "text-subtitle")
            case Kind.BYLINE:
                return self._paragraph(block, "byline")
            case Kind.CAPTION:
                return self._paragraph(block, "caption")
            case _:
                return self._paragraph(block)

    def _paragraph(self, block: Block, style: str = "") -> str:
        return xhtml.element("p", self._inline(block), style, self._identity(block))

    def _identity(self, block: Block) -> str:
        return f"{self._name}-b{self._positions[id(block)]}"

    # -- pictures

    def _figure(self, block: Block, caption: Block | None = None) -> str:
        inside = self._picture(block, caption)
        if caption is not None:
            number = self._context.numbers.next()
            label = f"图{number}　" if number else ""
            self._context.illustrations.append(
                Illustration(label + caption.text, f"{self._file}#{self._identity(block)}")
            )
            words = xhtml.text(label) + self._inline(caption)
            inside += "\n" + xhtml.element("figcaption", words, identity=self._identity(caption))
        return xhtml.element("figure", inside, identity=self._identity(block))

    def _picture(self, block: Block, caption: Block | None) -> str:
        self._pictures += 1
        named = picture_name(self._pictures, caption.text if caption else block.text)
        try:
            picture = self._context.pictures.show(block.picture)
        except (NotFound, ReadError) as error:
            self._report(IssueCode.EXPORT_PICTURE, f"{named}没有放进文件，已留出位置：{error.message}")
            return xhtml.element("p", xhtml.text(f"〔图片缺失〕{block.text}"), "missing")
        if picture.size > LARGE:
            size = f"{picture.size / 2**20:.0f} MB"
            self._report(IssueCode.EXPORT_PICTURE, f"{named}有 {size}，有些阅读器打不开，建议缩小后再导出。")
        words = block.text or (caption.text if caption else "") or "图片"
        return f'<img src="{picture.name}" alt={xhtml.attribute(words)}/>'

    # -- tables

    def _table(self, source: TableRows, caption: Block | None = None) -> str:
        words = ""
        if caption is not None:
            words = xhtml.element("caption", self._inline(caption), identity=self._identity(caption))
        return f'<div class="wide">\n{table(source, words, self._cell)}\n</div>'

    def _cell(self, cell: TableCell) -> tuple[str, str]:
        """What stands in a cell, and its class."""
        short = all(len(block.text) <= _SHORT_CELL for block in cell.blocks)
        inside = "".join(
            self._figure(block) if block.kind is Kind.FIGURE else self._paragraph(block) for block in cell.blocks
        )
        return inside, "short" if short and not cell.place.header else ""

    # -- runs and notes

    def _inline(self, block: Block) -> str:
        if len(block.runs) == 1 and not block.runs[0].note:
            return xhtml.styled(block.runs[0])
        return "".join(self._run(run) for run in block.runs)

    def _run(self, run: Run) -> str:
        content = xhtml.styled(run)
        if not run.note:
            return content
        number = self._numbers.of(run.note)
        if number is None:
            self._report(IssueCode.EXPORT_NOTE, f"注号 {run.note} 没有对应的注文，正文中保留了注号。")
            return content + xhtml.text(f"〔{run.note}〕")
        # Only the first reference can be returned to: a note has one way back.
        identity = "" if number in self._called else f' id="{self._name}-r{number}"'
        self._called.add(number)
        return (
            f'{content}<a class="noteref" epub:type="noteref" role="doc-noteref"{identity}'
            f' href="#{self._name}-n{number}">[{number}]</a>'
        )

    def _note(self, number: int, blocks: Iterable[Block]) -> str:
        """A pop-up; a note nobody refers to is a plain paragraph, for reading systems hide pop-ups."""
        first, *others = blocks
        called = number in self._called
        mark = f"[{number}]"
        if called:
            mark = f'<a href="#{self._name}-r{number}" role="doc-backlink" title="回到正文">{mark}</a>'
        inside = xhtml.element("p", f"{mark} {self._inline(first)}", identity=self._identity(first))
        inside += "".join(self._paragraph(block) for block in others)
        identity = f'class="note" id="{self._name}-n{number}"'
        if not called:
            return f"<div {identity}>{inside}</div>"
        return f'<aside {identity} epub:type="footnote" role="doc-footnote">{inside}</aside>'

    def _report(self, code: IssueCode, message: str) -> None:
        self._context.issues.append(Issue(code, self._chapter.title, message))

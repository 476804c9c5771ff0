"""An article of a book row by row: paragraphs one by one, a table or a picture with its caption as one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.books.compile import edited, left_out
from archive.model.article_parts import CaptionedFigure, CaptionedTable, Part, Piece, parts, pieces_of
from archive.model.project import Item
from archive.model.records import Article, Block, Kind
from archive.text.differences import Pair, differences

_WORDS = {
    Kind.SUBTITLE: "副题",
    Kind.BYLINE: "署名",
    Kind.HEADING: "小标题",
    Kind.QUOTATION: "引文",
    Kind.VERSE: "诗文",
    Kind.LIST_ITEM: "列表",
    Kind.CAPTION: "图表题",
    Kind.FIGURE: "图",
    Kind.CELL: "表格",
    Kind.NOTE: "注",
}


@dataclass(frozen=True, slots=True)
class ItemParagraph:
    """A block of the article on the page: as stored and as the book prints it.

    `chosen` when it lies in the range; `omitted` when the book leaves it out; `changed` is how it differs from the
    stored text, None when it does not.
    """

    index: int
    block: Block
    stored: str
    kind: str
    chosen: bool
    omitted: bool
    changed: Pair | None

    @property
    def text(self) -> str:
        """What the book prints."""
        return self.block.text

    @property
    def edited(self) -> bool:
        """Whether the book prints it otherwise than it is stored, or not at all."""
        return self.omitted or self.changed is not None


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """What is shown and chosen as one: a paragraph, or a table or picture together with its caption.

    `first` and `last` are the numbers of its first and last block, both inclusive.
    """

    part: Piece | CaptionedTable | CaptionedFigure
    first: int
    last: int
    lines: Mapping[int, ItemParagraph]

    @property
    def shape(self) -> str:
        """`table`, `figure` or `paragraph`."""
        match self.part:
            case CaptionedTable():
                return "table"
            case CaptionedFigure():
                return "figure"
            case Piece():
                return "paragraph"

    @property
    def word(self) -> str:
        """What an editor calls it."""
        return {"table": "表", "figure": "图"}.get(self.shape, "段")

    @property
    def chosen(self) -> bool:
        """Whether any of it lies in the range."""
        return any(line.chosen for line in self.lines.values())

    @property
    def omitted(self) -> bool:
        """Whether the book leaves out all of it."""
        return all(line.omitted for line in self.lines.values())

    @property
    def edited(self) -> bool:
        """Whether the book prints anything of it otherwise than it is stored."""
        return any(line.edited for line in self.lines.values())


def entries(article: Article, item: Item) -> tuple[ItemEntry, ...]:
    """Everything in the article that can be printed, by the number of its first block; the title comes first."""
    blocks = edited(article, item)
    lines = {line.index: line for line in _paragraphs(article, item, blocks)}
    notes = (Piece(index, block) for index, block in enumerate(blocks) if block.kind is Kind.NOTE)
    shown = [_entry(part, lines) for whole in parts(blocks) for part in _ungrouped(whole)]
    return tuple(sorted((*shown, *(_entry(note, lines) for note in notes)), key=lambda each: each.first))


def entry_of(article: Article, item: Item, index: int) -> ItemEntry | None:
    """The entry that a block belongs to; None for a block that is never printed."""
    return next((each for each in entries(article, item) if index in each.lines), None)


def _paragraphs(article: Article, item: Item, blocks: Sequence[Block]) -> Iterator[ItemParagraph]:
    end = item.last or len(blocks) - 1
    omitted = left_out(article, item)
    for index, (block, stored) in enumerate(zip(blocks, article.blocks, strict=True)):
        changed = None if block.text == stored.text else differences([stored.text], [block.text])[0]
        inside = index == 0 or item.first <= index <= end or block.kind is Kind.NOTE
        word = _WORDS.get(block.kind, "")
        yield ItemParagraph(index, block, stored.text, word, inside, index in omitted, changed)


def _ungrouped(part: Part) -> Iterator[Piece | CaptionedTable | CaptionedFigure]:
    """Lines of verse, quotations and items of a list can be chosen one by one."""
    match part:
        case Piece() | CaptionedTable() | CaptionedFigure():
            yield part
        case _:
            yield from part.pieces


def _entry(part: Piece | CaptionedTable | CaptionedFigure, lines: Mapping[int, ItemParagraph]) -> ItemEntry:
    numbers = [piece.index for piece in pieces_of(part)]
    return ItemEntry(part, min(numbers), max(numbers), {index: lines[index] for index in numbers})

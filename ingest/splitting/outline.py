"""Which heading level of a volume carries its articles, and which headings only group them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.model.records import Block, Kind, Layout
from ingest.text.byline import SUBTITLE, parse_byline

_ATTACHED = frozenset({Kind.NOTE, Kind.COMMENT, Kind.HEADER, Kind.FOOTER, Kind.FIGURE, Kind.CAPTION})
_LONGEST_HEADING = 80  # a longer "heading" is a paragraph someone gave a level
_MANY = 10  # headings below a single one make it the title of a volume
_BYLINES = 0.4  # of the headings of the article level, at least so many are followed by a byline


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the manuscript: block `index`, `level` from 0 (document title style) to 9.

    `text_beneath`: something other than a heading follows directly. `byline`: what follows is a byline. `at`: the block
    of its words, where a line of lower rank above it (引题) begins it.
    """

    index: int
    level: int
    text_beneath: bool
    byline: bool
    at: int | None = None

    @property
    def title(self) -> int:
        """The block that holds its words."""
        return self.index if self.at is None else self.at


def layout_at(layouts: Sequence[Layout], index: int) -> Layout:
    """The layout of a block; an empty one where the format has none."""
    return layouts[index] if layouts else Layout()


def heading_level(block: Block) -> int | None:
    """The level a block has as a heading, or None."""
    if block.kind is Kind.TITLE:
        return 0
    if block.kind is Kind.HEADING and len(block.text) <= _LONGEST_HEADING:
        return block.level
    return None


def headings(blocks: Sequence[Block], layouts: Sequence[Layout]) -> list[Heading]:
    """All headings in order."""
    found = []
    for index, block in enumerate(blocks):
        level = heading_level(block)
        if level is None or _is_subtitle(blocks, index):
            continue
        below = next((at for at in range(index + 1, len(blocks)) if not _hangs_on(blocks, at)), None)
        text = below is not None and heading_level(blocks[below]) is None
        byline = text and below is not None and is_byline(blocks[below], layout_at(layouts, below))
        found.append(Heading(index, level, text, byline))
    return found


def _is_subtitle(blocks: Sequence[Block], index: int) -> bool:
    """Whether a heading is only the second line of the one directly above: ——中卫市政协工作综述."""
    above = heading_level(blocks[index - 1]) if index else None
    return above is not None and SUBTITLE.match(blocks[index].text) is not None


def _hangs_on(blocks: Sequence[Block], index: int) -> bool:
    """Whether a block may stand between a heading and its text: a note, a picture, a subtitle."""
    block = blocks[index]
    if block.kind in _ATTACHED or block.kind is Kind.SUBTITLE:
        return True
    if heading_level(block) is not None:
        return _is_subtitle(blocks, index)
    return len(block.text) <= _LONGEST_HEADING and SUBTITLE.match(block.text) is not None


def is_byline(block: Block, layout: Layout) -> bool:
    """Whether a block right after a title names the people who wrote."""
    if block.kind not in (Kind.PARAGRAPH, Kind.LIST_ITEM):
        return False
    return bool(parse_byline(block.text, loose=layout.centred))


def article_level(found: Sequence[Heading], volume: bool = False) -> int:
    """The level whose headings are articles.

    The highest level at which bylines follow; without bylines the highest level whose headings mostly have text
    beneath them. A single heading above all others is the title of the volume if many stand below it (or `volume`
    says that it is one), else the title of one article with sections.
    """
    levels = sorted({heading.level for heading in found})
    for level in levels:
        here = [heading for heading in found if heading.level == level]
        if sum(heading.byline for heading in here) >= _BYLINES * len(here):
            return level
    for level, below in pairwise(levels):
        here = [heading for heading in found if heading.level == level]
        parents = [
            heading
            for heading, following in zip(found, [*found[1:], None], strict=True)
            if heading.level == level and following is not None and following.level > level
        ]
        bare = sum(not heading.text_beneath for heading in parents)
        if len(here) == 1:
            whole = not volume and sum(heading.level == below for heading in found) < _MANY
        else:
            whole = not parents or bare < 0.5 * len(parents)
        if whole:
            return level
    return levels[-1]

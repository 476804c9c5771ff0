"""The picture of a scanned page goes with the text that begins on the page, also where an article begins there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.model.records import Article, Block, Kind

_HEAD = frozenset({Kind.TITLE, Kind.BYLINE})
_MARGINS = frozenset({Kind.HEADER, Kind.FOOTER})  # of the whole volume, kept at the end of its first part


def with_their_text(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Articles in the order of a scanned volume; a picture that ended one stands behind title and author of the next.

    Pictures of pages come before what was read on them, and are cut off with the article before.
    """
    found = list(articles)
    for at in range(len(found) - 1):
        before, after = found[at], found[at + 1]
        last = max((at for at, block in enumerate(before.blocks) if block.kind not in _MARGINS), default=0)
        if last and _is_page(before.blocks[last]):
            found[at] = replace(before, blocks=(*before.blocks[:last], *before.blocks[last + 1 :]))
            head = next((at for at, block in enumerate(after.blocks) if block.kind not in _HEAD), len(after.blocks))
            blocks = (*after.blocks[:head], before.blocks[last], *after.blocks[head:])
            found[at + 1] = replace(after, blocks=blocks)
    return tuple(found)


def _is_page(block: Block) -> bool:
    return block.kind is Kind.FIGURE and bool(block.picture) and not block.text

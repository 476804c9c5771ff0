"""The dates that a library read in its texts, found again in a book by the words they stand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive.model.records import Article, Mention

Dates = Mapping[str, tuple[Mention, ...]]
"""By the text of a block: the dates in it, in order, none overlapping."""


def dates_of(article: Article, mentions: Sequence[Mention]) -> Dates:
    """The dates of an article by the text of their blocks, so that they are met again where a book has moved them.

    Of several readings of the same words the first counts. Where two paragraphs of the same words tell of different
    years, these are left out.
    """
    inside: dict[int, list[Mention]] = {}
    for mention in sorted(mentions, key=lambda each: (each.block, each.start, -each.end)):
        before = inside.setdefault(mention.block, [])
        if not (before and mention.start < before[-1].end):
            before.append(mention)
    found: dict[str, tuple[Mention, ...]] = {}
    for number, block in enumerate(article.blocks):
        here = tuple(inside.get(number, ()))
        if block.text in found:
            told = {(each.start, each.end, each.period) for each in here}
            here = tuple(each for each in found[block.text] if (each.start, each.end, each.period) in told)
        found[block.text] = here
    return {text: dates for text, dates in found.items() if dates}

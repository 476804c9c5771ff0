"""Words replaced in many articles: every place listed first, then those chosen.

Words are found as written, or `folded`: in all their traditional, variant and full-width forms, whatever spaces stand
between Han characters, as the search finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from archive.model.errors import Conflict
from archive.model.records import Article, Block
from archive.model.rewriting import merged, replaced
from archive.text.folding import as_written, fold, fold_query


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Words where they stand: `version` of an article, its block, `start` and `end` (exclusive) in the block's text."""

    article: str
    version: int
    block: int
    start: int
    end: int


def occurrences(words: str, article: Article, *, folded: bool = False) -> Iterator[Occurrence]:
    """Where these words stand in an article, in order, none overlapping the one before."""
    wanted = fold_query(words) if folded else words
    for index, block in enumerate(article.blocks):
        text = fold(block.text) if folded else as_written(block.text)
        at = text.text.find(wanted) if wanted else -1
        while at >= 0:
            yield Occurrence(article.id, article.version, index, *text.span(at, at + len(wanted)))
            at = text.text.find(wanted, at + len(wanted))


def _reads(text: str, words: str, *, folded: bool) -> bool:
    return text == words or (folded and fold_query(text) == fold_query(words))


def substituted(
    article: Article, words: str, instead: str, chosen: Iterable[Occurrence], *, folded: bool = False
) -> Article:
    """The article with other words at the places chosen. Raises Conflict where they no longer stand there."""
    blocks = list(article.blocks)
    # From behind, so that the places of the others stay right.
    for one in sorted(chosen, key=lambda each: (each.block, each.start), reverse=True):
        fits = one.version == article.version and 0 <= one.block < len(blocks)
        text = blocks[one.block].text if fits else ""
        if not fits or not _reads(text[one.start : one.end], words, folded=folded):
            raise Conflict(
                f"《{article.title[:40]}》在您查找之后已有人改过，这次替换没有做，什么也没有改动",
                hint="重新查找一遍，核对之后再替换",
            )
        changed = replaced(blocks[one.block], one.start, one.end, instead)
        blocks[one.block] = replace(changed, runs=merged(changed.runs))
    return replace(article, blocks=tuple(blocks))


def taken_back(before: Article, after: Article, present: Article, there: Sequence[int | None]) -> tuple[Article, int]:
    """The present article without what was changed from `before` to `after`, and how many blocks were left as they are.

    These two have the same number of blocks; `there` has the number of each of them in `present`, None where its text
    was changed since.
    """
    blocks: list[Block] = list(present.blocks)
    left = 0
    for index, (old, new) in enumerate(zip(before.blocks, after.blocks, strict=True)):
        if old == new:
            continue
        at = there[index]
        if at is None:
            left += 1
        else:
            blocks[at] = replace(old, page=blocks[at].page, cell=blocks[at].cell)
    return replace(present, blocks=tuple(blocks)), left

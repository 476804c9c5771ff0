"""The pages of an article that came of scans: each a picture, then what was read on it."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model.records import Article, Kind


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page of an article: its picture, its printed number, the blocks of its text; the first may begin before it."""

    picture: str
    printed: str
    blocks: tuple[int, ...]


def scanned_pages(article: Article) -> tuple[ScannedPage, ...]:
    """The pages of an article that came of scans: pictures without a caption, with text after them."""
    blocks = article.blocks
    begins = [
        at
        for at, block in enumerate(blocks)
        if block.kind is Kind.FIGURE and block.picture and not block.text
        and not (at + 1 < len(blocks) and blocks[at + 1].kind in (Kind.CAPTION, Kind.FIGURE))
    ]  # fmt: skip
    found = []
    for begin, end in zip(begins, [*begins, len(blocks)][1:], strict=True):
        before = [begin - 1] if begin and blocks[begin - 1].kind is Kind.PARAGRAPH else []
        text = [at for at in range(begin + 1, end) if blocks[at].kind.searched and blocks[at].kind is not Kind.FIGURE]
        found.append(ScannedPage(blocks[begin].picture, blocks[begin].page, (*before, *text)))
    return tuple(found)

"""The pages of an article that came of scans: each a picture, then what was read on it, and who has proof-read it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.model.records import Article, Kind


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page of an article: its picture, its printed number, the blocks of its text; the first may begin before it."""

    picture: str
    printed: str
    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TextPage:
    """A page as a PDF shows it: the file and SHA-256 of its picture, and the paragraphs of its text."""

    file: Path
    sha256: str
    texts: tuple[str, ...]


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


ROUNDS = {1: "一校", 2: "二校"}
"""The rounds in which a page is read against its picture; a page without a signature is 未校."""


@dataclass(frozen=True, slots=True)
class PageProof:
    """Somebody's signature: a page (by its picture) was read in a round. `text` is the SHA-256 of its text then."""

    picture: str
    round: int
    who: str
    signed: str
    text: str


@dataclass(frozen=True, slots=True)
class ProofedPage:
    """A page with the signatures on it, the first round first; `changed`: its text was changed after the last one."""

    page: ScannedPage
    proofs: tuple[PageProof, ...]
    changed: bool

    @property
    def round(self) -> int:
        """The last round signed; 0 for none."""
        return len(self.proofs)

    @property
    def state(self) -> str:
        """未校, 一校 or 二校."""
        return ROUNDS.get(self.round, "未校")


@dataclass(frozen=True, slots=True)
class ProofProgress:
    """How far an article is: how many of its pages were read in no round, in the first alone, in the second too."""

    article: str
    title: str
    pages: tuple[int, int, int]
    next: int

    @property
    def total(self) -> int:
        """All pages."""
        return sum(self.pages)


def text_digest(article: Article, page: ScannedPage) -> str:
    """The SHA-256 of the text of a page."""
    text = "\n".join(article.blocks[at].text for at in page.blocks)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def proofed_pages(article: Article, proofs: Sequence[PageProof]) -> tuple[ProofedPage, ...]:
    """The pages of an article with their signatures. A later round counts only after the earlier ones."""
    found = []
    for page in scanned_pages(article):
        held = {one.round: one for one in proofs if one.picture == page.picture}
        signed = tuple(held[each] for each in ROUNDS if all(before in held for before in range(1, each + 1)))
        changed = bool(signed) and signed[-1].text != text_digest(article, page)
        found.append(ProofedPage(page, signed, changed))
    return tuple(found)

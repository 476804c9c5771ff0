"""Which scanned pages have been read against their pictures, and by whom: `session.page_proofs`."""

from __future__ import annotations

from collections import Counter

from archive.model.access import Action, Actor
from archive.model.errors import Conflict, NotFound
from archive.model.records import Article
from archive.model.scanned_pages import ROUNDS, ProofedPage, ProofProgress, proofed_pages, text_digest
from archive.store import Store


class PageProofs:
    """The pages of scanned articles with the signatures of who read them, for who may see or correct the article."""

    def __init__(self, store: Store, actor: Actor) -> None:
        """For `Session` only."""
        self._store, self._actor = store, actor

    def of(self, article_id: str) -> tuple[ProofedPage, ...]:
        """The scanned pages of an article in their order. Raises NotFound."""
        return self._pages(self._store.seen(article_id, self._actor.rights))

    def progress(self, collection: str) -> tuple[ProofProgress, ...]:
        """How far each scanned article of a collection is, in the order of the volume."""
        rights = self._actor.rights.in_use
        found = []
        for article, _ in self._store.each(collection):
            if rights.cover(article) and (pages := self._pages(article)):
                counts = Counter(page.round for page in pages)
                waits = min(range(len(pages)), key=lambda at: (pages[at].round, at))
                parts = (counts[0], counts[1], counts[2])
                found.append(ProofProgress(article.id, article.title, parts, waits + 1))
        return tuple(found)

    def sign(self, article_id: str, number: int, round: int) -> None:
        """Sign that page `number` (from 1) was read in the next round, for the text it has now.

        Raises NotFound, NotAllowed, and Conflict where the round before is not signed, or this one is.
        """
        article, page = self._page(article_id, number)
        if round != page.round + 1 or round not in ROUNDS:
            raise Conflict(f"这一页现在是“{page.state}”，不能签这一校", hint="重新打开这一页再看")
        self._store.page_proofs.sign(
            article_id, number, page.page.picture, round, text_digest(article, page.page), self._actor.name
        )

    def take_back(self, article_id: str, number: int) -> None:
        """Take the last signature on a page back. Raises NotFound, NotAllowed, Conflict where there is none."""
        _, page = self._page(article_id, number)
        if not page.round:
            raise Conflict("这一页还没有人签名", hint="重新打开这一页再看")
        self._store.page_proofs.take_back(article_id, number, page.page.picture, page.round, self._actor.name)

    def _pages(self, article: Article) -> tuple[ProofedPage, ...]:
        return proofed_pages(article, self._store.page_proofs.of(article.id))

    def _page(self, article_id: str, number: int) -> tuple[Article, ProofedPage]:
        article = self._store.seen(article_id, self._actor.rights)
        self._actor.require(Action.CORRECT, article)
        pages = self._pages(article)
        if not 1 <= number <= len(pages):
            raise NotFound("这篇文章没有这一页扫描图像。", hint="文章也许更正过了，请从阅读页重新打开。")
        return article, pages[number - 1]

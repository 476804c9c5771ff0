"""Articles that were just read, for a page that asks for the same one several times and for readers who follow it."""

from __future__ import annotations

from collections.abc import Sequence

from archive.model.records import Article

_ROOM = 1_000_000  # characters, some 20 MB as blocks and runs


class ArticlesAtHand:
    """The present versions of some articles, by id, in one state of the store. May be shared between threads."""

    def __init__(self) -> None:
        self._held: dict[str, Article] = {}
        self._room = _ROOM

    def of(self, ids: Sequence[str]) -> dict[str, Article]:
        """Those of these articles that are held."""
        held = self._held  # another thread may put another one in its place
        return {id: held[id] for id in ids if id in held}

    def keep(self, articles: Sequence[Article]) -> None:
        """Hold these too; where there is no room for them all that were held before are let go."""
        size = sum(article.characters for article in articles)
        if size > self._room:
            self._held, self._room = {}, _ROOM
        if size <= self._room:
            self._held.update((article.id, article) for article in articles)
            self._room -= size

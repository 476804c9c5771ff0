"""Searches kept to be asked again, with what is new since; and what one person asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archive.model.access import Actor
from archive.model.errors import NotAllowed, NotFound
from archive.model.saved import AskedSearch, Changes, SavedSearch, checked_label
from archive.model.search import PeriodIn, Search, Sort
from archive.search.index.engine import Engine
from archive.search.query import Query
from archive.store import Store


class SavedSearches:
    """One actor's own; nobody else sees them."""

    def __init__(self, store: Store, engine: Engine, actor: Actor, understand: Callable[[Search], Query]) -> None:
        """For `Session` only; `understand` reads a search as a query."""
        self._store = store
        self._rows = store.saved
        self._engine = engine
        self._actor = actor
        self._understand = understand

    def listed(self) -> tuple[SavedSearch, ...]:
        """The saved searches by name."""
        return tuple(saved for saved, _ in self._rows.saved(self._actor.id)) if self._reads else ()

    def get(self, name: str) -> SavedSearch:
        """One of them. Raises NotFound."""
        return self._held(name)[0]

    def save(self, name: str, search: Search) -> SavedSearch:
        """Keep a search under a name; one of that name is replaced. What it finds now counts as seen.

        Raises UsageError for an unfit name, and what `Session.search` raises.
        """
        if not self._reads:
            raise NotAllowed(f"{self._actor.name}不能保存检索", hint="请有阅读权限的同事来做")
        name = checked_label(name, "检索")
        self._rows.save(self._actor.id, name, search, self._found(search))
        return self.get(name)

    def remove(self, name: str) -> None:
        """Forget a saved search. Raises NotFound."""
        if not self._rows.remove(self._actor.id, name):
            raise self._no_search(name)

    def changes(self, name: str) -> Changes:
        """What a saved search finds now that it did not when last looked at, and what it no longer does.

        An article corrected so that it now matches is new. Raises NotFound, and what `Session.search` raises.
        """
        saved, before = self._held(name)
        now = self._found(saved.search)
        there = self._store.changes.versions(self._actor.rights.in_use)
        gone = [id for id in before if id not in now]
        return Changes(
            new=tuple(id for id in now if id not in before),
            changed=tuple(id for id, version in now.items() if before.get(id, version) != version),
            withdrawn=tuple(id for id in gone if id not in there),
            lost=tuple(id for id in gone if id in there),
        )

    def title(self, article_id: str) -> str:
        """What to call an article of the changes: its title, or its number where it may not be seen or was purged."""
        try:
            article = self._store.article(article_id)
        except NotFound:
            return f"编号 {article_id}"
        seen = self._actor.rights.cover(article)
        return article.title if seen else f"编号 {article_id}"

    def looked(self, name: str) -> None:
        """From now on only what comes later is new. Raises NotFound."""
        saved, _ = self._held(name)
        self._rows.save(self._actor.id, name, saved.search, self._found(saved.search))

    # -- what was asked

    def history(self) -> tuple[AskedSearch, ...]:
        """What the actor asked, the latest first, each search once."""
        return self._rows.asked(self._actor.id) if self._reads else ()

    def note(self, search: Search, total: int) -> None:
        """Note what was asked, unless the actor does not want that."""
        if self._reads:
            plain = search.but(sort=Sort.RELEVANCE) if search.period or search.undated else _without_dates(search)
            self._rows.note_asked(self._actor.id, plain, total)

    def clear(self) -> None:
        """Forget everything that was asked."""
        self._rows.history.clear(self._actor.id)

    @property
    def keeps_history(self) -> bool:
        """Whether what the actor asks is noted."""
        return self._rows.history.kept(self._actor.id)

    def keep_history(self, keep: bool) -> None:
        """Note what the actor asks from now on, or not; what was noted before stays until it is cleared."""
        self._rows.history.keep(self._actor.id, keep)

    @property
    def _reads(self) -> bool:
        return not self._actor.rights.blind

    def _held(self, name: str) -> tuple[SavedSearch, Mapping[str, int]]:
        held = self._rows.saved(self._actor.id) if self._reads else ()
        found = next((one for one in held if one[0].name == name), None)
        if found is None:
            raise self._no_search(name)
        return found

    def _found(self, search: Search) -> dict[str, int]:
        """The version of every article found, by id, in the order of coming in."""
        found = self._engine.ids(self._understand(search), self._actor.rights.in_use)
        there = self._store.changes.versions(self._actor.rights.in_use)
        return {id: version for id, version in there.items() if id in found}

    def _no_search(self, name: str) -> NotFound:
        known = "、".join(one.name for one in self.listed())
        return NotFound(f"没有保存过“{name[:40]}”这个检索", hint=f"现有：{known}" if known else "还没有保存过检索")


def _without_dates(search: Search) -> Search:
    """The search without order and without how dates would be looked at."""
    return search.but(sort=Sort.RELEVANCE, period_in=PeriodIn.ANY, within=False, vague=False, open=False)

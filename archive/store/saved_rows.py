"""Scopes and saved searches as rows, and what was asked.

Only the database guards them, not the writer's lock: who searches must not wait for a long import.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from archive.model.saved import AskedSearch, SavedSearch, Scope
from archive.model.search import Search
from archive.store import dialects
from archive.store.asked_rows import AskedRows
from archive.store.database import Database
from archive.store.lock import now
from archive.store.schema import saved_searches, scopes


class SavedRows:
    """What the readers of one library keep of their searching."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.history = AskedRows(database)

    # -- scopes

    def scopes(self) -> tuple[Scope, ...]:
        """All scopes, by name."""
        table = scopes.c
        query = select(table.name, table.body, table.owner, table.who, table.moment).order_by(table.name)
        with self._database.reading() as connection:
            return tuple(_scope(*row) for row in connection.execute(query))

    def scope_names(self) -> tuple[str, ...]:
        """The names of all scopes, in order."""
        return self._database.remembered(
            "scope names",
            lambda connection: tuple(connection.scalars(select(scopes.c.name).order_by(scopes.c.name))),
        )

    def scope(self, name: str) -> Scope | None:
        """The scope of that name; None when there is none."""
        table = scopes.c
        query = select(table.name, table.body, table.owner, table.who, table.moment).where(table.name == name)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
            return None if row is None else _scope(*row)

    def save_scope(self, scope: Scope) -> None:
        """Add a scope, or change the one of this name."""
        body = {"articles": scope.articles} if scope.rule is None else {"rule": scope.rule.pairs()}
        values = {"owner": scope.owner, "who": scope.who, "moment": now(), "body": _json(body)}
        with self._database.writing() as connection:
            statement = dialects.insert(connection, scopes).values(name=scope.name, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))

    def remove_scope(self, name: str) -> None:
        """Forget a scope."""
        with self._database.writing() as connection:
            connection.execute(delete(scopes).where(scopes.c.name == name))

    # -- saved searches

    def saved(self, owner: str) -> tuple[tuple[SavedSearch, Mapping[str, int]], ...]:
        """Somebody's saved searches by name, each with the version of every article it found when last looked at."""
        table = saved_searches.c
        query = select(table.name, table.search, table.made, table.looked, table.found)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(table.owner == owner).order_by(table.name)).all()
        return tuple(_saved(*row) for row in rows)

    def save(self, owner: str, name: str, search: Search, found: Mapping[str, int]) -> None:
        """Keep a search with what it finds now; one of this name is replaced."""
        moment = now()
        values = {"search": _json(search.pairs()), "made": moment, "looked": moment, "found": _json(found)}
        if_known = {key: value for key, value in values.items() if key != "made"}
        with self._database.writing() as connection:
            statement = dialects.insert(connection, saved_searches).values(owner=owner, name=name, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["owner", "name"], set_=if_known))

    def remove(self, owner: str, name: str) -> bool:
        """Forget a saved search; whether there was one."""
        table = saved_searches
        with self._database.writing() as connection:
            gone = connection.execute(delete(table).where(table.c.owner == owner, table.c.name == name))
            return bool(gone.rowcount)

    # -- what was asked

    def asked(self, owner: str) -> tuple[AskedSearch, ...]:
        """What somebody asked, the latest first."""
        return tuple(AskedSearch(moment, _search(search), total) for moment, search, total in self.history.of(owner))

    def note_asked(self, owner: str, search: Search, total: int) -> None:
        """Note that somebody asked."""
        self.history.note(owner, _json(search.pairs()), total)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _search(pairs: str) -> Search:
    return Search.read((name, value) for name, value in json.loads(pairs))


def _scope(name: str, body: str, owner: str, who: str, moment: str) -> Scope:
    held = json.loads(body)
    pairs: Sequence[tuple[str, str]] | None = held.get("rule")
    rule = None if pairs is None else Search.read((name, value) for name, value in pairs)
    articles = tuple(held.get("articles", ()))
    return Scope(name=name, rule=rule, articles=articles, owner=owner, who=who, moment=moment)


def _saved(name: str, search: str, made: str, looked: str, found: str) -> tuple[SavedSearch, Mapping[str, int]]:
    versions: Mapping[str, int] = json.loads(found)
    saved = SavedSearch(name=name, search=_search(search), made=made, looked=looked, found=len(versions))
    return saved, versions

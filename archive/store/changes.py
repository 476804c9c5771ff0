"""What changed in a library since a moment: articles that came in, were changed, were taken out of use."""

from __future__ import annotations

from sqlalchemy import Connection, Select, func, or_, select

from archive.model.access import OUT_OF_USE, Rights
from archive.model.holdings import Stamp
from archive.model.saved import Changes
from archive.store import visibility
from archive.store.bulk_changes import REMOVE, UNDO_IMPORT
from archive.store.database import Database
from archive.store.schema import articles, audit, bulk_changed, bulk_changes, versions
from archive.store.stamps import stamps

_OUT = sorted(status.value for status in OUT_OF_USE)
_NOTED = ("status", "date")  # what the log alone knows of an article: no new version is made of it
_LATEST = (
    select(func.max(versions.c.moment)).join(articles, articles.c.key == versions.c.article),
    select(func.max(audit.c.moment)).join(articles, articles.c.id == audit.c.subject).where(audit.c.action.in_(_NOTED)),
    *(
        select(func.max(moment))
        .join(bulk_changed, bulk_changed.c.change == bulk_changes.c.key)
        .join(articles, articles.c.key == bulk_changed.c.article)
        for moment in (bulk_changes.c.moment, bulk_changes.c.taken_back)
    ),
)


class LibraryChanges:
    """The changes of one library, for whoever has these rights."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def latest(self, rights: Rights) -> str:
        """The moment of the last change of an article that rights cover; empty where there is none."""
        return self._database.remembered(("latest change", rights), lambda connection: _latest(connection, rights))

    def stamps(self, rights: Rights) -> tuple[Stamp, ...]:
        """See `stamps`; remembered until something changes."""
        return self._database.remembered(("stamps", rights), lambda connection: stamps(connection, rights))

    def versions(self, rights: Rights) -> dict[str, int]:
        """The present version of every article that rights cover, by id, in the order of coming in."""
        query = select(articles.c.id, articles.c.version).where(visibility.covered(rights)).order_by(articles.c.key)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def revised(self, rights: Rights) -> dict[str, int]:
        """Of `versions` those of articles that have earlier ones, which are few; remembered until something changes."""
        query = select(articles.c.id, articles.c.version).where(articles.c.version > 1, visibility.covered(rights))
        query = query.order_by(articles.c.key)
        return self._database.remembered(
            ("revised", rights), lambda connection: {row[0]: row[1] for row in connection.execute(query)}
        )

    def since(self, moment: str, rights: Rights) -> Changes:
        """What happened after a moment (UTC, ISO 8601), as far as rights cover the articles."""
        with self._database.reading() as connection:
            touched, came_in = _touched(connection, moment), _ids(connection, _first_versions(moment))
            query = select(articles.c.id, articles.c.status).where(visibility.covered(rights)).order_by(articles.c.key)
            listed = [(id, status) for id, status in connection.execute(query) if id in touched or id in came_in]
            back = _ids(connection, _brought_back(moment))
        new = tuple(id for id, status in listed if status not in _OUT and (id in came_in or id in back))
        gone = tuple(id for id, status in listed if status in _OUT and id not in came_in)
        rest = {*new, *gone, *came_in}
        return Changes(new, tuple(id for id, _ in listed if id not in rest), gone)


def _latest(connection: Connection, rights: Rights) -> str:
    queries = (each.where(visibility.covered(rights)) for each in _LATEST)
    return max((connection.scalar(each) or "" for each in queries), default="")


def _ids(connection: Connection, query: Select[tuple[str]]) -> set[str]:
    return set(connection.scalars(query))


def _first_versions(moment: str) -> Select[tuple[str]]:
    joined = select(articles.c.id).join(versions, versions.c.article == articles.c.key)
    return joined.where(versions.c.version == 1, versions.c.moment > moment)


def _touched(connection: Connection, moment: str) -> set[str]:
    """Ids of the articles with a later version, another status, other dates, or that were part of a bulk change."""
    later = select(articles.c.id).join(versions, versions.c.article == articles.c.key).where(versions.c.moment > moment)
    noted = select(audit.c.subject).where(audit.c.moment > moment, audit.c.action.in_(_NOTED))
    return _ids(connection, later) | _ids(connection, noted) | _ids(connection, _in_bulk(moment))


def _in_bulk(moment: str) -> Select[tuple[str]]:
    at = bulk_changes.c
    joined = select(articles.c.id).join(bulk_changed, bulk_changed.c.article == articles.c.key)
    joined = joined.join(bulk_changes, at.key == bulk_changed.c.change)
    return joined.where(or_(at.moment > moment, at.taken_back > moment))


def _brought_back(moment: str) -> Select[tuple[str]]:
    """Ids of the articles that a change of many articles had withdrawn and that came back into use since."""
    at = bulk_changes.c
    joined = select(articles.c.id).join(bulk_changed, bulk_changed.c.article == articles.c.key)
    joined = joined.join(bulk_changes, at.key == bulk_changed.c.change)
    return joined.where(at.action.in_((REMOVE, UNDO_IMPORT)), at.moment <= moment, at.taken_back > moment)

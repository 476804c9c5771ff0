"""Changes to many articles at once that can be taken back as a whole. Nothing is deleted by any of them.

What each article was before is kept beside the change; taking it back gives an article its former state where it is
still as the change left it. Whoever calls what writes holds the writer's lock.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select, update

from archive.model.access import OUT_OF_USE
from archive.model.errors import Conflict, NotFound
from archive.model.holdings import BulkChange
from archive.model.records import Status
from archive.store import article_rows, audit, collections, dialects, imports, narrowing, schema
from archive.store.database import Database
from archive.store.lock import now
from archive.store.schema import articles, bulk_changed, bulk_changes

UNDO_IMPORT, REMOVE, MERGE, MOVE = imports.UNDO_IMPORT, "remove", "merge", "move"
REPLACE = "replace"  # see archive/store/replacements.py


class BulkChanges:
    """The bulk changes of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listed(self) -> tuple[BulkChange, ...]:
        """All that can be taken back, the newest first, without replacements."""
        with self._database.reading() as connection:
            return _listed(connection)

    def articles_of(self, import_key: int) -> tuple[str, ...]:
        """The ids of the articles that an import brought in, in their order."""
        query = select(articles.c.id).where(articles.c.import_key == import_key).order_by(articles.c.key)
        with self._database.reading() as connection:
            return tuple(connection.scalars(query))

    def import_of(self, article_id: str) -> int | None:
        """The key of the import that brought in an article; None where that is not known."""
        with self._database.reading() as connection:
            return connection.scalar(select(articles.c.import_key).where(articles.c.id == article_id))

    def undo_import(self, import_key: int, who: str) -> BulkChange:
        """Withdraw everything that an import brought in and that is in use. Raises NotFound, Conflict."""
        with self._database.writing() as connection:
            table = schema.imports.c
            name = connection.scalar(select(table.name).where(table.key == import_key))
            if name is None:
                raise no_import()
            if import_key in set(connection.scalars(imports.undone_imports())):
                raise Conflict("这次收稿已经撤回过了。", hint="刷新“收稿记录”再看")
            keys = _in_use(connection, articles.c.import_key == import_key)
            return _apply(connection, keys, (UNDO_IMPORT, str(import_key), "", f"撤回收稿：{name}"), who)

    def remove(self, collection: str, who: str) -> BulkChange:
        """Withdraw the articles of a collection and mark it removed. Raises NotFound."""
        with self._database.writing() as connection:
            title = collections.collection(connection, collection).title
            keys = _in_use(connection, articles.c.collection == collection)
            _mark(connection, collection, removed=True)
            return _apply(connection, keys, (REMOVE, collection, "", f"移除文集：{title}"), who)

    def merge(self, collection: str, target: str, who: str) -> BulkChange:
        """Move all articles of a collection, those out of use too, into another one, and mark it removed. NotFound."""
        with self._database.writing() as connection:
            title, into = (collections.collection(connection, each).title for each in (collection, target))
            keys = list(connection.scalars(select(articles.c.key).where(articles.c.collection == collection)))
            _mark(connection, collection, removed=True)
            return _apply(connection, keys, (MERGE, collection, target, f"合并文集：{title} → {into}"), who)

    def move(self, ids: Sequence[str], target: str, who: str) -> BulkChange:
        """Move articles into another collection. Raises NotFound."""
        with self._database.writing() as connection:
            into = collections.collection(connection, target).title
            keys = article_rows.keys_of(connection, ids)
            return _apply(connection, keys, (MOVE, target, target, f"移入文集：{into}"), who)

    def take_back(self, key: int, who: str) -> tuple[int, int]:
        """Make a change undone: how many articles are as before again, and how many were changed since and stay.

        Raises NotFound, and Conflict where it was taken back already.
        """
        with self._database.writing() as connection:
            change = next((one for one in _listed(connection) if one.key == key), None)
            if change is None:
                raise NotFound("没有这次整理。", hint="到“整理记录”里看")
            if change.taken_back:
                raise Conflict("这次整理已经撤销过了。", hint="刷新页面再看")
            moment = now()
            concerned = articles.c.key.in_(select(bulk_changed.c.article).where(bulk_changed.c.change == key))
            with narrowing.noted(connection, concerned, (moment, who)):
                restored = _restore(connection, change)
            statement = update(bulk_changes).where(bulk_changes.c.key == key)
            connection.execute(statement.values(taken_back=moment))
            audit.note(connection, (moment, who), "take-back", change.subject, f"撤销“{change.detail}”")
            return restored, change.articles - restored


def no_import() -> NotFound:
    """The error for an import that is not there, or not to be known of."""
    return NotFound("没有这次收稿。", hint="到“收稿记录”里看")


def _listed(connection: Connection) -> tuple[BulkChange, ...]:
    counted = (
        select(func.count())
        .where(bulk_changed.c.change == bulk_changes.c.key)
        .correlate(bulk_changes)
        .scalar_subquery()
    )
    table = bulk_changes.c
    columns = (table.key, table.moment, table.who, table.action, table.subject, table.target)
    query = select(*columns, table.detail, table.taken_back, counted)
    query = query.where(table.action.not_in((REPLACE, narrowing.NARROW)))
    return tuple(BulkChange(*row) for row in connection.execute(query.order_by(table.key.desc())))


def _in_use(connection: Connection, condition: object) -> list[int]:
    out = [status.value for status in OUT_OF_USE]
    query = select(articles.c.key).where(condition, articles.c.status.not_in(out))  # type: ignore[arg-type]
    return list(connection.scalars(query.order_by(articles.c.key)))


def _mark(connection: Connection, collection: str, *, removed: bool) -> None:
    statement = update(schema.collections).where(schema.collections.c.id == collection)
    connection.execute(statement.values(removed=removed))


def _apply(connection: Connection, keys: Sequence[int], change: tuple[str, str, str, str], who: str) -> BulkChange:
    """Keep how the articles are, then withdraw them, or move them to the target. `change` is (action, … detail)."""
    action, subject, target, detail = change
    moment = now()
    row = {"moment": moment, "who": who, "action": action, "subject": subject, "target": target, "detail": detail}
    number = dialects.added(connection, bulk_changes, {**row, "taken_back": ""})
    values = {"collection": target} if target else {"status": Status.WITHDRAWN.value}
    for part in article_rows.parts(keys):
        before = select(articles.c.key, articles.c.status, articles.c.collection).where(articles.c.key.in_(part))
        kept = [
            {"change": number, "article": key, "status": status, "collection": collection}
            for key, status, collection in connection.execute(before)
        ]
        connection.execute(insert(bulk_changed), kept)
        with narrowing.noted(connection, articles.c.key.in_(part), (moment, who)):
            connection.execute(update(articles).where(articles.c.key.in_(part)).values(values))
        article_rows.changed(connection, part)
    audit.note(connection, (moment, who), action, subject, f"{detail}（{len(keys)} 篇）")
    return BulkChange(number, moment, who, action, subject, target, detail, "", len(keys))


def _restore(connection: Connection, change: BulkChange) -> int:
    query = select(bulk_changed.c.article, bulk_changed.c.status, bulk_changed.c.collection)
    kept = connection.execute(query.where(bulk_changed.c.change == change.key)).all()
    restored = []
    for key, status, collection in kept:
        statement = update(articles).where(articles.c.key == key)
        if change.target:
            statement = statement.where(articles.c.collection == change.target).values(collection=collection)
        else:
            statement = statement.where(articles.c.status == Status.WITHDRAWN.value).values(status=status)
        if connection.execute(statement).rowcount:
            restored.append(key)
    for collection in {change.subject} if change.action in {REMOVE, MERGE} else {row[2] for row in kept}:
        _mark(connection, collection, removed=False)
    for part in article_rows.parts(restored):
        article_rows.changed(connection, part)
    return len(restored)

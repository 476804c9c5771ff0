"""The 长编 of a library. Only the database guards them, not the writer's lock."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import delete, insert, select, update

from archive.model.compilation import Compilation, as_json, from_json
from archive.model.errors import Conflict, NotFound
from archive.store import audit
from archive.store.database import Database
from archive.store.lock import now
from archive.store.workbench_schema import compilations


class CompilationRows:
    """The 长编 of one library, by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Compilation, ...]:
        """All of them, by name."""
        table = compilations.c
        query = select(table.body).order_by(table.name)
        return self._database.remembered(
            "compilations", lambda connection: tuple(map(from_json, connection.scalars(query)))
        )

    def save(self, compilation: Compilation, who: str) -> Compilation:
        """Keep one; returns it with its new revision.

        Raises Conflict when `revision` is not the one kept (0: none is kept), so that nobody's work is written over.
        """
        saved = replace(compilation, revision=compilation.revision + 1)
        moment, name = now(), compilation.name
        row = {"revision": saved.revision, "moment": moment, "who": who, "body": as_json(saved)}
        with self._database.writing() as connection:
            kept = connection.scalar(select(compilations.c.revision).where(compilations.c.name == name)) or 0
            if kept != compilation.revision:
                raise _conflict(compilation, kept)
            if kept:
                connection.execute(update(compilations).where(compilations.c.name == name).values(row))
            else:
                connection.execute(insert(compilations).values(name=name, **row))
                audit.note(connection, (moment, who), "compilation", name, "建立长编")
        return saved

    def remove(self, name: str, who: str) -> None:
        """Delete one; its cards stay. Raises NotFound."""
        with self._database.writing() as connection:
            if not connection.execute(delete(compilations).where(compilations.c.name == name)).rowcount:
                raise no_compilation()
            audit.note(connection, (now(), who), "compilation", name, "删除长编")


def no_compilation() -> NotFound:
    """The error for a 长编 that is not there, or not to be known of."""
    return NotFound("没有这部长编", hint="重新打开“长编”，看有哪几部")


def _conflict(compilation: Compilation, kept: int) -> Conflict:
    if not compilation.revision:
        return Conflict(f"已经有名为“{compilation.name}”的长编。", hint="请换一个名称，或打开原来那一部。")
    if not kept:
        return Conflict(f"长编“{compilation.name}”已被删除，改动没有保存。", hint="请另建一部。")
    return Conflict(f"长编“{compilation.name}”刚刚在别处改过，这次改动没有保存。", hint="请刷新页面后再改。")

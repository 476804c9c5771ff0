"""Book projects and their frozen editions.

Only the database guards them, not the writer's lock: who gathers texts must not wait for a long import.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, func, insert, select, update

from archive.model.errors import Conflict, NotFound
from archive.model.project import Edition, Project, as_json, from_json
from archive.store import audit, schema
from archive.store.database import Database
from archive.store.lock import now


class Projects:
    """The book projects and frozen editions of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- projects

    def names(self) -> tuple[str, ...]:
        """All names, those saved last first."""
        table = schema.projects.c
        with self._database.reading() as connection:
            return tuple(connection.scalars(select(table.name).order_by(table.moment.desc(), table.name)))

    def find(self, name: str) -> Project | None:
        """The project of that name; None where there is none."""
        with self._database.reading() as connection:
            body = connection.scalar(select(schema.projects.c.body).where(schema.projects.c.name == name))
        return None if body is None else from_json(body)

    def get(self, name: str) -> Project:
        """The project of that name. Raises NotFound."""
        found = self.find(name)
        if found is None:
            raise no_project(name, self.names())
        return found

    def save(self, project: Project, who: str) -> Project:
        """Keep a project; returns it with its new revision.

        Raises Conflict when `revision` is not the one kept (0: none is kept), so that nobody's work is written over.
        """
        saved = replace(project, revision=project.revision + 1)
        moment = now()
        row = {"revision": saved.revision, "moment": moment, "who": who, "body": as_json(saved)}
        with self._database.writing() as connection:
            kept = _revision(connection, project.name)
            if kept != project.revision:
                raise _conflict(project, kept)
            if kept:
                connection.execute(update(schema.projects).where(schema.projects.c.name == project.name).values(row))
            else:
                connection.execute(insert(schema.projects).values(name=project.name, **row))
                audit.note(connection, (moment, who), "project", project.name, "建立书稿")
        return saved

    def remove(self, name: str, who: str) -> None:
        """Delete a project; its editions stay. Raises NotFound."""
        with self._database.writing() as connection:
            gone = connection.execute(delete(schema.projects).where(schema.projects.c.name == name))
            if not gone.rowcount:
                raise no_project(name, ())
            audit.note(connection, (now(), who), "project", name, "删除书稿")

    # -- editions

    def editions(self, name: str) -> Sequence[Edition]:
        """The frozen states of a project, the newest first; empty when there are none."""
        table = schema.editions.c
        wanted = select(table.number, table.moment, table.who, table.manifest).where(table.project == name)
        with self._database.reading() as connection:
            return tuple(Edition(*row) for row in connection.execute(wanted.order_by(table.number.desc())))

    def freeze(self, name: str, manifest: str, who: str) -> Edition:
        """Keep a manifest as the next edition of a project."""
        table = schema.editions
        with self._database.writing() as connection:
            latest = connection.scalar(select(func.max(table.c.number)).where(table.c.project == name))
            edition = Edition((latest or 0) + 1, now(), who, manifest)
            row = {"number": edition.number, "moment": edition.moment, "who": who, "manifest": manifest}
            connection.execute(insert(table).values(project=name, **row))
            audit.note(connection, (edition.moment, who), "edition", name, f"定稿第 {edition.number} 次")
        return edition


def no_project(name: str, known: Sequence[str]) -> NotFound:
    """The error for a project that is not there, or not to be known of."""
    return NotFound(f"没有书稿“{name}”。", hint=f"现有书稿：{'、'.join(known)}。" if known else "还没有建立过书稿。")


def _revision(connection: Connection, name: str) -> int:
    return connection.scalar(select(schema.projects.c.revision).where(schema.projects.c.name == name)) or 0


def _conflict(project: Project, kept: int) -> Conflict:
    if not project.revision:
        return Conflict(f"已经有名为“{project.name}”的书稿。", hint="请换一个名称，或修改原来那一部。")
    if not kept:
        return Conflict(f"书稿“{project.name}”已被删除，改动没有保存。", hint="请另建一部书稿。")
    return Conflict(
        f"书稿“{project.name}”刚刚在别处改过，这次改动没有保存。", hint="请刷新页面（或重新导出书稿文件）后再改。"
    )

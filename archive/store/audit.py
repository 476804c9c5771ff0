"""The audit log: who did what, when. Never any manuscript text."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from archive.model.holdings import AuditEntry
from archive.store import schema


def note(connection: Connection, origin: tuple[str, str], action: str, subject: str, detail: str) -> None:
    """Add a line to the audit log. `origin` is (moment, who); never pass manuscript text."""
    moment, who = origin
    row = {"moment": moment, "who": who, "action": action, "subject": subject, "detail": detail}
    connection.execute(insert(schema.audit).values(row))


def latest(connection: Connection, limit: int) -> tuple[AuditEntry, ...]:
    """The latest `limit` lines of the audit log, newest first."""
    table = schema.audit.c
    query = select(table.moment, table.who, table.action, table.subject, table.detail)
    return tuple(AuditEntry(*row) for row in connection.execute(query.order_by(table.key.desc()).limit(limit)))

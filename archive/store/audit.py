"""The audit log: who did what, when, to what, from where. Never any manuscript text.

Its entries are a chain: the digest of each is made from that of the one before, so that a changed entry or a gap shows
when the library is checked. A tail that was cut off does not show from within; so the last digest goes into every
backup and every copy of the log that is handed out, and can be compared with it later.

What an entry tells in detail may have to be purged. The chain therefore holds a digest of it with a salt of its own:
once both are gone nothing can be guessed from that, and the chain still holds.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from archive.model.holdings import AuditEntry, AuditFilter, AuditHead
from archive.store import schema
from archive.support import whence

PURGED = "（已清除）"
"""What stands in place of what was purged."""

_CHAINED = ("key", "moment", "who", "action", "subject", "place", "detail_digest")
_table = schema.audit.c

Execute = Callable[[str], Iterable[Sequence[Any]]]


def note(connection: Connection, origin: tuple[str, str], action: str, subject: str, detail: str) -> None:
    """Add an entry. `origin` is (moment, who); never pass manuscript text."""
    moment, who = origin
    before = connection.execute(select(_table.key, _table.digest).order_by(_table.key.desc()).limit(1)).first()
    key, digest = (before[0], before[1]) if before else (0, "")
    row = chained(digest, (key + 1, moment, who, action, subject, whence.place()), detail)
    connection.execute(insert(schema.audit).values(row))


def chained(before: str, said: tuple[int, str, str, str, str, str], detail: str) -> dict[str, object]:
    """The row of an entry: `said` is (key, moment, who, action, subject, place), `before` the last digest."""
    salt = secrets.token_hex(16)
    hidden = _hidden(salt, detail)
    row = dict(zip(_CHAINED, (*said, hidden), strict=True))
    return row | {"detail": detail, "salt": salt, "digest": _digest(before, (*said, hidden))}


def _hidden(salt: str, detail: str) -> str:
    return hashlib.sha256(f"{salt}{detail}".encode()).hexdigest()


def _digest(before: str, values: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps([before, *values], ensure_ascii=False).encode()).hexdigest()


def erase(connection: Connection, which: ColumnElement[bool]) -> None:
    """Take what was told in detail out of entries; the chain holds."""
    connection.execute(update(schema.audit).where(which).values(detail=PURGED, salt=""))


def entries(connection: Connection, wanted: AuditFilter, limit: int | None, offset: int = 0) -> tuple[AuditEntry, ...]:
    """The entries that are wanted, newest first."""
    columns = (_table.moment, _table.who, _table.action, _table.subject, _table.detail, _table.place)
    query = select(*columns).where(*_conditions(wanted)).order_by(_table.key.desc())
    return tuple(AuditEntry(*row) for row in connection.execute(query.limit(limit).offset(offset)))


def _conditions(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    for column, value in ((_table.who, wanted.who), (_table.action, wanted.action), (_table.place, wanted.place)):
        if value:
            yield column == value
    if wanted.subject:
        yield _table.subject == wanted.subject
    if wanted.since:
        yield _table.moment >= wanted.since
    if wanted.until:
        yield _table.moment < f"{wanted.until}T99"  # the day is included


def choices(connection: Connection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The people and the actions that occur."""
    who = tuple(connection.scalars(select(_table.who).distinct().order_by(_table.who)))
    return who, tuple(connection.scalars(select(_table.action).distinct().order_by(_table.action)))


def head(execute: Execute) -> AuditHead:
    """The last entry of the chain."""
    for key, digest in execute("SELECT key, digest FROM audit ORDER BY key DESC LIMIT 1"):
        return AuditHead(key, digest)
    return AuditHead(0, "")


def holds(execute: Execute, earlier: AuditHead) -> bool:
    """Whether the chain still contains what was its last entry at an earlier time."""
    found = list(execute(f"SELECT digest FROM audit WHERE key = {int(earlier.entries)}"))
    return not earlier.entries or bool(found and found[0][0] == earlier.digest)


def faults(execute: Execute) -> Iterator[str]:
    """What is wrong with the chain, each with the number of the entry, in order."""
    before, expected = "", 1
    purgings = [int(key) for (key,) in execute("SELECT key FROM audit WHERE action = 'purge'")]
    last_purging = max(purgings, default=0)
    for detail, salt, digest, *values in execute(
        f"SELECT detail, salt, digest, {', '.join(_CHAINED)} FROM audit ORDER BY key"
    ):
        key = int(values[0])
        if key != expected:
            yield f"第 {expected} 至 {key - 1} 条不见了"
        elif _digest(before, values) != digest:
            yield f"第 {key} 条被改过，或接不上前一条"
        elif salt and _hidden(salt, detail) != values[-1]:
            yield f"第 {key} 条的说明被改过"
        elif not salt and (detail != PURGED or key > last_purging):
            yield f"第 {key} 条的说明被去掉了，却没有清除的记录"
        before, expected = digest, key + 1

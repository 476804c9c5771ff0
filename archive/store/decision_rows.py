"""Editors' decisions on dates, and the dates that follow from them. All inside the connection's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from archive.model.date_decisions import Decision
from archive.model.errors import NotFound
from archive.model.records import Mention, Period, Precision
from archive.store import article_rows, audit, dialects
from archive.store.schema import date_decisions, made_with, mentions

_PERIODS = "periods"

_DECISION = (
    date_decisions.c.block,
    date_decisions.c.start,
    date_decisions.c.written,
    date_decisions.c.before,
    date_decisions.c.after,
    date_decisions.c.first_day,
    date_decisions.c.last_day,
    date_decisions.c.precision,
    date_decisions.c.expression,
    date_decisions.c.reason,
    date_decisions.c.key,
    date_decisions.c.who,
    date_decisions.c.moment,
)


def decisions(connection: Connection, id: str) -> tuple[Decision, ...]:
    """The decisions on an article's dates, oldest first. NotFound."""
    key, _ = article_rows.key_and_version(connection, id)
    query = select(*_DECISION).where(date_decisions.c.article == key).order_by(date_decisions.c.key)
    return tuple(_decision(row) for row in connection.execute(query))


def decide(connection: Connection, id: str, decision: Decision, origin: tuple[str, str]) -> None:
    """Add a decision on an article, with a line in the audit log. `origin` is (moment, who). NotFound."""
    key, _ = article_rows.key_and_version(connection, id)
    moment, who = origin
    period = decision.period
    row = {
        "article": key,
        "block": decision.block,
        "start": decision.start,
        "written": decision.written,
        "before": decision.before,
        "after": decision.after,
        "action": "set" if period else "reject",
        "first_day": period.start if period else None,
        "last_day": period.end if period else None,
        "precision": period.precision.value if period else None,
        "expression": period.written if period else None,
        "reason": decision.reason,
        "who": who,
        "moment": moment,
    }
    connection.execute(insert(date_decisions).values(row))
    verdict = f"改作 {period.written}" if period else "不是日期"
    audit.note(connection, origin, "date", id, f"第 {decision.block} 段，{verdict}：{decision.reason}")


def undecide(connection: Connection, id: str, number: int, origin: tuple[str, str]) -> None:
    """Take back one decision on an article by its key, with a line in the audit log. NotFound."""
    take_back(connection, id, [number])
    audit.note(connection, origin, "date", id, f"撤销日期订正 {number}")


def take_back(connection: Connection, id: str, numbers: Sequence[int]) -> None:
    """Take back decisions on an article, by their keys. NotFound when one of them is not among its decisions."""
    present = {decision.key for decision in decisions(connection, id)}
    if lost := [number for number in numbers if number not in present]:
        raise NotFound(f"文章 {id} 没有编号为 {lost[0]} 的日期订正", hint="它可能已被撤销；重新打开这篇文章再看")
    connection.execute(delete(date_decisions).where(date_decisions.c.key.in_(numbers)))


def move(connection: Connection, carried: Sequence[Decision]) -> None:
    """Note where decisions stand in the next version of their article."""
    for decision in carried:
        place = {
            "block": decision.block,
            "start": decision.start,
            "before": decision.before,
            "after": decision.after,
        }
        connection.execute(update(date_decisions).where(date_decisions.c.key == decision.key).values(place))


def replace_mentions(connection: Connection, dated: Iterable[tuple[str, Sequence[Mention]]]) -> None:
    """Give the current versions of articles these mentions and list them as pending. NotFound."""
    for id, fresh in dated:
        key, version = article_rows.key_and_version(connection, id)
        connection.execute(delete(mentions).where(mentions.c.article == key, mentions.c.version == version))
        article_rows.add_mentions(connection, [(key, version, fresh)])
        article_rows.add_pending(connection, [key])


def read_with(connection: Connection) -> str:
    """The signature of the periods that all dates were last read with; empty for the shipped ones alone."""
    query = select(made_with.c.signature).where(made_with.c.name == _PERIODS)
    return connection.scalar(query) or ""


def note_read_with(connection: Connection, signature: str) -> None:
    """Note the signature of the periods that all dates have been read with."""
    row = {"name": _PERIODS, "signature": signature}
    statement = dialects.insert(connection, made_with).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=row))


def _decision(row: Sequence[Any]) -> Decision:
    block, start, written, before, after, first, last, precision, expression, reason, key, who, moment = row
    period = Period(first, last, Precision(precision), expression) if precision else None
    return Decision(block, start, written, before, after, period, reason, key, who, moment)

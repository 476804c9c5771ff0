"""The records of people, places and bodies, each in all its versions, and who is meant at places of texts.

Only the database guards them, not the writer's lock: who reads must not wait for a long import.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from archive.model.errors import Conflict, NotFound
from archive.model.name_records import (
    Belonging,
    FormType,
    Identifier,
    NameChange,
    NameForm,
    NameKind,
    NameRecord,
    Standing,
    Statement,
)
from archive.store import audit, dialects
from archive.store.database import Database
from archive.store.lock import now
from archive.store.name_tables import name_decisions, name_records, name_versions
from archive.text.anchors import Anchor

_WRITTEN = ("forms", "dates", "note", "statements", "belongings", "identifiers")


@dataclass(frozen=True, eq=False, slots=True)
class HeldNames:
    """All records, those merged and removed too, by key in order; one and the same object until one is changed."""

    records: Mapping[int, NameRecord]


@dataclass(frozen=True, slots=True)
class NameDecision:
    """Who is meant by `form` at a place: one of the `records`, either of them, or nobody that can be told.

    `rejected` are records that are not meant, whatever else is decided. `batch` is what was decided in one go.
    """

    article: str
    anchor: Anchor
    form: str
    standing: Standing
    records: tuple[int, ...] = ()
    rejected: tuple[int, ...] = ()
    reason: str = ""
    who: str = ""
    when: str = ""
    batch: int = 0
    key: int = field(default=0, compare=False)


class NameRows:
    """The records of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: tuple[int, HeldNames] = -1, HeldNames({})

    # -- records

    def held(self) -> HeldNames:
        """All records."""
        latest = self._database.remembered(
            "latest name", lambda connection: connection.scalar(select(func.max(name_versions.c.key))) or 0
        )
        known, held = self._held
        if known != latest:
            held = HeldNames({one.key: one for one in self._all()})
            self._held = latest, held
        return held

    def _all(self) -> list[NameRecord]:
        query = (
            select(name_records, name_versions.c.body, name_versions.c.who, name_versions.c.moment)
            .join(name_versions, name_versions.c.record == name_records.c.key)
            .where(name_versions.c.version == name_records.c.version)
            .order_by(name_records.c.key)
        )
        with self._database.reading() as connection:
            return [_record(row) for row in connection.execute(query)]

    def versions(self, key: int) -> tuple[NameChange, ...]:
        """All versions of a record, oldest first. Raises NotFound."""
        versions = name_versions.c
        query = select(
            *(name_records.c.key, name_records.c.merged_into, name_records.c.removed),
            *(versions.version, versions.body, versions.done, versions.reason, versions.who, versions.moment),
        ).join(name_versions, versions.record == name_records.c.key)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(versions.record == key).order_by(versions.version)).all()
        if not rows:
            raise no_record()
        return tuple(NameChange(_record(row), row.done, row.reason) for row in rows)

    def put(self, records: Sequence[NameRecord], who: str, done: str, reason: str = "") -> tuple[int, ...]:
        """Store records as new ones (key 0) or as the next versions of theirs, all or none; their keys.

        Raises NotFound, Conflict where a record's version is neither 0 nor the present one.
        """
        if not records:
            return ()
        moment = now()
        with self._database.writing() as connection:
            keys = tuple(_put(connection, one, (moment, who), done, reason) for one in records)
            said = f"{done}“{records[0].preferred}”" if len(records) == 1 else f"{done} {len(records)} 条"
            subject = str(keys[0]) if len(keys) == 1 else ""
            audit.note(connection, (moment, who), "name", subject, f"{said}：{reason}" if reason else said)
        return keys

    # -- who is meant

    def decisions(self) -> Mapping[str, tuple[NameDecision, ...]]:
        """All decisions that hold, by article, oldest first."""
        return self._database.remembered("name decisions", _decisions)

    def leads(self) -> Mapping[int, int]:
        """For each merged record the one it leads to in the end."""
        records, found = self.held().records, dict[int, int]()
        for one in records.values():
            into = one
            for _ in records:
                if not into.merged_into or into.merged_into not in records:
                    break
                into = records[into.merged_into]
            if into is not one:
                found[one.key] = into.key
        return found

    def settled(self) -> Mapping[int, frozenset[str]]:
        """For each record, also by way of merged ones, the articles where somebody decided that it is meant."""
        leads, found = self.leads(), dict[int, set[str]]()
        for article, decisions in self.decisions().items():
            for one in decisions:
                if one.standing is Standing.SETTLED:
                    for record in one.records:
                        found.setdefault(leads.get(record, record), set()).add(article)
        return {record: frozenset(articles) for record, articles in found.items()}

    def meant(self, article: str) -> tuple[tuple[Anchor, tuple[int, ...]], ...]:
        """Where somebody decided in an article who is meant, and which records, none where nobody can tell."""
        leads = self.leads()
        return tuple(
            (one.anchor, tuple(leads.get(record, record) for record in one.records))
            for one in self.decisions().get(article, ())
            if one.standing is not Standing.OPEN
        )

    def decide(self, decisions: Sequence[NameDecision], who: str) -> int:
        """Keep decisions in place of earlier ones about the same places; the number of the batch."""
        moment, table = now(), name_decisions.c
        with self._database.writing() as connection:
            batch = (connection.scalar(select(func.max(table.batch))) or 0) + 1
            for one in decisions:
                anchor = _anchor(one.anchor)
                same = (table.article == one.article, table.anchor == anchor, table.replaced == 0)
                connection.execute(update(name_decisions).where(*same).values(replaced=batch))
                row = {
                    "article": one.article,
                    "anchor": anchor,
                    "form": one.form,
                    "standing": one.standing.value,
                    "records": json.dumps(one.records),
                    "rejected": json.dumps(one.rejected),
                    "reason": one.reason,
                    "who": who,
                    "moment": moment,
                    "batch": batch,
                    "replaced": 0,
                }
                connection.execute(insert(name_decisions).values(row))
            audit.note(connection, (moment, who), "name-decision", str(batch), f"指认 {len(decisions)} 处")
        return batch

    def undo(self, batch: int, who: str) -> tuple[str, ...]:
        """Take a batch back, so that what held before holds again; the articles. Raises NotFound, Conflict.

        Conflict where one of its places has been decided anew since.
        """
        table = name_decisions.c
        with self._database.writing() as connection:
            rows = connection.execute(select(table.article, table.replaced).where(table.batch == batch)).all()
            if not rows:
                raise NotFound("没有这一次指认", hint="也许已经撤销了，刷新页面再看")
            if any(row.replaced for row in rows):
                hint = "先撤销后来的指认，或逐处改"
                raise Conflict("这一次指认的地方，有的后来又改过，不能一起撤销", hint=hint)
            connection.execute(name_decisions.delete().where(table.batch == batch))
            connection.execute(update(name_decisions).where(table.replaced == batch).values(replaced=0))
            audit.note(connection, (now(), who), "name-decision", str(batch), f"撤销指认 {len(rows)} 处")
        return tuple(row.article for row in rows)

    def batch_articles(self, batch: int) -> tuple[str, ...]:
        """The articles of a batch."""
        table = name_decisions.c
        with self._database.reading() as connection:
            return tuple(connection.scalars(select(table.article).where(table.batch == batch).distinct()))


def no_record() -> NotFound:
    """The error for a record that is not there."""
    return NotFound("没有这条名称表", hint="到“人物、地名、机构”里查一下")


def _put(connection: Connection, one: NameRecord, origin: tuple[str, str], done: str, reason: str) -> int:
    standing = {"merged_into": one.merged_into, "removed": int(one.removed)}
    if one.key:
        present = connection.scalar(select(name_records.c.version).where(name_records.c.key == one.key))
        if present is None:
            raise no_record()
        if one.version not in (0, present):
            raise Conflict(f"“{one.preferred}”刚刚有人改过", hint="刷新页面，看了新的再改")
        key, version = one.key, present + 1
        values = {"version": version, **standing}
        connection.execute(update(name_records).where(name_records.c.key == key).values(values))
    else:
        version = 1
        key = dialects.added(connection, name_records, {"version": version, **standing})
    body = {"kind": one.kind.value, "preferred": one.preferred, **{name: asdict(one)[name] for name in _WRITTEN}}
    row = {"record": key, "version": version, "body": json.dumps(body, ensure_ascii=False), "done": done}
    connection.execute(insert(name_versions).values(**row, reason=reason, moment=origin[0], who=origin[1]))
    return key


def _record(row: Any) -> NameRecord:
    body = json.loads(row.body)
    return NameRecord(
        kind=NameKind(body["kind"]),
        preferred=body["preferred"],
        forms=tuple(NameForm(one["text"], FormType(one["type"])) for one in body["forms"]),
        dates=body["dates"],
        note=body["note"],
        statements=tuple(Statement(**one) for one in body["statements"]),
        belongings=tuple(Belonging(**one) for one in body["belongings"]),
        identifiers=tuple(Identifier(**one) for one in body["identifiers"]),
        key=row.key,
        version=row.version,
        merged_into=row.merged_into,
        removed=bool(row.removed),
        who=row.who,
        when=row.moment,
    )


def _decisions(connection: Connection) -> Mapping[str, tuple[NameDecision, ...]]:
    table = name_decisions.c
    found: dict[str, tuple[NameDecision, ...]] = {}
    for row in connection.execute(select(name_decisions).where(table.replaced == 0).order_by(table.key)):
        one = NameDecision(
            article=row.article,
            anchor=Anchor(*json.loads(row.anchor)),
            form=row.form,
            standing=Standing(row.standing),
            records=tuple(json.loads(row.records)),
            rejected=tuple(json.loads(row.rejected)),
            reason=row.reason,
            who=row.who,
            when=row.moment,
            batch=row.batch,
            key=row.key,
        )
        found[row.article] = (*found.get(row.article, ()), one)
    return found


def _anchor(anchor: Anchor) -> str:
    return json.dumps(astuple(anchor), ensure_ascii=False)

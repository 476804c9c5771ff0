"""Records of registers, articles and books, and the steps they took, as rows. Steps are only ever added.

What a record is now stands in its own row too, so that lists need not read its steps. Private fields lie in a table of
their own, out of every step, and can be changed and removed. Only the database guards all this, not the writer's lock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, insert, select, update

from archive.model.access import Rights
from archive.model.errors import Conflict, NotFound
from archive.model.procedures import RowChange, SignedStep, Values, WorkRecord
from archive.model.records import Status
from archive.store import audit, dialects, revising
from archive.store.database import Database
from archive.store.lock import now
from archive.store.schema import articles, private_values, record_steps, work_records
from archive.store.visibility import covered

_MOST = 500  # ids in one question

Folding = Callable[[WorkRecord, SignedStep], WorkRecord]
"""What a record is after a step."""

Numbering = Callable[[WorkRecord, Callable[[str], Mapping[str, int]]], Values]
"""The running numbers a record gets now, given for a field which record (by key) has which number."""


class RecordRows:
    """The records of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- reading

    def listed(self, procedure: str) -> tuple[WorkRecord, ...]:
        """All records of a procedure, in the order of coming in."""
        return self._records(work_records.c.procedure == procedure)

    def in_states(self, procedure: str, states: Sequence[str]) -> tuple[WorkRecord, ...]:
        """The records of a procedure that were last taken to one of these states."""
        wanted = (work_records.c.procedure == procedure) & work_records.c.state.in_(states)
        name = ("in states", procedure, tuple(states))  # every front page asks
        return self._database.remembered(name, lambda connection: _those(connection, wanted))

    def of_subject(self, subject: str, procedures: Sequence[str]) -> tuple[WorkRecord, ...]:
        """The records that stand for an article or a book in one of these procedures."""
        return self._records((work_records.c.subject == subject) & work_records.c.procedure.in_(procedures))

    def _records(self, condition: ColumnElement[bool]) -> tuple[WorkRecord, ...]:
        with self._database.reading() as connection:
            return _those(connection, condition)

    def record(self, key: int) -> WorkRecord:
        """One record. Raises NotFound."""
        with self._database.reading() as connection:
            return _read(connection, key)

    def steps(self, key: int) -> tuple[SignedStep, ...]:
        """The steps of a record, oldest first."""
        query = select(record_steps).where(record_steps.c.record == key).order_by(record_steps.c.key)
        with self._database.reading() as connection:
            return tuple(_step(row._mapping) for row in connection.execute(query))

    def private(self, key: int) -> dict[str, str]:
        """The private fields of a record."""
        table = private_values.c
        query = select(table.field, table.value).where(table.record == key).order_by(table.field)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def statuses(self, ids: Sequence[str], rights: Rights) -> dict[str, Status]:
        """The present status of those of these articles that rights cover."""
        found: dict[str, Status] = {}
        with self._database.reading() as connection:
            for start in range(0, len(ids), _MOST):
                query = select(articles.c.id, articles.c.status).where(
                    articles.c.id.in_(ids[start : start + _MOST]), covered(rights)
                )
                found |= {id: Status(status) for id, status in connection.execute(query)}
        return found

    # -- writing

    def begin(
        self, drafts: Sequence[tuple[WorkRecord, Sequence[SignedStep]]], fold: Folding, number: Numbering
    ) -> tuple[WorkRecord, ...]:
        """Keep new records of one procedure, each with its first steps: all of them or none."""
        with self._database.writing() as connection:
            numbers = _Numbers(connection, drafts[0][0].procedure, number) if drafts else None
            begun = []
            for record, steps in drafts:
                assert numbers is not None
                kept = _read(connection, dialects.added(connection, work_records, {**_row(record), "moment": now()}))
                for step in steps:
                    kept = _append(connection, kept, step, fold, numbers)
                begun.append(kept)
            return tuple(begun)

    def step(
        self,
        key: int,
        seen: int,
        steps: Sequence[SignedStep],
        fold: Folding,
        number: Numbering,
        status: tuple[str, Status, str] | None = None,
    ) -> WorkRecord:
        """Add steps to a record that has `seen` of them; `status` is that of its article (id, status, reason) then.

        All or nothing. Raises Conflict when somebody else took a step meanwhile, NotFound.
        """
        with self._database.writing() as connection:
            kept = _read(connection, key)
            if kept.steps != seen:
                raise Conflict("刚刚有人在这一份上走了一步，您的没有记上", hint="刷新这一页，看过新的一步再做")
            numbers = _Numbers(connection, kept.procedure, number)
            for step in steps:
                kept = _append(connection, kept, step, fold, numbers)
            if status is not None:
                article, wanted, reason = status
                revising.set_status(connection, article, wanted, (now(), steps[-1].who, reason))
            return kept

    def link(self, key: int, subject: str, who: str) -> None:
        """Say which article or book a record stands for. Raises NotFound."""
        with self._database.writing() as connection:
            held = _read(connection, key)
            connection.execute(update(work_records).where(work_records.c.key == key).values(subject=subject))
            audit.note(connection, (now(), who), "register", f"{held.procedure} {held.number}", f"对应 {subject}")

    def keep_private(self, key: int, values: Values, who: str) -> None:
        """Set private fields; empty ones are removed. The log tells which, not what. Raises NotFound."""
        with self._database.writing() as connection:
            held = _read(connection, key)
            names = list(values)
            mine = (private_values.c.record == key) & private_values.c.field.in_(names)
            connection.execute(delete(private_values).where(mine))
            for name, value in values.items():
                if value:
                    connection.execute(insert(private_values).values(record=key, field=name, value=value))
            audit.note(connection, (now(), who), "register", f"{held.procedure} {held.number}", "、".join(names))


class _Numbers:
    """The running numbers of a procedure's records, read once in a transaction."""

    def __init__(self, connection: Connection, procedure: str, number: Numbering) -> None:
        self._connection, self._procedure, self._number = connection, procedure, number
        self._held: dict[str, dict[str, int]] = {}

    def held(self, field: str) -> Mapping[str, int]:
        if field not in self._held:
            query = select(work_records.c.key, work_records.c.fields).where(work_records.c.procedure == self._procedure)
            rows = [(json.loads(fields).get(field), key) for key, fields in self._connection.execute(query)]
            self._held[field] = {value: key for value, key in rows if value}
        return self._held[field]

    def given(self, record: WorkRecord) -> Values:
        """The numbers a record gets now. Raises Conflict for one that another record has."""
        found = self._number(record, self.held)
        for field, held in self._held.items():
            if value := found.get(field, record.values.get(field, "")):
                held[value] = record.key
        return found


def _append(
    connection: Connection, record: WorkRecord, step: SignedStep, fold: Folding, numbers: _Numbers
) -> WorkRecord:
    """One step more; running numbers are part of it, so that they too follow from the steps."""
    after = fold(record, step)
    if given := numbers.given(after):
        step = replace(step, values={**step.values, **given})
        after = fold(record, step)
    moment = now()
    values = {
        "record": record.key,
        "source": step.source,
        "to_state": step.to,
        "moment": moment,
        "actor": step.actor,
        "who": step.who,
        "signer": step.signer,
        "post": step.post,
        "opinion": step.opinion,
        "reason": step.reason,
        "toward": step.toward,
        "fields": _json(dict(step.values)),
        "rows": _json([[one.group, one.index, dict(one.values), one.struck] for one in step.rows]),
        "assignee": step.assignee,
        "due": step.due,
        "version": step.version,
        "digest": step.digest,
        "edition": step.edition,
    }
    connection.execute(insert(record_steps).values(values))
    connection.execute(update(work_records).where(work_records.c.key == record.key).values(_row(after)))
    subject = f"{record.procedure} {after.number}"
    audit.note(connection, (moment, step.who), "step", subject, f"{step.source or '新登记'} → {step.toward or step.to}")
    return after


def _those(connection: Connection, condition: ColumnElement[bool]) -> tuple[WorkRecord, ...]:
    query = select(work_records).where(condition).order_by(work_records.c.key)
    return tuple(_record(row._mapping) for row in connection.execute(query))


def _read(connection: Connection, key: int) -> WorkRecord:
    row = connection.execute(select(work_records).where(work_records.c.key == key)).first()
    if row is None:
        raise NotFound("登记簿里没有这一份", hint="回到登记簿再找")
    return _record(row._mapping)


def _row(record: WorkRecord) -> dict[str, object]:
    return {
        "procedure": record.procedure,
        "number": record.number,
        "subject": record.subject,
        "state": record.state,
        "fields": _json(dict(record.values)),
        "rows": _json({name: list(rows) for name, rows in record.rows.items()}),
        "assignee": record.assignee,
        "due": record.due,
        "steps": record.steps,
    }


def _record(row: RowMapping) -> WorkRecord:
    rows: dict[str, list[Values | None]] = json.loads(str(row["rows"]))
    return WorkRecord(
        key=int(str(row["key"])),
        procedure=str(row["procedure"]),
        number=str(row["number"]),
        subject=str(row["subject"]),
        state=str(row["state"]),
        values=json.loads(str(row["fields"])),
        rows={name: tuple(held) for name, held in rows.items()},
        assignee=str(row["assignee"]),
        due=str(row["due"]),
        moment=str(row["moment"]),
        steps=int(str(row["steps"])),
    )


def _step(row: RowMapping) -> SignedStep:
    changes: list[tuple[str, int, dict[str, str], bool]] = json.loads(str(row["rows"]))
    texts = ("source", "moment", "actor", "who", "signer", "post", "opinion", "reason", "toward")
    return SignedStep(
        key=int(str(row["key"])),
        to=str(row["to_state"]),
        values=json.loads(str(row["fields"])),
        rows=tuple(RowChange(*one) for one in changes),
        assignee=str(row["assignee"]),
        due=str(row["due"]),
        version=int(str(row["version"])),
        digest=str(row["digest"]),
        edition=int(str(row["edition"])),
        **{name: str(row[name]) for name in texts},
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

"""What a step needs, and what a record is after it. Pure: no store, no actor."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from archive.catalogue.fields import NUMBER, UNWRITABLE
from archive.model.errors import Conflict, FieldError, PeriodError, UsageError
from archive.model.procedures import (
    BETWEEN_MARKS,
    Procedure,
    ProcedureField,
    RowChange,
    SignedStep,
    Transition,
    Values,
    WorkRecord,
    marks,
)
from archive.model.records import FieldKind, Period

DUE_FIELD = "期限"
"""What a step calls the day until which the next one is to be done."""

LONGEST = 20_000  # characters of one value
_DAY = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedStep:
    """What somebody wants a step to be. `seen` is how many steps they knew of, None when they did not look."""

    to: str
    opinion: str = ""
    values: Values = field(default_factory=dict)
    rows: tuple[RowChange, ...] = ()
    post: str = ""
    signer: str = ""
    reason: str = ""
    assignee: str = ""
    due: str = ""
    seen: int | None = None


def folded(procedure: Procedure, record: WorkRecord, step: SignedStep) -> WorkRecord:
    """The record after a step: fields of the record among the values of the step are set, rows changed."""
    known = {one.name for one in procedure.fields}
    values = dict(record.values)
    values |= {name: value for name, value in step.values.items() if name in known or not step.source}
    rows = {name: list(held) for name, held in record.rows.items()}
    for change in step.rows:
        held = rows.setdefault(change.group, [])
        held.extend([None] * (change.index + 1 - len(held)))
        before = held[change.index] or {}
        held[change.index] = None if change.struck else {**before, **change.values}
    moves = step.moves or not step.source
    return replace(
        record,
        number=values.get(procedure.number_field, ""),
        state=step.to,
        values={name: value for name, value in values.items() if value},
        rows={name: tuple(held) for name, held in rows.items()},
        assignee=step.assignee if moves or step.assignee else record.assignee,
        due=step.due if moves or step.due else record.due,
        steps=record.steps + 1,
    )


def replayed(procedure: Procedure, record: WorkRecord, steps: Iterable[SignedStep]) -> WorkRecord:
    """What a record must be by its steps alone."""
    bare = replace(record, number="", state="", values={}, rows={}, assignee="", due="", steps=0)
    for step in steps:
        bare = folded(procedure, bare, step)
    return bare


def numbering(procedure: Procedure, year: int) -> Callable[[WorkRecord, Callable[[str], Mapping[str, int]]], Values]:
    """What gives running numbers: the next one of the year for each that is due and not there yet."""

    def given(record: WorkRecord, held: Callable[[str], Mapping[str, int]]) -> Values:
        found = {}
        for rule in procedure.numbers:
            value = record.values.get(rule.field, "")
            if value:
                if held(rule.field).get(value, record.key) != record.key:
                    raise Conflict(f"{rule.field}“{value}”已经有了", hint="换一个号，或留空让程序接着编")
            elif rule.at in ("", record.state):
                found[rule.field] = _next(rule.form, year, held(rule.field))
        return found

    return given


def _next(form: str, year: int, held: Iterable[str]) -> str:
    """The number after the highest one of the year written in this form."""
    before, _, after = re.sub(r"\{n[^}]*\}", "\0", form).replace("{year}", str(year)).partition("\0")
    shape = re.compile(f"{re.escape(before)}(\\d+){re.escape(after)}")
    taken = [int(match[1]) for value in held if (match := shape.fullmatch(value))]
    return form.format(year=year, n=max(taken, default=0) + 1)


# -- values


def checked(one: ProcedureField, value: str, read: Callable[[str], Period]) -> str:
    """A value as it is kept. Raises FieldError for one that does not fit the field."""
    value = value.strip()
    if not value:
        return ""
    if fault := misfit(one, value, read):
        raise FieldError(fault, field=one.name, hint=_wanted(one))
    if one.several:
        return BETWEEN_MARKS.join(sorted(set(marks(value)), key=one.choices.index))
    return unicodedata.normalize("NFKC", value) if one.kind is FieldKind.NUMBER else value


def misfit(one: ProcedureField, value: str, read: Callable[[str], Period]) -> str:
    """Why a value does not fit a field, "" where it does."""
    if UNWRITABLE.search(value):
        return f"“{one.name}”里有不能保存的控制字符"
    if len(value) > LONGEST:
        return f"“{one.name}”太长（{len(value)} 字）"
    match one.kind:
        case FieldKind.CHOICE:
            given = marks(value) if one.several else (value,)
            if stranger := next((each for each in given if each not in one.choices), ""):
                return f"“{one.name}”不能是“{stranger[:20]}”"
        case FieldKind.NUMBER if not NUMBER.fullmatch(unicodedata.normalize("NFKC", value)):
            return f"“{one.name}”应是数字，“{value[:20]}”不是"
        case FieldKind.DATE:
            try:
                read(value)
            except PeriodError as fault:
                return f"“{one.name}”看不懂：{fault.message}"
    return ""


def _wanted(one: ProcedureField) -> str:
    match one.kind:
        case FieldKind.CHOICE:
            return f"可选{'一个或几个' if one.several else ''}：{'、'.join(one.choices)}"
        case FieldKind.DATE:
            return "写成看得懂的日期，如 2026-03-02 或 2026年3月2日"
        case FieldKind.NUMBER:
            return "写阿拉伯数字，如 12 或 3.5"
    return "写一段文字"


def day(written: str) -> str:
    """A due day as it is kept: ISO. Raises UsageError."""
    if not written.strip():
        return ""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", written.strip()))
    try:
        return date(*map(int, found.groups())).isoformat() if found else _no_day(written)
    except ValueError:
        return _no_day(written)


def _no_day(written: str) -> str:
    raise UsageError(f"期限“{written[:20]}”不是一个日子", hint="写成 2026-03-02 或 2026年3月2日")


def due_in(procedure: Procedure, state: str, today: date) -> str:
    """The day until which something is to be done in a state; "" for none."""
    held = procedure.state(state)
    return (today + timedelta(days=held.days)).isoformat() if held and held.days else ""


# -- what a step needs


def missing(step: Transition, record: WorkRecord, asked: AskedStep) -> list[str]:
    """What is still needed for a step, as sentences; empty when it can be taken. `record` is as it would be after."""
    found = [f"{one.words}，才能走这一步" for one in step.when if not record.fulfils(one)]
    if step.opinion and not asked.opinion.strip():
        found.append(f"要写{step.opinion}")
    for name in step.needed:
        given = asked.due if name == DUE_FIELD else asked.values.get(name, "") or record.values.get(name, "")
        if not given:
            found.append(f"要写{name}")
    if step.rows and not any(one.group == step.rows and not one.struck for one in asked.rows):
        found.append(f"要添一行“{step.rows}”")
    for group, name in step.filled:
        empty = [str(at + 1) for at, row in record.of_group(group) if not row.get(name)]
        if empty:
            found.append(f"“{group}”第 {'、'.join(empty)} 行还没有{name}")
    return found


def held_before(procedure: Procedure, steps: Sequence[SignedStep], signer: str, post: str) -> str:
    """Another reviewing post that the same person has signed a step as since the record last began; "" for none."""
    this = procedure.post(post)
    if this is None or not this.reviews:
        return ""
    begun = max((at for at, one in enumerate(steps) if one.to in procedure.begins), default=0)
    for one in reversed(steps[begun:]):
        other = procedure.post(one.post)
        if one.signer == signer and other is not None and other.reviews and other.name != post:
            return other.name
    return ""


def signatures(step: Transition, steps: Sequence[SignedStep], digest: str) -> tuple[str, ...]:
    """The posts that have signed a step that several must, since the record last moved, for what it is now."""
    found = []
    for one in reversed(steps):
        if one.moves:
            break
        if one.toward == step.to and one.digest == digest:
            found.append(one.post)
    return tuple(reversed(found))


def by_all(step: Transition, signed: SignedStep, taken: Sequence[SignedStep]) -> SignedStep:
    """A signature that others must follow leaves the record where it is."""
    if not step.signed_by:
        return signed
    held = {*signatures(step, taken, signed.digest), signed.post}
    if held >= set(step.signed_by):
        return replace(signed, toward=step.to)
    return replace(signed, to=signed.source, toward=step.to, due="")

"""What must hold of a procedure: all it names is there, readers see only what a step releases, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from archive.model.procedures import (
    ANY_STATE,
    STATE_FIELD,
    FieldCondition,
    Procedure,
    ProcedureField,
    Subject,
    Transition,
)
from archive.model.records import Status


class Fault(NamedTuple):
    """What is wrong, in which of the tables of a kind (from 0), and with which key of it ("" for all of it)."""

    message: str
    table: str = ""
    at: int = 0
    key: str = ""


def faults(procedure: Procedure) -> Iterator[Fault]:
    """What is wrong with a procedure, in the order of the file."""
    yield from _head(procedure)
    yield from _fields(procedure)
    yield from _states(procedure)
    for index, step in enumerate(procedure.transitions):
        yield from _step(procedure, step, index)
    yield from _ways(procedure)
    for index, rate in enumerate(procedure.rates):
        for key, conditions in (("count", rate.count), ("among", rate.among)):
            yield from _conditions(procedure, conditions, ("rate", index, key))


def _head(procedure: Procedure) -> Iterator[Fault]:
    if not procedure.numbers:
        yield Fault("缺少 [[number]]：每份登记要有一个号")
    if not procedure.states:
        yield Fault("缺少 [[state]]：至少要有一个状态")
    if not procedure.begins:
        yield Fault("缺少“begins”：新的一份从哪个状态开始", key="begins")
    for each in procedure.begins:
        if procedure.state(each) is None:
            yield Fault(f"“begins”里的“{each}”不是这里的状态", key="begins")
    for index, number in enumerate(procedure.numbers):
        if number.at and procedure.state(number.at) is None:
            yield Fault(f"没有“{number.at}”这个状态", "number", index, "at")


def _fields(procedure: Procedure) -> Iterator[Fault]:
    yield from _twice("field", [one.name for one in procedure.fields])
    yield from _twice("rows", [one.name for one in procedure.groups])
    yield from _twice("post", [one.name for one in procedure.posts])
    yield from _twice("state", [one.name for one in procedure.states])
    for index, one in enumerate(procedure.fields):
        if one.name == STATE_FIELD:
            yield Fault(f"“{STATE_FIELD}”由程序记，不能作字段名", "field", index, "name")
        if one.private and (one.listed or one.by_class or one.name in {each.field for each in procedure.numbers}):
            yield Fault(f"“{one.name}”是个人信息（private），不能列在表里或作编号", "field", index, "private")
    for index, group in enumerate(procedure.groups):
        names = [one.name for one in group.fields]
        if len(set(names)) < len(names):
            yield Fault(f"“{group.name}”里有两项同名", "rows", index, "fields")
        if any(one.private for one in group.fields):
            yield Fault("重复的行里不能有个人信息（private），请放在 [[field]] 里", "rows", index, "fields")


def _twice(table: str, names: Sequence[str]) -> Iterator[Fault]:
    for place, name in enumerate(names):
        if name in names[:place]:
            yield Fault(f"“{name}”写了两次", table, place, "name")


def _states(procedure: Procedure) -> Iterator[Fault]:
    article = procedure.subject is Subject.ARTICLE
    for index, state in enumerate(procedure.states):
        if article and state.status is None:
            yield Fault(f"“{state.name}”没有写 status：这时文章算哪种稿件状态，读者看得到看不到", "state", index)
        if not article and state.status is not None:
            yield Fault('只有文章的流程（subject = "article"）才写 status', "state", index, "status")
        if state.falls_to and (procedure.subject is not Subject.BOOK or procedure.state(state.falls_to) is None):
            yield Fault(f"“falls_to”要写书稿流程里的一个状态，“{state.falls_to}”不是", "state", index, "falls_to")
    if article:
        held = {state.status for state in procedure.states}
        for status in Status:
            if status not in held:
                yield Fault(f"没有哪个状态的 status 是“{status.value}”：库里这样的文章就没有位置了", "state")


def _step(procedure: Procedure, step: Transition, index: int) -> Iterator[Fault]:
    def wrong(message: str, key: str) -> Fault:
        return Fault(message, "step", index, key)

    if not step.sources:
        yield wrong("缺少“from”：这一步从哪个状态走", "from")
    for source in step.sources:
        if source != ANY_STATE and procedure.state(source) is None:
            yield wrong(f"没有“{source}”这个状态", "from")
    if procedure.state(step.to) is None:
        yield wrong(f"没有“{step.to}”这个状态", "to")
    if bool(step.who) == bool(step.signed_by):
        yield wrong("这一步谁来做：写 who（其中一人）或 signed_by（都要签字），只写一样", "who")
    for post in step.posts:
        if procedure.post(post) is None:
            yield wrong(f"没有“{post}”这个岗位", "signed_by" if step.signed_by else "who")
    if step.rows and procedure.group(step.rows) is None:
        yield wrong(f"没有“{step.rows}”这组行", "rows")
    for group, name in step.filled:
        held = procedure.group(group)
        if held is None or name not in {one.name for one in held.fields}:
            yield wrong(f"没有“{group}.{name}”这一项", "filled")
    yield from _conditions(procedure, step.when, ("step", index, "when"))
    if (step.freezes or step.sound) and procedure.subject is not Subject.BOOK:
        yield wrong('只有书稿的流程（subject = "book"）才有校样', "freezes")
    yield from _released(procedure, step, index)


def _released(procedure: Procedure, step: Transition, index: int) -> Iterator[Fault]:
    """Readers see an article only after a step that says so."""
    to = procedure.state(step.to)
    shown = to is not None and to.status is Status.RELEASED
    if shown and not step.releases:
        yield Fault(f"到了“{step.to}”读者就看得到，这一步要写明 releases = true", "step", index, "to")
    if step.releases and not shown:
        yield Fault(f"“{step.to}”的 status 不是发布，读者看不到，不要写 releases", "step", index, "releases")


def _ways(procedure: Procedure) -> Iterator[Fault]:
    seen: dict[tuple[str, str], int] = {}
    for index, step in enumerate(procedure.transitions):
        for source in step.sources:
            if (source, step.to) in seen:
                yield Fault(f"从“{source}”到“{step.to}”写了两步", "step", index, "to")
            seen[source, step.to] = index
    reached = set(procedure.begins)
    if procedure.subject is Subject.ARTICLE:
        reached |= {procedure.state_of(status) for status in Status}
    while fresh := {step.to for state in reached for step in procedure.ways(state)} - reached:
        reached |= fresh
    for index, state in enumerate(procedure.states):
        if state.name not in reached:
            yield Fault(f"没有哪一步走得到“{state.name}”", "state", index)
        may_end = state.closed and procedure.subject is not Subject.ARTICLE
        if not may_end and not any(step.to != state.name for step in procedure.ways(state.name)):
            yield Fault(f"到了“{state.name}”就再也出不来：加一步，或写 closed = true", "state", index)


def _conditions(
    procedure: Procedure, conditions: Iterable[FieldCondition], place: tuple[str, int, str]
) -> Iterator[Fault]:
    for one in conditions:
        if one.group:
            group = procedure.group(one.group)
            known: Sequence[ProcedureField] = group.fields if group else ()
        else:
            known = procedure.public_fields
        if one.field == STATE_FIELD and not one.group:
            strangers = [value for value in one.values if procedure.state(value) is None]
            if strangers:
                yield Fault(f"没有“{strangers[0]}”这个状态", *place)
            continue
        found = next((each for each in known if each.name == one.field), None)
        if found is None:
            name = f"{one.group}.{one.field}" if one.group else one.field
            yield Fault(f"没有“{name}”这一项", *place)
        elif found.choices and (odd := next((each for each in one.values if each not in found.choices), None)):
            yield Fault(f"“{one.field}”没有“{odd}”这个选项", *place)

"""A procedure as a TOML file that an office writes (docs/workflow.md); a mistake is told with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from archive.model.access import Action
from archive.model.errors import ConfigError
from archive.model.procedures import (
    BETWEEN_MARKS,
    FieldCondition,
    NumberRule,
    OfficePost,
    Procedure,
    ProcedureField,
    ProcedureState,
    RateRule,
    RowGroup,
    Subject,
    Transition,
)
from archive.model.records import FieldKind, Status
from archive.workflow.procedure_rules import Fault, faults

HINT = "写法见 docs/workflow.md；改好之前沿用程序自带的或上一次能用的"

KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("name", "subject", "register", "about", "begins", "number", "post", "field", "rows", "state", "step", "rate"),
    "number": ("field", "form", "at"),
    "post": ("name", "right", "reviews"),
    "field": ("name", "kind", "choices", "required", "long", "private", "listed", "by_class", "several"),
    "rows": ("name", "fields"),
    "state": ("name", "status", "closed", "days", "falls_to"),
    "step": (
        "from", "to", "who", "signed_by", "opinion", "needed", "recorded", "rows", "filled", "when", "releases",
        "freezes", "sound",
    ),
    "rate": ("name", "count", "among"),
}  # fmt: skip
_FIELD_KINDS = {"text": FieldKind.TEXT, "number": FieldKind.NUMBER, "date": FieldKind.DATE, "choice": FieldKind.CHOICE}


def read(text: str, place: str, *, own: bool = False) -> Procedure:
    """The procedure of a file's text; `place` names the file. Raises ConfigError, with the line."""
    try:
        found = _procedure(tables_in(text, place), own)
        wrong = next(faults(found), None)
    except _Wrong as error:
        wrong = error.fault
    if wrong is not None:
        raise ConfigError(wrong.message, place=_place(text, wrong, place), hint=HINT)
    return found


def tables_in(text: str, place: str) -> dict[str, Any]:
    """The tables of a file's text, whatever they say. Raises ConfigError, with the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{place} 第 {line[1]} 行" if line else f"{place} 末尾"
        raise ConfigError(f"这一行的写法不对（{error}）", place=where, hint=HINT) from error


def faults_of(data: Mapping[str, Any]) -> tuple[Fault, ...]:
    """All that is wrong with the tables of a procedure; only the first of what has not even the right shape."""
    wrong = misshapen(data)
    return (wrong,) if wrong is not None else tuple(faults(_procedure(data, True)))


def misshapen(data: Mapping[str, Any]) -> Fault | None:
    """The first entry that is wrong in itself, whatever the others say."""
    try:
        _procedure(data, True)
    except _Wrong as error:
        return error.fault
    return None


class _Wrong(Exception):
    def __init__(self, message: str, table: str = "", index: int = 0, key: str = "") -> None:
        super().__init__(message)
        self.fault = Fault(message, table, index, key)


def _place(text: str, fault: Fault, place: str) -> str:
    """The line of a fault: that of its key within its table, else of the table's header."""
    lines = text.splitlines()
    header = re.compile(rf"\s*\[\[\s*{fault.table}\s*\]\]") if fault.table else None
    starts = [number for number, line in enumerate(lines) if header is None or header.match(line)]
    start = starts[fault.at] if fault.at < len(starts) else 0
    for number, line in enumerate(lines[start:], start):
        if number > start and re.match(r"\s*\[", line):
            break
        if fault.key and re.match(rf"\s*{re.escape(fault.key)}\s*=", line):
            return f"{place} 第 {number + 1} 行"
    return f"{place} 第 {start + 1} 行"


class _Table:
    """One table of the file, whose values are taken by type."""

    def __init__(self, data: Any, table: str, index: int) -> None:
        self.table, self.index = table, index
        if not isinstance(data, dict):
            raise _Wrong(f"“{table}”应是一组 [[{table}]]", table)
        self.data = data
        known = KEYS[table]
        if unknown := next((key for key in data if key not in known), None):
            raise _Wrong(f"不认识的一项“{unknown}”，可以写：{'、'.join(known)}", table, index, unknown)

    def wrong(self, key: str, message: str) -> _Wrong:
        return _Wrong(message, self.table, self.index, key)

    def text(self, key: str, *, needed: bool = False) -> str:
        value = self.data.get(key, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            raise self.wrong(key, f"“{key}”要写一段文字（加引号）" if key in self.data else f"缺少“{key}”")
        return value.strip()

    def flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, f"“{key}”只能写 true 或 false")
        return value

    def number(self, key: str) -> int:
        value = self.data.get(key, 0)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 36500:
            raise self.wrong(key, f"“{key}”要写天数，如 90")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text with | between them."""
        value = self.data.get(key, [])
        if isinstance(value, str):
            value = value.split("|")
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.wrong(key, f'“{key}”要写成列表，如 ["初审", "复审"]')
        return tuple(one.strip() for one in value)

    def conditions(self, key: str) -> tuple[FieldCondition, ...]:
        value = self.data.get(key, [])
        written = [value] if isinstance(value, str) else value
        if not isinstance(written, list) or not all(isinstance(one, str) for one in written):
            raise self.wrong(key, f'“{key}”要写成列表，如 ["满意程度=满意|基本满意"]')
        return tuple(condition(one) for one in written)


def condition(written: str) -> FieldCondition:
    """A condition as it is written: 字段=值|值, 组.字段=值, 字段=* (any value at all)."""
    left, _, right = written.partition("=")
    group, dot, name = left.strip().rpartition(".")
    values = () if right.strip() in ("", "*") else tuple(one.strip() for one in right.split("|"))
    return FieldCondition(field=name if dot else left.strip(), values=values, group=group)


def _tables(data: Mapping[str, Any], table: str) -> Iterator[_Table]:
    held = data.get(table, [])
    if not isinstance(held, list):
        raise _Wrong(f"“{table}”要写成 [[{table}]]", "", 0, table)
    for index, one in enumerate(held):
        yield _Table(one, table, index)


def _procedure(data: Mapping[str, Any], own: bool) -> Procedure:
    head = _Table(data, "", 0)
    subject = head.text("subject") or Subject.REGISTER.value
    if subject not in [one.value for one in Subject]:
        raise head.wrong("subject", f"“subject”只能是 {'、'.join(one.value for one in Subject)}")
    fields = [_field(one, one.data) for one in _tables(data, "field")]
    numbers = tuple(_number(one) for one in _tables(data, "number"))
    named = {one.name for one in fields}
    running = [ProcedureField(one.field, listed=True) for one in numbers if one.field not in named]
    return Procedure(
        name=head.text("name", needed=True),
        subject=Subject(subject),
        register=head.text("register"),
        about=head.text("about"),
        begins=head.texts("begins"),
        fields=(*fields, *running),
        groups=tuple(_group(one) for one in _tables(data, "rows")),
        numbers=numbers,
        posts=tuple(_post(one) for one in _tables(data, "post")),
        states=tuple(_state(one) for one in _tables(data, "state")),
        transitions=tuple(_transition(one) for one in _tables(data, "step")),
        rates=tuple(
            RateRule(one.text("name", needed=True), one.conditions("count"), one.conditions("among"))
            for one in _tables(data, "rate")
        ),
        own=own,
    )


def _number(table: _Table) -> NumberRule:
    form = table.text("form", needed=True)
    try:
        if form.format(year=2026, n=7) == form.format(year=2026, n=8):
            raise ValueError
    except (ValueError, KeyError, IndexError) as error:
        raise table.wrong("form", "“form”要有 {n}，可以有 {year}，如 {year}-{n:03}") from error
    return NumberRule(table.text("field", needed=True), form, table.text("at"))


def _post(table: _Table) -> OfficePost:
    right = table.text("right", needed=True)
    if right not in [one.value for one in Action]:
        raise table.wrong("right", f"没有“{right}”这种权限，可以写：{'、'.join(one.value for one in Action)}")
    return OfficePost(table.text("name", needed=True), Action(right), table.flag("reviews"))


def _field(table: _Table, data: Any) -> ProcedureField:
    """A field, that of a table of its own or one within a group of rows."""
    if not isinstance(data, dict):
        raise table.wrong("fields", '“fields”里每一项要写成 { name = "单位" }')
    one = table if data is table.data else _Table(data, "field", 0)
    if one is not table:
        one.table, one.index = table.table, table.index  # where the line is
    kind = one.text("kind") or ("choice" if "choices" in data else "text")
    if kind not in _FIELD_KINDS:
        raise one.wrong("kind", f"“kind”只能是 {'、'.join(_FIELD_KINDS)}")
    choices = one.texts("choices")
    if (kind == "choice") != bool(choices):
        raise one.wrong("choices", "选项（choice）要有 choices，别的没有")
    several = one.flag("several")
    if several and not choices:
        raise one.wrong("several", "可以勾几个的（several）要有 choices")
    if several and (joined := next((each for each in choices if BETWEEN_MARKS in each), "")):
        raise one.wrong("choices", f"“{joined}”里不能有顿号，几个一起勾时用它隔开")
    return ProcedureField(
        one.text("name", needed=True),
        _FIELD_KINDS[kind],
        choices,
        required=one.flag("required"),
        long=one.flag("long"),
        private=one.flag("private"),
        listed=one.flag("listed"),
        by_class=one.flag("by_class"),
        several=several,
    )


def _group(table: _Table) -> RowGroup:
    held = table.data.get("fields")
    if not isinstance(held, list) or not held:
        raise table.wrong("fields", '“fields”要写成列表，如 [{ name = "单位" }]')
    return RowGroup(table.text("name", needed=True), tuple(_field(table, one) for one in held))


def _state(table: _Table) -> ProcedureState:
    status = table.text("status")
    if status and status not in [one.value for one in Status]:
        raise table.wrong("status", f"“status”只能是 {'、'.join(one.value for one in Status)}")
    return ProcedureState(
        table.text("name", needed=True),
        Status(status) if status else None,
        table.flag("closed"),
        table.number("days"),
        table.text("falls_to"),
    )


def _transition(table: _Table) -> Transition:
    filled = []
    for one in table.texts("filled"):
        group, dot, name = one.partition(".")
        if not dot:
            raise table.wrong("filled", '“filled”要写成 组.字段，如 ["送审.意见"]')
        filled.append((group, name))
    return Transition(
        sources=table.texts("from"),
        to=table.text("to", needed=True),
        who=table.texts("who"),
        signed_by=table.texts("signed_by"),
        opinion=table.text("opinion"),
        needed=table.texts("needed"),
        recorded=table.texts("recorded"),
        rows=table.text("rows"),
        filled=tuple(filled),
        when=table.conditions("when"),
        releases=table.flag("releases"),
        freezes=table.flag("freezes"),
        sound=table.flag("sound"),
    )

"""A procedure while it is being changed: its tables, one entry after the other, until they fit together again.

An entry is what stands in one table of the file (`procedure_file.KEYS`), say a state. In between nothing needs to
fit: a new state has no step leading to it at first. `faults` tells what is still missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from archive.model.errors import FieldError, NotFound
from archive.model.procedures import STATE_FIELD
from archive.workflow.procedure_file import KEYS, faults_of, misshapen, tables_in
from archive.workflow.procedure_rules import Fault
from archive.workflow.procedure_text import quoted, text_of

Entry = Mapping[str, Any]
WAS = "was"
"""The table of a draft, and of no procedure, that says what renamed states and fields were called."""
_RENAMED = ("state", "field")  # what records hold by name


@dataclass(frozen=True, slots=True)
class ProcedureDraft:
    """The tables of a procedure as they are to be. `was` gives old names by new ones, for states and for fields."""

    name: str
    data: Mapping[str, Any]
    was: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    begun: bool = False

    @classmethod
    def of(cls, name: str, text: str, begun: bool = False) -> ProcedureDraft:
        """The draft in a text. Raises ConfigError, with the line."""
        data = tables_in(text, f"{name}.toml")
        return cls(name, data, data.pop(WAS, {}), begun)

    @property
    def text(self) -> str:
        """The procedure as the text of its file."""
        return text_of(self.data)

    @property
    def kept(self) -> str:
        """The text in which the draft itself is kept."""
        tables = [f"\n[{WAS}.{kind}]\n{pairs}" for kind, held in self.was.items() if (pairs := _pairs(held))]
        return self.text + "".join(tables)

    def faults(self) -> tuple[Fault, ...]:
        """What keeps it from being used."""
        return faults_of(self.data)

    def entries(self, table: str) -> tuple[Entry, ...]:
        """The entries of a table; of "" the one head."""
        return (self.data,) if not table else tuple(self.data.get(table, ()))

    def entry(self, table: str, at: int) -> Entry:
        """An entry. Raises NotFound."""
        if table not in KEYS or not 0 <= at < len(self.entries(table)):
            raise NotFound("流程里没有这一项", hint="也许别人刚改过，请回到流程再看")
        return self.entries(table)[at]

    def changed(self, table: str, at: int | None, entry: Entry) -> ProcedureDraft:
        """With an entry as it is to be, or (None) one more. A new name is followed by all that names it.

        Raises FieldError naming the key where the entry itself is wrong, NotFound.
        """
        data = deepcopy(dict(self.data))
        if not table:
            data |= {key: value for key, value in entry.items() if key != "name"}
            _require_shape(data, "", 0)
            return ProcedureDraft(self.name, data, self.was, True)
        rows = data.setdefault(table, [])
        before = self.entry(table, at).get("name", "") if at is not None else ""
        if at is None:
            rows.append(dict(entry))
        else:
            rows[at] = dict(entry)
        _require_shape(data, table, len(rows) - 1 if at is None else at)
        name = entry.get("name", "")
        if not before or before == name:
            return ProcedureDraft(self.name, data, self.was, True)
        rename = _RENAMING.get(table)
        if rename is not None:
            rename(data, before, name)
        return ProcedureDraft(self.name, data, self._called(table, before, name), True)

    def _called(self, table: str, before: str, name: str) -> Mapping[str, Mapping[str, str]]:
        if table not in _RENAMED:
            return self.was
        held = dict(self.was.get(table, {}))
        first = held.pop(before, before)
        return {**self.was, table: held if first == name else {**held, name: first}}

    def removed(self, table: str, at: int) -> ProcedureDraft:
        """Without an entry. Raises NotFound."""
        self.entry(table, at)
        rows = [one for place, one in enumerate(self.entries(table)) if place != at]
        return ProcedureDraft(self.name, {**self.data, table: rows}, self.was, True)

    def moved(self, table: str, at: int, by: int) -> ProcedureDraft:
        """With an entry so many places farther down, as far as there are places. Raises NotFound."""
        rows = list(self.entries(table))
        rows.insert(max(0, at + by), rows.pop(rows.index(self.entry(table, at), at)))
        return ProcedureDraft(self.name, {**self.data, table: rows}, self.was, True)


def _pairs(held: Mapping[str, str]) -> str:
    return "".join(f"{quoted(key)} = {quoted(value)}\n" for key, value in held.items())


def _require_shape(data: Mapping[str, Any], table: str, at: int) -> None:
    """Raise FieldError where this very entry is wrong in itself."""
    wrong = misshapen(data)
    if wrong is not None and (wrong.table, wrong.at) == (table, at):
        raise FieldError(wrong.message, field=wrong.key)


# -- a new name, wherever it is named


def _listed(names: Any, before: str, name: str) -> list[str]:
    given = names.split("|") if isinstance(names, str) else names
    return [name if one == before else one for one in given]


def _state_renamed(data: dict[str, Any], before: str, name: str) -> None:
    data["begins"] = _listed(data.get("begins", []), before, name)
    for table, key in (("number", "at"), ("state", "falls_to"), ("step", "to")):
        for one in data.get(table, ()):
            if one.get(key) == before:
                one[key] = name
    for one in data.get("step", ()):
        one["from"] = _listed(one.get("from", []), before, name)
    _conditions(data, lambda left, values: (left, _listed(values, before, name) if left == STATE_FIELD else values))


def _field_renamed(data: dict[str, Any], before: str, name: str) -> None:
    for one in data.get("number", ()):
        if one.get("field") == before:
            one["field"] = name
    for one in data.get("step", ()):
        for key in ("needed", "recorded"):
            if key in one:
                one[key] = _listed(one[key], before, name)
    _conditions(data, lambda left, values: (name if left == before else left, values))


def _post_renamed(data: dict[str, Any], before: str, name: str) -> None:
    for one in data.get("step", ()):
        for key in ("who", "signed_by"):
            if key in one:
                one[key] = _listed(one[key], before, name)


def _rows_renamed(data: dict[str, Any], before: str, name: str) -> None:
    def grouped(left: str) -> str:
        group, dot, rest = left.partition(".")
        return f"{name}.{rest}" if dot and group == before else left

    for one in data.get("step", ()):
        if one.get("rows") == before:
            one["rows"] = name
        if "filled" in one:
            one["filled"] = [grouped(each) for each in _listed(one["filled"], "", "")]
    _conditions(data, lambda left, values: (grouped(left), values))


def _conditions(data: dict[str, Any], changed: Callable[[str, list[str]], tuple[str, list[str]]]) -> None:
    for table, keys in (("step", ("when",)), ("rate", ("count", "among"))):
        for one in data.get(table, ()):
            for key in keys:
                written = one.get(key, [])
                if written:
                    one[key] = [
                        _condition(each, changed) for each in ([written] if isinstance(written, str) else written)
                    ]


def _condition(written: str, changed: Callable[[str, list[str]], tuple[str, list[str]]]) -> str:
    left, sign, right = written.partition("=")
    name, values = changed(left.strip(), [one.strip() for one in right.split("|")])
    return f"{name}{sign}{'|'.join(values)}"


_RENAMING: Mapping[str, Callable[[dict[str, Any], str, str], None]] = {
    "state": _state_renamed, "field": _field_renamed, "post": _post_renamed, "rows": _rows_renamed,
}  # fmt: skip

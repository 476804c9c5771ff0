"""Counts of a register by class and state, and its rates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from archive.model.procedures import Procedure, ProcedureField, RateRule, WorkRecord, marks


@dataclass(frozen=True, slots=True)
class CountTable:
    """How many records stand in which state: for each value of a field (`name`), in the order of `states`, and in all.

    A field "" counts them all in one row.
    """

    name: str
    states: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...], int], ...]


@dataclass(frozen=True, slots=True)
class CountedRate:
    """A rate: `count` of `among` records; `share` in per cent, None where there is nothing to divide by."""

    rule: RateRule
    count: int
    among: int

    @property
    def share(self) -> float | None:
        """Per cent."""
        return 100 * self.count / self.among if self.among else None

    @property
    def words(self) -> str:
        """The rate with its formula and figures."""
        share = "无从计算" if self.share is None else f"{self.share:.1f}%"
        return f"{self.rule.name}＝{self.rule.words}＝{self.count} ÷ {self.among}＝{share}"


def counted(procedure: Procedure, records: Sequence[WorkRecord]) -> tuple[CountTable, ...]:
    """All records by state, then by each field that makes classes; states nobody stands in are left out.

    What has several marks counts with each of them.
    """
    held = Counter(one.state for one in records)
    states = tuple(one.name for one in procedure.states if held[one.name])
    states += tuple(name for name in held if name not in states)
    whole = ("合计", tuple(held[name] for name in states), len(records))
    tables = [CountTable("", states, (whole,))]
    for field in procedure.fields:
        if field.by_class:
            found = Counter((value, one.state) for one in records for value in classes(field, one))
            present = {value for value, _ in found}
            names = [*(one for one in field.choices if one in present), *sorted(present - {*field.choices, ""})]
            names += [""] if "" in present else []
            rows = [(name, tuple(found[name, state] for state in states)) for name in names]
            tables.append(
                CountTable(field.name, states, tuple((name or "（未填）", row, sum(row)) for name, row in rows))
            )
    return tuple(tables)


def classes(field: ProcedureField, record: WorkRecord) -> tuple[str, ...]:
    """The classes of a field that a record belongs to; "" where it belongs to none."""
    value = record.values.get(field.name, "")
    return (marks(value) if field.several else ()) or (value,)


def rates(procedure: Procedure, records: Sequence[WorkRecord]) -> tuple[CountedRate, ...]:
    """The rates of a register."""
    found = []
    for rule in procedure.rates:
        among = [one for one in records if all(map(one.fulfils, rule.among))]
        found.append(CountedRate(rule, sum(all(map(one.fulfils, rule.count)) for one in among), len(among)))
    return tuple(found)

"""Named periods: dynasties, events, plans and terms of office, from `events.toml` and an office's own file.

The files are for people to edit; their comments say how. An entry of the office's file replaces the entries that share
a name with it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from archive.dates.calendar import day, month_span, years_span

Span = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Named:
    """A period that has names. `alone`: the name needs no 时期 or 前后 beside it. Spans are inclusive days."""

    names: tuple[str, ...]
    start: int
    end: int | None
    alone: bool = False
    vague: bool = False
    before: int | None = None
    parts: Mapping[str, Span] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """All tables: periods and dynasties by name, plans by number, terms of office by body."""

    periods: Mapping[str, Named]
    dynasties: Mapping[str, Named]
    plans: Mapping[int, Span]
    terms: Mapping[str, tuple[Span, ...]]


def date_span(written: str) -> tuple[int, int]:
    """The days of `年`, `年-月` or `年-月-日` (astronomical years, a sign for those before 0); ValueError otherwise."""
    sign = -1 if written.startswith("-") else 1
    numbers = [int(part) for part in written.removeprefix("-").split("-")]
    year = sign * numbers[0]
    if len(numbers) == 1:
        return years_span(year, year)
    if len(numbers) == 2:
        return month_span(year, numbers[1])
    if len(numbers) == 3:
        return day(year, numbers[1], numbers[2]), day(year, numbers[1], numbers[2])
    raise ValueError(f"not a date: {written}")


def _span(start: str, end: str | None) -> Span:
    return date_span(start)[0], date_span(end)[1] if end else None


def _named(entry: Mapping[str, Any]) -> Named:
    start = date_span(entry["start"])[0]
    end = date_span(entry["end"])[1] if "end" in entry else None
    parts = {part: _span(*span) for part, span in entry.get("parts", {}).items()}
    return Named(
        tuple(entry["names"]), start, end, entry.get("alone", False), entry.get("vague", False),
        date_span(entry["before"])[1] if "before" in entry else None, parts, entry.get("source", ""),
    )  # fmt: skip


def _terms(first_days: list[str]) -> tuple[Span, ...]:
    starts = [date_span(first)[0] for first in first_days]
    ends = [start - 1 for start in starts[1:]]
    return tuple(zip(starts, [*ends, None], strict=True))


def read(text: str) -> Names:
    """The tables of one file's text."""
    data = tomllib.loads(text)
    periods = [_named(entry) for entry in data.get("period", [])]
    dynasties = [_named(entry) for entry in data.get("dynasty", [])]
    return Names(
        {name: named for named in periods for name in named.names},
        {name: named for named in dynasties for name in named.names},
        {entry["number"]: _span(entry["start"], entry["end"]) for entry in data.get("plan", [])},
        {body: _terms(entry["terms"]) for entry in data.get("term", []) for body in entry["body"]},
    )


@cache
def shipped() -> Names:
    """The tables that come with the program."""
    return read((files("archive.dates") / "events.toml").read_text(encoding="utf-8"))

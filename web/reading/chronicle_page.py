"""A chronicle as a line of time: its entries year by year, with links to decades, narrowed to a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import url_for

from archive import dates
from archive.model.holdings import InTime
from archive.model.records import Period

LEAF = 100
"""Entries on one page, which shows them with their text."""


@dataclass(frozen=True, slots=True)
class Year:
    """Neighbouring entries of one year, None for what has no date; `heading` is the year in the source's words."""

    year: int | None
    heading: str
    entries: tuple[InTime, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """A link to the first entry of a decade."""

    decade: int
    name: str
    count: int
    url: str


def within(entries: Sequence[InTime], wanted: Period | None) -> list[InTime]:
    """The entries whose date overlaps the period asked for; all when none is."""
    if wanted is None:
        return list(entries)
    return [entry for entry in entries if entry.date and entry.date.overlaps(wanted)]


def years(entries: Sequence[InTime]) -> list[Year]:
    """The entries in order, neighbours of one year together.

    Where the source has a heading for the year, that holds: the last month of 宣统三年 stays there, though it was 1912.
    """
    found = []
    for (section, _), group in groupby(entries, key=lambda entry: (entry.section, not entry.section and _year(entry))):
        together = tuple(group)
        year = next((year for entry in together if (year := _year(entry)) is not None), None)
        found.append(Year(year, _heading(section, year), together))
    return found


def jumps(collection: str, entries: Sequence[InTime], period: str) -> list[tuple[str, list[Jump]]]:
    """Links to the first entry of every decade, by century, from early to late."""
    first: dict[int, int] = {}
    counts: dict[int, int] = {}
    for place, entry in enumerate(entries):
        year = _year(entry)
        if year is not None:
            first.setdefault(year // 10 * 10, place)
            counts[year // 10 * 10] = counts.get(year // 10 * 10, 0) + 1
    line = []
    for decade in sorted(first):
        place = first[decade]
        page = place // LEAF + 1
        url = url_for(
            "holdings.collection",
            collection_id=collection,
            period=period or None,
            page=page if page > 1 else None,
            _anchor=f"e{entries[place].id}",
        )
        line.append(Jump(decade, str(decade) if decade > 0 else f"前{-decade}", counts[decade], url))
    return [(name, list(group)) for name, group in groupby(line, key=lambda each: _century(each.decade))]


def _year(entry: InTime) -> int | None:
    return None if entry.date is None or entry.date.start is None else dates.year_of(entry.date.start)


def _heading(section: str, year: int | None) -> str:
    """The year as the source names it, unless that says nothing but the number."""
    bare = section.replace(f"（{year}年）", "").replace(f"({year}年)", "")
    return "" if year is not None and bare == f"{year}年" else bare


def _century(decade: int) -> str:
    # A decade belongs to the century that most of it lies in: 1900 to 1909 to the twentieth.
    return f"{decade // 100 + 1}世纪" if decade >= 0 else f"公元前{-(decade // 100)}世纪"

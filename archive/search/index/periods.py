"""Which articles have a date that meets a period: an interval index in the literal index's SQLite file.

A period of class w is at most 2^w days long, so one that overlaps [first, last] begins in [first - 2^w, last]: within a
class an ordinary index finds overlaps, and there are only some twenty classes. The class also tells how specific a date
is, finer ones ranking first.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

from archive.dates import year_of
from archive.model.records import Article, Mention, Period, Precision
from archive.model.search import PeriodIn, Scale, Search, Timeline
from archive.search.index.key_bits import listed
from archive.search.query import Query

TABLES = """
CREATE TABLE periods (class INTEGER, first INTEGER, last INTEGER, origin INTEGER, key INTEGER, unit INTEGER);
CREATE INDEX periods_by_class ON periods (class, first, last, origin, key, unit);
CREATE INDEX periods_by_key ON periods (key);
"""

_EARLIEST, _LATEST = -(1 << 40), 1 << 40  # stand for open ends
# Where a period comes from: the article's own date, its text, vague wording in it, wording that leaves an end open, an
# own date that does.
_OWN, _SAID, _VAGUE, _OPEN, _OWN_OPEN = range(5)
IN_TEXT = (_SAID, _VAGUE, _OPEN)
"""The origins of dates that stand in a block."""

NO_UNIT = -1
_LUNAR_YEAR = 385  # days of the longest, with its leap month


@dataclass(slots=True)
class Dated:
    """How an article meets a period: the class of its most specific date that does, and the units that hold one.

    `units` counts the article's searched blocks from 0; the article's own date is in none.
    """

    width: int
    units: set[int] = field(default_factory=set)


def width(period: Period) -> int:
    """The class of a period: the number of binary digits of its length in days less one."""
    first, last = ends(period)
    return (last - first).bit_length()


def ends(period: Period) -> tuple[int, int]:
    """Its first and last day, far away where it is open."""
    return (
        _EARLIEST if period.start is None else period.start,
        _LATEST if period.end is None else period.end,
    )


def origins(search: Search) -> tuple[int, ...]:
    """The origins that count, see `Search.looks_at`."""
    own = {_OWN, _OWN_OPEN} if search.open else {_OWN}
    said = {_SAID} | ({_VAGUE} if search.vague else set()) | ({_OPEN} if search.open else set())
    found = set() if search.period_in is PeriodIn.TEXT else own
    return tuple(sorted(found if search.period_in is PeriodIn.DATE else found | said))


def put(connection: sqlite3.Connection, key: int, article: Article, mentions: Sequence[Mention]) -> None:
    """Note the article's own date and those in its text."""
    connection.executemany("INSERT INTO periods VALUES (?, ?, ?, ?, ?, ?)", _rows(key, article, mentions))


def _rows(key: int, article: Article, mentions: Sequence[Mention]) -> list[tuple[int, ...]]:
    dated = all_periods(article, mentions)
    return sorted({(width(period), *ends(period), origin, key, unit) for period, origin, unit in dated})


def holds(connection: sqlite3.Connection, key: int, article: Article, mentions: Sequence[Mention]) -> bool:
    """Whether just that is noted of an article."""
    held = connection.execute("SELECT class, first, last, origin, key, unit FROM periods WHERE key = ?", (key,))
    return sorted(held) == _rows(key, article, mentions)


def all_periods(article: Article, mentions: Sequence[Mention]) -> list[tuple[Period, int, int]]:
    """(period, origin, unit) of the article's own date and of its mentions."""
    units = {block: unit for unit, (block, _) in enumerate(article.units())}
    own = _OWN_OPEN if article.date and article.date.open else _OWN
    dated = [(article.date, own, NO_UNIT)] if article.date else []
    dated += [
        (mention.period, _VAGUE if mention.vague else _OPEN if mention.open else _SAID, units[mention.block])
        for mention in mentions
        if mention.block in units
    ]
    return dated


def remove(connection: sqlite3.Connection, key: int) -> None:
    """Forget an article."""
    connection.execute("DELETE FROM periods WHERE key = ?", (key,))


@dataclass(frozen=True, slots=True)
class Meeting:
    """The articles (by key) with a date that meets a period. `by_width` parts them by the class of their most specific
    date that does, finest first.
    """

    keys: Set[int]
    by_width: tuple[Set[int], ...]


def find(connection: sqlite3.Connection, query: Query) -> Meeting:
    """The articles with a date that meets the query's period, by overlap or lying within it."""
    assert query.period is not None
    first, last = ends(query.period)
    found: set[int] = set()
    by_width = []
    looked_at = origins(query.search)
    for wide in _classes(connection):
        earliest = first if query.search.within else max(first - (1 << wide), _EARLIEST)
        ((keys,),) = connection.execute(
            "SELECT group_concat(key) FROM periods WHERE class = ? AND first BETWEEN ? AND ? AND last BETWEEN ? AND ?"
            f" AND origin IN ({_marks(looked_at)})",
            (wide, earliest, last, first, last if query.search.within else _LATEST, *looked_at),
        )
        if new := listed(keys) - found:
            by_width.append(new)
            found |= new
    return Meeting(found, tuple(by_width))


def units_met(connection: sqlite3.Connection, query: Query, keys: Set[int]) -> dict[int, set[int]]:
    """The units of these articles that hold a date which meets the query's period; articles without one left out."""
    assert query.period is not None
    first, last = ends(query.period)
    looked_at = origins(query.search)
    condition = "first >= ? AND last <= ?" if query.search.within else "last >= ? AND first <= ?"
    rows = connection.execute(
        f"SELECT key, unit FROM periods WHERE key IN (SELECT value FROM json_each(?)) AND {condition}"
        f" AND unit <> {NO_UNIT} AND origin IN ({_marks(looked_at)})",
        (json.dumps(list(keys)), first, last, *looked_at),
    )
    found: dict[int, set[int]] = {}
    for key, unit in rows:
        found.setdefault(key, set()).add(unit)
    return found


def _marks(values: Sequence[object]) -> str:
    """A placeholder for each value."""
    return ", ".join("?" * len(values))


def _classes(connection: sqlite3.Connection) -> list[int]:
    """The classes there are, finest first."""
    # A loose index scan: one look per class instead of one per row.
    rows = connection.execute(
        "WITH RECURSIVE c (class) AS (SELECT min(class) FROM periods UNION ALL"
        " SELECT (SELECT min(class) FROM periods WHERE class > c.class) FROM c WHERE c.class IS NOT NULL)"
        " SELECT class FROM c WHERE class IS NOT NULL ORDER BY class"
    )
    return [wide for (wide,) in rows]


def has_dates(article: Article, mentions: Sequence[Mention], search: Search) -> bool:
    """Whether an article has a date that the search looks at, whatever its period."""
    looked_at = origins(search)
    return any(origin in looked_at for _, origin, _ in all_periods(article, mentions))


def look(article: Article, mentions: Sequence[Mention], query: Query) -> Dated | None:
    """The same for one article by looking at each of its dates; None when none meets the period."""
    looked_at = origins(query.search)
    dated: Dated | None = None
    for period, origin, unit in all_periods(article, mentions):
        if not query.meets(period) or origin not in looked_at:
            continue
        dated = dated or Dated(width(period))
        dated.width = min(dated.width, width(period))
        if unit != NO_UNIT:
            dated.units.add(unit)
    return dated


def having_dates(connection: sqlite3.Connection, search: Search) -> set[int]:
    """The articles (by key) with a date that the search looks at, whatever its period."""
    looked_at = origins(search)
    rows = connection.execute(f"SELECT DISTINCT key FROM periods WHERE origin IN ({_marks(looked_at)})", looked_at)
    return {key for (key,) in rows}


def all_dates(
    connection: sqlite3.Connection, looked_at: tuple[int, ...], keys: Collection[int] | None = None
) -> Iterable[tuple[int, int, int]]:
    """(key, first day, last day) of all dates of these origins, or of those in these articles, for `units_of`."""
    statement = f"SELECT DISTINCT key, first, last FROM periods WHERE origin IN ({_marks(looked_at)})"
    if keys is None:
        return connection.execute(statement, looked_at)
    within = f"{statement} AND key IN (SELECT value FROM json_each(?))"
    return connection.execute(within, (*looked_at, json.dumps(list(keys))))


def over_time(connection: sqlite3.Connection, query: Query, keys: Collection[int]) -> Timeline:
    """Count these articles (by key) by the dates that the query looks at and that meet its period."""
    looked_at = origins(query.search)
    rows = connection.execute(
        "SELECT DISTINCT key, first, last FROM periods WHERE key IN (SELECT value FROM json_each(?))"
        f" AND origin IN ({_marks(looked_at)})",
        (json.dumps(list(keys)), *looked_at),
    )
    if query.period is None:
        return tally(rows, len(keys))
    return tally(((key, *ends) for key, *ends in rows if query.meets(_between(*ends))), len(keys))


def look_over_time(dated: Iterable[tuple[Hashable, Article, Sequence[Mention]]], query: Query) -> Timeline:
    """The same for (key, article, mentions) by looking at each date."""
    looked_at = origins(query.search)
    total, rows = 0, []
    for key, article, mentions in dated:
        total += 1
        for period, origin, _ in all_periods(article, mentions):
            if origin in looked_at and query.meets(period):
                rows.append((key, *ends(period)))
    return tally(rows, total)


def tally(rows: Iterable[tuple[Hashable, int, int]], total: int) -> Timeline:
    """Count (key, first day, last day), each key once in every unit of time."""
    standing: tuple[dict[int, set[Hashable]], ...] = (defaultdict(set), defaultdict(set), defaultdict(set))
    spans: dict[tuple[int | None, int | None], set[Hashable]] = defaultdict(set)
    dated = set()
    for key, first, last in rows:
        dated.add(key)
        units = units_of(first, last)
        for bars, unit in zip(standing, units, strict=True):
            if unit is not None:
                bars[unit].add(key)
        if units[0] is None:
            spans[years_of(first, last)].add(key)
    years, decades, centuries = map(_scale, standing)
    return Timeline(years, decades, centuries, len(dated), total, {span: len(keys) for span, keys in spans.items()})


@lru_cache(1 << 12)
def years_of(first: int, last: int) -> tuple[int | None, int | None]:
    """The years of these days, None where open."""
    return None if first == _EARLIEST else year_of(first), None if last == _LATEST else year_of(last)


def _scale(standing: dict[int, set[Hashable]]) -> Scale:
    counts = {unit: len(keys) for unit, keys in sorted(standing.items())}
    return Scale(counts, len(set().union(*standing.values())))


@lru_cache(1 << 16)
def units_of(first: int, last: int) -> tuple[int | None, int | None, int | None]:
    """The first years of the year, decade and century that a date of these days stands in, see `Timeline`."""
    if first == _EARLIEST or last == _LATEST:
        return None, None, None
    begins, ends = year_of(first), year_of(last)
    if last - first < _LUNAR_YEAR:
        ends = begins
    decade, century = begins // 10 * 10, (begins - 1) // 100 * 100 + 1
    return (
        begins if ends == begins else None,
        decade if ends // 10 * 10 == decade else None,
        century if (ends - 1) // 100 * 100 + 1 == century else None,
    )


def _between(first: int, last: int) -> Period:
    return Period(None if first == _EARLIEST else first, None if last == _LATEST else last, Precision.RANGE)

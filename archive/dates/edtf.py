"""Periods as EDTF (ISO 8601-2, levels 0 to 2), for exchange with catalogues."""

from __future__ import annotations

from collections.abc import Callable

from archive.dates.calendar import civil, month_length
from archive.dates.reading import season_span
from archive.model.records import Period, Precision

_Day = tuple[int, int, int]  # year (astronomical), month, day

_SEASONS = {"春": 21, "夏": 22, "秋": 23, "冬": 24}


def edtf(period: Period) -> str:
    """The days of a period as EDTF; years are astronomical and days proleptic Gregorian, as in EDTF itself.

    One unit where the period fills exactly that: 1949-10-01, 1949-10, 1958, 1958-23 (a season as this program counts
    it, 21 for spring to 24), 195X, 18XX. A century is written as a mask only when it runs from 00 to 99; 19世纪 is
    1801/1900. Everything else is an interval in the coarsest unit that both ends fill: 1801/1820, 1958-07/1958-12,
    1904-02-16/1905-02-03. An open end is `..`: 1949/.., ../1911-10-10.
    """
    if period.start is None or period.end is None:
        return f"{_open(period.start, (1, 1))}/{_open(period.end, (12, 31))}"
    first, last = civil(period.start), civil(period.end)
    return _unit(period, first, last) or _interval(first, last)


def _open(number: int | None, edge: tuple[int, int]) -> str:
    """An end of a half-open interval: the year alone where the day is its edge."""
    if number is None:
        return ".."
    date = civil(number)
    return _year(date) if date[1:] == edge else _day(date)


def _unit(period: Period, first: _Day, last: _Day) -> str:
    """The one unit a period fills; empty when it fills none."""
    if first == last:
        return _day(first)
    if period.precision is Precision.SEASON:
        for season, code in _SEASONS.items():
            if (period.start, period.end) == season_span(first[0], season, moon=False):
                return f"{_year(first)}-{code}"
    masked = {Precision.DECADE: 1, Precision.CENTURY: 2}.get(period.precision)
    if masked and _whole_years(first, last):
        years = 10**masked
        if first[0] >= years and first[0] % years == 0 and last[0] == first[0] + years - 1:
            return _year(first)[:-masked] + "X" * masked
    return ""


def _interval(first: _Day, last: _Day) -> str:
    write: Callable[[_Day], str] = _day
    if _whole_years(first, last):
        write = _year
    elif first[2] == 1 and last[2] == month_length(*last[:2]):
        write = _month
    start, end = write(first), write(last)
    return start if start == end else f"{start}/{end}"


def _whole_years(first: _Day, last: _Day) -> bool:
    return first[1:] == (1, 1) and last[1:] == (12, 31)


def _year(date: _Day) -> str:
    return f"{date[0]:04d}" if date[0] >= 0 else f"-{-date[0]:04d}"


def _month(date: _Day) -> str:
    return f"{_year(date)}-{date[1]:02d}"


def _day(date: _Day) -> str:
    return f"{_month(date)}-{date[2]:02d}"

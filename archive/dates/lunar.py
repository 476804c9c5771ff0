"""The Chinese lunar calendar of the years 1 to 2100, from the table `data/lunar.tsv` (made by scripts/build_lunar.py).

Lunar years carry the number of the Gregorian year in which most of them falls: 光绪三十年 is lunar year 1904, from
1904-02-16 to 1905-02-03. Intervals are Julian day numbers, inclusive.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from archive.dates.calendar import years_span

_LENGTHS = {"L": 30, "S": 29, "T": 28}


@dataclass(frozen=True, slots=True)
class Month:
    """One lunar month: the number it is called by, whether it is the leap month of that number, first and last day."""

    number: int
    leap: bool
    start: int
    end: int


@cache
def _table() -> dict[int, tuple[Month, ...]]:
    text = (files("archive.dates") / "data" / "lunar.tsv").read_text(encoding="utf-8")
    years = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            year, leap, first, lengths, *numbers = line.split("\t")
            written = [int(number) for number in numbers[0].split(",")] if numbers else _regular(int(leap))
            years[int(year)] = _months(written, int(first), lengths)
    return years


def _regular(leap: int) -> list[int]:
    return [number for month in range(1, 13) for number in ([month, -month] if month == leap else [month])]


def _months(numbers: list[int], first: int, lengths: str) -> tuple[Month, ...]:
    months = []
    for number, letter in zip(numbers, lengths, strict=True):
        months.append(Month(abs(number), number < 0, first, first + _LENGTHS[letter] - 1))
        first += _LENGTHS[letter]
    return tuple(months)


def months(year: int) -> tuple[Month, ...]:
    """The months of a lunar year in order; empty outside the table."""
    return _table().get(year, ())


def year_span(year: int) -> tuple[int, int]:
    """First and last day of a lunar year; the Gregorian year of that number where the table does not reach."""
    listed = months(year)
    return (listed[0].start, listed[-1].end) if listed else years_span(year, year)


def month_span(year: int, number: int, leap: bool = False) -> tuple[int, int] | None:
    """First and last day of a lunar month; None where that year has no such month."""
    for month in months(year):
        if month.number == number and month.leap == leap:
            return month.start, month.end
    return None


def day(year: int, number: int, day_of_month: int, leap: bool = False) -> int | None:
    """The Julian day number of a lunar date, or None where there is no such day."""
    span = month_span(year, number, leap)
    if span is None or not 1 <= day_of_month <= span[1] - span[0] + 1:
        return None
    return span[0] + day_of_month - 1


@cache
def _firsts() -> tuple[list[int], list[int]]:
    years = sorted(_table())
    return [months(year)[0].start for year in years], years


def year_of(number: int) -> int | None:
    """The lunar year a day falls in, or None outside the table."""
    firsts, years = _firsts()
    index = bisect_right(firsts, number) - 1
    if index < 0 or number > months(years[index])[-1].end:
        return None
    return years[index]


def date_of(number: int) -> tuple[int, Month, int] | None:
    """Lunar year, month and day of the month of a day, or None outside the table."""
    year = year_of(number)
    for month in months(year) if year is not None else ():
        if month.start <= number <= month.end:
            return year or 0, month, number - month.start + 1
    return None

"""Periods in Chinese words, for tooltips and lists."""

from __future__ import annotations

from archive.dates.calendar import civil, month_length, year_of
from archive.model.records import Period


def describe(period: Period) -> str:
    """The Gregorian range: 1904年2月16日—1905年2月3日, 1958年, 1950年—1959年, 1949年10月以后, 公元前221年."""
    if period.start is None:
        return "不限" if period.end is None else f"{_end(period.end)}以前"
    if period.end is None:
        return f"{_start(period.start)}以后"
    start, end = civil(period.start), civil(period.end)
    whole_months = start[2] == 1 and end[2] == month_length(end[0], end[1])
    whole_years = whole_months and start[1] == 1 and end[1] == 12
    if whole_years:
        first, last = _year(start[0]), _year(end[0])
    elif whole_months:
        first, last = f"{_year(start[0])}{start[1]}月", f"{_year(end[0])}{end[1]}月"
    else:
        first, last = _day(start), _day(end)
    return first if first == last else f"{first}—{last}"


def _year(year: int) -> str:
    return f"{year}年" if year > 0 else f"公元前{1 - year}年"


def _day(date: tuple[int, int, int]) -> str:
    return f"{_year(date[0])}{date[1]}月{date[2]}日"


def _start(number: int) -> str:
    date = civil(number)
    if date[2] != 1:
        return _day(date)
    return _year(date[0]) if date[1] == 1 else f"{_year(date[0])}{date[1]}月"


def _end(number: int) -> str:
    date = civil(number)
    if date[2] != month_length(date[0], date[1]):
        return _day(date)
    return _year(date[0]) if date[1] == 12 else f"{_year(date[0])}{date[1]}月"


def decade_of(period: Period) -> int | None:
    """The decade the period begins in: 1950 for 1950 to 1959; None where it has no beginning."""
    return None if period.start is None else year_of(period.start) // 10 * 10

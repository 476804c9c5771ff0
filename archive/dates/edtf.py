"""Periods as EDTF (ISO 8601-2), for exchange with catalogues."""

from __future__ import annotations

from archive.dates.calendar import civil, iso, month_length
from archive.records import Period, Precision


def edtf(period: Period) -> str:
    """1904-02-16/1905-02-03, 1949-10, 1958, 195X, 1937-07-07/1945-09-02; an open end is `..`: 1949/.., ../1911-10-10.

    Days, months and years are written as coarsely as they fill their unit; decades and centuries as masks only where
    the whole unit is meant (a century's mask runs from 00 to 99, so 19世纪 is an interval).
    """
    if period.start is None and period.end is None:
        return "../.."
    if period.start is None or period.end is None:
        start = ".." if period.start is None else _first(period.start)
        end = ".." if period.end is None else _last(period.end)
        return f"{start}/{end}"
    first, last = civil(period.start), civil(period.end)
    whole_years = first[1:] == (1, 1) and last[1:] == (12, 31)
    if period.precision is Precision.DECADE and whole_years and first[0] % 10 == 0 and last[0] == first[0] + 9 > 9:
        return f"{first[0] // 10:03d}X"
    start, end = _first(period.start), _last(period.end)
    if first[:2] == last[:2] and first[2] == 1 and last[2] == month_length(*last[:2]):
        return iso(period.start)[:-3]
    if whole_years and first[0] == last[0]:
        return iso(period.start)[:-6]
    return iso(period.start) if period.start == period.end else f"{start}/{end}"


def _first(number: int) -> str:
    _, month, day = civil(number)
    written = iso(number)
    return written[:-6] if (month, day) == (1, 1) else written


def _last(number: int) -> str:
    _, month, day = civil(number)
    written = iso(number)
    return written[:-6] if (month, day) == (12, 31) else written

"""Days as Julian day numbers, in the proleptic Gregorian and the Julian calendar.

Years are astronomical: 公元前1年 is year 0, 公元前221年 is year -220. All intervals are inclusive.
"""

from __future__ import annotations

GREGORIAN_REFORM = 2299161  # 1582-10-15, first day of the Gregorian calendar

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def day(year: int, month: int, day: int) -> int:
    """The Julian day number of a proleptic Gregorian date; ValueError where the calendar has no such day."""
    if not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        raise ValueError(f"no such day: {year}-{month}-{day}")
    shifted_year, shifted_month = _shift(year, month)
    return (
        _days_before(shifted_year, shifted_month, day)
        + shifted_year // 4
        - shifted_year // 100
        + shifted_year // 400
        - 32045
    )


def julian_day(year: int, month: int, day: int) -> int:
    """The Julian day number of a date in the Julian calendar (in use until 1582-10-04). The date is not checked."""
    shifted_year, shifted_month = _shift(year, month)
    return _days_before(shifted_year, shifted_month, day) + shifted_year // 4 - 32083


def _shift(year: int, month: int) -> tuple[int, int]:
    # Counting from March puts the leap day at the end of the year.
    january_or_february = (14 - month) // 12
    return year + 4800 - january_or_february, month + 12 * january_or_february - 3


def _days_before(shifted_year: int, shifted_month: int, day: int) -> int:
    return day + (153 * shifted_month + 2) // 5 + 365 * shifted_year


def civil(number: int) -> tuple[int, int, int]:
    """Year, month and day of a Julian day number in the proleptic Gregorian calendar."""
    a = number + 32044
    century = (4 * a + 3) // 146097
    a -= 146097 * century // 4
    year = (4 * a + 3) // 1461
    a -= 1461 * year // 4
    month = (5 * a + 2) // 153
    return (
        100 * century + year - 4800 + month // 10,
        month + 3 - 12 * (month // 10),
        a - (153 * month + 2) // 5 + 1,
    )


def year_of(number: int) -> int:
    """The proleptic Gregorian year a day falls in."""
    return civil(number)[0]


def iso(number: int) -> str:
    """The day as ISO 8601: 1904-02-16, -0220-01-01; a sign and four digits at least outside the years 0 to 9999."""
    year, month, day_of_month = civil(number)
    written = f"{year:04d}" if 0 <= year <= 9999 else f"{year:+05d}"
    return f"{written}-{month:02d}-{day_of_month:02d}"


def is_leap(year: int) -> bool:
    """Whether the Gregorian year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Days in a Gregorian month, 1 to 12."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def month_span(year: int, month: int) -> tuple[int, int]:
    """First and last day of a Gregorian month."""
    first = day(year, month, 1)
    return first, first + month_length(year, month) - 1


def years_span(first: int, last: int) -> tuple[int, int]:
    """First day of one Gregorian year to the last day of another."""
    return day(first, 1, 1), day(last, 12, 31)

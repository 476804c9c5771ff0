"""Days in the Gregorian and Julian calendars."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.dates import day, iso, year_of
from archive.dates.calendar import civil, julian_day, month_span


@given(st.integers(min_value=-32000, max_value=4_000_000))
def test_every_day_has_one_date(number: int) -> None:
    assert day(*civil(number)) == number


@given(st.dates())
def test_dates_agree_with_the_standard_library(plain: date) -> None:
    assert day(plain.year, plain.month, plain.day) == plain.toordinal() + 1721425
    assert iso(plain.toordinal() + 1721425) == plain.isoformat()


def test_every_day_where_months_and_years_meet() -> None:
    """The last two and the first two days of each month of four hundred years, which random days hardly ever are."""
    for number in range(date(1700, 1, 1).toordinal(), date(2101, 1, 1).toordinal()):
        plain = date.fromordinal(number)
        if plain.day <= 2 or (plain + timedelta(days=2)).day <= 2:
            assert civil(number + 1721425) == (plain.year, plain.month, plain.day)
            assert day(plain.year, plain.month, plain.day) == number + 1721425


@pytest.mark.parametrize(
    ("written", "number"),
    [((1970, 1, 1), 2440588), ((1582, 10, 15), 2299161), ((-4713, 11, 24), 0)],
)
def test_known_days(written: tuple[int, int, int], number: int) -> None:
    assert day(*written) == number


def test_the_julian_calendar_ends_the_day_before_the_gregorian_begins() -> None:
    assert julian_day(1582, 10, 4) + 1 == day(1582, 10, 15)
    assert civil(julian_day(1368, 1, 23)) == (1368, 1, 31)


@pytest.mark.parametrize(
    "written", [(1958, 13, 1), (1958, 2, 29), (1900, 2, 29), (1958, 4, 31), (1958, 0, 1), (1958, 1, 0)]
)
def test_days_that_never_were_are_refused(written: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no such day"):
        day(*written)


def test_years_before_our_era_are_astronomical() -> None:
    assert iso(day(-220, 1, 1)) == "-0220-01-01"
    assert iso(day(0, 12, 31)) == "0000-12-31"
    assert year_of(day(-220, 6, 1)) == -220


def test_february_of_a_leap_year_has_29_days() -> None:
    first, last = month_span(2000, 2)
    assert last - first + 1 == 29

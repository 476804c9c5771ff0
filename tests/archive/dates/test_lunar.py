"""The lunar table against known days, itself, and a second package."""

from itertools import pairwise

import pytest

from archive.dates import day, lunar
from archive.dates.calendar import civil

# New year's days and others that newspapers, chronicles and almanacs state.
KNOWN = [
    ((1644, 1, 1), (1644, 2, 8)),
    ((1711, 3, 18), (1711, 5, 5)),
    ((1799, 1, 3), (1799, 2, 7)),  # 乾隆帝卒，嘉庆四年正月初三
    ((1840, 1, 1), (1840, 2, 3)),
    ((1898, 4, 23), (1898, 6, 11)),  # 明定国是诏，光绪二十四年四月二十三日
    ((1904, 1, 1), (1904, 2, 16)),
    ((1908, 10, 21), (1908, 11, 14)),  # 光绪帝卒
    ((1911, 8, 19), (1911, 10, 10)),  # 武昌起义
    ((1911, 12, 25), (1912, 2, 12)),  # 清帝逊位
    ((1949, 1, 1), (1949, 1, 29)),
    ((1953, 8, 15), (1953, 9, 22)),
    ((1976, 1, 1), (1976, 1, 31)),
    ((2000, 1, 1), (2000, 2, 5)),
    ((2024, 8, 15), (2024, 9, 17)),
]


@pytest.mark.parametrize(("moon", "sun"), KNOWN)
def test_known_days(moon: tuple[int, int, int], sun: tuple[int, int, int]) -> None:
    found = lunar.day(*moon)
    assert found is not None
    assert civil(found) == sun


@pytest.mark.parametrize(
    ("year", "leap"), [(1862, 8), (1870, 10), (1900, 8), (1930, 6), (1949, 7), (1984, 10), (2020, 4), (2033, 11)]
)
def test_known_leap_months(year: int, leap: int) -> None:
    assert [month.number for month in lunar.months(year) if month.leap] == [leap]


def test_every_day_from_1644_to_2050_lies_in_exactly_one_month() -> None:
    months = [month for year in range(1643, 2052) for month in lunar.months(year)]
    assert all(following.start == before.end + 1 for before, following in pairwise(months))
    assert months[0].start <= day(1644, 1, 1)
    assert months[-1].end >= day(2050, 12, 31)


def test_conversion_there_and_back_for_every_day_from_1644_to_2050() -> None:
    for year in range(1644, 2051):
        for month in lunar.months(year):
            assert month.end - month.start in (28, 29)
            for number in (month.start, month.start + 14, month.end):
                found = lunar.date_of(number)
                assert found is not None
                named, same, count = found
                assert (named, same) == (year, month)
                assert lunar.day(named, same.number, count, same.leap) == number


def test_there_is_no_such_day() -> None:
    assert lunar.day(1904, 13, 1) is None
    assert lunar.day(1904, 1, 31) is None
    assert lunar.day(1904, 2, 1, leap=True) is None
    assert lunar.month_span(-138, 1) is None


def test_years_outside_the_table_are_gregorian() -> None:
    assert lunar.year_span(-138) == (day(-138, 1, 1), day(-138, 12, 31))


def test_a_second_package_agrees_on_every_month_from_1644_to_2050() -> None:
    tyme = pytest.importorskip("tyme4py.lunar", reason="tyme4py is not installed: pip install tyme4py")
    for year in range(1644, 2051):
        for month in lunar.months(year):
            theirs = tyme.LunarMonth.from_ym(year, -month.number if month.leap else month.number)
            first = round(theirs.get_first_julian_day().get_day())
            assert (first, theirs.get_day_count()) == (month.start, month.end - month.start + 1), (year, month)

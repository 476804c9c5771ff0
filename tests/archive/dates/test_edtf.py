"""EDTF: the notation, and that no day is lost or gained by it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.dates import edtf, shipped_reader
from archive.dates.calendar import day, month_span, years_span
from archive.model.records import Period, Precision


def days(written: str) -> tuple[int | None, int | None]:
    """The days an EDTF string names, read by the standard (and seasons by this program's convention)."""
    if "/" in written:
        first, last = written.split("/")
        return (None if first == ".." else days(first)[0]), (None if last == ".." else days(last)[1])
    match = re.fullmatch(r"(-?\d{4}|\d{3}X|\d{2}XX)(?:-(\d\d))?(?:-(\d\d))?", written)
    assert match, written
    year, month, of_month = match.groups()
    if of_month:
        return (number := day(int(year), int(month), int(of_month))), number
    if month and int(month) > 12:
        opening = 3 * (int(month) - 21) + 2
        return day(int(year), opening, 1), month_span(int(year) + (opening == 11), (opening + 2) % 12 + 1)[1]
    if month:
        return month_span(int(year), int(month))
    return years_span(int(year.replace("X", "0")), int(year.replace("X", "9")))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1949年10月1日", "1949-10-01"),
        ("1958年2月", "1958-02"),
        ("公元前221年", "-0220"),
        ("公元前1年", "0000"),
        ("公元96年", "0096"),
        ("1958年春", "1958-21"),
        ("1958年夏", "1958-22"),
        ("1958年秋", "1958-23"),
        ("1958年冬", "1958-24"),
        ("光绪三十年春", "1904-02-16/1904-05-14"),
        ("1950年代", "195X"),
        ("1950..1959", "1950/1959"),
        ("19世纪", "1801/1900"),
        ("20世纪初", "1901/1920"),
        ("1958年上半年", "1958-01/1958-06"),
        ("1958年底", "1958-11/1958-12"),
        ("1949-10-01..", "1949-10-01/.."),
        ("..1911", "../1911"),
    ],
)
def test_notation(text: str, written: str) -> None:
    assert edtf(shipped_reader().parse(text)) == written


def test_a_mask_stands_for_a_century_from_00_to_99() -> None:
    assert edtf(Period(*years_span(1800, 1899), Precision.CENTURY)) == "18XX"
    assert edtf(Period(*years_span(1800, 1899), Precision.RANGE)) == "1800/1899"
    assert edtf(Period(*years_span(0, 9), Precision.DECADE)) == "0000/0009"


numbers = st.integers(day(-2100, 1, 1), day(2100, 12, 31))


@given(numbers, st.integers(0, 40_000) | st.none(), st.sampled_from(Precision))
def test_days_come_back(start: int, length: int | None, precision: Precision) -> None:
    period = Period(start, None if length is None else start + length, precision)
    assert days(edtf(period)) == (period.start, period.end)


@given(st.integers(-2100, 2100), st.integers(1, 12), st.integers(0, 300), st.sampled_from(Precision))
def test_whole_months_and_years_come_back(year: int, month: int, months: int, precision: Precision) -> None:
    last = 12 * year + month - 1 + months
    start, end = month_span(year, month)[0], month_span(last // 12, last % 12 + 1)[1]
    written = edtf(Period(start, end, precision))
    assert days(written) == (start, end)
    assert not re.search(r"\d{4}-\d\d-\d\d", written), "no days where months do"


@given(st.integers(1000, 2100), st.sampled_from("春夏秋冬"))
def test_seasons_come_back(year: int, season: str) -> None:
    period = shipped_reader().parse(f"{year}年{season}")
    assert days(edtf(period)) == (period.start, period.end)
    assert re.fullmatch(r"\d{4}-2[1-4]", edtf(period))


@pytest.mark.parametrize(
    "text", ["抗战时期", "光绪三十年", "民国二十三年十月", "清代", "解放前", "建国以来", "1980年代"]
)
def test_periods_come_back(text: str) -> None:
    period = shipped_reader().parse(text)
    assert days(edtf(period)) == (period.start, period.end)

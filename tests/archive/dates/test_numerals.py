"""Numbers and sexagenary names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.dates import day, ganzhi
from archive.dates.numerals import number


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1936", 1936),
        ("一九三六", 1936),
        ("二〇〇八", 2008),
        ("二○○八", 2008),
        ("元", 1),
        ("正", 1),
        ("十", 10),
        ("十五", 15),
        ("三十", 30),
        ("三十六", 36),
        ("廿", 20),
        ("廿五", 25),
        ("卅", 30),
        ("贰拾贰", 22),
        ("叁拾", 30),
        ("初五", 5),
        ("初十", 10),
        ("一百二十", 120),
        ("一百零五", 105),
        ("一千九百四十九", 1949),
        ("二十一", 21),
    ],
)
def test_numbers(written: str, value: int) -> None:
    assert number(written) == value


@pytest.mark.parametrize("written", ["", "十十", "二三十", "百千", "廿廿", "二百五百", "年"])
def test_what_is_no_number(written: str) -> None:
    assert number(written) is None


@given(st.text(alphabet="〇一二三四五六七八九十百千廿卅初元两拾0123456789", max_size=8))
def test_any_string_gives_a_number_or_none(written: str) -> None:
    found = number(written)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    ("pair", "year"), [("甲子", 1984), ("辛亥", 1911), ("乙巳", 1785), ("癸亥", 1983), ("己酉", 1849)]
)
def test_sexagenary_years(pair: str, year: int) -> None:
    assert ganzhi.years(pair, year - 59, year + 59) == [year]


def test_slips_of_printers() -> None:
    assert ganzhi.years("乙已", 1736, 1795) == ganzhi.years("乙巳", 1736, 1795)
    assert ganzhi.years("戍戌", 1890, 1900) == [1898]
    assert ganzhi.index("甲丑") is None


def test_the_sixty_day_cycle() -> None:
    assert ganzhi.day_index(day(1949, 10, 1)) == 0  # 甲子日
    assert ganzhi.day_index(day(2000, 1, 1)) == 54  # 戊午日


def test_the_nearest_year_of_a_name() -> None:
    assert ganzhi.nearest("庚寅", 1889) == 1890
    assert ganzhi.nearest("庚寅", 1919) == 1890
    assert ganzhi.nearest("庚寅", 1920) == 1950

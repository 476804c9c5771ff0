"""The tables people edit."""

from pathlib import Path

import pytest

from archive.dates import DateReader, describe, iso, period_tables, shipped_reader
from archive.model.errors import ConfigError

OFFICE = """\
[[period]]
names = ["解放", "县城解放"]
start = "1949-09-26"
before = "1949-09-25"
vague = true
source = "县志"

[[term]]
body = ["县政协"]
terms = ["1956-03-20", "1959-01-12", "1962-05-06"]
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    path = tmp_path / "periods.toml"
    path.write_text(OFFICE, encoding="utf-8")
    return path


def reader(file: Path) -> tuple[DateReader, ConfigError | None]:
    tables, error = period_tables.load(file)
    return DateReader(tables), error


def test_an_office_says_when_its_county_was_liberated(office: Path) -> None:
    own, error = reader(office)
    assert error is None
    assert describe(own.parse("解放后")) == "1949年9月26日以后"
    assert describe(own.parse("建国后")) == "1949年10月以后"
    assert describe(shipped_reader().parse("解放后")) == "1949年10月以后"
    (one,) = own.extract("第二届县政协期间")
    assert (iso(one.period.start or 0), iso(one.period.end or 0)) == ("1959-01-12", "1962-05-05")


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ('start = "1949-09-26"', 'start = "1949-13-26"', "第 1 行起", "没有这一天"),
        ('start = "1949-09-26"', 'start = "九月"', "第 1 行起", "日期写法不对"),
        ('start = "1949-09-26"\n', "", "第 1 行起", "缺少 start"),
        ('start = "1949-09-26"', "start = 1949-09-26x", "第 3 行", "写法不对"),
        ('"1959-01-12", "1962-05-06"', '"1962-05-06", "1959-01-12"', "第 8 行起", "从早到晚"),
        ("[[term]]", "[[terms]]", "第 8 行起", "不认识的表：terms"),
        ('["解放", "县城解放"]', '"解放"', "第 1 行起", "names"),
    ],
)
def test_a_broken_line_is_named_and_the_last_good_text_used(
    office: Path, old: str, new: str, place: str, reason: str
) -> None:
    reader(office)
    office.write_text(OFFICE.replace(old, new), encoding="utf-8")
    own, error = reader(office)
    assert isinstance(error, ConfigError)
    assert error.place == f"periods.toml {place}"
    assert reason in error.message
    assert describe(own.parse("解放后")) == "1949年9月26日以后"


def test_a_file_that_never_was_good_leaves_the_shipped_tables(tmp_path: Path) -> None:
    path = tmp_path / "periods.toml"
    path.write_bytes("names = 解放".encode("gb18030"))
    own, error = reader(path)
    assert error is not None
    assert "UTF-8" in error.message
    assert describe(own.parse("解放后")) == "1949年10月以后"


def test_names_may_be_written_in_either_script(office: Path) -> None:
    office.write_text(
        '[[period]]\nnames = ["“鐵路”會戰"]\nstart = "1957-05"\nend = "1958-07"\nalone = true\nsource = "縣志"\n',
        "utf-8",
    )
    own, error = reader(office)
    assert error is None
    texts = ("铁路会战中，", "“铁路”会战期间，", "鐵路會戰時期，", "參加「鐵路」會戰。")
    for text in texts:
        (one,) = own.extract(text)
        assert (iso(one.period.start or 0), iso(one.period.end or 0)) == ("1957-05-01", "1958-07-31"), text


def test_every_shipped_period_has_a_source() -> None:
    tables = period_tables.shipped()
    for named in (*tables.periods.values(), *tables.dynasties.values()):
        assert named.source, named.names


def test_every_shipped_name_is_read_as_it_says() -> None:
    for name, named in period_tables.shipped().periods.items():
        found = shipped_reader().extract(f"{name}时期") or shipped_reader().extract(name)
        assert found, name
        assert found[0].period.start == named.start, name


# The year of each first session: bodies of the nation need no entry of an office.
CONGRESSES = {
    "全国政协": (1949, 1954, 1959, 1964, 1978, 1983, 1988, 1993, 1998, 2003, 2008, 2013, 2018, 2023),
    "全国人大": (1954, 1959, 1964, 1975, 1978, 1983, 1988, 1993, 1998, 2003, 2008, 2013, 2018, 2023),
}


@pytest.mark.parametrize("body", CONGRESSES)
def test_the_terms_of_national_bodies_begin_in_their_years(body: str) -> None:
    starts = [shipped_reader().parse(f"{body}第{count}届").start for count in range(1, len(CONGRESSES[body]) + 1)]
    assert tuple(int(iso(start)[:4]) for start in starts if start is not None) == CONGRESSES[body]


@pytest.mark.parametrize(
    ("congress", "years"),
    [
        ("党的一大", "1921年7月23日—1921年7月31日"),
        ("党的七大", "1945年4月23日—1945年6月11日"),
        ("党的八大", "1956年9月15日—1956年9月27日"),
        ("党的十二大", "1982年9月1日—1982年9月11日"),
        ("党的二十大", "2022年10月16日—2022年10月22日"),
    ],
)
def test_the_days_of_party_congresses(congress: str, years: str) -> None:
    assert describe(shipped_reader().parse(congress)) == years

"""The histogram: which bars there are, how high, and where they lead."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.dates import day, shipped_reader
from archive.library import Library
from archive.model.search import PeriodIn, Scale, Search, Timeline
from web.app import create_app
from web.search.histogram import HEIGHT, Chart, chart, rows, written
from web.search.search_state import PERIOD_EXAMPLES, SearchState


@pytest.fixture(scope="module")
def app(library: Library) -> Flask:
    return create_app(library)


@pytest.fixture
def address(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def timeline(years: dict[int, int], dated: int = 9, total: int = 12) -> Timeline:
    """A library in which no article names two years."""
    decades: dict[int, int] = {}
    for year, count in years.items():
        decades[year // 10 * 10] = decades.get(year // 10 * 10, 0) + count
    centuries: dict[int, int] = {}
    for year, count in years.items():
        begin = (year - 1) // 100 * 100 + 1
        centuries[begin] = centuries.get(begin, 0) + count
    counts = sum(years.values())
    return Timeline(Scale(years, counts), Scale(decades, counts), Scale(centuries, counts), dated, total)


def drawn(counted: Timeline, period: str = "") -> Chart:
    made = chart(
        counted, SearchState(Search(text="水车", period=period)), shipped_reader().parse(period) if period else None
    )
    assert made is not None
    return made


@pytest.mark.usefixtures("address")
class TestChart:
    def test_decades_from_the_first_to_the_last(self) -> None:
        made = drawn(timeline({1904: 1, 1936: 2, 1951: 4}))
        assert made.unit == "年代"
        assert [(bar.first, bar.last, bar.count) for bar in made.bars if bar.count] == [
            (1900, 1909, 1),
            (1930, 1939, 2),
            (1950, 1959, 4),
        ]
        assert len(made.bars) == 6
        assert [bar.height for bar in made.bars] == [HEIGHT // 4, 0, 0, HEIGHT // 2, 0, HEIGHT]
        assert sum(bar.width for bar in made.bars) == pytest.approx(100, abs=0.1)
        assert (made.longer, made.undated and made.undated.count) == (2, 3)

    def test_a_decade_opens_into_its_years(self) -> None:
        made = drawn(timeline({1904: 1, 1936: 2, 1951: 4}), "1930年代")
        assert made.unit == "年" and [bar.first for bar in made.bars] == list(range(1930, 1940))
        assert all(bar.chosen for bar in made.bars)
        assert made.back and made.back.name == "1900年代" and made.onward and made.onward.name == "1950年代"
        assert made.whole and "period" not in made.whole.url

    def test_a_lone_mention_of_long_ago_does_not_set_the_axis(self) -> None:
        made = drawn(timeline({230: 1, 1904: 9, 1951: 9, 1962: 9}))
        assert made.unit == "年代"
        assert (made.bars[0].first, made.bars[-1].first) == (1900, 1960)
        assert made.back and made.back.name == "公元230年—公元239年"
        assert drawn(timeline({230: 9, 1904: 9, 1951: 9})).unit == "世纪"

    def test_a_longer_period_stands_among_all_decades(self) -> None:
        made = drawn(timeline({1904: 1, 1951: 4}), "光绪年间")
        assert made.unit == "年代" and [bar.first for bar in made.bars if bar.chosen] == [1900]
        assert len(made.bars) == 6
        assert [bar.first for bar in drawn(timeline({-220: 1, 1904: 1}), "光绪年间").bars] == [1870, 1880, 1890, 1900]

    def test_a_lunar_year_shows_its_decade_with_itself_chosen(self) -> None:
        made = drawn(timeline({1904: 1, 1951: 4}), "光绪三十年")
        assert [bar.first for bar in made.bars if bar.chosen] == [1904, 1905]

    def test_millennia_are_drawn_by_century(self) -> None:
        made = drawn(timeline({-220: 1, 1904: 1}))
        assert made.unit == "世纪"
        assert [bar.name for bar in made.bars if bar.count] == ["公元前3世纪", "20世纪"]

    def test_what_is_longer_than_a_bar_is_a_band(self) -> None:
        counted = replace(timeline({1951: 4}), spans={(1950, 1953): 3, (1966, 1976): 1, (1958, None): 2})
        by_year = drawn(counted, "1950年代")
        told = [(band.name, band.count, band.left, band.width) for band in by_year.bands]
        assert told == [("1950年—1953年", 3, 0.0, 40.0), ("1958年以后", 2, 80.0, 20.0)]
        assert sum(bar.count for bar in by_year.bars) == 4  # 五十年代初 stands in no year
        assert [band.row for band in by_year.bands] == [0, 1]
        assert "within=1" in by_year.bands[0].url
        by_decade = drawn(replace(counted, decades=Scale({1950: 7, 1980: 1}, 8)))
        assert [band.count for band in by_decade.bands] == [2, 1]  # 1950 to 1953 stands in its decade

    def test_no_more_bands_are_drawn_than_can_be_read(self) -> None:
        made = drawn(replace(timeline({1904: 1, 1951: 4}), spans={(1905, 1915 + n): 1 for n in range(9)}))
        assert (len(made.bands), made.more_bands) == (5, 4)

    def test_the_undated_have_a_bar_that_leads_to_them_and_back(self) -> None:
        state = SearchState(Search(text="水车", period_in=PeriodIn.DATE))
        made = chart(timeline({1904: 1, 1951: 4}), state, None)
        assert made and made.undated and (made.undated.count, made.undated.height) == (3, round(HEIGHT * 3 / 4))
        assert made.undated.url.endswith("&in=date&undated=date")
        chosen = chart(timeline({1904: 1}), state.but(undated=PeriodIn.DATE), None)
        assert chosen and chosen.undated and chosen.undated.chosen and "undated" not in chosen.undated.url
        assert chosen.undated.cut and [axis.current for axis in chosen.axes] == [True, False, False]

    def test_one_decade_is_drawn_by_year(self) -> None:
        assert drawn(timeline({1951: 1, 1953: 2})).unit == "年"

    def test_nothing_dated_is_not_drawn(self) -> None:
        assert chart(timeline({}), SearchState(Search()), None) is None

    def test_a_bar_leads_to_its_period_and_back(self) -> None:
        made = drawn(timeline({1904: 1, 1951: 4}), "1904年")
        (bar,) = [bar for bar in made.bars if bar.first == 1904]
        assert "period" not in bar.url
        assert drawn(timeline({1904: 1, 1951: 4})).bars[0].url.endswith("&period=1900%E5%B9%B4%E4%BB%A3")

    @pytest.mark.parametrize("year", [-220, -9, 0, 5, 904, 1904])
    @pytest.mark.parametrize("step", [1, 10])
    def test_every_unit_can_be_asked_for(self, year: int, step: int) -> None:
        first = year // step * step
        period = shipped_reader().parse(written(first, step))
        assert (period.start, period.end) == (day(first, 1, 1), day(first + step - 1, 12, 31))

    def test_the_table_has_every_unit(self) -> None:
        assert list(rows(timeline({1904: 2}))) == [
            ("世纪", 1901, 2000, 2),
            ("年代", 1900, 1909, 2),
            ("年", 1904, 1904, 2),
            ("有日期", "", "", 9),
            ("没有日期", "", "", 3),
        ]


@pytest.mark.parametrize("example", [example for examples, _ in PERIOD_EXAMPLES for example in examples])
def test_every_example_of_a_period_is_understood(example: str) -> None:
    assert shipped_reader().parse(example)


class TestOnThePage:
    @pytest.fixture
    def client(self, app: Flask) -> FlaskClient:
        return app.test_client()

    def test_bars_say_what_the_search_counts(self, client: FlaskClient) -> None:
        text = client.get("/?q=集市&in=date").text
        bars = re.findall(r'<a href="([^"]+)" class="bar" [^>]*aria-label="(\d+)年代：(\d+) 篇"', text)
        assert [(decade, count) for _, decade, count in bars] == [
            ("1950", "8"),
            ("1960", "10"),
            ("1970", "10"),
            ("1980", "2"),
        ]
        for url, _, count in bars:
            opened = client.get(url.replace("&amp;", "&")).text
            assert f"共 <b>{count}</b> 篇" in opened
            assert len(re.findall('class="bar chosen"', opened)) == int(count)  # one article a year

    def test_the_same_numbers_as_a_table_and_as_a_file(self, client: FlaskClient) -> None:
        text = client.get("/?q=集市&in=date&period=1952年").text
        assert re.search(r">1952年</a></td><td>1</td>", text)
        answer = client.get("/timeline.csv?q=集市&in=date")
        assert answer.mimetype == "text/csv" and answer.data.startswith(b"\xef\xbb\xbf")
        lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert dict(line for line in lines if len(line) == 2)["图上的日期"] == "成文日期"
        assert lines[lines.index([]) + 1] == ["单位", "起", "止", "篇数"]
        assert ["年代", "1950", "1959", "8"] in lines and ["年", "1952", "1952", "1"] in lines

    def test_why_an_article_was_found(self, client: FlaskClient) -> None:
        text = client.get("/?q=木匠&period=光绪三十年").text
        why = re.search(r'<p class="why">(.*?)</p>', text)
        assert why and "光绪三十年" in why[1] and "成文" not in why[1]
        assert 'title="公历 1904年2月16日—1905年2月3日"' in why[1]
        own = re.search(r'<p class="why">(.*?)</p>', client.get("/?q=木匠&period=1985年&in=date").text)
        assert own and "成文" in own[1] and "1985年" in own[1]

    def test_vague_wording_counts_by_choice(self, client: FlaskClient) -> None:
        assert 'name="vague" value="1" checked' in client.get("/?period=1958年&vague=1").text
        assert 'name="within" value="1" checked' in client.get("/?period=1958年&within=1").text

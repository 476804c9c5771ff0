"""Hits as a person is shown them: which passages, in which order, why found, and the question in words."""

from __future__ import annotations

from typing import Any

import pytest

from archive.dates import day
from archive.model.records import Article, Block, Kind, Mention, Period, Person, Precision
from archive.model.search import Hit, PeriodIn, Search
from archive.search import facet_labels, hits
from archive.search.index.engine import Found
from archive.search.matching import Closeness
from archive.search.parser import parse
from archive.search.query import Query

FIFTIES = Period(day(1950, 1, 1), day(1959, 12, 31), Precision.DECADE, "1950年代")
LATER = Period(day(1970, 1, 1), day(1970, 12, 31), Precision.YEAR, "1970年")
SINCE = Period(day(1955, 1, 1), None, Precision.YEAR, "1955年起")


def year(number: int) -> Period:
    return Period(day(number, 1, 1), day(number, 12, 31), Precision.YEAR, f"{number}年")


TEXTS = ("水车旧事", "1955年修渠。", "水车转了。", "1955年的水车。", "1970年的水车和水车。", "1955年起停了。")
MENTIONS = (
    Mention(1, 0, 5, year(1955), "gregorian"),
    Mention(3, 0, 5, year(1955), "gregorian"),
    Mention(4, 0, 5, LATER, "gregorian"),
    Mention(5, 0, 6, SINCE, "gregorian"),
    Mention(5, 0, 2, year(1955), "gregorian", vague=True),
)


def hit(text: str, period: Period | None = None, date: Period | None = None, **search: Any) -> Hit:
    blocks = (Block.plain(Kind.TITLE, TEXTS[0]), *(Block.plain(Kind.PARAGRAPH, words) for words in TEXTS[1:]))
    people = (Person("张三"), Person("李四"), Person("张三"))
    article = Article(id="7", collection="c", section="水利", blocks=blocks, people=people, date=date)
    query = Query(tree=parse(text), search=Search(text=text, **search), period=period)
    return hits.hit(article, () if period is None else MENTIONS, Found("7", Closeness.WRITTEN, 1.5), query)


def blocks(found: Hit) -> list[int]:
    return [passage.block for passage in found.passages]


def test_an_article_as_a_hit() -> None:
    found = hit("水车")
    assert (found.article, found.title, found.collection, found.section) == ("7", "水车旧事", "c", "水利")
    assert (found.authors, found.score, found.occurrences) == (("张三", "李四"), 1.5, 5)
    assert (found.met, found.own_date) == ((), False)
    assert blocks(found) == [0, 2, 3, 4]
    assert found.passages[3].spans == ((6, 8), (9, 11))
    assert found.passages[3].dates == ()


def test_blocks_with_word_and_date_come_first() -> None:
    found = hit("水车", FIFTIES)
    assert blocks(found) == [3, 0, 1, 2, 4]
    assert [mention.block for mention in found.met] == [1, 3]
    assert (found.passages[0].spans, found.passages[0].dates) == (((6, 8),), ((0, 5),))
    assert found.passages[2].spans == ()


def test_vague_and_open_dates_are_a_reason_only_on_request() -> None:
    assert [mention.block for mention in hit("水车", FIFTIES, open=True).met] == [1, 3, 5]
    assert [mention.vague for mention in hit("水车", FIFTIES, vague=True).met] == [False, False, True]
    assert hit("水车", FIFTIES, period_in=PeriodIn.DATE).met == ()
    assert [mention.block for mention in hit("水车", FIFTIES, open=True, within=True).met] == [1, 3]


@pytest.mark.parametrize(
    ("date", "search", "expected"),
    [
        (year(1955), {}, True),
        (year(1955), {"period_in": PeriodIn.DATE}, True),
        (year(1955), {"period_in": PeriodIn.TEXT}, False),
        (LATER, {}, False),
        (SINCE, {}, False),
        (SINCE, {"open": True}, True),
        (SINCE, {"open": True, "within": True}, False),
        (None, {}, False),
    ],
)
def test_whether_the_own_date_is_a_reason(date: Period | None, search: dict[str, Any], expected: bool) -> None:
    assert hit("水车", FIFTIES, date, **search).own_date is expected


def test_what_is_found_by_its_fields_alone_shows_how_it_begins() -> None:
    found = hit("")
    assert (blocks(found), found.occurrences) == ([1], 0)
    assert found.passages[0].excerpt == (0, len(TEXTS[1]))


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ({"period_in": PeriodIn.DATE}, "成文于1950年—1959年"),
        ({"period_in": PeriodIn.TEXT}, "文中写到1950年—1959年"),
        ({}, "成文于或写到1950年—1959年"),
        ({"within": True}, "成文于或写到1950年—1959年，完全落入"),
        ({"vague": True}, "成文于或写到1950年—1959年，包括笼统时期"),
        ({"open": True}, "成文于或写到1950年—1959年，包括起讫未尽的日期"),
    ],
)
def test_a_question_in_words(search: dict[str, Any], words: str) -> None:
    tree = parse("水车")
    said = hits.understood(Query(tree=tree, search=Search(text="水车", **search), period=FIFTIES))
    assert said.startswith(hits.understood(Query(tree=tree)) + "；")
    assert said.split("；")[-1] == words


@pytest.mark.parametrize(
    ("facet", "value", "label"),
    [
        ("collection", "c", "河湾文史"),
        ("collection", "d", "d"),
        ("decade", "1950", "1950年代"),
        ("decade", "-220", "前220年代"),
        ("decade", "0", "0年代"),
        ("author", "张三", "张三"),
    ],
)
def test_values_of_facets_in_words(facet: str, value: str, label: str) -> None:
    assert facet_labels.label(facet, value, {"c": "河湾文史"}) == label

"""One contract for all engines: the table of examples, exactness against brute force, filters, order, durability."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.dates import day, lunar, year_of
from archive.model.access import Rights
from archive.model.errors import EngineError
from archive.model.records import (
    OPEN,
    Access,
    Article,
    Block,
    Genre,
    Kind,
    Mention,
    Period,
    Person,
    Precision,
    Role,
    Status,
)
from archive.model.search import PeriodIn, Scale, Search, Sort
from archive.search.index.embedded import EmbeddedEngine
from archive.search.index.engine import PARTING, Engine, Matches
from archive.search.index.literal import matching_text
from archive.search.index.memory import MemoryEngine
from archive.search.matching import Closeness
from archive.search.parser import parse
from archive.search.query import And, Not, Query, Term, Words
from archive.support.cancellation import Cancelled, cancelled_unless
from archive.text.folding import fold, fold_query
from archive.text.segmentation import Segmenter, make_segmenter
from tests.archive.search.index.engines import EVERY, OTHERS, make

VISITOR = Rights.everything().in_use
MANY = frozenset({"collection", "section", "author", "decade"})
"""Filters that take several values."""


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return make_segmenter()


@pytest.fixture(params=EVERY)
def engine(request: pytest.FixtureRequest, tmp_path: Path, segmenter: Segmenter) -> Iterator[Engine]:
    made = make(request.param, tmp_path / "index", segmenter)
    yield made
    made.close()


def article(id: str, *texts: str, title: str = "题", **values: Any) -> Article:
    blocks = (Block.plain(Kind.TITLE, title), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
    return Article(id=id, blocks=blocks, **{"collection": "c", **values})


def year(number: int) -> Period:
    return Period(day(number, 1, 1), day(number, 12, 31), Precision.YEAR)


def put(engine: Engine, *articles: Article, mentions: dict[str, tuple[Mention, ...]] | None = None) -> None:
    with engine.batch() as batch:
        for one in articles:
            batch.put(one, (mentions or {}).get(one.id, ()))


@pytest.fixture
def ask(engine: Engine, segmenter: Segmenter) -> Callable[..., list[str]]:
    def asking(text: str, *, as_written: bool = False, limit: int = 1000, offset: int = 0, **filters: Any) -> list[str]:
        asked = question(segmenter, text, as_written, **filters)
        return [found.article for found in search(engine, asked, limit=limit, offset=offset).found]

    return asking


def question(segmenter: Segmenter, text: str, as_written: bool = False, **filters: Any) -> Query:
    tree = parse(text, as_written=as_written, fields=("案号", "承办单位"))
    period = filters.pop("period", None)
    given: dict[str, Any] = {name: (value,) if name in MANY else value for name, value in filters.items()}
    return Query(tree=tree, search=Search(as_written=as_written, **given), period=period)


def search(engine: Engine, query: Query, rights: Rights = VISITOR, limit: int = 1000, offset: int = 0) -> Matches:
    return engine.search(query, rights, limit=limit, offset=offset)


def standing(engine: Engine, query: Query, ids: list[str]) -> list[tuple[str, list[str], list[tuple[int, int]], str]]:
    """Where a query stands, whatever parts the blocks."""
    found = engine.standing(query, VISITOR, ids)
    return [(one.facts.id, PARTING.split(one.text), list(one.spans), PARTING.sub("|", one.written)) for one in found]


# query, articles it finds, articles it does not find; each article is a list of paragraphs
EXAMPLES: list[tuple[str, list[list[str]], list[list[str]]]] = [
    ("沙坡头 治沙", [["沙坡头在黄河边", "他们在治沙"]], [["沙坡头"], ["治沙"]]),
    ('"沙坡头治沙"', [["沙坡头治沙站"]], [["沙坡头的治沙"]]),
    ("沙坡头治沙", [["沙坡头治沙站"]], [["沙坡头的治沙"], ["沙坡头", "治沙"], ["沙坡头"]]),
    ("沙坡头治沙 站", [["沙坡头治沙站"]], [["沙坡头的治沙站"]]),
    ("光緒", [["光绪"], ["光緖"], ["光緒"]], [["光 a"]]),
    ("刘勇", [["刘　勇"], ["劉勇"], ["刘 勇"]], [["刘小勇"]]),
    ("刘?勇", [["刘小勇"], ["劉小　勇"]], [["刘勇"], ["刘大小勇"], ["刘", "小勇"]]),
    ("刘*勇", [["刘小勇"], ["刘勇"], ["刘一二三四五六七八九十勇"]], [["刘一二三四五六七八九十一勇"]]),
    ("国发（1982）", [["国发(1982)8号"]], [["1982国发"]]),
    ("〇", [["一九五〇年"]], [["一九五0年"]]),
    ("舍利 -舍利弗", [["舍利塔"]], [["舍利弗"], ["舍利", "舍利弗"], ["塔"]]),
    ("枸杞 OR 甘草 种植", [["枸杞"], ["甘草种植"]], [["种植"], ["甘草"]]),
    ("(枸杞 OR 甘草) 种植", [["枸杞", "种植"], ["甘草种植"]], [["枸杞"], ["种植"]]),
    ("羊皮 NEAR/10 筏", [["羊皮制成的筏"], ["筏用羊皮"]], [["羊皮一二三四五六七八九十一筏"], ["羊皮", "筏"]]),
    ("羊皮 NEAR/3 羊皮", [["羊皮和羊皮"]], [["羊皮"]]),
    ('"哈哈" NEAR/0 "啊"', [["哈哈哈啊"], ["啊哈哈哈"]], [["哈哈，啊"], ["哈啊"]]),
    ("人人 NEAR/0 人人", [["人人人"]], [["人人"]]),
    ("舍利弗 NEAR/0 利弗", [["舍利弗"]], [["舍利"]]),
    ("人 NEAR/2 人", [["人和人"]], [["人一二三人"], ["人"], ["人", "人"]]),
    ("人 NEAR/句 人", [["人和人。"]], [["人。人"], ["一人"]]),
    ("人民 NEAR/0 民主", [["人民主"], ["民主人民"]], [["人民，民主"]]),
    ("一*一*一*一", [["一二一三一四一"], ["一一一一"]], [["一二一三一"], ["一一", "一一"]]),
    ("羊皮 NEAR/句 筏", [["羊皮制成大大的筏。好"], ["筏子，用羊皮"]], [["羊皮！筏"], ["羊皮。筏"], ["羊皮", "筏"]]),
    ('"筏。" NEAR/句 羊皮', [["羊皮筏。好"], ["筏。羊皮"]], [["羊皮。筏。好"], ["筏。好。羊皮"]]),
    ("羊皮 NEAR/段 筏", [["羊皮。好。筏"]], [["羊皮", "筏"]]),
    ("羊皮 NEAR/句 羊皮", [["羊皮，羊皮。"]], [["羊皮。羊皮"]]),
    ("羊?筏 NEAR/3 河", [["羊皮筏过河"]], [["羊皮筏一二三四河"]]),
    ("舍利 EXCEPT 舍利弗", [["舍利塔"], ["舍利弗的舍利"]], [["舍利弗"], ["舍 利弗", "舍利弗"]]),
    ("舍利 EXCEPT 舍利弗 EXCEPT 舍利子", [["舍利子与舍利"]], [["舍利子", "舍利弗"]]),
    ("人人 EXCEPT 三人人", [["三人人人"]], [["三人人"]]),
    ("舍利 EXCEPT 舍?弗 塔", [["舍利塔"]], [["舍利弗塔"]]),
    ("舍利 EXCEPT 舍利弗 NEAR/2 塔", [["舍利弗，舍利塔"]], [["舍利弗塔，远远的舍利"]]),
    ("-(舍利 EXCEPT 舍利弗)", [["舍利弗"], ["塔"]], [["舍利"]]),
    ('"刘　"', [["刘　勇"], ["刘勇"], ["老刘 "]], [["勇"]]),
    ('" 勇"', [["刘　勇"], ["刘勇"], ["a 勇"]], [["刘"]]),
    ('"a "', [["a b"], ["a 刘"]], [["ab"]]),
    ("--舍利", [["舍利"]], [["塔"]]),
    ("中*国*人", [["中国人"], ["中一国二人"]], [["中国", "人"], ["国中人"], ["中一二三四五六七八九十一国人"]]),
    ("中*国?人", [["中国的人"]], [["中国人"]]),
    ("甲\x1e乙", [["甲乙"]], [["甲", "乙"]]),
    ("的", [["我的"]], [["我"]]),
    ("𠮷", [["𠮷野"]], [["吉野"]]),
    ("，", [["甲，乙"], ["甲,乙"]], [["甲。乙"]]),
    ('"甲 乙"', [["甲乙"], ["甲　乙"]], [["甲", "乙"]]),
    ('"a b"', [["A b"]], [["ab"]]),
    ('" "', [["a b"], ["刘 b"]], [["刘 勇"], ["刘勇"]]),
    ("正文:水车", [["水车"]], [["筏"]]),
    ("文化馆", [["文\u200b化馆"], ["文化\u00ad馆"], ["文\u2060化　\u200b馆"]], [["文a化馆"]]),
    ("葛\ufe0e根沟", [["葛根沟"], ["葛\U000e0100根沟"]], [["根沟"]]),
    ("刘\u200d?勇", [["刘小\u200b勇"]], [["刘\u200b勇"]]),
    ("水车 \u200b", [["水车"]], [["筏"]]),
    ("大河", [["⼤河"]], [["河"]]),
    ("人⺠", [["人民"], ["人⺠"]], [["人"]]),
]


@pytest.mark.parametrize(("query", "found", "missed"), EXAMPLES, ids=[row[0] for row in EXAMPLES])
def test_examples(
    query: str, found: list[list[str]], missed: list[list[str]], engine: Engine, ask: Callable[..., list[str]]
) -> None:
    articles = [article(f"yes{n}", *texts) for n, texts in enumerate(found)]
    articles += [article(f"no{n}", *texts) for n, texts in enumerate(missed)]
    put(engine, *articles)
    assert sorted(ask(query)) == sorted(one.id for one in articles if one.id.startswith("yes"))


def test_as_written(engine: Engine, ask: Callable[..., list[str]]) -> None:
    put(
        engine, article("trad", "光緒"), article("simp", "光绪"), article("spaced", "光　緒"), article("mark", "光?绪*")
    )
    assert ask("光緒", as_written=True) == ["trad"]
    assert ask("光绪", as_written=True) == ["simp"]
    assert ask('"光　緒"', as_written=True) == ["spaced"]
    assert ask("光?绪*", as_written=True) == ["mark"]


def test_closer_matches_come_first(engine: Engine, ask: Callable[..., list[str]]) -> None:
    put(
        engine,
        article("folded", "沙坡頭治沙"),
        article("written", "长长的一篇，最后才说到沙坡头治沙"),
    )
    assert ask("沙坡头治沙") == ["written", "folded"]


def test_what_nobody_waits_for_is_given_up(engine: Engine, ask: Callable[..., list[str]]) -> None:
    put(engine, article("a", "水车"), article("b", "水车和筏"))
    state = engine.state()
    for asked in ("水车", "水*筏", "水车 NEAR/3 筏"):
        with cancelled_unless(lambda: False), pytest.raises(Cancelled):
            ask(asked)
    assert engine.state() == state
    assert sorted(ask("水车")) == ["a", "b"]


def test_a_genre_can_be_left_out(engine: Engine) -> None:
    put(engine, article("preface", "水车", genre=Genre.MATTER), article("text", "水车"))
    only = search(engine, Query(tree=Term("水车"), search=Search(genre=(Genre.ARTICLE,))))
    assert [one.article for one in only.found] == ["text"]
    assert only.facets["genre"] == (("article", 1), ("matter", 1))


def test_front_and_back_matter_comes_last(engine: Engine, ask: Callable[..., list[str]]) -> None:
    put(
        engine,
        article("preface", "水车水车水车", genre=Genre.MATTER, date=year(1950)),
        article("text", "说到水車", date=year(1900)),
    )
    assert ask("水车") == ["text", "preface"]
    assert ask("水车", sort=Sort.DATE_DOWN) == ["preface", "text"]


def test_a_section_reaches_from_heading_to_heading(engine: Engine, ask: Callable[..., list[str]]) -> None:
    def text(id: str, *blocks: tuple[Kind, str]) -> Article:
        every = ((Kind.TITLE, "题"), *blocks)
        return Article(id=id, collection="c", blocks=tuple(Block.plain(*each) for each in every))

    put(
        engine,
        text("together", (Kind.PARAGRAPH, "羊皮"), (Kind.PARAGRAPH, "好"), (Kind.PARAGRAPH, "筏")),
        text("under", (Kind.HEADING, "羊皮"), (Kind.PARAGRAPH, "筏子")),
        text("apart", (Kind.PARAGRAPH, "羊皮"), (Kind.HEADING, "二"), (Kind.PARAGRAPH, "筏")),
        text("one", (Kind.PARAGRAPH, "筏"), (Kind.HEADING, "筏")),
    )
    assert sorted(ask("羊皮 NEAR/节 筏")) == ["together", "under"]
    assert ask("筏 NEAR/节 筏") == []
    assert sorted(ask("羊皮 筏")) == ["apart", "together", "under"]
    assert ask('"羊皮二"') == []


WORDS = {
    3: ["all", "apart"],
    2: ["all", "apart", "two"],
    1: ["all", "apart", "one", "two"],
}


@pytest.mark.parametrize("least", WORDS)
def test_looser_readings_count_the_words_that_stand(least: int, engine: Engine) -> None:
    put(
        engine,
        article("all", "甘肃的水车、筏子和枸杞"),
        article("apart", "水车", "枸杞", title="筏子"),
        article("two", "水車和枸杞"),
        article("one", "水车水车"),
        article("none", "甘草"),
    )
    asked = Words(("水车", "筏子", "枸杞"), least, ("水车筏子", "枸杞"))
    found = search(engine, Query(tree=asked))
    assert sorted(one.article for one in found.found) == WORDS[least]
    assert found.total == len(WORDS[least])
    without = search(engine, Query(tree=And((asked, Not(Term("筏子"))))))
    assert sorted(one.article for one in without.found) == sorted(set(WORDS[least]) - {"all", "apart"})


def test_phrases_do_not_cross_blocks(engine: Engine, ask: Callable[..., list[str]]) -> None:
    put(engine, article("one", "黄河", "水车", title="黄"), article("two", "黄河水车"))
    assert ask('"黄河水车"') == ["two"]
    assert ask('"黄黄河"') == []


def test_unsearched_kinds(engine: Engine, ask: Callable[..., list[str]]) -> None:
    hidden = Article(
        id="a", collection="c", blocks=(Block.plain(Kind.TITLE, "题"), Block.plain(Kind.COMMENT, "批注里的水车"))
    )
    put(engine, hidden)
    assert ask("水车") == []
    assert ask("题") == ["a"]


def test_fields(engine: Engine, ask: Callable[..., list[str]]) -> None:
    put(
        engine,
        article("a", "水车", title="筏子", people=(Person("张　三"),), section="交通", volume="第三辑"),
        article("b", "筏子", title="水車", people=(Person("李四"), Person("张三丰")), section="水利"),
    )
    assert ask("标题:水车") == ["b"]
    assert ask("标题:水车", as_written=True) == []
    assert ask("正文:水车") == ["a"]
    assert sorted(ask("作者:张三")) == ["a", "b"]
    assert ask("作者:张三 水车 -标题:水车") == ["a"]
    assert ask("栏目:水利") == ["b"]
    assert ask("辑:三") == ["a"]
    assert ask("辑名辑次:三") == ["a"]
    assert ask("题名:水车") == ["b"]


def test_descriptive_fields(engine: Engine, ask: Callable[..., list[str]]) -> None:
    put(
        engine,
        article("a", "水车", people=(Person("张三", Role.NARRATOR),), source="甘肅日报", fields=(("关键词", "水利"),)),
        article(
            "b", "水车", people=(Person("张三"),), fields=(("案号", "１２号"), ("案号", "3"), ("承办单位", "水利局"))
        ),
        article(
            "c", "案号:12", status=Status.RECEIVED, date=year(1955), fields=(("人物", "张三"), ("承办单位", "林业局"))
        ),
        article("gone", "水车", status=Status.WITHDRAWN, fields=(("案号", "12"),)),
    )
    assert ask("案号:12") == ask("案号：12号") == ["b"]
    assert ask("案号:12", as_written=True) == []
    assert ask("案号:１２", as_written=True) == ["b"]
    assert ask('"案号:12"') == ["c"]
    assert ask("承办单位:局 -承办单位:水利局") == ["c"]
    assert ask("水车 (关键词:水利 OR 承办单位:水利)", sort=Sort.SOURCE) == ["a", "b"]
    assert ask("作者:张三", sort=Sort.SOURCE) == ["a", "b"]
    assert ask("口述者:张三") == ["a"]
    assert ask("人物:张三") == ["c"]
    assert ask("来源:甘肃") == ["a"]
    assert ask("稿件状态:来稿") == ["c"]
    assert ask("成文日期:1955") == ["c"]
    assert {"案号", "承办单位", "关键词"} <= engine.field_names(VISITOR)
    put(engine, article("a", "水车"), article("b", "水车", fields=(("承办单位", "林业局"),)))
    assert ask("案号:12") == ask("来源:甘肃") == []
    assert ask("承办单位:林业", sort=Sort.SOURCE) == ["b", "c"]
    assert "关键词" not in engine.field_names(VISITOR)


def test_filters_count_and_facets(engine: Engine, segmenter: Segmenter) -> None:
    put(
        engine,
        article("a", "水车", section="水利", people=(Person("甲"),), date=year(1955)),
        article("b", "水车", section="水利", people=(Person("甲"), Person("乙")), collection="d"),
        article("c", "水车", section="交通", date=year(1950)),
        article("hidden", "水车", access=Access.RESTRICTED),
        article("gone", "水车", status=Status.WITHDRAWN),
    )
    rights = Rights.of(frozenset({Access.OPEN}), frozenset({Status.RELEASED}), frozenset())
    matches = search(engine, question(segmenter, "水车"), rights, limit=1)
    assert matches.total == 3
    assert len(matches.found) == 1
    assert matches.facets == {
        "collection": (("c", 2), ("d", 1)),
        "volume": (),
        "section": (("水利", 2), ("交通", 1)),
        "author": (("甲", 2), ("乙", 1)),
        "decade": (("1950", 2),),
        "genre": (("article", 3),),
    }
    narrowed = search(engine, question(segmenter, "水车", section="水利"), rights)
    assert narrowed.facets["section"] == (("水利", 2), ("交通", 1))  # the others to choose stay in sight
    assert narrowed.facets["decade"] == (("1950", 1),)
    both = search(engine, Query(tree=Term("水车"), search=Search(section=("水利", "交通"), decade=(1950,))), rights)
    assert (both.total, both.facets["section"]) == (2, (("交通", 1), ("水利", 1)))
    assert both.facets["decade"] == (("1950", 2),)
    for choice, expected in (
        ({"collection": "d"}, 1),
        ({"section": "水利"}, 2),
        ({"author": "乙"}, 1),
        ({"decade": 1950}, 2),
        ({"decade": 1960}, 0),
        ({}, 3),
    ):
        assert search(engine, question(segmenter, "水车", **choice), rights).total == expected
    assert search(engine, question(segmenter, "")).total == 4


def test_periods(engine: Engine, ask: Callable[..., list[str]]) -> None:
    said: dict[str, tuple[Mention, ...]] = {
        "b": (Mention(1, 0, 2, year(1950), "r"),),
        "vague": (Mention(1, 0, 2, Period(day(1949, 10, 1), None, Precision.PERIOD), "r", vague=True),),
        "open": (Mention(1, 0, 2, Period(None, day(1900, 1, 1), Precision.PERIOD), "r"),),
    }
    put(
        engine,
        article("a", "水车", date=year(1950)),
        article("b", "水车", date=year(1980)),
        article("vague", "水车"),
        article("open", "水车"),
        article("none", "水车"),
        mentions=said,
    )
    assert sorted(ask("水车", period=year(1950))) == ["a", "b"]
    assert ask("水车", period=year(1950), period_in=PeriodIn.DATE) == ["a"]
    assert ask("水车", period=year(1950), period_in=PeriodIn.TEXT) == ["b"]
    assert sorted(ask("水车", period=year(1950), vague=True)) == ["a", "b", "vague"]
    assert ask("水车", period=year(1)) == []
    assert ask("水车", period=year(1), open=True) == ["open"]
    assert sorted(ask("水车", period=year(1950), open=True)) == ["a", "b"], "vague and open are asked for apart"
    assert sorted(ask("水车", period=Period(day(1950, 12, 31), day(1951, 1, 1), Precision.RANGE))) == ["a", "b"]
    assert ask("水车", period=Period(day(1951, 1, 1), day(1951, 1, 1), Precision.DAY)) == []
    assert sorted(ask("", period=Period(None, None, Precision.PERIOD))) == ["a", "b"]
    assert sorted(ask("", period=Period(None, None, Precision.PERIOD), open=True)) == ["a", "b", "open"]


def test_dates_open_at_one_end_count_only_on_request(engine: Engine, ask: Callable[..., list[str]]) -> None:
    since = Period(day(1952, 1, 1), None, Precision.YEAR)
    put(
        engine,
        article("began", "水车"),
        article("ended", "水车"),
        article("own", "水车", date=since),
        mentions={
            # 1952年起 of a text written in 1958: the year it began in, and the open date with the end found for it.
            "began": (
                Mention(1, 0, 1, Period(day(1952, 1, 1), day(1958, 12, 31), Precision.YEAR), f"r{OPEN}"),
                Mention(1, 0, 1, year(1952), "r"),
            ),
            "ended": (Mention(1, 0, 1, Period(None, day(1955, 12, 31), Precision.YEAR), f"r{OPEN}"),),
        },
    )
    assert ask("水车", period=year(1955)) == []
    assert ask("水车", period=year(1952)) == ["began"]
    assert sorted(ask("水车", period=year(1955), open=True)) == ["began", "ended", "own"]
    assert ask("水车", period=year(1960), open=True) == ["own"]
    assert ask("水车", period=year(1955), open=True, period_in=PeriodIn.DATE) == ["own"]
    assert sorted(ask("水车", period=year(1955), open=True, period_in=PeriodIn.TEXT)) == ["began", "ended"]


def test_period_falls_within(engine: Engine, ask: Callable[..., list[str]]) -> None:
    decade = Period(day(1950, 1, 1), day(1959, 12, 31), Precision.DECADE)
    long = Period(day(1949, 1, 1), day(1952, 12, 31), Precision.RANGE)
    put(
        engine,
        article("in", "水车"),
        article("over", "水车", date=long),
        article("open", "水车"),
        mentions={
            "in": (Mention(1, 0, 1, year(1950), "r"),),
            "open": (Mention(1, 0, 1, Period(day(1955, 1, 1), None, Precision.PERIOD), "r"),),
        },
    )
    assert sorted(ask("水车", period=decade, open=True)) == ["in", "open", "over"]
    assert ask("水车", period=decade, within=True) == ["in"]
    since = Period(day(1900, 1, 1), None, Precision.PERIOD)
    assert ask("", period=since, within=True, open=True) == ["in", "over", "open"]


def said(*periods: Period, vague: bool = False) -> tuple[Mention, ...]:
    return tuple(Mention(1, 0, 1, period, "r", vague=vague) for period in periods)


def test_a_lunar_year_of_385_days_stands_in_one_year_and_nothing_longer_does(
    engine: Engine, segmenter: Segmenter
) -> None:
    longest = next(span for span in map(lunar.year_span, range(1600, 2000)) if span[1] - span[0] == 384)
    begins = year_of(longest[0])
    put(
        engine,
        article("longest", "水车", date=Period(*longest, Precision.YEAR)),
        article("longer", "水车", date=Period(longest[0], longest[1] + 1, Precision.RANGE)),
    )
    assert engine.timeline(question(segmenter, "水车"), VISITOR).years == Scale({begins: 1}, 1)


def test_timeline_counts_each_article_once_in_every_unit_of_time(engine: Engine, segmenter: Segmenter) -> None:
    lunar = Period(day(1909, 1, 22), day(1910, 2, 9), Precision.YEAR)  # 宣统元年, with a leap month
    put(
        engine,
        article("twice", "水车", date=year(1950)),
        article("fifties", "水车"),
        article("lunar", "水车"),
        article("war", "水车"),
        article("since", "水车"),
        article("undated", "水车"),
        article("other", "筏", date=year(1950)),
        mentions={
            "twice": said(year(1950), year(1951), year(1951)),
            "fifties": said(Period(day(1950, 1, 1), day(1959, 12, 31), Precision.DECADE), year(1951)),
            "lunar": said(lunar),
            "war": said(Period(day(1937, 7, 7), day(1945, 9, 2), Precision.RANGE)),
            "since": said(Period(day(1949, 10, 1), None, Precision.PERIOD), vague=True),
        },
    )
    counted = engine.timeline(question(segmenter, "水车"), VISITOR)
    assert counted.years == Scale({1909: 1, 1950: 1, 1951: 2}, 3)
    assert counted.decades == Scale({1900: 1, 1950: 2}, 3)
    assert counted.centuries == Scale({1901: 4}, 4)
    assert (counted.dated, counted.total) == (4, 6)
    assert engine.timeline(question(segmenter, "水车", vague=True), VISITOR).dated == 5
    own = engine.timeline(question(segmenter, "水车", period_in=PeriodIn.DATE), VISITOR)
    assert (own.years.bars, own.dated) == ({1950: 1}, 1)
    text = engine.timeline(question(segmenter, "水车", period_in=PeriodIn.TEXT, period=year(1951)), VISITOR)
    assert text.years.bars == {1951: 2}
    assert (text.decades.bars, text.total) == ({1950: 2}, 2)


def test_timeline_before_the_common_era(engine: Engine, segmenter: Segmenter) -> None:
    put(engine, article("a", "水车", date=year(-220)), article("b", "水车", date=year(0)))  # 公元前221年, 公元前1年
    counted = engine.timeline(question(segmenter, ""), VISITOR)
    assert list(counted.years.bars) == [-220, 0]
    assert list(counted.decades.bars) == [-220, 0]
    assert list(counted.centuries.bars) == [-299, -99]


def test_keyword_and_period_in_one_paragraph_come_first(engine: Engine, ask: Callable[..., list[str]]) -> None:
    remark = Block.plain(Kind.COMMENT, "批注")  # comments are no units: block numbers and unit numbers part here
    apart = article("apart", "水车水车水车水车", "那一年")
    together = Article(
        id="together",
        collection="c",
        number=9,
        blocks=(Block.plain(Kind.TITLE, "题"), remark, Block.plain(Kind.PARAGRAPH, "一九五〇年造水車")),
    )
    put(
        engine,
        apart,
        together,
        mentions={
            "apart": (Mention(2, 0, 1, year(1950), "r"),),
            "together": (Mention(2, 0, 1, year(1950), "r"),),
        },
    )
    assert ask("水车") == ["apart", "together"]
    assert ask("水车", period=year(1950)) == ["together", "apart"]
    assert ask("水车", period=year(1950), as_written=True) == ["apart"]


def test_pages_of_a_word_in_a_period_follow_one_another(engine: Engine, ask: Callable[..., list[str]]) -> None:
    """Word and date stand in one paragraph in every other one, in every fifth and in none of the articles."""
    for every, name in ((2, "half"), (5, "some"), (100, "none")):
        numbers = range(60)
        put(
            engine,
            *(article(f"{name}{n}", "水车" * (1 + n * 7 % 13), "一九五〇年", collection=name) for n in numbers),
            mentions={f"{name}{n}": (Mention(1 if n % every == 1 else 2, 0, 1, year(1950), "r"),) for n in numbers},
        )
        whole = ask("水车", period=year(1950), collection=name)
        together = {f"{name}{n}" for n in numbers if n % every == 1}
        assert set(whole[: len(together)]) == together
        for limit in (1, 3, 7):
            pages = [ask("水车", period=year(1950), collection=name, limit=limit, offset=at) for at in (0, limit, 30)]
            assert pages == [whole[at : at + limit] for at in (0, limit, 30)]


def test_specific_dates_come_first(engine: Engine, ask: Callable[..., list[str]]) -> None:
    century = Period(day(1901, 1, 1), day(2000, 12, 31), Precision.CENTURY)
    put(
        engine,
        article("century", "水车", number=1),
        article("year", "水车", number=2),
        article("day", "水车", number=3, date=Period(day(1950, 5, 1), day(1950, 5, 1), Precision.DAY)),
        mentions={
            "century": (Mention(1, 0, 1, century, "r"),),
            "year": (Mention(1, 0, 1, century, "r"), Mention(1, 0, 1, year(1950), "r")),
        },
    )
    assert ask("", period=year(1950)) == ["day", "year", "century"]


def test_orders_and_pages(engine: Engine, ask: Callable[..., list[str]]) -> None:
    put(
        engine,
        *(article(f"a{n}", "水车", number=n, date=year(1900 + 10 * (n % 3))) for n in (3, 1, 2)),
        article("undated", "水车", number=4),
    )
    assert ask("水车", sort=Sort.DATE_UP) == ["a3", "a1", "a2", "undated"]
    assert ask("水车", sort=Sort.DATE_DOWN) == ["a2", "a1", "a3", "undated"]
    assert ask("水车", sort=Sort.SOURCE) == ["a1", "a2", "a3", "undated"]
    everything = ask("水车")
    assert [*ask("水车", limit=1), *ask("水车", limit=2, offset=1), *ask("水车", limit=9, offset=3)] == everything


def test_source_order_is_that_of_coming_in(engine: Engine, ask: Callable[..., list[str]]) -> None:
    """Two files of one collection, numbered 1 and 2 each; ids 9 and 10 do not sort as text."""
    put(engine, *(article(str(id), "水车", number=number) for id, number in ((8, 1), (9, 2), (10, 1), (11, 2))))
    put(engine, article("b-7", "水车", number=1), article("a-1", "水车", number=2))
    assert ask("水车", sort=Sort.SOURCE) == ["8", "9", "10", "11", "b-7", "a-1"]
    assert ask("", sort=Sort.SOURCE, offset=4) == ["b-7", "a-1"]


@pytest.mark.parametrize("others", [0, 600], ids=["few", "many"])
def test_equals_come_in_source_order(others: int, engine: Engine, ask: Callable[..., list[str]]) -> None:
    """Whatever the order they came in or were corrected in."""
    equals = [
        article(id, "水车和筏", collection=collection)
        for id, collection in zip(("d2", "10", "9", "d1", "1"), "dccdc", strict=True)
    ]
    put(engine, *(article(f"e{n}", "水车和筏", collection="e", number=n) for n in range(others)), *equals)
    put(engine, equals[3], equals[4])
    expected = ["1", "9", "10", "d1", "d2"]
    assert ask("水车 筏", limit=5) == ask("", limit=5) == expected
    for offset in range(5):
        assert ask("水车", limit=1, offset=offset) == expected[offset : offset + 1]


def test_replacing_leaves_no_ghost(engine: Engine, ask: Callable[..., list[str]]) -> None:
    put(engine, article("a", "水车与筏"), article("b", "水车"))
    put(engine, article("a", "枸杞"))
    put(engine, article("a", "甘草", date=year(1950)))
    assert ask("水车") == ["b"]
    assert ask("枸杞") == []
    assert ask("甘草") == ["a"]
    assert ask("", period=year(1950)) == ["a"]
    put(engine, article("a", "甘草", date=year(1960)), mentions={"a": said(year(1961))})
    assert ask("", period=year(1950)) == []
    put(engine, article("a", "甘草"))
    assert ask("", period=year(1960)) == ask("", period=year(1961)) == []


def test_twice_in_one_batch(engine: Engine, segmenter: Segmenter) -> None:
    with engine.batch() as batch:
        for text in ("水车", "枸杞", "甘草"):
            batch.put(article("a", text), ())
    assert search(engine, question(segmenter, "甘草")).total == 1
    assert search(engine, question(segmenter, "")).total == 1
    assert engine.sound()  # the same article stands once in every part of an index
    put(engine, article("a", "枸杞"), article("b", "筏"), article("a", "筏"))
    assert search(engine, question(segmenter, "筏")).total == 2
    assert engine.sound()


def test_a_failed_batch_changes_nothing(engine: Engine, ask: Callable[..., list[str]]) -> None:
    put(engine, article("a", "水车"))
    with pytest.raises(RuntimeError), engine.batch() as batch:
        batch.put(article("a", "枸杞"), ())
        batch.put(article("b", "水车"), ())
        raise RuntimeError
    assert ask("水车") == ["a"]
    put(engine, article("b", "枸杞"))
    assert ask("枸杞") == ["b"]


def test_rebuild_and_differences(engine: Engine, ask: Callable[..., list[str]]) -> None:
    a, b = article("a", "水车"), article("b", "筏")
    put(engine, a, b)
    assert engine.differences([(a, ()), (b, ())]) == ()
    assert engine.differences([(article("a", "水 车"), ()), (article("c", "筏"), ())]) == ("a", "b", "c")
    assert engine.rebuild([(a, ())]) == 1
    assert ask("") == ["a"]
    assert engine.info().articles == 1


# -- exactness: any string cut out of any text is found in exactly the articles where it stands
# Texts are put together from what is asked for, in the form asked for and in others, so that questions meet something.
FRAGMENTS = (
    *("光绪", "光緒", "光緖", "光　绪", "光绪年", "光 a"),
    *("刘勇", "劉勇", "刘　勇", "刘 勇", "刘小勇", "刘 小 勇", "刘一二三四五六七八九十勇", "刘", "勇"),
    *(
        "〇",
        "○",
        "𠮷",
        "的",
        "，",
        ",",
        "。",
        "（1982）",
        "(1982)",
        "A1",
        "a1",
        "ａ１",
        "a b",
        " ",
        "　",
        "\u200b",
        "刘\u200b勇",
        "光\ufe0e绪",
        "\n",
        "?",
        '"',
    ),
)
TEXT = st.lists(st.sampled_from(FRAGMENTS), max_size=5).map("".join)
TEXTS = st.lists(st.lists(TEXT, min_size=1, max_size=3), min_size=1, max_size=6)


def needles(texts: list[list[str]]) -> st.SearchStrategy[str]:
    """A few characters cut out of one of these texts, as they stand or folded, or a fragment that may stand nowhere."""
    cuttable = [text for paragraphs in texts for text in (*paragraphs, *(fold(one).text for one in paragraphs)) if text]
    if not cuttable:
        return st.sampled_from(FRAGMENTS).filter(lambda text: bool(fold(text).text))
    ends = st.tuples(st.sampled_from(cuttable), st.integers(0, 30), st.integers(1, 4))
    cut = ends.map(lambda chosen: chosen[0][chosen[1] % len(chosen[0]) :][: chosen[2]])
    return st.one_of(cut, cut, st.sampled_from(FRAGMENTS)).filter(lambda text: bool(fold(text).text))


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=60)
@given(texts=TEXTS, data=st.data())
def test_literal_recall_and_precision(
    name: str,
    texts: list[list[str]],
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
    segmenter: Segmenter,
) -> None:
    engine = make(name, tmp_path_factory.mktemp("index"), segmenter)
    try:
        put(engine, *(article(str(n), *paragraphs) for n, paragraphs in enumerate(texts)))
        for needle in data.draw(st.lists(needles(texts), min_size=5, max_size=5)):
            quoted = '"' + needle.replace('"', '""') + '"'
            for written in (False, True):
                found = {hit.article for hit in search(engine, question(segmenter, quoted, written)).found}
                same = (lambda text: text) if written else (lambda text: fold(text).text)
                wanted = needle if written else fold_query(needle)
                expected = {
                    str(n) for n, paragraphs in enumerate(texts) if any(wanted in same(text) for text in paragraphs)
                }
                assert found == expected
    finally:
        engine.close()


ATOMS = st.sampled_from(
    [
        *("光绪", "光緒", "刘勇", "刘", "勇", "〇", "的", "a1", "刘?勇", "刘*勇", "光绪年", "刘勇光绪"),
        *('"光 绪"', '" "', '"　"', '"a b"', '"刘 勇"', '"，"', "刘 NEAR/2 勇", "光绪 NEAR/5 刘"),
        *("标题:刘", "正文:勇", "作者:刘", "案号:〇", "案号:光绪", "关键词:a1", "作者:刘勇"),
    ]
)


def _queries(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(" OR ".join),
        inner.map(lambda query: f"({query})"),
        st.tuples(inner, ATOMS.filter(lambda atom: "NEAR" not in atom)).map(lambda pair: f"{pair[0]} -{pair[1]}"),
    )


@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=60)
@given(texts=TEXTS, queries=st.lists(st.recursive(ATOMS, _queries, max_leaves=4), min_size=1, max_size=6))
def test_queries_agree_with_the_oracle(
    name: str,
    texts: list[list[str]],
    queries: list[str],
    tmp_path_factory: pytest.TempPathFactory,
    segmenter: Segmenter,
) -> None:
    oracle, engine = MemoryEngine(), make(name, tmp_path_factory.mktemp("index"), segmenter)
    try:
        for one in (oracle, engine):
            put(
                one,
                *(
                    article(
                        str(n),
                        *paragraphs[1:],
                        title=paragraphs[0],
                        people=tuple(map(Person, paragraphs)),
                        fields=tuple(zip(("案号", "关键词", "案号"), paragraphs, strict=False)),
                    )
                    for n, paragraphs in enumerate(texts)
                ),
            )
        for query in queries:
            asked = question(segmenter, query)
            expected, got = search(oracle, asked), search(engine, asked)
            assert got.total == expected.total == engine.count(asked, VISITOR)
            assert got.places == expected.places
            ids = [hit.article for hit in expected.found]
            assert standing(engine, asked, ids) == standing(oracle, asked, ids)
            assert engine.facts(asked, VISITOR) == oracle.facts(asked, VISITOR)
            assert {hit.article: hit.closeness for hit in got.found} == {
                hit.article: hit.closeness for hit in expected.found
            }
            assert [hit.closeness for hit in got.found] == sorted(hit.closeness for hit in got.found)
            assert got.facets == expected.facets
    finally:
        engine.close()


PERIODS = st.tuples(st.integers(0, 30), st.integers(0, 12), st.booleans(), st.booleans()).map(
    lambda given: Period(None if given[2] else given[0], None if given[3] else given[0] + given[1], Precision.RANGE)
)
DATED = st.lists(
    st.tuples(
        st.sampled_from(["刘", "勇", "刘勇", "光绪"]),
        st.lists(st.tuples(PERIODS, st.booleans(), st.booleans()), max_size=3),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("name", OTHERS)
@settings(max_examples=80)
@given(articles=st.lists(st.tuples(st.none() | PERIODS, DATED), min_size=1, max_size=5), data=st.data())
def test_periods_agree_with_the_oracle(
    name: str,
    articles: list[tuple[Period | None, list[tuple[str, list[tuple[Period, bool, bool]]]]]],
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
    segmenter: Segmenter,
) -> None:
    oracle, engine = MemoryEngine(), make(name, tmp_path_factory.mktemp("index"), segmenter)
    try:
        for one in (oracle, engine):
            with one.batch() as batch:
                for number, (date, blocks) in enumerate(articles):
                    mentions = [
                        Mention(at, 0, 1, period, "r" if closed else f"r{OPEN}", vague=vague)
                        for at, (_, periods) in enumerate(blocks, 1)
                        for period, vague, closed in periods
                    ]
                    batch.put(article(str(number), *(text for text, _ in blocks), date=date, number=number), mentions)
        for _ in range(4):
            filters = {
                "period": data.draw(PERIODS),
                "period_in": data.draw(st.sampled_from(PeriodIn)),
                "vague": data.draw(st.booleans()),
                "open": data.draw(st.booleans()),
                "within": data.draw(st.booleans()),
            }
            asked = question(segmenter, data.draw(st.sampled_from(["", "刘", "刘勇", "光绪 OR 勇"])), **filters)
            expected, got = search(oracle, asked), search(engine, asked)
            assert got.total == expected.total
            assert got.facets == expected.facets
            assert {hit.article for hit in got.found} == {hit.article for hit in expected.found}
            assert [hit.closeness for hit in got.found] == [hit.closeness for hit in expected.found]
            assert engine.timeline(asked, VISITOR) == oracle.timeline(asked, VISITOR)
    finally:
        engine.close()


# -- the embedded engine alone: failure is never silence
def test_missing_index_is_an_error(tmp_path: Path, segmenter: Segmenter) -> None:
    engine = EmbeddedEngine(tmp_path / "index", segmenter)
    assert not engine.sound()
    with pytest.raises(EngineError, match="还没有索引") as caught:
        search(engine, question(segmenter, "水车"))
    assert "reindex" in caught.value.hint


def test_damage_is_an_error(tmp_path: Path, segmenter: Segmenter) -> None:
    engine = EmbeddedEngine(tmp_path / "index", segmenter)
    put(engine, article("a", "水车"))
    engine.close()
    (folder,) = (tmp_path / "index").glob("g*")
    (folder / "literal.sqlite").write_bytes(b"not a database, just some text that stands where one should be")
    assert not engine.sound()
    with pytest.raises(EngineError):
        search(engine, question(segmenter, "水车"))
    assert engine.rebuild([(article("a", "水车"), ())]) == 1
    assert engine.sound()
    engine.close()


def test_another_segmenter_makes_the_index_unsound(tmp_path: Path, segmenter: Segmenter) -> None:
    engine = EmbeddedEngine(tmp_path / "index", segmenter)
    put(engine, article("a", "水车"))
    engine.close()
    other = EmbeddedEngine(tmp_path / "index", make_segmenter(["河湾水车"]))
    assert not other.sound()
    other.close()


def test_a_reader_sees_what_another_process_wrote(tmp_path: Path, segmenter: Segmenter) -> None:
    writer, reader = EmbeddedEngine(tmp_path / "index", segmenter), EmbeddedEngine(tmp_path / "index", segmenter)
    put(writer, article("a", "水车"))
    assert search(reader, question(segmenter, "水车")).total == 1
    put(writer, article("b", "水车"))
    assert search(reader, question(segmenter, "水车")).total == 2
    writer.rebuild([(article("c", "水车"), ())])
    assert [hit.article for hit in search(reader, question(segmenter, "水车")).found] == ["c"]
    writer.close()
    reader.close()


def test_a_half_committed_pair_is_unsound(tmp_path: Path, segmenter: Segmenter) -> None:
    engine = EmbeddedEngine(tmp_path / "index", segmenter)
    put(engine, article("a", "水车"))
    pair = engine._current()
    pair.words.begin()
    pair.words.put(99, matching_text(article("b", "筏")), new=True)
    pair.words.commit()
    assert not engine.sound()
    engine.close()


def test_closeness_of_hits(tmp_path: Path, segmenter: Segmenter) -> None:
    engine = EmbeddedEngine(tmp_path / "index", segmenter)
    put(engine, article("a", "沙坡頭"))
    (hit,) = search(engine, question(segmenter, "沙坡头")).found
    assert hit.closeness is Closeness.FOLDED
    assert hit.score > 0
    engine.close()


def test_a_word_in_the_title_weighs_more(tmp_path: Path, segmenter: Segmenter) -> None:
    engine = EmbeddedEngine(tmp_path / "index", segmenter)
    texts = "今天说水车" + "。今天天气好" * 5
    put(engine, article("1", texts), article("2", texts, title="水车"), article("3", "今天天气好"))
    assert [hit.article for hit in search(engine, question(segmenter, "水车")).found] == ["2", "1"]
    engine.close()


def test_words_of_every_article_are_weighed_in_titles_only(
    tmp_path: Path, segmenter: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.search.index.word_scores._LARGE", 3)
    engine = EmbeddedEngine(tmp_path / "index", segmenter)
    put(engine, *(article(str(n), "水车" * n, title="水车" if n == 2 else "题") for n in range(1, 6)))
    found = search(engine, question(segmenter, "水车")).found
    assert [hit.article for hit in found] == ["2", "1", "3", "4", "5"]
    assert [hit.score > 0 for hit in found] == [True, False, False, False, False]
    engine.close()


def matter(id: str, title: str, *lines: str, section: str = "") -> Article:
    return article(id, *lines, title=title, number=int(id), genre=Genre.MATTER, section=section)


def test_pages_that_only_name_other_texts_are_no_articles(engine: Engine) -> None:
    texts = [
        matter("1", "沙河文史资料", "第三辑", "政协沙河县委员会编"),
        matter("2", "总目", "目　录", "沙河大桥的修建……12", "谁修了沙河大桥？……20"),
        matter("3", "沙河经济", "1949—1979", section="沙河经济"),
        matter("4", "沙河文化"),
        matter("5", "后记", "本辑记沙河的事，谨致谢意。"),
        matter("6", "编委会名单", "主编　沙河"),
        article("7", "沙河水，东流去", number=7),
    ]
    engine.rebuild((text, ()) for text in texts)
    found = engine.search(Query(tree=Term("沙河")), VISITOR, limit=9)
    assert found.found[0].article == "7"
    assert {one.article for one in found.found} == {"5", "6", "7"}
    assert found.facets["genre"] == (("matter", 2), ("article", 1))
    chosen = engine.search(Query(tree=Term("沙河"), search=Search(genre=(Genre.MATTER,))), VISITOR, limit=9)
    assert {one.article for one in chosen.found} == {"1", "2", "3", "4", "5", "6"}

"""What must be met besides the words, by all engines alike: scopes, names, no dates; and counts under them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model.access import Rights
from archive.model.records import Access, Article, Block, Kind, Mention, Period, Precision, Status
from archive.model.search import PeriodIn, Search
from archive.search.index import selecting
from archive.search.index.engine import Engine
from archive.search.index.facts import Tally
from archive.search.index.memory import MemoryEngine
from archive.search.parser import parse
from archive.search.query import Among, Condition, Counted, Either, Except, Or, Phrase, Query
from archive.text.segmentation import Segmenter, make_segmenter
from tests.archive.search.index.engines import EVERY, make

ALL = Rights.everything()
FIFTIES = Period(2433283, 2436934, Precision.DECADE)


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return make_segmenter()


@pytest.fixture(params=EVERY)
def engine(request: pytest.FixtureRequest, tmp_path: Path, segmenter: Segmenter) -> Iterator[Engine]:
    made = make(request.param, tmp_path / "index", segmenter)
    yield made
    made.close()


def article(id: str, text: str, **values: object) -> Article:
    blocks = (Block.plain(Kind.TITLE, "题"), Block.plain(Kind.PARAGRAPH, text))
    return Article(id=id, blocks=blocks, **{"collection": "c", **values})  # type: ignore[arg-type]


def put(engine: Engine, articles: Sequence[tuple[Article, Sequence[Mention]]]) -> None:
    with engine.batch() as batch:
        for one, mentions in articles:
            batch.put(one, mentions)


def asked(text: str, *conditions: Condition, **filters: object) -> Query:
    named = tuple((f"scope{number}", one) for number, one in enumerate(conditions))
    return Query(tree=parse(text), search=Search(text=text, **filters), conditions=named)  # type: ignore[arg-type]


def test_a_scope_is_articles_or_what_a_query_finds(engine: Engine) -> None:
    put(engine, [(article("a", "水车"), ()), (article("b", "水车，甘草"), ()), (article("d", "甘草"), ())])
    assert engine.ids(asked("水车", Among(frozenset({"a", "d"}))), ALL) == {"a"}
    assert engine.ids(asked("水车", asked("甘草")), ALL) == {"b"}
    assert engine.ids(asked("水车", asked("甘草", Among(frozenset({"a"})))), ALL) == frozenset()
    either = Either((Among(frozenset({"a"})), asked("甘草", Among(frozenset({"d"})))))
    assert engine.ids(asked("", either), ALL) == {"a", "d"}
    assert engine.ids(asked("水车", either, Among(frozenset({"b"}))), ALL) == frozenset()
    found = engine.search(asked("", Among(frozenset({"b", "d"})), collection=("c",)), ALL, limit=9)
    assert found.facets["collection"] == (("c", 2),)


NAMES = Counted(
    (
        Or((Phrase("李明"),)),
        Or((Except(Phrase("李明"), (Phrase("李明山"),)),)),
        Or((Phrase("张三"), Phrase("李明山"))),
    )
)


def test_trees_are_counted_in_what_is_found(engine: Engine) -> None:
    put(engine, [(article("a", "李明，水车"), ()), (article("b", "李明山，水车"), ()), (article("d", "李明"), ())])
    assert engine.counts(asked("水车"), ALL, NAMES) == [2, 1, 1]
    assert engine.counts(asked(""), ALL, NAMES) == [3, 2, 1]
    put(engine, [(article("a", "水车"), ())])
    assert engine.counts(asked("水车"), ALL, NAMES) == [1, 0, 1]
    put(engine, [(article("e", "水车，張三、李明山，李　明"), ())])
    assert engine.counts(asked("水车"), ALL, NAMES) == [2, 1, 2]
    put(engine, [(article(f"f{number}", "水车李明"), ()) for number in range(60)])
    assert engine.counts(asked("水车"), ALL, NAMES) == [62, 61, 2]


@pytest.mark.parametrize(
    ("many", "at_once", "through"),
    [(1, 0, 0), (1, 100, 100), (200, 0, 100), (200, 0, 0)],
    ids=["few", "little to read", "many", "much to read"],
)
def test_the_first_texts_that_stand_in_what_is_found(
    engine: Engine, many: int, at_once: int, through: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selecting, "_READ_AT_ONCE", at_once)
    monkeypatch.setattr(selecting, "_READ_THROUGH", through)
    put(engine, [(article("a", "水车，甘草"), ()), (article("b", "水车與枸杞"), ()), (article("d", "铁路"), ())])
    texts = [*(f"铁路{number}" for number in range(many)), "铁路", "甘杞", "甘草", "水车", "车与", "枸杞"]
    assert engine.first_standing(asked("水车"), ALL, texts, 3) == [("甘草", 1), ("水车", 2), ("车与", 1)]
    assert engine.first_standing(asked("", Among(frozenset({"d"}))), ALL, texts, 3) == [("铁路", 1)]
    assert engine.first_standing(asked("", as_written=True), ALL, texts, 9)[-2:] == [("水车", 2), ("枸杞", 1)]
    assert engine.first_standing(asked(""), Rights.nothing(), texts, 3) == []
    put(engine, [(article("d", "甘草"), ())])
    assert engine.first_standing(asked("", Among(frozenset({"d"}))), ALL, texts, 3) == [("甘草", 1)]


def test_articles_without_dates_are_found_by_where_one_looks(engine: Engine) -> None:
    told = (Mention(1, 0, 1, FIFTIES, "r"),)
    vague = (Mention(1, 0, 1, FIFTIES, "r", vague=True),)
    put(
        engine,
        [
            (article("own", "水车", date=FIFTIES), ()),
            (article("told", "水车"), told),
            (article("vague", "水车"), vague),
            (article("none", "水车"), ()),
        ],
    )
    assert engine.ids(asked("水车", undated=PeriodIn.DATE), ALL) == {"told", "vague", "none"}
    assert engine.ids(asked("水车", undated=PeriodIn.TEXT), ALL) == {"own", "vague", "none"}
    assert engine.ids(asked("水车", undated=PeriodIn.ANY), ALL) == {"vague", "none"}
    assert engine.ids(asked("水车", undated=PeriodIn.ANY, vague=True), ALL) == {"none"}


def test_dates_longer_than_a_year_are_spans(engine: Engine) -> None:
    early = Period(2433283, 2434743, Precision.RANGE)  # 1950 to 1953
    put(
        engine,
        [
            (article("a", "水车"), (Mention(1, 0, 1, early, "r"), Mention(1, 1, 2, early, "r"))),
            (article("b", "水车", date=FIFTIES), ()),
            (article("d", "水车", date=Period(2433283, None, Precision.RANGE)), ()),
        ],
    )
    counted = engine.timeline(asked("水车", open=True), ALL)
    assert counted.spans == {(1950, 1953): 1, (1950, 1959): 1, (1950, None): 1}
    assert (counted.years.bars, counted.decades.bars) == ({}, {1950: 2})


PERIODS = st.tuples(st.integers(2415000, 2440000), st.integers(0, 30000)).map(
    lambda given: Period(given[0], given[0] + given[1], Precision.RANGE)
)


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=30)
@given(own=st.lists(st.none() | PERIODS, min_size=1, max_size=8))
def test_on_the_axis_of_writing_everything_adds_up(
    name: str, own: list[Period | None], tmp_path_factory: pytest.TempPathFactory, segmenter: Segmenter
) -> None:
    engine = make(name, tmp_path_factory.mktemp("index"), segmenter)
    try:
        put(engine, [(article(str(number), "水车", date=date), ()) for number, date in enumerate(own)])
        counted = engine.timeline(asked("水车", period_in=PeriodIn.DATE), ALL)
        undated = engine.count(asked("水车", undated=PeriodIn.DATE), ALL)
        assert sum(counted.years.bars.values()) + sum(counted.spans.values()) + undated == counted.total == len(own)
        assert counted.total - counted.dated == undated
    finally:
        engine.close()


def test_tallies_say_what_was_looked_at_and_what_was_found(engine: Engine) -> None:
    put(
        engine,
        [
            (article("a", "水车、水车。", volume="一"), ()),
            (article("b", "甘草 甘草", volume="一"), ()),
            (article("d", "水车", volume="二", access=Access.RESTRICTED), ()),
            (article("e", "水车甘草", volume="二"), ()),
        ],
    )
    reader = Rights.of(frozenset({Access.OPEN}), frozenset({Status.RELEASED}), frozenset())
    found = engine.tallies(asked("水车"), reader)
    by_volume = {profile[1]: tally for profile, tally in found.items()}
    assert by_volume == {
        "一": Tally(2, 10, 1, 2),
        "二": Tally(1, 5, 1, 1),
    }
    scoped = engine.tallies(asked("水车 OR 甘草", Among(frozenset({"b", "d"}))), reader)
    assert list(scoped.values()) == [Tally(1, 5, 1, 2)]
    assert sum(tally.places for tally in engine.tallies(asked("水车 OR 车水"), ALL).values()) == 4  # shared characters


WORDS = ["水车", "甘草", "李明", "李明山", "水车甘草"]
MADE = st.lists(
    st.tuples(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
        st.sampled_from(["c", "d"]),
        st.sampled_from(["一", "二", ""]),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=7,
)
CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "collection": st.sampled_from([("c",), ("d",)]),
        "volume": st.sampled_from([("一",), ("一", "二")]),
        "undated": st.sampled_from(PeriodIn),
        "period_in": st.sampled_from(PeriodIn),
    },
)


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=40)
@given(made=MADE, chosen=st.frozensets(st.integers(0, 6).map(str)), data=st.data())
def test_a_scope_answers_as_an_index_of_its_articles_does(
    name: str,
    made: list[tuple[list[str], str, str, bool, bool]],
    chosen: frozenset[str],
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
    segmenter: Segmenter,
) -> None:
    articles = [
        (
            article(str(number), "，".join(words), collection=where, volume=volume, date=FIFTIES if own else None),
            (Mention(1, 0, 1, FIFTIES, "r"),) if told else (),
        )
        for number, (words, where, volume, own, told) in enumerate(made)
    ]
    rule = asked(data.draw(st.sampled_from(WORDS)), **data.draw(CHOICES))
    by_rule = data.draw(st.booleans())
    whole = make(name, tmp_path_factory.mktemp("whole"), segmenter)
    part = MemoryEngine()
    try:
        put(whole, articles)
        within = whole.ids(rule, ALL) if by_rule else chosen
        put(part, [one for one in articles if one[0].id in within])
        scope: Condition = rule if by_rule else Among(chosen)
        for text in ("", "水车", "甘草 OR 李明", "-水车", "水车甘草 李明"):
            filters = data.draw(CHOICES)
            here, there = asked(text, scope, **filters), asked(text, **filters)
            mine, theirs = whole.search(here, ALL, limit=9), part.search(there, ALL, limit=9)
            assert (mine.total, mine.places, mine.facets) == (theirs.total, theirs.places, theirs.facets)
            assert whole.count(here, ALL) == theirs.total
            assert whole.ids(here, ALL) == part.ids(there, ALL)
            assert whole.timeline(here, ALL) == part.timeline(there, ALL)
            assert whole.tallies(here, ALL) == part.tallies(there, ALL)
            assert whole.counts(here, ALL, NAMES) == part.counts(there, ALL, NAMES)
    finally:
        whole.close()

"""The JSON of a search, key by key: scripts rely on it."""

from __future__ import annotations

from archive.dates import day
from archive.model.records import Mention, Period, Precision
from archive.model.search import FacetCount, Hit, LooserReading, Nearest, Offer, Passage, Results, Search, Why
from archive.search.results_json import as_values

PERIOD = Period(day(1958, 3, 1), day(1958, 3, 31), Precision.MONTH, "1958年3月")
SINCE = Period(day(1958, 1, 1), None, Precision.YEAR, "1958年起")
UNTIL = Period(None, day(1958, 12, 31), Precision.YEAR, "1958年前")
HIT = Hit(
    article="7",
    title="水车记",
    collection="c",
    section="水利",
    authors=("张三",),
    date=SINCE,
    score=1.23456,
    occurrences=2,
    passages=(Passage(3, "1958年3月的水车", ((8, 10),), (0, 10), ((0, 7),), (("年份", "1958"),)),),
    met=(Mention(3, 0, 7, PERIOD, "gregorian"), Mention(4, 1, 6, UNTIL, "gregorian")),
    own_date=True,
)
HIT_VALUES = {
    "id": "7",
    "title": "水车记",
    "collection": "c",
    "section": "水利",
    "authors": ["张三"],
    "score": 1.2346,
    "occurrences": 2,
    "passages": [
        {
            "block": 3,
            "text": "1958年3月的水车",
            "spans": [[8, 10]],
            "context": [{"label": "年份", "text": "1958"}],
        }
    ],
    "dates": [
        {"block": 3, "span": [0, 7], "text": "1958年3月", "start": "1958-03-01", "end": "1958-03-31"},
        {"block": 4, "span": [1, 6], "text": "1958年前", "start": None, "end": "1958-12-31"},
    ],
    "own_date": True,
    "date": {"text": "1958年起", "start": "1958-01-01", "end": None},
}


def test_results() -> None:
    other = Search(text="天车")
    results = Results(
        total=1,
        hits=(HIT,),
        understood="水车",
        places=2,
        facets={"collection": (FacetCount("c", "河湾文史", 1),)},
        unindexed=3,
        nearest=Nearest(LooserReading.ALL_WORDS, "拆开", 4, (HIT,), other),
        offers=(Offer(Why.SPELLING, "天车", other, 5),),
    )
    assert as_values(results, {"person": (FacetCount("李明", "李明", 2),)}) == {
        "total": 1,
        "places": 2,
        "pages": 0,
        "hits": [HIT_VALUES],
        "facets": {
            "collection": [{"value": "c", "label": "河湾文史", "count": 1}],
            "person": [{"value": "李明", "label": "李明", "count": 2}],
        },
        "understood": "水车",
        "scope": "",
        "unindexed": 3,
        "nearest": {
            "reading": "all-words",
            "understood": "拆开",
            "total": 4,
            "search": {"q": "天车"},
            "hits": [HIT_VALUES],
        },
        "offers": [{"why": "did-you-mean", "words": "天车", "search": {"q": "天车"}, "total": 5}],
    }


def test_nothing() -> None:
    values = as_values(Results(0, (), "水车"), {})
    assert (values["total"], values["hits"], values["nearest"], values["offers"]) == (0, [], None, [])
    bare = Hit("7", "题", "c", "", (), None, 0.0, 0, ())
    (hit,) = as_values(Results(1, (bare,), ""), {})["hits"]  # type: ignore[misc]
    assert (hit["date"], hit["dates"], hit["own_date"]) == (None, [], False)  # type: ignore[has-type]

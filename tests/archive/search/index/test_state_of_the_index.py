"""What is worked out once for a state of the index is never shown of another state, nor to whoever may see less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.model.access import Action, Actor, Rights
from archive.model.records import Access, Article, Block, Kind, Mention, Period, Precision, Status
from archive.model.search import PeriodIn, Search, Sort, Timeline
from archive.search.index import embedded, facet_counts, literal, orders, sets, time_counts
from archive.search.index.embedded import EmbeddedEngine
from archive.search.index.engine import Matches
from archive.search.index.facet_counts import FacetCounts
from archive.search.index.facts import Facts
from archive.search.index.memory import MemoryEngine
from archive.search.parser import parse
from archive.search.query import Query
from archive.text.segmentation import make_segmenter

ALL = Actor.local().rights.in_use
READER = Rights.of(frozenset({Access.OPEN}), frozenset(Status), frozenset(Action))
YEAR = 365


def article(id: int, text: str, access: Access = Access.OPEN) -> tuple[Article, list[Mention]]:
    blocks = (Block.plain(Kind.TITLE, f"题{id}"), Block.plain(Kind.PARAGRAPH, text))
    day = 2_400_000 + YEAR * id
    made = Article(
        id=str(id),
        collection=f"c{id % 3}",
        section=f"栏{id % 5}",
        blocks=blocks,
        access=access,
        date=Period(day, day, Precision.DAY) if id % 4 else None,
    )
    mention = Mention(1, 0, 2, Period(day - 40 * YEAR, day - 39 * YEAR, Precision.YEAR, text[:2]), "rule")
    return made, [mention] if id % 2 else []


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[tuple[EmbeddedEngine, MemoryEngine]]:
    made = EmbeddedEngine(tmp_path / "index", make_segmenter()), MemoryEngine()
    texts = [article(id, f"光绪年间修渠，{'水利' * (id % 4)}，第{id}次") for id in range(1, 41)]
    texts[7] = article(8, "光绪年间修渠的机密", Access.RESTRICTED)
    for one in made:
        one.rebuild(texts)
    yield made
    made[0].close()


QUESTIONS = [Search(text="修渠", sort=sort) for sort in Sort] + [
    Search(),
    Search(text="水利", section=("栏1",)),
    Search(period_in=PeriodIn.DATE),
    Search(open=True, vague=True),
    Search(text="修渠 水利 第"),
    Search(text="利次 OR 水利 OR 利水"),
    Search(text="渠", period="x"),
    Search(text="渠", period="x", within=True, period_in=PeriodIn.TEXT),
]


def ask(engine: EmbeddedEngine | MemoryEngine, search: Search, rights: Rights) -> tuple[Matches, Timeline]:
    period = Period(2_400_000, 2_400_000 + 9 * YEAR, Precision.RANGE) if search.period else None
    query = Query(tree=parse(search.text), search=search, period=period)
    found = engine.search(query, rights, limit=7, offset=3)
    bare = tuple(replace(one, score=0.0) for one in found.found) if search.sort is not Sort.RELEVANCE else ()
    return replace(found, found=bare), engine.timeline(query, rights)


def agree(engines: tuple[EmbeddedEngine, MemoryEngine]) -> None:
    for search in QUESTIONS:
        for rights in (ALL, READER, ALL):
            ours, theirs = (ask(one, search, rights) for one in engines)
            assert ours == theirs, search


@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("dense", [True, False])
def test_what_is_kept_follows_every_change_and_all_rights(
    engines: tuple[EmbeddedEngine, MemoryEngine], monkeypatch: pytest.MonkeyPatch, few: int, dense: bool
) -> None:
    monkeypatch.setattr(embedded, "_FEW", few)
    monkeypatch.setattr(time_counts, "_FEW", 0)
    if dense:
        monkeypatch.setattr(facet_counts, "_MANY", 0)
        monkeypatch.setattr(time_counts, "_MANY", 1e9)
    agree(engines)
    hidden, _ = article(3, "修渠")
    for changed in (
        article(5, "此文已改，与渠无关"),
        article(50, "新来的一篇，光绪年间修渠水利"),
        (replace(hidden, status=Status.WITHDRAWN), []),
    ):
        for one in engines:
            with one.batch() as batch:
                batch.put(*changed)
        agree(engines)


def test_dense_and_sparse_ways_agree(
    engines: tuple[EmbeddedEngine, MemoryEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facet_counts, "_MANY", 0)
    monkeypatch.setattr(sets, "_FEW", 0)
    monkeypatch.setattr(orders, "_DENSE", 0)
    monkeypatch.setattr(literal, "_KEPT", 100)
    monkeypatch.setattr(time_counts, "_FEW", 0)
    monkeypatch.setattr(time_counts, "_MANY", 1e9)
    with engines[0].batch() as batch:  # everything is worked out anew
        batch.put(*article(60, "又一篇"))
    with engines[1].batch() as other:
        other.put(*article(60, "又一篇"))
    agree(engines)


def test_nothing_is_counted_of_nothing() -> None:
    facts = {9: Facts.of(article(9, "文")[0])}
    assert all(not counts for counts in FacetCounts(facts).of(()).values())
    assert FacetCounts({}).of(()) == dict.fromkeys(FacetCounts(facts).of(()), ())

"""Scopes: a part of a library answers as a library of that part would, and only its maker changes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.errors import Conflict, NotAllowed, NotFound, QueryError, UsageError
from archive.model.records import Access, Article, Block, Collection, Kind, Person, Status
from archive.model.search import Search
from archive.search.counts import Division
from archive.session import Session
from tests.given_names import give

LOCAL = Actor.local()
READER = Actor("r", "读者", Rights.of(frozenset({Access.OPEN}), frozenset({Status.RELEASED}), frozenset()))
NAMES = """类别,规范名,别名,生卒,说明
人物,李明,明叔,,
人物,李明山,,,
地名,沙坡头,,,
机构,沙坡头治沙站,,,
机构,李明小学,,,
"""
TEXTS = (
    "光绪三十年，李明在沙坡头造水车。",
    "一九五二年，李明山修渠，造水车。",
    "沙坡头治沙站种甘草；李明小学。",
    "明叔说水车，光緒年间。",
    "一九五八年水車",
)


def draft(number: int, text: str, access: Access = Access.OPEN) -> Article:
    blocks = (Block.plain(Kind.TITLE, f"题{number}"), Block.plain(Kind.PARAGRAPH, text))
    return Article(
        id=f"x{number}", collection="c" if number % 2 else "d", number=number, blocks=blocks, access=access,
        people=(Person(f"张{number % 3}"),), section="水利" if number % 2 else "人物", volume=f"第{number % 2}辑",
    )  # fmt: skip


def filled(folder: Path, articles: list[Article]) -> Library:
    folder.mkdir(parents=True, exist_ok=True)
    library = Library.create(folder / "library")
    give(library, NAMES)
    session = library.session(LOCAL)
    for id in ("c", "d"):
        session.save_collection(Collection(id, f"文集{id}"))
    file = folder / "volume.txt"
    file.write_text("原稿", encoding="utf-8")
    session.add(file, file.name, articles, ())
    return library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    drafts = [draft(number, text) for number, text in enumerate(TEXTS)]
    drafts.append(draft(5, "内部水车", Access.RESTRICTED))
    with filled(tmp_path_factory.mktemp("scopes"), drafts) as library:
        yield library


@pytest.fixture
def session(library: Library) -> Session:
    return library.session(LOCAL)


def test_a_fixed_scope_and_one_by_rule(session: Session) -> None:
    session.scopes.save("选定", articles=["x0", "x2", "x0"])
    session.scopes.save("水车文", rule=Search(text="水车", collection=("d",)))
    assert session.scopes.get("选定").articles == ("x0", "x2")
    assert session.search(Search(text="水车", scope="选定")).total == 1
    assert {hit.article for hit in session.search(Search(scope="水车文")).hits} == {"x0", "x4"}
    assert session.scopes.size("水车文") == 2
    session.scopes.save("其中光绪", rule=Search(text="光绪", scope="水车文"))
    assert [hit.article for hit in session.search(Search(scope="其中光绪")).hits] == ["x0"]
    with pytest.raises(Conflict, match="其中光绪"):
        session.scopes.remove("水车文")
    with pytest.raises(UsageError, match="自己"):
        session.scopes.save("水车文", rule=Search(text="水", scope="其中光绪"))
    assert session.scopes.add("选定", ["x4"]).articles == ("x0", "x2", "x4")
    assert session.scopes.drop("选定", ["x0"]).articles == ("x2", "x4")
    for name in ("选定", "其中光绪", "水车文"):
        session.scopes.remove(name)
    with pytest.raises(NotFound, match="没有工作集"):
        session.search(Search(scope="选定"))


def test_what_cannot_be_a_scope(session: Session) -> None:
    for name, rule in (("", Search(text="水")), ("空", Search()), ("字" * 41, Search(text="水"))):
        with pytest.raises(UsageError):
            session.scopes.save(name, rule=rule)
    with pytest.raises(QueryError):
        session.scopes.save("错", rule=Search(text="(("))
    with pytest.raises(UsageError):
        session.scopes.save("空", articles=[])
    with pytest.raises(NotFound):
        session.scopes.save("无", articles=["没有"])
    assert session.scopes.listed() == ()


def test_others_search_in_a_scope_as_far_as_they_see_and_cannot_change_it(library: Library, session: Session) -> None:
    reader = library.session(READER)
    session.scopes.save("共用", articles=["x0", "x5"])
    assert session.scopes.size("共用") == 2
    assert (reader.scopes.size("共用"), reader.scopes.get("共用").articles) == (1, ("x0",))
    assert reader.search(Search(text="水车", scope="共用")).total == 1
    with pytest.raises(NotAllowed):
        reader.scopes.remove("共用")
    with pytest.raises(Conflict):
        reader.scopes.save("共用", rule=Search(text="水"))
    with pytest.raises(NotFound):
        reader.scopes.save("偷看", articles=["x5"])
    session.scopes.remove("共用")


def test_a_list_names_its_scope(session: Session) -> None:
    session.scopes.save("共用", articles=["x0", "x2"])
    heading = dict(session.result_list(Search(text="水车", scope="共用")).heading)
    assert heading["范围"].startswith("工作集“共用”") and heading["范围"].endswith("2 篇、31 字")
    session.scopes.remove("共用")


def test_people_and_places_are_counted_where_they_stand_and_the_filter_finds_as_many(session: Session) -> None:
    names = session.counts.names(Search())
    assert {one.value: one.count for one in names["person"]} == {"李明": 2, "李明山": 1}  # not in 李明山, 李明小学
    assert {one.value: one.count for one in names["place"]} == {"沙坡头": 2}  # a body's name tells of its place
    for facet, counts in names.items():
        for one in counts:
            assert session.search(Search(**{facet: (one.value,)})).total == one.count  # type: ignore[arg-type]
    both = Search(text="水车", person=("李明", "李明山"))
    assert session.search(both).total == 3
    assert {one.value: one.count for one in session.counts.names(both)["person"]} == {"李明": 2, "李明山": 1}
    assert {one.value: one.count for one in session.counts.names(both)["place"]} == {"沙坡头": 1}
    assert session.search(Search(person=("不在表里", "光绪"))).total == 2  # found where it stands


def test_frequencies_say_what_they_are_divided_by(session: Session) -> None:
    found = session.counts.frequencies(Search(text="水车"), Division.COLLECTION)
    assert [(part.label, part.articles, part.found, part.places) for part in found.parts] == [
        ("文集c", 3, 3, 3),
        ("文集d", 3, 2, 2),
    ]
    by_hand = len("题0光绪三十年李明在沙坡头造水车题2沙坡头治沙站种甘草李明小学题4一九五八年水車")
    assert found.parts[1].letters == by_hand
    assert found.parts[1].per_ten_thousand == pytest.approx(2 * 10_000 / by_hand)
    assert found.whole.places == 5 and found.whole.small
    volumes = session.counts.frequencies(Search(text="李明山"), Division.VOLUME).parts
    assert [(part.label, part.places) for part in volumes] == [("文集c 第1辑", 1), ("文集d 第0辑", 0)]
    for part in volumes:
        narrowed = Search.read([("q", "李明山"), *part.chosen])
        assert session.search(narrowed).total == part.found
    undated = session.counts.frequencies(Search(text="水车"), Division.DECADE).parts[-1]
    assert (undated.label, undated.chosen) == ("（成文日期不详）", ())


@settings(max_examples=4)  # each makes two libraries
@given(chosen=st.sets(st.integers(0, 4), min_size=1), by_rule=st.sampled_from([None, "水车", "光绪 OR 甘草", "-李明"]))
def test_everything_in_a_scope_is_as_in_a_library_of_it(
    chosen: set[int], by_rule: str | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("property")
    articles = [draft(number, text) for number, text in enumerate(TEXTS)]
    with filled(folder / "whole", articles) as whole:
        mine = whole.session(LOCAL)
        if by_rule is None:
            mine.scopes.save("部分", articles=[f"x{number}" for number in chosen])
        else:
            mine.scopes.save("部分", rule=Search(text=by_rule))
        within = {hit.article for hit in mine.search(Search(scope="部分")).hits}
        with filled(folder / "part", [one for one in articles if one.id in within]) as part:
            theirs = part.session(LOCAL)
            for text in ("水车", "光緒", "", "水车造渠", "水车是哪年造的？", "水东"):
                compare(mine, Search(text=text, scope="部分"), theirs, Search(text=text))
            for search in (Search(text="李明", person=("李明",)), Search(text="水车", period="1950年代")):
                compare(mine, replace(search, scope="部分"), theirs, search)


def compare(mine: Session, here: Search, theirs: Session, there: Search) -> None:
    """Every answer to one is the same as to the other."""
    one, other = mine.search(here), theirs.search(there)
    assert (one.total, one.places, one.facets) == (other.total, other.places, other.facets)
    assert [hit.article for hit in one.hits] == [hit.article for hit in other.hits] or there.text
    assert {hit.article for hit in one.hits} == {hit.article for hit in other.hits}
    assert (one.nearest and one.nearest.total) == (other.nearest and other.nearest.total)
    assert [(offer.words, offer.total) for offer in one.offers] == [
        (offer.words, offer.total) for offer in other.offers
    ]
    for offer in one.offers:
        assert mine.search(offer.search).total == offer.total
    assert mine.timeline(here) == theirs.timeline(there)
    assert mine.counts.names(here) == theirs.counts.names(there)
    for division in Division:
        assert mine.counts.frequencies(here, division) == theirs.counts.frequencies(there, division)
    assert len(mine.result_list(here).hits) == len(theirs.result_list(there).hits) == other.total
    for typed in ("水", "lim", "张"):
        assert mine.suggest(typed, here) == theirs.suggest(typed, there)

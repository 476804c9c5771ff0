"""Every place of a search is a row, once, in the order asked for, whatever steps and labels there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.edits import Rewrite
from archive.model.errors import NotFound, UsageError
from archive.model.records import Access, Article, Block, Collection, Kind, Person, Status
from archive.model.search import Search
from archive.session import Session
from archive.workbench import remembered
from archive.workbench.concordance import Concordance, KwicRow
from archive.workbench.steps import NONE, Arranged, Step, read_step

TEXTS = [
    ["民国三十年，老水车修好了。", "水车转，新水车也转；水车，停。"],
    ["水 車在河边，水\u200b车在山上。", "没有。"],
    ["造水车的人，看水车的人。", "水车。"],
    ["山上的水车不转了。"],
]
AS_THEY_READ = Arranged()


def draft(number: int, texts: list[str], access: Access = Access.OPEN) -> Article:
    blocks = (
        Block.plain(Kind.TITLE, f"第{number}篇"),
        *(Block.plain(Kind.PARAGRAPH, text) for text in texts),
    )
    people = (Person("张三"),)
    return Article(
        collection="c", number=number, blocks=blocks, volume=f"第{1 + number % 2}辑", people=people, access=access
    )


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.create(tmp_path / "library")
    session = library.session(Actor.local())
    session.save_collection(Collection("c", "文集"))
    for number, texts in enumerate(TEXTS, 1):
        file = tmp_path / f"{number}.txt"
        file.write_text(f"{number}", encoding="utf-8")
        access = Access.INTERNAL if number == 4 else Access.OPEN
        session.add(file, file.name, [draft(number, texts, access)], ())
    yield library
    library.close()


@pytest.fixture
def session(library: Library) -> Session:
    return library.session(Actor.local())


def rows(
    session: Session, text: str, *steps: str, keys: tuple[str, ...] = (), order: str = "codepoint"
) -> list[KwicRow]:
    chain = [read_step(step) for step in steps]
    return list(session.concordances.rows(Search(text=text), chain, Arranged(keys, order)))


def test_rows_are_the_places_of_the_search(session: Session) -> None:
    found = rows(session, "水车")
    results = session.search(Search(text="水车"), all_places=True)
    assert len(found) == results.places == 10
    expected = {
        (hit.article, passage.block, *span)
        for hit in results.hits
        for passage in hit.passages
        for span in passage.spans
    }
    assert {(row.article, row.block, row.start, row.end) for row in found} == expected
    assert [row.number for row in found] == list(range(1, 11))
    assert [row.text[row.start : row.end] for row in found if row.article == "2"] == ["水 車", "水\u200b车"]
    assert [row.stated for row in found[:2]] == ["民国三十年", ""]


def test_right_neighbours_are_sorted_without_punctuation_and_within_the_paragraph(session: Session) -> None:
    found = rows(session, "水车", keys=("right10",))
    after = [row.text[row.end :] for row in found]
    plain = ["".join(filter(str.isalnum, text)) for text in after]
    assert plain == sorted(plain)
    assert plain[0] == ""  # the end of a paragraph comes first


def test_left_neighbours_are_sorted_outwards(session: Session) -> None:
    found = rows(session, "水车", keys=("left3",))
    before = ["".join(filter(str.isalnum, row.text[: row.start]))[::-1][:3] for row in found]
    assert before == sorted(before)


def test_downwards_ties_stay_as_they_read(session: Session) -> None:
    found = rows(session, "水车", keys=("-volume",))
    assert [row.volume for row in found] == sorted((row.volume for row in found), reverse=True)
    for volume in {row.volume for row in found}:
        here = [(int(row.article), row.block, row.start) for row in found if row.volume == volume]
        assert here == sorted(here)


@pytest.mark.parametrize(
    ("steps", "count"),
    [
        (["right3:转"], 3),
        (["-right3:转"], 7),
        (["right1:的"], 2),
        (["left1:新"], 1),
        (["left2:的"], 1),
        (["first"], 4),
        (["right3:转", "first"], 2),
        (["is:volume:第1辑"], 3),
        (["is:form:水 車"], 1),
        ([f"is:right1:{NONE}"], 1),
        (["sample:3:7"], 3),
        (["sample:99:7"], 10),
    ],
)
def test_steps(session: Session, steps: list[str], count: int) -> None:
    assert len(rows(session, "水车", *steps)) == count


def test_a_step_taken_away_from_the_middle_leaves_the_others(session: Session) -> None:
    page = session.concordances.page(
        Search(text="水车"), [read_step(step) for step in ("right3:转", "-left1:新", "first")], AS_THEY_READ
    )
    assert [told.places for told in page.steps] == [3, 2, 2]
    assert len(rows(session, "水车", "-left1:新", "first")) == 4


def test_samples_are_the_same_for_a_seed_and_even(session: Session) -> None:
    assert rows(session, "水车", "sample:4:7") == rows(session, "水车", "sample:4:7")
    drawn = {tuple(row.number for row in rows(session, "水车", f"sample:4:{seed}")) for seed in range(9)}
    places = {tuple((row.article, row.start) for row in rows(session, "水车", f"sample:4:{seed}")) for seed in range(9)}
    assert len(places) > 1 and len(drawn) == 1
    even = Counter(row.volume for row in rows(session, "水车", "sample:6:1:volume"))
    assert set(even.values()) == {3}
    by_article = Counter(row.article for row in rows(session, "水车", "sample:7:1:article"))
    assert by_article == {"1": 2, "2": 2, "3": 2, "4": 1}


@pytest.mark.parametrize("columns", [("right1",), ("form",), ("volume", "left1"), ("author", "decade"), ("label",)])
def test_groups_add_up_and_open_what_they_count(session: Session, columns: tuple[str, ...]) -> None:
    groups = session.concordances.groups(Search(text="水车"), [], columns)
    assert sum(group.places for group in groups) == 10
    for group in groups:
        steps = [f"is:{column}:{value}" for column, value in zip(columns, group.values, strict=True)]
        found = rows(session, "水车", *steps)
        assert (len(found), len({row.article for row in found})) == (group.places, group.articles)


def test_barcodes_have_every_place_once_and_lead_to_it(session: Session) -> None:
    found, every = session.concordances.barcodes(Search(text="水车"), []), rows(session, "水车")
    assert [(one.volume, one.articles, one.found, one.places) for one in found] == [
        ("第2辑", 2, 2, 7),
        ("第1辑", 2, 2, 3),
    ]
    for one in found:
        assert sum(stripe.places for stripe in one.stripes) == one.places == sum(part.places for part in one.tenths)
        assert [stripe.at for stripe in one.stripes] == sorted(stripe.at for stripe in one.stripes)
        assert all(every[stripe.first - 1].volume == one.volume for stripe in one.stripes)
    assert found[0].letters == sum(
        sum(map(str.isalnum, f"第{number}篇" + "".join(TEXTS[number - 1]))) for number in (1, 3)
    )


def test_volumes_without_places_are_kept(session: Session) -> None:
    found = session.concordances.barcodes(Search(text="山上"), [])
    assert [(one.volume, one.places) for one in found] == [("第2辑", 0), ("第1辑", 2)]


def test_a_list_grows_until_it_is_whole(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "AT_A_TIME", 1)
    search = Search(text="水车")
    pages: list[Concordance] = []
    while not pages or not pages[-1].whole:
        pages.append(session.concordances.page(search, [], AS_THEY_READ, patience=0))
    assert [(page.looked_at, page.to_look_at) for page in pages] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert [page.found for page in pages] == [4, 6, 9, 10]
    assert pages[0].rows == pages[-1].rows[:4]


def test_a_list_that_has_grown_half_is_begun_again_after_a_change(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "AT_A_TIME", 1)
    session.concordances.page(Search(text="水车"), [], AS_THEY_READ, patience=0)
    session.correct("4", [Rewrite(1, "山上的水车不转了。", ("山上的风车不转了。",))], "改")
    assert len(rows(session, "水车")) == 9


def test_labels_stay_on_their_places(session: Session) -> None:
    search = Search(text="水车")
    marked = rows(session, "水车")[3]
    session.concordances.label(marked.article, (marked.block, marked.start, marked.end), "待查")
    session.reindex()
    again = [row for row in rows(session, "水车", keys=("right10",)) if row.label]
    assert [(row.article, row.block, row.start) for row in again] == [(marked.article, marked.block, marked.start)]
    assert len(rows(session, "水车", "-is:label:待查")) == 9
    assert [row.label for row in rows(session, "车转 OR 水车")].count("待查") == 1
    session.correct("1", [Rewrite(1, "民国三十年，老水车修好了。", ("又：民国三十年，老水车修好了。",))], "补")
    assert [row.label for row in rows(session, "水车")].count("待查") == 1
    session.concordances.label(marked.article, (marked.block, marked.start, marked.end), "")
    assert not any(row.label for row in rows(session, "水车"))
    assert session.concordances.page(search, [], AS_THEY_READ).lost == 0


def test_a_label_whose_words_are_gone_is_told(session: Session) -> None:
    session.concordances.label("4", (1, 3, 5), "保留")
    session.correct("4", [Rewrite(1, "山上的水车不转了。", ("山上什么也没有。",))], "改")
    page = session.concordances.page(Search(text="水车 OR 山上"), [], AS_THEY_READ)
    assert page.lost == 1
    assert not any(row.label for row in page.rows)


def test_labels_are_their_owners(library: Library, session: Session) -> None:
    session.concordances.label("1", (1, 7, 9), "保留")
    other = library.session(Actor("2", "李四", Rights.everything()))
    assert not any(row.label for row in other.concordances.page(Search(text="水车"), [], AS_THEY_READ).rows)


def test_what_may_not_be_seen_is_no_row_and_takes_no_label(library: Library) -> None:
    visitor = library.session(Actor("3", "读者", Rights.of(frozenset({Access.OPEN}), frozenset(Status), frozenset())))
    page = visitor.concordances.page(Search(text="水车"), [], AS_THEY_READ)
    assert (page.found, page.articles) == (9, 3)
    with pytest.raises(NotFound):
        visitor.concordances.label("4", (1, 3, 5), "保留")


def test_a_changed_text_is_seen_at_once(session: Session) -> None:
    assert len(rows(session, "水车")) == 10
    session.correct("4", [Rewrite(1, "山上的水车不转了。", ("山上的风车不转了。",))], "改")
    assert len(rows(session, "水车")) == 9


@pytest.mark.parametrize(
    "text",
    ["", "right5:", "right5:，", "right11:人", "left0:人", "is:nothing:x", "sample:0:1", "sample:x", "-first", "是"],
)
def test_what_is_no_step_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_step(text)


STEPS = st.sampled_from(
    ["right5:先生", "-left10:不", "is:volume:第一辑", "-is:right2:人：民", "first", "sample:10:3:decade"]
)


@given(STEPS)
def test_steps_are_read_as_they_are_written(text: str) -> None:
    step: Step = read_step(text)
    assert str(step) == text
    assert read_step(str(step)) == step


@pytest.mark.parametrize("keys", [("right2", "left2", "form", "date"), ("nothing",), ("right11",)])
def test_what_is_no_order_is_refused(keys: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        Arranged.read(keys)

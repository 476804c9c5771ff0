"""Bearers of one name in facets and filters: as decided, by rights, the bare name finding them all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.books.service import item_of
from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.name_records import NameForm, NameKind, NameRecord, Standing
from archive.model.project import Part, Project
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.model.search import Search
from archive.session import Session

LOCAL = Actor.local()
TEXTS = ("李明修渠。", "李明教书。", "李明来了。", "李船工撑船。", "李明山不是他。", "李明在县里。")
RECORDS = (
    NameRecord(NameKind.PERSON, "李明", (NameForm("李船工"),), "1890—1950"),
    NameRecord(NameKind.PERSON, "李明", (), "", "教师"),
    NameRecord(NameKind.PERSON, "李明山"),
)
OLD, YOUNG = "李明#1", "李明#2"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        session.save_collection(Collection("c", "文集"))
        (tmp_path / "a.txt").write_text("稿", encoding="utf-8")
        drafts = [
            Article(
                collection="c",
                number=number,
                access=Access.RESTRICTED if number == 6 else Access.OPEN,
                blocks=(Block.plain(Kind.TITLE, f"题{number}"), Block.plain(Kind.PARAGRAPH, text)),
            )
            for number, text in enumerate(TEXTS, 1)
        ]
        session.add(tmp_path / "a.txt", "a.txt", drafts, ())
        for one in RECORDS:
            session.names.put(one)
        yield library


@pytest.fixture
def session(library: Library) -> Session:
    """With 李明 decided in texts 1 and 6 for the first, in 2 for the second."""
    session = library.session(LOCAL)
    mentions = session.name_mentions
    at = {one.article.id: one for one in mentions.open_places("李明").mentions}
    mentions.decide([at["1"], at["6"]], Standing.SETTLED, [1])
    mentions.decide([at["2"]], Standing.SETTLED, [2])
    return session


def found(session: Session, *people: str) -> set[str]:
    return {hit.article for hit in session.search(Search(person=people)).hits}


def facets(session: Session, **search: object) -> dict[str, tuple[str, int]]:
    counted = session.counts.names(Search(**search))["person"]  # type: ignore[arg-type]
    return {one.value: (one.label, one.count) for one in counted}


def test_each_is_counted_and_found_apart(session: Session) -> None:
    assert facets(session) == {
        "李明": ("李明（不论哪一个）", 5),
        OLD: ("李明（1890—1950）", 3),
        YOUNG: ("李明（教师）", 1),
        "李明山": ("李明山", 1),
    }
    assert found(session, OLD) == {"1", "4", "6"}
    assert found(session, YOUNG) == {"2"}
    assert found(session, "李明") == {"1", "2", "3", "4", "6"}
    assert found(session, OLD, YOUNG) == {"1", "2", "4", "6"}
    assert found(session, YOUNG, "李明山") == {"2", "5"}
    for value, (_, count) in facets(session).items():
        assert len(found(session, value)) == count  # what a facet says is what it leads to


def test_a_decision_taken_back_or_a_name_corrected_away_counts_no_more(session: Session) -> None:
    session.name_mentions.undo(2)
    assert YOUNG not in facets(session) and found(session, YOUNG) == set()
    assert facets(session)[OLD][1] == 3


def test_a_merged_record_leads_on(session: Session) -> None:
    session.names.merge(2, 1, "同一人")
    assert found(session, OLD) == {"1", "2", "3", "4", "6"}  # nobody else has the name now
    assert facets(session) == {"李明": ("李明", 5), "李明山": ("李明山", 1)}


def test_a_name_without_decisions_is_counted_as_before(library: Library) -> None:
    session = library.session(LOCAL)
    assert facets(session)["李明"] == ("李明", 5) and OLD not in facets(session)
    assert found(session, OLD) == {"4"}  # by the name only he has


def test_rights_and_scope_hold(library: Library, session: Session) -> None:
    reader = library.session(Actor("v", "读者", Rights.of(frozenset({Access.OPEN}), frozenset(Status), frozenset())))
    assert facets(reader)[OLD][1] == 2 and found(reader, OLD) == {"1", "4"}
    session.scopes.save("两篇", articles=["1", "2"])
    assert {name: count for name, (_, count) in facets(session, scope="两篇").items()} == {"李明": 2, OLD: 1, YOUNG: 1}
    assert found(session, "李明#99") == found(session, "李明")  # a record that is no more: the name, whoever bears it


def test_an_index_of_a_book_has_a_line_for_each(session: Session) -> None:
    items = tuple(item_of(session.article(str(number))) for number in range(1, 6))
    project = Project(name="书", parts=(Part(items=items),), indexes=("人物",))
    (index,) = session.books.bind(project).book.indexes
    assert {one.name for one in index.headings} == {"李明", "李明（1890—1950）", "李明（教师）", "李明山", "李船工"}

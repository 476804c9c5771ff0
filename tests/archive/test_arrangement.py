"""Collections in order, and changes to many articles that can be taken back: nothing is lost by any of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.errors import Conflict, NotAllowed, NotFound, UsageError
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.model.search import Search
from archive.session import Session

LOCAL = Actor.local()


def draft(title: str, collection: str = "old") -> Article:
    blocks = (Block.plain(Kind.TITLE, title), Block.plain(Kind.PARAGRAPH, f"{title}说的是渡口的木船。"))
    return Article(collection=collection, blocks=blocks)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Two collections; the first holds two articles of one import, the second one of another."""
    with Library.create(tmp_path / "library") as library:
        made = library.session(LOCAL)
        made.save_collection(Collection("old", "旧集"))
        made.save_collection(Collection("new", "新集"))
        take_in(made, tmp_path / "甲.txt", draft("渡口"), draft("木船"))
        take_in(made, tmp_path / "乙.txt", draft("水车", "new"))
        yield made


def take_in(session: Session, file: Path, *articles: Article) -> tuple[str, ...]:
    file.write_text(file.name, encoding="utf-8")
    return tuple(one.id for one in session.add(file, file.name, articles, []).articles)


def found(session: Session) -> list[str]:
    return sorted(hit.title for hit in session.search(Search(text="木船")).hits)


def test_an_import_is_undone_as_a_whole_and_can_come_back(session: Session, tmp_path: Path) -> None:
    first = session.imports()[0]
    assert session.arrangement.articles_of(first.key) == ("1", "2")
    change = session.arrangement.undo_import(first.key)
    assert change.articles == 2
    assert found(session) == ["水车"]
    assert session.article("1").status is Status.WITHDRAWN
    assert session.original(first.original)[1] == "甲.txt"
    assert [one.undone for one in session.imports()] == [True, False]
    with pytest.raises(Conflict):
        session.arrangement.undo_import(first.key)
    assert take_in(session, tmp_path / "甲.txt", draft("渡口"), draft("木船")) == ("4", "5")
    assert session.arrangement.take_back(change.key) == (2, 0)
    assert found(session) == ["木船", "木船", "水车", "渡口", "渡口"]
    with pytest.raises(Conflict):
        session.arrangement.take_back(change.key)


def test_taking_back_leaves_what_was_changed_since(session: Session) -> None:
    session.withdraw("2", "重复")
    change = session.arrangement.undo_import(1)
    assert change.articles == 1
    session.arrangement.take_back(change.key)
    assert session.article("2").status is Status.WITHDRAWN
    moved = session.arrangement.move(["1"], "new")
    session.arrangement.move(["1"], "old")
    assert session.arrangement.take_back(moved.key) == (0, 1)


def test_a_removed_collection_is_out_of_sight_until_it_is_restored(session: Session) -> None:
    change = session.arrangement.remove("old")
    assert [one.id for one in session.collections()] == ["new"]
    assert [one.id for one in session.arrangement.removed()] == ["old"]
    assert found(session) == ["水车"]
    with pytest.raises(NotFound):
        session.collection("old")
    with pytest.raises(Conflict):
        session.save_collection(Collection("old", "又来"))
    session.arrangement.take_back(change.key)
    assert found(session) == ["木船", "水车", "渡口"]


def test_merged_collections_part_again(session: Session) -> None:
    change = session.arrangement.merge("old", "new")
    assert {one.collection for one in session.articles()} == {"new"}
    assert session.search(Search(text="木船", collection=("new",))).total == 3
    session.arrangement.take_back(change.key)
    assert [one.collection for one in map(session.article, "123")] == ["old", "old", "new"]
    with pytest.raises(UsageError):
        session.arrangement.merge("old", "old")


def test_renamed_and_ordered(session: Session) -> None:
    session.arrangement.describe(Collection("new", " 新名 ", "说明", volume="第二辑", year="1986", place="清水"))
    kept = session.collection("new")
    assert (kept.title, kept.volume, kept.year, kept.place) == ("新名", "第二辑", "1986", "清水")
    assert [one.id for one in session.collections()] == ["new", "old"]
    session.arrangement.order(["old", "new"])
    assert [one.id for one in session.collections()] == ["old", "new"]
    with pytest.raises(UsageError):
        session.arrangement.describe(Collection("new", "  "))


def test_only_who_may_arranges(session: Session, tmp_path: Path) -> None:
    with Library.open(session.root) as library:
        reader = library.session(Actor("r", "读者", Rights.of(frozenset(Access), frozenset(Status), frozenset())))
        for attempt in (
            lambda: reader.arrangement.remove("old"),
            lambda: reader.arrangement.merge("old", "new"),
            lambda: reader.arrangement.move(["1"], "new"),
            lambda: reader.arrangement.undo_import(1),
            lambda: reader.arrangement.articles_of(1),
            lambda: reader.arrangement.take_back(1),
            lambda: reader.arrangement.order(["new"]),
            lambda: reader.arrangement.changes(),
        ):
            with pytest.raises(NotAllowed):
                attempt()


def test_an_article_named_twice_is_moved_once(session: Session) -> None:
    change = session.arrangement.move(["1", "2", "1"], "new")
    assert change.articles == 2
    assert session.arrangement.changes()[0].articles == 2

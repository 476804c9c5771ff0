"""An answer is kept for who asks the same again, and never shown of other texts, nor to who may see less."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Action, Actor, Rights
from archive.model.edits import Rewrite
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.model.search import Search
from archive.session import Session
from archive.support.one_moment import one_moment

WATER = Search(text="水车")
READER = Actor("r", "读者", Rights.of(frozenset({Access.OPEN}), frozenset(Status), frozenset(Action)))


def of(text: str, access: Access = Access.OPEN) -> Article:
    blocks = (Block.plain(Kind.TITLE, "题"), Block.plain(Kind.PARAGRAPH, text))
    return Article(collection="c", blocks=blocks, access=access, status=Status.RELEASED)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as made:
        session = made.session(Actor.local())
        session.save_collection(Collection("c", "文集"))
        add(session, tmp_path, of("羊皮筏与水车"), of("水车一架"), of("水车的图", Access.RESTRICTED))
        yield made


def add(session: Session, folder: Path, *articles: Article) -> tuple[str, ...]:
    file = folder / f"{len(list(folder.iterdir()))}.txt"
    file.write_text(file.name)
    return tuple(one.id for one in session.add(file, file.name, articles, ()).articles)


def rewrite(session: Session, id: str, text: str) -> None:
    session.correct(id, [Rewrite(1, session.article(id).blocks[1].text, (text,))], "改")


def test_the_same_question_is_answered_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    session = library.session(Actor.local())
    first = session.search(WATER)
    asked: list[object] = []
    monkeypatch.setattr("archive.search.hits.of", lambda *of: asked.append(of) or ())
    assert session.search(WATER) is first
    assert library.session(Actor.local()).search(WATER) is first
    assert not asked
    session.search(WATER, limit=1)
    assert asked


def test_a_change_between_two_questions_is_seen(library: Library, tmp_path: Path) -> None:
    session = library.session(Actor.local())
    assert session.search(WATER).total == 3
    one = session.search(WATER).hits[0].article
    rewrite(session, one, "改了的水车")
    assert "改了的水车" in {hit.passages[0].text for hit in session.search(WATER).hits}
    session.withdraw(one, "撤")
    assert session.search(WATER).total == 2
    add(session, tmp_path, of("又一架水车"))
    assert session.search(WATER).total == 3
    session.save_collection(Collection("c", "改名的文集"))
    assert session.search(WATER).facets["collection"][0].label == "改名的文集"


def test_who_may_see_less_is_answered_apart(library: Library) -> None:
    everybody, reader = library.session(Actor.local()), library.session(READER)
    assert (everybody.search(WATER).total, reader.search(WATER).total, everybody.search(WATER).total) == (3, 2, 3)


def test_a_text_of_another_program_is_found(library: Library, tmp_path: Path) -> None:
    """Within one page too: what the index knows is not answered out of what was remembered before."""
    session = library.session(Actor.local())
    with one_moment(), Library.open(library.root) as other:
        before = session.search(WATER)
        there = other.session(Actor.local())
        id = before.hits[0].article
        rewrite(there, id, "水车水车")
        there.save_collection(Collection("c", "另一名"))
        assert {hit.article: hit.occurrences for hit in session.search(WATER).hits}[id] == 2
        assert session.collection("c").title == "另一名"
        add(there, tmp_path, of("水车来了"))
        assert session.search(WATER).total == 4
        assert session.count() == 4


def test_what_a_page_says_of_an_article_follows_every_change(library: Library) -> None:
    session = library.session(Actor.local())
    id = session.search(WATER).hits[0].article
    assert (len(session.versions(id)), session.mentions(id), session.date_decisions(id)) == (1, (), ())
    rewrite(session, id, "1958年水车")
    assert len(session.versions(id)) == 2
    assert [one.period.written for one in session.mentions(id)] == ["1958年"]
    then = Search(text="水车", period="1958")
    assert [hit.met[0].period.written for hit in session.search(then).hits] == ["1958年"]
    session.reject_date(id, (1, 0, 5), "不是")
    assert session.mentions(id) == ()
    assert session.search(then).hits == ()
    assert len(session.date_decisions(id)) == 1

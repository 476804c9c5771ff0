"""What was asked is written a little later, many searches at once; nothing of it outlives a purge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.store import asked_rows

LOCAL = Actor.local()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as made:
        made.session(LOCAL).save_collection(Collection("c", "河湾文史"))
        yield made


def asked(library: Library) -> list[str]:
    return [one.search.text for one in library.session(LOCAL).searches.history()]


def _state(library: Library) -> str:
    with library._store._database.reading() as connection:
        return library._store._database.state(connection)


def test_a_search_does_not_make_the_store_forget(library: Library) -> None:
    session = library.session(LOCAL)
    before = _state(library)
    for text in ("水车", "甘草", "水车"):
        session.searches.note(Search(text=text), 2)
    assert _state(library) == before
    assert asked(library) == ["水车", "甘草"]
    assert _state(library) != before


def test_what_waits_is_written_when_the_library_is_closed(tmp_path: Path) -> None:
    with Library.create(tmp_path / "library") as library:
        library.session(LOCAL).searches.note(Search(text="水车"), 1)
    with Library.open(tmp_path / "library") as library:
        assert asked(library) == ["水车"]


def test_much_is_written_at_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked_rows, "_MOST", 3)
    before = _state(library)
    for text in ("水车", "甘草", "羊皮筏"):
        library.session(LOCAL).searches.note(Search(text=text), 1)
    assert _state(library) != before


def test_nothing_is_written_of_before_a_purge(library: Library, tmp_path: Path) -> None:
    original = tmp_path / "a.txt"
    original.write_text("水车", encoding="utf-8")
    blocks = (Block.plain(Kind.TITLE, "水车"), Block.plain(Kind.PARAGRAPH, "水车沟"))
    session = library.session(LOCAL)
    session.add(original, original.name, [Article(collection="c", blocks=blocks)], ())
    session.searches.note(Search(text="水车沟"), 1)
    session.upkeep.purging.purge(list(session.digests()), "误收")
    assert asked(library) == []


def test_of_a_search_asked_twice_at_once_the_latest_counts(library: Library) -> None:
    searches = library.session(LOCAL).searches
    for text, total in (("水车", 5), ("甘草", 1), ("水车", 6)):
        searches.note(Search(text=text), total)
    assert [(one.search.text, one.total) for one in searches.history()] == [("水车", 6), ("甘草", 1)]

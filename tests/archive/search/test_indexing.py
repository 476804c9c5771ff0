"""The index follows the store: what is pending is shown to it, what differs is named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.model.records import Article, Block, Collection, Kind, Mention, Period, Precision
from archive.search import indexing
from archive.search.index.memory import MemoryEngine
from archive.store import Store

WHO = "本机"


class Counting(MemoryEngine):
    """Notes what it is given, and how."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[str] = []
        self.rebuilt = 0
        self.whole = True
        self.rotten = ""

    def put(self, article: Article, mentions: object) -> None:
        self.given.append(article.id)
        super().put(article, mentions)  # type: ignore[arg-type]

    def rebuild(self, articles: object) -> int:
        self.rebuilt += 1
        return super().rebuild(articles)  # type: ignore[arg-type]

    def sound(self) -> bool:
        return self.whole

    def damage(self) -> str:
        return self.rotten


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A library of three articles that no index has seen, ids 1 to 3."""
    file = tmp_path / "原稿.txt"
    file.write_text("原稿", encoding="utf-8")
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    with Store.create(tmp_path / "library") as made:
        made.save_collection(Collection("c", "文史"), WHO)
        dated = [(article(text), said()) for text in ("水车", "筏子", "枸杞")]
        made.accept(file, file.name, sha256, dated, [], [], WHO)
        yield made


def article(text: str) -> Article:
    return Article(
        collection="c", blocks=(Block.plain(Kind.TITLE, text), Block.plain(Kind.PARAGRAPH, f"1958年的{text}"))
    )


def said() -> list[Mention]:
    return [Mention(1, 0, 5, Period(2436205, 2436569, Precision.YEAR, "1958年"), "gregorian")]


def revise(store: Store, id: str, text: str) -> None:
    old = store.article(id)
    blocks = (old.blocks[0], Block.plain(Kind.PARAGRAPH, text))
    store.revise(replace(old, blocks=blocks), [], "改", WHO)


def test_the_first_import_builds_the_index_whole(store: Store) -> None:
    engine = Counting()
    indexing.index_pending(store, engine)
    assert (engine.rebuilt, engine.given) == (1, ["1", "2", "3"])
    assert store.pending() == ()
    assert engine.entries["1"].mentions


def test_later_only_what_is_pending_is_given(store: Store) -> None:
    engine = Counting()
    indexing.index_pending(store, engine)
    revise(store, "2", "1959年的筏子")
    engine.given.clear()
    indexing.index_pending(store, engine)
    assert (engine.rebuilt, engine.given, store.pending()) == (1, ["2"], ())
    indexing.index_pending(store, engine)
    assert engine.given == ["2"]


def test_an_unsound_index_is_built_anew_when_the_library_opens(store: Store) -> None:
    engine = Counting()
    indexing.catch_up(store, engine)
    assert indexing.settled(store, engine)
    revise(store, "2", "1959年的筏子")
    assert not indexing.settled(store, engine)
    indexing.catch_up(store, engine)
    assert engine.rebuilt == 1
    engine.whole = False
    assert not indexing.settled(store, engine)
    indexing.catch_up(store, engine)
    assert engine.rebuilt == 2


def test_writing_shows_the_index_what_changed_once(store: Store) -> None:
    engine = Counting()
    indexing.catch_up(store, engine)
    engine.given.clear()
    with indexing.writing(store, engine, WHO, "更正"):
        with indexing.writing(store, engine, WHO, "更正"):
            revise(store, "2", "1959年的筏子")
        assert engine.given == []
        revise(store, "3", "1959年的枸杞")
    assert engine.given == ["2", "3"]


def test_what_failed_half_way_stays_pending(store: Store) -> None:
    engine = Counting()
    indexing.catch_up(store, engine)
    engine.given.clear()
    with pytest.raises(ZeroDivisionError), indexing.writing(store, engine, WHO, "更正"):
        revise(store, "2", "1959年的筏子")
        raise ZeroDivisionError
    assert (engine.given, store.pending()) == ([], ("2",))


def test_checking_tells_what_differs_and_does_not_wait_and_rebuilds(store: Store) -> None:
    engine = Counting()
    indexing.catch_up(store, engine)
    assert indexing.check(store, engine, WHO) == []
    revise(store, "2", "1959年的筏子")
    assert indexing.check(store, engine, WHO) == []
    store.indexed(["2"])
    (problem,) = indexing.check(store, engine, WHO)
    assert (problem.code, problem.place) == ("index-differs", "文章 2")
    assert "已由资料库重建索引" in problem.hint
    assert indexing.check(store, engine, WHO) == []
    engine.rotten = "文件的内容变了"
    (problem,) = indexing.check(store, engine, WHO)
    assert problem.code == "index-unsound"
    assert engine.rebuilt == 3

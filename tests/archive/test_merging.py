"""One library merged into another: what comes, what is double, what is told; and again is nothing new."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library
from archive.merging import Likeness, Merging
from archive.model.access import Actor
from archive.model.errors import UsageError
from archive.model.records import Article, Block, Collection, Kind, Picture
from archive.model.search import Search

LOCAL = Actor.local()
_BYTES = b"\x89PNG bytes"
PICTURE = Picture(hashlib.sha256(_BYTES).hexdigest(), _BYTES, "image/png")


def _take_in(library: Library, collection: Collection, title: str, words: str, file: str = "") -> None:
    session = library.session(LOCAL)
    session.save_collection(collection)
    original = library.root.parent / f"{secrets.token_hex(4)}.txt"
    original.write_text(file or f"{title}\n{words}", encoding="utf-8")
    blocks = (
        Block.plain(Kind.TITLE, title),
        Block.plain(Kind.PARAGRAPH, words),
        Block(kind=Kind.FIGURE, picture=PICTURE.sha256),
    )
    session.add(original, f"{title}.txt", [Article(collection=collection.id, blocks=blocks)], [], [PICTURE])


@pytest.fixture
def libraries(tmp_path: Path) -> Iterator[tuple[Library, Library]]:
    """The one that is merged and the one it goes into."""
    with Library.create(tmp_path / "清水") as source, Library.create(tmp_path / "白河") as target:
        for library in (source, target):
            _take_in(library, Collection("c", "文史"), "水车", "水车在河边转。")
        _take_in(source, Collection("c", "文史"), "渡口", "羊皮筏子顺流而下。")
        _take_in(source, Collection("d", "大事记"), "治沙", "一九五八年治沙。")
        _take_in(target, Collection("d", "人物"), "关一", "关一，渡口人。")
        _take_in(target, Collection("c", "文史"), "集市", "逢三逢八赶集。", file="同一份")
        _take_in(source, Collection("c", "文史"), "集市", "逢二逢七赶集。")
        _take_in(source, Collection("c", "文史"), "集市（校）", "逢三逢八赶大集。", file="同一份")
        yield source, target


def _quiet(_done: int, _total: int) -> None:
    """Nobody looks."""


def test_what_is_double_is_shown_before_anything_is_changed(libraries: tuple[Library, Library]) -> None:
    source, target = (one.session(LOCAL) for one in libraries)
    before = target.audit()
    plan = Merging(source, target).plan()
    assert [(one.article.title, one.held.title, one.likeness) for one in plan.doubles] == [
        ("水车", "水车", Likeness.TEXT),
        ("集市", "集市", Likeness.TITLE),
        ("集市（校）", "集市", Likeness.FILE),
    ]
    assert plan.coming == 3 and plan.renamed == (("d", "d-2"),) and plan.without_file == ()
    assert target.audit() == before


def test_the_rest_comes_with_files_and_is_found(libraries: tuple[Library, Library]) -> None:
    source, target = (one.session(LOCAL) for one in libraries)
    held = {one.id: one for one in target.articles()}
    theirs = [one.digest for one in source.articles()]
    assert Merging(source, target).run(_quiet) == 3
    for words, total in (("羊皮筏子", 1), ("治沙", 1), ("逢二逢七", 1), ("水车在河边", 1), ("赶大集", 0)):
        assert target.search(Search(text=words)).total == total, words
    (came,) = [one for one in target.articles() if one.title == "渡口"]
    file, name = target.original(came.original)
    assert name == "渡口.txt" and file.read_text(encoding="utf-8") == "渡口\n羊皮筏子顺流而下。"
    assert target.picture(PICTURE.sha256)[0].read_bytes() == _BYTES
    assert {one.id: one.title for one in target.collections()} == {"c": "文史", "d": "人物", "d-2": "大事记"}
    assert {id: target.article(id) for id in held} == held, "what was there is as it was"
    assert [one.digest for one in source.articles()] == theirs
    assert target.check() == () and source.check() == ()
    assert Merging(source, target).run(_quiet) == 0, "and again is nothing new"


def test_it_goes_on_where_it_was_interrupted(libraries: tuple[Library, Library]) -> None:
    source, target = (one.session(LOCAL) for one in libraries)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Merging(source, target).run(stop)
    assert Merging(source, target).run(_quiet) == 2
    assert target.search(Search(text="治沙")).total == 1 and target.search(Search(text="羊皮筏子")).total == 1


def test_a_lost_original_is_told(libraries: tuple[Library, Library]) -> None:
    source, target = (one.session(LOCAL) for one in libraries)
    (lost,) = [one for one in source.articles() if one.title == "渡口"]
    libraries[0]._store.originals.discard(lost.original)
    plan = Merging(source, target).plan()
    assert plan.without_file == ("渡口",) and plan.coming == 2
    assert Merging(source, target).run(_quiet) == 2


def test_a_library_is_not_merged_into_itself(libraries: tuple[Library, Library]) -> None:
    session = libraries[0].session(LOCAL)
    with pytest.raises(UsageError, match="它自己"):
        Merging(session, session)


def test_the_command_lists_first_and_merges_when_told(
    libraries: tuple[Library, Library], capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = (str(one.root) for one in libraries)
    assert run(["--library", target, "merge", source]) == 0
    shown = capsys.readouterr()
    assert "文字相同，不再收：《水车》" in shown.out and "d-2" in shown.out and "--yes" in shown.err
    assert libraries[1].session(LOCAL).search(Search(text="羊皮筏子")).total == 0
    assert run(["--library", target, "merge", source, "--yes"]) == 0
    assert "并进来 3 篇" in capsys.readouterr().err
    assert libraries[1].session(LOCAL).search(Search(text="羊皮筏子")).total == 1

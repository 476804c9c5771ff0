"""Whatever is wrong with an index, searching goes on: it is made anew from the texts, and that is said."""

from __future__ import annotations

import json
import logging
import os
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import EngineError
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search

# What Whoosh had open when it stumbled over damage is closed when it is forgotten.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

LOCAL = Actor.local()
ASKED = ("水车", "刘勇", "光緒", "枸杞 OR 筏子", "车", "沙坡头是哪一年开始治沙的？", "")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library whose index was written in three goes, so that it has several segments."""
    root = tmp_path_factory.mktemp("whole") / "library"
    texts = ["光绪三十年，刘　勇造水车。", "羊皮筏子在黄河上走了几百年。", "1958年，沙坡头开始治沙，种下枸杞。"]
    with Library.create(root) as library:
        library.session(LOCAL).save_collection(Collection("c", "河湾文史"))
        for number, text in enumerate(texts):
            original = root.parent / f"{number}.txt"
            original.write_text(text, encoding="utf-8")
            blocks = (Block.plain(Kind.TITLE, f"第{number}篇"), Block.plain(Kind.PARAGRAPH, text * 40))
            articles = [Article(collection="c", blocks=blocks)] * 3
            library.session(LOCAL).add(original, original.name, articles, ())
    return root


@pytest.fixture
def root(whole: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(whole, tmp_path / "library"))


def answers(library: Library) -> list[tuple[int, list[str]]]:
    session = library.session(LOCAL)
    found = [session.search(Search(text=text)) for text in ASKED]
    return [(one.total, [hit.article for hit in one.hits]) for one in found]


@pytest.fixture(scope="module")
def truth(whole: Path) -> list[tuple[int, list[str]]]:
    with Library.open(whole) as library:
        return answers(library)


def newest(root: Path, pattern: str) -> Path:
    (folder,) = (root / "index").glob("g*")
    return max(folder.glob(pattern), key=lambda file: file.stat().st_mtime)


def emptied(pattern: str) -> Callable[[Path], Any]:
    return lambda root: newest(root, pattern).write_bytes(b"")


def removed(pattern: str) -> Callable[[Path], Any]:
    return lambda root: newest(root, pattern).unlink()


def halved(pattern: str) -> Callable[[Path], Any]:
    return lambda root: os.truncate(newest(root, pattern), newest(root, pattern).stat().st_size // 2)


def rubbish(pattern: str) -> Callable[[Path], Any]:
    return lambda root: newest(root, pattern).write_bytes("这里本该是索引".encode() * 99)


def a_folder(pattern: str) -> Callable[[Path], Any]:
    def damage(root: Path) -> None:
        file = newest(root, pattern)
        file.unlink()
        file.mkdir()

    return damage


def endless(pattern: str) -> Callable[[Path], Any]:
    """A link to what never ends, as a stranger's copy of a library may have."""

    def damage(root: Path) -> None:
        file = newest(root, pattern)
        file.unlink()
        file.symlink_to("/dev/zero")

    return damage


def a_pipe(pattern: str) -> Callable[[Path], Any]:
    def damage(root: Path) -> None:
        file = newest(root, pattern)
        file.unlink()
        os.mkfifo(file)

    return damage


def pointing(words: str) -> Callable[[Path], Any]:
    return lambda root: (root / "index" / "current").write_text(words, encoding="utf-8")


def a_newer_list_of_segments(root: Path) -> None:
    words = newest(root, "words/*.toc").parent
    (words / "_MAIN_99.toc").write_bytes(b"not ours")


def nothing_left(root: Path) -> None:
    shutil.rmtree(root / "index")


DAMAGE = {
    f"{name} {kind}": made(pattern)
    for name, pattern in (("toc", "words/*.toc"), ("segment", "words/*.seg"), ("literal", "literal.sqlite"))
    for kind, made in (
        ("emptied", emptied),
        ("removed", removed),
        ("halved", halved),
        ("rubbish", rubbish),
        ("a folder", a_folder),
    )
} | {
    "pointer emptied": pointing(""),
    "pointer elsewhere": pointing("../../elsewhere"),
    "pointer to nothing": pointing("g0099"),
    "pointer no text": lambda root: (root / "index" / "current").write_bytes(b"\xff\xfe\xff"),
    "a newer list of segments": a_newer_list_of_segments,
    "no index at all": nothing_left,
}
if sys.platform != "win32":
    DAMAGE |= {
        f"{name} {kind}": made(pattern)
        for name, pattern in (("toc", "words/*.toc"), ("segment", "words/*.seg"), ("literal", "literal.sqlite"))
        for kind, made in (("endless", endless), ("a pipe", a_pipe))
    } | {"pointer endless": endless("../current"), "pointer a pipe": a_pipe("../current")}


@pytest.mark.parametrize("damage", sorted(DAMAGE))
def test_1_a_damaged_index_is_rebuilt_when_the_library_opens(
    damage: str, root: Path, truth: list[tuple[int, list[str]]], caplog: pytest.LogCaptureFixture
) -> None:
    DAMAGE[damage](root)
    with caplog.at_level(logging.WARNING), Library.open(root) as library:
        assert answers(library) == truth
        assert "已由资料库重建" in caplog.text
        assert library.session(LOCAL).check() == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody change files that are in use")
@pytest.mark.parametrize("damage", sorted(DAMAGE))
def test_1_an_index_damaged_while_it_is_in_use_is_rebuilt(
    damage: str, root: Path, truth: list[tuple[int, list[str]]]
) -> None:
    with Library.open(root) as library:
        assert answers(library) == truth
        DAMAGE[damage](root)
        assert answers(library) == truth
        library.session(LOCAL).check()
        assert library.session(LOCAL).check() == ()
        library.session(LOCAL).describe("1", {"关键词": "水利"}, "补")
        assert library.session(LOCAL).search(Search(text="关键词:水利")).total == 1


@pytest.mark.parametrize("pattern", ["literal.sqlite", "words/*.seg", "words/*.toc"])
def test_1_flipped_bits_stop_no_search_and_are_found_by_a_check(
    pattern: str, whole: Path, tmp_path: Path, truth: list[tuple[int, list[str]]]
) -> None:
    chance = random.Random(pattern)
    told = 0
    for number in range(12):
        root = Path(shutil.copytree(whole, tmp_path / str(number)))
        file = newest(root, pattern)
        data = bytearray(file.read_bytes())
        for _ in range(chance.choice((1, 1, 8))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        file.write_bytes(data)
        with Library.open(root) as library:
            answers(library)  # perhaps not the truth yet: only reading everything can tell
            told += bool(library.session(LOCAL).check())
            assert answers(library) == truth, f"flip {number}"
            assert library.session(LOCAL).check() == ()
    assert told, "not all of them were so plain that opening the library saw them"


def test_1_a_check_tells_of_rot_that_no_search_meets(root: Path) -> None:
    with Library.open(root) as library:
        engine = library._engine._engine
        literal = engine._current().literal  # type: ignore[attr-defined]
        literal.begin(write=True)
        literal.connection.execute("INSERT INTO folded (folded, rowid, text) VALUES ('delete', 1, '6c34 ')")
        literal.commit()
        (problem,) = library.session(LOCAL).check()
        assert (problem.code, "已由资料库重建索引" in problem.hint) == ("index-unsound", True)
        assert library.session(LOCAL).check() == ()


def test_1_a_defect_is_no_damage(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(root) as library:
        rebuilt: list[object] = []
        monkeypatch.setattr(library._engine, "rebuild", lambda articles: rebuilt.append(articles) or 0)

        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("archive.search.index.selecting.Selecting.matching", broken)
        with pytest.raises(ZeroDivisionError):
            library.session(LOCAL).search(Search(text="水车"))
        assert rebuilt == []


def test_1_an_index_that_cannot_be_written_to_is_rebuilt_for_what_is_pending(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Library.open(root) as library:

        def broken(*_: object, **__: object) -> None:
            raise KeyError("a segment that is not there")

        monkeypatch.setattr("archive.search.index.ranking_index.RankingIndex.begin", broken)
        with pytest.raises(EngineError), library.session(LOCAL).writing("试"):
            library._store.replace_mentions([("1", ())], "某人")
            library.session(LOCAL).describe("1", {"关键词": "水利"}, "补")
        monkeypatch.undo()
        assert library._store.pending() == ("1",)
    with Library.open(root) as again:
        assert again._store.pending() == ()
        assert again.session(LOCAL).search(Search(text="关键词:水利")).total == 1


def test_1_new_files_are_on_the_disk_before_the_pending_list_is_cleared(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real = os.fsync

    def noted(handle: int) -> None:
        done.append(os.path.realpath(f"/proc/self/fd/{handle}") if Path("/proc/self/fd").is_dir() else "words")
        real(handle)

    with Library.open(root) as library:
        store = library._store
        cleared = store.indexed
        monkeypatch.setattr(os, "fsync", noted)
        monkeypatch.setattr(store, "indexed", lambda ids: done.append("cleared") or cleared(ids))
        library.session(LOCAL).describe("1", {"关键词": "水利"}, "补")
        literal = library._engine._engine._current().literal  # type: ignore[attr-defined]
        noted_files = json.loads(literal.info("files"))
        assert literal.connection.execute("PRAGMA synchronous").fetchone() == (2,)
    synced = {Path(name).name for name in done[: done.index("cleared")]}
    fresh = {name for name in noted_files if name.endswith(".toc")}
    assert fresh
    assert fresh <= synced or synced == {"words"}

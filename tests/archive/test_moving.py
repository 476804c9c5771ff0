"""A library moved into another folder and back: everything comes over, what was interrupted goes on."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive import agreement
from archive.library import Library, Moved
from archive.model.access import Actor
from archive.model.errors import ConfigError, LibraryBusy, LibraryDamaged, LibraryExists, StorageError
from archive.model.records import Article, Block, Collection, Kind, Picture
from archive.search.index.embedded import EmbeddedEngine
from archive.store import Store, moving
from archive.store.neutral_tables import Contents, fill
from archive.store.originals import FolderVault
from archive.store.sqlite_database import SqliteDatabase

LOCAL = Actor.local()


@pytest.fixture(autouse=True)
def few_strings(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as tell something of four texts."""
    monkeypatch.setattr(agreement, "STRINGS", 20)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Four texts, one of them withdrawn, a picture, own words, a manuscript that waits."""
    with Library.create(tmp_path / "清水") as made:
        session = made.session(LOCAL)
        session.save_collection(Collection("c", "集"))
        for number, words in enumerate(
            ("水车在河边转。", "枸杞“甘草”𠮷野。", "一九五八年治沙。", "水车又转\u2028了。")
        ):
            original = tmp_path / f"{number}.txt"
            original.write_text(words, encoding="utf-8")
            blocks = (Block.plain(Kind.TITLE, f"第{number}篇"), Block.plain(Kind.PARAGRAPH, words))
            session.add(original, original.name, [Article(collection="c", blocks=blocks)], [])
        made._store.keep_picture(Picture(hashlib.sha256(b"picture").hexdigest(), b"picture", "image/png"), "本机")
        session.withdraw("2", "重复")
        (made.root / "words.txt").write_text("四轮水车\n", encoding="utf-8")
        waiting = made.root / "incoming" / ("ab" * 12)
        waiting.mkdir(parents=True)
        (waiting / "manuscript.txt").write_text("待收", encoding="utf-8")
        yield made


def _quiet(what: str, done: int, total: int) -> None:
    assert what and done <= total


def _move(library: Library, target: Path, engine: str = "") -> Moved:
    return library.move(target, engine, "", _quiet)


def _held(root: Path) -> dict[str, str]:
    """Every file of originals and pictures, and every row of the tables that tell of texts."""
    vaults = [FolderVault(root / tree) for tree in ("originals", "pictures")]
    files = {one.sha256: vault.digest(one.sha256) for vault in vaults for one in vault.listed()}
    with closing(sqlite3.connect(root / "archive.sqlite")) as database:
        for table in ("articles", "versions", "imports", "mentions", "collections", "card_changes"):
            files[table] = str(database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall())
        files["sequence"] = str(database.execute("SELECT * FROM sqlite_sequence ORDER BY 1").fetchall())
    return files


def test_everything_comes_over_and_is_found(library: Library, tmp_path: Path) -> None:
    moved = _move(library, tmp_path / "新")
    assert (moved.articles, moved.problems, moved.whole) == (4, (), True) and moved.strings == 20
    assert _held(tmp_path / "新") == _held(library.root)
    with Library.open(tmp_path / "新") as there:
        session = there.session(LOCAL)
        assert session.check() == () and session.article("4").blocks[1].text == "水车又转\u2028了。"
        assert [entry.action for entry in session.audit(1)] == ["move"]
    assert (tmp_path / "新" / "words.txt").read_text(encoding="utf-8") == "四轮水车\n"
    assert (tmp_path / "新" / "incoming" / ("ab" * 12) / "manuscript.txt").read_text(encoding="utf-8") == "待收"
    assert not (tmp_path / "新" / "tables").exists()


def test_and_back_by_another_engine(library: Library, tmp_path: Path) -> None:
    pytest.importorskip("tantivy", reason="tantivy is not installed")
    _move(library, tmp_path / "新", "tantivy")
    with Library.open(tmp_path / "新") as there:
        assert there._store.settings.engine == "tantivy"
        assert there.move(tmp_path / "家", "embedded", "", _quiet).whole
    assert _held(tmp_path / "家") == _held(library.root)
    assert 'engine = "embedded"' in (tmp_path / "家" / "library.toml").read_text(encoding="utf-8")


def _stop(*_arguments: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (moving, "write_tables"),
        (moving, "_carried"),
        (moving, "fill"),
        (moving, "arrived"),
        (EmbeddedEngine, "rebuild"),
        (Store, "settle"),
    ],
)
def test_what_was_interrupted_is_no_library_and_goes_on(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str
) -> None:
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(where, name, _stop)
        _move(library, tmp_path / "新")
    with pytest.raises(LibraryDamaged, match="中断了"):
        Library.open(tmp_path / "新")
    assert _move(library, tmp_path / "新").whole
    assert _held(tmp_path / "新") == _held(library.root)


def test_what_was_changed_after_an_interruption_comes_over(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Store, "settle", _stop)
        _move(library, tmp_path / "新")
    library.session(LOCAL).withdraw("1", "也重复")
    assert _move(library, tmp_path / "新").whole
    assert _held(tmp_path / "新") == _held(library.root)


def test_what_came_over_is_not_carried_again(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Store, "settle", _stop)
        _move(library, tmp_path / "新")
    for where, name in ((moving, "write_tables"), (FolderVault, "keep")):
        monkeypatch.setattr(where, name, _stop)
    assert _move(library, tmp_path / "新").whole


def test_files_that_were_damaged_before_are_told(library: Library, tmp_path: Path) -> None:
    one, two, *_ = [Path(file.place) for file in library._store.originals.listed()]
    one.chmod(0o644)
    one.write_text("改了", encoding="utf-8")
    two.unlink()
    moved = _move(library, tmp_path / "新")
    assert {problem.code for problem in moved.problems} == {"missing", "damaged"} and moved.whole
    with Library.open(tmp_path / "新") as there:
        assert [problem.code for problem in there.session(LOCAL).check()] == ["original-missing"] * 2


def test_a_table_that_differs_is_told(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    def spoilt(database: SqliteDatabase, folder: Path, contents: Contents) -> None:
        file = folder / "collections.jsonl"
        file.write_text(file.read_text(encoding="utf-8").replace("集", "级"), encoding="utf-8")
        fill(database, folder, contents)

    monkeypatch.setattr(moving, "fill", spoilt)
    with pytest.raises(LibraryDamaged, match="collections"):
        _move(library, tmp_path / "新")


def test_a_search_that_finds_something_else_is_told(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = EmbeddedEngine.rebuild
    monkeypatch.setattr(EmbeddedEngine, "rebuild", lambda engine, texts: real(engine, list(texts)[1:]))
    moved = _move(library, tmp_path / "新")
    assert not moved.whole and {problem.code for problem in moved.problems} == {"total-differs"}
    with pytest.raises(LibraryDamaged, match="中断了"):
        Library.open(tmp_path / "新")


def test_refusals(library: Library, tmp_path: Path) -> None:
    (tmp_path / "满").mkdir()
    (tmp_path / "满" / "别的.txt").touch()
    for target in (tmp_path / "满", library.root, library.root / "里面"):
        with pytest.raises(LibraryExists):
            _move(library, target)
    with pytest.raises(ConfigError, match="没有“whoosh”"):
        _move(library, tmp_path / "新", "whoosh")
    with pytest.raises(ConfigError, match="没有名称"):
        library.move(tmp_path / "新", "embedded", "wenshi2", _quiet)
    mark = tmp_path / "半" / "tables" / "from.json"
    mark.parent.mkdir(parents=True)
    mark.write_text(json.dumps("/别处"), encoding="utf-8")
    with pytest.raises(LibraryExists, match="另一个资料库"):
        _move(library, tmp_path / "半")


def test_nobody_writes_meanwhile(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.store.lock.PATIENCE", 0.05)
    told = []

    def progress(_what: str, _done: int, _total: int) -> None:
        with Store.open(library.root) as other, pytest.raises(LibraryBusy) as refused:
            other.set_status("1", other.article("1").status, "试", "别人")
        told.append(refused.value.message)

    library.move(tmp_path / "新", "", "", progress)
    assert told and all("搬资料库" in message for message in told)


def test_a_full_disk_loses_nothing(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(StorageError, match="空间不足"):
        patched.setattr(shutil, "copyfileobj", full)
        _move(library, tmp_path / "新")
    assert library.session(LOCAL).check() == ()
    assert _move(library, tmp_path / "新").whole

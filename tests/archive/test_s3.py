"""Originals and pictures in a real S3 store: taken in, moved there and home, backed up, and a store that refuses.

`make test-cluster` starts a server and names it; without one these tests are skipped.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive import agreement
from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ConfigError, NotFound, StorageError
from archive.model.records import Article, Block, Collection, Kind, Picture
from archive.model.search import Search
from archive.store import Store
from archive.store.folder import Settings
from archive.support.files import sha256_of

SERVER, OBJECTS = os.environ.get("WENSHI_TEST_S3", ""), Path(os.environ.get("WENSHI_TEST_S3_OBJECTS", ""))
pytestmark = pytest.mark.skipif(not SERVER, reason="no S3 server is named: make test-cluster")

LOCAL = Actor.local()
_BYTES = b"\x89PNG no picture, but bytes"
PICTURE = Picture(hashlib.sha256(_BYTES).hexdigest(), _BYTES, "image/png")


@pytest.fixture
def options(tmp_path: Path) -> dict[str, str]:
    """An empty place of its own, and who signs in there."""
    login = tmp_path / "s3.toml"
    login.write_text('access_key = "wenshi"\nsecret_key = "for-tests-alone"\n', encoding="utf-8")
    bucket = f"b{secrets.token_hex(6)}"
    (OBJECTS / bucket).mkdir()
    return {"place": f"s3://{bucket}/qingshui", "endpoint": SERVER, "credentials": str(login)}


@pytest.fixture
def library(tmp_path: Path, options: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """A text with a picture, whose files lie in S3."""
    monkeypatch.setattr(agreement, "STRINGS", 20)
    Store.create(tmp_path / "清水", Settings(files="s3", options={"s3": options})).close()
    with Library.open(tmp_path / "清水") as made:
        _take_in(made, tmp_path, "水车在河边转。")
        yield made


def _take_in(library: Library, folder: Path, words: str) -> str:
    session = library.session(LOCAL)
    session.save_collection(Collection("c", "集"))
    original = folder / f"{secrets.token_hex(4)}.txt"
    original.write_text(words, encoding="utf-8")
    blocks = (
        Block.plain(Kind.TITLE, words[:4]),
        Block.plain(Kind.PARAGRAPH, words),
        Block(kind=Kind.FIGURE, picture=PICTURE.sha256),
    )
    session.add(original, original.name, [Article(collection="c", blocks=blocks)], [], pictures=[PICTURE])
    return sha256_of(original)


def _quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody looks."""


def _object(options: dict[str, str], name: str) -> Path:
    (found,) = (OBJECTS / options["place"].removeprefix("s3://").split("/")[0]).rglob(name)
    return found


def test_files_lie_there_and_not_in_the_folder(library: Library, options: dict[str, str]) -> None:
    session = library.session(LOCAL)
    original = session.article("1").original
    assert original and _object(options, original).read_text(encoding="utf-8") == "水车在河边转。"
    assert not (library.root / "originals").exists() and session.check() == ()
    file, name = session.original(original)
    assert file.read_text(encoding="utf-8") == "水车在河边转。" and name.endswith(".txt")
    assert session.picture(PICTURE.sha256)[0].read_bytes() == PICTURE.data
    assert session.picture(PICTURE.sha256)[0].is_relative_to(library.root / "fetched")


def test_who_signs_in_stands_nowhere_in_the_library(library: Library) -> None:
    for file in library.root.rglob("*"):
        assert not file.is_file() or b"for-tests-alone" not in file.read_bytes()


def test_what_was_fetched_goes_when_nobody_opens_it(library: Library, tmp_path: Path) -> None:
    file, _ = library.session(LOCAL).picture(PICTURE.sha256)
    os.utime(file, (0, 0))
    _take_in(library, tmp_path, "又一篇。")
    assert not file.exists()


def test_what_is_purged_is_gone_everywhere(library: Library, options: dict[str, str]) -> None:
    session = library.session(LOCAL)
    original = session.article("1").original
    assert original
    session.original(original), session.picture(PICTURE.sha256)
    session.upkeep.purging.purge(["1"], "本人要求")
    bucket = OBJECTS / options["place"].split("/")[2]
    for name in (original, PICTURE.sha256):
        assert not list(bucket.rglob(name)) and not list(library.root.rglob(name))
    assert session.check() == ()


def test_what_is_missing_damaged_or_foreign_is_found(library: Library, options: dict[str, str], tmp_path: Path) -> None:
    session = library.session(LOCAL)
    first, second = session.article("1").original, _take_in(library, tmp_path, "又一篇。")
    assert first
    _object(options, first).write_text("朽", encoding="utf-8")
    place = _object(options, second)
    place.rename(place.with_name("0" * 64))
    assert sorted(one.code for one in session.check()) == ["original-damaged", "original-extra", "original-missing"]
    assert session.original(first)[0].read_text(encoding="utf-8") == "朽", "as it is, as a folder would"
    assert not (library.root / "fetched" / "originals" / first).exists(), "and it is not taken for the good one"
    problems = session.upkeep.backups.make(tmp_path / "b.zip")
    assert sorted(one.code for one in problems) == ["damaged", "missing"]


def test_there_and_home_again(library: Library, options: dict[str, str], tmp_path: Path) -> None:
    """From S3 into a folder, from there to another place in S3, each compared."""
    assert library.move(tmp_path / "家", "", "", _quiet).whole
    with Library.open(tmp_path / "家") as home:
        assert home.session(LOCAL).article("1") == library.session(LOCAL).article("1")
        assert home.session(LOCAL).check() == () and (home.root / "originals").is_dir()
        assert "s3" not in (home.root / "library.toml").read_text(encoding="utf-8")
    settings = tmp_path / "家" / "library.toml"
    table = "".join(f'{name} = "{options[name]}"\n' for name in ("endpoint", "credentials"))
    settings.write_text(f"{settings.read_text(encoding='utf-8')}\n[s3]\n{table}", encoding="utf-8")
    place = options["place"] + "-2"
    there = ["--to", str(tmp_path / "远"), "--files", place]
    assert run(["--library", str(tmp_path / "家"), "move", *there]) == 0
    with Library.open(tmp_path / "远") as far:
        assert far.session(LOCAL).check() == () and not (far.root / "originals").exists()
        assert far.session(LOCAL).search(Search(text="水车")).total == 1


def test_two_libraries_do_not_share_a_place(library: Library, options: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="不能共用"):
        library.move(tmp_path / "远", "", "", _quiet, files=options["place"])


def test_its_backup_is_restored_into_a_folder(library: Library, tmp_path: Path) -> None:
    for neutral in (False, True):
        file = tmp_path / f"{neutral}.zip"
        assert library.session(LOCAL).upkeep.backups.make(file, neutral=neutral) == ()
        with Library.restore(file, tmp_path / f"家{neutral}") as home:
            assert home.session(LOCAL).check() == ()
            assert home.session(LOCAL).picture(PICTURE.sha256)[0].read_bytes() == PICTURE.data
            assert "s3" not in (home.root / "library.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"credentials": "no.toml"}, "读不出登录存放原件的地方（S3）用的文件"),
        ({"place": "https://somewhere/else"}, "没有写存放原件和图片的地方，或写得不对"),
        ({"endpoint": ""}, "没有写存放原件和图片的地方（S3）的地址"),
    ],
)
def test_settings_that_say_too_little_are_told(
    options: dict[str, str], tmp_path: Path, changed: dict[str, str], told: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        Store.create(tmp_path / "一", Settings(files="s3", options={"s3": options | changed}))
    assert told in caught.value.message and caught.value.hint


def _refusing(options: dict[str, str], tmp_path: Path, how: str) -> dict[str, str]:
    """Options by which nothing is to be had."""
    if how == "password":
        other = tmp_path / "other.toml"
        other.write_text('access_key = "wenshi"\nsecret_key = "changed meanwhile"\n', encoding="utf-8")
        return options | {"credentials": str(other)}
    if how == "away":
        return options | {"endpoint": "http://127.0.0.1:9"}
    return options | {"place": "s3://no-such-bucket-here/q"}


@pytest.mark.parametrize(
    ("how", "told"),
    [("password", "不认这个用户或密码"), ("away", "连不上存放原件和图片的地方"), ("bucket", "没有这个桶")],
)
def test_a_store_that_refuses_is_told_and_nothing_is_lost(
    library: Library, options: dict[str, str], tmp_path: Path, how: str, told: str
) -> None:
    library.close()
    settings = library.root / "library.toml"
    good = settings.read_text(encoding="utf-8")
    bad = good
    for name, value in _refusing(options, tmp_path, how).items():
        bad = bad.replace(f'{name} = "{options[name]}"', f'{name} = "{value}"')
    settings.write_text(bad, encoding="utf-8")
    with closing(Library.open(library.root)) as refused:
        session = refused.session(LOCAL)
        assert session.search(Search(text="水车")).total == 1, "finding and reading need no originals"
        assert session.article("1").title == "水车在河"
        with pytest.raises(StorageError) as caught:
            _take_in(refused, tmp_path, "来不及收的一篇。")
        assert told in caught.value.message and "没有改动" in caught.value.hint
        assert session.search(Search(text="来不及收")).total == 0
        assert refused.parts_answering() == {"store": True, "search": True, "files": False}
        with pytest.raises(StorageError):
            session.check()
    settings.write_text(good, encoding="utf-8")
    with closing(Library.open(library.root)) as again:
        assert again.session(LOCAL).check() == ()
        _take_in(again, tmp_path, "这回收进来了。")
        assert again.parts_answering()["files"]


def test_an_import_refused_in_the_middle_leaves_nothing_behind(
    library: Library, options: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The original came over, its picture is refused."""

    def refuse(*_: object) -> bool:
        raise StorageError("拒绝")

    library.session(LOCAL).upkeep.purging.purge(["1"], "腾空")
    monkeypatch.setattr(library._store.pictures, "keep", refuse)
    with pytest.raises(StorageError):
        _take_in(library, tmp_path, "半截的一篇。")
    assert library._store.originals.listed() == []


def test_names_that_are_none_are_refused(library: Library) -> None:
    with pytest.raises(NotFound):
        library._store.originals.path("../../etc/passwd")

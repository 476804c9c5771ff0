"""A backup holds everything, and only a sound one is laid down again."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from archive.model.errors import LibraryDamaged, LibraryExists, ReadError, StorageError
from archive.model.project import Project
from archive.model.records import Picture
from archive.store import Store
from archive.store.sqlite_database import SqliteDatabase
from archive.store.upgrade import REVISION, bring_up_to_date

PICTURE = Picture(hashlib.sha256(b"PNG").hexdigest(), b"PNG", "image/png")

STRANGE = ("styles/../../x.toml", "fonts/a/b.ttf", "styles/x.exe", "styles\\..\\x.toml", "fonts/.ttf/../x")
OWN = {"styles/本县.toml": b"name = '1'", "styles/模板.docx": b"PK", "fonts/方正小标宋.TTF": b"font"}


@pytest.fixture
def full(store: Store, draft: Callable[..., object], file: Callable[..., tuple[Path, str, str]]) -> Store:
    """A library with an original, a picture, three articles, a correction, a book project and words of its own."""
    store.accept(*file(), [draft() for _ in range(3)], [], [PICTURE], who="本机")  # type: ignore[misc]
    store.revise(store.article("2"), [], "改", "编辑")
    store.projects.save(Project(name="书", title="旧事"), "本机")
    store.indexed(["1", "2", "3"])
    (store.root / "words.txt").write_text("羊皮筏子\n", encoding="utf-8")
    for name, data in OWN.items():
        (store.root / name).parent.mkdir(exist_ok=True)
        (store.root / name).write_bytes(data)
    return store


@pytest.fixture
def backup(full: Store, tmp_path: Path) -> Path:
    full.backup(tmp_path / "备份.zip")
    return tmp_path / "备份.zip"


@contextmanager
def rewritten(backup: Path) -> Iterator[dict[str, bytes]]:
    """The members of a backup to change; written back afterwards."""
    with zipfile.ZipFile(backup) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    yield members
    with zipfile.ZipFile(backup, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def refused(backup: Path, root: Path) -> ReadError:
    with pytest.raises(ReadError) as caught:
        Store.restore(backup, root)
    assert not root.exists(), "nothing is left behind"
    assert caught.value.hint
    return caught.value


def test_a_restored_library_equals_the_one_backed_up(full: Store, backup: Path, tmp_path: Path) -> None:
    with Store.restore(backup, tmp_path / "新库") as again:
        assert list(again.each()) == list(full.each())
        assert again.article("2", 1) == full.article("2", 1)
        assert again.versions("2") == full.versions("2")
        assert again.projects.get("书") == full.projects.get("书")
        assert again.collections(None) == full.collections(None)
        assert again.imports() == full.imports()
        assert again.check("本机") == ()
        assert again.pending() == ("1", "2", "3"), "there is no index yet"
        assert again.audit(1)[0].action == "restore"
        assert (again.root / "words.txt").read_text(encoding="utf-8") == "羊皮筏子\n"
        assert {name: (again.root / name).read_bytes() for name in OWN} == OWN
        assert not again.originals.path(full.imports()[0].original).stat().st_mode & 0o222


def test_a_backup_leaves_nothing_beside_it_and_replaces_an_old_one(full: Store, tmp_path: Path) -> None:
    folder = tmp_path / "U盘"
    folder.mkdir()
    (folder / "b.zip").write_bytes(b"old")
    assert full.backup(folder / "b.zip") == ()
    assert [entry.name for entry in folder.iterdir()] == ["b.zip"]
    assert zipfile.is_zipfile(folder / "b.zip")


def test_a_backup_is_made_while_another_writes(full: Store, tmp_path: Path) -> None:
    with Store.open(full.root) as other, full.writing("收入", "试写"):
        other.backup(tmp_path / "b.zip")
    with Store.restore(tmp_path / "b.zip", tmp_path / "新库") as again:
        assert again.count() == 3


def test_a_backup_goes_only_where_there_is_a_folder(full: Store, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="不存在"):
        full.backup(tmp_path / "没有" / "b.zip")
    (tmp_path / "folder.zip").mkdir()
    with pytest.raises(StorageError):
        full.backup(tmp_path / "folder.zip")
    assert not list(tmp_path.glob(".wenshi-backup-*"))


def test_what_was_damaged_before_is_named_and_the_rest_is_safe(full: Store, tmp_path: Path) -> None:
    original = full.originals.path(full.imports()[0].original)
    original.chmod(0o644)
    original.write_bytes(b"rot")
    full.pictures.discard(PICTURE.sha256)
    problems = full.backup(tmp_path / "b.zip")
    assert [problem.code for problem in problems] == ["damaged", "missing"]
    with Store.restore(tmp_path / "b.zip", tmp_path / "新库") as again:
        assert again.count() == 3
        assert [problem.code for problem in again.check("本机")] == [
            "original-damaged",
            "picture-missing",
        ]


def test_an_existing_library_is_never_overwritten(full: Store, backup: Path) -> None:
    with pytest.raises(LibraryExists):
        Store.restore(backup, full.root)
    assert full.check("本机") == ()


def test_an_empty_folder_is_taken_and_left_empty_after_a_failure(backup: Path, tmp_path: Path) -> None:
    root = tmp_path / "空"
    (root / "lost+found").mkdir(parents=True)
    with rewritten(backup) as members:
        members["words.txt"] = b"changed"
    with pytest.raises(ReadError):
        Store.restore(backup, root)
    assert [entry.name for entry in root.iterdir()] == ["lost+found"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all"])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    refused(tmp_path / "b.zip", tmp_path / "新库")


def test_a_missing_backup_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="不存在"):
        Store.restore(tmp_path / "没有.zip", tmp_path / "新库")
    assert not (tmp_path / "新库").exists()


def test_any_other_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("照片.jpg", b"")
    assert "不是文史的备份文件" in refused(tmp_path / "b.zip", tmp_path / "新库").message


def test_an_empty_library_is_restored_empty(store: Store, tmp_path: Path) -> None:
    store.backup(tmp_path / "空.zip")
    with Store.restore(tmp_path / "空.zip", tmp_path / "新库") as again:
        assert again.pending() == () and list(again.each()) == []


@pytest.mark.parametrize(
    "name", ["../外面.txt", "/tmp/x", "C:\\x", "originals/../../x", "index/x", "originals/ab/cd", *STRANGE]
)
def test_nothing_is_written_outside_or_beside(backup: Path, tmp_path: Path, name: str) -> None:
    with rewritten(backup) as members:
        manifest = json.loads(members["manifest.json"])
        members[name] = b"evil"
        manifest["files"][name] = {"sha256": hashlib.sha256(b"evil").hexdigest(), "size": 4}
        members["manifest.json"] = json.dumps(manifest).encode()
    assert "不属于" in refused(backup, tmp_path / "新库").message


def test_members_must_match_the_list(backup: Path, tmp_path: Path) -> None:
    kept = backup.read_bytes()
    with rewritten(backup) as members:
        del members["words.txt"]
    assert "清单" in refused(backup, tmp_path / "新库").message
    backup.write_bytes(kept)
    with rewritten(backup) as members:
        members["words.txt"] += b"x"
    assert "words.txt" in refused(backup, tmp_path / "新库").message
    backup.write_bytes(kept)
    with rewritten(backup) as members:
        members["manifest.json"] = members["manifest.json"].replace(b'"format": 1', b'"format": 2')
    assert "新版" in refused(backup, tmp_path / "新库").hint


def test_a_member_larger_than_listed_is_not_unpacked(backup: Path, tmp_path: Path) -> None:
    with rewritten(backup) as members:
        members["words.txt"] = b"\0" * 100_000_000
    assert "words.txt" in refused(backup, tmp_path / "新库").message


def test_any_flipped_byte_is_noticed(backup: Path, tmp_path: Path) -> None:
    """Either the content is refused, or what changed was no content and the library is the same."""
    sound = backup.read_bytes()
    chance = random.Random(7)
    refusals = 0
    for _ in range(60):
        data = bytearray(sound)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        backup.write_bytes(data)
        root = tmp_path / "新库"
        try:
            with Store.restore(backup, root) as again:
                assert again.check("本机") == ()
                assert again.count() == 3
        except ReadError:
            refusals += 1
            assert not root.exists()
        shutil.rmtree(root, ignore_errors=True)
    assert refusals > 30


def test_a_truncated_backup_is_refused(backup: Path, tmp_path: Path) -> None:
    sound = backup.read_bytes()
    for share in (0.1, 0.5, 0.9, 0.999):
        backup.write_bytes(sound[: int(len(sound) * share)])
        refused(backup, tmp_path / "新库")


KILLED = """
import os, sys
from pathlib import Path
from archive.store import Store, backup
real, left = backup._unpack_member, int(sys.argv[3])
def unpack(archive, name, *rest):
    global left
    if not left:
        os._exit(9)
    left -= 1
    real(archive, name, *rest)
backup._unpack_member = unpack
Store.restore(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("members", [0, 1, 4, 7])
def test_8_a_killed_restore_leaves_a_folder_that_the_next_one_recognises(
    members: int, backup: Path, tmp_path: Path
) -> None:
    root = tmp_path / "恢复"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(backup), str(root), str(members)])
    assert killed.returncode == 9
    with pytest.raises(LibraryDamaged, match="恢复备份时中断"):
        Store.open(root).close()
    with Store.restore(backup, root) as restored:
        assert restored.count() == 3
        assert restored.check("本机") == ()
    assert not (root / "restoring").exists()


def test_8_a_folder_with_anything_else_is_never_taken_for_an_unfinished_restore(backup: Path, tmp_path: Path) -> None:
    root = tmp_path / "恢复"
    root.mkdir()
    (root / "restoring").touch()
    (root / "家谱.docx").write_bytes(b"mine")
    with pytest.raises(LibraryExists, match="家谱"):
        Store.restore(backup, root)
    assert (root / "家谱.docx").read_bytes() == b"mine"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON versions BEGIN DELETE FROM audit; END",
        "CREATE VIEW v AS SELECT 1",
    ],
)
def test_8_a_database_with_statements_of_its_own_is_not_restored(
    statement: str, full: Store, backup: Path, tmp_path: Path
) -> None:
    with rewritten(backup) as members:
        database = tmp_path / "changed.sqlite"
        database.write_bytes(members["archive.sqlite"])
        with closing(sqlite3.connect(database)) as connection:
            connection.execute(statement)
            connection.commit()
        members["archive.sqlite"] = database.read_bytes()
        manifest = json.loads(members["manifest.json"])
        digest = hashlib.sha256(members["archive.sqlite"]).hexdigest()
        manifest["files"]["archive.sqlite"] = {"sha256": digest, "size": len(members["archive.sqlite"])}
        members["manifest.json"] = json.dumps(manifest).encode()
    assert "不属于文史" in str(refused(backup, tmp_path / "恢复"))
    with closing(sqlite3.connect(full.root / "archive.sqlite")) as connection:
        connection.execute(statement)
        connection.commit()
    assert [problem.code for problem in full.check("本机")] == ["database"]


class TestNeutral:
    """Backups whose tables are JSON Lines, which need no database to be read."""

    def test_restored_whole(self, full: Store, tmp_path: Path) -> None:
        assert full.backup(tmp_path / "n.zip", neutral=True) == ()
        full.check_backup(tmp_path / "n.zip")
        with zipfile.ZipFile(tmp_path / "n.zip") as archive:
            names = archive.namelist()
            assert b'"id":"1"' in archive.read("tables/articles.jsonl")
        assert "archive.sqlite" not in names and "tables/tables.json" in names
        with Store.restore(tmp_path / "n.zip", tmp_path / "又") as again:
            assert again.article("1") == full.article("1") and again.versions("1") == full.versions("1")
            assert again.check("本机") == () and again.audit()[1:] == full.audit()
            assert not (again.root / "tables").exists()

    def test_one_of_an_older_schema_is_brought_up_to_date(
        self, full: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with closing(SqliteDatabase(tmp_path / "old.sqlite")) as old:
            bring_up_to_date(old, tmp_path, "0012")
            monkeypatch.setattr(full, "_database", old)
            assert full.backup(tmp_path / "n.zip", neutral=True) == ()
        with Store.restore(tmp_path / "n.zip", tmp_path / "又") as again:
            assert again.count() == 0 and again._database.revision() == REVISION

    def test_one_of_a_newer_schema_is_refused(self, full: Store, tmp_path: Path) -> None:
        full.backup(tmp_path / "n.zip", neutral=True)
        _changed(tmp_path / "n.zip", "tables/tables.json", REVISION.encode(), b"9999")
        with pytest.raises(LibraryDamaged, match="更新版本"):
            Store.restore(tmp_path / "n.zip", tmp_path / "又")
        assert not (tmp_path / "又").exists()

    def test_a_row_that_was_changed_is_refused(self, full: Store, tmp_path: Path) -> None:
        full.backup(tmp_path / "n.zip", neutral=True)
        _changed(tmp_path / "n.zip", "tables/versions.jsonl", b"version", b"verzion")
        with pytest.raises(ReadError):
            Store.restore(tmp_path / "n.zip", tmp_path / "又")
        assert not (tmp_path / "又").exists()

    def test_one_that_was_killed_half_way_begins_anew(
        self, full: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        full.backup(tmp_path / "n.zip", neutral=True)
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr("archive.store.backup.fill", _killed)
            patched.setattr("archive.store.backup._clear", lambda root, before: None)
            Store.restore(tmp_path / "n.zip", tmp_path / "又")
        with pytest.raises(LibraryDamaged, match="恢复备份时中断"):
            Store.open(tmp_path / "又")
        with Store.restore(tmp_path / "n.zip", tmp_path / "又") as again:
            assert again.article("1") == full.article("1")


def _killed(*_arguments: object) -> None:
    raise KeyboardInterrupt


def _changed(file: Path, member: str, old: bytes, new: bytes) -> None:
    """Write a zip anew with other bytes in one member, and the list of digests to fit."""
    with zipfile.ZipFile(file) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert old in held[member]
    held[member] = held[member].replace(old, new)
    manifest = json.loads(held["manifest.json"])
    digest = hashlib.sha256(held[member]).hexdigest()
    manifest["files"][member] = {"sha256": digest, "size": len(held[member])}
    held["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)

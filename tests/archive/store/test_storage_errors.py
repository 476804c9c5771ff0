"""Full disks and missing permissions: said plainly, and the library is as it was before."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import archive.store
from archive.model.errors import LibraryBusy, LibraryDamaged, StorageError, WenshiError
from archive.model.records import Article, Collection, Mention
from archive.store import Store
from archive.support.storage_errors import storage_error, storage_errors

Draft = Callable[..., tuple[Article, list[Mention]]]
File = Callable[..., tuple[Path, str, str]]


def run(script: str, *arguments: Path | str) -> list[str]:
    """Run a script in a process of its own and return what it printed; fails with what it complained of."""
    command = [sys.executable, "-X", "utf8", "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


# -- a full disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB of our own."""
    if sys.platform != "linux" or os.getuid() != 0:
        pytest.skip("only root on Linux can mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip(f"this machine lets nobody mount: {mounted.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(store: Store, draft: Draft, file: File) -> int:
    """Take in files until the disk is full; returns how many articles were reported as taken in."""
    taken_in = 0
    for number in range(500):
        content = f"{number}" + "水" * 10_000
        try:
            taken_in += len(
                store.accept(*file(content, f"{number}.txt"), [draft(text=content), draft()], [], [], who="本机")
            )
        except StorageError as full:
            assert "空间不足" in full.message
            assert full.hint
            return taken_in
    raise AssertionError("the disk never filled up")


def test_a_full_disk_stops_an_import_and_spoils_nothing(small_disk: Path, draft: Draft, file: File) -> None:
    with Store.create(small_disk / "library") as store:
        store.save_collection(Collection("wsz", "文史资料"), who="本机")
        taken_in = fill(store, draft, file)
        assert taken_in > 0
        assert store.count() == taken_in
        assert len(store.pending()) == taken_in
        subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
        assert store.check("本机") == ()
        store.accept(*file("腾出空间以后"), [draft()], [], [], who="本机")
        assert store.count() == taken_in + 1
    with Store.open(store.root) as again:
        assert again.count() == taken_in + 1
        assert again.check("本机") == ()


def test_a_full_disk_leaves_no_half_backup(store: Store, small_disk: Path, draft: Draft, file: File) -> None:
    store.accept(*file("长" * 2_000_000), [draft()], [], [], who="本机")
    with pytest.raises(StorageError, match="空间不足") as caught:
        store.backup(small_disk / "b.zip")
    assert caught.value.place
    assert list(small_disk.iterdir()) == []


def test_a_full_disk_leaves_no_half_restored_library(
    store: Store, small_disk: Path, tmp_path: Path, draft: Draft, file: File
) -> None:
    store.accept(*file("长" * 2_000_000), [draft()], [], [], who="本机")
    store.backup(tmp_path / "b.zip")
    with pytest.raises(StorageError, match="空间不足"):
        Store.restore(tmp_path / "b.zip", small_disk / "library")
    assert list(small_disk.iterdir()) == []


def test_a_library_half_made_on_a_full_disk_can_be_finished(small_disk: Path) -> None:
    with pytest.raises(OSError), (small_disk / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 4096)
    with pytest.raises(StorageError, match="空间不足"):
        Store.create(small_disk / "library")
    (small_disk / "filler").unlink()
    with Store.create(small_disk / "library") as store:
        assert store.check("本机") == ()


LIMITED = """
import resource, signal, sys
from pathlib import Path
from archive.model.errors import StorageError
from archive.store import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Store.open(Path(sys.argv[1])) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
    for work in (
        lambda: store.backup(Path(sys.argv[3])),
        lambda: store.accept(Path(sys.argv[2]), "big", sys.argv[4], [], [], [], "本机"),
    ):
        try:
            work()
        except StorageError as failure:
            print(failure.message)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no limit on the size of files")
def test_a_file_that_may_not_grow_is_a_full_disk(store: Store, tmp_path: Path, file: File) -> None:
    path, _, sha256 = file("大" * 100_000)
    printed = run(LIMITED, store.root, path, tmp_path / "b.zip", sha256)
    assert len(printed) == 2
    assert all("空间不足" in line or "磁盘" in line for line in printed)
    assert not (tmp_path / "b.zip").exists()
    assert store.check("本机") == ()


# -- missing permission

AS_NOBODY = """
import os, sys, tempfile
from pathlib import Path
from archive.model.errors import WenshiError
from archive.model.records import Collection, Status
from archive.store import Store
# Once everything is loaded: that user may not even be allowed to read the interpreter's own folder.
Store.create(Path(tempfile.mkdtemp()) / "x").close()
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
root, work = Path(sys.argv[1]), sys.argv[2]
try:
    if work == "open":
        with Store.open(root) as store:
            assert list(store.each()) == []
    elif work == "save":
        with Store.open(root) as store:
            store.save_collection(Collection("c", "文史"), "本机")
    elif work == "create":
        Store.create(root / "库").close()
    elif work == "accept":
        with Store.create(Path(sys.argv[3])) as store:
            store.accept(root, "稿", "ab" * 32, [], [], [], "本机")
    elif work == "backup":
        with Store.create(Path(sys.argv[3])) as store:
            store.backup(root / "b.zip")
except WenshiError as failure:
    print(failure.code, failure.message, bool(failure.hint), failure.place, sep="|")
"""


@pytest.fixture
def office() -> Iterator[Path]:
    """A folder everybody may pass through, unlike the test's own; with `free/`, where everybody may write."""
    if os.name == "nt":
        pytest.skip("Windows has no permission bits to take away")
    for parent in Path(archive.store.__file__).resolve().parents:
        if not parent.stat().st_mode & stat.S_IXOTH:
            pytest.skip(f"a user without rights cannot load the program: nobody but its owner may enter {parent}")
    folder = Path(tempfile.mkdtemp(prefix="wenshi-office-"))
    folder.chmod(0o755)
    (folder / "free").mkdir()
    (folder / "free").chmod(0o777)
    yield folder
    for inner in folder.rglob("*"):
        if inner.is_dir():
            inner.chmod(0o755)
    shutil.rmtree(folder)


def nobody(*arguments: Path | str) -> tuple[str, str, str]:
    """What a user without rights is told: (code, message, place)."""
    (line,) = run(AS_NOBODY, *arguments)
    code, message, hint, place = line.split("|")
    assert hint == "True"
    return code, message, place


def test_a_library_that_may_only_be_read_is_read_and_refuses_writing_plainly(office: Path) -> None:
    root = office / "library"
    Store.create(root).close()
    for file in root.iterdir():
        file.chmod(0o555 if file.is_dir() else 0o444)
    root.chmod(0o555)
    assert run(AS_NOBODY, root, "open") == []
    code, message, _ = nobody(root, "save")
    assert code == "storage"
    assert "权限" in message


def test_a_library_that_may_not_be_entered_is_refused_plainly(office: Path) -> None:
    root = office / "library"
    Store.create(root).close()
    root.chmod(0)
    code, message, place = nobody(root, "open")
    assert (code, message) == ("storage", "没有读写权限，或文件正被别的程序占用")
    assert place.startswith(str(root))


def test_no_library_is_made_where_nothing_may_be_written(office: Path) -> None:
    (office / "locked").mkdir()
    (office / "locked").chmod(0o555)
    assert nobody(office / "locked", "create")[:2] == ("storage", "没有读写权限，或文件正被别的程序占用")
    assert list((office / "locked").iterdir()) == []


def test_a_manuscript_that_may_not_be_read_is_named(office: Path) -> None:
    manuscript = office / "稿.docx"
    manuscript.write_bytes(b"x")
    manuscript.chmod(0)
    code, message, place = nobody(manuscript, "accept", office / "free" / "library")
    assert (code, message, place) == ("storage", "没有读写权限，或文件正被别的程序占用", str(manuscript))


def test_a_backup_that_may_not_be_written_is_refused_plainly(office: Path) -> None:
    (office / "locked").mkdir()
    (office / "locked").chmod(0o555)
    assert nobody(office / "locked", "backup", office / "free" / "library")[0] == "storage"


# -- the translation itself


def failing(code: int, name: str) -> sqlite3.OperationalError:
    failure = sqlite3.OperationalError(name)
    failure.sqlite_errorcode = code
    return failure


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (OSError(28, "No space left on device"), StorageError),
        (PermissionError(13, "Permission denied"), StorageError),
        (OSError(5, "Input/output error"), StorageError),
        (failing(sqlite3.SQLITE_FULL, "full"), StorageError),
        (failing(sqlite3.SQLITE_READONLY | 8 << 8, "readonly"), StorageError),
        (failing(sqlite3.SQLITE_IOERR | 3 << 8, "write"), StorageError),
        (failing(sqlite3.SQLITE_BUSY, "locked"), LibraryBusy),
        (failing(sqlite3.SQLITE_CORRUPT, "malformed"), LibraryDamaged),
        (failing(sqlite3.SQLITE_NOTADB, "not a database"), LibraryDamaged),
    ],
)
def test_failures_become_errors_with_a_hint(failure: Exception, expected: type[WenshiError]) -> None:
    with pytest.raises(expected) as caught, storage_errors("某处"):
        raise failure
    assert caught.value.place == "某处"
    assert caught.value.hint
    assert caught.value.__cause__ is failure


@pytest.mark.parametrize(("number", "told"), [(32, "Word"), (33, "被别的程序占用"), (1224, "占用"), (64, "网络磁盘")])
def test_what_windows_says_more_of_is_told(number: int, told: str) -> None:
    failure = PermissionError(13, "x")
    failure.winerror = number  # type: ignore[attr-defined,unused-ignore]
    error = storage_error(failure, "水车.docx", "文件读不出来")
    assert told in error.message
    assert error.place == "水车.docx"


def test_defects_stay_defects() -> None:
    for defect in (failing(sqlite3.SQLITE_CONSTRAINT, "unique"), sqlite3.ProgrammingError("closed"), KeyError("x")):
        with pytest.raises(type(defect)), storage_errors("某处"):
            raise defect

"""One writer at a time; the others wait and are then told who it is."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from archive.model.errors import LibraryBusy, StorageError
from archive.store import Store
from archive.store.lock import FileMutex, WriterLock

HOLD = """
import sys
from pathlib import Path
from archive.store.lock import FileMutex, WriterLock
with WriterLock(FileMutex(Path(sys.argv[1]))).held("命令行收入", "试写", 5):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(root: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until its standard input closes."""
    command = [sys.executable, "-X", "utf8", "-c", HOLD, str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_process_is_told_who_holds_it_and_since_when(tmp_path: Path) -> None:
    lock = WriterLock(FileMutex(tmp_path))
    with another_process(tmp_path) as process:
        with pytest.raises(LibraryBusy) as caught, lock.held("网页", "试写", 0.1):
            pass
        note = json.loads((tmp_path / "writer.json").read_text(encoding="utf-8"))
    assert "命令行收入" in caught.value.message
    assert f"进程 {process.pid}" in (caught.value.hint or "")
    assert note["pid"] == process.pid
    assert note["since"].endswith("Z")


def test_it_waits_until_the_other_is_done(tmp_path: Path) -> None:
    lock = WriterLock(FileMutex(tmp_path))
    with another_process(tmp_path) as process:
        assert process.stdin is not None
        threading.Timer(0.2, process.stdin.close).start()
        with lock.held("网页", "试写", 10):
            assert json.loads((tmp_path / "writer.json").read_text(encoding="utf-8"))["who"] == "网页"


def test_a_killed_holder_blocks_nobody(tmp_path: Path) -> None:
    lock = WriterLock(FileMutex(tmp_path))
    with another_process(tmp_path) as process:
        process.kill()
        process.wait()
        assert (tmp_path / "writer.json").exists()
        with lock.held("网页", "试写", 5):
            assert json.loads((tmp_path / "writer.json").read_text(encoding="utf-8"))["who"] == "网页"
    assert not (tmp_path / "writer.json").exists()


def test_the_same_thread_may_take_it_again(tmp_path: Path) -> None:
    lock = WriterLock(FileMutex(tmp_path))
    with lock.held("外", "试写", 1) as first, lock.held("内", "试写", 1) as second:
        assert (first, second) == (True, False)
        assert json.loads((tmp_path / "writer.json").read_text(encoding="utf-8"))["who"] == "外"
    assert not (tmp_path / "writer.json").exists()


def test_another_thread_has_to_wait(tmp_path: Path) -> None:
    lock = WriterLock(FileMutex(tmp_path))
    caught: list[BaseException] = []

    def try_it() -> None:
        try:
            with lock.held("线程二", "试写", 0.05):
                pass
        except LibraryBusy as busy:
            caught.append(busy)

    with lock.held("线程一", "试写", 1):
        thread = threading.Thread(target=try_it)
        thread.start()
        thread.join()
    assert len(caught) == 1
    assert "线程一" in str(caught[0])
    with lock.held("线程三", "试写", 0.05):
        pass


def test_two_stores_in_one_process_exclude_each_other(store: Store) -> None:
    with Store.open(store.root) as other:
        with (
            store.writing("甲", "试写"),
            pytest.raises(LibraryBusy, match="甲"),
            other.writing("乙", "试写", timeout=0.1),
        ):
            pass
        with other.writing("乙", "试写", timeout=0.1):
            pass


ACCEPT = """
import hashlib, sys
from pathlib import Path
from archive.model.records import Article, Block, Kind
from archive.store import Store
root, me = Path(sys.argv[1]), sys.argv[2]
with Store.open(root) as store:
    for number in range(15):
        file = root.parent / f"{me}-{number}"
        file.write_text(file.name, encoding="utf-8")
        sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
        article = Article(collection="wsz", blocks=(Block.plain(Kind.TITLE, file.name),))
        store.accept(file, file.name, sha256, [(article, [])] * 3, [], [], me)
"""


def test_several_processes_take_turns(store: Store) -> None:
    commands = [[sys.executable, "-X", "utf8", "-c", ACCEPT, str(store.root), name] for name in "甲乙丙"]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE) for command in commands]
    assert [process.communicate(timeout=60)[1] for process in processes] == [b"", b"", b""]
    assert sorted(int(article.id) for article, _ in store.each()) == list(range(1, 3 * 15 * 3 + 1))
    assert store.check("本机") == ()


def test_the_lock_is_let_go_after_a_failure(tmp_path: Path) -> None:
    lock = WriterLock(FileMutex(tmp_path))
    with pytest.raises(ZeroDivisionError), lock.held("甲", "试写", 1):
        raise ZeroDivisionError
    with another_process(tmp_path):
        pass


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": 1}', '{"since": "x", "who": 1}'])
def test_a_note_that_cannot_be_read_does_no_harm(tmp_path: Path, note: str) -> None:
    lock = WriterLock(FileMutex(tmp_path))
    with WriterLock(FileMutex(tmp_path)).held("甲", "试写", 1):
        (tmp_path / "writer.json").write_text(note, encoding="utf-8")
        with pytest.raises(LibraryBusy, match="另一个程序"), lock.held("乙", "试写", 0):
            pass


class _Unreachable(FileMutex):
    """A mutex whose note cannot be taken away, as when the connection to its server is lost."""

    def note(self, text: str) -> None:
        if not text:
            raise StorageError("连不上", place=self.place)


def test_a_note_that_cannot_be_taken_away_holds_up_no_thread(tmp_path: Path) -> None:
    lock = WriterLock(_Unreachable(tmp_path))
    with pytest.raises(StorageError), lock.held("甲", "试写", 1):
        pass
    taken: list[bool] = []

    def other() -> None:
        with suppress(StorageError), lock.held("乙", "试写", 0.2) as first:
            taken.append(first)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert taken == [True]

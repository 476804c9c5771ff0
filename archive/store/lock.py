"""One writer at a time, across processes and threads, and a note with the name of that writer."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from archive.model.errors import LibraryBusy, StorageError
from archive.support import library_folder, sqlite_file
from archive.support.storage_errors import storage_errors

log = logging.getLogger(__name__)

PROGRAM = "程序"
"""Who does what no person asked for: upgrading a library, tidying its index."""

PATIENCE = 10.0  # seconds a writer waits for another one


def written(moment: datetime) -> str:
    """A moment in UTC as records keep it: ISO 8601 to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def now() -> str:
    """The present moment as records keep it."""
    return written(datetime.now(UTC))


class Mutex(Protocol):
    """What one writer at a time can have among all processes, and a note that anybody can read."""

    place: str

    def acquire(self, timeout: float) -> bool:
        """Have it within so many seconds; whether that came about. Raises StorageError."""

    def release(self) -> None:
        """Give it back; harmless for who does not have it."""

    def held(self) -> bool:
        """Whether it is had."""

    def note(self, text: str) -> None:
        """Leave a note, "" for none. Raises StorageError."""

    def noted(self) -> str:
        """The note, "" where there is none. Raises StorageError."""


class FileMutex:
    """An operating-system lock on `writer.lock`, released when its process dies, with `writer.json` beside it.

    `lock` is the name of another one, that nobody leaves a note for.
    """

    def __init__(self, root: Path, lock: str = library_folder.WRITER_LOCK) -> None:
        self.place = str(root)
        self._root = root
        self._note = root / library_folder.WRITER_NOTE
        # thread_local=False: releasing may fall to another thread than acquiring when a store is closed.
        self._file = FileLock(root / lock, thread_local=False)

    def acquire(self, timeout: float) -> bool:
        """See Mutex; a library on a network drive is refused."""
        if refused := sqlite_file.on_a_network_drive(self._root):
            raise refused
        with storage_errors(self._root):
            try:
                self._file.acquire(timeout=timeout, poll_interval=0.02)
            except Timeout:
                return False
        return True

    def release(self) -> None:
        """See Mutex."""
        self._file.release()

    def held(self) -> bool:
        """See Mutex."""
        return bool(self._file.is_locked)

    def note(self, text: str) -> None:
        """See Mutex."""
        if text:
            with storage_errors(self._note):
                self._note.write_text(text, encoding="utf-8")
            return
        try:
            self._note.unlink(missing_ok=True)
        except OSError:  # Windows: somebody is just reading it; the next writer overwrites it
            log.info("the writer's note could not be removed")

    def noted(self) -> str:
        """See Mutex."""
        with storage_errors(self._note):
            return self._note.read_text(encoding="utf-8")


class WriterLock:
    """The writer's lock of one library, re-entrant in the thread that holds it.

    The note names the holder; it is shown in messages and decides nothing, so that one left by a killed process does no
    harm.
    """

    def __init__(self, mutex: Mutex) -> None:
        self._mutex = mutex
        self._threads = threading.RLock()
        self._depth = 0

    @contextmanager
    def held(self, who: str, action: str, timeout: float | None = None) -> Iterator[bool]:
        """Hold the lock over the body; gives whether it was taken now (False: this thread had it already).

        `timeout` is in seconds, PATIENCE unless given. Raises LibraryBusy naming the holder when it runs out,
        StorageError where nothing can be written.
        """
        first = self._acquire(who, action, PATIENCE if timeout is None else timeout)
        try:
            yield first
        finally:
            self._release()

    def _acquire(self, who: str, action: str, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        if not self._threads.acquire(timeout=max(0.0, timeout)):
            raise self._busy()
        if self._depth == 0:
            try:
                if not self._mutex.acquire(max(0.0, deadline - time.monotonic())):
                    raise self._busy()
                self._write_note(who, action)
            except BaseException:
                self._mutex.release()
                self._threads.release()
                raise
        self._depth += 1
        return self._depth == 1

    def _release(self) -> None:
        self._depth -= 1
        if self._depth == 0:
            try:
                self._mutex.note("")
            finally:
                self._mutex.release()
                self._threads.release()
        else:
            self._threads.release()

    def _write_note(self, who: str, action: str) -> None:
        note = {"pid": os.getpid(), "who": who, "action": action, "since": now(), "host": socket.gethostname()}
        self._mutex.note(json.dumps(note, ensure_ascii=False))

    def _busy(self) -> LibraryBusy:
        hint = "等做完再试"
        try:
            note = json.loads(self._mutex.noted())
            since = datetime.fromisoformat(note["since"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
            holder = f"{note['who']}（{note['action']}）自 {since} 起"
            if note["pid"] != os.getpid():  # to end this very program helps nobody
                hint += f"；如果电脑 {note['host']} 上的进程 {note['pid']} 已经没有响应，结束它，锁会自动解开"
        except (StorageError, ValueError, KeyError, TypeError):
            holder = "另一个程序"  # it has the lock but has not finished its note yet
        return LibraryBusy(f"{holder}正在写入这个资料库", hint=hint, place=self._mutex.place)

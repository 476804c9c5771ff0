"""Opening SQLite files, also where nothing can be written: a full disk, a CD, somebody else's folder, a network drive.

A file in WAL mode wants two more files beside it, even to be read. Where those cannot be made, it is opened as one that
nobody changes (`immutable`), and can be read all the same.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from archive.model.errors import StorageError
from archive.support.cancellation import wanted
from archive.support.files import never_ends, why_unwritable
from archive.support.network_drives import network_drive
from archive.support.storage_errors import storage_error

_NO_LOG_BESIDE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}
_BESIDE = ("-wal", "-shm", "-journal")  # of what SQLite lays beside a file
_STEPS = 100_000  # of SQLite's machine between two looks whether the answer is still wanted: some milliseconds
_NETWORK = "资料库在网络磁盘上，那里的数据库同时写会损坏，所以只能看，不能改"
_NETWORK_HINT = "把整个资料库文件夹复制到本机的硬盘上再用；网络磁盘适合放备份"


class Connection(sqlite3.Connection):
    """`unwritable` tells why nothing can be written through it; None where everything can."""

    unwritable: StorageError | None = None
    copy: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        """Close it, and remove the copy it was reading, if it was one."""
        super().close()
        if self.copy is not None:
            self.copy.cleanup()


def on_a_network_drive(folder: Path) -> StorageError | None:
    """Why no database in this folder may be written to, if it is on a disk of another computer; else None."""
    return StorageError(_NETWORK, hint=_NETWORK_HINT, place=str(folder)) if network_drive(folder) else None


def unwritable(folder: Path) -> StorageError | None:
    """Why no database in this folder can be written to now; None where it can."""
    if remote := on_a_network_drive(folder):
        return remote
    failure = why_unwritable(folder)
    return None if failure is None else storage_error(failure, folder)


def connect(file: Path, timeout: float) -> Connection:
    """Open a database in WAL mode, or for reading alone where it cannot be written to. Raises sqlite3.Error.

    A file that is not there is made. Transactions are left to the caller, `timeout` is in seconds, and threads may
    share the connection one after the other. A device or a pipe in place of a file is damage.
    """
    for one in (file, *(file.with_name(f"{file.name}{ending}") for ending in _BESIDE)):
        if never_ends(one):
            damaged = sqlite3.DatabaseError(f"{one.name} is no file")
            damaged.sqlite_errorcode = sqlite3.SQLITE_NOTADB
            raise damaged
    if file.exists() and (remote := on_a_network_drive(file.parent)):
        return _as_it_stands(file, remote)
    try:
        return _with_its_log(file, timeout)
    except sqlite3.OperationalError as failure:
        code = failure.sqlite_errorcode & 0xFF  # extended codes keep the primary code in the low byte
        reason = unwritable(file.parent) if code in _NO_LOG_BESIDE and file.exists() else None
        if reason is None:
            raise
        return _as_it_stands(file, reason)


def _with_its_log(file: Path, timeout: float) -> Connection:
    """Open in WAL mode, which is for writing unless file or folder may only be read."""
    opened = _open(str(file), timeout)
    try:
        opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("SELECT count(*) FROM sqlite_master").fetchone()  # only a look at the file opens its log
        if not all(os.access(one, os.W_OK) for one in (file, file.parent)):  # read with the log that is there
            opened.unwritable = unwritable(file.parent)
    except BaseException:
        opened.close()
        raise
    return opened


def _as_it_stands(file: Path, reason: StorageError) -> Connection:
    """Open for reading. What a program that was killed has left in the log counts too."""
    log = file.with_name(f"{file.name}-wal")
    copy = None
    if log.exists() and log.stat().st_size and not _taken_in(file):
        copy = tempfile.TemporaryDirectory(prefix="wenshi-read-", ignore_cleanup_errors=True)
        for one in (file, log):
            shutil.copyfile(one, Path(copy.name, one.name))
        opened = _with_its_log(Path(copy.name, file.name), 0)
        opened.execute("PRAGMA query_only = ON")
    else:
        opened = _open(_address(file), 0, uri=True)
    opened.unwritable, opened.copy = reason, copy
    return opened


def _taken_in(file: Path) -> bool:
    """Whether the log could be taken into the file, which needs no new files as long as nobody else has it open."""
    with suppress(sqlite3.Error), closing(_open(str(file), 0)) as alone:
        alone.execute("PRAGMA locking_mode = EXCLUSIVE")
        busy, *_ = alone.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    return False


def _open(name: str, timeout: float, *, uri: bool = False) -> Connection:
    opened = sqlite3.connect(
        name, timeout=timeout, isolation_level=None, check_same_thread=False, uri=uri, factory=Connection
    )
    # What nobody waits for any more ends with SQLITE_INTERRUPT; storage_errors makes that Cancelled.
    opened.set_progress_handler(lambda: not wanted(), _STEPS)
    return opened


def _address(file: Path) -> str:
    path = file.absolute().as_posix()
    return f"file://{'' if path.startswith('/') else '/'}{quote(path)}?immutable=1"

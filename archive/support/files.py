"""Files: written so that they are either whole or not there, hashed, protected, removed."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from archive.model.errors import StorageError
from archive.support.long_paths import reachable
from archive.support.storage_errors import storage_error

T = TypeVar("T")

_NAME_HINT = "请给出一个普通文件的完整名称。"


@contextmanager
def replacing(file: Path, hint: str = "") -> Iterator[Path]:
    """Give a temporary file beside `file`; when the block ends well it takes `file`'s place, else nothing is left.

    A link is written through: what it points to is replaced, the link stays. A folder, a device, a pipe or a socket is
    refused and left as it is. An existing file keeps its permissions. Raises StorageError, also for a full disk, a
    missing permission or folder, a file in use; `hint` is what it recommends instead of the usual.
    """
    target = _plain(reachable(file))
    # Not tempfile: it makes files only their owner can read, and the finished file is an ordinary one.
    temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        temporary.open("xb").close()
        try:
            yield temporary
            with temporary.open("rb+") as written:
                os.fsync(written.fileno())
            if target.exists():
                shutil.copymode(target, temporary)
            move(temporary, target)
            sync_folder(target.parent)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as failure:
        raise storage_error(failure, file, _UNWRITTEN, hint) from failure


_UNWRITTEN = "文件没有写成"


def _plain(file: Path) -> Path:
    """The file that is written when `file` is; raises StorageError where that is no ordinary file, or may not be."""
    try:
        target = Path(os.path.realpath(file, strict=file.exists())) if file.is_symlink() else file
        if target.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if not target.exists():
            if not target.parent.is_dir():
                raise StorageError("目标文件夹不存在，文件没有写成", place=str(file), hint="请先建立这个文件夹。")
            return target
        if target.is_dir():
            raise StorageError("这是一个文件夹，不能当作文件写入", place=str(file), hint=_NAME_HINT)
        if not target.is_file():
            raise StorageError("这是设备或管道，不是文件，不能写入", place=str(file), hint=_NAME_HINT)
        if not os.access(target, os.W_OK):  # else it would be replaced all the same, except on Windows
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as failure:
        raise storage_error(failure, file, _UNWRITTEN) from failure
    return target


_SHARED = frozenset({32, 33})
"""Windows' numbers for a file that somebody else has open or has locked a part of, so that it cannot even be read."""
_HELD = _SHARED | {5, 1224}
"""The same for what somebody, an antivirus mostly, has open for a moment, when it is to be written or moved: access
denied, mapped into memory.
"""
_PATIENCE = 5.0  # seconds


def patiently(work: Callable[[], T], held: frozenset[int] = _HELD) -> T:
    """Do something with a file, again for some seconds while Windows says that somebody else has it open. OSError.

    `held` are the numbers that say so.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return work()
        except OSError as failure:
            if getattr(failure, "winerror", 0) not in held or time.monotonic() > until:
                raise
            time.sleep(0.05)


def move(file: Path, target: Path) -> None:
    """Put a file in the place of another in one step, see `patiently`. Raises OSError."""
    patiently(lambda: file.replace(target))


def read_patiently(file: Path, most: int = -1) -> bytes:
    """The content of a file, or its first `most` bytes, see `patiently`. Raises OSError.

    A permission, which nobody is going to grant meanwhile, is not waited for.
    """

    def read() -> bytes:
        try:
            with file.open("rb") as stream:
                return stream.read(most)
        except PermissionError as failure:
            _tell_why(failure, file)
            raise

    return patiently(read, _SHARED)


def _tell_why(failure: PermissionError, file: Path) -> None:
    """Adds Windows' own number, which Python's opening of files leaves out: whether it is held or not allowed."""
    if sys.platform == "win32":
        import _winapi

        all_share, existing = 7, 3
        try:
            opened = _winapi.CreateFile(str(file), _winapi.GENERIC_READ, all_share, 0, existing, 0, 0)
        except OSError as told:
            failure.winerror = told.winerror
        else:
            _winapi.CloseHandle(opened)


def make_private(root: Path) -> None:
    """Let only the owner into a folder and at what lies in it directly; Windows and FAT have no such thing."""
    if os.name == "nt":
        return
    with suppress(PermissionError):
        for entry in (root, *root.iterdir()):
            if not entry.is_symlink():
                entry.chmod(0o700 if entry.is_dir() else 0o600)


def write_whole(file: Path, content: str | bytes, hint: str = "") -> None:
    """Write a file in one step (see `replacing`); text as UTF-8, its line ends as they are."""
    with replacing(file, hint) as temporary:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def sha256_of(file: Path) -> str:
    """SHA-256 of a file's content, 64 lower-case hexadecimal digits. Raises OSError."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def protect(file: Path) -> None:
    """Make a file read-only against accidents; file systems without such a thing (FAT) may refuse."""
    with suppress(PermissionError):
        file.chmod(0o444)


def remove(file: Path) -> None:
    """Delete a file if it is there, read-only or not (Windows refuses to delete a read-only file). Raises OSError."""
    if file.exists():
        if os.name == "nt":
            file.chmod(0o644)
        patiently(file.unlink)


_PROBE = 1 << 16  # bytes; more than what a full disk may still have room for in a block or two


def why_unwritable(folder: Path) -> OSError | None:
    """What the system says when a small file is written into a folder; None when that works. Nothing is left of it."""
    probe = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        try:
            with probe.open("xb") as stream:
                stream.write(bytes(_PROBE))
                stream.flush()
                os.fsync(stream.fileno())
        finally:
            probe.unlink(missing_ok=True)
    except OSError as failure:
        return failure
    return None


def sync_file(file: Path) -> None:
    """Force a file's content to disk. Raises OSError."""
    with file.open("rb+") as stream:  # Windows syncs only what may be written to
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to disk, so that a file moved into it survives a power cut. Raises OSError.

    Windows can neither open nor needs to sync a folder; some network and FUSE file systems cannot sync one.
    """
    if os.name == "nt":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:  # a folder one may write to and not read
        return
    try:
        os.fsync(handle)
    except OSError as failure:
        if failure.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(handle)


def never_ends(path: Path) -> bool:
    """Whether a device, a pipe or a socket stands there, by one look: files of others come and go meanwhile."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)

"""The one place where failures of disk and database become errors a person can act on."""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from archive.model.errors import LibraryBusy, LibraryDamaged, StorageError, WenshiError

log = logging.getLogger(__name__)

_FULL = "磁盘空间不足（或超过了允许的文件大小），这一步没有完成"
_FULL_HINT = "腾出磁盘空间后重做这一步；资料库里原有的内容没有改动"
_DENIED = "没有读写权限"
_DENIED_HINT = "请给当前用户这个文件夹的读写权限，或把资料库复制到可以写入的地方"
_DAMAGED_HINT = "先另存整个资料库文件夹，再运行 wenshi check 看损坏在何处；可用 wenshi restore 从备份恢复"

_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC})
_DENIED_ERRNOS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextmanager
def translated(place: Path | str) -> Iterator[None]:
    """Run the body; an OSError or a database failure in it is raised as a WenshiError that names `place`.

    So is a text with half of a surrogate pair, which is no character and can be written nowhere.
    Failures that only a defect in the program can cause (a broken constraint, wrong SQL) pass through unchanged.
    """
    try:
        yield
    except (OSError, sqlite3.Error, DBAPIError, UnicodeEncodeError) as failure:
        found = _translate(failure, str(place))
        if found is None:
            raise
        log.warning("%s: %s", found.code, failure.__class__.__name__)
        raise found from failure


def _translate(failure: Exception, place: str) -> WenshiError | None:
    cause = failure.orig if isinstance(failure, DBAPIError) else failure
    if isinstance(cause, OSError):
        return _from_system(cause, place)
    if isinstance(cause, sqlite3.Error):
        return _from_sqlite(cause, place)
    if isinstance(cause, UnicodeEncodeError):
        broken = ord(cause.object[cause.start])
        hint = "用文字编辑软件打开原文件，删去或改正这个乱码字符后再收入"
        return StorageError(f"文字里有不成字符的半个代理码 U+{broken:04X}，不能保存", hint=hint, place=place)
    return None


def _from_system(failure: OSError, place: str) -> WenshiError:
    where = str(failure.filename) if failure.filename else place
    if failure.errno in _FULL_ERRNOS:
        return StorageError(_FULL, hint=_FULL_HINT, place=where)
    if failure.errno in _DENIED_ERRNOS:
        return StorageError(_DENIED, hint=_DENIED_HINT, place=where)
    if failure.errno in {errno.ENOTDIR, errno.EISDIR, errno.EEXIST}:
        return StorageError("这里该是文件夹的是文件，或该是文件的是文件夹", hint="换一个路径再试", place=where)
    if failure.errno == errno.ENOENT:
        return StorageError("文件或文件夹不存在", hint="看看它是否被移动、改名或删除了", place=where)
    reason = failure.strerror or failure.__class__.__name__
    return StorageError(f"读写失败：{reason}", hint="检查磁盘和文件夹后重试", place=where)


def _from_sqlite(failure: sqlite3.Error, place: str) -> WenshiError | None:
    code = getattr(failure, "sqlite_errorcode", None)
    if code is None:  # raised by Python's module, not by SQLite: spoilt text, or else a defect of ours
        spoilt = str(failure).startswith("Could not decode to UTF-8")
        return LibraryDamaged("数据库里的文字已损坏", hint=_DAMAGED_HINT, place=place) if spoilt else None
    primary = code & 0xFF  # extended codes keep the primary code in the low byte
    if primary == sqlite3.SQLITE_FULL:
        return StorageError(_FULL, hint=_FULL_HINT, place=place)
    if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return StorageError(f"数据库不能打开或不能写入：{_DENIED}", hint=_DENIED_HINT, place=place)
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return LibraryBusy("另一个程序正在写入数据库", hint="等它做完再试", place=place)
    if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return LibraryDamaged("数据库文件已损坏", hint=_DAMAGED_HINT, place=place)
    if primary == sqlite3.SQLITE_IOERR:
        hint = "检查磁盘是否已满、是否脱开，再重试；原有的内容没有改动"
        return StorageError("读写数据库时磁盘出错", hint=hint, place=place)
    return None

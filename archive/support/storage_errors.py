"""The one place where failures of disk, network and database become errors a person can act on."""

from __future__ import annotations

import errno
import logging
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.model.errors import LibraryBusy, LibraryDamaged, NotFound, StorageError, WenshiError
from archive.support.cancellation import Cancelled
from archive.support.long_paths import plain

log = logging.getLogger(__name__)

_FULL = "磁盘空间不足（或超过了允许的文件大小）"
_FULL_HINT = "腾出磁盘空间后重做这一步；原有的内容没有改动"
_DENIED = "没有读写权限，或文件正被别的程序占用"
_DENIED_HINT = "关闭正打开着它的程序；仍不行，请给当前用户这个文件夹的读写权限，或换一个可以写入的位置"
_DAMAGED_HINT = "先另存整个资料库文件夹，再运行 wenshi check 看损坏在何处；可用 wenshi restore 从备份恢复"

_OFF = "与网络磁盘的连接断开了", "检查网络，或先把文件复制到本机磁盘上"

# Names of errno, since no system knows all of them; why it failed; what to do.
_REASONS = (
    (("ENOSPC", "EFBIG", "EDQUOT"), _FULL, _FULL_HINT),
    (("EACCES", "EPERM"), _DENIED, _DENIED_HINT),
    (("EROFS",), "磁盘是只读的，不能写入", "换一个可以写入的位置，或先复制到硬盘上"),
    (("ENOENT",), "文件或文件夹不存在", "看看它是否被移动、改名或删除了；要写入的文件夹请先建立"),
    (("ENOTDIR", "EISDIR", "EEXIST", "ENOTEMPTY"), "该是文件夹的是文件，或该是文件的是文件夹", "换一个路径再试"),
    (("ENAMETOOLONG",), "文件名或路径太长", "改一个短的名字，或换一个浅一些的文件夹"),
    (("EINVAL", "EILSEQ"), "文件名或路径里有系统不接受的字符", "改一个名字再试"),
    (("ELOOP",), "链接指来指去，没有指到一个文件", "改用文件本来的路径"),
    (("EMFILE", "ENFILE"), "同时打开的文件太多", "关掉一些程序再试"),
    (("EBUSY", "ETXTBSY"), "文件正被别的程序占用", "关闭正打开着它的程序再试"),
    (("EIO", "ENXIO", "ENODEV"), "磁盘读写出错", "检查磁盘是否脱开或损坏，再重试"),
    (
        ("ESTALE", "ETIMEDOUT", "ENETDOWN", "ENETUNREACH", "EHOSTDOWN", "EHOSTUNREACH", "ECONNRESET", "ENOTCONN"),
        *_OFF,
    ),
    (("EADDRNOTAVAIL", "EAFNOSUPPORT"), "这台电脑没有这个网络地址", "改用 127.0.0.1"),
)
_HELD = "文件正被别的程序占用（多半是 Word、WPS 或杀毒软件）", "关闭正打开着它的程序再试"
# Windows' own numbers, where those of errno say less.
_BY_WINERROR = {32: _HELD, 33: _HELD, 1224: _HELD, 53: _OFF, 59: _OFF, 64: _OFF, 67: _OFF, 121: _OFF, 1231: _OFF}
_BY_ERRNO = {
    getattr(errno, name): (reason, hint) for names, reason, hint in _REASONS for name in names if hasattr(errno, name)
}


def reason(failure: OSError) -> str:
    """Why it failed, in Chinese, without a full stop; in the system's words where the table has no row for it."""
    return _row(failure)[0]


def storage_error(failure: OSError, place: Path | str, what: str = "", hint: str = "") -> StorageError:
    """The error for `failure` at `place`. `what` says what could not be done: 分篇表打不开.

    `hint` takes the place of what the table recommends.
    """
    why, usual = _row(failure)
    return StorageError(f"{what}：{why}" if what else why, hint=hint or usual, place=plain(str(place)))


@contextmanager
def storage_errors(place: Path | str, what: str = "", hint: str = "") -> Iterator[None]:
    """Run the body; an OSError or a database failure in it is raised as a WenshiError that names the place.

    Raises Cancelled for what was interrupted since nobody waits for it. The place is the file the system names, else
    `place`. `what` and `hint` as for `storage_error`. A text with half of a
    surrogate pair, which is no character and can be written nowhere, is reported too. Failures that only a defect in
    the program can cause (a broken constraint, wrong SQL) pass through unchanged.
    """
    try:
        yield
    except _failures() as failure:
        if interrupted(failure):
            raise Cancelled from failure
        found = _error_for(failure, str(place), what, hint)
        if found is None:
            raise
        log.info("%s: %s", found.code, failure.__class__.__name__)
        raise found from failure


def interrupted(failure: BaseException) -> bool:
    """Whether SQLite gave up what nobody waited for any more."""
    cause = getattr(failure, "orig", failure)
    return isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT


def takes_nothing(failure: BaseException) -> bool:
    """Whether it failed because the disk is full or must not be written to."""
    if isinstance(failure, OSError):
        return failure.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
    code = getattr(failure, "sqlite_errorcode", 0) & 0xFF  # extended codes keep the primary code in the low byte
    return isinstance(failure, sqlite3.Error) and code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY}


def _row(failure: OSError) -> tuple[str, str]:
    unlisted = f"读写失败（{failure.strerror or failure.__class__.__name__}）", "检查磁盘和文件夹后重试"
    known = _BY_WINERROR.get(getattr(failure, "winerror", None) or 0)
    return known or _BY_ERRNO.get(failure.errno or 0, unlisted)


def _error_for(failure: Exception, place: str, what: str, hint: str) -> WenshiError | None:
    cause = getattr(failure, "orig", failure)
    if isinstance(cause, OSError):
        return storage_error(cause, str(cause.filename or place), what, hint)
    if isinstance(cause, sqlite3.Error):
        return _from_sqlite(cause, place)
    if type(cause).__module__.startswith("pg8000"):
        return _from_postgresql(cause, place)
    if type(cause).__module__.startswith("botocore"):
        return _from_s3(cause, place)
    if isinstance(cause, OverflowError) and "SQLite" in str(cause):  # it has no whole number of more than 63 bits
        return NotFound("没有编号或版本号这样大的", hint="核对这个数", place=place)
    if isinstance(cause, UnicodeEncodeError):
        broken = ord(cause.object[cause.start])
        advice = "用文字编辑软件打开原文件，删去或改正这个乱码字符后再收入"
        return StorageError(f"文字里有不成字符的半个代理码 U+{broken:04X}，不能保存", hint=advice, place=place)
    return None


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


_AGAIN = "等它恢复，再做一次这一步；做到一半的没有存，原有的内容没有改动"
_AWAY = StorageError, "连不上数据库（PostgreSQL），或它正在重启", _AGAIN
# The first characters of an SQLSTATE; what it means.
_BY_STATE: tuple[tuple[str, tuple[type[WenshiError], str, str]], ...] = (
    ("53100", (StorageError, f"数据库服务器上{_FULL}", _FULL_HINT)),
    (
        "53",
        (StorageError, "数据库（PostgreSQL）忙不过来：连接或内存不够", "少开几个文史，或调大 max_connections"),
    ),
    ("55P03", (LibraryBusy, "另一个程序正在写入数据库", "等它做完再试")),
    ("57P", _AWAY),
    ("08", _AWAY),
    ("28", (StorageError, "数据库（PostgreSQL）不认这个用户或密码", "检查 [postgresql] 的 credentials 指的文件")),
    ("3D000", (StorageError, "数据库服务器上没有这个数据库", "检查 [postgresql] 的 address")),
    ("42501", (StorageError, f"数据库不能读写：{_DENIED}", "给这个用户读写这个数据库的权限")),
    ("25006", (StorageError, "数据库只能读，不能写", "看看它是不是备用的一台")),
    ("22003", (NotFound, "没有编号或版本号这样大的", "核对这个数")),
    ("22021", (StorageError, "文字里有不能保存的字符（编码为零）", "用文字编辑软件打开原文件，删去这个字符后再收入")),
    ("XX001", (LibraryDamaged, "数据库文件已损坏", "请管理数据库的人查看；可用 wenshi restore 从备份恢复")),
    ("XX002", (LibraryDamaged, "数据库文件已损坏", "请管理数据库的人查看；可用 wenshi restore 从备份恢复")),
)


def _from_postgresql(failure: BaseException, place: str) -> WenshiError | None:
    """By what the server said; a driver that says nothing of the kind has lost it."""
    told = failure.args[0] if failure.args else ""
    if not isinstance(told, dict):
        lost = type(failure).__name__ == "InterfaceError"
        return StorageError(_AWAY[1], hint=_AGAIN, place=place) if lost else None
    state = str(told.get("C", ""))
    for start, (kind, message, hint) in _BY_STATE:
        if state.startswith(start):
            return kind(message, hint=hint, place=place)
    return None


_S3_UNTOUCHED = "原有的内容没有改动；浏览和检索照常，要原件和图片的等它恢复"
# What a store of objects calls its refusal; what it means.
_BY_CODE = (
    (
        {"AccessDenied", "403", "InvalidAccessKeyId", "SignatureDoesNotMatch", "401"},
        "存放原件和图片的地方（S3）不认这个用户或密码，或不许这样做",
        f"检查 [s3] 的 credentials 指的文件，以及这个用户的权限。{_S3_UNTOUCHED}",
    ),
    (
        {"NoSuchBucket", "PermanentRedirect"},
        "存放原件和图片的地方（S3）没有这个桶",
        f"检查 [s3] 的 place 和 endpoint。{_S3_UNTOUCHED}",
    ),
    ({"NoSuchKey", "404"}, "这个文件不在存放原件的地方（S3）", "从备份里取回它"),
    ({"QuotaExceeded", "XMinioStorageFull", "EntityTooLarge"}, f"存放原件和图片的地方（S3）{_FULL}", _FULL_HINT),
)


def _from_s3(failure: BaseException, place: str) -> StorageError | None:
    """By the code of the answer; without an answer it was not reached."""
    answer = getattr(failure, "response", None)
    if answer is None:
        if type(failure).__name__ == "ParamValidationError":
            return None
        hint = f"看看它的电脑、网络和证书；[s3] 的 endpoint 要写对。{_S3_UNTOUCHED}"
        return StorageError("连不上存放原件和图片的地方（S3），或它没有按时回答", hint=hint, place=place)
    code = str(answer.get("Error", {}).get("Code", ""))
    for codes, message, hint in _BY_CODE:
        if code in codes:
            return StorageError(message, hint=hint, place=place)
    hint = f"请管理它的人查看。{_S3_UNTOUCHED}"
    return StorageError(f"存放原件和图片的地方（S3）没有照办：{code[:60]}", hint=hint, place=place)


def _failures() -> tuple[type[Exception], ...]:
    """What is looked at; of libraries only where they are loaded, since who reads files has no use for them."""
    named = (
        ("sqlalchemy.exc", "DBAPIError"),
        ("pg8000.exceptions", "Error"),
        ("botocore.exceptions", "BotoCoreError"),
        ("botocore.exceptions", "ClientError"),
    )
    loaded = (getattr(sys.modules[module], name) for module, name in named if module in sys.modules)
    return (OSError, sqlite3.Error, OverflowError, UnicodeEncodeError, *loaded)

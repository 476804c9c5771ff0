"""A whole library in one zip file, and back. The index stays out: it can be rebuilt."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from archive.model.errors import LibraryExists, ReadError
from archive.model.holdings import AuditHead, Problem
from archive.store import audit, seals
from archive.store.database import Database
from archive.store.folder import USUAL, moved_files, moved_settings, moved_store, read_settings
from archive.store.lock import now
from archive.store.neutral_tables import CONTENTS, SUFFIX, fill, read_contents, write_tables
from archive.store.originals import Vault
from archive.store.sealing import SealingStream, is_sealed, opened
from archive.store.sqlite_database import STATEMENTS_OF_ITS_OWN, SqliteDatabase
from archive.store.upgrade import bring_up_to_date
from archive.support import library_folder
from archive.support.files import protect, remove, replacing, sync_folder, write_whole
from archive.support.storage_errors import storage_errors

log = logging.getLogger(__name__)

FORMAT = 1
MANIFEST = "manifest.json"
UNFINISHED_BACKUP = ".wenshi-backup-"
"""How the folder begins that a backup is put together in, beside its file."""

_CHUNK = 1 << 20
_MANIFEST_LIMIT = 1 << 28  # bytes; a million files need about half of it
_VAULT_MEMBER = re.compile(
    rf"({library_folder.ORIGINALS}|{library_folder.PICTURES})/([0-9a-f]{{2}})/(\2[0-9a-f]{{62}})"
)
# An office's own house styles with their reference documents, its fonts and procedures; names every system can write.
_OWN_MEMBER = re.compile(
    r"procedures/[^/\\:*?\"<>|\x00-\x1f]{1,200}\.toml|styles/[^/\\:*?\"<>|\x00-\x1f]{1,200}\.(toml|docx)|"
    r"fonts/[^/\\:*?\"<>|\x00-\x1f]{1,200}\.(ttf|otf|ttc|otc)",
    re.I,
)
_TABLE_MEMBER = re.compile(rf"{library_folder.TABLES}/({re.escape(CONTENTS)}|[a-z_]{{1,60}}{re.escape(SUFFIX)})")
# In the order they are unpacked: a folder counts as a library once library.toml is there.
_SINGLE = (*library_folder.OFFICE_FILES, library_folder.DATABASE, library_folder.SETTINGS)


def write_backup(
    root: Path, database: Database, vaults: Sequence[Vault], file: Path, password: str = "", *, neutral: bool = False
) -> tuple[Problem, ...]:
    """Write the library at `root` to `file`, replacing it in one step, locked with a password. See `Store.backup`.

    The database is copied first, or where it is to be `neutral` written as its tables. Files are only ever added, and
    before the database refers to them, so all that the copy refers to is there, whatever others do meanwhile.
    """
    with (
        storage_errors(file),
        replacing(file) as part,
        tempfile.TemporaryDirectory(dir=None if password else part.parent, prefix=UNFINISHED_BACKUP) as folder,
    ):
        with _still(database, Path(folder), neutral) as (copied, execute):
            files = (
                [(name, root / name) for name in _SINGLE if name != library_folder.DATABASE] + copied + own_files(root)
            )
            members = [_plain(name, file) for name, file in files]
            members += [member for vault in vaults for member in _listed(execute, vault)]
            head, altered = audit.head(execute), _altered(execute)
        with part.open("wb") as stream:
            if password:
                with closing(SealingStream(stream, password)) as sealing:
                    problems = _write_zip(sealing, members, head)
            else:
                problems = _write_zip(stream, members, head)
    log.info("backup of %d files written", len(members) - len(problems))
    return (*problems, *altered)


@contextmanager
def _still(
    database: Database, folder: Path, neutral: bool
) -> Iterator[tuple[list[tuple[str, Path]], Callable[[str], Iterable[Any]]]]:
    """A database as it stands at one moment: its (name in the zip, file), and what runs statements on it."""
    if neutral or not database.one_file:
        tables = folder / library_folder.TABLES
        with database.reading() as connection:
            write_tables(database, connection, tables)
            files = sorted(tables.iterdir())
            yield [(f"{library_folder.TABLES}/{file.name}", file) for file in files], connection.exec_driver_sql
    else:
        copy = folder / library_folder.DATABASE
        database.copy(copy)
        with closing(sqlite3.connect(copy)) as opened:
            yield [(library_folder.DATABASE, copy)], opened.execute


def _altered(execute: Callable[[str], Iterable[Any]]) -> tuple[Problem, ...]:
    """The descriptions in a database that do not fit their checksums."""
    hint = "运行 wenshi check，对照较早的备份改正"
    message = "著录在本程序以外被改过，已按现状备份"
    return tuple(Problem("description", message, place, hint) for place in seals.altered(execute))


def own_files(root: Path) -> list[tuple[str, Path]]:
    """(name in the zip, file) of the office's own house styles, fonts and procedures."""
    folders = (root / library_folder.FONTS, root / library_folder.STYLES, root / library_folder.PROCEDURES)
    found = [file for folder in folders for file in sorted(folder.glob("*")) if file.is_file()]
    named = [(file.relative_to(root).as_posix(), file) for file in found]
    return [(name, file) for name, file in named if _OWN_MEMBER.fullmatch(name)]


@dataclass(frozen=True, slots=True)
class _Member:
    """What goes into a backup: its name there, where it lies, whether it is there, and the file while it is packed."""

    name: str
    place: str
    exists: Callable[[], bool]
    lent: Callable[[], AbstractContextManager[Path]]


def _plain(name: str, file: Path) -> _Member:
    return _Member(name, str(file), file.exists, lambda: nullcontext(file))


def _listed(execute: Callable[[str], Iterable[Any]], vault: Vault) -> list[_Member]:
    """A vault's files in a database."""
    names = [row[0] for row in execute(f"SELECT sha256 FROM {vault.name} WHERE size > 0 ORDER BY sha256")]
    return [
        _Member(
            f"{vault.name}/{name[:2]}/{name}", vault.place(name), partial(vault.holds, name), partial(vault.lent, name)
        )
        for name in names
    ]


def _write_zip(stream: Any, members: list[_Member], head: AuditHead) -> tuple[Problem, ...]:
    digests: dict[str, dict[str, str | int]] = {}
    problems: list[Problem] = []
    hint = "运行 wenshi check，从较早的备份里取回这个文件"
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            name = member.name
            if not member.exists():
                if name not in library_folder.OFFICE_FILES:
                    problems.append(Problem("missing", "文件不见了，备份里没有它", member.place, hint))
                continue
            with member.lent() as file:
                digests[name] = _pack(archive, name, file)
            if _VAULT_MEMBER.fullmatch(name) and digests[name]["sha256"] != name.rsplit("/", 1)[1]:
                problems.append(Problem("damaged", "文件内容变了，与校验码不符，已按现状备份", member.place, hint))
        manifest = {"format": FORMAT, "made": now(), "audit": asdict(head), "files": digests}
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return tuple(problems)


def _pack(archive: zipfile.ZipFile, name: str, file: Path) -> dict[str, str | int]:
    digest, size = hashlib.sha256(), 0
    entry = zipfile.ZipInfo.from_file(file, name, strict_timestamps=False)
    # Word files and pictures are compressed already; trying again only costs time.
    entry.compress_type = zipfile.ZIP_STORED if _VAULT_MEMBER.fullmatch(name) else zipfile.ZIP_DEFLATED
    with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return {"sha256": digest.hexdigest(), "size": size}


@contextmanager
def extract(file: Path, root: Path, password: str = "") -> Iterator[None]:
    """Unpack a backup's files into `root`, then run the body; when either fails, all of it is removed again.

    Raises as `emptied` does, and ReadError when `file` is no backup or is damaged.
    """
    with emptied(root):
        with storage_errors(root):
            _unpack(file, root, password)
        yield


@contextmanager
def emptied(root: Path) -> Iterator[None]:
    """Let the body fill an empty folder; when it fails, all that it made is removed again.

    What a restore that was killed left there is removed first. Raises LibraryExists when there is anything else in
    `root`.
    """
    with storage_errors(root):
        _clear_unfinished(root)
        before = {entry.name for entry in root.iterdir()} if root.exists() else None
    if before is not None and before - library_folder.SYSTEM:
        raise LibraryExists("这个文件夹不是空的，不能恢复到里面", hint="另选一个不存在或空的文件夹", place=str(root))
    try:
        yield
    except BaseException:
        _clear(root, before)
        raise


def _clear_unfinished(root: Path) -> None:
    """Remove what a killed restore unpacked: a folder with its mark, which goes before the folder is a library."""
    if not (root / library_folder.RESTORING).exists() or (root / library_folder.SETTINGS).exists():
        return
    if stranger := library_folder.foreign(root):
        raise LibraryExists(f"这个文件夹里还有“{stranger}”，不能恢复到里面", hint="另选一个空的文件夹", place=str(root))
    _clear(root, {entry.name for entry in root.iterdir() if entry.name in library_folder.SYSTEM})


def audit_head(file: Path, password: str = "") -> AuditHead | None:
    """The end of the audit log when a backup was made; None in one of an older version. Raises ReadError."""
    with _reading(file, password) as archive:
        _manifest(archive, file)
        noted = json.loads(archive.read(MANIFEST)).get("audit")
        try:
            return AuditHead(int(noted["entries"]), str(noted["digest"])) if noted else None
        except (TypeError, ValueError, KeyError) as failure:
            raise _damaged(file, "清单读不懂") from failure


def check_backup(file: Path, password: str = "") -> None:
    """Read a backup again, every file of it. Raises ReadError where it is damaged, StorageError."""
    with storage_errors(file), _reading(file, password) as archive:
        for name, (sha256, size) in _manifest(archive, file).items():
            with archive.open(name) as source:
                _copied(source, None, sha256, size, name, file)


@contextmanager
def _reading(file: Path, password: str) -> Iterator[zipfile.ZipFile]:
    """The zip file of a backup. Raises ReadError for what goes wrong with it meanwhile, StorageError."""
    with storage_errors(file):
        locked = is_sealed(file)
        stream = opened(file, password) if locked else file.open("rb")
    with stream as content:
        try:
            with zipfile.ZipFile(content) as archive:
                yield archive
        except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError, UnicodeError) as failure:
            raise _damaged(file, "压缩包读不出来") from failure
        except OSError as failure:
            # A damaged directory of contents sends zipfile to impossible places in the file.
            if failure.errno in {None, errno.EINVAL}:
                raise _damaged(file, "压缩包读不出来") from failure
            raise


def _unpack(file: Path, root: Path, password: str) -> None:
    with _reading(file, password) as archive:
        files = _manifest(archive, file)
        root.mkdir(parents=True, exist_ok=True)
        mark = root / library_folder.RESTORING
        mark.touch()
        # library.toml comes last: until it is there, the folder does not pass for a library.
        for name in sorted(files, key=lambda name: _SINGLE.index(name) if name in _SINGLE else -1):
            if name == library_folder.SETTINGS:
                lay_down(root)
                _require_plain(root / library_folder.DATABASE, file)
            _unpack_member(archive, name, root, file, *files[name])
        found = read_settings(root)
        if (found.store, found.files) != (USUAL.store, USUAL.files):  # a cluster's comes home into a folder
            tables = moved_store("", {})[1] | moved_files("", {})[1]
            names = {"store": USUAL.store, "engine": USUAL.engine, "files": USUAL.files}
            write_whole(root / library_folder.SETTINGS, moved_settings(root, names, tables))
        mark.unlink()
    sync_folder(root)


def lay_down(root: Path) -> None:
    """Make the database of the tables that were unpacked, if there are any; they are gone then."""
    folder = root / library_folder.TABLES
    contents = read_contents(folder)
    if contents is not None:
        with closing(SqliteDatabase(root / library_folder.DATABASE)) as database:
            bring_up_to_date(database, root / library_folder.BACKUPS, contents.revision)
            fill(database, folder, contents)
        shutil.rmtree(folder)


def _manifest(archive: zipfile.ZipFile, file: Path) -> dict[str, tuple[str, int]]:
    """SHA-256 and size in bytes of each member; only names this program writes are let through."""
    names = archive.namelist()
    if MANIFEST not in names or archive.getinfo(MANIFEST).file_size > _MANIFEST_LIMIT:
        raise ReadError("这不是文史的备份文件", hint="请选用 wenshi backup 做出的 .zip 文件", place=str(file))
    try:
        manifest = json.loads(archive.read(MANIFEST))
        version, listed = manifest["format"], manifest["files"]
        files = {str(name): (str(entry["sha256"]), int(entry["size"])) for name, entry in listed.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as failure:
        raise _damaged(file, "清单读不懂") from failure
    if version != FORMAT:
        hint = "请安装新版文史后再恢复"
        raise ReadError(f"这个备份是用更新版本的文史做的（格式 {version}）", hint=hint, place=str(file))
    holds = {library_folder.DATABASE, f"{library_folder.TABLES}/{CONTENTS}"} & set(files)
    if sorted(names) != sorted([*files, MANIFEST]) or len(holds) != 1 or library_folder.SETTINGS not in files:
        raise _damaged(file, "内容与清单不符")
    if strange := [name for name in files if not ours(name)]:
        raise _damaged(file, f"里面有不属于资料库的文件“{strange[0][:80]}”")
    return files


def _unpack_member(archive: zipfile.ZipFile, name: str, root: Path, file: Path, sha256: str, size: int) -> None:
    target = root / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as source, target.open("xb") as out:
        _copied(source, out, sha256, size, name, file)
        out.flush()
        os.fsync(out.fileno())
    if _VAULT_MEMBER.fullmatch(name):
        protect(target)


def _copied(source: IO[bytes], out: IO[bytes] | None, sha256: str, size: int, name: str, file: Path) -> None:
    """Copies a member, or only reads it. Raises ReadError where it is not what the list says."""
    digest, left = hashlib.sha256(), size
    # One byte more than promised is asked for, so that a member that is too long shows without being unpacked.
    while chunk := source.read(min(_CHUNK, left + 1)):
        left -= len(chunk)
        if left < 0:
            break
        digest.update(chunk)
        if out is not None:
            out.write(chunk)
    if left != 0 or digest.hexdigest() != sha256:
        raise _damaged(file, f"其中的“{name}”与清单的校验码不符")


def _require_plain(database: Path, file: Path) -> None:
    """Raises ReadError where a database brings statements of its own, which would run when it is read or written."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            found = connection.execute(STATEMENTS_OF_ITS_OWN).fetchone()
    except sqlite3.Error as failure:
        raise _damaged(file, "数据库读不出来") from failure
    if found is not None:
        raise _damaged(file, f"数据库里带有不属于文史的程序“{found[0]}”")


def ours(name: str) -> bool:
    """Whether a backup may hold a file of this name."""
    return name in _SINGLE or any(one.fullmatch(name) for one in (_VAULT_MEMBER, _OWN_MEMBER, _TABLE_MEMBER))


def _damaged(file: Path, what: str) -> ReadError:
    return ReadError(f"备份文件已损坏或被改动：{what}", hint="换用另一个备份；没有恢复任何内容", place=str(file))


def _clear(root: Path, before: set[str] | None) -> None:
    """Remove what `extract` and its body made; `before` is what was in `root` then, None if it was not there."""
    if not root.exists():
        return
    with storage_errors(root):
        for entry in root.iterdir():
            if entry.name in (before or ()):
                continue
            if entry.is_dir():
                shutil.rmtree(entry, onerror=_unprotect)
            else:
                remove(entry)
        if before is None:
            root.rmdir()


def _unprotect(_action: object, path: str, _failure: object) -> None:
    """Windows refuses to delete a read-only file; make it writable and delete it then."""
    remove(Path(path))

"""A library carried into another folder, where another database may hold it; the one it comes from is only read.

What was interrupted goes on: files that came over stay, and so do the tables, as long as nothing was changed meanwhile.
Until all is there the folder is no library (see `folder.require_library`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, select

from archive.model.errors import LibraryExists
from archive.model.holdings import Problem
from archive.store import article_rows, audit, schema
from archive.store.database import Database
from archive.store.lock import PROGRAM, now
from archive.store.neutral_tables import Contents, fill, intact, read_contents, write_tables
from archive.store.originals import Vault
from archive.store.upgrade import bring_up_to_date
from archive.support import library_folder
from archive.support.files import make_private, replacing, write_whole
from archive.support.storage_errors import storage_errors

Progress = Callable[[str, int, int], None]
"""Is told what is being carried, how many of them are there, and of how many."""

_FROM, _ROOM = "from.json", "whole"
_ELSEWHERE = "另选一个不存在或空的文件夹"
_TREES = (library_folder.STYLES, library_folder.FONTS, library_folder.PROCEDURES, library_folder.INCOMING,
          library_folder.SPLITS)  # fmt: skip
_FILES = (*library_folder.OFFICE_FILES, library_folder.BACKUP_KEY, library_folder.BACKUP_NOTES)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A library's folder, the database of its tables, where its originals and its pictures lie."""

    root: Path
    database: Database
    vaults: tuple[Vault, Vault]


def carry(whence: Whereabouts, whither: Whereabouts, settings: str, progress: Progress) -> tuple[Problem, ...]:
    """Bring a library's files and tables into another folder and database; it gets `settings` as its `library.toml`.

    The writer's lock of the source is held meanwhile. Returns the files that were missing or damaged before; they are
    left out. Every other file and every table is compared with what it was. Raises LibraryExists, LibraryDamaged,
    StorageError.
    """
    source, target, there = whence.root, whither.root, whither.database
    _begin(source, target)
    contents = _carry_tables(whence.database, there, target)
    problems: list[Problem] = []
    done, total = 0, sum(contents.parts[vault.name].rows for vault in whence.vaults)
    for vault, fresh in zip(whence.vaults, whither.vaults, strict=True):
        fresh.prepare()
        for sha256 in _names(whence.database, vault.name):
            problems += _carried(vault, fresh, sha256)
            done += 1
            progress("原件和图片", done, total)
    _carry_own(source, target)
    progress("各表", 0, 1)
    bring_up_to_date(there, target / library_folder.BACKUPS)
    fill(there, _tables(target), contents)
    progress("各表", 1, 1)
    with there.writing() as connection:
        arrived(connection, "move", str(source))
    (target / library_folder.BACKUPS).mkdir(exist_ok=True)
    write_whole(target / library_folder.SETTINGS, settings)
    make_private(target)
    return tuple(problems)


def arrived(connection: Connection, action: str, origin: str) -> None:
    """A library has come into another folder: nobody is signed in there, and everything waits for the index."""
    connection.execute(delete(schema.logins))
    connection.execute(delete(schema.tokens))
    article_rows.add_pending(connection, list(connection.scalars(select(schema.articles.c.key))))
    audit.note(connection, (now(), PROGRAM), action, "", origin)


def finish(target: Path) -> None:
    """From now on the folder is a library. Raises StorageError."""
    folder = target / library_folder.TABLES
    with storage_errors(target):
        shutil.rmtree(_tables(target))
        (folder / _FROM).unlink()
        folder.rmdir()


def _begin(source: Path, target: Path) -> None:
    """Make the folder, or find it half-filled from the same library."""
    mark, own = target / library_folder.TABLES / _FROM, str(source.resolve())
    with storage_errors(target):
        if mark.exists():
            if json.loads(mark.read_text(encoding="utf-8")) != own:
                raise LibraryExists("另一个资料库搬到这里时中断了", hint=_ELSEWHERE, place=str(target))
            return
        entries = {entry.name for entry in target.iterdir()} if target.exists() else set()
        if entries - library_folder.SYSTEM:
            raise LibraryExists(
                "这个文件夹不是空的，不能搬到里面", hint="另选一个不存在或空的文件夹", place=str(target)
            )
        if target.resolve().is_relative_to(source.resolve()):
            raise LibraryExists("不能搬到资料库自己的文件夹里", hint="另选一个不存在或空的文件夹", place=str(target))
        mark.parent.mkdir(parents=True)
    write_whole(mark, json.dumps(own, ensure_ascii=False))


def _tables(target: Path) -> Path:
    return target / library_folder.TABLES / _ROOM


def _carry_tables(database: Database, there: Database, target: Path) -> Contents:
    """The tables of a library, written into the target's folder unless they lie there as they are now."""
    folder = _tables(target)
    with database.reading() as connection:
        found = read_contents(folder)
        if found is None and not there.empty():
            raise LibraryExists("数据库不是空的，不能搬到里面", hint="另建一个空的数据库", place=there.place)
        if found is not None and found.state == database.state(connection) and intact(folder, found):
            return found
        there.clear()
        return write_tables(database, connection, folder)


def _names(database: Database, table: str) -> list[str]:
    """The SHA-256 of every file that a table names and that was not purged."""
    named = schema.metadata.tables[table].c
    with database.reading() as connection:
        return list(connection.scalars(select(named.sha256).where(named.size > 0).order_by(named.sha256)))


def _carried(vault: Vault, target: Vault, sha256: str) -> list[Problem]:
    """Copy a file unless an intact copy is there; what was wrong with it before."""
    if target.intact(sha256):
        return []
    hint = "运行 wenshi check，从较早的备份里取回这个文件"
    if not vault.holds(sha256):
        return [Problem("missing", "文件早就不见了，没有搬", vault.place(sha256), hint)]
    if not vault.intact(sha256):
        return [Problem("damaged", "文件早就变了，与校验码不符，没有搬", vault.place(sha256), hint)]
    with vault.lent(sha256) as file:
        target.keep(file, sha256)
    return []


def _carry_own(source: Path, target: Path) -> None:
    """Copy what an office wrote itself, and the manuscripts that wait for their editor."""
    with storage_errors(target):
        files = [source / name for name in _FILES]
        files += [file for tree in _TREES for file in sorted((source / tree).rglob("*"))]
        for file in files:
            if file.is_file():
                copy = target / file.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                with replacing(copy) as part:
                    shutil.copyfile(file, part)

"""Reading everything back and comparing it with its checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, select

from archive.model.errors import LibraryDamaged, StorageError
from archive.model.holdings import Problem
from archive.store import audit, codec, schema, seals
from archive.store.database import Database
from archive.store.dialects import as_bytes
from archive.store.originals import Found, Vault
from archive.store.present import CURRENT
from archive.store.sqlite_database import RESTORE
from archive.support import library_folder

_FETCH = "从备份里取回；没有备份时，先另存整个资料库文件夹，再重新收入同一个文件"


def examine(
    database: Database, originals: tuple[Vault, list[Found]], pictures: tuple[Vault, list[Found]]
) -> Iterator[Problem]:
    """Every fault found: in the database, in its texts, in the files of both vaults. Changes nothing.

    Each vault comes with a list of its files made while nobody was writing: from then on every file in it either
    belongs to something or was left by an import that failed, whatever is taken in meanwhile. Every file is hashed, so
    this takes as long as reading the whole library from disk.
    """
    shown: set[str] = set()
    try:
        with database.reading() as connection:
            yield from database.faults(connection)
            yield from _current(connection)
            yield from _texts(connection, shown)
            yield from _descriptions(connection)
            yield from _audit(connection)
            there = schema.originals.c.size > 0  # others were purged
            taken_in = set(connection.scalars(select(schema.originals.c.sha256).where(there)))
            taken_out = set(connection.scalars(select(schema.pictures.c.sha256)))
    except LibraryDamaged as failure:
        yield Problem("database", failure.message, database.place, RESTORE)
        return
    for sha256 in sorted(shown - taken_out):
        yield Problem("picture-unknown", "文章用到的图片没有收入", sha256, "重新收入这篇文章的原件")
    yield from _files(*originals, taken_in, "original", "原件")
    yield from _files(*pictures, taken_out, "picture", "图片")


def _current(connection: Connection) -> Iterator[Problem]:
    query = select(schema.articles.c.id).outerjoin(schema.versions, CURRENT).where(schema.versions.c.article.is_(None))
    for id in connection.scalars(query):
        yield Problem("version-missing", "文章缺少现行版本", f"文章 {id}", RESTORE)


def _texts(connection: Connection, shown: set[str]) -> Iterator[Problem]:
    """Compare every version with its digest; adds the pictures it shows to `shown`."""
    texts = schema.versions.c
    # As bytes, since spoilt text may be no UTF-8 any more.
    query = select(schema.articles.c.id, texts.version, texts.digest, as_bytes(connection, texts.blocks)).join(
        schema.articles, schema.articles.c.key == texts.article
    )
    for id, version, digest, blocks in connection.execute(query):
        if hashlib.sha256(blocks).hexdigest() != digest:
            yield Problem("text", "文字与收入时的校验码不符", f"文章 {id} 第 {version} 版", RESTORE)
            continue
        shown.update(block.picture for block in codec.decode_blocks(blocks.decode("utf-8")) if block.picture)


def _descriptions(connection: Connection) -> Iterator[Problem]:
    hint = f"在“版本”里看是谁、何时改的；不是本程序改的，照原样改回，或{RESTORE}"
    for place in seals.altered(connection.exec_driver_sql):
        yield Problem("description", "著录与存入时的校验码不符，在本程序以外被改过", place, hint)


def _audit(connection: Connection) -> Iterator[Problem]:
    hint = "有人在本程序以外动过操作记录：先另存整个资料库文件夹，再与备份里的记录对照"
    for fault in audit.faults(connection.exec_driver_sql):
        yield Problem("audit", f"操作记录不连贯：{fault}", library_folder.DATABASE, hint)


def _files(vault: Vault, listed: list[Found], known: set[str], code: str, called: str) -> Iterator[Problem]:
    for file in listed:
        if file.sha256 not in known:
            hint = "收入中断时会留下这样的文件：再收入一次同一个文件即可；不需要时可以删除"
            yield Problem(f"{code}-extra", f"这份{called}没有登记", file.place, hint)
            continue
        try:
            intact = vault.digest(file.sha256) == file.sha256
        except StorageError as failure:
            yield Problem(f"{code}-unreadable", f"这份{called}读不出来：{failure.message}", file.place, _FETCH)
            continue
        if not intact:
            yield Problem(f"{code}-damaged", f"这份{called}的内容变了，与校验码不符", file.place, _FETCH)
    for sha256 in sorted(known - {file.sha256 for file in listed}):
        if not vault.holds(sha256):
            yield Problem(f"{code}-missing", f"这份{called}不见了", vault.place(sha256), _FETCH)

"""The primary data of a library. Everything else (the index, exports) is made from it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, select

from archive.model.access import Rights
from archive.model.date_decisions import Decision
from archive.model.errors import LibraryDamaged, LibraryExists, StorageError
from archive.model.holdings import Problem, PurgeScope
from archive.model.issues import IssueCode
from archive.model.records import Article, Collection, Issue, Mention, Picture, Status
from archive.store import (
    attached_rows,
    audit,
    collections,
    decision_rows,
    imports,
    pending,
    purging,
    revising,
    schema,
    seals,
    visibility,
)
from archive.store.account_rows import AccountRows
from archive.store.anniversaries import Anniversaries
from archive.store.at_work import AtWorkRows
from archive.store.attached_rows import Attached, AttachedRows
from archive.store.backup import check_backup, extract, write_backup
from archive.store.bulk_changes import BulkChanges
from archive.store.card_rows import CardRows
from archive.store.changes import LibraryChanges
from archive.store.check import examine
from archive.store.compilation_rows import CompilationRows
from archive.store.error_reports import ErrorReports
from archive.store.folder import (
    USUAL,
    Settings,
    read_settings,
    require_files,
    require_library,
    settings_in,
    write_settings,
)
from archive.store.job_rows import JobRows
from archive.store.lock import PROGRAM, WriterLock, now
from archive.store.moving import Progress, Whereabouts, arrived, carry, finish
from archive.store.name_rows import NameRows
from archive.store.notice_rows import NoticeRows
from archive.store.originals import Found, Vault, readable, storing
from archive.store.page_proof_rows import PageProofRows
from archive.store.place_labels import PlaceLabels
from archive.store.projects import Projects
from archive.store.record_rows import RecordRows
from archive.store.registry import database_of, vaults_of
from archive.store.replacements import Replacements
from archive.store.reuse_rows import ReuseRows
from archive.store.saved_rows import SavedRows
from archive.store.store_reader import StoreReader
from archive.store.token_rows import TokenRows
from archive.store.upgrade import REVISION, bring_up_to_date, not_upgraded
from archive.support import library_folder
from archive.support.closing import closed_on_failure
from archive.support.files import make_private
from archive.support.storage_errors import storage_errors

log = logging.getLogger(__name__)
_RELEASED = "（字数对不上，由编者放行）"


class Store(StoreReader):
    """A library's folder without its index. May be used from several threads; writing is one thread's at a time."""

    def __init__(self, root: Path, settings: Settings | None = None) -> None:
        """For `create`, `open`, `restore` and `move` only."""
        self.root = root.absolute()
        self.settings = settings or read_settings(self.root)
        opened = database_of(self.root, self.settings)
        self.originals, self.pictures = vaults_of(self.root, self.settings)
        super().__init__(opened.database)
        self.whereabouts = Whereabouts(self.root, self._database, (self.originals, self.pictures))
        self.projects = Projects(self._database)
        self.bulk_changes = BulkChanges(self._database)
        self.jobs = JobRows(self._database)
        self.anniversaries = Anniversaries(self._database)
        self.replacements = Replacements(self._database)
        self.error_reports = ErrorReports(self._database)
        self.cards = CardRows(self._database)
        self.attached = AttachedRows(self._database, self.originals)
        self.names = NameRows(self._database)
        self.compilations = CompilationRows(self._database)
        self.reuse = ReuseRows(self._database)
        self.saved = SavedRows(self._database)
        self.records = RecordRows(self._database)
        self.at_work = AtWorkRows(self._database)
        self.place_labels = PlaceLabels(self._database)
        self.page_proofs = PageProofRows(self._database)
        self.changes = LibraryChanges(self._database)
        self.accounts = AccountRows(self._database)
        self.tokens = TokenRows(self._database)
        self.notices = NoticeRows(self._database)
        self._lock = WriterLock(opened.mutex)
        self.turn, self.machines = opened.turn, opened.machines

    # -- opening and closing

    @classmethod
    def create(cls, root: Path, settings: Settings = USUAL) -> Store:
        """Make an empty library in a folder that does not exist, is empty, or holds a library left half-made.

        Raises LibraryExists when a library or anything else is there, StorageError.
        """
        with storage_errors(root):
            if (root / library_folder.SETTINGS).exists():
                raise LibraryExists("这里已经有一个资料库", hint="直接使用它，或另选一个文件夹", place=str(root))
            if root.exists() and (stranger := library_folder.foreign(root)):
                message = f"这个文件夹不是空的（有“{stranger}”等），不能在里面建资料库"
                raise LibraryExists(message, hint="另选一个不存在或空的文件夹", place=str(root))
            root.mkdir(parents=True, exist_ok=True)
        with closed_on_failure(cls(root, settings)) as store, store.writing(PROGRAM, "建立资料库"):
            store._build()
        return store

    @classmethod
    def open(cls, root: Path, *, upgrade: bool = False) -> Store:
        """Open a library; one made by an older version is brought up to date, after a backup into `backups/`, but where
        several machines may be at work on it only to `upgrade` it, else ConfigError.

        Raises LibraryNotFound, LibraryDamaged (contradicts itself, or made by a newer version), LibraryBusy when it
        must be brought up to date while somebody writes, StorageError. Never creates anything.
        """
        with storage_errors(root):
            require_files(root)
            require_library(root)
        with closed_on_failure(cls(root)) as store:
            revision = store._database.revision()
            if not revision:
                raise LibraryDamaged("数据库是空的", hint="用 wenshi restore 从备份恢复", place=str(root))
            if revision != REVISION:
                if not (upgrade or store._database.one_file):
                    raise not_upgraded(revision, store._database.place)
                with store.writing(PROGRAM, "升级资料库"):
                    store._migrate()
            store.machines.agree()
        return store

    def close(self) -> None:
        """Close all files. The store cannot be used afterwards; closing twice is harmless."""
        self.saved.history.write()
        self.turn.release()
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, a: type[BaseException] | None, b: BaseException | None, c: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def writing(self, who: str, action: str, timeout: float | None = None) -> Iterator[bool]:
        """Be the library's one writer over the body; waits `timeout` seconds (lock.PATIENCE), then raises LibraryBusy.

        Re-entrant in the same thread; gives whether this is the outermost body. `who` is a person or PROGRAM, `action`
        tells others in plain words what is being done.
        """
        with self._lock.held(who, action, timeout) as first:
            if first:
                self.originals.sweep()
                self.pictures.sweep()
                self.machines.agree()
            yield first
            if first:
                self.machines.agree()

    # -- collections

    def save_collection(self, c: Collection, who: str, reason: str = "") -> None:
        """Add a collection, or change the description of the one with this id."""
        with self._writing(who, "修改文集") as (connection, origin):
            if done := collections.save_collection(connection, c, origin):
                audit.note(connection, origin, "collection", c.id, f"{done}；{reason}" if reason else done)

    def collections(self, rights: Rights | None) -> tuple[Collection, ...]:
        """All collections, by id; with `rights`, those that hold an article in use which these cover."""
        found = self._database.remembered("collections", collections.collections)
        if rights is None:
            return found
        used = rights.in_use
        known = self._database.remembered(
            ("collections", used), lambda connection: visibility.collections(connection, used)
        )
        return tuple(one for one in found if one.id in known)

    # -- taking in

    def accept(
        self,
        original: Path,
        name: str,
        sha256: str,
        articles: Sequence[tuple[Article, Sequence[Mention]]],
        issues: Sequence[Issue],
        pictures: Sequence[Picture],
        who: str,
        attached: Sequence[Attached] = (),
    ) -> tuple[Article, ...]:
        """Keep a file with everything read out of it, whole or not at all; returns the articles with their ids.

        The articles' `original` becomes `sha256`. A draft's own id is kept when it is fit for an address and free,
        else the next number; `attached` comes along from another library. Raises NotFound (collection), StorageError.
        """
        name = readable(name)
        named = [sha256, *(one[0] for each in attached for one in each.originals)]
        self._read(lambda connection: purging.require_not_purged(connection, named, name))
        drafts = [(replace(article, original=sha256), dated) for article, dated in articles]
        files: list[tuple[Vault, str, Path | bytes]] = [(self.originals, sha256, original)]
        files += [(self.pictures, picture.sha256, picture.content) for picture in pictures]
        files += attached_rows.files_of(attached, self.originals)
        with self.writing(who, "收入稿件"):
            into = {article.collection for article, _ in drafts}
            self._read(lambda connection: [collections.collection(connection, id) for id in into])
            # The files come first, before anything refers to them.
            with storing(files, self._files_referred_to), self._writing(who, "收入稿件") as (connection, origin):
                imports.record_original(connection, sha256, name, self.originals.size(sha256), origin)
                key = imports.record_import(connection, sha256, name, origin, len(drafts), issues)
                imports.record_pictures(connection, pictures)
                reason = f"收入 {name}" + _RELEASED * any(issue.code is IssueCode.RELEASED for issue in issues)
                stored = attached_rows.add(connection, drafts, (*origin, reason), key, (attached, self.originals))
                audit.note(connection, origin, "accept", sha256, f"{name}：{len(stored)} 篇")
        log.info("took in %s: %d articles, %d issues", sha256[:12], len(stored), len(issues))
        return tuple(stored)

    def _files_referred_to(self) -> set[str]:
        tables = (schema.originals, schema.pictures)
        return self._read(lambda asked: {sha for one in tables for sha in asked.scalars(select(one.c.sha256))})

    def original(self, sha256: str, rights: Rights) -> tuple[Path, str]:
        """An original's file and the name it came with, where `rights` cover every article out of it. NotFound."""
        with self._database.reading() as connection:
            visibility.require_original(connection, sha256, rights)
            return self.originals.path(sha256), imports.original_name(connection, sha256)

    def picture(self, sha256: str, rights: Rights, *, books: bool) -> tuple[Path, str]:
        """The file and media type of a picture in some article that `rights` cover. Raises NotFound.

        `books`: pictures that belong to a book project alone (covers) are given too.
        """
        with self._database.reading() as connection:
            visibility.require_picture(connection, sha256, rights, books=books)
            return self.pictures.path(sha256), imports.media_type(connection, sha256)

    def keep_picture(self, picture: Picture, who: str) -> None:
        """Keep a picture that belongs to no manuscript, such as a cover. Raises StorageError."""
        files = [(self.pictures, picture.sha256, picture.content)]
        with (
            self.writing(who, "存入图片"),
            storing(files, self._files_referred_to),
            self._writing(who, "存入图片") as (connection, _),
        ):
            imports.record_pictures(connection, [picture])

    # -- correcting

    def revise(
        self, article: Article, mentions: Sequence[Mention], reason: str, who: str, decisions: Sequence[Decision] = ()
    ) -> Article:
        """Store `article` as the next version of the article with its id; returns it as stored.

        `decisions` are those on its dates, with their places in this version. Its status is not changed (see
        `set_status`). Raises Conflict when `article.version` is neither 0 nor the present version, NotFound for an
        unknown id, collection or original.
        """
        with self._writing(who, "更正文章") as (connection, origin):
            return revising.revise(connection, (article, mentions, decisions), (*origin, reason))

    def describe(self, described: Sequence[revising.Described], reason: str, who: str) -> tuple[Article, ...]:
        """Store each article as `revise` does, and give it its status: all of them or none; as they are stored.

        One that differs from the present version in its status alone makes no new version. Raises as `revise` does.
        """
        with self._writing(who, "著录") as (connection, origin):
            return tuple(revising.describe(connection, one, (*origin, reason)) for one in described)

    def set_status(self, id: str, status: Status, reason: str, who: str) -> Article:
        """Move an article on in the workflow, or withdraw it; its text stays readable. Raises NotFound."""
        with self._writing(who, "改动状态") as (connection, origin):
            return revising.set_status(connection, id, status, (*origin, reason))

    # -- dates

    def decide(
        self, id: str, decision: Decision, mentions: Sequence[Mention], who: str, instead_of: Sequence[int] = ()
    ) -> None:
        """Keep a decision, in place of those with the keys `instead_of`, and the mentions that follow from it.

        Raises NotFound.
        """
        with self._writing(who, "订正日期") as (connection, origin):
            decision_rows.take_back(connection, id, instead_of)
            decision_rows.decide(connection, id, decision, origin)
            decision_rows.replace_mentions(connection, [(id, mentions)])

    def undecide(self, id: str, key: int, mentions: Sequence[Mention], who: str) -> None:
        """Take back a decision, and keep the mentions that follow from that. Raises NotFound."""
        with self._writing(who, "撤回日期的订正") as (connection, origin):
            decision_rows.undecide(connection, id, key, origin)
            decision_rows.replace_mentions(connection, [(id, mentions)])

    def replace_mentions(self, dated: Sequence[tuple[str, Sequence[Mention]]], who: str) -> None:
        """Give the present versions of articles other mentions, all at once. Raises NotFound."""
        with self._writing(who, "重新提取日期") as (connection, origin):
            decision_rows.replace_mentions(connection, dated)
            audit.note(connection, origin, "redate", "", f"日期有变：{len(dated)} 篇")

    def note_read_with(self, signature: str) -> None:
        """Record what `read_with` returns from now on."""
        with self._database.writing() as connection:
            decision_rows.note_read_with(connection, signature)

    def note(self, who: str, action: str, subject: str, detail: str = "") -> None:
        """Add to the audit log what changed nothing here: a backup, an export. Raises LibraryBusy, StorageError."""
        with self._database.writing() as connection:
            audit.note(connection, (now(), who), action, subject, detail)

    # -- the index's list

    def indexed(self, ids: Iterable[str]) -> None:
        """Take articles off the pending list. Call it while `writing`, so that no change slips in between."""
        with self._database.writing() as connection:
            pending.take_off(connection, list(ids))

    # -- safekeeping

    def check(self, who: str) -> tuple[Problem, ...]:
        """Read everything and compare it with its checksums; empty when all is well. Changes nothing.

        Holds the writer's lock only while it lists the files, so it raises LibraryBusy while somebody else writes.
        """
        with storage_errors(self.root):
            try:
                with self.writing(who, "核对"):
                    files = self._files()
            except StorageError:  # where nothing can be written nobody is writing
                files = self._files()
            return tuple(examine(self._database, *files))

    def _files(self) -> list[tuple[Vault, list[Found]]]:
        return [(vault, vault.listed()) for vault in (self.originals, self.pictures)]

    # -- purging

    def purge_scope(self, id: str) -> PurgeScope:
        """What purging an article would take. Raises NotFound."""
        return self._read(lambda connection: purging.scope(connection, id))

    def purge(self, id: str, who: str, reason: str) -> None:
        """Remove an article for good, with the files it came from and what else in the folder is of them.

        The index still has it, and free pages of the database: see `compact`. Raises NotFound, StorageError.
        """
        with self._writing(who, "清除") as (connection, origin):
            files = purging.purge(connection, id, origin, reason)
            # The rows name what has to go, so they stand until it is gone: else doing it again would not find it.
            for vault, sha256s in ((self.originals, files.originals), (self.pictures, files.pictures)):
                for sha256 in sha256s:
                    vault.discard(sha256)
            purging.remove_leftovers(self.root, files.originals)

    def compact(self) -> None:
        """Write the database anew, so that nothing deleted is left in it. Raises LibraryBusy, StorageError."""
        self._database.compact()

    # -- backup and moving

    def backup(self, file: Path, password: str = "", *, neutral: bool = False) -> tuple[Problem, ...]:
        """Write everything but the index into one zip file, locked with a password, also while others work.

        A `neutral` one has the tables as JSON Lines in place of the database's own file.
        An existing `file` is replaced once the new one is complete. Returns what was missing or damaged before; the
        backup is complete but for that. Raises StorageError; then no half file is left.
        """
        return write_backup(self.root, self._database, (self.originals, self.pictures), file, password, neutral=neutral)

    def check_backup(self, file: Path, password: str = "") -> None:
        """Read a backup again, every file of it. Raises ReadError where it is damaged, StorageError."""
        check_backup(file, password)

    @classmethod
    def restore(cls, file: Path, root: Path, password: str = "") -> Store:
        """Make a library from a backup, or from a folder of OCFL objects, where nothing or an empty folder is.

        Every file is checked. Raises LibraryExists, ReadError (none of both, damaged), StorageError; nothing is left.
        """
        from archive.store.preserved.reading import laid_down  # which only this needs

        with (
            laid_down(file, root) if file.is_dir() else extract(file, root, password),
            closed_on_failure(cls.open(root)) as store,
            store._writing(PROGRAM, "恢复备份") as (connection, _),
        ):
            for place in seals.altered(connection.exec_driver_sql):
                log.warning("警告：%s：著录与校验码不符，做备份以前已在本程序以外被改过；已照样恢复，请核对。", place)
            arrived(connection, "restore", file.name)
            make_private(store.root)
        return store

    def move(self, target: Path, settings: str, progress: Progress) -> tuple[Store, tuple[Problem, ...]]:
        """Carry everything but the index into another folder, see `carry`; the store there, which awaits `settle`.

        The files in the second value were missing or damaged before. Hold the writer's lock meanwhile.
        """
        with closed_on_failure(Store(target, settings_in(settings))) as store:
            return store, carry(self.whereabouts, store.whereabouts, settings, progress)

    def settle(self) -> None:
        """End a move: from now on the folder may be opened."""
        finish(self.root)

    # -- inner workings

    @contextmanager
    def _writing(self, who: str, action: str) -> Iterator[tuple[Connection, tuple[str, str]]]:
        """A transaction under the writer's lock, with the (moment, who) to write into what it makes."""
        with self.writing(who, action), self._database.writing() as connection:
            yield connection, (now(), who)

    def _build(self) -> None:
        with storage_errors(self.root):
            (self.root / library_folder.BACKUPS).mkdir(exist_ok=True)
        self.originals.prepare()
        self.pictures.prepare()
        self._migrate()
        with storage_errors(self.root):
            write_settings(self.root, self.settings)
            make_private(self.root)

    def _migrate(self) -> None:
        before = bring_up_to_date(self._database, self.root / library_folder.BACKUPS)
        if before not in ("", REVISION):
            with self._writing(PROGRAM, "升级资料库") as (connection, origin):
                audit.note(connection, origin, "migrate", "", f"{before} → {REVISION}")

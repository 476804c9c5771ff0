"""A library: opened, looked after, and met through sessions (see `archive/session.py`)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from archive import agreement
from archive.catalogue import date_service, names_file
from archive.dates.office_periods import OfficePeriods, write_template
from archive.model.access import Actor
from archive.model.accounts import Account, Token
from archive.model.errors import LibraryBusy, WenshiError
from archive.model.holdings import Problem
from archive.search import indexing
from archive.search.index.registry import ELSEWHERE, Needs, engine_of, moved_options
from archive.search.mending import MendingEngine
from archive.session import Session
from archive.store import PROGRAM, Store
from archive.store.asked_rows import AskedRows
from archive.store.folder import USUAL, moved_files, moved_settings, moved_store
from archive.store.lock import Mutex
from archive.store.moving import Progress
from archive.store.upgrade import REVISION
from archive.support import library_folder
from archive.support.closing import closed_on_failure
from archive.support.config import cache_folder
from archive.support.long_paths import ROOM, reachable
from archive.support.storage_errors import storage_errors
from archive.text.segmentation import make_segmenter, user_words
from archive.workflow import tokens
from archive.workflow.logins import Logins

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a move: how many articles came over, how many strings were searched for in both, what is wrong.

    It is not `whole` where a search found something else.
    """

    articles: int
    strings: int
    problems: tuple[Problem, ...]
    whole: bool


_GLANCE = 0.2  # seconds opening waits before leaving repairs to whoever is writing


class Library:
    """A folder that holds a store and an index. May be shared between threads; close it or use `with`."""

    def __init__(self, store: Store) -> None:
        """For `create`, `open` and `restore` only."""
        self.root = store.root
        self._store = store
        settings, index, words = store.settings, self.root / library_folder.INDEX, self.root / library_folder.WORDS
        with closed_on_failure(store):
            with storage_errors(words):
                self._segmenter = make_segmenter(user_words(words), cache=cache_folder() / "jieba")
            if settings.engine not in ELSEWHERE:
                store.machines.claim_index()
            needs = Needs(index, self._segmenter, store.dated, settings.options.get(settings.engine, {}))
            self._engine = MendingEngine(engine_of(settings.engine, needs), store)
        self._periods = OfficePeriods(self.root)

    @classmethod
    def create(cls, root: Path | str) -> Library:
        """Make an empty library. Raises LibraryExists, StorageError."""
        with closed_on_failure(cls(Store.create(reachable(Path(root), ROOM)))) as library:
            with storage_errors(library.root):
                write_template(library.root)
            library._index()
        return library

    @classmethod
    def open(cls, root: Path | str) -> Library:
        """Open a library and put right what a crash left behind. Raises LibraryNotFound; never creates anything.

        If another process is writing, that is left to it. What is wrong with the office's own periods is logged.
        """
        with closed_on_failure(cls(Store.open(reachable(Path(root), ROOM)))) as library:
            library._take_over_names()
            for problem in date_service.problems(library._store, library._periods):
                log.warning("警告：%s：%s\n  怎么办：%s", problem.place, problem.message, problem.hint)
            library._catch_up()
        return library

    @classmethod
    def upgrade(cls, root: Path) -> str:
        """Bring a library of an older version up to date; the revision of its tables. Raises as `open` does."""
        Store.open(root, upgrade=True).close()
        return REVISION

    @classmethod
    def restore(cls, file: Path, root: Path | str, password: str = "") -> Library:
        """Make a library from a backup, or what was preserved, and index it; a locked one needs its password.

        Raises LibraryExists, ReadError, StorageError.
        """
        with closed_on_failure(cls(Store.restore(reachable(file), reachable(Path(root), ROOM), password))) as library:
            library._take_over_names()
            library._index()
        return library

    def move(
        self, target: Path, engine: str, index: str, progress: Progress, address: str = "", files: str = ""
    ) -> Moved:
        """Carry the library into a folder that does not exist or is empty, and compare; this one is not changed.

        With an `address` (postgresql://…) the tables go into that empty database, else into the folder; with `files`
        (s3://…) the originals and pictures go there, else into the folder. The engine
        stays when none is named, unless its index lies elsewhere, where two libraries must not share one; `index` is
        the name of a new one there. Nobody can write meanwhile. An interrupted one goes on when it is asked for again.
        Raises ConfigError, LibraryBusy, LibraryExists, LibraryDamaged for what differs, StorageError.
        """
        owner, now = Actor.local(), self._store.settings
        engine = engine or (USUAL.engine if now.engine in ELSEWHERE else now.engine)
        options = moved_options(engine, index, now.engine, now.options)
        store, database = moved_store(address, now.options)
        place, placed = moved_files(files, now.options)
        names = {"store": store, "engine": engine, "files": place}
        settings = moved_settings(self.root, names, options | database | placed)
        with self._store.writing(PROGRAM, "搬资料库"):
            moved, problems = self._store.move(target, settings, progress)
            with Library(moved) as there:
                progress("索引", 0, 1)
                there._index()
                progress("索引", 1, 1)
                strings, differing = agreement.differing(self.session(owner), there.session(owner), progress)
                if not differing:
                    moved.settle()
                return Moved(moved.count(), strings, (*problems, *differing), whole=not differing)

    def close(self) -> None:
        """Release files; closing twice is harmless."""
        self._engine.close()
        self._store.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, a: type[BaseException] | None, b: BaseException | None, c: TracebackType | None) -> None:
        self.close()

    def session(self, actor: Actor) -> Session:
        """The library as `actor` may read and change it."""
        if not actor.rights.unlimited:
            levels = {one.id: one.access for one in self._store.collections(None)}
            actor = replace(actor, rights=actor.rights.within(levels))
        return Session(self._store, self._engine, self._segmenter, self._periods, actor)

    @property
    def logins(self) -> Logins:
        """Who is signed in: asked before there can be a session."""
        return Logins(self._store)

    def holder(self, secret: str) -> tuple[Actor, Account | None, Token] | None:
        """Who asks with the secret of a token, narrowed to its scopes; None where it lets nobody in."""
        return tokens.holder(self._store, secret)

    @property
    def turn(self) -> Mutex:
        """Had by the one program that does what is done once for a library: backups by themselves, for example."""
        return self._store.turn

    def agree(self) -> bool:
        """Have the office's own files alike on all machines that serve this library; whether there can be several."""
        return self._store.machines.agree()

    @property
    def asked(self) -> AskedRows:
        """What people asked and what is noted later, for whoever serves it from several processes: one writes it."""
        return self._store.saved.history

    def parts_answering(self) -> dict[str, bool]:
        """Whether the store and the search answer, for who watches over the program; nothing of what they hold."""
        asked: dict[str, Callable[[], object]] = {"store": self._store.count, "search": self._engine.state}
        asked["files"] = self._store.originals.require
        found = {}
        for part, question in asked.items():
            try:
                question()
                found[part] = True
            except WenshiError as failure:
                log.warning("警告：%s", failure)
                found[part] = False
        return found

    def _index(self) -> None:
        with self._store.writing(PROGRAM, "建立索引"):
            indexing.rebuild(self._store, self._engine)

    def _take_over_names(self) -> None:
        """Take what a names.csv of older versions holds into the records; it is no obstacle to reading."""
        if not (self.root / library_folder.NAMES).exists():
            return
        try:
            with self._store.writing(PROGRAM, "接收名称表", _GLANCE):
                names_file.take_over(self._store)
        except WenshiError as failure:
            log.warning("警告：%s 没有收进名称表：%s", library_folder.NAMES, failure)

    def _catch_up(self) -> None:
        """Put the index right; what keeps it from being put right (a full disk, another writer) is no obstacle to
        reading.
        """
        try:
            if indexing.settled(self._store, self._engine):
                return
            with self._store.writing(PROGRAM, "整理索引", _GLANCE):
                indexing.catch_up(self._store, self._engine)
        except LibraryBusy:
            return
        except WenshiError as failure:
            log.warning("警告：索引没有整理：%s", failure)

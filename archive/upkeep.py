"""What an office looks after besides texts: its periods, the state of its library: `session.upkeep`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from archive.audit_log import AuditLog
from archive.backups import Backups
from archive.catalogue import date_service, office_wording
from archive.catalogue.office_wording import Wording
from archive.dates.office_entries import Entry
from archive.dates.office_periods import OfficePeriods
from archive.model.access import Action, Actor
from archive.model.holdings import Problem
from archive.purging import Purging
from archive.search import indexing
from archive.search.index.engine import Engine
from archive.store import Store, own_files
from archive.store.attached_rows import Attached, AttachedCard
from archive.store.leftovers import clear_away, leftovers
from archive.store.lock import written
from archive.store.own_files import OwnFile
from archive.support import library_folder, sqlite_file
from archive.support.storage_errors import storage_errors

if TYPE_CHECKING:
    from archive.preservation import Preservation

_LITTLE = 500_000_000  # bytes free on a disk that will soon be full
_CLOCK_SLACK = timedelta(hours=1)
_MEND = "运行 wenshi doctor --mend；文章和原件不受影响"


@dataclass(frozen=True, slots=True)
class Condition:
    """How a library is: bytes by folder or file of its own, bytes free on its disk, articles, those not yet indexed.

    `index_sound` tells whether the index is whole and of this version.
    """

    sizes: dict[str, int]
    free: int
    articles: int
    pending: int
    index_sound: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong with a library, and whether it has just been mended."""

    problem: Problem
    mended: bool = False


class Upkeep:
    """An office's own tables and the condition of its library, for who maintains it."""

    def __init__(self, store: Store, engine: Engine, periods: OfficePeriods, actor: Actor) -> None:
        """For `Session` only."""
        self._store = store
        self._engine = engine
        self._periods = periods
        self._actor = actor

    def _require(self) -> None:
        self._actor.require(Action.MAINTAIN)

    @property
    def backups(self) -> Backups:
        """The backups of the library, by hand and by themselves. Raises NotAllowed."""
        self._require()
        return Backups(self._store, self._actor)

    @property
    def preservation(self) -> Preservation:
        """The library for decades, in a form that needs no program. Raises NotAllowed."""
        from archive.preservation import Preservation

        self._require()
        return Preservation(self._store, self._actor)

    @property
    def log(self) -> AuditLog:
        """Who did what, when, to what, from where. Raises NotAllowed."""
        self._require()
        return AuditLog(self._store, self._actor)

    @property
    def purging(self) -> Purging:
        """Removing for good what must not be here. Raises NotAllowed."""
        self._actor.require(Action.PURGE)
        return Purging(self._store, self._engine, self._actor)

    # -- periods

    def periods(self) -> tuple[Entry, ...]:
        """The office's own periods and terms. Raises ConfigError, with the line, where the file is broken."""
        self._require()
        return self._periods.entries()

    def put_period(self, entry: Entry, instead_of: str = "") -> None:
        """Enter a period or the terms of a body, in place of the one called `instead_of`, else of its first name.

        Raises ConfigError, also when another one has the new name already.
        """
        self._require()
        with self._store.writing(self._actor.name, "修改时期"):
            self._periods.put(entry, instead_of)

    def remove_period(self, kind: type[Entry], name: str) -> None:
        """Take a period, or the terms of a body, out by its first name. Raises ConfigError."""
        self._require()
        with self._store.writing(self._actor.name, "修改时期"):
            self._periods.remove(kind, name)

    # -- wording

    def wording(self) -> tuple[Wording, ...]:
        """What the office's books do not say, and what instead. Raises StorageError, ReadError."""
        self._require()
        return office_wording.entries(self._store.root)

    def put_wording(self, entry: Wording, instead_of: str = "") -> None:
        """Enter a wording, in place of the one for the words `instead_of`.

        Raises FieldError, StorageError, ReadError.
        """
        self._require()
        with self._store.writing(self._actor.name, "修改规范用语"):
            office_wording.put(self._store.root, entry, instead_of)

    def remove_wording(self, words: str) -> None:
        """Take the wording for these words out. Raises StorageError, ReadError."""
        self._require()
        with self._store.writing(self._actor.name, "修改规范用语"):
            office_wording.remove(self._store.root, words)

    # -- what comes from another library

    def attached(self, id: str) -> Attached:
        """What hangs on an article besides its text, to come along into another library. Raises NotFound."""
        self._require()
        self._store.seen(id, self._actor.rights)
        return self._store.attached.of(id)

    def attach_cards(self, id: str, brought: Sequence[AttachedCard]) -> None:
        """Hang cards from another library on an article that was here, as they were made there. Raises NotFound."""
        self._require()
        self._store.seen(id, self._actor.rights)
        self._store.attached.add_cards(id, brought, self._actor.name)

    def own_files(self, other: Path) -> tuple[OwnFile, ...]:
        """What an office wrote itself in another library's folder, and how it is to what is here."""
        self._require()
        return own_files.compared(other, self._store.root)

    def bring_own_files(self, other: Path) -> tuple[OwnFile, ...]:
        """Copy those that are not here; what differs goes to `backups/`. What they were before. Raises StorageError."""
        self._require()
        with self._store.writing(self._actor.name, "并入另一个资料库"):
            return own_files.bring(other, self._store.root)

    # -- condition

    def condition(self) -> Condition:
        """How the library is now."""
        self._require()
        sizes = {entry.name: _size(entry) for entry in sorted(self._store.root.iterdir())}
        free = shutil.disk_usage(self._store.root).free
        pending = len(self._store.pending())
        sound = indexing.settled(self._store, self._engine) or bool(pending and self._engine.sound())
        return Condition(sizes, free, self._store.count(), pending, sound)

    def diagnosis(self, *, mend: bool = False) -> tuple[Trouble, ...]:
        """What is wrong with the library's folder, disk, clock and index, told quickly; see `Session.check` for texts.

        With `mend`, what is safe is done: the index is read whole and rebuilt where it is damaged, what waits for it is
        indexed, dates of older rules are read again, and what killed programs left is removed. Nothing primary is ever
        touched. Raises LibraryBusy.
        """
        self._require()
        found = [Trouble(one) for one in self._surroundings()]
        stuck = sqlite_file.unwritable(self._store.root)
        if stuck is not None:
            return (*found, Trouble(Problem("unwritable", stuck.message, stuck.place, stuck.hint)))
        with self._store.writing(self._actor.name, "诊断和修复") if mend else nullcontext():
            return (*found, *self._left_behind(mend), *self._dates(mend), *self._index(mend))

    def _left_behind(self, mend: bool) -> Iterator[Trouble]:
        for entry in leftovers(self._store.root):
            if mend:
                with storage_errors(entry):
                    clear_away(entry)
            yield Trouble(Problem("leftover", "程序中断时留下的，没有用了", str(entry), _MEND), mend)

    def _dates(self, mend: bool) -> Iterator[Trouble]:
        outdated = date_service.outdated(self._store, self._periods)
        if mend and outdated:
            date_service.redate(self._store, self._periods, None, self._actor.name)
            indexing.index_pending(self._store, self._engine)
        yield from (Trouble(one, mend) for one in outdated)

    def _index(self, mend: bool) -> Iterator[Trouble]:
        if waiting := len(self._store.pending()):
            if mend:
                indexing.index_pending(self._store, self._engine)
            words = f"有 {waiting} 篇还没有编入索引，检索不到"
            yield Trouble(Problem("index-behind", words, library_folder.INDEX, _MEND), mend)
        if mend:
            for one in indexing.check(self._store, self._engine, self._actor.name):
                yield Trouble(one, True)
        elif not self._engine.sound():
            words = "索引不完整，或由另一个版本建成"
            yield Trouble(Problem("index-unsound", words, library_folder.INDEX, _MEND))

    def _surroundings(self) -> Iterator[Problem]:
        """What is wrong with the clock and the disk, which only a person can put right."""
        latest = next((entry.when for entry in self._store.audit(1)), "")
        if latest > written(datetime.now(UTC) + _CLOCK_SLACK):
            words = f"电脑的时间比上次写入时（{latest}）还早，以后的记录会排错先后"
            yield Problem("clock", words, str(self._store.root), "校准电脑的日期和时间")
        free = shutil.disk_usage(self._store.root).free
        if free < _LITTLE:
            words = f"磁盘只剩 {free / 1e6:.0f} MB"
            yield Problem("disk", words, str(self._store.root), "腾出空间，或把资料库搬到大一些的磁盘上")


def _size(entry: Path) -> int:
    """Bytes of a file, or of all in a folder; files that go meanwhile have none."""
    total = 0
    for file in entry.rglob("*") if entry.is_dir() else (entry,):
        with suppress(FileNotFoundError):
            total += file.stat().st_size if file.is_file() else 0
    return total

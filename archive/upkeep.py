"""What an office looks after besides texts: its names, its periods, the state of its library: `session.upkeep`."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from archive.backups import Backups
from archive.catalogue import authority
from archive.catalogue.authority import Authority, Name
from archive.dates.office_entries import Entry
from archive.dates.office_periods import OfficePeriods
from archive.model.access import Action, Actor
from archive.model.errors import ConfigError, FieldError, NotAllowed, NotFound
from archive.search import indexing
from archive.search.index.engine import Engine
from archive.store import Store
from archive.support.library_folder import NAMES


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


class Upkeep:
    """An office's own tables and the condition of its library, for who maintains it."""

    def __init__(self, store: Store, engine: Engine, periods: OfficePeriods, actor: Actor) -> None:
        """For `Session` only."""
        self._store = store
        self._engine = engine
        self._periods = periods
        self._actor = actor

    def _require(self) -> None:
        if Action.MAINTAIN not in self._actor.rights.actions:
            raise NotAllowed(f"{self._actor.name}没有“{Action.MAINTAIN.value}”的权限", hint="请有这项权限的同事来做")

    @property
    def backups(self) -> Backups:
        """The backups of the library, by hand and by themselves. Raises NotAllowed."""
        self._require()
        return Backups(self._store, self._actor)

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

    # -- names

    def put_name(self, name: Name, before: Name | None = None) -> None:
        """Add a name, or put it in place of `before`. Raises FieldError for what the table refuses, NotFound."""
        self._require()
        with self._store.writing(self._actor.name, "修改名称"):
            held = list(self._held())
            if before is None:
                held.append(name)
            elif before in held:
                held[held.index(before)] = name
            else:
                raise NotFound("这个名称刚刚改过或删去了。", hint="刷新名称表再改")
            checked = authority.parse([authority.HEADER, *map(authority.row, held)], NAMES)
            if checked.problems:
                problem = checked.problems[0]
                raise FieldError(problem.message, field="", hint=problem.hint)
            authority.save(self._store.root, tuple(checked.names))

    def remove_name(self, name: Name) -> None:
        """Take a name out. Raises NotFound."""
        self._require()
        with self._store.writing(self._actor.name, "修改名称"):
            held = list(self._held())
            if name not in held:
                raise NotFound("这个名称刚刚改过或删去了。", hint="刷新名称表再看")
            held.remove(name)
            authority.save(self._store.root, held)

    def _held(self) -> tuple[Name, ...]:
        """The names in the file. Raises ConfigError where some of it cannot be read, for saving would lose that."""
        found = Authority.of(self._store.root)
        if found.problems:
            problem = found.problems[0]
            raise ConfigError(problem.message, place=problem.place, hint=problem.hint)
        return found.names

    # -- condition

    def condition(self) -> Condition:
        """How the library is now."""
        self._require()
        sizes = {
            entry.name: sum(file.stat().st_size for file in entry.rglob("*") if file.is_file())
            if entry.is_dir()
            else entry.stat().st_size
            for entry in sorted(self._store.root.iterdir())
        }
        free = shutil.disk_usage(self._store.root).free
        pending = len(self._store.pending())
        sound = indexing.settled(self._store, self._engine) or bool(pending and self._engine.sound())
        return Condition(sizes, free, self._store.count(), pending, sound)

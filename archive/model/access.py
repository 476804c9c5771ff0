"""Who asks, what they may see, and what they may do."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from archive.model.records import Access, Status

OUT_OF_USE = frozenset({Status.WITHDRAWN, Status.REJECTED})
"""Articles with these statuses are kept and can be opened by their ids, but no search, list or book contains them."""

IN_USE = frozenset(Status) - OUT_OF_USE


class Action(enum.StrEnum):
    """What an actor may do beyond reading. `Session` asks for one of them before anything is written."""

    IMPORT = "收稿"  # take in files; see what imports lost
    CORRECT = "更正"  # new versions of texts, decisions on dates
    DESCRIBE = "著录"  # descriptive fields of articles
    ARRANGE = "管理文集"  # collections: add, rename, describe
    WITHDRAW = "撤下"  # take articles out of use and back into it
    COMPILE = "编书"  # book projects, editions
    MAINTAIN = "维护"  # names, periods, index, check, backup
    PURGE = "清除"  # remove for good what must not be here


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may see (articles of these access levels and statuses) and do."""

    access: frozenset[Access]
    statuses: frozenset[Status]
    actions: frozenset[Action]

    @classmethod
    def everything(cls) -> Rights:
        """No limits."""
        return cls(frozenset(Access), frozenset(Status), frozenset(Action))

    @classmethod
    def nothing(cls) -> Rights:
        """Nothing may be seen or done."""
        return cls(frozenset(), frozenset(), frozenset())

    @property
    def in_use(self) -> Rights:
        """The same without articles that are out of use: what searches and lists go by."""
        return Rights(self.access, self.statuses & IN_USE, self.actions)

    def cover(self, access: Access, status: Status) -> bool:
        """Whether an article of this access level and status may be seen."""
        return access in self.access and status in self.statuses


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks: `id` is unique and never changes, `name` is what records show."""

    id: str
    name: str
    rights: Rights

    @classmethod
    def local(cls) -> Actor:
        """The person at the machine, who owns the library. Named at the edge: by the command line and the pages."""
        return cls("local", "本机", Rights.everything())

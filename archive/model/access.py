"""Who asks, what they may see, and what they may do."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from archive.model.errors import NotAllowed
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
    REGISTER = "登记"  # registers: see them, enter what comes in, fill in what is known
    FIRST_REVIEW = "初审"  # steps of procedures that are an editor's
    SECOND_REVIEW = "复审"  # those of the head of the office
    FINAL_REVIEW = "终审"  # those of the leader in charge
    PERSONAL = "个人信息"  # telephone, account and identity numbers of contributors
    ACCOUNTS = "管理账号"  # who may sign in, and with which roles


OF_THE_LIBRARY = frozenset({Action.MAINTAIN, Action.PURGE, Action.ACCOUNTS, Action.REGISTER, Action.PERSONAL})
"""What concerns the library as a whole, and cannot be granted in one collection."""


class Guarded(Protocol):
    """What rights are asked about: an article, in whatever shape."""

    @property
    def collection(self) -> str:
        """The id of its collection."""
        ...

    @property
    def status(self) -> Status:
        """How far it has come."""
        ...

    @property
    def access(self) -> Access:
        """Who it is for."""
        ...


@dataclass(frozen=True, slots=True)
class Grant:
    """Articles of these access levels and statuses may be seen, and these actions done with them.

    In one `collection`, or ("") in all but those that are `closed`: whole collections kept for narrower circles.
    """

    access: frozenset[Access]
    statuses: frozenset[Status]
    actions: frozenset[Action]
    collection: str = ""
    closed: frozenset[str] = frozenset()

    def reaches(self, collection: str) -> bool:
        """Whether it says anything about a collection."""
        return self.collection in ("", collection) and collection not in self.closed

    def covers(self, article: Guarded) -> bool:
        """Whether an article may be seen by it."""
        return article.access in self.access and article.status in self.statuses and self.reaches(article.collection)


@dataclass(frozen=True)
class Rights:
    """What somebody may see and do: whatever one of the grants allows. Equal ones are equal keys."""

    grants: tuple[Grant, ...]

    @classmethod
    def of(cls, access: frozenset[Access], statuses: frozenset[Status], actions: frozenset[Action]) -> Rights:
        """The same in all collections."""
        return cls((Grant(access, statuses, actions),))

    @classmethod
    def everything(cls) -> Rights:
        """No limits."""
        return cls.of(frozenset(Access), frozenset(Status), frozenset(Action))

    @classmethod
    def nothing(cls) -> Rights:
        """Nothing may be seen or done."""
        return cls(())

    @cached_property
    def in_use(self) -> Rights:
        """The same without articles that are out of use: what searches and lists go by."""
        return Rights(tuple(replace(one, statuses=one.statuses & IN_USE) for one in self.grants))

    @cached_property
    def whatever_status(self) -> Rights:
        """The same for articles of any status, for telling who saw one once that it is no more."""
        return Rights(tuple(replace(one, statuses=frozenset(Status)) for one in self.grants))

    @cached_property
    def unlimited(self) -> bool:
        """Whether no article is hidden."""
        return any(
            one.access == frozenset(Access) and one.statuses == frozenset(Status) and not (one.collection or one.closed)
            for one in self.grants
        )

    @cached_property
    def blind(self) -> bool:
        """Whether no article in use can be seen."""
        return not any(one.access and one.statuses for one in self.in_use.grants)

    def only(self, actions: frozenset[Action]) -> Rights:
        """The same to see, and of what may be done no more than these."""
        return Rights(tuple(replace(one, actions=one.actions & actions) for one in self.grants))

    def cover(self, article: Guarded) -> bool:
        """Whether an article may be seen."""
        return any(one.covers(article) for one in self.grants)

    def allow(self, action: Action, article: Guarded | None = None) -> bool:
        """Whether something may be done with an article; without one, whether it may be done anywhere."""
        return any(action in one.actions and (article is None or one.covers(article)) for one in self.grants)

    def allow_in(self, action: Action, collection: str) -> bool:
        """Whether something may be done with a collection as a whole, or with what is new in it."""
        return any(action in one.actions and one.reaches(collection) for one in self.grants)

    def within(self, levels: Mapping[str, Access]) -> Rights:
        """These rights where whole collections have an access level of their own: their id and that level."""
        grants = []
        for one in self.grants:
            closed = frozenset(id for id, level in levels.items() if level not in (Access.OPEN, *one.access))
            grants.append(replace(one, closed=closed))
        return Rights(tuple(grants))


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks: `id` is unique and never changes, `name` is what records show."""

    id: str
    name: str
    rights: Rights

    def require(self, action: Action, article: Guarded | None = None) -> None:
        """Raise NotAllowed unless this may be done with an article; without one, unless it may be done anywhere."""
        if not self.rights.allow(action, article):
            raise self._refusal(action)

    def require_in(self, action: Action, collection: str) -> None:
        """Raise NotAllowed unless this may be done with a collection as a whole."""
        if not self.rights.allow_in(action, collection):
            raise self._refusal(action)

    def _refusal(self, action: Action) -> NotAllowed:
        return NotAllowed(f"{self.name}没有“{action.value}”的权限", hint="请有这项权限的同事来做")

    @classmethod
    def local(cls) -> Actor:
        """The person at the machine, who owns the library. Named at the edge: by the command line and the pages."""
        return cls("local", "本机", Rights.everything())

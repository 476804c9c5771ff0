"""Accounts and their roles. `GRANTED` is the one table of what a role may see and do."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive.model.access import IN_USE, OF_THE_LIBRARY, Action, Actor, Grant, Rights
from archive.model.records import Access, Status


class AccountRole(enum.StrEnum):
    """What somebody is in the office."""

    READER = "读者"
    RESEARCHER = "研究者"
    EDITOR = "编辑"
    FIRST_REVIEW = "初审"
    SECOND_REVIEW = "复审"
    FINAL_REVIEW = "终审"
    ADMINISTRATOR = "管理员"


_RELEASED = frozenset({Status.RELEASED})
_OPEN = frozenset({Access.OPEN})
_OFFICE = frozenset({Access.OPEN, Access.INTERNAL})
_ALL = frozenset(Access)
_EDITING = frozenset({Action.IMPORT, Action.CORRECT, Action.DESCRIBE, Action.ARRANGE, Action.COMPILE})
_RECEIVING = frozenset({Action.REGISTER, Action.PERSONAL, Action.FIRST_REVIEW})
_REVIEWING = frozenset({Action.CORRECT, Action.DESCRIBE, Action.REGISTER})

GRANTED: dict[AccountRole, Grant] = {
    AccountRole.READER: Grant(_OPEN, _RELEASED, frozenset()),
    AccountRole.RESEARCHER: Grant(_OFFICE, _RELEASED, frozenset()),
    AccountRole.EDITOR: Grant(_ALL, frozenset(Status), _EDITING | _RECEIVING | {Action.WITHDRAW}),
    AccountRole.FIRST_REVIEW: Grant(_ALL, IN_USE, _REVIEWING | {Action.FIRST_REVIEW}),
    AccountRole.SECOND_REVIEW: Grant(_ALL, frozenset(Status), _REVIEWING | {Action.SECOND_REVIEW}),
    AccountRole.FINAL_REVIEW: Grant(_ALL, frozenset(Status), _REVIEWING | {Action.FINAL_REVIEW, Action.WITHDRAW}),
    AccountRole.ADMINISTRATOR: Grant(_ALL, frozenset(Status), frozenset(Action)),
}
"""What each role may see and do. A role held in one collection grants nothing of OF_THE_LIBRARY."""


MEANING: dict[AccountRole, str] = {
    AccountRole.READER: "看已经发布、公开的文章",
    AccountRole.RESEARCHER: "看已经发布的文章，公开的和内部的",
    AccountRole.EDITOR: "收稿、更正、登记、初审、编书，看全部文章",
    AccountRole.FIRST_REVIEW: "只做初审和更正、登记",
    AccountRole.SECOND_REVIEW: "主任：复审、送审",
    AccountRole.FINAL_REVIEW: "分管领导：终审、发布、撤下",
    AccountRole.ADMINISTRATOR: "全部，还有建账号、备份、清除",
}
"""What each role is for, in words for who gives it."""


@dataclass(frozen=True, slots=True, order=True)
class Holding:
    """A role that somebody holds: in one collection, or ("") everywhere."""

    role: AccountRole
    collection: str = ""

    def grant(self) -> Grant:
        """What comes with it."""
        whole = GRANTED[self.role]
        if not self.collection:
            return whole
        return replace(whole, collection=self.collection, actions=whole.actions - OF_THE_LIBRARY)


def rights_of(holdings: Iterable[Holding]) -> Rights:
    """What the roles of one person allow together."""
    return Rights(tuple(one.grant() for one in sorted(set(holdings))))


def public_reader() -> Actor:
    """Anybody who reads what is published, without an account: what a reader may see, and nothing to be done."""
    return Actor("public", "读者", rights_of((Holding(AccountRole.READER),)))


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. `login` is typed, `name` is shown and written into records.

    `must_change`: the password is a first one, which somebody else has seen. `disabled` is the moment since which the
    account is closed, "" while it is open; `last` is when somebody last signed in with it, "" for never.
    """

    id: str
    login: str
    name: str
    roles: tuple[Holding, ...]
    must_change: bool = False
    disabled: str = ""
    made: str = ""
    last: str = ""

    @property
    def administers(self) -> bool:
        """Whether this account may manage accounts, as long as it is open."""
        return not self.disabled and Holding(AccountRole.ADMINISTRATOR) in self.roles

    @property
    def actor(self) -> Actor:
        """The person as they ask; a closed account may nothing."""
        return Actor(self.id, self.name, Rights.nothing() if self.disabled else rights_of(self.roles))


@dataclass(frozen=True, slots=True)
class Login:
    """A browser in which somebody is signed in: from which address, with what program, since when, last when.

    `id` tells it from others and lets nobody in.
    """

    id: str
    account: str
    began: str
    seen: str
    address: str
    agent: str


class Scope(enum.StrEnum):
    """What a program may do in somebody's name, beyond nothing."""

    READ = "read"
    CORRECT = "correct"
    IMPORT = "import"
    COMPILE = "compile"


SCOPED: dict[Scope, frozenset[Action]] = {
    Scope.READ: frozenset(),
    Scope.CORRECT: frozenset({Action.CORRECT, Action.DESCRIBE}),
    Scope.IMPORT: frozenset({Action.IMPORT, Action.ARRANGE}),
    Scope.COMPILE: frozenset({Action.COMPILE}),
}
"""The actions that come with each, for who may do them anyway. Whatever reviews, purges or manages is in none."""

SCOPE_WORDS: dict[Scope, str] = {
    Scope.READ: "检索和看，做标记",
    Scope.CORRECT: "更正、著录",
    Scope.IMPORT: "收稿、建文集",
    Scope.COMPILE: "卡片、长编、书稿和导出",
}
"""What each is for, in words for who gives it."""


@dataclass(frozen=True, slots=True)
class Token:
    """What lets a program in as somebody: `owner` is their id, `name` what they call it, until the moment `ends`.

    `id` tells it from others and lets nobody in; `seen` is when it was last used, "" for never.
    """

    id: str
    owner: str
    name: str
    scopes: tuple[Scope, ...]
    made: str
    ends: str
    seen: str = ""

    def narrowed(self, actor: Actor) -> Actor:
        """The person as they ask through it: they see the same, and may do no more than its scopes."""
        actions = frozenset().union(*(SCOPED[one] for one in self.scopes))
        return replace(actor, rights=actor.rights.only(actions))


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to one person inside the program, from `who` ("" for the program itself).

    `link` is a path of the pages, "" for none; `seen` is when it was.
    """

    key: int
    moment: str
    words: str
    link: str = ""
    seen: str = ""
    who: str = ""

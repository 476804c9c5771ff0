"""Tokens: what lets programs in as somebody, with some of their rights, until a day.

The secret is shown once; kept is its digest. It has 256 bits, so that a quick digest is enough for nobody to guess it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from archive.model.access import Action, Actor
from archive.model.accounts import Account, Scope, Token
from archive.model.errors import NotAllowed, NotFound, StorageError, UsageError
from archive.store import Store
from archive.store.lock import written

LONGEST, USUAL = 366, 90
"""Days that a token lets anybody in."""

MOST = 20
"""Tokens of one person."""

_LONGEST_NAME = 60
_MARK = "wenshi_"  # so that a secret is known for what it is where it does not belong
_NOTED = timedelta(minutes=5)  # between two notes of when one was last used


class Tokens:
    """One's own, and for who manages accounts those of others; `account` finds one by the name to sign in with."""

    def __init__(self, store: Store, actor: Actor, account: Callable[[str], Account]) -> None:
        """For `Session` only."""
        self._store, self._actor, self._account = store, actor, account

    def listed(self, login: str = "") -> tuple[Token, ...]:
        """The tokens of somebody, one's own unless named, those that are over too. Raises NotFound."""
        return self._store.tokens.of(self._owner(login))

    def make(self, name: str, scopes: Iterable[Scope], days: int = USUAL, login: str = "") -> tuple[Token, str]:
        """A token for somebody, oneself unless named, and its secret, which is shown once.

        Everybody may have some: they allow nothing that the person may not do. Raises UsageError, NotFound.
        """
        owner, moment = self._owner(login), _now()
        called, wanted = " ".join(name.split()), {Scope.READ, *scopes}
        if not called or len(called) > _LONGEST_NAME or not called.isprintable():
            raise UsageError(f"令牌要有个名字，1 至 {_LONGEST_NAME} 字。", hint="写是给什么程序用的：统计用的 Excel")
        if not 1 <= days <= LONGEST:
            raise UsageError(f"令牌用不了 {days} 天。", hint=f"写 1 至 {LONGEST}；到期再做一个")
        if len(self._store.tokens.of(owner)) >= MOST:
            raise UsageError(f"一个人最多 {MOST} 个令牌。", hint="先停用不用的")
        ends = moment + timedelta(days=days)
        token = Token(
            secrets.token_hex(8),
            owner,
            called,
            tuple(one for one in Scope if one in wanted),
            written(moment),
            written(ends),
        )
        secret = _MARK + secrets.token_urlsafe(32)
        self._store.tokens.add(token, _digest(secret), self._actor.name)
        return token, secret

    def end(self, id: str, login: str = "") -> None:
        """Let a token let nobody in any more. Raises NotFound for one that is not there, or is another's."""
        if not self._store.tokens.end(id, self._owner(login), self._actor.name):
            raise NotFound("这个令牌已经停用了。", hint="刷新清单再看")

    def _owner(self, login: str) -> str:
        if login:
            return self._account(login).id
        if not self._actor.id:
            raise NotAllowed("没有登录，不能有令牌。", hint="先登录")
        if self._actor.id == Actor.local().id and self._store.accounts.any():
            raise UsageError("有了账号以后，令牌都是哪个人的。", hint="写明是给谁的：--user 登录名")
        return self._actor.id

    @property
    def manages(self) -> bool:
        """Whether the actor may end those of others."""
        return self._actor.rights.allow(Action.ACCOUNTS)


def holder(store: Store, secret: str) -> tuple[Actor, Account | None, Token] | None:
    """Who asks with this secret, as far as it lets them; None where it is nobody's, over, or its account was closed."""
    token = store.tokens.held(_digest(secret)) if secret.startswith(_MARK) else None
    moment = written(_now())
    if token is None or token.ends <= moment:
        return None
    local = Actor.local()
    account = store.accounts.get(token.owner)
    if account is None and (token.owner != local.id or store.accounts.any()):
        return None
    if account is not None and (account.disabled or account.must_change):
        return None
    if not token.seen or datetime.fromisoformat(moment) - datetime.fromisoformat(token.seen) > _NOTED:
        with suppress(StorageError):  # where nothing can be written, programs still read
            store.tokens.seen(token.id, moment)
    return token.narrowed(account.actor if account else local), account, token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)

"""The accounts of an office as one actor meets them: `session.accounts`. Nobody is ever deleted: records name them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from archive.model.access import Action, Actor
from archive.model.accounts import Account, AccountRole, Holding, Login
from archive.model.errors import NotAllowed, NotFound, UsageError
from archive.store import Store
from archive.store.account_rows import no_account
from archive.workflow import passwords
from archive.workflow.logins import folded

_LOGIN = re.compile(r"[\w.@-]{1,40}")
_LONGEST_NAME = 40


class Accounts:
    """Who may sign in, for who manages that; everybody's own password and browsers, for themselves."""

    def __init__(self, store: Store, actor: Actor) -> None:
        """For `Session` only."""
        self._rows = store.accounts
        self._store = store
        self._actor = actor

    def listed(self) -> tuple[Account, ...]:
        """All accounts, for who manages them."""
        return self._rows.listed() if self._actor.rights.allow(Action.ACCOUNTS) else ()

    def get(self, login: str) -> Account:
        """An account by the name it is signed in with: one's own, any for who manages them. Raises NotFound."""
        found = self._rows.named(folded(login))
        if found is None or not (found[0].id == self._actor.id or self._actor.rights.allow(Action.ACCOUNTS)):
            raise no_account()
        return found[0]

    def own(self) -> Account | None:
        """The account of who asks; None for who owns the library's folder and needs none."""
        return self._rows.get(self._actor.id)

    def add(self, login: str, name: str, roles: Iterable[Holding]) -> tuple[Account, str]:
        """Make an account; it and its first password, which is shown once. Raises UsageError, Conflict, NotFound."""
        self._actor.require(Action.ACCOUNTS)
        account = self._fresh(login, name, roles, must_change=True)
        password = passwords.made_up()
        self._rows.add(account, passwords.hashed(password), self._actor.name)
        return self.get(account.login), password

    def found(self, login: str, name: str, password: str) -> Account:
        """Make the first account, an administrator's, with a password of their own. Conflict where there is one."""
        self._actor.require(Action.ACCOUNTS)
        account = self._fresh(login, name, [Holding(AccountRole.ADMINISTRATOR)], must_change=False)
        passwords.check(password, account.login)
        self._rows.add(account, passwords.hashed(password), self._actor.name, first=True)
        return self.get(account.login)

    def set_roles(self, login: str, roles: Iterable[Holding]) -> Account:
        """Give somebody these roles and no others, from the next request on.

        Raises NotFound, UsageError, Conflict for the last administrator.
        """
        self._actor.require(Action.ACCOUNTS)
        self._rows.set_roles(self.get(login).id, self._checked(roles), self._actor.name)
        return self.get(login)

    def reset_password(self, login: str) -> str:
        """Give somebody a first password again, which is shown once; their browsers are signed out. NotFound."""
        self._actor.require(Action.ACCOUNTS)
        password = passwords.made_up()
        self._rows.set_password(self.get(login).id, passwords.hashed(password), self._actor.name, must_change=True)
        return password

    def change_password(self, old: str, fresh: str) -> None:
        """Change one's own password; all one's browsers are signed out. Raises NotAllowed, UsageError, NotFound."""
        account = self.own()
        if account is None:
            raise no_account()
        if not passwords.fits(old, self._rows.password(account.id)):
            raise NotAllowed("现在的密码不对，没有改动。", hint="再输一次；忘了密码，请管理员重设")
        passwords.check(fresh, account.login)
        if fresh == old:
            raise UsageError("新密码和原来的一样，没有改动。", hint="另想一个密码")
        self._rows.set_password(account.id, passwords.hashed(fresh), self._actor.name, must_change=False)

    def disable(self, login: str) -> None:
        """Close somebody's account at once. Raises NotFound, Conflict for the last administrator."""
        self._actor.require(Action.ACCOUNTS)
        self._rows.disable(self.get(login).id, self._actor.name)

    def enable(self, login: str) -> None:
        """Open a closed account again. Raises NotFound."""
        self._actor.require(Action.ACCOUNTS)
        self._rows.enable(self.get(login).id, self._actor.name)

    def logins(self, login: str = "") -> tuple[Login, ...]:
        """The browsers somebody is signed in with, oneself unless named. Raises NotFound."""
        return self._rows.logins(self.get(login).id if login else self._actor.id)

    def end_login(self, id: str, login: str = "") -> None:
        """Sign a browser out. Raises NotFound for one that is not (any longer) signed in, or is another's."""
        if not self._rows.end(id, self.get(login).id if login else self._actor.id):
            raise NotFound("这一处登录已经退出了。", hint="刷新清单再看")

    def _fresh(self, login: str, name: str, roles: Iterable[Holding], *, must_change: bool) -> Account:
        typed, shown = folded(login), name.strip() or login.strip()
        if not typed:
            raise UsageError("没有写登录名。", hint="用姓名、拼音或数字，1 到 40 个字，中间不空格")
        if not _LOGIN.fullmatch(typed):
            raise UsageError(f"登录名不能是“{login[:40]}”。", hint="用姓名、拼音或数字，1 到 40 个字，中间不空格")
        if not shown.isprintable() or len(shown) > _LONGEST_NAME:
            raise UsageError(f"姓名不能超过 {_LONGEST_NAME} 个字，也不能换行。", hint="写姓名")
        return Account(secrets.token_hex(8), typed, shown, self._checked(roles), must_change=must_change)

    def _checked(self, roles: Iterable[Holding]) -> tuple[Holding, ...]:
        held = tuple(sorted(set(roles)))
        known = {one.id for one in self._store.collections(None)}
        for one in held:
            if one.collection and one.collection not in known:
                raise NotFound(f"没有编号为“{one.collection[:40]}”的文集", hint="看看文集的清单")
            if one.collection and one.role is AccountRole.ADMINISTRATOR:
                raise UsageError(
                    "管理员管整个资料库，不能只管一个文集。", hint="在一个文集里可以是编辑、审稿、研究者或读者"
                )
        return held

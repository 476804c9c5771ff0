"""Accounts, and the browsers they are signed in with, as rows.

Only the database guards them, not the writer's lock: who signs in must not wait for a long import.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection, delete, func, insert, select, update

from archive.model.accounts import Account, AccountRole, Holding, Login
from archive.model.errors import Conflict, NotFound
from archive.store import audit
from archive.store.database import Database
from archive.store.lock import now
from archive.store.schema import account_roles, accounts, login_attempts, logins, tokens

Origin = tuple[str, str]
"""When something was done, and by whom."""


class AccountRows:
    """The accounts of one library. Every change is told to the audit log by who made it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- reading

    def any(self) -> bool:
        """Whether there is an account at all."""
        return self._database.remembered("accounts", lambda connection: _count(connection) > 0)

    def listed(self) -> tuple[Account, ...]:
        """All accounts, by the names they are signed in with."""
        with self._database.reading() as connection:
            return _accounts(connection)

    def get(self, id: str) -> Account | None:
        """One account; None where there is none with this id."""
        return next((one for one in self._all() if one.id == id), None)

    def named(self, login: str) -> tuple[Account, str] | None:
        """An account by what is typed to sign in, with its hashed password; None where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(accounts.c.id, accounts.c.password).where(accounts.c.login == login)
            ).first()
            if row is None:
                return None
            return next(one for one in _accounts(connection) if one.id == row.id), row.password

    def password(self, id: str) -> str:
        """The hashed password of an account. Raises NotFound."""
        with self._database.reading() as connection:
            found = connection.scalar(select(accounts.c.password).where(accounts.c.id == id))
        if found is None:
            raise no_account()
        return str(found)

    def password_set(self, id: str) -> str:
        """When the password of an account was set; "" for one that is not there."""
        with self._database.reading() as connection:
            return str(connection.scalar(select(accounts.c.changed).where(accounts.c.id == id)) or "")

    def _all(self) -> tuple[Account, ...]:
        return self._database.remembered("all accounts", _accounts)

    # -- changing

    def add(self, account: Account, password: str, who: str, *, first: bool = False) -> None:
        """Add an account. Raises Conflict for a name that is taken, and where the `first` one is not the first."""
        with self._changing(who) as (connection, origin):
            if first and _count(connection):
                raise Conflict("已经有账号了，这个链接不能再用", hint="用自己的账号登录；忘了密码，请管理员重设")
            taken = select(accounts.c.id).where(accounts.c.login == account.login)
            if connection.scalar(taken) is not None:
                raise Conflict(f"登录名“{account.login}”已经有人用了", hint="换一个登录名")
            row: dict[str, object] = {"id": account.id, "login": account.login, "name": account.name}
            row |= {"password": password, "must_change": account.must_change, "disabled": ""}
            row |= {"changed": origin[0], "made": origin[0]}
            connection.execute(insert(accounts).values(row))
            _give(connection, account.id, account.roles)
            audit.note(connection, origin, "account", account.id, f"建账号 {account.login}：{_words(account.roles)}")

    def set_roles(self, id: str, roles: Iterable[Holding], who: str) -> None:
        """Give an account these roles and no others. Raises NotFound, Conflict for the last administrator."""
        held = tuple(sorted(set(roles)))
        with self._changing(who) as (connection, origin):
            account = _account(connection, id)
            _require_administrator(connection, replace(account, roles=held))
            connection.execute(delete(account_roles).where(account_roles.c.account == id))
            _give(connection, id, held)
            detail = f"{account.login} 的角色：{_words(account.roles)} → {_words(held)}"
            audit.note(connection, origin, "account", id, detail)

    def set_password(self, id: str, password: str, who: str, *, must_change: bool) -> None:
        """Set a hashed password; all browsers of the account are signed out, and it is no longer locked. NotFound.

        With a first password again its tokens end too: somebody else may hold them.
        """
        with self._changing(who) as (connection, origin):
            account = _account(connection, id)
            values = {"password": password, "must_change": must_change, "changed": origin[0]}
            connection.execute(update(accounts).where(accounts.c.id == id).values(values))
            connection.execute(delete(logins).where(logins.c.account == id))
            connection.execute(delete(login_attempts).where(login_attempts.c.about == f"name:{account.login}"))
            if must_change:
                connection.execute(delete(tokens).where(tokens.c.owner == id))
            how = "重设密码" if must_change else "修改密码"
            audit.note(connection, origin, "account", id, f"{account.login}：{how}")

    def rehash(self, id: str, password: str) -> None:
        """Keep the same password hashed in another way. Raises StorageError."""
        with self._database.writing() as connection:
            connection.execute(update(accounts).where(accounts.c.id == id).values(password=password))

    def disable(self, id: str, who: str) -> None:
        """Close an account, sign out its browsers and end its tokens.

        Raises NotFound, Conflict for the last administrator.
        """
        with self._changing(who) as (connection, origin):
            account = _account(connection, id)
            _require_administrator(connection, replace(account, disabled=origin[0]))
            connection.execute(update(accounts).where(accounts.c.id == id).values(disabled=origin[0]))
            connection.execute(delete(logins).where(logins.c.account == id))
            connection.execute(delete(tokens).where(tokens.c.owner == id))
            audit.note(connection, origin, "account", id, f"{account.login}：停用")

    def enable(self, id: str, who: str) -> None:
        """Open a closed account again. Raises NotFound."""
        with self._changing(who) as (connection, origin):
            account = _account(connection, id)
            connection.execute(update(accounts).where(accounts.c.id == id).values(disabled=""))
            audit.note(connection, origin, "account", id, f"{account.login}：启用")

    @contextmanager
    def _changing(self, who: str) -> Iterator[tuple[Connection, Origin]]:
        with self._database.writing() as connection:
            yield connection, (now(), who)

    # -- signing in

    def try_from(self, about: Iterable[tuple[str, int]], since: str, until: str) -> str:
        """Note an attempt to sign in for each of (whom or where it is about, how many are allowed since a moment).

        Returns "" and notes it, or what has had too many already and notes nothing. One step: several at once cannot
        all be the last one allowed. Moments after `until` come from a wrong clock and do not count.
        """
        with self._database.writing() as connection:
            connection.execute(delete(login_attempts).where(login_attempts.c.moment < since))
            for what, most in about:
                counted = select(func.count()).select_from(login_attempts).where(login_attempts.c.about == what)
                if (connection.scalar(counted.where(login_attempts.c.moment <= until)) or 0) >= most:
                    return what
            for what, _ in about:
                connection.execute(insert(login_attempts).values(about=what, moment=now()))
            return ""

    def begin(self, login: Login, name: str, *, forget: Iterable[str]) -> None:
        """Note a browser that somebody called `name` is signed in with, and forget the attempts about these."""
        row = {name: getattr(login, name) for name in Login.__dataclass_fields__}
        with self._database.writing() as connection:
            connection.execute(delete(login_attempts).where(login_attempts.c.about.in_(list(forget))))
            connection.execute(insert(logins).values(row))
            audit.note(connection, (login.began, name), "login", login.account, f"登录：{login.address}")

    def login(self, id: str) -> Login | None:
        """A browser that is signed in; None where there is none with this id."""
        return next((one for one in self._database.remembered("logins", _logins) if one.id == id), None)

    def logins(self, account: str) -> tuple[Login, ...]:
        """The browsers an account is signed in with, those used last first."""
        with self._database.reading() as connection:
            return tuple(one for one in _logins(connection) if one.account == account)

    def seen(self, id: str, moment: str) -> None:
        """Note when a browser was last used."""
        with self._database.writing() as connection:
            connection.execute(update(logins).where(logins.c.id == id).values(seen=moment))

    def end(self, id: str, account: str) -> bool:
        """Sign a browser of an account out; whether there was one."""
        with self._database.writing() as connection:
            statement = delete(logins).where(logins.c.id == id, logins.c.account == account)
            return connection.execute(statement).rowcount > 0

    def end_before(self, moment: str) -> None:
        """Forget the browsers that were last used before a moment."""
        with self._database.writing() as connection:
            connection.execute(delete(logins).where(logins.c.seen < moment))


def no_account() -> NotFound:
    """The error for an account that is not there."""
    return NotFound("没有这个账号", hint="看看账号的清单：登录名可能写错了")


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(accounts)) or 0


def _accounts(connection: Connection) -> tuple[Account, ...]:
    held: dict[str, list[Holding]] = {}
    for row in connection.execute(select(account_roles)):
        held.setdefault(row.account, []).append(Holding(AccountRole(row.role), row.collection))
    last = select(logins.c.account, func.max(logins.c.seen)).group_by(logins.c.account)
    seen: dict[str, str] = {row[0]: row[1] for row in connection.execute(last)}
    table = accounts.c
    query = select(table.id, table.login, table.name, table.must_change, table.disabled, table.made)
    return tuple(
        Account(
            id=row.id, login=row.login, name=row.name, roles=tuple(sorted(held.get(row.id, ()))),
            must_change=row.must_change, disabled=row.disabled, made=row.made, last=seen.get(row.id, ""),
        )
        for row in connection.execute(query.order_by(table.login))
    )  # fmt: skip


def _account(connection: Connection, id: str) -> Account:
    found = next((one for one in _accounts(connection) if one.id == id), None)
    if found is None:
        raise no_account()
    return found


def _require_administrator(connection: Connection, changed: Account) -> None:
    """Raise Conflict where nobody would be left to manage accounts once one of them has changed."""
    others = (one for one in _accounts(connection) if one.id != changed.id)
    if not changed.administers and not any(one.administers for one in others):
        raise Conflict(f"{changed.name}是最后一位管理员，不能停用，也不能去掉管理员的角色", hint="先让另一个人做管理员")


def _give(connection: Connection, id: str, roles: Iterable[Holding]) -> None:
    for one in roles:
        connection.execute(insert(account_roles).values(account=id, role=one.role.value, collection=one.collection))


def _words(roles: Iterable[Holding]) -> str:
    return "、".join(f"{one.role}（{one.collection}）" if one.collection else one.role for one in roles) or "没有"


def _logins(connection: Connection) -> tuple[Login, ...]:
    table = logins.c
    query = select(table.id, table.account, table.began, table.seen, table.address, table.agent)
    return tuple(Login(*row) for row in connection.execute(query.order_by(table.seen.desc(), table.id)))

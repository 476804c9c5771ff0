"""Who somebody is: signing in with a name and a password, and being known again by what the browser then holds.

The one part of a library that is met without a session, because it is asked before anybody knows for whom one would be.
Everything is a row, so that several serving processes agree, and whoever is signed out is so everywhere.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache

from archive.model.accounts import Account, Login
from archive.model.errors import NotAllowed, StorageError
from archive.store import Store
from archive.store.lock import written
from archive.workflow import passwords

IDLE = timedelta(hours=4)
"""Whoever does nothing for so long is signed out."""

LONGEST = timedelta(hours=12)
"""Whoever signed in so long ago signs in again."""

FIRST_PASSWORD = timedelta(days=14)
"""A first password must be used within so long."""

TRIES = 5
"""So many wrong passwords for one name, and it is locked for WINDOW."""

TRIES_FROM = 30
"""So many from one address, over all names."""

WINDOW = timedelta(minutes=15)
_SLACK = timedelta(minutes=5)  # a clock may be put back by so much
_NOTED = timedelta(minutes=5)  # between two notes of when a browser was last used


class Logins:
    """The browsers in which people are signed in to one library."""

    def __init__(self, store: Store) -> None:
        """For `Library` only."""
        self._rows = store.accounts

    @property
    def needed(self) -> bool:
        """Whether people have to sign in: as soon as there is an account."""
        return self._rows.any()

    def sign_in(self, login: str, password: str, address: str = "", agent: str = "") -> tuple[str, Account]:
        """Let somebody in; what the browser is to hold, and whose account it is.

        NotAllowed says the same for a name that is not there, a wrong password and a closed account. After TRIES it
        says that it is locked and until when; also for names nobody has.
        """
        typed, moment = folded(login), _now()
        tries = ((f"name:{typed}", TRIES), (f"from:{address}", TRIES_FROM))
        if self._rows.try_from(tries, written(moment - WINDOW), written(moment + _SLACK)):
            minutes = int(WINDOW.total_seconds() // 60)
            hint = f"等 {minutes} 分钟再试；忘了密码，请管理员重设，重设以后马上可以登录"
            raise NotAllowed(f"密码错得太多次，{minutes} 分钟内不能再试。", hint=hint)
        found = self._rows.named(typed)
        fits = passwords.fits(password, found[1] if found else _nobodys())
        if found is None or not fits or found[0].disabled:
            raise NotAllowed("登录名或密码不对。", hint="看看大小写和输入法；忘了密码，请管理员重设")
        account, kept = found
        if account.must_change and moment - _moment(self._rows.password_set(account.id)) > FIRST_PASSWORD:
            days = FIRST_PASSWORD.days
            raise NotAllowed(f"首次密码超过 {days} 天没有用，已经失效。", hint="请管理员再重设一次密码")
        if passwords.dated(kept):
            self._rows.rehash(account.id, passwords.hashed(password))
        token = secrets.token_urlsafe(32)
        begun = Login(_id(token), account.id, written(moment), written(moment), address[:60], agent[:200])
        self._rows.end_before(written(moment - LONGEST))
        self._rows.begin(begun, account.name, forget=[tries[0][0]])
        return token, account

    def who(self, token: str) -> tuple[Account, Login] | None:
        """Whose browser this is; None where nobody is signed in with it any more, or the account was closed.

        A moment that lies ahead was noted while the clock was wrong: it counts as over.
        """
        login = self._rows.login(_id(token)) if token else None
        account = self._rows.get(login.account) if login else None
        if login is None or account is None or account.disabled:
            return None
        moment = _now()
        idle, whole = moment - _moment(login.seen), moment - _moment(login.began)
        if not (-_SLACK <= idle <= IDLE and -_SLACK <= whole <= LONGEST):
            return None
        if idle > _NOTED:
            with suppress(StorageError):  # where nothing can be written, people still read
                self._rows.seen(login.id, written(moment))
        return account, login

    def sign_out(self, token: str) -> None:
        """Let a browser be nobody's again."""
        login = self._rows.login(_id(token)) if token else None
        if login is not None:
            self._rows.end(login.id, login.account)


def folded(login: str) -> str:
    """How names to sign in with are compared."""
    return unicodedata.normalize("NFKC", login).strip().casefold()[:100]


@cache
def _nobodys() -> str:
    """What a password is compared with where there is no such name: looking for names by the clock finds none."""
    return passwords.hashed(secrets.token_hex())


def _id(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)

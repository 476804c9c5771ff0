"""Who asks. With accounts: whoever is signed in. Without: whoever opened the address that the program printed.

That address carries a key made from the library's own, so that another user of the same computer, who reaches the same
port, does not read along; afterwards a cookie stands for it.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask, abort, current_app, g, redirect, render_template, request, url_for
from flask import session as login
from flask.typing import ResponseReturnValue

from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.accounts import Account, Token
from web.base import problem

NOBODY = Actor("", "没有登录的人", Rights.nothing())

_KEY = "wenshi.door"
_WHO, _OPENED = "who", "opened"
_FREE = frozenset({"static", "health.state", "office.sign_in", "office.open_address", "office.welcome"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = frozenset({"static", "health.state", "office.password", "office.sign_out"})


@dataclass(frozen=True, slots=True)
class Door:
    """How one application lets people in; `locked`: only who has the key, as long as there are no accounts.

    `founding`: there are to be accounts, and only the first one may be made.
    """

    library: Library
    locked: bool = False
    founding: bool = False

    @property
    def accounts(self) -> bool:
        """Whether people sign in."""
        return self.library.logins.needed


def attach(app: Flask, library: Library, *, locked: bool, founding: bool) -> None:
    """Ask at every request who it is."""
    app.extensions[_KEY] = Door(library, locked, founding)
    app.before_request(_admit)


def path(app: Flask) -> str:
    """What is to be opened first, below the address of the pages; "" where nothing particular."""
    door: Door = app.extensions[_KEY]
    if door.accounts:
        return ""
    if door.founding:
        return f"welcome/{_key(app, 'welcome')}"
    return f"open/{_key(app, 'open')}" if door.locked else ""


def actor() -> Actor:
    """Who asks: a request's own actor, NOBODY before that is known to be somebody."""
    if "wenshi_actor" not in g:
        g.wenshi_actor = _known()
    found: Actor = g.wenshi_actor
    return found


def account() -> Account | None:
    """The account that is signed in, None where there is none or none is needed."""
    actor()
    found: Account | None = g.get("wenshi_account")
    return found


def accounts() -> bool:
    """Whether people sign in here."""
    return _door().accounts


def let_in(token: str, whose: str) -> None:
    """Let this browser be somebody's. The secret of its forms is made anew, unless the same person comes back."""
    same = login.get("whose") == whose
    secret = login.get("token") if same else None
    login.clear()
    login.permanent = True
    login[_WHO], login["whose"] = token, whose
    if secret:
        login["token"] = secret
    for name in ("wenshi_actor", "wenshi_account"):
        g.pop(name, None)


def let_out() -> None:
    """Let this browser be nobody's."""
    _door().library.logins.sign_out(str(login.get(_WHO, "")))
    login.clear()


def holds_key(given: str, purpose: str) -> bool:
    """Whether this is the key for opening the pages ("open") or for making the first account ("welcome")."""
    app = current_app
    fits = hmac.compare_digest(given.encode("utf-8", "replace"), _key(app, purpose).encode())
    return fits and (purpose == "open" or (_door().founding and not accounts()))


def opened() -> None:
    """Let this browser in from now on without the key."""
    login.permanent = True
    login[_OPENED] = True


def _door() -> Door:
    door: Door = current_app.extensions[_KEY]
    return door


def _key(app: Flask, purpose: str) -> str:
    secret = str(app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"wenshi {purpose}".encode(), hashlib.sha256).hexdigest()[:32]


def token() -> Token | None:
    """The token that a program asks with; None where nobody does, or it lets nobody in."""
    actor()
    found: Token | None = g.get("wenshi_token")
    return found


def _known() -> Actor:
    door = _door()
    g.wenshi_account = g.wenshi_token = None
    if problem.wanted() and request.authorization is not None:
        held = door.library.holder(request.authorization.token or "")
        if held is None:
            return NOBODY
        asking, g.wenshi_account, g.wenshi_token = held
        return asking
    if not door.accounts:
        return NOBODY if door.founding or (door.locked and not login.get(_OPENED)) else Actor.local()
    found = door.library.logins.who(str(login.get(_WHO, "")))
    if found is None:
        return NOBODY
    g.wenshi_account = found[0]
    return found[0].actor


def _admit() -> ResponseReturnValue | None:
    if request.endpoint in _FREE:
        return None
    if actor() is NOBODY:
        return _refused()
    if problem.wanted() and request.method not in _READING and token() is None:
        told = "用程序改动资料库要有访问令牌。"
        return problem.problem(
            401, "要有令牌", told, "在“我的”里做一个令牌，请求里写 Authorization: Bearer 令牌", "no-token"
        )
    here = account()
    if here is not None and here.must_change and request.endpoint not in _OWN:
        return redirect(url_for("office.password"), code=303)
    return None


def _refused() -> ResponseReturnValue:
    door = _door()
    if problem.wanted() and request.authorization is not None:
        return problem.problem(401, "令牌不对", "没有这个令牌，或者已经到期、停用。", "在“我的”里另做一个", "token")
    if not door.accounts:
        if problem.wanted():
            return problem.problem(401, "先要打开", "先打开启动时显示的地址。", "", "not-opened")
        return render_template("door_closed.html", founding=door.founding), 401
    if problem.wanted():
        return problem.problem(401, "先要登录", "还没有登录，或登录已经到期。", "", "not-signed-in")
    if request.method == "POST":
        abort(401, "登录已经到期，刚才交的没有保存。在另一个窗口登录，再退回上一页交一次，填写的还在。")
    query = request.query_string.decode("utf-8", "replace")
    wanted = f"{request.path}?{query}" if query else request.path
    target = url_for("office.sign_in")
    return redirect(target if wanted == "/" else f"{target}?{urlencode({'next': wanted})}", code=303)


def login_id() -> str:
    """What names this browser among those one is signed in with."""
    found = _door().library.logins.who(str(login.get(_WHO, "")))
    return found[1].id if found else ""

"""Getting in: the address that was printed, signing in and out, one's own password and browsers, messages."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import Actor
from archive.model.accounts import Account
from archive.model.errors import NotAllowed, NotFound, WenshiError
from web.base import current, door
from web.base.security import page_of_ours

pages = Blueprint("office", __name__, url_prefix="/")

_WRONG_KEY = "这个地址不对，或者已经不用了。打开启动文史时窗口里显示的地址，整行都要。"


@pages.get("open/<key>")
def open_address(key: str) -> ResponseReturnValue:
    """The printed address: lets this browser in and leads to the pages, so that the key does not stay in view."""
    if not door.accounts():
        if not door.holds_key(key, "open"):
            abort(401, _WRONG_KEY)
        door.opened()
    return redirect(page_of_ours(request.args.get("next", "/")), code=303)


@pages.route("welcome/<key>", methods=["GET", "POST"])
def welcome(key: str) -> ResponseReturnValue:
    """The first administrator's account, once."""
    if not door.holds_key(key, "welcome"):
        if door.account() is not None:
            return redirect(url_for("search.search"), code=303)  # who made the account opens it again
        abort(401, "这个链接已经用过，或者不对。已有账号的，请登录；没有的，请管理员给您建一个。")
    form = request.form
    if request.method == "GET":
        return render_template("welcome.html", fault=None, login="", name="")
    try:
        _require_same(form.get("password", ""), form.get("again", ""))
        owner = current.library().session(Actor.local())  # who has the link runs the program
        account = owner.accounts.found(form.get("login", ""), form.get("name", ""), form.get("password", ""))
    except WenshiError as fault:
        shown = {"login": form.get("login", ""), "name": form.get("name", "")}
        return render_template("welcome.html", fault=fault, **shown), 400
    token, _ = current.library().logins.sign_in(account.login, form["password"], _address(), _agent())
    door.let_in(token, account.id)
    return redirect(url_for("office.accounts"), code=303)


@pages.route("login", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Name and password; leads on to the page that was wanted."""
    wanted = page_of_ours(request.values.get("next", "/"))
    if not door.accounts() or door.account() is not None:
        return redirect(wanted, code=303)
    if request.method == "GET":
        return render_template("sign_in.html", fault=None, login="", wanted=wanted)
    typed = request.form.get("login", "")
    try:
        token, account = current.library().logins.sign_in(typed, request.form.get("password", ""), _address(), _agent())
    except NotAllowed as fault:
        return render_template("sign_in.html", fault=fault, login=typed[:40], wanted=wanted), 401
    door.let_in(token, account.id)
    return redirect(wanted, code=303)


@pages.post("logout")
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    door.let_out()
    return redirect(url_for("office.sign_in"), code=303)


@pages.route("me/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """One's own password."""
    account = _account()
    if request.method == "GET":
        return render_template("own_password.html", account=account, fault=None)
    fresh = request.form.get("password", "")
    try:
        _require_same(fresh, request.form.get("again", ""))
        current.session().accounts.change_password(request.form.get("old", ""), fresh)
    except WenshiError as fault:
        return render_template("own_password.html", account=account, fault=fault), 400
    token, account = current.library().logins.sign_in(account.login, fresh, _address(), _agent())
    door.let_in(token, account.id)
    flash("密码已经改好，在别处的登录都已退出。")
    return redirect(url_for("office.me"), code=303)


@pages.get("me")
def me() -> ResponseReturnValue:
    """Who one is here: roles, the browsers one is signed in with, messages."""
    session = current.session()
    notices = session.notices.listed()
    session.notices.see()
    account = door.account()
    logins = session.accounts.logins() if account else ()
    return render_template("me.html", account=account, logins=logins, this=door.login_id(), notices=notices)


@pages.post("me/logins/<id>/end")
def end_login(id: str) -> ResponseReturnValue:
    """Sign out another of one's browsers."""
    current.session().accounts.end_login(id)
    flash("那一处已经退出。")
    return redirect(url_for("office.me"), code=303)


def _account() -> Account:
    account = door.account()
    if account is None:
        raise NotFound("这里不用登录，也就没有密码。", hint="要几个人一起用，先建账号，见帮助里的“多人使用”")
    return account


def _require_same(fresh: str, again: str) -> None:
    if fresh != again:
        raise NotAllowed("两次写的新密码不一样，没有保存。", hint="再写一次")


def _address() -> str:
    return request.remote_addr or ""


def _agent() -> str:
    return request.headers.get("User-Agent", "")

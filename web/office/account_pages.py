"""Accounts, for administrators: who may sign in, as what; a first password; closing and opening."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.accounts import MEANING, SCOPE_WORDS, AccountRole, Holding
from archive.model.errors import UsageError, WenshiError
from web.base import current
from web.office.login_pages import pages


@pages.get("accounts")
def accounts() -> ResponseReturnValue:
    """All accounts, and a form for one more."""
    return _page()


@pages.post("accounts")
def add_account() -> ResponseReturnValue:
    """Make an account; its first password is shown once."""
    form = request.form
    try:
        session = current.session()
        holding = _holdings(form.getlist("role"), form.get("collection", ""))
        if not session.accounts.listed() and Holding(AccountRole.ADMINISTRATOR) not in holding:
            raise UsageError("第一个账号要是管理员。", hint="勾上“管理员”；建好以后，用它登录再建别人的")
        account, password = session.accounts.add(form.get("login", ""), form.get("name", ""), holding)
    except WenshiError as fault:
        return _page(fault=fault, status=400)
    return render_template("account_password.html", account=account, password=password)


@pages.get("accounts/<login>")
def account(login: str) -> ResponseReturnValue:
    """One account."""
    current.require(Action.ACCOUNTS)
    session = current.session()
    found = session.accounts.get(login)
    return render_template(
        "account.html",
        account=found,
        logins=session.accounts.logins(login),
        tokens=session.tokens.listed(login),
        words=SCOPE_WORDS,
        roles=tuple(AccountRole),
        meanings=MEANING,
        collections=session.collections(),
    )


@pages.post("accounts/<login>/roles")
def set_roles(login: str) -> ResponseReturnValue:
    """Give somebody these roles: everywhere, and in single collections."""
    everywhere = _holdings(request.form.getlist("role"), "")
    single = [
        Holding(_role(role), collection)
        for role, _, collection in (one.partition("@") for one in request.form.getlist("single"))
    ]
    if (more := request.form.get("more-role", "")) and (where := request.form.get("more-collection", "")):
        single.append(Holding(_role(more), where))
    current.session().accounts.set_roles(login, [*everywhere, *single])
    flash("角色已经改好，他下一次点开页面就生效。")
    return redirect(url_for("office.account", login=login), code=303)


@pages.post("accounts/<login>/password")
def reset_password(login: str) -> ResponseReturnValue:
    """A first password again, shown once."""
    session = current.session()
    password = session.accounts.reset_password(login)
    return render_template("account_password.html", account=session.accounts.get(login), password=password)


@pages.post("accounts/<login>/closed")
def set_closed(login: str) -> ResponseReturnValue:
    """Close an account, or open it again."""
    accounts = current.session().accounts
    if request.form.get("do") == "enable":
        accounts.enable(login)
        flash("已经启用。")
    else:
        accounts.disable(login)
        flash("已经停用，他在各处的登录都已退出，令牌也都停用。")
    return redirect(url_for("office.account", login=login), code=303)


@pages.post("accounts/<login>/logins/<id>/end")
def end_their_login(login: str, id: str) -> ResponseReturnValue:
    """Sign out one of somebody's browsers."""
    current.require(Action.ACCOUNTS)
    current.session().accounts.end_login(id, login)
    flash("那一处已经退出。")
    return redirect(url_for("office.account", login=login), code=303)


def _page(fault: WenshiError | None = None, status: int = 200) -> ResponseReturnValue:
    current.require(Action.ACCOUNTS)
    session = current.session()
    shown = render_template(
        "accounts.html",
        accounts=session.accounts.listed(),
        collections=session.collections(),
        meanings=MEANING,
        fault=fault,
        form=request.form,
    )
    return shown, status


def _holdings(roles: list[str], collection: str) -> list[Holding]:
    if not roles:
        raise UsageError("没有勾角色。", hint="至少勾一个：只看公开文章的勾“读者”")
    return [Holding(_role(one), collection) for one in roles]


def _role(name: str) -> AccountRole:
    if name not in tuple(AccountRole):
        raise UsageError("没有这个角色。", hint="刷新页面再试")
    return AccountRole(name)

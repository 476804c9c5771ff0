"""Tokens in the browser: one's own, made and ended; those of others ended by who manages accounts."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.accounts import SCOPE_WORDS, Scope
from archive.model.errors import WenshiError
from archive.model.integers import whole_number
from archive.workflow.tokens import LONGEST, USUAL
from web.base import current
from web.base.error_pages import status_of

pages = Blueprint("tokens", __name__, url_prefix="/")

_DAYS = {30: "30 天", USUAL: "90 天", 180: "半年", LONGEST: "一年"}


@pages.get("me/tokens")
def own() -> ResponseReturnValue:
    """One's own tokens, and a form for one more."""
    return _page()


@pages.post("me/tokens")
def make() -> ResponseReturnValue:
    """Make a token; its secret is shown once."""
    form = request.form
    try:
        scopes = [Scope(one) for one in form.getlist("scope") if one in tuple(Scope)]
        days = whole_number(form.get("days", "")) or 0
        made, secret = current.session().tokens.make(form.get("name", ""), scopes, days)
    except WenshiError as fault:
        return _page(fault)
    return render_template("token_made.html", made=made, secret=secret, words=SCOPE_WORDS)


@pages.post("me/tokens/<id>/end")
def end(id: str) -> ResponseReturnValue:
    """End one of one's own."""
    current.session().tokens.end(id)
    flash("已经停用，拿着它的程序不能再来。")
    return redirect(url_for("tokens.own"), code=303)


@pages.post("accounts/<login>/tokens/<id>/end")
def end_theirs(login: str, id: str) -> ResponseReturnValue:
    """End one of somebody's."""
    current.require(Action.ACCOUNTS)
    current.session().tokens.end(id, login)
    flash("已经停用，拿着它的程序不能再来。")
    return redirect(url_for("office.account", login=login), code=303)


def _page(fault: WenshiError | None = None) -> ResponseReturnValue:
    shown = render_template(
        "tokens.html",
        tokens=current.session().tokens.listed(),
        words=SCOPE_WORDS,
        days=_DAYS,
        usual=USUAL,
        fault=fault,
        form=request.form,
    )
    return shown, status_of(fault) if fault else 200

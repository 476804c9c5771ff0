"""What was kept back until a day that has passed: proposed, and decided by a person, article by article."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.errors import FieldError, UsageError, WenshiError
from web.base import current

pages = Blueprint("openings", __name__, url_prefix="/openings")


@pages.get("")
def due() -> ResponseReturnValue:
    """The articles that somebody has to decide about."""
    return _page()


@pages.post("")
def decide() -> ResponseReturnValue:
    """Keep a decision."""
    openings, form = current.session().openings, request.form
    article, reason = form.get("id", ""), form.get("reason", "")[:400]
    try:
        if form.get("do") == "open":
            made = openings.open(article, reason)
            flash(f"《{made.title}》已公开，决定记在它的经过里。")
        else:
            made = openings.keep(article, form.get("until", "")[:60], reason)
            flash(f"《{made.title}》继续控制，决定记在它的经过里。")
    except (FieldError, UsageError) as fault:
        return _page(article, fault)
    return redirect(url_for("openings.due"), code=303)


def _page(about: str = "", fault: WenshiError | None = None) -> ResponseReturnValue:
    current.require(Action.FINAL_REVIEW)
    due, typed = current.session().openings.due(), request.form
    return render_template("openings.html", due=due, about=about, fault=fault, typed=typed), 400 if fault else 200

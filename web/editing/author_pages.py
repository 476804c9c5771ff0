"""Who wrote a text, corrected where it stands under the title: one line, as people write it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as login
from flask.typing import ResponseReturnValue

from archive.catalogue.fields import PEOPLE, values
from archive.model.access import Action
from archive.model.edits import REASONS
from archive.model.errors import Conflict, UsageError, WenshiError
from archive.model.records import Article, Person
from ingest.splitting.split_table import authors as shown
from ingest.splitting.split_table import people
from web.base import current
from web.base.error_pages import status_of

pages = Blueprint("naming", __name__)

_LONGEST = 1000


@pages.get("/article/<article_id>/edit/authors")
def authors(article_id: str) -> ResponseReturnValue:
    """The form with the people of an article in one line."""
    current.require(Action.DESCRIBE)
    article = current.readable(article_id)
    return _form(article, shown(article.people))


@pages.post("/article/<article_id>/edit/authors")
def name(article_id: str) -> ResponseReturnValue:
    """Set the people. Somebody who was quicker: both, and the form as it was typed."""
    current.require(Action.DESCRIBE)
    session, form = current.session(), request.form
    article = current.readable(article_id)
    typed = " ".join(form.get("text", "").split())[:_LONGEST]
    reason = "：".join(filter(None, (form.get("reason", ""), " ".join(form.get("words", "").split()))))[:500]
    try:
        if form.get("was", "") != shown(article.people):
            raise Conflict("您打开之后，已有人改过作者；您写的还没有保存", hint="对照两边，改好之后再保存。")
        given = _by_field(people(typed))
        changes = {field: named for field, named in given.items() if named != values(article, field)}
        saved = session.describe(article_id, changes, reason or REASONS[0], article.version) if changes else article
    except WenshiError as error:
        return _form(article, typed, error), status_of(error)
    login["saved"] = [article_id, saved.version if saved.version != article.version else 0]
    return redirect(url_for("reading.article", article_id=article_id, _anchor="b0"), code=303)


def _by_field(named: tuple[Person, ...]) -> dict[str, tuple[str, ...]]:
    """The names by descriptive field. Raises UsageError for one with something in brackets that is no role."""
    for person in named:
        if "（" in person.name or "(" in person.name:
            roles = "、".join(f"（{role}）" for role in PEOPLE.values())
            raise UsageError(f"“{person.name}”里的括号看不懂，没有保存。", hint=f"括号里可以写：{roles}。")
    return {field: tuple(one.name for one in named if one.role is role) for field, role in PEOPLE.items()}


def _form(article: Article, typed: str, error: WenshiError | None = None) -> str:
    return render_template(
        "correct_authors.html",
        article=article,
        typed=typed,
        present=shown(article.people),
        reasons=REASONS,
        reason=request.form.get("reason", REASONS[0]),
        words=request.form.get("words", ""),
        error=error,
    )

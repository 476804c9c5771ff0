"""The versions of an article: who made them, when and why; any two compared; an earlier one restored."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as login
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.errors import NotFound
from web.base import current
from web.reading.leaves import place_url

pages = Blueprint("history", __name__)


@pages.get("/article/<article_id>/history")
def history(article_id: str) -> ResponseReturnValue:
    """All versions, the newest first; with `a` and `b`, these two compared."""
    session = current.session()
    article = current.readable(article_id)
    versions = session.versions(article_id)
    one, other = (request.args.get(name, 0, type=int) for name in ("a", "b"))
    difference = session.corrections.difference(article_id, *sorted((one, other))) if one and other else None
    return render_template(
        "history.html",
        article=article,
        versions=versions[::-1],
        picked=(one or max(article.version - 1, 1), other or article.version),
        difference=difference,
        may_correct=session.may(Action.CORRECT, article),
        reports=[each for each in session.corrections.reports() if each.article == article_id],
    )


@pages.post("/article/<article_id>/restore")
def restore(article_id: str) -> ResponseReturnValue:
    """Make an earlier version the newest again."""
    current.readable(article_id)
    version = request.form.get("version", 0, type=int)
    reason = " ".join(request.form.get("reason", "").split())[:300]
    words = f"恢复第 {version} 版" + (f"：{reason}" if reason else "")
    restored = current.session().corrections.restore(article_id, version, words)
    login["saved"] = [article_id, restored.version]
    return redirect(url_for("reading.article", article_id=article_id), code=303)


@pages.get("/article/<article_id>/now")
def now(article_id: str) -> ResponseReturnValue:
    """To the paragraph of the newest version that a paragraph (`b`) of an earlier one (`v`) became."""
    article = current.readable(article_id)
    version, block = (request.args.get(name, 0, type=int) for name in ("v", "b"))
    there = current.session().corrections.present_block(article_id, version or article.version, block)
    if there is None:
        hint = "在“历史”里可以看到是哪一次改的。"
        raise NotFound("这一段在后来的更正里去掉了。", hint=hint)
    return redirect(place_url(article_id, there))

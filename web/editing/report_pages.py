"""Errors reported: anybody who may read says what is wrong; editors see the list and settle it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as login
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.errors import NotFound, WenshiError
from archive.model.records import Article
from archive.model.search import Passage
from archive.text.excerpts import excerpt
from web.base import current
from web.base.error_pages import status_of
from web.reading.leaves import place_url

pages = Blueprint("reporting", __name__)

_LONGEST = 2000


@pages.get("/article/<article_id>/report/<int:block>")
def report(article_id: str, block: int) -> ResponseReturnValue:
    """The form to report an error in a paragraph."""
    return _form(current.readable(article_id), block)


@pages.post("/article/<article_id>/report/<int:block>")
def send(article_id: str, block: int) -> ResponseReturnValue:
    """Keep a report for the editors."""
    article = current.readable(article_id)
    version, start, end = (request.form.get(name, 0, type=int) for name in ("version", "start", "end"))
    try:
        words = request.form.get("words", "")[:_LONGEST]
        current.session().corrections.report(article_id, (block, start, end), words, version)
    except WenshiError as error:
        return _form(article, block, error), status_of(error)
    login["said"] = "已交给编辑，谢谢。"
    return redirect(place_url(article_id, block), code=303)


@pages.get("/reports")
def reports() -> ResponseReturnValue:
    """What readers reported, those not settled first; `article` asks for those on one."""
    session = current.session()
    asked = request.args.get("article", "")
    found = [each for each in session.corrections.reports() if asked in ("", each.article)]
    shown = []
    for each in sorted(found, key=lambda one: (one.answer is not None, -one.key)):
        read = session.article(each.article, each.version)
        text = read.blocks[each.block].text
        spans = ((each.start, each.end),) if each.end > each.start else ()
        place = Passage(each.block, text, spans, excerpt(text, spans))
        there = session.corrections.present_block(each.article, each.version, each.block)
        article = session.article(each.article)
        shown.append((each, article, place, there, session.may(Action.CORRECT, article)))
    return render_template("reports.html", reports=shown, asked=asked)


@pages.post("/reports")
def settle() -> ResponseReturnValue:
    """Settle one report."""
    key = request.form.get("key", 0, type=int)
    answer = " ".join(request.form.get("answer", "").split())[:_LONGEST] or "已处理"
    current.session().corrections.settle(key, answer)
    return redirect(url_for("reporting.reports", article=request.form.get("article") or None), code=303)


def _form(article: Article, block: int, error: WenshiError | None = None) -> str:
    if not 0 <= block < len(article.blocks):
        raise NotFound("这篇文章里没有这一段。", hint="文章也许更正过了，请重新打开再看。")
    values = request.form if request.method == "POST" else request.args
    text = article.blocks[block].text
    start, end = (values.get(name, 0, type=int) for name in ("start", "end"))
    spans = ((start, end),) if 0 <= start < end <= len(text) else ()
    return render_template(
        "report.html",
        article=article,
        block=block,
        place=Passage(block, text, spans, excerpt(text, spans)),
        span=spans[0] if spans else (0, 0),
        words=request.form.get("words", ""),
        error=error,
    )

"""What can be done with a few words of a paragraph, for who cannot mark them with a mouse: they are typed instead."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.errors import NotFound, UsageError
from archive.text.spans import Span
from web.base import current

pages = Blueprint("words", __name__)


@pages.get("/article/<article_id>/words/<int:block>")
def words(article_id: str, block: int) -> ResponseReturnValue:
    """The form; with `do` and the words on to what was asked for."""
    article = current.readable(article_id)
    if not 0 <= block < len(article.blocks) or not article.blocks[block].text:
        raise NotFound("这篇文章里没有这一段。", hint="文章也许更正过了，请重新打开再看。")
    text, asked = article.blocks[block].text, request.args.get("words", "").strip()
    shown = {
        "article": article,
        "block": block,
        "text": text,
        "words": asked,
        "may_correct": current.session().may(Action.CORRECT, article),
        "may_keep_names": current.session().may(Action.MAINTAIN),
    }
    if "do" not in request.args:
        return render_template("words.html", error=None, **shown)
    if request.args["do"] == "name" and asked and asked in text:  # a name, wherever it stands
        return redirect(url_for("name_editing.new", preferred=asked, read=article_id, block=block))
    try:
        start, end = only_place(text, asked)
    except UsageError as error:
        return render_template("words.html", error=error, **shown), 400
    place: dict[str, Any] = {"article_id": article_id, "block": block, "start": start, "end": end}
    match request.args["do"]:
        case "date":
            return redirect(url_for("dating.date", **place))
        case "report":
            return redirect(url_for("reporting.report", **place))
        case "card":
            return redirect(url_for("cards.make", version=article.version, **place))
        case "search":
            return redirect(url_for("search.search", q='"{}"'.format(asked.replace('"', '""'))))
        case _:
            return redirect(url_for("quoting.quote", version=article.version, **place))


def only_place(text: str, words: str) -> Span:
    """Where the words stand in the text. UsageError unless they stand there once."""
    found = text.count(words) if words else 0
    if not words:
        raise UsageError("没有写是哪几个字。", hint="照抄这一段里的几个字。")
    if found != 1:
        message = f"这一段里有 {found} 处“{words}”，不知道是哪一处。" if found else f"这一段里没有“{words}”。"
        raise UsageError(message, hint="多抄几个字，使它在这一段里只有一处。")
    start = text.index(words)
    return start, start + len(words)

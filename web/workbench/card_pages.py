"""Cards in the browser: made from a selection, listed with what became of their words, changed, handed out."""

from __future__ import annotations

import re

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.cards import MEANS, Condition
from archive.model.errors import NotFound, WenshiError
from archive.workbench.cards import FORMATS, PlacedCard, write
from web.base import asking_first, current
from web.base.error_pages import status_of
from web.base.sheet_downloads import download

pages = Blueprint("cards", __name__)

_LEAF = 50
_PARTING = re.compile(r"[;；\n]")


@pages.get("/cards")
def listed() -> ResponseReturnValue:
    """The cards, narrowed by class, words, article and what became of them."""
    cards = current.session().cards
    asked = {name: request.args.get(name, "").strip() for name in ("class", "q", "article", "condition")}
    found = cards.find(asked["class"], asked["q"], asked["article"])
    page = max(1, request.args.get("page", 1, type=int))
    here = slice((page - 1) * _LEAF, page * _LEAF)
    if asked["condition"] in tuple(Condition):
        standing = [one for one in cards.placed(found) if one.condition == asked["condition"]]
        total, shown = len(standing), standing[here]
    else:  # texts are read for the cards on the page alone
        total, shown = len(found), list(cards.placed(found[here]))
    return render_template(
        "cards.html",
        cards=shown,
        total=total,
        page=page,
        pages=-(-total // _LEAF),
        asked=asked,
        narrowed={name: value for name, value in asked.items() if value},
        classes=cards.classes(),
        conditions=MEANS,
        may_change=cards.may_change,
    )


@pages.get("/cards<suffix>")
def sheet(suffix: str) -> Response:
    """The same cards as a table."""
    if suffix not in FORMATS:
        raise NotFound("没有这种表。", hint="请从“资料卡片”选择表的格式。")
    return download(lambda file: write(_found(), file), f"资料卡片{suffix}")


@pages.route("/article/<article_id>/card/<int:version>/<int:block>/<int:start>-<int:end>", methods=["GET", "POST"])
def make(article_id: str, version: int, block: int, start: int, end: int) -> ResponseReturnValue:
    """The form for a card of the words at a place; what was typed comes back with every error."""
    session = current.session()
    current.readable(article_id)
    article = session.article(article_id, version)
    if block >= len(article.blocks) or not start < end <= len(article.blocks[block].text):
        raise NotFound("这篇文章里没有这个地方。", hint="文章也许更正过了，请重新打开再看。")
    error = None
    if request.method == "POST":
        try:
            session.cards.make(article_id, (block, start, end), version, _classes(), request.form.get("note", ""))
            flash("卡片做好了。")
            return redirect(url_for("cards.listed", article=article_id), code=303)
        except WenshiError as failure:
            error = failure
    words = article.blocks[block].text[start:end]
    shown = render_template(
        "card.html",
        card=None,
        words=words,
        article=article,
        block=block,
        error=error,
        known=session.cards.classes(),
    )
    return shown, status_of(error) if error else 200


@pages.route("/cards/<int:key>", methods=["GET", "POST"])
def one(key: int) -> ResponseReturnValue:
    """Other classes or another note for a card, or the card thrown away."""
    cards = current.session().cards
    placed, error = cards.get(key), None
    if request.method == "POST":
        try:
            if request.form.get("do") == "remove":
                if asks := asking_first.question("删去这张卡片？摘录、类目和考订都会删去，原文不受影响。"):
                    return asks
                cards.remove(key)
                flash("已删去。")
            else:
                cards.change(key, _classes(), request.form.get("note", ""))
                flash("已保存。")
            return redirect(url_for("cards.listed"), code=303)
        except WenshiError as failure:
            error = failure
    shown = render_template(
        "card.html",
        card=placed,
        words=placed.card.written,
        article=placed.article,
        error=error,
        known=cards.classes(),
    )
    return shown, status_of(error) if error else 200


def _found() -> list[PlacedCard]:
    args, cards = request.args, current.session().cards
    found = cards.listed(args.get("class", "").strip(), args.get("q", "").strip(), args.get("article", "").strip())
    wanted = args.get("condition", "").strip()
    return [one for one in found if wanted not in tuple(Condition) or one.condition == wanted]


def _classes() -> list[str]:
    return _PARTING.split(request.form.get("classes", ""))

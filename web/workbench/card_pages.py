"""Cards in the browser: made from a selection, listed with what became of their words, changed, as tables."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive import dates
from archive.model.cards import LABELS, MEANS, CardFields, Checked, Condition, shown
from archive.model.errors import NotFound, UsageError, WenshiError
from archive.support.sheets import Rows
from archive.support.table_files import read_rows
from archive.workbench.card_table import FORMATS, TableChanges, apply, read_changes, said_in, write
from archive.workbench.cards import Cards, PlacedCard, Wanted
from web.base import asking_first, current
from web.base.error_pages import status_of
from web.base.sheet_downloads import download

pages = Blueprint("cards", __name__)

_LEAF = 50
_FILTERS = ("class", "q", "article", "name", "period", "checked", "condition", "sort")
_MOST_SENT = 900_000  # characters of a table that a page carries until it is confirmed
_SHOWN_CHANGES = 200


@pages.get("/cards")
def listed() -> ResponseReturnValue:
    """The cards, narrowed and in order."""
    cards = current.session().cards
    error, found = None, []
    asked = {name: request.args.get(name, "").strip() for name in _FILTERS}
    try:
        found = cards.find(_wanted())
    except WenshiError as failure:
        error = failure
    page = max(1, request.args.get("page", 1, type=int))
    here = slice((page - 1) * _LEAF, page * _LEAF)
    if asked["condition"] in tuple(Condition):
        standing = [one for one in cards.placed(found) if one.condition == asked["condition"]]
        total, shown_here = len(standing), standing[here]
    else:  # texts are read for the cards on the page alone
        total, shown_here = len(found), list(cards.placed(found[here]))
    page_of_cards = render_template(
        "cards.html",
        cards=shown_here,
        total=total,
        page=page,
        pages=-(-total // _LEAF),
        asked=asked,
        error=error,
        narrowed={name: value for name, value in asked.items() if value},
        classes=cards.classes(),
        conditions=MEANS,
        checks=Checked,
        may_change=cards.may_change,
        describe=dates.describe,
        files={".xlsx": "Excel", ".csv": "CSV", ".docx": "Word"},
    )
    return page_of_cards, status_of(error) if error else 200


@pages.get("/cards<suffix>")
def sheet(suffix: str) -> Response:
    """The same cards as a file."""
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
    error, place = None, (block, start, end)
    if request.method == "POST":
        try:
            key = session.cards.make(article_id, place, version, _typed(CardFields()))
            flash(f"第 {key} 张卡片做好了。")
            return redirect(url_for("cards.listed", article=article_id), code=303)
        except WenshiError as failure:
            error = failure
    page = _form(
        card=None,
        words=article.blocks[block].text[start:end],
        article=article,
        block=block,
        error=error,
        said=session.cards.suggested(article_id, place, version),
    )
    return page, status_of(error) if error else 200


@pages.route("/cards/<int:key>", methods=["GET", "POST"])
def one(key: int) -> ResponseReturnValue:
    """What is said of a card, to be changed, with what was changed on it; or the card thrown away."""
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
                cards.change(key, _typed(placed.card.said))
                flash("已保存。")
            return redirect(url_for("cards.listed"), code=303)
        except WenshiError as failure:
            error = failure
    page = _form(
        card=placed,
        words=placed.card.written,
        article=placed.article,
        error=error,
        said=placed.card.said,
        changes=cards.changes(key),
        may_change=cards.may_change(placed.card),
    )
    return page, status_of(error) if error else 200


def _form(**given: object) -> str:
    known = current.session().cards.classes()
    return render_template(
        "card.html", known=known, checks=Checked, labels=LABELS, shown=shown, describe=dates.describe, **given
    )


def _typed(before: CardFields) -> CardFields:
    """What the form says, field by field; what it has no field for is as before. Raises UsageError."""
    return said_in({LABELS[name]: request.form[name] for name in LABELS if name in request.form}, before)


def _wanted() -> Wanted:
    given = {name: request.args.get(name, "").strip() for name in _FILTERS}
    return Wanted(
        class_=given["class"],
        words=given["q"],
        article=given["article"],
        name=given["name"],
        period=given["period"],
        checked=given["checked"],
        by_date=given["sort"] == "date",
    )


def _found() -> list[PlacedCard]:
    wanted = request.args.get("condition", "").strip()
    found = current.session().cards.listed(_wanted())
    return [one for one in found if wanted not in tuple(Condition) or one.condition == wanted]


# -- a table taken in


@pages.route("/cards/table", methods=["GET", "POST"])
def table() -> ResponseReturnValue:
    """A table of cards looked over row by row, and then, when that is confirmed, done."""
    cards = current.session().cards
    changes, error, rows = None, None, ""
    if request.method == "POST":
        try:
            rows = request.form.get("rows", "") or _sent()
            changes = read_changes(cards, _rows(rows))
            if request.form.get("do") == "take" and not changes.problems:
                changed, made = apply(cards, changes)
                flash(f"改了 {changed} 张，新做 {made} 张；每张的改动都记在它的历史里。")
                return redirect(url_for("cards.listed"), code=303)
        except WenshiError as failure:
            error = failure
    lines = [] if changes is None else list(_lines(cards, changes))
    page = render_template(
        "cards_table.html",
        changes=changes,
        error=error,
        rows=rows,
        lines=lines[:_SHOWN_CHANGES],
        left_out=max(0, len(lines) - _SHOWN_CHANGES),
    )
    wrong = error or (changes and changes.problems)
    return page, (status_of(error) if error else 400) if wrong else 200


def _sent() -> str:
    """The rows of the table that was sent, as JSON. Raises UsageError, ReadError."""
    sent = request.files.get("table")
    if sent is None or not sent.filename:
        raise UsageError("没有选择文件。", hint="先选改过的 Excel 或 CSV 文件，再按“核对”")
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / f"上传的表格{Path(sent.filename).suffix[:8]}"
        sent.save(file)
        rows = json.dumps(read_rows(file), ensure_ascii=False)
    if len(rows) > _MOST_SENT:
        raise UsageError("表太大，一页装不下。", hint="请分成几张表上传")
    return rows


def _rows(sent: str) -> Rows:
    try:
        rows = json.loads(sent)
    except (ValueError, RecursionError):
        rows = None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise UsageError("表没有完整地送到。", hint="请重新选文件，再核对一次")
    return [[str(cell) for cell in row] for row in rows]


def _lines(cards: Cards, changes: TableChanges) -> Iterator[tuple[str, str, str, str]]:
    """Card, field, before and after of each change."""
    held = cards.several(changes.changed)
    for key, said in changes.changed.items():
        for name, label in LABELS.items():
            before, after = shown(held[key].said, name), shown(said, name)
            if before != after:
                yield f"第 {key} 张", label, before, after
    for _, _, said in changes.added:
        yield "新做一张", "", "", "　".join(filter(None, (shown(said, name) for name in LABELS)))

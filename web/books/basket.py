"""The basket: articles chosen for a book, in order, kept in the library as the visitor's selection; export from it."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from flask import Blueprint, Response, g, redirect, render_template, request, send_file
from flask import session as login
from flask.typing import ResponseReturnValue

from archive.export import EXPORTERS, Book, Exporter, make_book
from archive.model.access import OUT_OF_USE
from archive.model.errors import NotFound, UsageError
from archive.model.integers import whole_number
from archive.model.records import Article, Issue
from web.base import current
from web.base.security import page_of_ours

pages = Blueprint("basket", __name__, url_prefix="/basket")

_FORBIDDEN = frozenset('\\/:*?"<>|')  # in file names on Windows


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One place in the basket; `article` is None when it can no longer be read (withdrawn since)."""

    id: str
    article: Article | None


def chosen() -> tuple[str, ...]:
    """The ids in the visitor's basket, in order."""
    if "basket" not in g:
        name = login.get("basket")
        g.basket = current.session().books.selection(name) if name else ()
    return tuple(g.basket)


def size() -> int:
    """How many articles are in the visitor's basket."""
    return len(chosen())


def articles() -> list[Article]:
    """The articles in the visitor's basket, in order, as far as they may be read."""
    return [line.article for line in _lines() if line.article]


@pages.get("")
def basket() -> ResponseReturnValue:
    """The basket with its order, title and export."""
    lines = _lines()
    return render_template(
        "basket.html",
        lines=lines,
        characters=sum(line.article.characters for line in lines if line.article),
        collections={each.id: each for each in current.session().collections()},
        formats={key: exporter.label for key, exporter in EXPORTERS.items()},
        title=login.get("title", ""),
        name=login.get("basket", ""),
        issues=login.pop("issues", ()),
    )


@pages.post("/add")
def add() -> ResponseReturnValue:
    """Put the articles named (one or several) at the end of the basket; those there already stay where they are."""
    named = [current.session().article(each) for each in request.form.getlist("id")]
    for article in named:
        if article.status in OUT_OF_USE:
            raise NotFound(f"“{article.title}”不能阅读，没有加入选编。")
    _keep(list(dict.fromkeys([*chosen(), *(article.id for article in named)])))
    return _back()


@pages.post("/remove")
def remove() -> ResponseReturnValue:
    """Take an article out of the basket."""
    gone = request.form.get("id", "")
    _keep([each for each in chosen() if each != gone])
    return _back()


@pages.post("/move")
def move() -> ResponseReturnValue:
    """Move an article to the place `to` (counted from 0; beyond either end means that end)."""
    ids = list(chosen())
    moved, to = request.form.get("id", ""), request.form.get("to", "")
    place = 0 if to == "-1" else whole_number(to)  # one up from the first
    if moved not in ids or place is None:
        raise UsageError("选编里没有这一篇，次序没有改动。", hint="请刷新选编页后再试。")
    ids.remove(moved)
    ids.insert(place, moved)
    _keep(ids)
    return _back()


@pages.post("/clear")
def clear() -> ResponseReturnValue:
    """Empty the basket."""
    empty()
    return _back()


def empty() -> None:
    """Take everything out of the visitor's basket: its articles stand in a book now, or are not wanted."""
    _keep([])


@pages.post("/export")
def export() -> ResponseReturnValue:
    """The basket as a file to download."""
    form = request.form.get("format", "")
    if form not in EXPORTERS:
        raise UsageError(f"没有“{form}”这种导出格式。", hint=f"可选：{'、'.join(EXPORTERS)}。")
    login["title"] = request.form.get("title", "").strip()[:200]
    chosen_articles = articles()
    if not chosen_articles:
        raise UsageError("选编里没有可以导出的文章。", hint="请先在检索结果或文章旁按“＋ 选编”。")
    session = current.session()
    book = make_book(
        chosen_articles,
        title=login["title"],
        pictures=session.picture,
        collections={each.id: each for each in session.collections()},
    )
    return _download(book, EXPORTERS[form])


def _download(book: Book, exporter: Exporter) -> Response:
    """Write the book to a folder that is gone before the answer begins, so that nothing can be left behind."""
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / f"book{exporter.suffix}"
        login["issues"] = _words([*book.left_out, *exporter.write(book, file)])
        whole = BytesIO(file.read_bytes())
    name = _safe(book.title) + exporter.suffix
    return send_file(whole, mimetype=exporter.media_type, as_attachment=True, download_name=name)


def _words(issues: Sequence[Issue]) -> list[str]:
    """What the export could not keep, short enough for a cookie; shown on the basket page next time."""
    words = [f"{issue.place}：{issue.message}" if issue.place else issue.message for issue in issues]
    more = [f"……另有 {len(words) - 8} 处"] if len(words) > 8 else []
    return [each[:120] for each in words[:8]] + more


def _safe(title: str) -> str:
    """The title as a file name that every system accepts."""
    name = "".join(" " if each in _FORBIDDEN or ord(each) < 32 else each for each in title).strip(" .")
    return name[:80] or "选编"


def _lines() -> list[BasketLine]:
    session = current.session()
    lines = []
    for article_id in chosen():
        try:
            article = session.article(article_id)
        except NotFound:
            lines.append(BasketLine(article_id, None))
        else:
            lines.append(BasketLine(article_id, None if article.status in OUT_OF_USE else article))
    return lines


def _keep(ids: Sequence[str]) -> None:
    if "basket" not in login:
        login["basket"] = f"basket-{secrets.token_hex(6)}"
    current.session().books.save_selection(login["basket"], ids)
    g.basket = tuple(ids)


def _back() -> ResponseReturnValue:
    """To the page the form stood on: only a path of this site is accepted."""
    return redirect(page_of_ours(request.form.get("next", ""), "/basket"), code=303)

"""Words replaced across a collection: every place shown and ticked first, one version an article, undone as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as login
from flask.typing import ResponseReturnValue

from archive.corrections.replacing import Occurrence
from archive.model.access import Action
from archive.model.errors import UsageError, WenshiError
from archive.model.integers import whole_number
from archive.model.records import Article
from archive.model.scanned_pages import scanned_pages
from archive.model.search import Passage
from web.base import current
from web.base.error_pages import status_of

pages = Blueprint("replacing", __name__)

_MOST = 2000  # places on one page; more than that nobody looks through
_AROUND = 18  # characters either side of a place
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Listing:
    """Places found: by article, each with what stands around it and the number of its scanned page, 0 for none.

    `more` when there are more than are shown.

    `forms` counts how the words are written, the most frequent first.
    """

    articles: Sequence[tuple[Article, Sequence[tuple[Occurrence, Passage, int]]]]
    forms: Sequence[tuple[str, int]]
    total: int
    more: bool


@pages.get("/replace")
def replace() -> ResponseReturnValue:
    """The form; with `words`, all places where they stand; what was replaced before."""
    return _page()


@pages.post("/replace")
def make() -> ResponseReturnValue:
    """Replace at the places that are ticked."""
    form = request.form
    words, instead = form.get("words", "")[:_LONGEST], form.get("instead", "")[:_LONGEST]
    reason = " ".join(form.get("reason", "").split())[:300] or f"统一用字：{words} → {instead}"
    try:
        chosen = [_occurrence(each) for each in form.getlist("place")]
        made = current.session().corrections.replace(words, instead, chosen, reason, folded=_folded())
    except WenshiError as error:
        return _page(error), status_of(error)
    login["said"] = f"已保存：{made.detail}，{made.articles} 篇各成一版。"
    return redirect(url_for("replacing.replace", collection=form.get("collection"), **_desk()), code=303)


@pages.post("/replace/undo")
def undo() -> ResponseReturnValue:
    """Take a replacement back."""
    changed, left = current.session().corrections.take_back(request.form.get("key", 0, type=int))
    kept = f"；{left} 段后来又改过，保持现在的样子" if left else ""
    login["said"] = f"已撤销，{changed} 篇改回原来的字{kept}。"
    return redirect(url_for("replacing.replace"), code=303)


def _page(error: WenshiError | None = None) -> str:
    current.require(Action.CORRECT)
    session = current.session()
    values = request.values
    words, collection = values.get("words", "")[:_LONGEST], values.get("collection", "")
    collections = session.collections()
    return render_template(
        "replace.html",
        words=words,
        instead=values.get("instead", "")[:_LONGEST],
        reason=values.get("reason", ""),
        collection=collection,
        collections=collections,
        folded=_folded(),
        listing=_listing(words, values.get("instead", ""), collection) if words else None,
        desk=_desk(),
        unticked=_unticked() if request.method == "POST" else set(),
        done=session.corrections.replacements(),
        said=login.pop("said", ""),
        error=error,
    )


def _folded() -> bool:
    return bool(request.values.get("folded"))


def _desk() -> dict[str, Any]:
    """The page one was proof-reading when one came here, as it stands in the address; empty for none.

    No place is ticked then: each is to be looked at on its picture.
    """
    values = request.values
    page = whole_number(values.get("page", ""))
    return {"scan": values["scan"], "page": str(page)} if values.get("scan") and page else {}


def _listing(words: str, instead: str, collection: str) -> Listing:
    """All places; found in all forms, those that already read `instead` are left out."""
    found: list[tuple[Article, list[tuple[Occurrence, Passage, int]]]] = []
    forms: Counter[str] = Counter()
    for article, places in current.session().corrections.occurrences(words, collection, folded=_folded()):
        written = {one: article.blocks[one.block].text[one.start : one.end] for one in places}
        wanted = [one for one in places if not _folded() or written[one] != instead]
        forms.update(written[one] for one in wanted)
        if wanted and forms.total() <= _MOST:
            pages = {at: number for number, page in enumerate(scanned_pages(article), 1) for at in page.blocks}
            found.append((article, [(one, _around(article, one), pages.get(one.block, 0)) for one in wanted]))
    return Listing(found, forms.most_common(), forms.total(), forms.total() > _MOST)


def _around(article: Article, one: Occurrence) -> Passage:
    text = article.blocks[one.block].text
    shown = (max(0, one.start - _AROUND), min(len(text), one.end + _AROUND))
    return Passage(one.block, text, ((one.start, one.end),), shown)


def _unticked() -> set[str]:
    """The places that were shown and not ticked, so that they stay so."""
    return set(request.form.getlist("shown")) - set(request.form.getlist("place"))


def _occurrence(text: str) -> Occurrence:
    article, *numbers = text.rsplit(" ", 4)
    if len(numbers) != 4 or not all(one.isascii() and one.isdigit() and len(one) < 9 for one in numbers):
        raise UsageError("这个表单不完整，没有做任何改动。", hint="请重新查找一遍。")
    version, block, start, end = map(int, numbers)
    return Occurrence(article, version, block, start, end)

"""What the library holds: its collections, and the contents of each by section; chronicles by year."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from archive.model.errors import PeriodError
from archive.model.holdings import Listed
from archive.model.records import Article, Collection, Genre, Kind
from web.base import current
from web.reading import chronicle_page
from web.search.search_state import SearchState

pages = Blueprint("holdings", __name__)

LEAF = 500
"""Titles on one page of a collection's contents."""


@pages.get("/collections")
def collections() -> ResponseReturnValue:
    """All collections with the number of their articles."""
    session = current.session()
    shown = session.collections()
    counts = {each.id: session.count(each.id, matter=False) for each in shown}
    return render_template("collections.html", collections=shown, counts=counts)


@pages.get("/collection/<collection_id>")
def collection(collection_id: str) -> ResponseReturnValue:
    """The contents of one collection in the order of its source: a chronicle by year, others by section."""
    session = current.session()
    shown = session.collection(collection_id)
    if shown.kind == "chronicle":
        return _chronicle(shown)
    page = SearchState.read(request.args).page
    total = session.count(collection_id)
    entries = session.listing(collection_id, limit=LEAF, offset=(page - 1) * LEAF)
    return render_template(
        "collection.html",
        collection=shown,
        total=session.count(collection_id, matter=False),
        sections=by_section([entry for entry in entries if entry.genre is not Genre.MATTER]),
        matter=[entry for entry in entries if entry.genre is Genre.MATTER],
        page=page,
        pages=-(-total // LEAF),
        offices=any(entry.genre is Genre.TERM for entry in entries),
    )


def _chronicle(shown: Collection) -> ResponseReturnValue:
    session, state = current.session(), SearchState.read(request.args)
    everything = session.in_time(shown.id)
    error = None
    try:
        wanted = session.period(state.search.period) if state.search.period else None
    except PeriodError as failure:
        error, wanted = failure, None
    entries = chronicle_page.within(everything, wanted)
    leaf = entries[(state.page - 1) * chronicle_page.LEAF : state.page * chronicle_page.LEAF]
    articles = session.several([entry.id for entry in leaf])
    page = render_template(
        "chronicle.html",
        collection=shown,
        total=len(entries),
        whole=len(everything),
        period=state.search.period,
        error=error,
        years=chronicle_page.years(leaf),
        jumps=chronicle_page.jumps(shown.id, entries, "" if error else state.search.period),
        articles=articles,
        texts={id: _text(article) for id, article in articles.items()},
        page=state.page,
        pages=-(-len(entries) // chronicle_page.LEAF),
    )
    return page, 400 if error else 200


def _text(article: Article) -> str:
    """The running text of a chronicle's entry, without the headings of its year; "" for its front matter."""
    if article.genre is not Genre.ENTRY:
        return ""
    return "\n".join(block.text for block in article.blocks if block.kind is Kind.PARAGRAPH)


def by_section(entries: Sequence[Listed]) -> list[tuple[str, list[Listed]]]:
    """The entries in order, neighbours of one section together."""
    return [(section, list(group)) for section, group in groupby(entries, key=lambda entry: entry.section)]

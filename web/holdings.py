"""What the library holds: its collections, and the contents of each by section."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from archive.query import Hit, Sort
from archive.records import Article, Genre, Kind
from web import current
from web.inquiry import Inquiry

pages = Blueprint("holdings", __name__)

LEAF = 500
"""Titles on one page of a collection's contents."""

CHRONICLE_LEAF = 100
"""Entries on one page of a chronicle, which is shown with its text."""


@pages.get("/collections")
def collections() -> ResponseReturnValue:
    """All collections with the number of their articles."""
    library = current.library()
    counted = library.search("", limit=1, rights=current.rights()).facets.get("collection", ())
    counts = {each.value: each.count for each in counted}
    return render_template("collections.html", collections=library.collections(), counts=counts)


@pages.get("/collection/<collection_id>")
def collection(collection_id: str) -> ResponseReturnValue:
    """The contents of one collection in the order of its source, by section."""
    library = current.library()
    shown = library.collection(collection_id)
    page = Inquiry.read(request.args).page
    chronicle = shown.kind == "chronicle"
    leaf = CHRONICLE_LEAF if chronicle else LEAF
    results = library.search(
        "",
        collection=collection_id,
        sort=Sort.SOURCE,
        limit=leaf,
        offset=(page - 1) * leaf,
        rights=current.rights(),
    )
    return render_template(
        "collection.html",
        collection=shown,
        results=results,
        sections=by_section(results.hits),
        page=page,
        pages=-(-results.total // leaf),
        texts={hit.article: _text(library.article(hit.article)) for hit in results.hits} if chronicle else {},
    )


def _text(article: Article) -> str:
    """The running text of a chronicle's entry, without the headings of its year; "" for its front matter."""
    if article.genre is not Genre.ENTRY:
        return ""
    return "\n".join(block.text for block in article.blocks if block.kind is Kind.PARAGRAPH)


def by_section(hits: tuple[Hit, ...]) -> list[tuple[str, list[Hit]]]:
    """The hits in order, neighbours of one section together."""
    return [(section, list(group)) for section, group in groupby(hits, key=lambda hit: hit.section)]

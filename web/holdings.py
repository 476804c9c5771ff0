"""What the library holds: its collections, and the contents of each by section."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from archive.query import Hit, Sort
from web import current
from web.inquiry import Inquiry

pages = Blueprint("holdings", __name__)

LEAF = 500
"""Titles on one page of a collection's contents."""


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
    results = library.search(
        "",
        collection=collection_id,
        sort=Sort.SOURCE,
        limit=LEAF,
        offset=(page - 1) * LEAF,
        rights=current.rights(),
    )
    return render_template(
        "collection.html",
        collection=shown,
        results=results,
        sections=by_section(results.hits),
        page=page,
        pages=-(-results.total // LEAF),
    )


def by_section(hits: tuple[Hit, ...]) -> list[tuple[str, list[Hit]]]:
    """The hits in order, neighbours of one section together."""
    return [(section, list(group)) for section, group in groupby(hits, key=lambda hit: hit.section)]

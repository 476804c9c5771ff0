"""Where the words of a paragraph stand elsewhere, from the earliest, with what was changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.errors import NotFound
from archive.model.search import Search
from archive.workbench.kwic_table import write_same_words
from archive.workbench.same_words import Place
from web.base import current
from web.base.sheet_downloads import download

pages = Blueprint("same_words", __name__)


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place with its text in pieces: ("same", text), ("there", what only it has), ("own", what it lacks)."""

    place: Place
    pieces: tuple[tuple[str, str], ...]


@pages.get("/article/<article_id>/same/<int:block>")
def show(article_id: str, block: int) -> ResponseReturnValue:
    """The chain of a paragraph."""
    scope = request.args.get("scope", "")
    current.readable(article_id)
    found = current.session().concordances.same_words(article_id, block, Search(scope=scope))
    own = found.article.blocks[block].text
    return render_template(
        "same_words.html",
        found=found,
        scope=scope,
        own=own,
        nodes=[[ShownPlace(place, tuple(_pieces(place, own))) for place in node.places] for node in found.nodes],
        formulas=[own[start:end] for start, end in found.formulas],
        files={
            suffix: url_for("same_words.sheet", article_id=article_id, block=block, suffix=suffix, scope=scope or None)
            for suffix in (".xlsx", ".csv")
        },
    )


def _pieces(place: Place, own: str) -> Iterator[tuple[str, str]]:
    text, (at, end) = place.article.blocks[place.block].text, place.shared.there
    for (own_start, own_end), (start, stop) in place.shared.changes:
        yield "same", text[at:start]
        yield "own", own[own_start:own_end]
        yield "there", text[start:stop]
        at = stop
    yield "same", text[at:end]


@pages.get("/article/<article_id>/same/<int:block>/table<suffix>")
def sheet(article_id: str, block: int, suffix: str) -> Response:
    """The places as a table."""
    if suffix not in (".xlsx", ".csv"):
        raise NotFound("没有这种表。", hint="请从别处同文页选择表的格式。")
    current.readable(article_id)
    search = Search(scope=request.args.get("scope", ""))
    found = current.session().concordances.same_words(article_id, block, search)
    return download(lambda file: write_same_words(found, file), f"别处同文{suffix}")

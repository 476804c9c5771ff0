"""Where the places of a search stand in their volumes: a strip and the same numbers as a table."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from archive.model.errors import NotFound
from archive.workbench.barcodes import STRIPES, Barcode
from archive.workbench.kwic_table import volume_name, write_barcodes
from archive.workbench.steps import NONE, Arranged
from web.base import current
from web.base.sheet_downloads import download
from web.workbench.concordance_page import in_words_of, names_of, step_in_words
from web.workbench.concordance_state import ROWS, ConcordanceState

pages = Blueprint("barcodes", __name__)

_VOLUMES = 40  # on a page


@dataclass(frozen=True, slots=True)
class BarcodeRow:
    """A volume by its name; `url` shows its places alone, `url_of` all places from a certain one on."""

    barcode: Barcode
    name: str
    state: ConcordanceState

    @property
    def url(self) -> str:
        """The places of this volume."""
        columns = ("collection", "volume")
        return self.state.drilled(columns, (self.barcode.collection, self.barcode.volume or NONE)).url

    def url_of(self, number: int) -> str:
        """The page of rows with this place, at its row."""
        return f"{self.state.turned(1 + (number - 1) // ROWS).url}#n-{number}"


@pages.get("/concordance/volumes")
def show() -> ResponseReturnValue:
    """Volumes in their order, with a strip each."""
    session, state = current.session(), ConcordanceState.read(request.args)
    found = session.concordances.barcodes(state.search, state.steps)
    names, first = names_of(session), (state.page - 1) * _VOLUMES
    as_they_read = state.sorted_by()
    return render_template(
        "concordance_barcodes.html",
        state=state,
        words=in_words_of(session, state),
        steps_in_words=[step_in_words(session, each) for each in state.steps],
        rows=[
            BarcodeRow(one, volume_name(names.get(one.collection, one.collection), one.volume), as_they_read)
            for one in found[first : first + _VOLUMES]
        ],
        total=sum(one.places for one in found),
        having=sum(one.places > 0 for one in found),
        volumes=len(found),
        stripes=STRIPES,
        last_page=-(-len(found) // _VOLUMES),
        files={suffix: state.url_of("barcodes.sheet", suffix=suffix) for suffix in (".xlsx", ".csv")},
    )


@pages.get("/concordance/volumes<suffix>")
def sheet(suffix: str) -> Response:
    """The table of all volumes as a file."""
    if suffix not in (".xlsx", ".csv"):
        raise NotFound("没有这种表。", hint="请从各辑分布页选择表的格式。")
    session, state = current.session(), ConcordanceState.read(request.args)
    found = session.concordances.barcodes(state.search, state.steps)
    total = sum(one.places for one in found)
    heading = session.concordances.heading(state.search, state.steps, Arranged(), total)
    return download(lambda file: write_barcodes(found, names_of(session), heading, file), f"各辑分布{suffix}")

"""How far the scanned texts of a volume have been read against their pictures."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.errors import NotFound
from web.base import current

pages = Blueprint("scan_progress", __name__)


@pages.get("/collection/<collection>/scans")
def volume(collection: str) -> ResponseReturnValue:
    """The scanned texts of a volume: pages read in no round, in the first, in the second too."""
    current.require(Action.CORRECT)
    session = current.session()
    found = next((each for each in session.collections() if each.id == collection), None)
    if found is None:
        raise NotFound("没有这个文集。", hint="到“馆藏”里看。")
    rows = session.page_proofs.progress(collection)
    sums = [sum(row.pages[round] for row in rows) for round in range(3)]
    return render_template("scan_progress.html", collection=found, rows=rows, sums=sums)

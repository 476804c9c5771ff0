"""Rows of a split table that nobody could check: weak titles are folded into the piece above, and offered."""

from __future__ import annotations

from collections.abc import Sequence

from archive.model.records import Block
from ingest.splitting.boundaries import Boundary, State
from ingest.splitting.contents_page import Match
from ingest.text.characters import stored_characters

_ROWS = 150  # a table that long can be looked through
_SHORTEST = 300  # characters that the articles of a longer one have on the average
_LEVELS = (0.6, 0.7, 0.8, 0.9, 0.97, 1.01)
_OFFERED = 30  # lines that may be titles, listed beside the titles


def fold(cuts: Sequence[Boundary], blocks: Sequence[Block]) -> tuple[list[Boundary], list[Boundary]]:
    """The cuts that are listed, in order, and those that are folded into the piece above them.

    Where the articles would be very many and very short, those go that are least sure and that neither the contents
    nor an author line bears out, level by level. Of the lines that only could be titles the likeliest stay.
    """
    kept = list(cuts)
    total = stored_characters(blocks)
    for level in _LEVELS:
        taken = [cut for cut in kept if cut.state is State.TAKE]
        if len(taken) <= _ROWS or total >= _SHORTEST * len(taken):
            break
        kept = [cut for cut in kept if cut.state is not State.TAKE or cut.sure >= level or _borne_out(cut)]
    listed = sum(cut.state is not State.JOIN for cut in kept)
    doubtful = sorted((cut for cut in kept if cut.state is State.JOIN), key=lambda cut: cut.sure)
    beyond = {id(cut) for cut in doubtful[max(_OFFERED, listed) :]}
    kept = [cut for cut in kept if id(cut) not in beyond]
    listed_now = {id(cut) for cut in kept}
    return kept, [cut for cut in cuts if id(cut) not in listed_now]


def _borne_out(cut: Boundary) -> bool:
    return cut.match is Match.SAME or "下有署名" in cut.clues

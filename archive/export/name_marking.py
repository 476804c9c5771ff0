"""Runs cut where the names of a book's indexes begin and end, for formats that mark names in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from archive.export.book import Index
from archive.export.name_index import NameMarker
from archive.model.records import Run

Headings = tuple[tuple[int, int], ...]
"""What a name may stand for: (number of the index, of the heading in it)."""


class NameMarking:
    """Finds the names of some indexes in runs; without indexes it costs nothing."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        self._indexes = indexes
        self._marker = NameMarker(indexes)

    def cut(self, runs: Sequence[Run]) -> Iterator[tuple[Headings, Run, Headings]]:
        """The runs in pieces, each with the name that begins before it and the one that ends after it, if any.

        A name that begins or ends within a word with ruby is left alone: the reading belongs to the whole word.
        """
        beginning, ending = self._edges(runs) if self._indexes else ({}, {})
        if not beginning:
            yield from (((), run, ()) for run in runs)
            return
        cuts = sorted({*beginning, *ending})
        start = 0
        for run in runs:
            end = start + len(run.text)
            for piece in cut_run(run, [cut - start for cut in cuts if start < cut < end]):
                before = beginning.get(start, ()) if piece.text else ()
                start += len(piece.text)
                yield before, piece, ending.get(start, ()) if piece.text else ()

    def _edges(self, runs: Sequence[Run]) -> tuple[Mapping[int, Headings], Mapping[int, Headings]]:
        """The names by the offset they begin at, and by the one they end at."""
        whole = set(inside_ruby(runs))
        found: dict[tuple[int, int], Headings] = {}
        for mark in self._marker.marks("".join(run.text for run in runs)):
            if mark.start not in whole and mark.end not in whole:
                place = mark.start, mark.end
                found[place] = (*found.get(place, ()), (mark.index, mark.heading))
        return (
            {start: headings for (start, _), headings in found.items()},
            {end: headings for (_, end), headings in found.items()},
        )


def inside_ruby(runs: Iterable[Run]) -> Iterator[int]:
    """The offsets within words that have a reading."""
    start = 0
    for run in runs:
        if run.ruby:
            yield from range(start + 1, start + len(run.text))
        start += len(run.text)


def cut_run(run: Run, places: Sequence[int]) -> Iterator[Run]:
    """The run cut there; the reference to a note goes with the last piece."""
    start = 0
    for end in (*places, len(run.text)):
        yield replace(run, text=run.text[start:end], note=run.note if end == len(run.text) else "")
        start = end

"""The names of a book's indexes in TEI: who and where they are, and their places in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from archive.export.book import Index
from archive.export.indexes import Marker
from archive.export.tei.markup import element, line
from archive.records import Run

# Element of a name, of what it names, and of the list of those, by what the title of an index says.
_KINDS = {"人": ("persName", "person", "listPerson"), "地": ("placeName", "place", "listPlace")}
_BODIES = ("orgName", "org", "listOrg")


class Names:
    """The names of some indexes, to be marked wherever they stand."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        self._indexes = indexes
        self._marker = Marker(indexes)

    def listed(self) -> str:
        """The people, places and bodies as a standOff element; empty without indexes."""
        lists = []
        for number, index in enumerate(self._indexes):
            name, thing, several = _kind(index)
            things = []
            for place, heading in enumerate(index.headings):
                if heading.see:
                    continue
                others = (form for form in heading.forms if form != heading.name)
                forms = element(name, line(heading.name)) + "".join(
                    element(name, line(form), type="alias") for form in others
                )
                things.append(element(thing, forms, xml_id=_identity(number, place)))
            if things:
                lists.append(element(several, element("head", line(index.title)) + "\n" + "\n".join(things)))
        return element("standOff", "\n" + "\n".join(lists) + "\n") if lists else ""

    def marked(self, runs: Sequence[Run]) -> Iterator[tuple[str, Run, str]]:
        """The runs, cut where names begin and end, each with the tag to open before it and the one to close after."""
        opening, closing = self._tags(runs) if self._indexes else ({}, {})
        if not opening:
            yield from (("", run, "") for run in runs)
            return
        cuts = sorted({*opening, *closing})
        start = 0
        for run in runs:
            end = start + len(run.text)
            for piece in _cut(run, [cut - start for cut in cuts if start < cut < end]):
                before = opening.get(start, "") if piece.text else ""
                start += len(piece.text)
                yield before, piece, closing.get(start, "") if piece.text else ""

    def _tags(self, runs: Sequence[Run]) -> tuple[Mapping[int, str], Mapping[int, str]]:
        """Start and end tags by offset; a name that begins or ends within a word with ruby is left unmarked."""
        whole = set(_inside_ruby(runs))
        found: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for mark in self._marker.marks("".join(run.text for run in runs)):
            if mark.start not in whole and mark.end not in whole:
                found.setdefault((mark.start, mark.end), []).append((mark.index, mark.heading))
        opening = {}
        closing = {}
        for (start, end), headings in found.items():
            name = _kind(self._indexes[headings[0][0]])[0]
            references = " ".join(f"#{_identity(*heading)}" for heading in headings)
            opening[start] = f'<{name} ref="{references}">'
            closing[end] = f"</{name}>"
        return opening, closing


def _kind(index: Index) -> tuple[str, str, str]:
    return next((kind for mark, kind in _KINDS.items() if mark in index.title), _BODIES)


def _identity(index: int, heading: int) -> str:
    return f"name-{index + 1}-{heading + 1}"


def _inside_ruby(runs: Iterable[Run]) -> Iterator[int]:
    start = 0
    for run in runs:
        if run.ruby:
            yield from range(start + 1, start + len(run.text))
        start += len(run.text)


def _cut(run: Run, places: Sequence[int]) -> Iterator[Run]:
    """The run in pieces; the reference to a note goes with the last one."""
    ends = [*places, len(run.text)]
    start = 0
    for end in ends:
        yield replace(run, text=run.text[start:end], note=run.note if end == len(run.text) else "")
        start = end

"""The names of a book's indexes in TEI: who and where they are, and their places in the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.export.book import Index
from archive.export.name_marking import Headings, NameMarking
from archive.export.tei.tei_elements import element, line
from archive.model.records import Run

# Element of a name, of what it names, and of the list of those, by what the title of an index says.
_KINDS = {"人": ("persName", "person", "listPerson"), "地": ("placeName", "place", "listPlace")}
_BODIES = ("orgName", "org", "listOrg")


class TeiNames:
    """The names of some indexes, to be marked wherever they stand."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        self._indexes = indexes
        self._marking = NameMarking(indexes)

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
        for before, run, after in self._marking.cut(runs):
            references = " ".join(f"#{_identity(*heading)}" for heading in before)
            opening = f'<{self._element(before)} ref="{references}">' if before else ""
            yield opening, run, f"</{self._element(after)}>" if after else ""

    def _element(self, headings: Headings) -> str:
        return _kind(self._indexes[headings[0][0]])[0]


def _kind(index: Index) -> tuple[str, str, str]:
    return next((kind for mark, kind in _KINDS.items() if mark in index.title), _BODIES)


def _identity(index: int, heading: int) -> str:
    return f"name-{index + 1}-{heading + 1}"

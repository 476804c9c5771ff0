"""Indexes of names: a bookmark at every place a name stands, and the pages of all of them at the end of the book.

Page numbers are PAGEREF fields and not Word's own INDEX, which would put Chinese names into an order of its own and
knows neither our groups nor aliases. Where pages are known each stands once; otherwise Word is given fields that
compare each place with the one before, so that it too prints a page once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from archive.export.book import Heading, Index
from archive.export.name_index import NameMarker
from archive.export.word import styles, wordml
from archive.export.word.bookmarks import Anchors, page_of, page_unless_same

_COMMA, _DASH, _BETWEEN = "，", "—", "　"


class WordNames:
    """The names of a book's indexes, collected in the order in which they stand in it."""

    def __init__(self, indexes: Sequence[Index], anchors: Anchors) -> None:
        self._indexes = indexes
        self._anchors = anchors
        self._marker = NameMarker(indexes) if indexes else None
        self._places: dict[tuple[int, int], list[str]] = defaultdict(list)

    @property
    def bookmarks(self) -> list[str]:
        """All of them, each once."""
        return list(dict.fromkeys(name for names in self._places.values() for name in names))

    def marks(self, text: str) -> list[tuple[int, str]]:
        """Where in the text of a block (code points) which bookmarks are to be put."""
        if self._marker is None:
            return []
        found: dict[int, str] = {}
        placed: list[tuple[int, str]] = []
        for mark in self._marker.marks(text):
            if mark.start not in found:  # one bookmark serves several headings
                xml, found[mark.start] = self._anchors.around("", "Name")
                placed.append((mark.start, xml))
            self._places[mark.index, mark.heading].append(found[mark.start])
        return placed

    def missing(self, number: int) -> list[str]:
        """The names of an index (by its number in the book) that stand nowhere in the text; they are not printed."""
        return [
            heading.name
            for place, heading in enumerate(self._indexes[number].headings)
            if not heading.see and (number, place) not in self._places
        ]

    def lines(self, number: int, pages: Mapping[str, int]) -> Iterator[str]:
        """An index as paragraphs: a letter above each group, a name and its pages, an alias and where it leads."""
        group = None
        printed = {
            heading.name
            for place, heading in enumerate(self._indexes[number].headings)
            if (number, place) in self._places
        }
        for place, heading in enumerate(self._indexes[number].headings):
            if (heading.see or heading.name) not in printed:
                continue
            if heading.group != group:
                group = heading.group
                if group:
                    yield wordml.paragraph(styles.INDEX_LETTER, wordml.run(group))
            yield wordml.paragraph(styles.INDEX, self._line(heading, self._places[number, place], pages))

    @staticmethod
    def _line(heading: Heading, places: Sequence[str], pages: Mapping[str, int]) -> str:
        if heading.see:
            return wordml.run(f"{heading.name}{_BETWEEN}见 {heading.see}")
        name = wordml.run(heading.name + _BETWEEN)
        if not pages:
            further = (page_unless_same(this, before, _COMMA) for before, this in pairwise(places))
            return name + page_of(places[0], "") + "".join(further)
        return name + wordml.run(_COMMA).join(_stretches(places, pages))


def _stretches(places: Sequence[str], pages: Mapping[str, int]) -> Iterator[str]:
    """Fields for the pages, each once, in order; three or more in a row as first and last (indexes.pages prints so)."""
    first_on: dict[int, str] = {}
    for bookmark in places:
        first_on.setdefault(pages[bookmark], bookmark)
    fields = {page: page_of(bookmark, str(page)) for page, bookmark in first_on.items()}
    waiting = sorted(fields)
    while waiting:
        length = next((n for n, page in enumerate(waiting) if page != waiting[0] + n), len(waiting))
        stretch, waiting = waiting[:length], waiting[length:]
        if length > 2:
            yield fields[stretch[0]] + wordml.run(_DASH) + fields[stretch[-1]]
        else:
            yield from (fields[page] for page in stretch)

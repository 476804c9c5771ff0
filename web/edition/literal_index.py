"""The index that a browser searches without a server: where each character stands, and the texts in small pieces.

The matching text is what every engine here matches (archive/text/folding.py), a block at a time. All blocks stand in a
row, one empty place between two, so that a phrase never runs over an end; a character's places are numbers in that row.
A search loads the lists of its own characters and the passages it shows, nothing else.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archive.model.records import Article, Block, Genre
from archive.text.folding import INVISIBLE, fold, unfolded
from web.edition.numbers_as_text import packed

PLACES = 6_000
"""Places in one file of lists: about ten kilobytes. A more frequent character has a file of its own."""

CHARACTERS = 1_500
"""Characters of texts in one file of passages: four or five kilobytes."""


@dataclass
class LiteralIndex:
    """Collects texts in the order in which they are listed, then gives the files of the index."""

    _places: dict[str, array[int]] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)
    _cuts: dict[int, list[int]] = field(default_factory=dict)
    _texts: list[tuple[str, str, str, int, int]] = field(default_factory=list)
    _passages: list[str] = field(default_factory=list)
    _end: int = 0

    def add(self, article: Article, collection: str) -> None:
        """Take in one text, listed under the title of its collection."""
        title = " ".join(article.title.split("\n"))
        self._texts.append((article.id, title, collection, len(self._starts), int(article.genre is Genre.MATTER)))
        for block in article.blocks:
            self._add_block(block)

    def _add_block(self, block: Block) -> None:
        here = len(self._starts)
        self._starts.append(self._end)
        self._passages.append(block.text if block.kind.searched else "")
        if not block.kind.searched:
            return
        folded = fold(block.text)
        if folded.cuts:
            self._cuts[here] = [number for cut in folded.cuts for number in cut]
        for place, character in enumerate(folded.text, self._end):
            if not character.isspace():
                self._places.setdefault(character, array("L")).append(place)
        self._end += len(folded.text) + 1

    def files(self) -> Iterator[tuple[str, str]]:
        """The scripts: names inside the folder of the index, and what they hold."""
        lists = list(self._lists())
        passages = list(self._pieces())
        directory = {
            "lists": [part[0][0] for part in lists],
            "pieces": packed(first for first, _ in passages),
            "texts": self._texts,
            "starts": packed(self._starts),
            "cuts": self._cuts,
            "fold": self._forms(),
            "invisible": INVISIBLE,
        }
        yield "directory.js", _script("directory", directory)
        for number, part in enumerate(lists):
            yield f"list-{number}.js", _script("list", number, dict(part))
        for number, (_, blocks) in enumerate(passages):
            yield f"piece-{number}.js", _script("piece", number, blocks)

    def _lists(self) -> Iterator[list[tuple[str, str]]]:
        """Characters in the order of their code points with their places, some of them together."""
        part: list[tuple[str, str]] = []
        held = 0
        for character in sorted(self._places):
            places = self._places[character]
            if part and held + len(places) > PLACES:
                yield part
                part, held = [], 0
            part.append((character, packed(places)))
            held += len(places)
        if part:
            yield part

    def _pieces(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Runs of blocks as they are stored, with the number of the first."""
        first, held = 0, 0
        for number, text in enumerate(self._passages):
            if number > first and held + len(text) > CHARACTERS:
                yield first, self._passages[first:number]
                first, held = number, 0
            held += len(text)
        if self._passages:
            yield first, self._passages[first:]

    def _forms(self) -> str:
        """Characters that are folded to one that stands in the texts, each before what it becomes."""
        return "".join(form + to for to in sorted(self._places) for form in unfolded(to) if form != to)


def _script(kind: str, *values: object) -> str:
    """A call with values that any page may load, from a server or from a folder."""
    told = (json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in values)
    return f"wenshi.{kind}({','.join(told)});\n".replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

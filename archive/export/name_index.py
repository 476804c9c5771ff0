"""Indexes of names at the end of a book: what stands in them, in which order, and where the names occur.

A name is found as search finds it (archive/text/folding.py): padding between Han characters and traditional or variant
forms do not matter. Of names that begin at the same place the longest counts, and no place counts twice, over all
indexes of the book: 中山 in 孙中山 is not the town, 刘志丹 in 刘志丹县 not the man. Names of one character are not
looked for. What only a reader can decide is not decided: 张建国 is also found in 张建国际.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from archive.catalogue.authority import Name, NameKind, key
from archive.export.book import Heading, Index
from archive.text.collation import Key, Reading, initial, pinyin_key, stroke_key, stroke_label
from archive.text.form_finder import FormFinder

Order = Literal["pinyin", "stroke"]

TITLES: Mapping[NameKind, str] = {
    NameKind.PERSON: "人名索引",
    NameKind.PLACE: "地名索引",
    NameKind.BODY: "机构索引",
}
# Bodies mostly begin with their place: 重庆市政协.
_READ_AS: Mapping[NameKind, Reading] = {
    NameKind.PERSON: "人名",
    NameKind.PLACE: "地名",
    NameKind.BODY: "地名",
}


def make_indexes(
    names: Iterable[Name],
    texts: Iterable[str],
    *,
    kinds: Sequence[NameKind] = (NameKind.PERSON, NameKind.PLACE),
    order: Order = "pinyin",
) -> tuple[Index, ...]:
    """An index of each kind, in the order of `kinds`, with the names that occur in `texts` (the blocks of the book).

    Names of one kind whose preferred forms count as the same share a heading. An alias that occurs gets a line that
    leads to the preferred name (少帅 见 张学良), but one that is also somebody's preferred name belongs to the latter.
    A kind of which nothing occurs has no index.
    """
    known = tuple(names)
    entries = {kind: _merged(name for name in known if name.kind is kind) for kind in kinds}
    probes = [Index(TITLES[kind], tuple(Heading(forms[0], forms) for forms in entries[kind])) for kind in entries]
    seen = _occurring(probes, texts)
    indexes = []
    for number, (kind, found) in enumerate(entries.items()):
        lines: list[tuple[str, tuple[str, ...], str]] = []
        for place, forms in enumerate(found):
            if occurring := seen.get((number, place)):
                lines.append((forms[0], forms, ""))
                lines += [(alias, (), forms[0]) for alias in forms[1:] if key(alias) in occurring]
        if lines:
            indexes.append(Index(TITLES[kind], tuple(_ordered(lines, order, _READ_AS[kind]))))
    return tuple(indexes)


def _merged(names: Iterable[Name]) -> list[tuple[str, ...]]:
    """The forms of each heading, the preferred one first."""
    merged: dict[str, dict[str, str]] = {}
    for name in names:
        forms = merged.setdefault(key(name.preferred), {})
        for form in name.forms:
            forms.setdefault(key(form), form)
    return [
        tuple(form for folded, form in forms.items() if folded == own or folded not in merged)
        for own, forms in merged.items()
    ]


def _occurring(indexes: Sequence[Index], texts: Iterable[str]) -> Mapping[tuple[int, int], set[str]]:
    """(number of the index, of the heading) → those of its forms that occur, folded."""
    marker = NameMarker(indexes)
    seen: dict[tuple[int, int], set[str]] = defaultdict(set)
    for text in texts:
        for mark in marker.marks(text):
            seen[mark.index, mark.heading].add(key(text[mark.start : mark.end]))
    return seen


def _ordered(lines: Iterable[tuple[str, tuple[str, ...], str]], order: Order, read_as: Reading) -> Iterator[Heading]:
    def place(line: tuple[str, tuple[str, ...], str]) -> tuple[Key, str, str]:
        name, _, see = line
        return pinyin_key(name, read_as) if order == "pinyin" else stroke_key(name), name, see

    for name, forms, see in sorted(lines, key=place):
        yield Heading(name, forms, initial(name, read_as) if order == "pinyin" else stroke_label(name), see)


@dataclass(frozen=True, slots=True)
class NameMark:
    """A name as it stands in a block's text (code points, end exclusive): number of the index, of the heading in it."""

    start: int
    end: int
    index: int
    heading: int


class NameMarker:
    """Finds the names of a book's indexes; made once for the book, asked block by block."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        self._finder = FormFinder(
            (form, (number, place))
            for number, index in enumerate(indexes)
            for place, heading in enumerate(index.headings)
            for form in heading.forms
        )

    def marks(self, text: str) -> tuple[NameMark, ...]:
        """All places in order, none overlapping; a form shared by several headings gives a mark for each of them."""
        return tuple(
            NameMark(start, end, index, heading)
            for start, end, _, owners in self._finder.places(text)
            for index, heading in owners
        )


def pages(numbers: Iterable[int]) -> str:
    """Page numbers as an index prints them: in order, each once, three or more in a row as a range (3，5—7，12)."""
    ordered = sorted(set(numbers))
    stretches_of_pages = []
    for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]):
        stretch = [number for _, number in run]
        if len(stretch) > 2:
            stretches_of_pages.append(f"{stretch[0]}—{stretch[-1]}")
        else:
            stretches_of_pages.extend(map(str, stretch))
    return "，".join(stretches_of_pages)

"""Indexes of names at the end of a book: what stands in them, in which order, and where the names occur.

A name is found as search finds it (archive/text/folding.py): padding between Han characters and traditional or variant
forms do not matter. Of names that begin at the same place the longest counts, and no place counts twice, over all
indexes of the book: 中山 in 孙中山 is not the town, 刘志丹 in 刘志丹县 not the man. Names of one character are not
looked for. What only a reader can decide is not decided: 张建国 is also found in 张建国际.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType
from typing import Literal

from archive.catalogue.authority import Authority, Name, NameKind, key
from archive.export.book import Heading, Index, Meant
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
    meant: Meant = MappingProxyType({}),
) -> tuple[Index, ...]:
    """An index of each kind, in the order of `kinds`, with the names that occur in `texts` (the blocks of the book).

    Names of one kind whose preferred forms count as the same share a heading, but for those of whom `meant` says at
    some place that they are: each of these has one of its own, and what is decided for nobody stays under the shared
    one. An alias that occurs gets a line that leads to the preferred name (少帅 见 张学良), but one that is also
    somebody's preferred name belongs to the latter. A kind of which nothing occurs has no index.
    """
    authority = Authority(tuple(names))
    apart = {record for places in meant.values() for records in places.values() for record in records}
    entries = {kind: list(_entries(authority, kind, apart)) for kind in kinds}
    probes = [Index(TITLES[kind], tuple(entries[kind]), meant) for kind in entries]
    seen = _occurring(probes, texts)
    indexes = []
    for number, (kind, found) in enumerate(entries.items()):
        lines: list[Heading] = []
        for place, entry in enumerate(found):
            if occurring := seen.get((number, place)):
                lines.append(entry)
                lines += [Heading(alias, (), see=entry.name) for alias in entry.forms[1:] if key(alias) in occurring]
        if lines:
            indexes.append(Index(TITLES[kind], tuple(_ordered(lines, order, _READ_AS[kind])), meant))
    return tuple(indexes)


def _entries(authority: Authority, kind: NameKind, apart: Collection[int]) -> Iterator[Heading]:
    """The headings of a kind, ungrouped, each with its forms, the preferred one first."""
    groups: dict[str, list[Name]] = {}
    for name in authority.names:
        if name.kind is kind:
            groups.setdefault(key(name.preferred), []).append(name)
    for own, names in groups.items():
        alone = [name for name in names if name.record in apart and _shares(authority, name)]
        for name in alone:
            forms = _forms([name], own, groups)
            yield Heading(authority.told_apart(name), forms, records=(name.record,), told_apart=True)
        rest = [name for name in names if name not in alone]
        forms = _forms(rest or names, own, groups)
        if not rest:  # what is decided for none of them
            forms = tuple(form for form in forms if len(authority.by_form[key(form)]) > 1)
        if forms:
            yield Heading(forms[0], forms, records=tuple(name.record for name in rest if name.record))


def _shares(authority: Authority, name: Name) -> bool:
    return any(len(authority.by_form[key(form)]) > 1 for form in name.forms)


def _forms(names: Iterable[Name], own: str, groups: Collection[str]) -> tuple[str, ...]:
    forms: dict[str, str] = {}
    for name in names:
        for form in name.forms:
            forms.setdefault(key(form), form)
    return tuple(form for folded, form in forms.items() if folded == own or folded not in groups)


def _occurring(indexes: Sequence[Index], texts: Iterable[str]) -> Mapping[tuple[int, int], set[str]]:
    """(number of the index, of the heading) → those of its forms that occur, folded."""
    marker = NameMarker(indexes)
    seen: dict[tuple[int, int], set[str]] = defaultdict(set)
    for text in texts:
        for mark in marker.marks(text):
            seen[mark.index, mark.heading].add(key(text[mark.start : mark.end]))
    return seen


def _ordered(lines: Iterable[Heading], order: Order, read_as: Reading) -> Iterator[Heading]:
    def place(line: Heading) -> tuple[Key, str, str]:
        return pinyin_key(line.name, read_as) if order == "pinyin" else stroke_key(line.name), line.name, line.see

    for line in sorted(lines, key=place):
        yield replace(line, group=initial(line.name, read_as) if order == "pinyin" else stroke_label(line.name))


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
        self._headings = [index.headings for index in indexes]
        self._meant: Meant = next((index.meant for index in indexes if index.meant), {})
        self._finder = FormFinder(
            (form, (number, place))
            for number, index in enumerate(indexes)
            for place, heading in enumerate(index.headings)
            for form in heading.forms
        )

    def marks(self, text: str) -> tuple[NameMark, ...]:
        """All places in order, none overlapping; a form shared by several headings gives a mark for each of them, but
        for a place of which somebody decided who is meant, and those told apart, which have no others.
        """
        decided = self._meant.get(text, {})
        return tuple(
            NameMark(start, end, index, heading)
            for start, end, _, owners in self._finder.places(text)
            for index, heading in self._fitting(owners, decided.get((start, end)))
        )

    def _fitting(self, owners: Sequence[tuple[int, int]], records: tuple[int, ...] | None) -> Sequence[tuple[int, int]]:
        if not self._meant:
            return owners
        headings = {owner: self._headings[owner[0]][owner[1]] for owner in owners}
        if records:
            return [owner for owner, heading in headings.items() if set(records).intersection(heading.records)]
        together = [owner for owner, heading in headings.items() if not heading.told_apart]
        return together if records is not None else together or owners


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

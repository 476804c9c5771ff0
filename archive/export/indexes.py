"""Indexes of names at the end of a book: what stands in them, in which order, and where the names occur.

A name is found as search finds it (archive/text/fold.py): padding between Han characters and traditional or variant
forms do not matter. Of names that begin at the same place the longest counts, and no place counts twice, over all
indexes of the book: 中山 in 孙中山 is not the town, 刘志丹 in 刘志丹县 not the man. Names of one character are not
looked for. What only a reader can decide is not decided: 张建国 is also found in 张建国际.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

from archive.export.book import Heading, Index
from archive.text.collation import Key, NameKind, initial, is_compound_surname, pinyin_key, stroke_key, stroke_label
from archive.text.fold import Folded, fold

Order = Literal["pinyin", "stroke"]


@dataclass(frozen=True, slots=True)
class Name:
    """A name to be indexed: the preferred form, under which its pages stand, and the others it goes by in the texts."""

    preferred: str
    aliases: tuple[str, ...] = ()


def make_index(
    title: str, names: Iterable[Name], texts: Iterable[str], *, order: Order = "pinyin", kind: NameKind = "人名"
) -> Index:
    """The index of those names that occur in `texts` (the blocks of the book), in printing order.

    An alias that occurs gets a line of its own that leads to the preferred name (少帅 见 张学良). An alias that is the
    preferred name of somebody else belongs to the latter. `kind` says how names are read.
    """
    merged: dict[str, dict[str, None]] = defaultdict(dict)
    for name in names:
        merged[name.preferred].update(dict.fromkeys(alias for alias in name.aliases if alias != name.preferred))
    entries = [(name, tuple(alias for alias in aliases if alias not in merged)) for name, aliases in merged.items()]
    headings = tuple(Heading(name, (name, *aliases)) for name, aliases in entries)
    seen = _occurring(Index(title, headings), texts)
    found = [(heading.name, heading.forms, "") for place, heading in enumerate(headings) if seen[place]]
    found += [
        (alias, (), name)
        for place, (name, aliases) in enumerate(entries)
        for alias in aliases
        if fold(alias).text in seen[place]
    ]
    return Index(title, tuple(_ordered(found, order, kind)))


def _occurring(index: Index, texts: Iterable[str]) -> dict[int, set[str]]:
    """Number of a heading → those of its forms that occur, folded."""
    marker = Marker([index])
    seen: dict[int, set[str]] = defaultdict(set)
    for text in texts:
        for mark in marker.marks(text):
            seen[mark.heading].add(fold(text[mark.start : mark.end]).text)
    return seen


def _ordered(found: Iterable[tuple[str, tuple[str, ...], str]], order: Order, kind: NameKind) -> Iterator[Heading]:
    def key(entry: tuple[str, tuple[str, ...], str]) -> tuple[Key, str, str]:
        name, _, see = entry
        return pinyin_key(name, kind) if order == "pinyin" else stroke_key(name), name, see

    for name, forms, see in sorted(found, key=key):
        yield Heading(name, forms, initial(name, kind) if order == "pinyin" else stroke_label(name), see)


@dataclass(frozen=True, slots=True)
class Mark:
    """A name as it stands in a block's text (code points, end exclusive): number of the index, of the heading in it."""

    start: int
    end: int
    index: int
    heading: int


class _Form(NamedTuple):
    """A spelling to look for, folded; `owners` are (index, heading). `latin` ones must not be part of a longer word."""

    text: str
    owners: tuple[tuple[int, int], ...]
    latin: bool


class Marker:
    """Finds the names of a book's indexes; made once for the book, asked block by block."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        owners: dict[str, dict[tuple[int, int], None]] = defaultdict(dict)
        for number, index in enumerate(indexes):
            for place, heading in enumerate(index.headings):
                for form in heading.forms:
                    folded = fold(form.strip()).text
                    if len(folded) > 1:
                        owners[folded][number, place] = None
        # By their first two characters, which are looked up where a form may begin; the longest come first.
        self._forms: dict[str, list[_Form]] = defaultdict(list)
        for text in sorted(owners, key=len, reverse=True):
            self._forms[text[:2]].append(_Form(text, tuple(owners[text]), _is_latin(text[0]) or _is_latin(text[-1])))
        firsts, seconds = (_one_of({pair[at] for pair in self._forms}) for at in (0, 1))
        self._beginning = re.compile(f"{firsts}(?={seconds})", re.DOTALL) if self._forms else None

    def marks(self, text: str) -> tuple[Mark, ...]:
        """All places in order, none overlapping; a form shared by several headings gives a mark for each of them."""
        if self._beginning is None:
            return ()
        folded = fold(text)
        matching, forms = folded.text, self._forms
        found = []
        free = 0
        for match in self._beginning.finditer(matching):
            begin = match.start()
            if begin < free:
                continue
            for form in forms.get(matching[begin : begin + 2], ()):
                end = begin + len(form.text)
                if matching.startswith(form.text, begin) and _is_whole(text, folded, form, begin):
                    first, last = folded.span(begin, end)
                    found += [Mark(first, last, index, heading) for index, heading in form.owners]
                    free = end
                    break
        return tuple(found)


def _one_of(characters: Iterable[str]) -> str:
    return f"[{''.join(map(re.escape, sorted(characters)))}]"


def _is_whole(text: str, folded: Folded, form: _Form, begin: int) -> bool:
    end = begin + len(form.text)
    if form.latin and not _stands_alone(folded.text, begin, end):
        return False
    if not folded.cuts:
        return True
    first, last = folded.span(begin, end)
    return last - first == end - begin or _padded_evenly(text[first:last])


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a name that begins or ends with a Latin letter or digit is not part of a longer word."""
    joined_before = start > 0 and _is_latin(text[start]) and _is_latin(text[start - 1])
    return not joined_before and not (end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]))


def _is_latin(char: str) -> bool:
    return char.isalnum() and char < "\u0250"


def _padded_evenly(written: str) -> bool:
    """Whether spaces inside a name are padding (张　三, 欧阳　修): 李红 军人 is not 李红军."""
    pieces = written.split()
    return is_compound_surname(fold(pieces[0]).text) or all(len(piece) == 1 for piece in pieces)


def pages(numbers: Iterable[int]) -> str:
    """Page numbers as an index prints them: in order, each once, three or more in a row as a range (3，5—7，12)."""
    ordered = sorted(set(numbers))
    said = []
    for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]):
        stretch = [number for _, number in run]
        if len(stretch) > 2:
            said.append(f"{stretch[0]}—{stretch[-1]}")
        else:
            said.extend(map(str, stretch))
    return "，".join(said)

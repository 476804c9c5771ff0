"""What to offer while somebody types: names, titles, places and frequent words of the library, by character or pinyin.

A vocabulary belongs to one state of the index. Whether a person may know of a word is not decided here: whoever asks
counts the articles that person may see, and offers nothing that has none.
"""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product

from archive.model.search import Source
from archive.search.spelling import syllables, toneless
from archive.text.collation import readings
from archive.text.folding import HAN, fold

_MOST_SOUNDS = 8  # readings of one entry that can be typed
_LONGEST = 24  # characters of an entry; of longer titles the beginning
_HAN_CHARACTER = re.compile(f"[{HAN}]")
_RANKS = {source: source.rank for source in Source}
_LAST = "\U0010ffff"  # sorts after every character


@dataclass(frozen=True, slots=True)
class Entry:
    """A string of the library with how often it stands there, as far as is known."""

    text: str
    source: Source
    weight: int


class Vocabulary:
    """Entries by everything that can be typed for them. Building takes about 20 µs for each entry that is not in the
    vocabulary of an earlier state (`before`), asking a few ms.
    """

    def __init__(self, entries: Iterable[Entry], before: Vocabulary | None = None) -> None:
        merged: dict[str, Entry] = {}
        for entry in entries:
            known = merged.get(entry.text)
            if known is None or (entry.source.rank, entry.weight) > (known.source.rank, known.weight):
                merged[entry.text] = entry
        self._entries = merged
        known_texts: Collection[str] = before._entries.keys() if before else ()
        pairs: list[tuple[str, str]] = [pair for pair in before._pairs if pair[1] in merged] if before else []
        pairs += [(key, text) for text in merged if text not in known_texts for key in _keys(text)]
        pairs.sort()
        self._pairs: list[tuple[str, str]] = pairs  # what is typed, the entry's text

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def starting(self, typed: str, most: int) -> list[Entry]:
        """The entries that begin as typed, names first, then the more frequent ones.

        Typed may be characters, pinyin without tones, initials, or characters followed by either (张xl).
        """
        wanted = fold(typed).text.replace(" ", "")
        if not wanted:
            return []
        head = next((at for at, char in enumerate(wanted) if not _is_han(char)), len(wanted))
        if 0 < head < len(wanted):
            found = [entry for entry in self._with(wanted[:head]) if _continues(entry.text[head:], wanted[head:])]
        else:
            found = list(self._with(wanted))
        longer = {entry.text: entry for entry in found if entry.text != typed}
        return heapq.nlargest(most, longer.values(), key=lambda one: (_RANKS[one.source], one.weight, -len(one.text)))

    def _with(self, beginning: str) -> Iterator[Entry]:
        first, last = bisect_left(self._pairs, (beginning,)), bisect_left(self._pairs, (beginning + _LAST,))
        return (self._entries[text] for text in dict.fromkeys(text for _, text in self._pairs[first:last]))


def _keys(text: str) -> Iterator[str]:
    """The folded text, its full readings, and its initials."""
    folded = fold(text).text[:_LONGEST]
    found = {folded}
    for sound in dict.fromkeys(_sounds(folded)):  # as a name it is mostly read as usual
        found.add("".join(sound))
        found.add("".join([syllable[0] for syllable in sound]))
    yield from found


def _sounds(text: str) -> Iterator[tuple[str, ...]]:
    """Readings of the Han characters a text begins with; other characters stand for themselves."""
    choices = [syllables(char) or (char,) for char in text]
    yield from islice(product(*choices), _MOST_SOUNDS)
    for read_as in ("人名", "地名"):
        named = readings(text, read_as)
        yield tuple(toneless(one) or char for one, char in zip(named, text, strict=True))


def _continues(text: str, typed: str) -> bool:
    """Whether readings or initials of the text begin as typed."""
    return any(key.startswith(typed) for key in _keys(text)) if text else False


def _is_han(char: str) -> bool:
    return _HAN_CHARACTER.match(char) is not None

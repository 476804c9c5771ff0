"""How likely a passage is as a row of words, each in the light of the one before it.

The numbers are those of open-gram (data/bigrams.bin, made by scripts/build_bigrams.py; CC BY-SA 3.0, see
docs/dependencies.md): two and a half million pairs of words; of any other pair the first word says how much it yields.
"""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "bigrams.bin"
SCALE = 11.0
"""A logarithm of a probability is kept as a byte: how many such parts it lies below zero."""

_UNKNOWN = -18.0  # the logarithm of what a character counts that the table does not know
_LONGEST = 6
_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Bigrams:
    """`places` numbers the words; `alone` and `yields` have a byte for each. The words that may follow word n are
    `seconds[starts[n]:starts[n + 1]]`, in order, with a byte each in `likely`. `beginnings` are the first two
    characters of words.
    """

    places: Mapping[str, int]
    alone: bytes
    yields: bytes
    starts: array[int]
    seconds: array[int]
    likely: bytes
    beginnings: frozenset[str]

    def behind(self, first: int, second: int) -> float:
        """The logarithm of the probability of a word behind another; `_NOBODY` is a word that is not known."""
        alone = _UNKNOWN if second == _NOBODY else -self.alone[second] / SCALE
        if first == _NOBODY:
            return alone
        if second != _NOBODY:
            start, end = self.starts[first], self.starts[first + 1]
            at = bisect_left(self.seconds, second, start, end)
            if at < end and self.seconds[at] == second:
                return -self.likely[at] / SCALE
        return alone - self.yields[first] / SCALE

    def passage(self, text: str) -> float:
        """The logarithm of the probability of the likeliest parting of a text into words, marks among them."""
        reached: list[dict[int, float]] = [{} for _ in range(len(text) + 1)]
        reached[0][_NOBODY] = 0.0
        for start in range(len(text)):
            for end in self._ends(text, start):
                word = self.places.get(text[start:end], _NOBODY)
                best = max(value + self.behind(first, word) for first, value in reached[start].items())
                if best > reached[end].get(word, -1e9):
                    reached[end][word] = best
        return max(reached[-1].values())

    def _ends(self, text: str, start: int) -> list[int]:
        """Where a word that begins here may end; a single character always may."""
        ends = [start + 1]
        if text[start : start + 2] in self.beginnings:
            longest = min(len(text), start + _LONGEST)
            ends += [end for end in range(start + 2, longest + 1) if text[start:end] in self.places]
        return ends


@cache
def bigrams() -> Bigrams:
    """The table this program knows."""
    parts, data, at = [], zlib.decompress(FILE.read_bytes()), 0
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at)
        parts.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    words, alone, yields, starts, seconds, likely = parts
    places = {word: number for number, word in enumerate(words.decode().split("\n"))}
    beginnings = frozenset(word[:2] for word in places if len(word) > 1)
    return Bigrams(places, alone, yields, _numbers(starts), _numbers(seconds), likely, beginnings)


def _numbers(data: bytes) -> array[int]:
    numbers = array("I", data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers

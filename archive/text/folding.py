"""When two strings count as the same: invisible characters dropped, then one character folded to one.

Dropped are invisible characters wherever they stand (zero-width spaces and joiners, soft hyphens, marks of direction,
variation selectors) and white space between Han characters. The table data/folding.tsv covers width, case,
traditional → simplified and reviewed variants; it is made by scripts/build_folding.py. Because folding is one to one,
an offset in folded text leads back to stored text by adding the characters dropped before it.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

HAN = "\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
INVISIBLE = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
"""Characters without a shape of their own, as the inside of a character class: they guide layout or choose a form."""

# Looks back only where there is something to drop: ten times faster.
_PADDING = rf"[\s{INVISIBLE}](?<=[{HAN}][\s{INVISIBLE}])[\s{INVISIBLE}]*(?=[{HAN}])"
_DROPPED = re.compile(rf"{_PADDING}|[{INVISIBLE}]+")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_ENDS = re.compile(rf"^\s+(?=[{HAN}])|(?<=[{HAN}])\s+$")


@cache
def _table() -> dict[int, str]:
    rows = _source().splitlines()
    pairs = (row.split("\t") for row in rows if not row.startswith("#"))
    return {ord(char): to for char, to, _ in pairs}


class _Translation(dict[int, str | int]):
    """The table for `str.translate`, with every character that stays as it is once it was seen: what a table lacks
    costs an exception each time. Invisible characters go.
    """

    def __missing__(self, code: int) -> str | int:
        self[code] = kept = "" if _INVISIBLE.fullmatch(chr(code)) else code
        return kept


@cache
def _translation() -> _Translation:
    return _Translation(_table())


@cache
def _source() -> str:
    return files("archive.text").joinpath("data/folding.tsv").read_text(encoding="utf-8")


@cache
def folding_version() -> str:
    """A digest of the table and the rule; an index made under another one must be rebuilt."""
    return hashlib.sha256((_source() + _DROPPED.pattern).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Folded:
    """Matching text with the way back.

    `cuts` are (offset in folded text, characters dropped up to there), ascending.
    """

    text: str
    cuts: tuple[tuple[int, int], ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The (start, end) in stored text of a non-empty match in folded text; ends exclusive on both sides."""
        if not self.cuts:
            return start, end
        return self._stored(start), self._stored(end - 1) + 1

    def _stored(self, offset: int) -> int:
        position = bisect_right(self.cuts, offset, key=lambda cut: cut[0])
        return offset + (self.cuts[position - 1][1] if position else 0)


def fold_character(char: str) -> str:
    """What a character folds to, or an empty string when it stays as it is."""
    return _table().get(ord(char), "")


def changed_forms(text: str) -> set[str]:
    """What those characters of a text fold to that folding changes."""
    forms = _forms()
    return {forms[char] for char in forms.keys() & set(text)}


@cache
def _forms() -> dict[str, str]:
    return {chr(code): to for code, to in _table().items()}


def unfolded(char: str) -> tuple[str, ...]:
    """A folded character and the others that are folded to it, in the order of the table."""
    return _inverse().get(char, (char,))


@cache
def _inverse() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code, to in _table().items():
        found.setdefault(to, [to]).append(chr(code))
    return {char: tuple(forms) for char, forms in found.items()}


def fold(text: str) -> Folded:
    """The matching text of one block or one query."""
    if " " not in text and text.isprintable():  # most blocks: no white space of any kind
        folded = text.translate(_translation())
        if len(folded) == len(text):  # nor anything invisible
            return Folded(folded)
    cuts: list[tuple[int, int]] = []
    dropped = 0
    for gap in _DROPPED.finditer(text):
        start = gap.start() - dropped
        dropped += gap.end() - gap.start()
        cuts.append((start, dropped))
    tight = _DROPPED.sub("", text) if cuts else text
    return Folded(tight.translate(_translation()), tuple(cuts))


def fold_query(text: str) -> str:
    """The matching text of what is looked for: white space at its ends goes too where it stands beside a Han character,
    since it may be dropped from a text or not, depending on what comes before or after.
    """
    return _ENDS.sub("", fold(text).text)


def as_written(text: str) -> Folded:
    """The stored text itself in the same shape: neither dropping nor folding."""
    return Folded(text)

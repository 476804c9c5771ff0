"""Which of the characters that a recogniser could not decide between is likelier in its sentence.

The words are those that misprints are told by (export/proof/lexicon.py), and the office's own names. Nothing is changed
here: a person looks at the picture and decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from archive.export.proof.lexicon import LEAST, lattice, lexicon
from archive.export.proof.passages import HAN

BY_WORDS, BY_NAMES = "词语里常见", "名称表里有"

_AROUND = 12  # characters of the sentence on either side that are looked at
_ENOUGH = 5.0  # logarithm of how much likelier a sentence must become: some 150 times
_RUN = re.compile(f"[{HAN}〇]*")


def names_by_character(names: Iterable[str], wanted: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The names of two characters and more in which one of the characters wanted stands, by that character."""
    asked = set(wanted)
    found: dict[str, list[str]] = {}
    for name in names:
        for character in asked.intersection(name) if len(name) > 1 else ():
            found.setdefault(character, []).append(name)
    return {character: tuple(several) for character, several in found.items()}


def likelier(text: str, at: int, others: str, names: Mapping[str, tuple[str, ...]]) -> tuple[str, str]:
    """The character of `others` that fits far better than the one at `at`, and why; two empty strings for none."""
    known = next((one for one in others if _in_a_name(text, at, one, names)), "")
    if known:
        return known, BY_NAMES
    if _in_a_name(text, at, text[at], names) or not _RUN.fullmatch(text[at]):
        return "", ""
    begin, end = at, at + 1
    while begin > max(0, at - _AROUND) and _RUN.fullmatch(text[begin - 1]):
        begin -= 1
    while end < min(len(text), at + _AROUND) and _RUN.fullmatch(text[end]):
        end += 1
    own = _likely(text[begin:end])
    gains = [
        (_likely(text[begin:at] + other + text[at + 1 : end]) - own, other) for other in others if _RUN.fullmatch(other)
    ]
    gain, best = max(gains, default=(0.0, ""))
    return (best, BY_WORDS) if gain >= _ENOUGH else ("", "")


def _likely(run: str) -> float:
    """How likely a run is; that a character is rare by itself counts for nothing: texts are full of names."""
    parted = lattice(run)
    known = lexicon().likely
    return sum(known.get(run[start:end], LEAST) if end - start > 1 else LEAST for start, end in parted.words)


def _in_a_name(text: str, at: int, character: str, names: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a name stands at this place once the character stands there."""
    for name in names.get(character, ()):
        for inside, one in enumerate(name):
            begin = at - inside
            before = begin >= 0 and text[begin:at] == name[:inside]
            if one == character and before and text.startswith(name[inside + 1 :], at + 1):
                return True
    return False

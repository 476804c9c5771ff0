"""Characters that are probably misprints: another that looks or sounds like them makes the sentence far likelier.

Only characters that are no part of a word are doubted, and only for what data/lookalikes.tsv or confusable.txt takes
them for; a place counts by how much likelier it would become, how alike the two are, and how usual the character is
alone. What stands so more often in the book is meant. Weights and limits were settled on planted misprints and on
prose without (docs/proof.md, tests/bench/proof_errors.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from archive.export.proof.data_rows import rows
from archive.export.proof.findings import Severity
from archive.export.proof.lexicon import LEAST, Lattice, lattice, lexicon
from archive.export.proof.passages import HAN, ProofMark, Proofs, ProofText
from archive.text.collation import readings

RUN = re.compile(f"[{HAN}〇]{{2,}}")
"""Characters that a lattice is made of."""

_LONGEST = 4  # characters of a word a misprint is looked for in
_HAND_MADE = 0.84  # how alike the pairs of confusable.txt count, whatever they measure
_ALIKE, _SAME_SOUND, _USUAL = (
    35.0,
    1.4,
    0.66,
)  # what likeness, reading and being usual weigh, in logarithms of likelihood
_MEASURED_FROM = 0.8
_ENOUGH, _SURE = 9.0, 10.0
_OLD = -6.9  # logarithms of likelihood a character: below this a text is verse or classical, whose words nobody counted
_OLD_MORE = 3.0
_CERTAIN = 99.0
_RARELY, _MORE_RARELY = 2, 8


@dataclass(frozen=True, slots=True)
class _Guess:
    """`right` instead of the character at `at`, which gives the word from `start` to `end`."""

    weight: float
    at: int
    right: str
    start: int
    end: int


def misprints(proofs: Proofs) -> Iterator[ProofMark]:
    """Characters probably taken for others (己经, 末来), and idioms with a character wrong (再接再历)."""
    whole = "\n".join(passage.text for passage in proofs.passages)
    for text in proofs.texts:
        yield from _in_text(text, whole)


def _in_text(text: ProofText, whole: str) -> Iterator[ProofMark]:
    runs = [
        (passage, match.start(), match[0], lattice(match[0]))
        for passage in text.passages
        for match in RUN.finditer(passage.text)
    ]
    size = sum(len(run) for _, _, run, _ in runs)
    if not size:
        return
    old = sum(parted.likely for *_, parted in runs) / size < _OLD
    for passage, offset, run, parted in runs:
        for guess in _doubtful(run, parted, _ENOUGH + _OLD_MORE * old, whole):
            start = offset + guess.at
            word = run[guess.start : guess.at] + guess.right + run[guess.at + 1 : guess.end]
            message = f"“{run[guess.at]}”疑为“{guess.right}”之误：{word}"
            severity = Severity.HINT if guess.weight < _SURE else None
            yield passage.mark(start, start + 1, message, guess.right, severity)


def _doubtful(run: str, parted: Lattice, enough: float, whole: str) -> Iterator[_Guess]:
    told: set[int] = set()
    alone = parted.alone
    for guess in (*_idioms(run), *_known_slips(run, parted), *(_guess(run, at, parted, alone) for at in sorted(alone))):
        if guess and guess.weight > enough and not told.intersection(range(guess.start, guess.end)):
            word = run[guess.start : guess.at] + guess.right + run[guess.at + 1 : guess.end]
            if _unusual(run[guess.start : guess.end], word, whole):
                told.add(guess.at)
                yield guess


def _unusual(written: str, right: str, whole: str) -> bool:
    """Whether the book writes it so but seldom, or far more often as suggested."""
    times = whole.count(written)
    return times <= _RARELY or times * _MORE_RARELY < whole.count(right)


def _guess(run: str, at: int, parted: Lattice, alone: frozenset[int]) -> _Guess | None:
    """The likeliest other character for the one at `at`, with its weight."""
    known = lexicon()
    character, best = run[at], None
    own = known.likely.get(character, LEAST)
    for right, alike in lookalikes().get(character, {}).items():
        left, next_ = run[at - 1 : at] + right, right + run[at + 1 : at + 2]
        if left not in known.neighbours and next_ not in known.neighbours:
            continue
        extra = (
            _ALIKE * (alike - _MEASURED_FROM) + _SAME_SOUND * _sounds_like(character, right) - _USUAL * (own - LEAST)
        )
        for start in range(max(0, at - _LONGEST + 1), at + 1):
            for end in range(max(at + 1, start + 2), min(len(run), start + _LONGEST) + 1):
                value = known.likely.get(run[start:at] + right + run[at + 1 : end])
                if value is None or (end - start < _LONGEST and not alone.issuperset(range(start, end))):
                    continue
                gain = parted.before[start] + value + parted.behind[end] - parted.likely
                if gain > 0 and (best is None or gain + extra > best.weight):
                    best = _Guess(gain + extra, at, right, start, end)
    return best


def _idioms(run: str) -> Iterator[_Guess]:
    """Four characters that are an idiom but for one of them, which sounds or looks like the right one."""
    known = lexicon()
    for start in range(len(run) - 3):
        four = run[start : start + 4]
        for at in range(4 if four not in known.likely else 0):
            for idiom in known.idioms.get(f"{four[:at]}*{four[at + 1 :]}", ()):
                if idiom[at] in lookalikes().get(four[at], {}) or _sounds_like(four[at], idiom[at]):
                    yield _Guess(_CERTAIN, start + at, idiom[at], start, start + 4)


def _known_slips(run: str, parted: Lattice) -> Iterator[_Guess]:
    """Pairs of data/slips.tsv; 期未 is none in 逾期未改, where 期 belongs to another word."""
    alone = parted.alone
    for start in range(len(run) - 1):
        right = _slips().get(run[start : start + 2])
        if right and {start, start + 1} <= alone:
            at = start + (right[0] == run[start])
            yield _Guess(_CERTAIN, at, right[at - start], start, start + 2)


@cache
def _slips() -> Mapping[str, str]:
    return {row[0]: row[1] for row in rows("slips.tsv")}


@cache
def _sound(character: str) -> str:
    return readings(character)[0].rstrip("012345")


def _sounds_like(one: str, other: str) -> bool:
    return bool(_sound(one)) and _sound(one) == _sound(other)


@cache
def lookalikes() -> Mapping[str, Mapping[str, float]]:
    """Character → what it may be a misprint of → how alike they are, from 0 to 1."""
    table: dict[str, dict[str, float]] = {}
    for character, others in rows("lookalikes.tsv"):
        table[character] = {other: int(alike) / 99 for other, alike in re.findall(r"(\D)(\d\d)", others)}
    for (group,) in rows("confusable.txt"):
        for one in group:
            pairs = table.setdefault(one, {})
            pairs.update((other, max(_HAND_MADE, pairs.get(other, 0))) for other in group if other != one)
    return table

"""What is written otherwise by rule: units, numbers, marks and wording, all of it in data/usage.tsv."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from archive.export.proof.data_rows import rows
from archive.export.proof.passages import PROSE, Find, ProofMark, ProofPassage, Proofs, summed


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    right: str
    why: str


@cache
def _rules(sort: str) -> tuple[_Rule, ...]:
    return tuple(
        _Rule(re.compile(pattern), right, why) for check, pattern, right, why in rows("usage.tsv") if check == sort
    )


def usage(sort: str) -> Find:
    """The check for the rules of one sort: unit, rough, norm or mark; many of one kind in a text are taken together."""
    return lambda proofs: summed(proofs, _found(proofs, sort))


def _found(proofs: Proofs, sort: str) -> Iterator[ProofMark]:
    for passage in proofs.passages:
        if passage.kind in PROSE:
            yield from _in_passage(passage, sort)


def _in_passage(passage: ProofPassage, sort: str) -> Iterator[ProofMark]:
    told = 0
    for start, end, rule, match in sorted(_places(passage.text, sort), key=lambda place: place[:2]):
        if start >= told:
            told = max(end, start + 1)
            yield passage.mark(start, end, rule.why, match.expand(rule.right) if rule.right else None)


def _places(text: str, sort: str) -> Iterator[tuple[int, int, _Rule, re.Match[str]]]:
    for rule in _rules(sort):
        for match in rule.pattern.finditer(text):
            yield match.start(), match.end(), rule, match

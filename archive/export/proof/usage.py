"""What is written otherwise by rule: units, numbers, marks and wording (data/usage.tsv), and an office's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from archive.export.proof.data_rows import rows
from archive.export.proof.passages import PROSE, Find, ProofMark, ProofPassage, Proofs, UsageRule, summed

_OWN = "norm"  # the sort that the office's own rules belong to


@cache
def _rules(sort: str) -> tuple[UsageRule, ...]:
    return tuple(
        UsageRule(re.compile(pattern), right, why) for check, pattern, right, why in rows("usage.tsv") if check == sort
    )


def usage(sort: str) -> Find:
    """The check for the rules of one sort: unit, rough, norm or mark; many of one kind in a text are taken together."""
    return lambda proofs: summed(proofs, _found(proofs, sort))


def _found(proofs: Proofs, sort: str) -> Iterator[ProofMark]:
    rules = (*(proofs.wording if sort == _OWN else ()), *_rules(sort))
    for passage in proofs.passages:
        if passage.kind in PROSE:
            yield from _in_passage(passage, rules)


def _in_passage(passage: ProofPassage, rules: Sequence[UsageRule]) -> Iterator[ProofMark]:
    told = 0
    for start, end, rule, match in sorted(_places(passage.text, rules), key=lambda place: place[:2]):
        if start >= told:
            told = max(end, start + 1)
            yield passage.mark(start, end, rule.why, match.expand(rule.right) if rule.right else None)


def _places(text: str, rules: Sequence[UsageRule]) -> Iterator[tuple[int, int, UsageRule, re.Match[str]]]:
    for rule in rules:
        for match in rule.pattern.finditer(text):
            yield match.start(), match.end(), rule, match

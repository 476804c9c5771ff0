"""What is written otherwise by rule: units, numbers, marks and wording (data/usage.tsv), and an office's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from archive.export.proof.data_rows import rows
from archive.export.proof.passages import (  # fmt: skip
    PROSE,
    Find,
    ProofMark,
    ProofPassage,
    Proofs,
    ProofText,
    UsageRule,
    summed,
    summed_in_book,
)

_DELETED = "-"
_OWN = "norm"  # the sort that the office's own rules belong to


@cache
def _rules(sort: str) -> tuple[UsageRule, ...]:
    return tuple(
        UsageRule(re.compile(pattern), _rights(right), why)
        for check, pattern, right, why in rows("usage.tsv")
        if check == sort
    )


def _rights(written: str) -> str | None:
    return "" if written == _DELETED else written or None


def usage(sort: str) -> Find:
    """The check for the rules of one sort: unit, rough, norm or mark; many of one kind in a text are taken together."""
    return lambda proofs: summed(proofs, _found(proofs, sort))


def custom(proofs: Proofs) -> Iterator[ProofMark]:
    """What a house may do as it likes, but throughout: one finding for the whole book, once it is met often."""
    sorts: dict[str, dict[ProofText, list[ProofMark]]] = {}
    for mark in _found(proofs, "custom"):
        sorts.setdefault(mark.message, {}).setdefault(mark.passage.owner, []).append(mark)
    for texts in sorts.values():
        yield from summed_in_book(list(texts.values()))


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
            right = None if rule.right is None else match.expand(rule.right)
            if right != match[0]:  # an office may say that it is left as it is
                yield passage.mark(start, end, rule.why, right)


def _places(text: str, rules: Sequence[UsageRule]) -> Iterator[tuple[int, int, UsageRule, re.Match[str]]]:
    for rule in rules:
        for match in rule.pattern.finditer(text):
            yield match.start(), match.end(), rule, match

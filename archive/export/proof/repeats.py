"""Paragraphs that stand in a book more than once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.export.proof.findings import Severity
from archive.export.proof.passages import HAN, RUNNING, ProofMark, ProofPassage, Proofs

_LEAST = 30  # Han characters of a paragraph worth telling
_LEAST_ELSEWHERE = 60  # and of one that another text of the book has: rules and forms share shorter ones
_OTHER = re.compile(rf"[^{HAN}]|^第[{HAN}]{{1,6}}条|^[一二三四五六七八九十]+、")


def repeated(proofs: Proofs) -> Iterator[ProofMark]:
    """A paragraph that repeats an earlier one, punctuation and numbers apart; the later one is reported."""
    seen: dict[str, ProofPassage] = {}
    for passage in proofs.passages:
        if passage.kind not in RUNNING:
            continue
        bare = _OTHER.sub("", passage.text)
        if len(bare) < _LEAST:
            continue
        first = seen.setdefault(bare, passage)
        if first is passage:
            continue
        same_text = first.owner is passage.owner
        where = f"本篇第 {first.index} 段" if same_text else f"《{first.owner.title}》第 {first.index} 段"
        if not same_text and len(bare) < _LEAST_ELSEWHERE:
            continue
        severity = None if same_text else Severity.HINT
        yield passage.mark(0, len(passage.text), f"与{where}相同", None, severity)

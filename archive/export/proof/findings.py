"""What a proof report consists of: frozen values."""

from __future__ import annotations

import enum
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

CONTEXT = 8
"""How many code points either side of a place count towards its fingerprint."""

_AROUND = 20
_LONGEST = 40


class Severity(enum.StrEnum):
    """How sure a finding is, the surest first."""

    MUST = "必改"
    SHOULD = "建议"
    HINT = "提示"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place worth an editor's look; nothing has been changed.

    `article` is the id of the text, empty for what belongs to the book alone (前言, 编者按); `title` is what it is
    called. `block` is the index of the block in the text as it stands in the book, `start` and `end` are offsets in
    that block's stored text (code points, end exclusive; equal where something is missing). `before`, `text` and
    `after` are what stands around and at the place, cut short. `suggestion` replaces the text at the place, is empty
    where that is to be deleted, None where nothing is certain. `fingerprint` stays the same while the place and what
    stands next to it read the same, wherever it moves within its text. `others` is how many more places of one kind a
    finding stands for.
    """

    code: str
    severity: Severity
    article: str
    title: str
    block: int
    start: int
    end: int
    before: str
    text: str
    after: str
    message: str
    suggestion: str | None
    fingerprint: str
    others: int = 0

    @property
    def acceptable(self) -> bool:
        """Whether the text of an article can be changed as suggested, there and nowhere else."""
        return self.suggestion is not None and bool(self.article) and not self.others

    @property
    def excerpt(self) -> str:
        """The place with what stands around it, the place itself between ▶ and ◀."""
        return f"{self.before}▶{self.text}◀{self.after}"


@dataclass(frozen=True, slots=True)
class Report:
    """All findings on a book: by severity, then in the order of the book. `ignored` counts what was left out on demand.

    `names` is what the checks are called, by code.
    """

    title: str
    findings: tuple[Finding, ...]
    ignored: int
    characters: int
    names: Mapping[str, str]

    def accepted(self, done: Finding) -> Report:
        """What is left once the text was changed as a finding suggests: those behind it in its block have moved."""
        moved = len(done.suggestion or "") - (done.end - done.start)
        kept = []
        for each in self.findings:
            if (each.article, each.block) != (done.article, done.block) or (each.end <= done.start and each != done):
                kept.append(each)
            elif each.start >= done.end and each != done:
                kept.append(replace(each, start=each.start + moved, end=each.end + moved))
        return replace(self, findings=tuple(kept))

    @property
    def counts(self) -> Mapping[str, int]:
        """How many findings each check has, by code, the most first."""
        return dict(Counter(finding.code for finding in self.findings).most_common())

    @property
    def severities(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity; 0 where there are none."""
        met = Counter(finding.severity for finding in self.findings)
        return {severity: met[severity] for severity in Severity}


def around(text: str, start: int, end: int) -> tuple[str, str, str]:
    """What to show of a place: before it, of it, after it, without line ends."""
    shown = text[start:end]
    if len(shown) > _LONGEST:
        shown = f"{shown[:_LONGEST]}…"
    parts = (text[max(0, start - _AROUND) : start], shown, text[end : end + _AROUND])
    before, shown, after = (part.replace("\n", " ") for part in parts)
    return before, shown, after


def fingerprint(code: str, article: str, anchor: str, before: str, after: str) -> str:
    """16 hexadecimal digits for a finding: see `Finding`. `anchor` is the text of the place or what stands for it."""
    near = (code, article, anchor[:_LONGEST], before[-CONTEXT:], after[:CONTEXT])
    return hashlib.sha256("\0".join(near).encode("utf-8", "surrogatepass")).hexdigest()[:16]

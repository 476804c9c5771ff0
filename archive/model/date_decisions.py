"""Editors' decisions on dates, and dates that contradict each other in print.

The dates of an article are read by rule, again whenever rules or names change; what an editor decided about one of them
stands above every reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from archive.model.records import Article, Block, Mention, Period
from archive.text.anchors import Anchor, Course, Place, anchored, standing

RULE = "editor"
"""The rule of a mention that an editor set."""

CONFLICT = "!conflict"
"""How the rule of dates ends that contradict each other in print: 1947年（明弘治十年）."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An editor's word on one place of an article: no date (`period` is None), or this date and no other.

    The place is where `written` stands between `before` and `after`, at most CONTEXT code points each; a shorter one
    means that the block begins or ends there. `block` and `start` are where that was when the decision was made.
    `period.written` is the expression the editor gave. `key`, `who` and `when` (UTC, ISO 8601) come from the store.
    """

    block: int
    start: int
    written: str
    before: str
    after: str
    period: Period | None
    reason: str = ""
    key: int = 0
    who: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Dates in print that cannot both be right: `readings` are the periods, the likelier one first.

    `text` is `article.blocks[block].text[start:end]`.
    """

    article: Article
    block: int
    start: int
    end: int
    text: str
    readings: tuple[Period, ...]


def decide(blocks: Sequence[Block], place: Place, period: Period | None, reason: str) -> Decision:
    """The decision on a place as it reads now. The place must be within the blocks."""
    here = anchored([block.text for block in blocks], place)
    return Decision(here.block, here.start, here.written, here.before, here.after, period, reason)


def place_of(decision: Decision, blocks: Sequence[Block]) -> Place | None:
    """Where a decision holds in these blocks; None where that place no longer reads the same.

    See `archive.text.anchors.standing`.
    """
    anchor = Anchor(decision.block, decision.start, decision.written, decision.before, decision.after)
    return standing(anchor, ((index, block.text) for index, block in enumerate(blocks) if block.kind.searched))


def carried(decisions: Sequence[Decision], before: Sequence[Block], after: Sequence[Block]) -> tuple[Decision, ...]:
    """The decisions with the places they have in the next version: each stays on the characters it was made on.

    So it holds on when what stands around them is corrected, and a twin elsewhere does not attract it: many cells of a
    table read the same, with nothing around them. Decisions that hold nowhere in `before`, or whose characters were
    changed, stay as they are.
    """
    if not decisions:
        return ()
    texts = [block.text for block in after]
    course = Course([block.text for block in before], texts)
    return tuple(_carried(decision, before, course, texts) for decision in decisions)


def _carried(decision: Decision, before: Sequence[Block], course: Course, texts: Sequence[str]) -> Decision:
    here = place_of(decision, before)
    there = course.place(here) if here else None
    if there is None:
        return decision
    now = anchored(texts, there)
    return replace(decision, block=now.block, start=now.start, before=now.before, after=now.after)


def place(mention: Mention) -> Place:
    """Where a mention stands."""
    return mention.block, mention.start, mention.end


def overlapping(one: Place, other: Place) -> bool:
    """Whether two places share a character."""
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def apply(decisions: Sequence[Decision], mentions: Sequence[Mention], blocks: Sequence[Block]) -> tuple[Mention, ...]:
    """What stands after all decisions, in order: readings that share a character with a decided place are dropped.

    Of two decisions on one place the later in `decisions` holds.
    """
    held: list[tuple[Place, Decision]] = []
    for decision in reversed(decisions):
        here = place_of(decision, blocks)
        if here and not any(overlapping(here, other) for other, _ in held):
            held.append((here, decision))
    kept = [mention for mention in mentions if not any(overlapping(place(mention), decided) for decided, _ in held)]
    kept += [_mention(here, decision, decision.period) for here, decision in held if decision.period]
    return tuple(sorted(kept, key=lambda mention: (mention.block, mention.start)))


def _mention(here: Place, decision: Decision, period: Period) -> Mention:
    return Mention(*here, Period(period.start, period.end, period.precision, decision.written), RULE)


def contradictions(article: Article, mentions: Sequence[Mention]) -> Iterator[Contradiction]:
    """The contradictions among an article's mentions, in order."""
    conflicting = (mention for mention in mentions if mention.rule.endswith(CONFLICT))
    for (block, start, end), group in groupby(conflicting, place):
        text = article.blocks[block].text[start:end]
        yield Contradiction(article, block, start, end, text, tuple(mention.period for mention in group))

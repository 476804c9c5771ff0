"""The same words elsewhere: where a paragraph, or part of it, stands again, with what was changed.

Compared is what counts: folded, without punctuation, blanks and notes. Strings of SEED characters in common lead to
candidates; what stands in more than FORMULA articles is a set phrase (套语), leads to nobody, and is told apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from archive.model.records import Article, Kind
from archive.text.folding import fold
from archive.text.spans import Span, joined

SEED = 5
FORMULA = 100
LEAST = 16
"""Equal characters from which on a passage is told of."""

SHARE = 0.6
"""Of the characters of a passage so many must be equal."""

_GAP = 20  # characters between two seeds of one passage
_ASTRAY = 30  # characters by which seeds of one passage may be out of step
_BEYOND = 12  # characters looked at before the first seed and behind the last
_RUN = 2  # fewer equal characters at an end are chance


@dataclass(frozen=True, slots=True)
class Counted:
    """The characters of a stored text that count, folded, and where each stands in it."""

    text: str
    at: tuple[int, ...]

    @classmethod
    def of(cls, stored: str) -> Counted:
        """Take them from a stored text."""
        folded = fold(stored)
        kept = [place for place, char in enumerate(folded.text) if char.isalnum()]
        text = "".join(folded.text[place] for place in kept)
        return cls(text, tuple(folded.span(place, place + 1)[0] for place in kept))

    def seeds(self) -> Iterator[str]:
        """Its strings of SEED characters, in order."""
        return (self.text[at : at + SEED] for at in range(len(self.text) - SEED + 1))

    def stored(self, start: int, end: int) -> Span:
        """Start and end, exclusive, in stored text of some of its characters."""
        return self.at[start], self.at[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage that two texts share: `own` in the one, `there` in the other, as spans in stored text.

    `changes` are (span in the one, span in the other) where they differ; a span may be empty. `equal` characters are
    the same, of `length` of the longer side.
    """

    own: Span
    there: Span
    changes: tuple[tuple[Span, Span], ...]
    equal: int
    length: int

    @property
    def share(self) -> float:
        """The share of equal characters, from 0 to 1."""
        return self.equal / self.length


def shared(one: Counted, other: Counted) -> list[Shared]:
    """The passages that both have, in the order of the other."""
    where: dict[str, list[int]] = {}
    for at, seed in enumerate(one.seeds()):
        where.setdefault(seed, []).append(at)
    found: list[Shared] = []
    for run in _runs([(there, where[seed]) for there, seed in enumerate(other.seeds()) if seed in where]):
        passage = _aligned(one, other, run)
        if passage is not None and (not found or passage.there[0] >= found[-1].there[1]):
            found.append(passage)
    return found


def _runs(hits: Sequence[tuple[int, list[int]]]) -> Iterator[list[tuple[int, int]]]:
    """Seeds that may be of one passage, as (place in the other, place in the one)."""
    run: list[tuple[int, int]] = []
    for there, places in hits:
        here = min(places, key=lambda one: abs(one - there - (run[-1][1] - run[-1][0] if run else 0)))
        in_step = run and abs((here - there) - (run[-1][1] - run[-1][0])) <= _ASTRAY
        if run and (there - run[-1][0] - SEED > _GAP or not in_step):
            yield run
            run = []
        run.append((there, here))
    if run:
        yield run


def _aligned(one: Counted, other: Counted, run: Sequence[tuple[int, int]]) -> Shared | None:
    begin, other_begin = max(0, min(here for _, here in run) - _BEYOND), max(0, run[0][0] - _BEYOND)
    end = max(here for _, here in run) + SEED + _BEYOND
    left, right = one.text[begin:end], other.text[other_begin : run[-1][0] + SEED + _BEYOND]
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size >= _RUN]
    equal = sum(block.size for block in blocks)
    if equal < LEAST:
        return None
    first, last = blocks[0], blocks[-1]
    length = max(last.a + last.size - first.a, last.b + last.size - first.b)
    if equal < SHARE * length:
        return None
    changes = []
    for before, after in pairwise(blocks):
        own = _between(one, begin + before.a + before.size, begin + after.a)
        there = _between(other, other_begin + before.b + before.size, other_begin + after.b)
        changes.append((own, there))
    return Shared(
        own=one.stored(begin + first.a, begin + last.a + last.size),
        there=other.stored(other_begin + first.b, other_begin + last.b + last.size),
        changes=tuple(changes),
        equal=equal,
        length=length,
    )


def _between(text: Counted, start: int, end: int) -> Span:
    return text.stored(start, end) if start < end else (text.at[start - 1] + 1, text.at[start - 1] + 1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: in a block of an article, and how it goes with the paragraph asked about."""

    article: Article
    block: int
    shared: Shared


@dataclass(frozen=True, slots=True)
class Node:
    """Places where the passage reads the same, letter for letter: a text and its reprints, the earliest first."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class SameWords:
    """What was found for a paragraph: a chain of nodes from the earliest; undated ones come last.

    `formulas` are the stretches of the paragraph, as spans in its stored text, that stand in too many articles to lead
    anywhere.
    """

    article: Article
    block: int
    nodes: tuple[Node, ...]
    formulas: tuple[Span, ...]


def passages(paragraph: Counted, article: Article, leave_out: int | None = None) -> Iterator[Place]:
    """The passages of an article, in its paragraphs; titles and notes are none. One block may be left out."""
    for index, text in article.units():
        if index and index != leave_out and article.blocks[index].kind is not Kind.NOTE:
            yield from (Place(article, index, one) for one in shared(paragraph, Counted.of(text)))


def chained(places: Sequence[Place]) -> tuple[Node, ...]:
    """Reprints as one node, nodes by the earliest date of their articles."""
    by_text: dict[str, list[Place]] = {}
    for place in sorted(places, key=_earliest):
        start, end = place.shared.there
        by_text.setdefault(Counted.of(place.article.blocks[place.block].text[start:end]).text, []).append(place)
    return tuple(Node(tuple(group)) for group in by_text.values())


def _earliest(place: Place) -> tuple[bool, int, int, str]:
    start = place.article.date.start if place.article.date else None
    return start is None, start or 0, len(place.article.id), place.article.id


def formula_spans(paragraph: Counted, common: Sequence[bool]) -> tuple[Span, ...]:
    """The stretches whose seeds are `common`, one value a seed."""
    spans = [paragraph.stored(at, at + SEED) for at, is_common in enumerate(common) if is_common]
    return tuple(joined(spans))

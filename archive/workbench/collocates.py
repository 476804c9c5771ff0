"""What stands beside the places of a search more often than chance would have it (搭配).

Three units, never mixed in one table: strings of a few characters right before or after a place, counted place by
place; names of the office's authority and words in the same paragraph, counted paragraph by paragraph. Words are those
that jieba cuts from the paragraphs, and so approximate; all counts are of characters that stand there.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from archive.model.errors import UsageError
from archive.search.index.engine import PARTING, Standing
from archive.search.matching import APART
from archive.text.longest_match import LongestMatch
from archive.text.spans import Span
from archive.workbench.place_list import PlaceList, Rows
from archive.workbench.steps import NONE, column_label, context_of

LONGEST = 4
"""Characters of a string beside a place."""

UNITS = (
    *(f"right{size}" for size in range(1, LONGEST + 1)),
    *(f"left{size}" for size in range(1, LONGEST + 1)),
    "name",
    "word",
)
"""What can be looked for beside a place; "name" and "word" in its paragraph."""

WORDS_FROM = 2_000
"""Paragraphs that words are cut from, where there are more: evenly chosen among them."""

MOST_WORDS = 1_000
"""As many words are looked at, the most frequent of those cut."""

_LABELS = {"name": "同段的人名、地名、机构", "word": "同段的词（近似）"}
_NOT_COUNTED = re.compile(rf"[^\w{APART}]+|_+")


@dataclass(frozen=True, slots=True)
class Collocate:
    """`text` stands `together` times with what was searched, in `articles` articles, and `alone` times in all of the
    scope. `score` is logDice: 14 + log2(2 together / (searched + alone)); 14 at most, whatever the size of the scope.
    """

    text: str
    together: int
    articles: int
    alone: int
    score: float


@dataclass(frozen=True, slots=True)
class Collocates:
    """The highest score first. `searched` places, or paragraphs with one, were looked at, by the unit."""

    unit: str
    searched: int
    found: tuple[Collocate, ...]


Scope = Callable[[], Iterable[Standing]]
"""All articles that the filters, the scope, the period and the rights let through, with their texts."""


def checked_unit(name: str) -> str:
    """A unit. Raises UsageError."""
    if name not in UNITS:
        raise UsageError(f"没有“{name[:20]}”这种搭配", hint=f"可选：{'、'.join(UNITS)}")
    return name


def unit_label(name: str) -> str:
    """What a unit is called on a page."""
    return _LABELS.get(name) or f"紧挨着的{column_label(name)}"


def counted_in(name: str) -> str:
    """The word for what is counted."""
    return "处" if context_of(name) else "段"


def adjacent(places: PlaceList, rows: Rows, unit: str, scope: Scope, least: int, articles: int) -> Collocates:
    """Strings right before or after the rows; punctuation does not count, and paragraphs end them."""
    context = context_of(unit)
    assert context is not None
    column, size = places.column(unit), context[1]
    together: Counter[str] = Counter()
    texts: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if len(value := column[row]) == size and value != NONE:
            together[value] += 1
            texts[value].add(places.article[row])
    wanted = {text for text, count in together.items() if count >= least and len(texts[text]) >= articles}
    alone: Counter[str] = Counter()
    if wanted:
        for standing in scope():
            text = _NOT_COUNTED.sub("", standing.text)
            strings = text if size == 1 else map("".join, zip(*(text[at:] for at in range(size)), strict=False))
            alone.update(filter(wanted.__contains__, strings))
    return _scored(unit, len(rows), {text: (together[text], len(texts[text])) for text in wanted}, alone)


def beside(
    places: PlaceList, rows: Rows, unit: str, vocabulary: Mapping[str, Iterable[str]], scope: Scope, least: int,
    articles: int,
) -> Collocates:  # fmt: skip
    """Words of a vocabulary in the paragraphs of the rows; it maps each form to what it is counted as.

    What stands in the place itself does not count beside it.
    """
    match, spans = LongestMatch(vocabulary), _spans_by_paragraph(places, rows)
    together: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    texts: dict[str, set[str]] = defaultdict(set)
    for standing in scope():
        of_article = spans.get(standing.facts.id, {})
        for number, paragraph in enumerate(PARTING.split(standing.text)):
            taken = of_article.get(number, ())
            here = {
                name
                for start, end in match.places(paragraph)
                if not any(start < stop and begin < end for begin, stop in taken)
                for name in vocabulary[paragraph[start:end]]
            }
            alone.update(here)
            if taken:
                together.update(here)
                for name in here:
                    texts[name].add(standing.facts.id)
    kept = {
        name: (count, len(texts[name]))
        for name, count in together.items()
        if count >= least and len(texts[name]) >= articles
    }
    return _scored(unit, sum(map(len, spans.values())), kept, alone)


def paragraphs(places: PlaceList, rows: Rows, scope: Scope) -> Iterator[str]:
    """At most WORDS_FROM of the paragraphs of the rows, evenly chosen."""
    spans = _spans_by_paragraph(places, rows)
    step = -(-sum(map(len, spans.values())) // WORDS_FROM) or 1
    here = (
        paragraph
        for standing in scope()
        if standing.facts.id in spans
        for number, paragraph in enumerate(PARTING.split(standing.text))
        if number in spans[standing.facts.id]
    )
    return islice(here, 0, None, step)


def _spans_by_paragraph(places: PlaceList, rows: Rows) -> dict[str, dict[int, list[Span]]]:
    found: dict[str, dict[int, list[Span]]] = {}
    for row in rows:
        of_article = found.setdefault(places.id(row), {})
        of_article.setdefault(places.unit[row], []).append((places.start[row], places.end[row]))
    return found


def _scored(unit: str, searched: int, kept: Mapping[str, tuple[int, int]], alone: Mapping[str, int]) -> Collocates:
    found = [
        Collocate(text, count, articles, alone[text], 14 + math.log2(2 * count / (searched + alone[text])))
        for text, (count, articles) in kept.items()
    ]
    return Collocates(unit, searched, tuple(sorted(found, key=lambda one: (-one.score, -one.together, one.text))))


def cells(found: Sequence[Collocate]) -> list[tuple[str, ...]]:
    """Rows of a table: text, together, articles, alone, score."""
    return [(one.text, str(one.together), str(one.articles), str(one.alone), f"{one.score:.2f}") for one in found]

"""Words that stand in several articles, over a whole library: who copied whom, from the earliest; set phrases apart.

Seeds are strings of SEED characters, folded, without punctuation and notes. One in three is kept, chosen by its digest
alone, so that a copy keeps the same ones. Two kept seeds in a row that stand in the paragraphs of two articles make
these two paragraphs candidates, which are then aligned as for a single paragraph (see `same_words`). Two in a row that
stand in more than FORMULA articles are part of a set phrase (套语): they lead to nobody, and are counted.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from zlib import crc32

from archive.model.records import Article, Kind
from archive.support.cancellation import raise_if_cancelled
from archive.text.spans import Span, joined
from archive.workbench.same_words import FORMULA, LEAST, SEED, Counted, Shared, shared

_EVERY = 3  # of so many seeds one is kept
_APART = 30  # characters by which two kept seeds in a row may be apart
_ALL_PAIRS = 12  # paragraphs with the same seeds that are compared each with each; of more, each with the next
_BYTES = 4  # of a character in the code that seeds are digested in
_BITS = 32  # of a digest, and of the number of an occurrence

Told = Callable[[str, int, int], None]
"""Says what is being done, and how many of how many are."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Where an article has the words of a chain: (block, start, end) in the stored text of its version, in order.

    `letters` is a digest of them: copies with the same read the same, letter for letter.
    """

    article: str
    version: int
    places: tuple[tuple[int, int, int], ...]
    letters: int


@dataclass(frozen=True, slots=True)
class Chain:
    """An article and those that have its words, by date, undated ones last; `length` is how many letters they share."""

    copies: tuple[Copy, ...]
    length: int

    @property
    def nodes(self) -> tuple[tuple[Copy, ...], ...]:
        """The copies, a text and its reprints together."""
        of_letters: dict[int, list[Copy]] = {}
        for copy in self.copies:
            of_letters.setdefault(copy.letters, []).append(copy)
        return tuple(map(tuple, of_letters.values()))


@dataclass(frozen=True, slots=True)
class Formula:
    """A set phrase as it stands somewhere, and in how many articles at least its rarest part stands."""

    words: str
    articles: int


@dataclass(frozen=True, slots=True)
class Reuse:
    """Chains, the longest first; set phrases, the most frequent first; how many passages were of these alone.

    `articles` and `letters` are how much was looked through.
    """

    chains: tuple[Chain, ...] = ()
    formulas: tuple[Formula, ...] = ()
    set_aside: int = 0
    articles: int = 0
    letters: int = 0


@dataclass(frozen=True, slots=True)
class _Paragraph:
    article: int
    block: int
    counted: Counted


class Finder:
    """Takes articles one by one, then finds what they share."""

    def __init__(self) -> None:
        self._articles: list[tuple[str, int, tuple[bool, int]]] = []
        self._paragraphs: list[_Paragraph] = []
        self._occurrences: list[int] = []  # digest of two seeds in a row above, the number of its place below
        self._places = array("Q")  # paragraph above, first character below
        self._lengths = array("B")
        self._letters = 0

    def add(self, article: Article) -> None:
        """Look through one more article: its paragraphs, without title and notes."""
        start = article.date.start if article.date else None
        number = len(self._articles)
        self._articles.append((article.id, article.version, (start is None, start or 0)))
        for block, text in article.units():
            if block and article.blocks[block].kind is not Kind.NOTE:
                counted = Counted.of(text)
                if len(counted.text) >= LEAST:
                    self._letters += len(counted.text)
                    self._paragraphs.append(_Paragraph(number, block, counted))
                    self._take(len(self._paragraphs) - 1, counted.text)

    def _take(self, paragraph: int, text: str) -> None:
        data = text.encode("utf-32-le")
        size = SEED * _BYTES
        digests = (crc32(data[at : at + size]) for at in range(0, len(data) - size + 1, _BYTES))
        kept = [(at, digest) for at, digest in enumerate(digests) if digest % _EVERY == 0]
        for (first, one), (second, other) in pairwise(kept):
            if second - first <= _APART:
                digest = (one * 0x9E3779B1 + other) & 0xFFFFFFFF
                self._occurrences.append(digest << _BITS | len(self._places))
                self._places.append(paragraph << _BITS | first)
                self._lengths.append(second - first + SEED)

    def found(self, told: Told) -> Reuse:
        """What the articles share."""
        told("比较各篇的字串", 0, 0)
        self._occurrences.sort()
        pairs, common = self._candidates()
        passages, aside = self._aligned(pairs, common, told)
        told("连成一串一串", 0, 0)
        chains = sorted(_chains(self._paragraphs, self._articles, passages), key=lambda one: -one.length)
        formulas = sorted(self._formulas(common), key=lambda one: (-one.articles, one.words))
        return Reuse(tuple(chains), tuple(formulas), aside, len(self._articles), self._letters)

    def _candidates(self) -> tuple[set[tuple[int, int]], dict[int, int]]:
        """Pairs of paragraphs to align, and the places of set phrases with the number of articles they stand in."""
        pairs: set[tuple[int, int]] = set()
        common: dict[int, int] = {}
        for _, group in groupby(self._occurrences, key=lambda one: one >> _BITS):
            places = [one & 0xFFFFFFFF for one in group]
            if len(places) < 2:
                continue
            held = sorted({self._places[place] >> _BITS for place in places})
            articles = len({self._paragraphs[one].article for one in held})
            if articles > FORMULA:
                common |= dict.fromkeys(places, articles)
            elif articles > 1:
                near = ((one, other) for at, one in enumerate(held) for other in held[at + 1 :])
                chosen = near if len(held) <= _ALL_PAIRS else pairwise(held)
                pairs |= {pair for pair in chosen if self._article_of(pair[0]) != self._article_of(pair[1])}
        return pairs, common

    def _article_of(self, paragraph: int) -> int:
        return self._paragraphs[paragraph].article

    def _aligned(
        self, pairs: set[tuple[int, int]], common: dict[int, int], told: Told
    ) -> tuple[list[tuple[int, int, Shared]], int]:
        """The passages of the pairs; and how many there were with too little beside set phrases."""
        covered = self._covered(common)
        found, aside = [], 0
        for number, (one, other) in enumerate(sorted(pairs)):
            if number % 200 == 0:
                raise_if_cancelled()
                told("逐对比较，找出相同的段落", number, len(pairs))
            texts = self._paragraphs[one].counted, self._paragraphs[other].counted
            for passage in shared(*texts):
                if passage.equal - _within(passage.own, texts[0], covered.get(one, ())) < LEAST:
                    aside += 1
                else:
                    found.append((one, other, passage))
        return found, aside

    def _covered(self, common: Iterable[int]) -> dict[int, tuple[Span, ...]]:
        """By paragraph the characters that count and are of set phrases, as spans among these."""
        spans: dict[int, list[Span]] = defaultdict(list)
        for place in common:
            start = self._places[place] & 0xFFFFFFFF
            spans[self._places[place] >> _BITS].append((start, start + self._lengths[place]))
        return {paragraph: tuple(joined(sorted(of_it))) for paragraph, of_it in spans.items()}

    def _formulas(self, common: dict[int, int]) -> Iterator[Formula]:
        """Set phrases as they stand where they are longest, each once."""
        counts: dict[str, int] = {}
        by_paragraph: dict[int, list[int]] = defaultdict(list)
        for place in common:
            by_paragraph[self._places[place] >> _BITS].append(place)
        for paragraph, places in by_paragraph.items():
            text = self._paragraphs[paragraph].counted.text
            starts = {self._places[place] & 0xFFFFFFFF: place for place in places}
            spans = joined(sorted((start, start + self._lengths[place]) for start, place in starts.items()))
            for begin, end in spans:
                least = min(common[place] for start, place in starts.items() if begin <= start < end)
                counts[text[begin:end]] = max(least, counts.get(text[begin:end], 0))
        longest = sorted(counts, key=len, reverse=True)
        kept: list[str] = []
        for words in longest[:_MOST_FORMULAS]:
            if not any(words in other for other in kept):
                kept.append(words)
        return (Formula(words, counts[words]) for words in kept)


_MOST_FORMULAS = 3_000


def _within(own: Span, text: Counted, covered: Sequence[Span]) -> int:
    """How many of the characters that count, from start to end of a passage, are covered."""
    if not covered:
        return 0
    first, last = bisect_left(text.at, own[0]), bisect_left(text.at, own[1])
    return sum(max(0, min(last, end) - max(first, start)) for start, end in covered)


# -- chains


def _chains(
    paragraphs: Sequence[_Paragraph],
    articles: Sequence[tuple[str, int, tuple[bool, int]]],
    passages: Sequence[tuple[int, int, Shared]],
) -> Iterator[Chain]:
    """Passages that overlap in a paragraph belong together; chains of the same articles are one."""
    spans: dict[int, list[Span]] = defaultdict(list)
    for one, other, passage in passages:
        spans[one].append(passage.own)
        spans[other].append(passage.there)
    merged = {paragraph: _overlapping(of_it) for paragraph, of_it in spans.items()}
    parent: dict[tuple[int, Span], tuple[int, Span]] = {}

    def root(place: tuple[int, Span]) -> tuple[int, Span]:
        while parent.setdefault(place, place) != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for one, other, passage in passages:
        parent[root((one, _holding(merged[one], passage.own)))] = root((other, _holding(merged[other], passage.there)))
    groups: dict[tuple[int, Span], list[tuple[int, Span]]] = defaultdict(list)
    for place in parent:
        groups[root(place)].append(place)
    together: dict[frozenset[int], list[tuple[int, Span]]] = defaultdict(list)
    for places in groups.values():
        together[frozenset(paragraphs[paragraph].article for paragraph, _ in places)] += places
    for numbers, places in together.items():
        copies = [_copy(number, paragraphs, articles, places) for number in numbers]
        order = {articles[number][0]: (articles[number][2], number) for number in numbers}
        copies.sort(key=lambda one: order[one.article])
        lengths = [sum(end - start for _, start, end in one.places) for one in copies]
        yield Chain(tuple(copies), min(lengths))


def _copy(
    number: int,
    paragraphs: Sequence[_Paragraph],
    articles: Sequence[tuple[str, int, tuple[bool, int]]],
    places: Sequence[tuple[int, Span]],
) -> Copy:
    own = sorted((paragraph, span) for paragraph, span in places if paragraphs[paragraph].article == number)
    letters = 0
    for paragraph, (start, end) in own:
        counted = paragraphs[paragraph].counted
        text = "".join(char for char, at in zip(counted.text, counted.at, strict=True) if start <= at < end)
        letters = crc32(text.encode(), letters)
    id, version, _ = articles[number]
    return Copy(id, version, tuple((paragraphs[one].block, *span) for one, span in own), letters)


def _overlapping(spans: Iterable[Span]) -> list[Span]:
    """Spans of which half of the shorter lies in the other as one, in order."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and 2 * (min(found[-1][1], end) - start) >= min(found[-1][1] - found[-1][0], end - start):
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _holding(spans: Sequence[Span], span: Span) -> Span:
    """The one of `spans` that most of a span lies in."""
    return max(spans, key=lambda one: min(one[1], span[1]) - max(one[0], span[0]))

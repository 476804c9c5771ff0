"""BM25 scores of words: what Whoosh would give each article for them, worked out over whole arrays and kept.

Whoosh's own collector asks several objects about every posting; a word of ten thousand texts took a tenth of a second.
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import compress
from math import log
from typing import Any, NamedTuple

from archive.search.index.word_codec import FIELDS, documents_of, postings_of
from archive.support.cancellation import raise_if_cancelled

_SATURATION, _LENGTH = 1.2, 0.75  # k1 and b, Whoosh's own values
_WEIGHTS = {"title": 3.0, "body": 1.0}  # a word in the title counts as three in the text
_KEPT = 1_000_000  # scores kept for one state of the index, 16 MB
_LARGE = 2000  # articles from which on words that stand nearly everywhere are weighed in titles only
_FEW = 300  # articles up to which only their own postings are weighed
_SPARSE = 8  # from how many scores for an article wanted each of those is looked up


class Scores(NamedTuple):
    """A word's articles by key, ascending, with the score of each; and the highest score."""

    keys: array[int]
    scores: array[float]
    highest: float

    def of(self, key: int) -> float:
        """The score of one article, 0 where it has none."""
        at = bisect_left(self.keys, key)
        return self.scores[at] if at < len(self.keys) and self.keys[at] == key else 0.0


class WordScores:
    """The scores in one state of a Whoosh index, given as a reader of it."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._leaves = [(leaf, offset) for leaf, offset in reader.leaf_readers()]
        self.keys = array("q")  # by document number
        self._lengths: dict[str, list[int]] = {field: [] for field in FIELDS}
        deleted: set[int] = set()
        for leaf, offset in self._leaves if reader.doc_count_all() else ():
            keys, lengths = documents_of(leaf)
            self.keys.extend(keys)
            for field in FIELDS:
                self._lengths[field] += lengths[field]
            deleted.update(offset + document for document in leaf.segment().deleted_docs())
        self._current = bytes(number not in deleted for number in range(len(self.keys))) if deleted else b""
        self._norms: dict[str, list[float]] = {}
        self._kept: OrderedDict[str, Scores] = OrderedDict()
        self._size = 0

    def best(
        self, words: Sequence[str], wanted: Set[int], most: int, rank: Mapping[int, Any]
    ) -> list[tuple[int, float]]:
        """The `most` highest-scoring of these articles as (key, score), best first; those without a word left out.

        Equal scores come in the order of `rank`.
        """
        if most <= 0:
            return []
        if len(wanted) <= _FEW:
            found = self._of_few(words, wanted)
        else:
            weighed = [scores for scores in map(self._of, words) if scores.keys]
            found = _sums(weighed, wanted, most) if weighed else {}
        if len(found) > most:
            least = heapq.nlargest(most, found.values())[-1]
            found = {key: score for key, score in found.items() if score >= least}
        return sorted(found.items(), key=lambda one: (-one[1], rank[one[0]]))[:most]

    def _of_few(self, words: Sequence[str], wanted: Set[int]) -> dict[int, float]:
        """The sums of the scores of these articles; only their postings are weighed, unless all of a word are kept."""
        sums: dict[int, float] = {}
        numbers = sorted((self._numbers[key], key) for key in wanted if key in self._numbers)
        for word in words:
            raise_if_cancelled()
            kept = self._kept.get(word)
            found = self._weighed_in(word, numbers) if kept is None else ((key, kept.of(key)) for key in wanted)
            for key, score in found:
                if score:
                    sums[key] = sums.get(key, 0.0) + score
        return sums

    def _weighed_in(self, word: str, numbers: Sequence[tuple[int, int]]) -> Iterable[tuple[int, float]]:
        """(key, score) of a word in the articles given as (number of the document, key), as `_weighed` has them."""
        sums: dict[int, float] = {}
        for field in self._telling(word) if numbers else ():
            factor, norms = self._factor(field, word), self._norms_of(field)
            for reader, offset in self._leaves:
                documents, counts = postings_of(reader, field, word.encode())
                end = len(documents)
                for number, key in numbers if end else ():
                    at = bisect_left(documents, number - offset) if number >= offset else end
                    if at < end and documents[at] == number - offset:
                        score = factor * counts[at] / (counts[at] + norms[number])
                        sums[key] = sums.get(key, 0.0) + score
        return sums.items()

    @cached_property
    def _numbers(self) -> Mapping[int, int]:
        """The number of the document of each article, by key."""
        current = self._current or bytes([1]) * len(self.keys)
        return {key: number for number, key in enumerate(self.keys) if current[number]}

    def _of(self, word: str) -> Scores:
        raise_if_cancelled()
        kept = self._kept.pop(word, None)
        if kept is None:
            kept = self._weighed(word)
            self._size += len(kept.keys)
            while self._size > _KEPT and self._kept:
                _, forgotten = self._kept.popitem(last=False)
                self._size -= len(forgotten.keys)
        self._kept[word] = kept
        return kept

    def _weighed(self, word: str) -> Scores:
        """A word's scores in titles and texts together."""
        sums: dict[int, float] = {}
        for few in sorted((dict(self._in_field(field, word)) for field in self._telling(word)), key=len, reverse=True):
            for key, score in few.items() if sums else ():
                sums[key] = sums.get(key, 0.0) + score
            sums = sums or few
        keys = sorted(sums)
        scores = array("d", map(sums.__getitem__, keys))
        return Scores(array("q", keys), scores, max(scores, default=0.0))

    def _telling(self, word: str) -> Iterator[str]:
        """The fields in which a word counts.

        In a large library a word of more than half the articles (新闻联播 in a newscast) no longer tells their texts
        apart and would cost most of the time; only its place in a title does.
        """
        everywhere = len(self.keys) / 2 if len(self.keys) > _LARGE else len(self.keys)
        return (field for field in FIELDS if field != "body" or self._reader.doc_frequency(field, word) <= everywhere)

    def _factor(self, field: str, word: str) -> float:
        rarity = log(len(self.keys) / (self._reader.doc_frequency(field, word) + 1)) + 1
        return _WEIGHTS[field] * rarity * (_SATURATION + 1)

    def _in_field(self, field: str, word: str) -> Iterable[tuple[int, float]]:
        """(key, weighted score) of every article with the word in this field."""
        text = word.encode()
        documents, counts = array("I"), list[int]()
        for reader, offset in self._leaves:
            found, often = postings_of(reader, field, text)
            documents.extend([offset + number for number in found] if offset else found)
            counts.extend(often)
        if not documents:
            return ()
        factor = self._factor(field, word)
        norms = map(self._norms_of(field).__getitem__, documents)
        scores = [factor * count / (count + norm) for count, norm in zip(counts, norms, strict=True)]
        scored = zip(map(self.keys.__getitem__, documents), scores, strict=True)
        return compress(scored, map(self._current.__getitem__, documents)) if self._current else scored

    def _norms_of(self, field: str) -> list[float]:
        """What the length of each document's field adds to the count of a word."""
        if field not in self._norms:
            usual = self._reader.field_length(field) / len(self.keys) or 1
            by_length = {
                length: _SATURATION * (1 - _LENGTH + _LENGTH * (length or 1) / usual)
                for length in set(self._lengths[field])
            }
            self._norms[field] = [by_length[length] for length in self._lengths[field]]
        return self._norms[field]


def _sums(weighed: Sequence[Scores], wanted: Set[int], most: int) -> dict[int, float]:
    """The sums of the scores, by key, of as many of the articles wanted as could be among the `most` best."""
    if _SPARSE * len(wanted) < sum(len(each.keys) for each in weighed):
        sums = {key: sum(each.of(key) for each in weighed) for key in wanted}
        return {key: score for key, score in sums.items() if score}
    if len(weighed) == 1:
        (only,) = weighed
        return dict(compress(zip(only.keys, only.scores, strict=True), map(wanted.__contains__, only.keys)))
    return _candidates(weighed, wanted, most)


def _candidates(weighed: Sequence[Scores], wanted: Set[int], most: int) -> dict[int, float]:
    """The same for several words by their highest scores: articles that have only words whose highest scores together
    do not reach the `most`-th best sum so far are never looked at, which are most where one word is frequent.
    """
    ordered = sorted(weighed, key=lambda each: -each.highest)
    sums: dict[int, float] = {}
    at, least = 0, 0.0
    while at < len(ordered) and sum(each.highest for each in ordered[at:]) >= least:
        each = ordered[at]
        here = dict(compress(zip(each.keys, each.scores, strict=True), map(wanted.__contains__, each.keys)))
        both = [(key, sums[key] + here[key]) for key in sums.keys() & here.keys()]
        sums.update(here)
        sums.update(both)
        at += 1
        if len(sums) >= most:
            least = heapq.nlargest(most, sums.values())[-1] * _ROUNDING
    rest = sum(each.highest for each in ordered[at:])
    return _best_of({key: score for key, score in sums.items() if score + rest >= least}, rest, weighed, most)


def _best_of(sums: Mapping[int, float], rest: float, weighed: Sequence[Scores], most: int) -> dict[int, float]:
    """The whole sums of those that could be among the `most` best where each may still gain `rest`."""
    found: dict[int, float] = {}
    best: list[float] = []  # the highest sums, the lowest of them first
    for key in sorted(sums, key=sums.__getitem__, reverse=True):
        if len(best) == most and sums[key] + rest < best[0] * _ROUNDING:
            break
        found[key] = whole = sum(each.of(key) for each in weighed)
        (heapq.heappush if len(best) < most else heapq.heappushpop)(best, whole)
    return found


_ROUNDING = 1 - 1e-9  # sums of the same scores in another order may differ in their last digits

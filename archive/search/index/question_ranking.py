"""In which order the articles of a looser reading come: those first that answer best what was asked.

Several views are added up, each of what was asked and weighed by how rare it is. Pairs of neighbouring characters do
not depend on how a word is cut or spelt in part; jieba's words know what belongs together, counted in the matching
texts and once more by Whoosh, which knows titles; whole stretches (a name, a term) say most when they stand unbroken.
To them come what the article opens with, and how much of it stands in one block under its heading. The weights were
fitted on one half of the sets of tests/bench/retrieval.py and tried on the other.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from archive.search import content_words
from archive.search.index.facts import Facts
from archive.search.index.literal import SECTION, SEPARATOR, LiteralIndex
from archive.search.index.parts import Ranking
from archive.text.folding import fold

_LOOKED_AT = 120  # articles whose text is read; those after them stay in the order of their pairs
_BEST = 30  # of these, so many are asked of Whoosh, which takes longest
_SATURATION, _SHORTEST = 0.6, 0.5  # k1 of BM25 (b is 1); texts shorter than half the usual gain nothing by it
_TOPIC = 1.5  # weight of the first stretch: a question names first what it is about
_WORDS, _WHOOSH, _STRETCHES = 1.5, 1.5, 0.7  # weights beside that of pairs, which is 1
_FIRST_LINE, _OPENING, _BLOCK = 1.0, 0.5, 0.7
_LINE, _BEGINNING = 60, 160  # characters of a first line, and of a text that say what it is about
_FAR = 10.0  # more than all views together
_LARGE = 2000  # articles from which on pairs of more than half of them do not choose what is looked at
_MOST_ASKED = 40  # pairs and words that are looked up, taken evenly from a longer text: a page pasted in must not
# take seconds

Weights = Mapping[str, float]


def best(
    stretches: Sequence[str],
    keys: Set[int],
    literal: LiteralIndex,
    words: Ranking,
    facts: Mapping[int, Facts],
    rank: Mapping[int, Any],
    usual: float,
    most: int,
) -> list[tuple[int, float]]:
    """The `most` best of these articles that have a pair of the stretches, as (key, score), best first; ties in order
    of `rank`. `usual` is how many characters an article has on average.
    """
    if not keys:
        return []
    pairs = _evenly(content_words.pairs(stretches))
    standing = {pair: literal.standing(pair, written=False) for pair in pairs}
    weights = {pair: _rarity(len(facts), len(found)) for pair, found in standing.items() if found}
    everywhere = len(facts) / 2 if len(facts) > _LARGE else len(facts)
    telling = [pair for pair in weights if len(standing[pair]) <= everywhere] or list(weights)
    sums = _sums([(weights[pair], standing[pair]) for pair in telling], keys, max(most, _LOOKED_AT))
    looked_at = _highest(sums, _LOOKED_AT, rank)
    cut = _evenly(words.words(stretches))
    for word in cut:
        if word not in standing:
            standing[word] = literal.standing(word, written=False)
    by_word = {word: _rarity(len(facts), len(standing[word])) for word in cut}
    known = sum(by_word[word] for word, count in words.frequencies(cut).items() if count)
    asked = _Asked(
        {pair: weight * _emphasis(pair, stretches) for pair, weight in weights.items()},
        {word: weight * _emphasis(word, stretches) for word, weight in by_word.items()},
        stretches,
    )
    scores = _by_texts(asked, looked_at, literal, facts, usual)
    share = known / (sum(by_word.values()) or 1.0)  # where a text's names are cut otherwise, Whoosh knows little
    _add_whoosh(scores, words, cut, rank, asked.whole, share)
    first = [(key, scores[key]) for key in _highest(scores, most, rank)]
    if len(first) < most:
        others = {key: value for key, value in sums.items() if key not in scores}
        first += [(key, 0.0) for key in _highest(others, most - len(first), rank)]
    return first


def _add_whoosh(
    scores: dict[int, float], words: Ranking, cut: Sequence[str], rank: Mapping[int, Any], whole: float, share: float
) -> None:
    """Add what Whoosh says of the best; these stay before the others, whatever it says."""
    chosen = _highest(scores, _BEST, rank)
    by_whoosh = dict(words.best(cut, set(chosen), len(chosen), rank))
    highest = max(by_whoosh.values(), default=0.0) or 1.0
    for key in chosen:
        scores[key] += whole * (_WHOOSH * share * by_whoosh.get(key, 0.0) / highest + _FAR)


def _sums(pairs: Sequence[tuple[float, Set[int]]], keys: Set[int], most: int) -> dict[int, float]:
    """The summed weights of the pairs that each article has, given as (weight, where it stands), of all articles that
    could be among the `most` best: who has none of the rarer pairs is passed over once the others cannot reach that.
    """
    sums: dict[int, float] = {}
    rest, least = sum(weight for weight, _ in pairs), 0.0
    for weight, standing in sorted(pairs, key=lambda pair: -pair[0]):
        for key in standing & keys if rest >= least else sums.keys() & standing:
            sums[key] = sums.get(key, 0.0) + weight
        rest -= weight
        if len(sums) >= most and rest >= least:
            least = heapq.nlargest(most, sums.values())[-1] * _ROUNDING
    return sums


_ROUNDING = 1 - 1e-9  # sums of the same weights in another order may differ in their last digits


def _highest(scores: Mapping[int, float], most: int, rank: Mapping[int, Any]) -> list[int]:
    """The keys with the highest scores, best first; ties in order of `rank`."""
    if len(scores) > most:
        least = heapq.nlargest(most, scores.values())[-1]
        scores = {key: score for key, score in scores.items() if score >= least}
    return sorted(scores, key=lambda key: (-scores[key], rank[key]))[:most]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is weighed: pairs and words with their rarity, and the stretches they come from."""

    pairs: Weights
    words: Weights
    stretches: Sequence[str]

    @property
    def whole(self) -> float:
        """The weight of all pairs, by which what has no scale of its own is measured."""
        return sum(self.pairs.values())


def _emphasis(text: str, stretches: Sequence[str]) -> float:
    return _TOPIC if text in stretches[0] else 1.0


def _evenly(texts: Sequence[str]) -> Sequence[str]:
    """At most so many, taken evenly from those of a longer text."""
    return texts[:: max(1, -(-len(texts) // _MOST_ASKED))]


def _rarity(articles: int, holding: int) -> float:
    return math.log(1 + (articles - holding + 0.5) / (holding + 0.5))


def _by_texts(
    asked: _Asked, keys: Sequence[int], literal: LiteralIndex, facts: Mapping[int, Facts], usual: float
) -> dict[int, float]:
    """Each article's score by what its text holds of the question."""
    scale = _WORDS * asked.whole / (sum(asked.words.values()) or 1.0)
    return {key: pairs + scale * words for key, (pairs, words) in _views(asked, keys, literal, facts, usual)}


def _views(
    asked: _Asked, keys: Sequence[int], literal: LiteralIndex, facts: Mapping[int, Facts], usual: float
) -> Iterator[tuple[int, tuple[float, float]]]:
    """By key, what an article's text holds of the question: (all views by pairs and stretches, that by words)."""
    rarest = {
        stretch: max((asked.pairs.get(pair, 0.0) for pair in content_words.pairs((stretch,))), default=0.0)
        for stretch in asked.stretches
    }
    for key, text in literal.matching_texts(keys, written=False):
        norm = _SATURATION * max(len(text) / usual, _SHORTEST)
        here = {pair: weight for pair, weight in asked.pairs.items() if pair in text}
        title, _, body = text.replace(SECTION, SEPARATOR).partition(SEPARATOR)
        above = f"{title}\n{fold(facts[key].section).text}\n"
        score = (
            _saturated(here, text, norm)
            + _FIRST_LINE * _held(here, above + body[:_LINE])
            + _OPENING * _held(here, above + body[:_BEGINNING])
            + _BLOCK * max(_held(here, block) for block in _blocks_under_headings(text))
            + _STRETCHES * sum(weight * math.log1p(text.count(one)) for one, weight in rarest.items())
        )
        yield key, (score, _saturated(asked.words, text, norm))


def _saturated(weights: Weights, text: str, norm: float) -> float:
    """BM25: each further place says less, and in a long text less than in a short one."""
    counted = ((weight, text.count(wanted)) for wanted, weight in weights.items())
    return sum(weight * count * (_SATURATION + 1) / (count + norm) for weight, count in counted if count)


def _held(weights: Weights, text: str) -> float:
    return sum(weight for wanted, weight in weights.items() if wanted in text)


def _blocks_under_headings(text: str) -> Iterable[str]:
    """The blocks of a matching text, each with the heading of its section before it; first comes the title's."""
    for section in text.split(SECTION):
        heading, *blocks = section.split(SEPARATOR)
        yield heading
        yield from (f"{heading}\n{block}" for block in blocks)

"""In which order the articles of a looser reading come: those first that answer best what was asked.

Two views are fused. Pairs of neighbouring characters, counted in the matching texts, do not depend on how a word is cut
or spelt in part; jieba's words, scored by Whoosh, know what belongs together. Pairs that stand nearly everywhere weigh
next to nothing. To them come three characters in a row, what stands in the title, in the heading of the section or at
the beginning of the text, and how much stands in one sentence. Measured by tests/bench/retrieval.py.
"""

from __future__ import annotations

import heapq
import math
import re
from collections.abc import Mapping, Sequence, Set

from archive.search import content_words
from archive.search.index.facts import Facts
from archive.search.index.literal import SECTION, SEPARATOR, LiteralIndex
from archive.search.index.ranking_index import RankingIndex
from archive.text.folding import fold

_LOOKED_AT = 200  # articles whose text is read; those after them stay in the order of their pairs
_SATURATION, _LENGTH = 0.6, 1.0  # k1 and b of BM25
_TRIPLE = 0.3  # weight of three characters in a row, in pairs
_OPENING, _SENTENCE, _JIEBA = 1.0, 0.5, 1.0  # weight of standing at the beginning, of one sentence, of jieba's words
_BEGINNING = 160  # characters of a text that say what it is about
_LARGE = 2000  # articles from which on pairs of more than half of them do not choose what is looked at
_MOST_ASKED = 80  # pairs that are looked up, taken evenly from a longer text
_MOST_PAIRS = 60  # of a question; the rarest say most, and a page pasted in must not take seconds
_BREAK = re.compile(rf"[。！？；!?;\n{SECTION}{SEPARATOR}]")


def best(
    stretches: Sequence[str],
    keys: Set[int],
    literal: LiteralIndex,
    words: RankingIndex,
    facts: Mapping[int, Facts],
    rank: Mapping[int, int],
) -> list[tuple[int, float]]:
    """All of these articles that have a pair of the stretches, as (key, score), best first; ties in order of `rank`."""
    asked = content_words.pairs(stretches)
    asked = asked[:: max(1, -(-len(asked) // _MOST_ASKED))]
    standing = {pair: literal.standing(pair, written=False) for pair in asked}
    weights = {pair: _rarity(len(facts), len(found)) for pair, found in standing.items() if found}
    kept = heapq.nlargest(_MOST_PAIRS, weights, key=weights.__getitem__)
    everywhere = len(facts) / 2 if len(facts) > _LARGE else len(facts)
    telling = [pair for pair in kept if len(standing[pair]) <= everywhere] or kept
    sums: dict[int, float] = {}
    for pair in telling:
        weight = weights[pair]
        for key in standing[pair] & keys:
            sums[key] = sums.get(key, 0.0) + weight
    looked_at = heapq.nsmallest(_LOOKED_AT, sums, key=lambda key: (-sums[key], rank[key]))
    cut = words.words(stretches)
    pairs = {pair: weights[pair] for pair in kept}
    scores = _scores(pairs, _triples(pairs, stretches), looked_at, literal, facts)
    whole = _JIEBA * sum(pairs.values())
    by_words = dict(words.best(cut, looked_at, len(looked_at), rank))
    highest = max(by_words.values(), default=0.0) or 1.0
    for key in looked_at:
        scores[key] += whole * by_words.get(key, 0.0) / highest
    first = sorted(scores.items(), key=lambda one: (-one[1], rank[one[0]]))
    rest = sorted(sums.keys() - scores.keys(), key=lambda key: (-sums[key], rank[key]))
    return first + [(key, 0.0) for key in rest]


def _rarity(articles: int, holding: int) -> float:
    return math.log(1 + (articles - holding + 0.5) / (holding + 0.5))


def _triples(pairs: Mapping[str, float], stretches: Sequence[str]) -> dict[str, float]:
    """Three characters in a row with their weights."""
    found = content_words.triples(stretches)
    return {each: _TRIPLE * max(pairs.get(each[:2], 0.0), pairs.get(each[1:], 0.0)) for each in found}


def _scores(
    pairs: Mapping[str, float],
    triples: Mapping[str, float],
    keys: Sequence[int],
    literal: LiteralIndex,
    facts: Mapping[int, Facts],
) -> dict[int, float]:
    """Each article's score by what its text holds of the question."""
    usual = sum(one.characters for one in facts.values()) / max(1, len(facts)) or 1.0
    weights = {**triples, **pairs}
    scores: dict[int, float] = {}
    for key, text in literal.matching_texts(keys, written=False):
        title, _, body = text.replace(SECTION, SEPARATOR).partition(SEPARATOR)
        opening = f"{title}\n{fold(facts[key].section).text}\n{body[:_BEGINNING]}"
        norm = _SATURATION * (1 - _LENGTH + _LENGTH * len(text) / usual)
        score = 0.0
        for wanted, weight in weights.items():
            if count := text.count(wanted):
                score += weight * count * (_SATURATION + 1) / (count + norm)
            if wanted in opening:
                score += _OPENING * weight
        scores[key] = score + _SENTENCE * _in_one_sentence(pairs, text)
    return scores


def _in_one_sentence(pairs: Mapping[str, float], text: str) -> float:
    """The most weight that stands together in one sentence."""
    here = [(pair, weight) for pair, weight in pairs.items() if pair in text]
    return max(sum(weight for pair, weight in here if pair in sentence) for sentence in _BREAK.split(text))

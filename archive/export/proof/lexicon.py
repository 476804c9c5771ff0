"""How usual words are, and how likely a run of characters is with them: what a misprint is told by.

The words and their counts are jieba's (data/lexicon.tsv, made by scripts/build_lookalikes.py). A run is as likely as
its likeliest parting into words; a character outside all words counts as a word of its own.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from archive.export.proof.data_rows import rows

LEAST = -11.0
"""The logarithm of the probability below which no single character is taken to be: rare ones are often meant."""

IDIOM, NOUN, VERB, ADJECTIVE = "成语", "名", "动", "形"
_LONGEST = 8
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`likely` are words with the logarithm of their probability, `counts` how often jieba saw them; `beginnings` and
    `neighbours` are the first two and any two neighbouring characters of words; `idioms` leads from an idiom with one
    of its characters replaced by * to all that are so. `nouns`, `verbs` and `adjectives` have two characters and more.
    """

    likely: Mapping[str, float]
    counts: Mapping[str, int]
    beginnings: frozenset[str]
    neighbours: frozenset[str]
    idioms: Mapping[str, tuple[str, ...]]
    nouns: frozenset[str]
    verbs: frozenset[str]
    adjectives: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lattice:
    """All partings of a run into words: `before[i]` is how likely its first i characters are, `behind[i]` the rest.

    `words` are the start and end of each word of the likeliest parting, in order.
    """

    before: list[float]
    behind: list[float]
    words: tuple[tuple[int, int], ...]

    @property
    def alone(self) -> frozenset[int]:
        """The offsets of characters that are words of their own in the likeliest parting."""
        return frozenset(start for start, end in self.words if end - start == 1)

    @property
    def likely(self) -> float:
        """How likely the whole run is."""
        return self.before[-1]


@cache
def lexicon() -> Lexicon:
    """The words this program knows, without those that its own tables call wrong (帐蓬)."""
    counts: dict[str, int] = {}
    idioms: dict[str, list[str]] = defaultdict(list)
    sorts: dict[str, set[str]] = defaultdict(set)
    wrong = {row[0] for table in ("wrong_words.tsv", "slips.tsv") for row in rows(table)}
    for count, sort, words in rows("lexicon.tsv"):
        for word in words.split():
            if word in wrong:
                continue
            counts[word] = int(count)
            sorts[sort].add(word)
            for at in range(len(word) if sort == IDIOM else 0):
                idioms[f"{word[:at]}*{word[at + 1 :]}"].append(word)
    total = sum(counts.values())
    likely = {word: math.log(count / total) for word, count in counts.items()}
    likely.update((word, max(LEAST, value)) for word, value in likely.items() if len(word) == 1)
    return Lexicon(
        likely,
        counts,
        frozenset(word[:2] for word in counts if len(word) > 1),
        frozenset(one + other for word in counts for one, other in pairwise(word)),
        {gap: tuple(words) for gap, words in idioms.items()},
        *(frozenset(sorts[sort]) for sort in (NOUN, VERB, ADJECTIVE)),
    )


def lattice(run: str) -> Lattice:
    """The partings of a run of Chinese characters."""
    known = lexicon()
    likely, beginnings = known.likely, known.beginnings
    size = len(run)
    before, origin = [0.0] + [_NEVER] * size, [0] * (size + 1)
    edges: list[tuple[int, int, float]] = []
    for start in range(size):
        edges.append((start, start + 1, likely.get(run[start], LEAST)))
        if run[start : start + 2] in beginnings:
            for end in range(start + 2, min(size, start + _LONGEST) + 1):
                value = likely.get(run[start:end])
                if value is not None:
                    edges.append((start, end, value))
    for start, end, value in edges:
        if before[start] + value > before[end]:
            before[end], origin[end] = before[start] + value, start
    behind = [_NEVER] * size + [0.0]
    for start, end, value in reversed(edges):
        behind[start] = max(behind[start], value + behind[end])
    words, end = [], size
    while end:
        words.append((origin[end], end))
        end = origin[end]
    return Lattice(before, behind, tuple(reversed(words)))

"""Characters that are probably misprints: another that looks or sounds like them makes the sentence far likelier.

Only characters that are no part of a word are doubted, and only for what data/lookalikes.tsv, confusable.txt or their
reading takes them for. A place counts by how much likelier its words become with the other character, each for itself
(lexicon.py) and behind one another (bigrams.py), by how alike the two are, and by how often the book and the library
have what would stand there against what does. The weights were fitted by logistic regression on twelve thousand
sentences with a planted misprint each, made as tests/bench/proof_random.py makes them, of other news and articles.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from archive.export.proof.bigrams import bigrams
from archive.export.proof.data_rows import rows
from archive.export.proof.findings import Severity
from archive.export.proof.lexicon import Lattice, lattice, lexicon
from archive.export.proof.passages import HAN, ProofMark, Proofs, ProofText
from archive.text.collation import readings

RUN = re.compile(f"[{HAN}〇]{{2,}}")
"""Characters that a lattice is made of."""

_LONGEST = 4  # characters of a word a misprint is looked for in
_HAND_MADE = 0.84  # how alike the pairs of confusable.txt count, whatever they measure
_LOOK_THE_SAME = 0.74  # how alike two characters are that are taken for one another at a glance
_HARDLY = 0.5  # how alike those count that only sound the same
_BIAS, _WORDS, _MORE_WORDS, _MANY_WORDS, _ROW = -9.8, 0.43, 0.2, 6.0, 0.41
_ALIKE, _SAME_LOOK, _SAME_SOUND, _SEEN = 3.5, 1.6, 3.04, 1.6
_IN_A_NAME = 2.0  # and as the second or third character of what may be somebody's name (张学铭)
_COUNTS = 1.5  # what a guess has to weigh more behind a numeral, where any character may stand (一泻)
_LEAST_GAIN = 0.5
_WORTH_ASKING = -1.5  # what weighs less is no misprint, whatever the library has
_ENOUGH, _SURE = 0.0, 2.5
_AROUND = 7  # characters either side that a row of words is looked at with
_SEEN_IN = 4  # characters that are looked up in book and library
_RAREST = -13.0  # logarithm of likelihood: rarer characters are meant by nobody who types by sound
_NEW = -4.95  # logarithm of likelihood a character of prose of today; of older texts fewer words are known
_OLD_MORE = 6.5  # what a guess has to weigh more for each unit that a text lies below
_BADLY_TYPED = 150  # characters of which a badly typed text has one that is doubted
_ANCIENT = -6.0
_TOO_SHORT = 300  # characters, by which nobody can tell
_CERTAIN = 99.0
_TRIED = 2  # other characters for one place whose row of words is looked at
_WORTH_TRYING = -4.5
_SURNAMES = frozenset(
    "李王张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛阎余潘杜戴钟汪姜范姚谭廖邹熊陆郝孔崔邱秦顾侯邵孟钱汤尹黎贺赖龚"
)  # frequent ones that are seldom another word
_NUMERALS = frozenset("一二三四五六七八九十百千万几半两")
_PATTERN = re.compile("非.不可|越来越.|.来.去|.了一.|一.一.")  # said with any word
_NOTHING: frozenset[str] = frozenset()
_RARELY, _MORE_RARELY = 2, 8


@dataclass(frozen=True, slots=True)
class _Guess:
    """`right` instead of the character at `at`, which gives the word from `start` to `end`."""

    weight: float
    at: int
    right: str
    start: int
    end: int

    def word(self, run: str) -> str:
        """What the run has there once it is mended."""
        return run[self.start : self.at] + self.right + run[self.at + 1 : self.end]


def misprints(proofs: Proofs) -> Iterator[ProofMark]:
    """Characters probably taken for others (己经, 末来), and idioms with a character wrong (再接再历)."""
    seen = _Seen(proofs)
    for text in proofs.texts:
        yield from _in_text(text, seen)


class _Seen:
    """How often the book, and the library outside it, has a few characters."""

    def __init__(self, proofs: Proofs) -> None:
        self._texts = tuple("\n".join(passage.text for passage in text.passages) for text in proofs.texts)
        self._library = proofs.library
        self.whole = "\n".join(self._texts)

    def ratio(self, run: str, at: int, right: str) -> float:
        """The logarithm of how much oftener the four characters around a place stand elsewhere with the other one."""
        written, wanted = [], []
        for start in range(max(0, at - _SEEN_IN + 1), min(at, len(run) - _SEEN_IN) + 1):
            written.append(run[start : start + _SEEN_IN])
            wanted.append(f"{run[start:at]}{right}{run[at + 1 : start + _SEEN_IN]}")
        if not written:
            return 0.0
        counts = self._counts((*written, *wanted))
        elsewhere = (count - 1 for count in counts[: len(written)])
        return math.log((max(counts[len(written) :]) + 0.5) / (max(0, *elsewhere) + 0.5))

    def _counts(self, texts: tuple[str, ...]) -> list[int]:
        counts = [self.whole.count(each) for each in texts]
        if self._library is not None:
            for at, held in enumerate(self._library(texts)):
                in_book = sum(texts[at] in text for text in self._texts) if counts[at] else 0
                counts[at] += max(0, held - in_book)
        return counts


def _in_text(text: ProofText, seen: _Seen) -> Iterator[ProofMark]:
    looked_at = [
        (place, passage, list(_doubtful(place, seen)))
        for passage in text.passages
        for place in (
            _Place(passage.text, match.start(), match[0], lattice(match[0])) for match in RUN.finditer(passage.text)
        )
    ]
    doubts = sum(len(guesses) for _, _, guesses in looked_at)
    enough = _ENOUGH + _more([place for place, _, guesses in looked_at if not guesses], doubts)
    for place, passage, guesses in looked_at:
        for guess in guesses:
            if guess.weight > enough:
                start = place.offset + guess.at
                message = f"“{place.run[guess.at]}”疑为“{guess.right}”之误：{guess.word(place.run)}"
                severity = Severity.HINT if guess.weight < _SURE else None
                yield passage.mark(start, start + 1, message, guess.right, severity)


def _more(sound: Sequence[_Place], doubts: int) -> float:
    """What a guess has to weigh more in a text of which these runs are without doubts.

    A text with a doubt every few lines was typed badly, which makes it unlikely too; only where it is very unlikely is
    it old for all that.
    """
    size = sum(len(place.run) for place in sound)
    if size < _TOO_SHORT:
        return 0.0
    likely = sum(place.parted.likely for place in sound) / size
    if doubts * _BADLY_TYPED > size and likely > _ANCIENT:
        return 0.0
    return _OLD_MORE * max(0.0, _NEW - likely)


@dataclass(frozen=True, slots=True)
class _Place:
    """A run of characters that begins at `offset` of a passage's text, and its partings."""

    text: str
    offset: int
    run: str
    parted: Lattice

    def row(self, at: int, right: str) -> float:
        """How much likelier the row of words around a character is with another one."""
        here = self.offset + at
        start, end = max(0, here - _AROUND), here + _AROUND + 1
        before, after = self.text[start:here], self.text[here + 1 : end]
        passage = bigrams().passage
        return passage(f"{before}{right}{after}") - passage(self.text[start:end])


def _doubtful(place: _Place, seen: _Seen) -> Iterator[_Guess]:
    told: set[int] = set()
    run = place.run
    guesses = (_guess(place, at, seen) for at in sorted(place.parted.alone))
    for guess in (*_idioms(run, place.parted), *_known_slips(run, place.parted), *guesses):
        if not guess or guess.weight <= _ENOUGH or told.intersection(range(guess.start, guess.end)):
            continue
        if _unusual(run[guess.start : guess.end], guess.word(run), seen.whole):
            told.add(guess.at)
            yield guess


def _unusual(written: str, right: str, whole: str) -> bool:
    """Whether the book writes it so but seldom, or far more often as suggested."""
    times = whole.count(written)
    return times <= _RARELY or times * _MORE_RARELY < whole.count(right)


def _guess(place: _Place, at: int, seen: _Seen) -> _Guess | None:
    """The likeliest other character for the one at `at`, with its weight."""
    likeliest = heapq.nlargest(_TRIED, _by_words(place, at), key=lambda guess: guess.weight)
    weighed = [replace(guess, weight=guess.weight + _ROW * place.row(at, guess.right)) for guess in likeliest]
    best = max(weighed, key=lambda guess: guess.weight, default=None)
    if best is None or best.weight < _WORTH_ASKING:
        return None
    return replace(best, weight=best.weight + _SEEN * seen.ratio(place.run, at, best.right))


def _by_words(place: _Place, at: int) -> Iterator[_Guess]:
    """All that makes a word with its neighbours in place of the character at `at`, by that alone."""
    run, (following, preceding) = place.run, _beside()
    taken_for = _taken_for(run[at])
    joined = following.get(run[at - 1 : at], _NOTHING) | preceding.get(run[at + 1 : at + 2], _NOTHING)
    for right in sorted(joined & taken_for.keys()):
        gain, start, end = _gain(place, at, right)
        if gain > _LEAST_GAIN:
            weight = taken_for[right] + _WORDS * min(gain, _MANY_WORDS) + _MORE_WORDS * max(0.0, gain - _MANY_WORDS)
            weight -= _COUNTS * (start < at and run[at - 1] in _NUMERALS)
            weight -= _IN_A_NAME * _in_a_name(place, at)
            if weight > _WORTH_TRYING:
                yield _Guess(weight, at, right, start, end)


def _in_a_name(place: _Place, at: int) -> bool:
    """Whether one or two characters before, all of them in no word, stands a surname that is seldom another word."""
    alone = place.parted.alone
    near = [start for start in (at - 1, at - 2) if start >= 0 and alone.issuperset(range(start, at + 1))]
    return any(place.run[start] in _SURNAMES for start in near)


@cache
def _beside() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Character → those that follow it somewhere in a word, and those that precede it."""
    following: dict[str, set[str]] = defaultdict(set)
    preceding: dict[str, set[str]] = defaultdict(set)
    for pair in lexicon().neighbours:
        following[pair[0]].add(pair[1])
        preceding[pair[1]].add(pair[0])
    frozen = ({one: frozenset(others) for one, others in table.items()} for table in (following, preceding))
    return next(frozen), next(frozen)


def _gain(place: _Place, at: int, right: str) -> tuple[float, int, int]:
    """How much likelier the run becomes by the best word with the other character, and where that word stands."""
    likely, run, parted = lexicon().likely, place.run, place.parted
    best = (0.0, at, at + 1)
    for start in range(max(0, at - _LONGEST + 1), at + 1):
        for end in range(max(at + 1, start + 2), min(len(run), start + _LONGEST) + 1):
            value = likely.get(run[start:at] + right + run[at + 1 : end])
            if value is not None:
                gain = parted.before[start] + value + parted.behind[end] - parted.likely
                best = max(best, (gain, start, end))
    return best


@cache
def _taken_for(character: str) -> Mapping[str, float]:
    """What a character may stand for, with what their look and sound weigh."""
    looks, found = _resembling().get(character, {}), {}
    for other in {*looks, *_by_sound().get(_roughly(_sound(character)), ())} - {character}:
        alike = looks.get(other, _HARDLY)
        weight = _BIAS + _ALIKE * (alike - _HARDLY) + _SAME_LOOK * (alike >= _LOOK_THE_SAME)
        found[other] = weight + _SAME_SOUND * _sounds_like(character, other)
    return found


@cache
def _by_sound() -> Mapping[str, tuple[str, ...]]:
    """What a reading is roughly → the characters that people type by it."""
    found: dict[str, list[str]] = defaultdict(list)
    for word, value in lexicon().likely.items():
        if len(word) == 1 and value > _RAREST and _sound(word):
            found[_roughly(_sound(word))].append(word)
    return {sound: tuple(characters) for sound, characters in found.items()}


def _roughly(sound: str) -> str:
    """A reading without what many speakers do not tell apart: z and zh, n and l, n and ng."""
    return re.sub("ng$", "n", re.sub("^l", "n", re.sub("^([zcs])h", r"\1", sound)))


def _idioms(run: str, parted: Lattice) -> Iterator[_Guess]:
    """Four characters that are an idiom but for one of them, which sounds or looks like the right one.

    None where a word reaches out of the four (一切都似 in 一切都似乎), or where the four are two words of two.
    """
    known = lexicon()
    within = {(start, end) for start, end in parted.words if end - start > 1}
    for start in range(len(run) - 3):
        four = run[start : start + 4]
        gaps = [(at, known.idioms.get(f"{four[:at]}*{four[at + 1 :]}", ())) for at in range(4)]
        if four in known.likely or not any(idioms for _, idioms in gaps) or _other_words(within, start):
            continue
        for at, idioms in gaps:
            for idiom in idioms:
                alike = idiom[at] in lookalikes().get(four[at], {}) or _read_alike(four[at], idiom[at])
                if alike and four[at] not in _NUMERALS and not _PATTERN.fullmatch(idiom):
                    yield _Guess(_CERTAIN, start + at, idiom[at], start, start + 4)


def _other_words(words: set[tuple[int, int]], start: int) -> bool:
    """Whether the words of a run say that the four characters from there are no idiom."""
    crossing = any(one < start < other or one < start + 4 < other for one, other in words)
    return crossing or {(start, start + 2), (start + 2, start + 4)} <= words


def _known_slips(run: str, parted: Lattice) -> Iterator[_Guess]:
    """Pairs of data/slips.tsv; 期未 is none in 逾期未改, where 期 belongs to another word."""
    alone = parted.alone
    for start in range(len(run) - 1):
        right = _slips().get(run[start : start + 2])
        if right and {start, start + 1} <= alone:
            at = start + (right[0] == run[start])
            yield _Guess(_CERTAIN, at, right[at - start], start, start + 2)


@cache
def _slips() -> Mapping[str, str]:
    return {row[0]: row[1] for row in rows("slips.tsv")}


def _read_alike(one: str, other: str) -> bool:
    """Whether any readings of the two are the same but for their tone."""
    first, second = ({sound.rstrip("012345") for sound in readings(each)} - {""} for each in (one, other))
    return bool(first & second)


@cache
def _sound(character: str) -> str:
    return readings(character)[0].rstrip("012345")


def _sounds_like(one: str, other: str) -> bool:
    return bool(_sound(one)) and _sound(one) == _sound(other)


@cache
def lookalikes() -> Mapping[str, Mapping[str, float]]:
    """Character → what it is taken for at a glance → how alike they are, from 0 to 1."""
    return {
        one: {other: alike for other, alike in others.items() if alike >= _LOOK_THE_SAME}
        for one, others in _resembling().items()
    }


@cache
def _resembling() -> Mapping[str, Mapping[str, float]]:
    """Character → what looks like it, if only from afar → how alike they are."""
    table: dict[str, dict[str, float]] = {}
    for character, others in rows("lookalikes.tsv"):
        table[character] = {other: int(alike) / 99 for other, alike in re.findall(r"(\D)(\d\d)", others)}
    for (group,) in rows("confusable.txt"):
        for one in group:
            pairs = table.setdefault(one, {})
            pairs.update((other, max(_HAND_MADE, pairs.get(other, 0))) for other in group if other != one)
    return table

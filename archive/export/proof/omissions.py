"""Words and characters typed twice, and characters left out of long names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from archive.export.proof.data_rows import rows
from archive.export.proof.lexicon import LEAST, Lattice, lattice, lexicon
from archive.export.proof.misprints import RUN
from archive.export.proof.passages import ProofMark, ProofPassage

_SHORTEST, _LONGEST_NAME = 6, 14
_USUAL = 200  # a rarer noun twice in a row is a call or a rhyme (乌鸦乌鸦)
_KNOWN_WELL = 20  # counts of a word that a cut one may be
_SELDOM_ALONE = -9.0  # logarithm of likelihood of a character that hardly is a word of its own
_SAID_TWICE = frozenset("的地你您我啊呀吧也就")  # 一程一程地, 油亮油亮的, 乌鸦乌鸦你, 教导教导也就行了
_ONE_BY_ONE = frozenset("都就很也却还才他她它我你这那但并因使给让没又曾将已才所与或于其而且虽若只把被从向往")
_WENT_TWICE = re.compile("([一-鿿]了)\\1(?=[一二三四五六七八九十几两数半好\\d])")  # 走了走了三天
_NAMES = frozenset({"习近"})  # how a name begins that jieba's words lack
_NEVER_TWICE = frozenset("们员会县府党军史委席记社局厅镇乡省市区校厂")


def omissions(passage: ProofPassage) -> Iterator[ProofMark]:
    """县委县委, 委员委员会, 我们们; 中华人共和国."""
    for match in RUN.finditer(passage.text):
        run, offset = match[0], match.start()
        for start, end in _twice(run, lattice(run)):
            yield passage.mark(offset + start, offset + end, "这几个字重复了", "")
        cut = _cut_short(run)
        if cut:
            yield passage.mark(match.end() - 3, match.end(), f"疑有脱字：应为“{cut}”", cut)
        for start, end, name in _left_out(run):
            yield passage.mark(offset + start, offset + end, f"疑有脱字：应为“{name}”", name)
    for match in _WENT_TWICE.finditer(passage.text):
        yield passage.mark(match.start(), match.end(1), "这几个字重复了", "")
    for pattern, right in _short():
        for match in pattern.finditer(passage.text):
            whole = match.expand(right)
            yield passage.mark(*match.span(), f"疑有脱字：应为“{whole}”", whole)


def _twice(run: str, parted: Lattice) -> Iterator[tuple[int, int]]:
    """What stands a second time and can go: the first of two equal nouns, a word that begins the next one, or the last
    character of a word again where such are never doubled.
    """
    nouns, known = lexicon().nouns, lexicon().counts
    for (start, end), (_, last) in pairwise(parted.words):
        word, following = run[start:end], run[end:last]
        if len(word) > 1 and following.startswith(word) and run[last : last + 1] not in _SAID_TWICE:
            usual = word in nouns and known[word] >= _USUAL
            longer = start > 0 and run[start - 1 : end] in known  # 新中国中国
            if not longer and (len(following) > len(word) or usual or word in _said_once()):
                yield start, end
        elif len(word) > 1 and following in _NEVER_TWICE and word[-1] == following:
            if run[end : last + 1] not in known:  # 解放军军歌
                yield end, last
        elif word in lexicon().verbs and following == word[-1] and known[word] >= _USUAL and last < len(run):  # 被迫迫
            on_purpose = run[start - 1 : start] == word[0] or run[end : end + 2] in _NAMES  # 伸伸缩缩, 学习习近平
            if not on_purpose and run[end : last + 1] not in known and following not in _SAID_TWICE:
                yield end, last
        elif word == following and word in _ONE_BY_ONE and last < len(run):  # they lead on; 吹都都 is a sound
            yield start, end


def _left_out(run: str) -> Iterator[tuple[int, int, str]]:
    """The longest names first; of a name within another nothing is said."""
    names = _without_one()
    told: set[int] = set()
    for size in range(_LONGEST_NAME - 1, _SHORTEST - 2, -1):
        for start in range(len(run) - size + 1):
            name = names.get(run[start : start + size])
            if name and told.isdisjoint(range(start, start + size)):
                told.update(range(start, start + size))
                yield start, start + size, name


def _cut_short(run: str) -> str | None:
    """劳动模 before a mark: the word of four characters that the last three begin, if they are nothing else."""
    word = _by_beginning().get(run[-3:])
    return word if word and lexicon().likely.get(run[-1], LEAST) < _SELDOM_ALONE and _alone_at_end(run) else None


def _alone_at_end(run: str) -> bool:
    return lattice(run).words[-2:] == ((len(run) - 3, len(run) - 1), (len(run) - 1, len(run)))


@cache
def _by_beginning() -> Mapping[str, str]:
    """The first three characters of words of four made of two words of two; none where several begin so."""
    found: dict[str, list[str]] = defaultdict(list)
    counts = lexicon().counts
    for word, count in counts.items():
        if len(word) == len("劳动模范") and count >= _KNOWN_WELL and {word[:2], word[2:]} <= counts.keys():
            found[word[:3]].append(word)
    return {beginning: words[0] for beginning, words in found.items() if len(words) == 1}


@cache
def _said_once() -> frozenset[str]:
    return frozenset(word for (words,) in rows("said_once.tsv") for word in words.split())


@cache
def _short() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), right) for pattern, right in rows("left_out.tsv"))


@cache
def _without_one() -> Mapping[str, str]:
    """Each name of data/long_names.tsv without one of its inner characters, unless that is a word or a name too, or
    made of whole words (工业联合会).
    """
    names = [name for (name,) in rows("long_names.tsv")]
    known = "\n".join(word for word in {*names, *lexicon().counts} if len(word) >= _SHORTEST - 1)
    found = {f"{name[:at]}{name[at + 1 :]}": name for name in names for at in range(1, len(name) - 1)}
    return {short: name for short, name in found.items() if short not in known and not _whole(short)}


def _whole(words: str) -> bool:
    return all(end - start > 1 for start, end in lattice(words).words)

"""What of a question carries its meaning, for looser readings: never for deciding what was asked literally.

`魏裔介的谥号是什么？` is left with 魏裔介 and 谥号. What is left out are the words with which questions are asked, and
words of grammar: no answer is told from another by them. Both are closed classes of the language, so they are listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from archive.text.folding import HAN, fold

Cut = Callable[[str], Sequence[str]]
"""Cuts folded text into its words, in order."""

_ASKING = re.compile(
    "请问|为什么|什么(?:时候|地方|样|原因)?|哪(?:一|几)?[些个里儿位年月天种座部条名家次]?|怎么样?|怎样|如何|何[时地处人年月日]|为何"
    "|几[个位种次年月天条座家名]?|多[少大长久高远]|谁|是否|是不是|有没有|能否|能不能|吗|呢"
)
_OF_GRAMMAR = """
的 地 得 是 为 在 于 了 着 过 有 和 与 及 或 以及 并 并且 而 且 但 但是 也 都 就 被 把 从 向 对 由 以 其 之 等 到
中 上 下 里 这 那 该 此 这个 那个 它 他 她 我 你 他们 我们 你们 一个
"""
_GRAMMAR = frozenset(_OF_GRAMMAR.split())
_BETWEEN = re.compile(r"(?:(?!(?<=\d)[.,](?=\d))\W)+")  # the point in 3.6 parts nothing
_RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+(?:[.-][^\W_{HAN}]+)*")
_LONGEST_NAME = 24  # characters
_LONG = 8  # Han characters from which on a text without spaces is a sentence rather than a term
_MANY = 4  # content words, likewise


def stretches(asked: Sequence[str], cut: Cut, names: Collection[str] = ()) -> tuple[str, ...]:
    """The runs of the texts asked for, folded, that carry meaning, in order; all of it when nothing else would be left.

    No run goes from one text into the next. `names` (folded) are never taken apart and always carry meaning.
    """
    folded = [fold(text).text for text in asked]
    found = [run for text in folded for part in _parts(text, names) for run in _content(part, cut, names)]
    return tuple(dict.fromkeys(found)) or tuple(dict.fromkeys(_BETWEEN.sub(" ", " ".join(folded)).split()))


def words(texts: Sequence[str], cut: Cut, names: Collection[str] = ()) -> tuple[str, ...]:
    """The different words of stretches."""
    found = (word for text in texts for word in ((text,) if text in names else cut(text)))
    return tuple(dict.fromkeys(word for word in found if not word.isspace()))


def pairs(texts: Sequence[str]) -> tuple[str, ...]:
    """The different pairs of neighbouring Han characters; a lone one, a number or a Latin word counts as it is."""
    runs = (run for text in texts for run in _RUN.findall(text))
    return tuple(dict.fromkeys(pair for run in runs for pair in _windows(run, 2)))


def is_question(text: str, content: Collection[str]) -> bool:
    """Whether a text with these content words is a question or a sentence rather than a term."""
    folded = fold(text).text
    return len(content) >= _MANY or len(folded) >= _LONG or bool(_ASKING.search(folded))


def _parts(text: str, names: Collection[str]) -> Iterator[str]:
    """The text cut before and after names; of names that begin alike the longest."""
    at = start = 0
    while names and at < len(text):
        lengths = range(min(_LONGEST_NAME, len(text) - at), 1, -1)
        name = next((text[at : at + length] for length in lengths if text[at : at + length] in names), "")
        if name:
            if start < at:
                yield text[start:at]
            yield name
            start = at + len(name)
        at += len(name) or 1
    if start < len(text):
        yield text[start:]


def _content(text: str, cut: Cut, names: Collection[str]) -> Iterator[str]:
    if text in names:
        yield text
        return
    for part in _BETWEEN.split(_ASKING.sub(" ", text)):
        run = ""
        for word in cut(part) if part else ():
            if word in _GRAMMAR:
                if run:
                    yield run
                run = ""
            else:
                run += word
        if run:
            yield run


def _windows(run: str, width: int) -> Iterator[str]:
    if not _is_han(run) or len(run) < width:
        yield run
        return
    yield from (run[at : at + width] for at in range(len(run) - width + 1))


def _is_han(run: str) -> bool:
    return re.match(f"[{HAN}]", run) is not None

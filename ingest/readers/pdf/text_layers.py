"""Scans that carry the text layer of another program: held against a few pages read anew, set aside if asked.

Such a layer may be good, full of wrong characters, or of codes that mean nothing. What is in the file is taken as it
is; whoever takes it in may say that the pages are to be recognised instead (`set_aside`). The original is kept either
way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from archive.text.folding import fold

SAMPLES = 3
"""How many pages of a file are read anew, so that its text layer can be held against them."""

_FEWEST = 60  # characters of a page that is worth the comparison
_GOOD = 0.015  # characters that differ: no more than between two good readings
_CLEARLY = 0.15  # the mean logarithm of the probability of a character by which one text reads better
_PIECE = 40  # characters asked about at once
_MARKS = re.compile(r"[\W_]+")
_HIDDEN = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})

_wanted: ContextVar[bool] = ContextVar("wanted", default=False)


@contextmanager
def set_aside(wanted: bool) -> Iterator[None]:
    """While the context lasts, pages that are pictures with a text layer count as pictures alone, if it is `wanted`."""
    token = _wanted.set(wanted)
    try:
        yield
    finally:
        _wanted.reset(token)


def are_set_aside() -> bool:
    """Whether text layers of scans are not to be used."""
    return _wanted.get()


def is_laid_over(page: Any) -> bool:
    """Whether the text of a page that a picture fills is not what one sees: invisible, or drawn under the picture."""
    covered, seen = 0, 0
    for thing in page.get_objects(max_depth=4):
        if thing.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = thing.get_bounds()
            wide, high = page.get_size()
            if (right - left) * (top - bottom) > wide * high / 2:
                covered, seen = covered + seen, 0
        elif thing.type == pdfium.FPDF_PAGEOBJ_TEXT:
            if pdfium.FPDFTextObj_GetTextRenderMode(thing.raw) in _HIDDEN:
                covered += 1
            else:
                seen += 1
    return covered > seen


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a few pages say of a text layer. `differing`: the share of characters that differ, from 0 to 1.

    `better`: by how much the text read anew is the likelier as Chinese, in logarithms of the probability of a
    character.
    """

    pages: int
    differing: float
    better: float

    def in_words(self) -> str:
        """The verdict, for the issue."""
        often = f"每百字约有 {max(1, round(100 * self.differing))} 字不同"
        if self.differing <= _GOOD:
            return f"抽 {self.pages} 页重认对照，{often}，可以照用"
        if self.better >= _CLEARLY:
            return f"抽 {self.pages} 页重认对照，{often}，重认的读来通顺得多，文件里的文字多半认错了"
        if self.better <= -_CLEARLY:
            return f"抽 {self.pages} 页重认对照，{often}，文件里的文字读来更通顺"
        return f"抽 {self.pages} 页重认对照，{often}，哪一种对，请对照图像看一看"


def sampled(texts: Sequence[str]) -> list[int]:
    """Which of the pages with these texts are read anew: some with enough text, spread over all."""
    long = [at for at, text in enumerate(texts) if len(_plain(text)) >= _FEWEST]
    if len(long) <= SAMPLES:
        return long
    return sorted({long[round(at * (len(long) - 1) / (SAMPLES - 1))] for at in range(SAMPLES)})


def compared(pages: Sequence[tuple[str, str]]) -> Comparison | None:
    """Pages as (text layer, text read anew), compared; None where nothing was read. The order of lines is no matter."""
    both = [(_plain(theirs), _plain(ours)) for theirs, ours in pages]
    both = [(theirs, ours) for theirs, ours in both if theirs and ours]
    if not both:
        return None
    common = total = 0
    for theirs, ours in both:
        pairs = [Counter(map("".join, pairwise(text))) for text in (theirs, ours)]
        common += 2 * (pairs[0] & pairs[1]).total()
        total += pairs[0].total() + pairs[1].total()
    # A wrong character spoils two pairs, so the share of pairs that agree is that of the characters, squared.
    differing = 1 - sqrt(common / total) if total else 1.0
    before, anew = (_likelihood("".join(page[side] for page in both)) for side in (0, 1))
    return Comparison(len(both), differing, anew - before)


def _plain(text: str) -> str:
    """A text without marks and spaces, variants folded."""
    return fold(_MARKS.sub("", text)).text


def _likelihood(text: str) -> float:
    """The mean logarithm of the probability of a character."""
    from archive.export.proof.bigrams import bigrams  # brings all exporters, and only few files need it

    table = bigrams()
    return sum(table.passage(text[at : at + _PIECE]) for at in range(0, len(text), _PIECE)) / len(text)


def tell(texts: Sequence[str], read: Callable[[int], str] | None) -> str:
    """What is to be said of pages whose text layers are these; `read` reads one of them anew, None where none can."""
    kept = "是扫描的图像，带着别的软件认出的文字，收的是文件里的文字"
    if read is None:
        return f"{kept}；这里没有装文字识别组件，不能重认对照，请对照图像抽查"
    found = compared([(texts[at], read(at)) for at in sampled(texts)])
    if found is None:
        return f"{kept}；请对照图像抽查"
    change = f"。{HOW_TO_CHANGE}" if found.differing > _GOOD else ""
    return f"{kept}；{found.in_words()}{change}"


HOW_TO_CHANGE = (
    "要改用重新认出的文字，收稿时勾选“扫描的 PDF 不用里面带的文字，重新认字”；已经收入的，先撤回这次收稿再收一次"
)

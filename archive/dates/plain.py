"""The form of a text that the rules read: simplified, half-width, unspaced; with the way back to the stored text.

Only characters that can stand in a date expression are mapped, one to one. This is not the folding of the search.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from archive.dates.eras import VARIANTS, spellings

# Characters of the rules' vocabulary (era names bring their own, see eras.py). 干 is a common slip for 乾.
_TERMS = (
    "國国紀纪後后間间歷历曆历開开變变戰战爭争時时當当臘腊閏闰黨党陰阴農农舊旧歲岁萬万應应聖圣會会總总證证長长"
    "載载徵征漢汉晉晋趙赵齊齐陳陈吳吴遼辽貳贰陸陆參叁號号終终於于將将從从極极臨临現现見见達达乹乾干乾貮贰"
    "過过還还運运動动滿满偽伪蒋蔣辦办華华類类對对勝胜敗败個个兩两階阶屆届議议協协衛卫區区邊边陝陕寧宁發发"
    "閒间厯历歴历暦历綂统𢎞弘徳德寜宁眀明㤗泰嵗岁閠闰寳宝淸清隂阴扵于髙高呉吴啓启眞真尅克増增慿凭"
    "躍跃進进難难與与幾几餘余來来無无產产設设規规劃划計计劉刘衆众眾众聯联網网東东軍军啓启煕熙熈熙甯宁"
)
_MARKS = {
    **dict(zip("０１２３４５６７８９", "0123456789", strict=True)),
    **dict.fromkeys("～－–—―〜~‐‑‒─━﹣", "-"),
    **dict.fromkeys("（〔［﹙【", "("),
    **dict.fromkeys("）〕］﹚】", ")"),
    **dict.fromkeys("”‘’＂\"'「」『』", "“"),
    **dict.fromkeys("○◯Ｏ", "〇"),
    **dict.fromkeys("．・•‧", "·"),
    "：": ":", "，": ",", "；": ";", "？": "?", "！": "!", "／": "/",
}  # fmt: skip

_SPACE = re.compile(r"[\s\u3000\ufeff\u200b]+")
# Digits that were spaced out (1 9 5 8 年) or a year broken over a line (19⏎58年).
_SPLIT_NUMBER = re.compile(r"(?<![\d.])(?:(?:1\s*[0-9]|2\s*0)\s*\d\s*\d(?=\s*年)|\d(?:\s+\d){1,3}(?=\s*[年月日]))")


@cache
def _table() -> dict[int, str]:
    terms = dict(zip(_TERMS[::2], _TERMS[1::2], strict=True))
    return {ord(old): new for old, new in {**spellings(), **terms, **VARIANTS, **_MARKS}.items()}


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` is what the rules see; `origin` leads back. `cuts` are offsets in `text` where something was left out."""

    text: str
    cuts: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span of the stored text that `text[start:end]` came from; end exclusive, never ending in a space."""
        if not self.cuts:
            return start, end
        return self._stored(start), self._stored(end - 1) + 1

    def _stored(self, offset: int) -> int:
        index = bisect_right(self.cuts, offset) - 1
        return offset + (self.removed[index] if index >= 0 else 0)


def plain(text: str) -> Plain:
    """Fold and unspace a text. Space between two numbers stays (1998 1999年), and so do ends of paragraphs."""
    folded = text.translate(_table())
    if not _SPACE.search(folded):
        return Plain(folded)
    within_numbers = {index for match in _SPLIT_NUMBER.finditer(folded) for index in range(*match.span())}
    pieces, cuts, removed = [], [], []
    position = length = dropped = 0
    for space in _SPACE.finditer(folded):
        start, end = space.span()
        if _parts_words(folded, start, end) and start not in within_numbers:
            continue
        pieces.append(folded[position:start])
        length += start - position
        position = end
        dropped += end - start
        cuts.append(length)
        removed.append(dropped)
    pieces.append(folded[position:])
    return Plain("".join(pieces), tuple(cuts), tuple(removed))


def _parts_words(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isascii() and before.isdigit() and after.isascii() and after.isdigit():
        return True
    breaks = text.count("\n", start, end)
    return breaks > 1 or (breaks == 1 and before in "。!?;:“)")

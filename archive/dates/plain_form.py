"""The form of a text that the rules read: simplified, half-width, unspaced; with the way back to the stored text.

Characters are mapped one to one, with the slips and variants of dates in mind. This is not the folding of the search.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from archive.dates.eras import VARIANTS, spellings

# Variants that the table of characters lacks, in old prints and scans. 干 is a common slip for 乾.
_VARIANTS = (
    "閒间厯历歴历暦历綂统𢎞弘徳德寜宁眀明㤗泰嵗岁閠闰寳宝淸清隂阴扵于髙高呉吴啓启眞真尅克増增慿凭煕熙熈熙干乾乹乾貮贰"
    "卄廿丗卅弍贰弌壹弎叁参叁參叁"
)
_MARKS = {
    **dict(zip("０１２３４５６７８９", "0123456789", strict=True)),
    **dict.fromkeys("～－–—―〜~‐‑‒─━﹣", "-"),
    **dict.fromkeys("（〔［﹙【〈", "("),
    **dict.fromkeys("）〕］﹚】〉", ")"),
    **dict.fromkeys("”‘’＂\"'「」『』", "“"),
    **dict.fromkeys("○◯Ｏ", "〇"),
    **dict.fromkeys("．・•‧", "·"),
    "：": ":", "，": ",", "；": ";", "？": "?", "！": "!", "／": "/",
}  # fmt: skip

_SPACE = re.compile(r"[\s\u3000\ufeff\u200b]+")
# A Latin, Greek or Cyrillic O, or an Arabic 0, among Chinese digits: 二OO三年, 一八二0年.
_ZERO = re.compile(r"(?<=[一二三四五六七八九〇])[OoΟοОо0]{1,3}(?=[〇零一二三四五六七八九年月日)])")
# 民国念三年, 十月念七日: 念 for 廿.
_SCORE = re.compile("(?<=[国绪丰治光庆隆正熙历祯启月])念(?=[一二三四五六七八九]?[年日])")
# 一 for a dash between figures: 1956一1958年, 5月一6月.
_DASH = re.compile(r"一(?<=[\d年月日]一)(?=\d)")
# A letter for the figure nought: 1O月, 195O年.
_NOUGHT = re.compile(r"(?<=\d)[OОο〇]{1,3}(?=\d{0,2}[年月日])")
# A letter for the figure one, as scanning has it: 197l年, l0月.
_ONE = re.compile(
    r"(?<=\d)[lI](?=[\dlI]{0,2}[年月日])|(?<![A-Za-z\d])[lI](?=\d{1,3}[年月日])|(?<=[年月])[lI](?=[月日])"
)
# Digits that were spaced out (1 9 5 8 年) or a year broken over a line (19⏎58年).
_SPLIT_NUMBER = re.compile(r"(?<![\d.])(?:(?:1\s*[0-9]|2\s*0)\s*\d\s*\d(?=\s*年)|\d(?:\s+\d){1,3}(?=\s*[年月日]))")
_SPACED_DIGITS = re.compile(r"\d\s+\d")


@cache
def _table() -> dict[int, str]:
    characters: dict[str, str] = {}
    text = (files("archive.dates") / "data" / "characters.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            simplified, traditional = line.split("\t")
            characters.update(dict.fromkeys(traditional, simplified))
    variants = dict(zip(_VARIANTS[::2], _VARIANTS[1::2], strict=True))
    return {ord(old): new for old, new in {**characters, **spellings(), **variants, **VARIANTS, **_MARKS}.items()}


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
    folded = _ZERO.sub(lambda match: "〇" * len(match[0]), text.translate(_table()))
    folded = _SCORE.sub("廿", folded)
    folded = _DASH.sub("-", folded)
    if "O" in folded or "〇" in folded:
        folded = _NOUGHT.sub(lambda match: "0" * len(match[0]), folded)
    if "l" in folded or "I" in folded:
        folded = _ONE.sub("1", folded)
    if not _SPACE.search(folded):
        return Plain(folded)
    split = _SPLIT_NUMBER.finditer(folded) if _SPACED_DIGITS.search(folded) else ()
    within_numbers = {index for match in split for index in range(*match.span())}
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


_GAP = 3  # spaces
_CELL = re.compile(r"(?:1[89]|20)\d\d(?:\.\d{1,2}(?=\s|$)|-+(?:1[89]|20)\d\d(?=[。,\s]|$))")
_CELL_BEFORE = re.compile(r"(?<!\d)(?:1[89]|20)\d\d\.\d{1,2}$")
_HEADING = re.compile(r"(?<!\d)\d{4}(?:\([^()]{2,10}\)|-\d\d?-\d\d?)$")
_SEASONS = frozenset("春夏秋冬")
_PARTING_BEHIND, _PARTING_AHEAD = frozenset("0123456789春夏秋冬)."), frozenset("0123456789-")
_ENDS = frozenset("。!?;:“)")
_YEAR_BEHIND = re.compile(r"\d{4}年")


def _parts_words(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before not in _PARTING_BEHIND and after not in _PARTING_AHEAD:  # nearly all of them
        breaks = text.count("\n", start, end)
        return breaks > 1 or (breaks == 1 and before in _ENDS)
    if before.isascii() and before.isdigit() and after.isascii() and after.isdigit():
        return True
    if after == "-":  # 1991.8 ～1995.6
        return False
    if before in _SEASONS and text[max(0, start - 6) : start - 1].rstrip(" \u3000")[-1:] in (
        "",
        "\n",
        "。",
    ):  # 夏　霜灾 heads an entry of a chronicle
        return True
    if before == ")" and end - start >= _GAP and after.isdigit():  # 民国2年（1913）   1月: a heading and its entry
        return True
    if _CELL.match(text, end) or _CELL_BEFORE.search(text, max(0, start - 8), start):  # 马德福　1949.8　二等功
        return "\n" not in text[start:end]
    if _HEADING.search(text, max(0, start - 16), start):  # 1873（同治十二年） 2月23日，2006-01-16 至今她已
        return True
    if before == "." and _YEAR_BEHIND.match(text, end):  # 4. 1958年: a number of a list
        return True
    breaks = text.count("\n", start, end)
    return breaks > 1 or (breaks == 1 and before in _ENDS)

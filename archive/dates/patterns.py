"""Regular expressions built from tables: many names as one fast alternation."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.dates.numerals import DIGIT_CLASS, NUMBER_CLASS

# Written numbers of a regnal year: 三, 廿五, 贰拾贰, 元, 22.
COUNT = rf"(?:\d{{1,3}}|元|[{NUMBER_CLASS}]{{1,4}}(?:(?<=十)[有又][一二三四五六七八九])?)"
# 三、四年, 二十五、六年, 25、26年, 二十六七年, 十八、十九两年.
COUNTS = (
    rf"{COUNT}(?:[、至到-](?:\d{{1,2}}|[一二三四五六七八九十廿卅]{{1,3}})){{0,4}}"
    r"(?:(?<=[一二三四五六七八九十\d])[两三四五](?=年))?"
)
# Written Gregorian years: 1936, 一九三六, 一九卅六, 两千零三.
YEAR = (
    rf"(?:\d{{1,4}}|[一二][{DIGIT_CLASS}](?:[{DIGIT_CLASS}]{{2}}|[廿卅卌][一二三四五六七八九]?)"
    rf"|[一二两]千(?:[一二三四五六七八九]百)?[〇零]?[一二三四五六七八九十]{{0,3}})"
)
# What shows that a year is counted from the birth of Christ.
AD = "公元|西元|西历|公历"
# 年代 and not 年 before 代理, 代表: what shows that no single year is meant.
IN_YEARS = "代(?![表理销购办课替])"
# From one date to the next.
TO = (
    r"(?:(?:开始|[起始])?,?(?:(?:一?直)?[至到]|截至|截止到?|迄|延至|下至)"
    r"|(?<=[年月春夏秋冬底初])[当干做教住管守]了?到了?|-+|起-)"
)


def alternation(words: Iterable[str]) -> str:
    """A pattern that matches any of the words, the longest first, sharing their beginnings."""
    tree: dict[str, object] = {}
    for word in words:
        node = tree
        for character in word:
            node = node.setdefault(character, {})  # type: ignore[assignment]
        node[""] = None
    return _branches(tree)


def _branches(tree: dict[str, object]) -> str:
    branches = [re.escape(head) + _branches(rest) for head, rest in tree.items() if isinstance(rest, dict)]
    if not branches:
        return ""
    inner = branches[0] if len(branches) == 1 else "|".join(branches)
    if "" in tree:
        return f"(?:{inner})?"
    return inner if len(branches) == 1 else f"(?:{inner})"

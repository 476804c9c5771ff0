"""Feast days: those of the Gregorian and of the lunar calendar, and the solar terms."""

from __future__ import annotations

import re
from importlib.resources import files

from archive.dates import eras, lunar
from archive.dates.calendar import day, year_of
from archive.dates.numerals import number
from archive.dates.patterns import alternation
from archive.dates.solar_terms import TERMS, term


def _feasts(calendar: str) -> dict[str, tuple[int, int]]:
    """Month and day by name."""
    found = {}
    for line in (files("archive.dates") / "data" / "feasts.tsv").read_text(encoding="utf-8").splitlines():
        kind, date, names = ("", "", "") if line.startswith("#") else line.split("\t")
        if kind == calendar:
            month, day_of_month = map(int, date.split("-"))
            found.update(dict.fromkeys(names.split(), (month, day_of_month)))
    return found


_GREGORIAN, _LUNAR = _feasts("solar"), _feasts("lunar")
_LAST_DAY = ("除夕", "大年三十", "年三十", "除夜", "岁除")
# Days named by their month and day alone: only where a mark or a word such as 前夕 shows that the day is meant.
_NUMERIC = {
    "三八": (3, 8),
    "五一": (5, 1),
    "五四": (5, 4),
    "六一": (6, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "十一": (10, 1),
    "双十": (10, 10),
    "双十二": (12, 12),
}
# 1958年大雪 was a snowfall: these need a word that makes a term of them.
_WEATHER = ("雨水", "大雪", "小雪", "大寒", "霜降", "白露", "谷雨", "寒露", "小寒", "春分", "秋分")
_PLAIN_TERMS = tuple(name for name in TERMS if name not in _WEATHER)
_BESIDE = (
    "(?=节|之变|事变|黄金周|长假|那天|这天|当天|当日|前夕|前后|之际|期间|之夜|过后|以前|以后"
    "|前(?=[,。;、完建竣通开投全要必将])|后(?=[,。;、]))"
)

_NEW_NATIONAL_DAY = 1949  # before it 国庆 is that of the republic
_DAYS = "[一二三四五六七八九十]{1,2}"
_PLACE = "(?!上河|桥|乡|镇|村)"
# 冬至次年春, 三年冬至四年春, 冬至咸丰元年: from winter to spring, not the solstice.
_COUNT = "[元一二三四五六七八九十廿卅]{1,4}年"
NEXT_YEAR = (
    rf"[至到]?(?:次|翌|来|同年|\d|[春夏秋冬](?!至)|[一二]\w{{3}}年|{_COUNT}"
    rf"|(?:中华)?民国|{alternation(eras.table())}{_COUNT})"
)
_RANGE = rf"(?!{NEXT_YEAR})"
# 夏至桂林宣传, 冬至县城: in summer to a place, where what was done there follows.
GOING = "[一-龥]{2,3}(?:宣|讲|任|参|开|办|工|读|学|避|定|经|演|考|治|养|就|视|巡|作|传|活)"
_NO_GOING = rf"(?<![夏冬]至(?={GOING}))"

NAMES = (*_GREGORIAN, *_LUNAR, *_LAST_DAY)
FEAST_NAMES = alternation(NAMES)
SPOKEN = (*NAMES, *_PLAIN_TERMS)
SPOKEN_NAMES = alternation(SPOKEN)
FEAST = re.compile(
    rf",?的?“?(?P<feast>{FEAST_NAMES}|寒食"
    rf"|(?P<term>(?:{alternation(_PLAIN_TERMS)}){_PLACE}{_RANGE}{_NO_GOING}"
    rf"|(?:{alternation(_WEATHER)})(?=节|日|那天|时节|节气|[前后]{_DAYS}日))"
    rf"|(?P<numeric>{alternation(_NUMERIC)})(?:(?=“)|{_BESIDE}|(?=[,。、;]|$)))“?节?(?P<unit>日|节气?)?"
    rf"(?:(?P<side>[前后])(?P<days>{_DAYS})[日天]|(?P<eve>前夕|前夜|之?前一[日天])|(?P<week>黄金周|长假))?"
)


def is_lunar(match: re.Match[str]) -> bool:
    """Whether a match of FEAST names a day of the lunar calendar."""
    return match["feast"] in _LUNAR or match["feast"] in _LAST_DAY


def feast_day(match: re.Match[str], year: int, moon: bool) -> int | None:
    """The day of a match of FEAST in a year, lunar where `moon`; None where that year has none."""
    found = _day(match, year, moon)
    if found is None or not match["side"]:
        return found - 1 if found is not None and match["eve"] else found
    days = number(match["days"]) or 0
    return found - days if match["side"] == "前" else found + days


def _day(match: re.Match[str], year: int, moon: bool) -> int | None:
    name = match["feast"]
    if match["numeric"]:
        return day(year, *_NUMERIC[name])
    if match["term"]:
        return _term_day(name, year, moon)
    if name == "寒食":
        clear = _term_day("清明", year, moon)
        return None if clear is None else clear - 1
    if name in _LAST_DAY:
        return lunar.year_span(year)[1]
    if name in _LUNAR:
        return lunar.day(year, *_LUNAR[name])
    if name == "元旦" and moon:
        return lunar.year_span(year)[0]
    if name.startswith("国庆") and year < _NEW_NATIONAL_DAY:
        return day(year, *_NUMERIC["双十"])
    return day(year, *_GREGORIAN[name])


def _term_day(name: str, year: int, moon: bool) -> int | None:
    if not moon:
        return term(year, name)
    start, end = lunar.year_span(year)
    return next((found for one in (year_of(start), year_of(end)) if start <= (found := term(one, name)) <= end), None)

"""What may follow a year: month, day, 旬, season, part of the year, feast."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.dates import ganzhi, lunar
from archive.dates.calendar import day, month_span
from archive.dates.numerals import number
from archive.dates.reading import Reading, days_of_month, gregorian_day, season_span
from archive.records import Precision

_CN = "一二三四五六七八九十"
_DAY_CN = "一二三四五六七八九十廿卅"

MONTH = re.compile(
    rf"(?:,?[春夏秋冬]季?,?)?(?P<leap>闰)?(?P<month>\d{{1,2}}|正|腊|冬|十[一二]?|[{_CN}]|[贰叁肆伍陆柒捌玖拾壹]{{1,2}})"
    rf"(?:[、-](?P<last>\d{{1,2}}|十[一二]?|[{_CN}]))?(?<!个)月(?!光|亮|饼|台|息|报|刊|薪|票|季|经|球)"
)
_MARK = re.compile(r",?的?(?:(?:农历|阴历|夏历|旧历|古历|阴)(?:的|是)?|夏(?=正月))")
_SEASON = re.compile(
    r",?的?(?P<season>[春夏秋冬])(?:季|天|间)?(?!节|麦|粮|收|征|耕|播|种|灌|衣|装|令|学|游|训|税|防|运|虫|瓜|储|修)(?:之?交)?"
)
_PART = re.compile(
    r",?(?:的)?(?P<part>年?初|年?底|年?末|年?终|上半年|下半年|前半年|后半年|年中(?![共国央]))(?![中高级小等至]级?[中学])(?:期)?"
)
_FEAST = re.compile(r",?的?(?P<feast>元旦|春节|元宵节?|端午节?|中秋节?|重阳节?|除夕|国庆节?|五一劳动节|大年初一)")
_DAY = re.compile(
    rf"(?:,?(?:的)?(?P<number>\d{{1,2}}|[{_DAY_CN}]{{1,3}}|初[{_CN}])(?P<unit>[日号](?!子|称|召|码|楼|线|机|院|文)|(?=[-至到、和]\d{{1,2}}[日号]))"
    rf"|(?P<first>初[{_CN}]|[{_CN}]?[廿卅][{_CN}]?)(?![{_DAY_CN}年月岁])"
    rf"|(?P<moonday>[{_DAY_CN}]{{1,3}})(?![{_DAY_CN}年月岁个人名户里百千万亩两])"
    r"|(?P<phase>朔|望|晦)日?(?![族族着])"
    rf"|(?P<pair>{ganzhi.PATTERN})日?(?![{ganzhi.BRANCHES}年]))"
)
_XUN = re.compile(r"(?:的)?(?:(?P<xun>[上中下])[旬浣澣]|(?P<edge>初|底|末)日?)")
_LATER_DAY = re.compile(r"(?P<join>[-至到]+|、|和)(?P<day>\d{1,2})(?P<unit>[日号])")
_HOUR = (
    rf"(?:凌晨|拂晓|清晨|早晨|早上|上午|中午|正午|下午|傍晚|晚上?|夜间?|深夜|午夜|黎明)?(?:\d{{1,2}}|[{_CN}]{{1,3}})"
    rf"(?:[时点](?!期|候|代|间|节|局|事|名|燃|评|任|称|有)(?:(?:\d{{1,2}}|[{_CN}]{{1,3}})分|半|许|整)?)"
)
_TIME = re.compile(rf",?{_HOUR}(?:[-至到]+{_HOUR})?")
_TRAIL = re.compile(r"份|间(?![谍接隔])")

_NAMED_MONTHS = {"正": 1, "腊": 12, "冬": 11}
_PARTS = {
    "初": (1, 3),
    "底": (11, 12),
    "末": (11, 12),
    "终": (11, 12),
    "上": (1, 6),
    "下": (7, 12),
    "前": (1, 6),
    "后": (7, 12),
    "中": (5, 8),
}
_EDGES = {"初": (1, 10), "底": (21, 31), "末": (21, 31), "上": (1, 10), "中": (11, 20), "下": (21, 31)}
_PHASES = {"朔": 1, "望": 15}
_FEASTS = {"元宵": (1, 15), "端午": (5, 5), "中秋": (8, 15), "重阳": (9, 9), "春节": (1, 1), "大年": (1, 1)}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a year: its days, how fine, the month it lies in, whether counted by the moon, where it stops."""

    span: tuple[int, int]
    precision: Precision
    stop: int
    month: int | None = None
    moon: bool = False


def part(text: str, position: int, year: int, moon: bool) -> Part | None:
    """Read the month, season, feast… at `position`; None where there is none, or none that existed in that year.

    `moon` says that bare months are lunar (years of reign eras).
    """
    mark = _MARK.match(text, position)
    if mark:
        position, moon = mark.end(), True
    match = MONTH.match(text, position)
    if match:
        return _month(text, match, year, moon)
    match = _SEASON.match(text, position)
    if match:
        span = season_span(year, match["season"], moon)
        return Part(span, Precision.SEASON, match.end(), moon=moon) if span else None
    match = _FEAST.match(text, position)
    if match:
        return _feast(match, year)
    match = _PART.match(text, position)
    return _part_of_year(match, year) if match else None


def impossible(text: str, position: int, year: int, moon: bool) -> bool:
    """Whether a month stands at `position` that the year does not have: 1958年13月, 2月30日."""
    mark = _MARK.match(text, position)
    at = mark.end() if mark else position
    return MONTH.match(text, at) is not None and part(text, position, year, moon) is None


def _part_of_year(match: re.Match[str], year: int) -> Part:
    key = match["part"].removeprefix("年")[0]
    first, last = _PARTS[key]
    precision = Precision.HALF if key in "上下前后" else Precision.PART
    return Part((day(year, first, 1), month_span(year, last)[1]), precision, match.end())


def _feast(match: re.Match[str], year: int) -> Part | None:
    feast = match["feast"]
    if feast[:2] in _FEASTS:
        found = lunar.day(year, *_FEASTS[feast[:2]])
    elif feast == "除夕":
        found = lunar.year_span(year)[1]
    else:
        month = {"元旦": 1, "国庆": 10, "五一": 5}[feast[:2]]
        found = day(year, month, 1)
    return Part((found, found), Precision.DAY, match.end()) if found else None


def _month(text: str, match: re.Match[str], year: int, moon: bool) -> Part | None:
    written, leap = match["month"], bool(match["leap"])
    month = _NAMED_MONTHS.get(written) or number(written) or 0
    following = _DAY.match(text, match.end()) if not match["last"] else None
    if following and following["moonday"] and not (moon or leap or written in _NAMED_MONTHS):
        following = None
    moon = moon or leap or written in _NAMED_MONTHS or _counts_by_moon(following)
    span = _month_span(year, month, leap, moon)
    if span is None:
        return None
    if match["last"]:
        last = _month_span(year, number(match["last"]) or 0, False, moon)
        valid = last is not None and last[1] > span[1]
        trail = _TRAIL.match(text, match.end())
        stop = trail.end() if trail else match.end()
        return Part((span[0], last[1]), Precision.RANGE, stop, None, moon) if valid and last else None
    if following:
        return _day(text, following, year, (month, leap, moon), span)
    return _xun(text, match.end(), span, month, moon)


def _counts_by_moon(found: re.Match[str] | None) -> bool:
    if not found:
        return False
    if found["phase"] or found["first"] or found["pair"]:
        return True
    return bool(found["number"]) and found["number"][0] in "初廿卅"


def _month_span(year: int, month: int, leap: bool, moon: bool) -> tuple[int, int] | None:
    if moon:
        return lunar.month_span(year, month, leap)
    return month_span(year, month) if 1 <= month <= 12 else None


def _xun(text: str, position: int, span: tuple[int, int], month: int, moon: bool) -> Part:
    match = _XUN.match(text, position)
    if match:
        first, last = _EDGES[match["xun"] or match["edge"]]
        # 六月初 of an inscription is a whole month's opening words (六月初吉), not its first ten days.
        if match["edge"] and moon:
            return Part(span, Precision.MONTH, match.end(), month, moon)
        return Part(days_of_month(span, first, last), Precision.XUN, match.end(), month, moon)
    trail = _TRAIL.match(text, position)
    return Part(span, Precision.MONTH, trail.end() if trail else position, month, moon)


def _day(
    text: str, match: re.Match[str], year: int, named: tuple[int, bool, bool], span: tuple[int, int]
) -> Part | None:
    month, leap, moon = named
    if match["pair"]:
        index = ganzhi.index(match["pair"])
        found = None if index is None else span[0] + (index - (span[0] - 11)) % 60
        found = found if found and found <= span[1] else None
        if found is None:  # a sexagenary day outside the month: keep the month
            return Part(span, Precision.MONTH, match.start(), month, moon)
    elif match["phase"]:
        found = span[1] if match["phase"] == "晦" else span[0] + _PHASES[match["phase"]] - 1
    else:
        written = match["number"] or match["first"] or match["moonday"]
        count = number(written)
        if count is None:
            return None
        found = lunar.day(year, month, count, leap) if moon else gregorian_day(year, month, count)
        if found is None:
            return None
    return _until(text, Part((found, found), Precision.DAY, match.end(), month, moon), span)


def _until(text: str, first: Part, month: tuple[int, int]) -> Part:
    """Days that go on within the month (5月9-13日, 4、5日), then the hour, which is read over."""
    match = _LATER_DAY.match(text, first.stop)
    stop, end = first.stop, first.span[1]
    if match:
        last = month[0] + int(match["day"]) - 1
        # 4、5日 is one stretch; 5日、20日 are two days, the second of which is read in its turn.
        if end < last <= month[1] and (match["join"] not in "、和" or last == end + 1):
            stop, end = match.end(), last
    time = _TIME.match(text, stop)
    stop = time.end() if time else stop
    precision = Precision.RANGE if end > first.span[0] else Precision.DAY
    return Part((first.span[0], end), precision, stop, first.month, first.moon)

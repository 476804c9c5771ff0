"""What may follow a year: month, day, 旬, season, part of the year, feast."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.dates import ganzhi, lunar
from archive.dates.calendar import civil, day, month_span
from archive.dates.feasts import FEAST, GOING, NEXT_YEAR, feast_day
from archive.dates.numerals import number
from archive.dates.of_month import (
    CN,
    DAY,
    DAY_CN,
    DAY_NUMBER,
    FORMAL,
    TRAIL,
    XUN,
    YearPart,
    counts_by_moon,
    named_month,
    of_day,
    xun,
)
from archive.dates.patterns import alternation
from archive.dates.reading import SEASONS, season_span
from archive.model.records import Precision

LUNAR_NAMES = "农历|阴历|夏历|旧历|古历"
SOLAR_NAMES = "公历|阳历|新历|国历|西历"
LUNAR_MARK = re.compile(rf",?的?(?:(?:{LUNAR_NAMES}|阴)(?:的|是)?|夏(?=正月))")
_SOLAR_MARK = re.compile(rf",?的?(?:{SOLAR_NAMES})")
# Names of lunar months, in 方志 and on steles.
_NAMED_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "正 端 陬 孟陬 太簇",
            "杏 如 花 夹钟",
            "桃 蚕 桐 姑洗",
            "槐 梅 清和 麦 仲吕 麦秋",
            "蒲 榴 皋 蕤宾",
            "荷 荔 且 暑 伏 林钟",
            "兰 巧 瓜 相 夷则",
            "桂 壮 南吕",
            "菊 玄 无射",
            "阳 小阳 良 小春 应钟",
            "葭 冬 畅 辜 黄钟",
            "腊 嘉平 涂 清祀 冰 蜡 大吕",
        ),
        1,
    )
    for name in names.split()
}
_MONTH_NUMBER = rf"\d{{1,2}}|十有?[一二]|十|[{CN}]"
MONTH = re.compile(
    rf"(?:,?[孟仲季]?[春夏秋冬][季天]?,?)?(?:的(?=[\d{CN}正腊冬闰]))?(?P<leap>闰)?"
    rf"(?P<month>{_MONTH_NUMBER}|元|{alternation(_NAMED_MONTHS)}|[{FORMAL}]{{1,2}})"
    rf"(?P<more>月?(?P<middle>(?:、(?:{_MONTH_NUMBER})){{1,6}}(?=、))?(?:[、至到]|-+)(?P<last>{_MONTH_NUMBER})|(?P<next>[二三四五六七八九十]))?(?:(?<=[\d一二三四五六七八九十])两个?|(?:(?<=、[{CN}\d])|(?<=、1\d))[三四五]个)?月(?!龄|光[景下阴]|[亮饼薪票球牙]|台(?!风|商|湾)|息(?!县)|报表|季[花度]?(?![风军])|革命)"
)
_SEASON = re.compile(
    rf"(?:,(?=[孟仲季][春夏秋冬]之?月))?[的之]?(?P<rank>[初早仲盛深晚暮季孟隆严寒金残])?(?P<season>[春秋]|[夏冬](?!至)|[夏冬](?={NEXT_YEAR}|至{GOING}))(?:、?(?P<next>[春夏秋冬]))?(?:[两二]?季节?|天|间|之?月)?"
    r"(?:末(?P<edge>[春夏秋冬])初)?(?!(?<=夏)[朝代启商州县国邑]|粮(?!食)|征(?!粮)|风(?![暴灾沙])|[光色][^复]|[节麦收耕播种灌衣装令学游训税防运虫瓜储]|修(?![复建葺城筑庙学志]))之?(?:[交末际]|初(?![一二三四五六七八九十]))?"
)
# 开春, 入冬: the season that begins.
_ENTERING = re.compile(
    r",?的?(?:开(?=春)|进?入)(?P<season>[春夏秋冬])(?:季|天)?(?:之?后|以后|以来)?(?=[,。;、)才时便就即断]|$|(?<=[后来季天]))"
)
_PART = re.compile(
    r",?[的之]?(?!年?底[稿片层]|年?初(?:[稿版刊刻校审评试]|设(?!立)|置|名|称|为|属|[建办创]时))(?P<part>年[初底末终尾杪首]|岁[末尾暮杪首初]|(?<!,)(?:初|底|末|终(?=[,。;、:)时统全共总考决评核盘前]|已有|结[算账]|$))|上半年|下半年|前半年|后半年"
    r"|(?:前|中|后)期(?![望间限])|年中(?![共国央])|暑假|暑期|寒假)(?!、?(?:中(?![国共央])|[高级小等]))期?间?"
)
_BUILT = re.compile("[筑建置设修立创凿辟]")
_LEADING = re.compile(
    r",?的?(?P<edge>[前头后])(?P<count>[一二三两四五六七八九十]{1,2}|\d{1,2})个?(?P<unit>季度|月)(?!前|后|以)"
)
_QUARTER = re.compile(r",?的?第?(?:(?P<first>[一二三1-3])[、至到-])?(?P<quarter>[一二三四1-4])个?季度")

# Gregorian or lunar months, first and last.
_PARTS = {
    **dict.fromkeys("初首", (1, 3)),
    **dict.fromkeys("底末终尾暮杪", (11, 12)),
    **dict.fromkeys("上前", (1, 6)),
    **dict.fromkeys("下后", (7, 12)),
    **dict.fromkeys("中", (5, 8)),
    "暑": (7, 8),
    "寒": (1, 2),
}
_CUSTOMARY = frozenset(((1, 15), (2, 2), (3, 3), (5, 5), (6, 6), (7, 7), (7, 15), (8, 15), (9, 9)))
_RANKS = {"孟": 1, "初": 1, "仲": 2, "季": 3, "暮": 3}


def part(text: str, position: int, year: int, moon: bool) -> YearPart | None:
    """Read the month, season, feast… at `position`; None where there is none, or none that existed in that year.

    `moon` says that bare months are lunar (years of reign eras).
    """
    position, moon = _marked(text, position, moon)
    match = MONTH.match(text, position)
    if match:
        return _months(text, match, year, moon)
    match = _SEASON.match(text, position)
    if match:
        return _season(text, match, year, moon)
    match = _ENTERING.match(text, position)
    if match and (span := season_span(year, match["season"], moon)):
        return YearPart(span, Precision.SEASON, match.end(), moon=moon)
    match = FEAST.match(text, position)
    if match:
        return feast(match, year, moon)
    match = _LEADING.match(text, position)
    if match:
        return _leading(match, year)
    match = _QUARTER.match(text, position)
    if match:
        return _quarter(match, year)
    match = _PART.match(text, position)
    if match and moon and match["part"] == "初" and _BUILT.match(text, match.end()):  # 正德六年初筑: built at first
        return None
    return _part_of_year(match, year, moon) if match else None


def impossible(text: str, position: int, year: int, moon: bool) -> bool:
    """Whether a month stands at `position` that the year does not have: 1958年13月, 2月30日."""
    return impossible_stop(text, position, year, moon) is not None


def impossible_stop(text: str, position: int, year: int, moon: bool) -> int | None:
    """Where the month and day at `position` end, if the year does not have them; otherwise None."""
    at, moon = _marked(text, position, moon)
    if moon and not lunar.months(year):
        return None  # the table does not reach so far back: the year stands, its months cannot be told
    month = MONTH.match(text, at)
    if month is None or part(text, position, year, moon) is not None:
        return None
    of_month = DAY.match(text, month.end())
    return of_month.end() if of_month else month.end()


def _marked(text: str, position: int, moon: bool) -> tuple[int, bool]:
    """The offset behind 农历 or 公历, and whether months count by the moon there."""
    mark = LUNAR_MARK.match(text, position)
    if mark:
        return mark.end(), True
    mark = _SOLAR_MARK.match(text, position)
    return (mark.end(), False) if mark else (position, moon)


def feast(match: re.Match[str], year: int, moon: bool) -> YearPart | None:
    """The feast of a match of FEAST in a year, lunar where `moon`."""
    found = feast_day(match, year, moon)
    if found is None:
        return None
    if match["week"]:  # 国庆黄金周
        return YearPart((found, found + 6), Precision.RANGE, match.end(), civil(found)[1])
    counted = lunar.date_of(found) if moon else None
    month = counted[1].number if counted else None if moon else civil(found)[1]
    return YearPart((found, found), Precision.DAY, match.end(), month, moon)


def feast_too(text: str, position: int, found: int) -> int:
    """Where a date ends behind which its day is named, too: 10月10日双十节, 八月十五中秋节."""
    match = None if text.startswith((",", "的"), position) else FEAST.match(text, position)
    counted = lunar.date_of(found) if match else None
    if match is None or counted is None:
        return position
    days = (feast_day(match, civil(found)[0], False), feast_day(match, counted[0], True))
    return match.end() if found in days else position


_NEW_MOON = re.compile(rf"{ganzhi.PATTERN}朔,?(?=(?:{DAY_NUMBER})日)")
_DAY_AGAIN = re.compile(
    rf"\((?:即|也就是)?(?:{LUNAR_NAMES}|{SOLAR_NAMES})?(?:(?P<month>\d{{1,2}}|[{CN}]{{1,2}})月)?(?P<day>\d{{1,2}}|[{DAY_CN}]{{1,3}})[日号]\)"
)


_PAIR_TOO = re.compile(rf",?(?P<pair>{ganzhi.PATTERN})日?")


def day_too(text: str, position: int, found: int) -> int:
    """Where 次日（21日）, 昨天（五月三日）, 初四日辛酉 end, which say the day twice."""
    pair = _PAIR_TOO.match(text, position)
    if pair and ganzhi.index(pair["pair"]) == ganzhi.day_index(found):
        return pair.end()
    match = _DAY_AGAIN.match(text, position)
    if match is None:
        return position
    _, month, of_month = civil(found)
    same = number(match["day"]) == of_month and (not match["month"] or number(match["month"]) == month)
    counted = lunar.date_of(found)
    if counted is not None and number(match["day"]) == counted[2]:  # 甲申（十一日）, 3月5日（农历二月初一日）
        same = same or not match["month"] or number(match["month"]) == counted[1].number
    return match.end() if same else position


_ON_STONE = re.compile("之?月?[上中下][浣澣]")


def _season(text: str, match: re.Match[str], year: int, moon: bool) -> YearPart | None:
    span = season_span(year, match["season"], moon)
    if (
        match["rank"]
        and match["rank"] in _RANKS
        and (moon or match[0].endswith("月") or _ON_STONE.match(text, match.end()))
    ):  # 孟夏: the fourth month
        month = 3 * SEASONS[match["season"]] + _RANKS[match["rank"]]
        ranked = lunar.month_span(year, month)
        if not ranked:
            return None
        of_month = DAY.match(text, match.end())
        if of_month and (text[match.end() - 1] == "月" or not of_month["moonday"]):
            return of_day(text, of_month, year, (month, False, True), ranked)
        return xun(text, match.end(), ranked, month, True)
    second = match["next"] or match["edge"]
    if span and second:  # 夏秋之交, 春末夏初, 冬春: both, the second in the next year if it comes before the first
        following = season_span(year + (match["season"] == "冬"), second, moon)
        span = (span[0], following[1]) if following and following[1] > span[0] else None
    return YearPart(span, Precision.SEASON, match.end(), moon=moon) if span else None


def _part_of_year(match: re.Match[str], year: int, moon: bool) -> YearPart | None:
    key = match["part"].removeprefix("年").removeprefix("岁")[0]
    first, last = (named_month(year, month, False, moon and key not in "暑寒") for month in _PARTS[key])
    precision = Precision.HALF if key in "上下前后" else Precision.PART
    return YearPart((first[0], last[1]), precision, match.end(), moon=moon) if first and last else None


def _quarter(match: re.Match[str], year: int) -> YearPart:
    """三季度, 第一季度, 一至三季度: calendar quarters."""
    last = number(match["quarter"]) or 1
    first = number(match["first"]) if match["first"] else last
    span = (day(year, 3 * (first or 1) - 2, 1), month_span(year, 3 * last)[1])
    return YearPart(span, Precision.PART, match.end())


def _leading(match: re.Match[str], year: int) -> YearPart | None:
    """前三季度, 头三个月, 后两个月 of a Gregorian year."""
    count = (number(match["count"]) or 0) * (3 if match["unit"] == "季度" else 1)
    if not 1 <= count <= 12:
        return None
    first, last = (13 - count, 12) if match["edge"] == "后" else (1, count)
    return YearPart((day(year, first, 1), month_span(year, last)[1]), Precision.PART, match.end())


def _months(text: str, match: re.Match[str], year: int, moon: bool) -> YearPart | None:
    # 一月至三月十五日 and 8月至9月中旬 are from a month to a part of another
    first_alone = match["last"] and (DAY.match(text, match.end()) or XUN.match(text, match.end()))
    if first_alone and text.startswith("月", match.start("more")):
        return _month(text, match, match.start("more") + 1, year, moon)
    if match["more"] and match["more"].startswith("月、") and not _consecutive(match):  # 4月、7月 are two months
        return _month(text, match, match.start("more") + 1, year, moon)
    if not match["more"]:
        return _month(text, match, match.end(), year, moon)
    first, last = _listed_months(match)
    if match["last"] and match["more"].startswith("、") and not _in_a_row(match, first, last):  # 3、5、7月 are three
        return _month(text, match, match.start("more"), year, moon)
    begin, end = named_month(year, first, False, moon), named_month(year, last, False, moon)
    if not begin or not end or last <= first:
        return None
    trail = TRAIL.match(text, match.end())
    if match["last"] and XUN.match(text, match.end()):  # 4~6月中旬
        part = xun(text, match.end(), end, last, moon)
        return YearPart((begin[0], part.span[1]), Precision.RANGE, part.stop, None, moon)
    return YearPart((begin[0], end[1]), Precision.RANGE, trail.end() if trail else match.end(), None, moon)


def _in_a_row(match: re.Match[str], first: int, last: int) -> bool:
    between = match["middle"].split("、")[1:] if match["middle"] else []
    return [number(each) for each in between] == [*range(first + 1, last)]


def _consecutive(match: re.Match[str]) -> bool:
    first, last = _listed_months(match)
    return last == first + 1


def _listed_months(match: re.Match[str]) -> tuple[int, int]:
    """3至5月, 七、八月, 七八月; 十一二月 is the eleventh and twelfth."""
    first = number(match["month"]) or 0
    if match["last"]:
        return first, number(match["last"]) or 0
    following = number(match["next"]) or 0
    if first > 10:
        following += 10
    return (first, following) if following == first + 1 else (0, 0)


def _month(text: str, match: re.Match[str], stop: int, year: int, moon: bool) -> YearPart | None:
    """The month of a match of MONTH that ends at `stop`, and the day or part of it that follows."""
    written, leap = match["month"], bool(match["leap"])
    month = _NAMED_MONTHS.get(written) or number(written) or 0
    lunar_name = leap or written in _NAMED_MONTHS
    named = FEAST.match(text, stop)
    named = named if named and not named["numeric"] and (moon or lunar_name or named["term"]) else None
    if named and (found := feast(named, year, moon or lunar_name)):  # 八月中秋日, 五月端阳
        return replace(found, month=month, moon=True)
    new_moon = _NEW_MOON.match(text, stop)  # 十月戊寅朔卅日丁未
    following = DAY.match(text, new_moon.end() if new_moon else stop)
    if following and following["moonday"] and not (moon or lunar_name):
        # 1950年八月十五: a day without 日 is a lunar one where it is a feast; others may be either.
        customary = text[match.start("month")] in CN and (month, number(following["moonday"])) in _CUSTOMARY
        following = following if customary else None
    moon = moon or lunar_name or (following is not None and counts_by_moon(following))
    span = named_month(year, month, leap, moon)
    if span is None:
        return None
    if following:
        found = of_day(text, following, year, (month, leap, moon), span)
        return replace(found, leap=leap) if found else None
    return replace(xun(text, stop, span, month, moon), leap=leap)

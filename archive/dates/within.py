"""What may follow a year: month, day, 旬, season, part of the year, feast."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from archive.dates import ganzhi, lunar
from archive.dates.calendar import civil, day, month_span
from archive.dates.feasts import FEAST, NEXT_YEAR, feast_day
from archive.dates.numerals import approximate, number
from archive.dates.patterns import alternation
from archive.dates.reading import SEASONS, days_of_month, gregorian_day, season_span
from archive.model.records import Precision

_CN = "一二三四五六七八九十"
_DAY_CN = "一二三四五六七八九十廿卅"
_FORMAL = "壹贰叁肆伍陆柒捌玖拾"
_DAY_NUMBER = (
    rf"\d{{1,2}}|[二三]?十有[{_CN}]|廿有[{_CN}]|初[{_CN}{_FORMAL}]|念[{_CN}]?(?=日)|[{_DAY_CN}]{{1,3}}"
    rf"|[{_FORMAL}廿卅]{{1,3}}"
)

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
_MONTH_NUMBER = rf"\d{{1,2}}|十有?[一二]|十|[{_CN}]"
MONTH = re.compile(
    rf"(?:,?[孟仲季]?[春夏秋冬][季天]?,?)?(?:的(?=[\d{_CN}正腊冬闰]))?(?P<leap>闰)?"
    rf"(?P<month>{_MONTH_NUMBER}|元|{alternation(_NAMED_MONTHS)}|[{_FORMAL}]{{1,2}})"
    rf"(?P<more>月?(?:[、至到]|-+)(?P<last>{_MONTH_NUMBER})|(?P<next>[二三四五六七八九十]))?(?:(?<=[\d一二三四五六七八九十])两个?)?月(?!龄|光[景下阴]|[亮饼薪票球牙]|台(?!风|商|湾)|息(?!县)|报表|季[花度]?(?![风军])|革命)"
)
_SEASON = re.compile(
    rf"(?:,(?=[孟仲季][春夏秋冬]之?月))?[的之]?(?P<rank>[初早仲盛深晚暮季孟隆严寒金残])?(?P<season>[春秋]|[夏冬](?!至)|[夏冬](?={NEXT_YEAR}))(?:、?(?P<next>[春夏秋冬]))?(?:[两二]?季节?|天|间|之?月)?"
    r"(?:末(?P<edge>[春夏秋冬])初)?(?!(?<=夏)[朝代启商州县国邑]|粮(?!食)|征(?!粮)|风(?![暴灾沙])|[光色][^复]|[节麦收耕播种灌衣装令学游训税防运虫瓜储]|修(?![复建葺城筑庙学志]))之?(?:[交末际]|初(?![一二三四五六七八九十]))?"
)
# 开春, 入冬: the season that begins.
_ENTERING = re.compile(
    r",?的?(?:开(?=春)|进?入)(?P<season>[春夏秋冬])(?:季|天)?(?:之?后|以后|以来)?(?=[,。;、)才时便就即断]|$|(?<=[后来季天]))"
)
_PART = re.compile(
    r",?[的之]?(?!年?底[稿片层]|年?初(?:[稿版刊刻校审评试]|设(?!立)|置|名|称|为|属|[建办创]时))(?P<part>年[初底末终尾杪首]|岁[末尾暮杪首初]|(?<!,)(?:初|底|末|终(?=[,。;、:)时统全共总考决评核盘前]|已有|结[算账]|$))|上半年|下半年|前半年|后半年"
    r"|(?:前|中|后)期(?![望间限])|年中(?![共国央])|暑假|暑期|寒假)(?!、?[中高级小等])期?间?"
)
_BUILT = re.compile("[筑建置设修立创凿辟]")
_LEADING = re.compile(
    r",?的?(?P<edge>[前头后])(?P<count>[一二三两四五六七八九十]{1,2}|\d{1,2})个?(?P<unit>季度|月)(?!前|后|以)"
)
_QUARTER = re.compile(r",?的?第?(?:(?P<first>[一二三1-3])[、至到-])?(?P<quarter>[一二三四1-4])个?季度")
# 7号地, 3号楼: a thing that has a number, and no day; 召集 and 召开, 文化馆 and 文件 apart.
_NUMBERED = (
    "子|称|召(?![开集])|码|线(?!上)|楼|院(?!校|长)|机(?![关械耕场])|令|文(?![化艺教工庙史体联])|公[路里馆寓牛猪]|井|坑|车(?![站间队])"
    "|船|舰|艇|台(?![风湾])|字|门(?!市)|桥|店|铺|地(?![委区方面下处])|田(?!径)|床|厅|仓|库|窑|洞|炮|哨|碑|桩|闸|坝|泵|锅|炉|矿(?!工)"
    "|信箱|选手|运动员|牌|案|舱|泊|高地|阵地|病|墓|探方|样(?!板)|图(?!书)|表(?![彰示决演])|区(?![长委政公人])|段|幢|栋|室|房(?!产)"
    "|屋|柜|箱|票|布告|命令|训令|提案|议案|首长|分队|连(?![续日下])|宿舍|食堂|工地|灰|营(?!业)|沟|渠|塘|灯|柱|岗(?!位)|硐|钻|油|煤|桌"
)
_DAY = re.compile(
    rf"(?:,?的?(?P<number>{_DAY_NUMBER})(?:日(?!子(?!时))|号(?!{_NUMBERED})|(?=(?:[、至到和]|-+)(?:{_DAY_NUMBER})[两三四五等]?[日号]|(?:、(?:{_DAY_NUMBER})){{2,5}}[三四五六]天))"
    rf"|(?P<bare>初[{_CN}{_FORMAL}]|[{_CN}]?[廿卅][{_CN}]?|念[{_CN}])(?![{_DAY_CN}年月岁])"
    rf"|(?P<moonday>[{_DAY_CN}]{{1,3}})(?![{_DAY_CN}年月岁个人名户里百千万亩两])"
    rf"|(?P<phase>既望|[朔望晦])日?(?![族着])"
    rf"|(?:,(?={ganzhi.PATTERN}[朔晦]?[,。;]))?(?P<pair>{ganzhi.PATTERN})[日朔晦]?(?![{ganzhi.BRANCHES}年]))"
)
_XUN = re.compile(
    r"(?:,(?=[上中下][浣澣]))?的?(?:(?P<xun>[上中下])、?(?P<to>[中下])?[旬浣澣]|(?P<half>[上下])半月|(?P<edge>初(?![稿版刊刻校步选审试评次诊演排级中])|底(?![稿片层数细])|末(?![班次])|杪)日?)"
)
_LATER_DAY = re.compile(rf"(?P<join>[至到、和]|-+)(?P<day>{_DAY_NUMBER})[两三四五等]?[日号]")
_LISTED_DAYS = re.compile(  # 6、7、8三天
    rf"(?P<join>、)(?:(?:{_DAY_NUMBER})、){{1,4}}(?P<day>{_DAY_NUMBER})[三四五六][天日]"
)
_LATER_MOON_DAY = re.compile(  # 正月初一到十五
    rf"(?P<join>[至到]|-+)(?P<day>初[{_CN}]|二?十[{_CN}]?|廿[{_CN}]?|三十)(?![{_DAY_CN}年月岁个人名户里百千万亩两日号天多余、分时点])"
)
_HOUR = (
    rf"(?:凌晨|拂晓|清晨|早晨|早上|上午|中午|正午|下午|傍晚|晚上?|夜间?|深夜|午夜|黎明)?(?:\d{{1,2}}|[{_CN}零〇]{{1,3}})"
    rf"(?:[时点](?!期|候|代|间|节|局|事|名|燃|评|任|称|有)(?:(?:\d{{1,2}}|[{_CN}]{{1,3}})分|半|许|整)?)"
)
_TIME = re.compile(rf",?{_HOUR}(?:[至到-]+{_HOUR})?")
_TRAIL = re.compile(r"份|间(?![谍接隔])")

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
_EDGES = {"初": (1, 10), "底": (21, 31), "末": (21, 31), "杪": (21, 31), "上": (1, 10), "中": (11, 20), "下": (21, 31)}
_HALVES = {"上": (1, 15), "下": (16, 31)}
_PHASES = {"朔": 1, "望": 15, "既望": 16}
_CUSTOMARY = frozenset(((1, 15), (2, 2), (3, 3), (5, 5), (6, 6), (7, 7), (7, 15), (8, 15), (9, 9)))
_RANKS = {"孟": 1, "初": 1, "仲": 2, "季": 3, "暮": 3}


@dataclass(frozen=True, slots=True)
class YearPart:
    """A part of a year: its days, how fine, the month it lies in, whether counted by the moon, where it stops."""

    span: tuple[int, int]
    precision: Precision
    stop: int
    month: int | None = None
    moon: bool = False
    leap: bool = False


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
    of_month = _DAY.match(text, month.end())
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
    return YearPart((found, found), Precision.DAY, match.end(), None if moon else civil(found)[1])


def feast_too(text: str, position: int, found: int) -> int:
    """Where a date ends behind which its day is named, too: 10月10日双十节, 八月十五中秋节."""
    match = None if text.startswith((",", "的"), position) else FEAST.match(text, position)
    counted = lunar.date_of(found) if match else None
    if match is None or counted is None:
        return position
    days = (feast_day(match, civil(found)[0], False), feast_day(match, counted[0], True))
    return match.end() if found in days else position


_NEW_MOON = re.compile(rf"{ganzhi.PATTERN}朔,?(?=(?:{_DAY_NUMBER})日)")
_DAY_AGAIN = re.compile(
    rf"\((?:即|也就是)?(?:(?P<month>\d{{1,2}}|[{_CN}]{{1,2}})月)?(?P<day>\d{{1,2}}|[{_DAY_CN}]{{1,3}})[日号]\)"
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
    same = same or (counted is not None and not match["month"] and number(match["day"]) == counted[2])  # 甲申（十一日）
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
        of_month = _DAY.match(text, match.end())
        if of_month and (text[match.end() - 1] == "月" or not of_month["moonday"]):
            return _day(text, of_month, year, (month, False, True), ranked)
        return _xun(text, match.end(), ranked, month, True)
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
    first_alone = match["last"] and (_DAY.match(text, match.end()) or _XUN.match(text, match.end()))
    if first_alone and text.startswith("月", match.start("more")):
        return _month(text, match, match.start("more") + 1, year, moon)
    if match["more"] and match["more"].startswith("月、") and not _consecutive(match):  # 4月、7月 are two months
        return _month(text, match, match.start("more") + 1, year, moon)
    if not match["more"]:
        return _month(text, match, match.end(), year, moon)
    first, last = _listed_months(match)
    begin, end = named_month(year, first, False, moon), named_month(year, last, False, moon)
    if not begin or not end or last <= first:
        return None
    trail = _TRAIL.match(text, match.end())
    if match["last"] and _XUN.match(text, match.end()):  # 4~6月中旬
        part = _xun(text, match.end(), end, last, moon)
        return YearPart((begin[0], part.span[1]), Precision.RANGE, part.stop, None, moon)
    return YearPart((begin[0], end[1]), Precision.RANGE, trail.end() if trail else match.end(), None, moon)


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
    following = _DAY.match(text, new_moon.end() if new_moon else stop)
    if following and following["moonday"] and not (moon or lunar_name):
        # 1950年八月十五: a day without 日 is a lunar one where it is a feast; others may be either.
        customary = text[match.start("month")] in _CN and (month, number(following["moonday"])) in _CUSTOMARY
        following = following if customary else None
    moon = moon or lunar_name or (following is not None and _counts_by_moon(following))
    span = named_month(year, month, leap, moon)
    if span is None:
        return None
    if following:
        found = _day(text, following, year, (month, leap, moon), span)
        return replace(found, leap=leap) if found else None
    return replace(_xun(text, stop, span, month, moon), leap=leap)


def _counts_by_moon(found: re.Match[str]) -> bool:
    """初五, 廿三 without 日, 望日 and 丁未 are days of lunar months."""
    return found["number"] is None or found["number"][0] == "初"


def named_month(year: int, month: int, leap: bool, moon: bool) -> tuple[int, int] | None:
    """The days of a month, Gregorian or lunar; None where the year has none."""
    if moon:
        return lunar.month_span(year, month, leap)
    return month_span(year, month) if 1 <= month <= 12 else None


def part_of_month(text: str, position: int, year: int, month: int, moon: bool, leap: bool = False) -> YearPart | None:
    """中旬, 下半月, 底 in a month that is known."""
    span = named_month(year, month, leap, moon)
    return _xun(text, position, span, month, moon) if span and _XUN.match(text, position) else None


def month_first(number: int, moon: bool) -> int:
    """The first day of the month that a day lies in."""
    if moon and (found := lunar.date_of(number)):
        return found[1].start
    year, month, _ = civil(number)
    return day(year, month, 1)


def _xun(text: str, position: int, span: tuple[int, int], month: int, moon: bool) -> YearPart:
    match = _XUN.match(text, position + text.startswith("份", position))  # 3月份上旬
    if match:
        if match["edge"] == "初" and text.startswith(("吉", "旦", "大吉"), match.end()):  # 六月初吉 is a day not told
            return YearPart(span, Precision.MONTH, match.end(), month, moon)
        first, last = _HALVES[match["half"]] if match["half"] else _EDGES[match["xun"] or match["edge"]]
        if match["to"]:  # 上中旬, 中下旬
            last = max(last, _EDGES[match["to"]][1])
        edges = days_of_month(span, first, last)
        return YearPart(edges, Precision.XUN, match.end(), month, moon)
    trail = _TRAIL.match(text, position)
    return YearPart(span, Precision.MONTH, trail.end() if trail else position, month, moon)


def _day(
    text: str, match: re.Match[str], year: int, named: tuple[int, bool, bool], span: tuple[int, int]
) -> YearPart | None:
    month, leap, moon = named
    found: int | None
    if match["pair"]:
        found = _sexagenary_day(match["pair"], span)
        if found is None:  # not a day of this month: keep the month
            return YearPart(span, Precision.MONTH, match.start(), month, moon)
    elif match["phase"]:
        found = span[1] if match["phase"] == "晦" else span[0] + _PHASES[match["phase"]] - 1
    elif about := approximate(match["number"] or match["bare"] or match["moonday"]):
        first, last = span[0] + about[0] - 1, span[0] + about[1] - 1
        return YearPart((first, last), Precision.RANGE, match.end(), month, moon) if last <= span[1] else None
    else:
        count = number(match["number"] or match["bare"] or match["moonday"]) or 0
        found = lunar.day(year, month, count, leap) if moon else gregorian_day(year, month, count)
        if found is None:
            return None
    return until_day(text, YearPart((found, found), Precision.DAY, match.end(), month, moon), span)


def _sexagenary_day(pair: str, span: tuple[int, int]) -> int | None:
    index = ganzhi.index(pair)
    if index is None:
        return None
    found = span[0] + (index - ganzhi.day_index(span[0])) % 60
    return found if found <= span[1] else None


def until_day(text: str, first: YearPart, month: tuple[int, int]) -> YearPart:
    """Days that go on within the month (5月9-13日, 4、5日), then the hour, which is read over."""
    match = _LATER_DAY.match(text, first.stop) or _LISTED_DAYS.match(text, first.stop)
    match = match or (_LATER_MOON_DAY.match(text, first.stop) if first.moon else None)
    stop, end = first.stop, first.span[1]
    if match:
        last = month[0] + (number(match["day"]) or 0) - 1
        tens = (first.span[0] - month[0] + 1) // 10 * 10
        if last < end and tens and len(match["day"]) == 1:  # 十六、七两日
            last += tens
        # 4、5日 is one stretch; 5日、20日 are two days, the second of which is read in its turn.
        joined = match["join"] not in "、和" or last == end + 1 or match.re is _LISTED_DAYS
        if end < last <= month[1] and joined:
            stop, end = match.end(), last
    time = _TIME.match(text, stop)
    stop = time.end() if time else stop
    precision = Precision.RANGE if end > first.span[0] else Precision.DAY
    return YearPart((first.span[0], end), precision, stop, first.month, first.moon)


_BARE_DAY = re.compile(rf"(?P<day>{_DAY_NUMBER})(?:日|(?=[、和](?:{_DAY_NUMBER})[两三等]?日)|号(?!{_NUMBERED}))")


def day_alone(text: str, position: int, year: int, month: int, moon: bool, leap: bool = False) -> YearPart | None:
    """24日, 十五日 in a month that is known."""
    match = _BARE_DAY.match(text, position)
    span = named_month(year, month, leap, moon)
    count = number(match["day"]) if match else None
    if not match or not count or not span or count > span[1] - span[0] + 1:
        return None
    found = span[0] + count - 1
    return until_day(text, YearPart((found, found), Precision.DAY, match.end(), month, moon), span)

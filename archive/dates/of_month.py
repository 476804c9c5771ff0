"""Days and parts of a month that is known: 十五日, 初三, 既望, 丁未, 5月9-13日, 中旬, 底."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.dates import ganzhi, lunar
from archive.dates.calendar import civil, day, month_span
from archive.dates.numerals import approximate, number
from archive.dates.reading import days_of_month, gregorian_day
from archive.model.records import Precision

CN = "一二三四五六七八九十"
DAY_CN = "一二三四五六七八九十廿卅"
FORMAL = "壹贰叁肆伍陆柒捌玖拾"
DAY_NUMBER = (
    rf"\d{{1,2}}|[二三]?十有[{CN}]|廿有[{CN}]|初[{CN}{FORMAL}]|念[{CN}]?(?=日)|[{DAY_CN}]{{1,3}}"
    rf"|[{FORMAL}廿卅]{{1,3}}"
)
# 7号地, 3号楼: a thing that has a number, and no day; 召集 and 召开, 文化馆 and 文件 apart.
_NUMBERED = (
    "子|称|召(?![开集])|码|线(?!上)|楼|院(?!校|长)|机(?![关械耕场])|令|文(?![化艺教工庙史体联])|公[路里馆寓牛猪]|井|坑|车(?![站间队])"
    "|船|舰|艇|台(?![风湾])|字|门(?!市)|桥|店|铺|地(?![委区方面下处])|田(?!径)|床|厅|仓|库|窑|洞|炮|哨|碑|桩|闸|坝|泵|锅|[平高转电焦]?炉|矿(?!工)"
    "|信箱|选手|运动员|牌|案|舱|泊|高地|阵地|病|墓|探方|样(?!板)|图(?!书)|表(?![彰示决演])|区(?![长委政公人])|段|幢|栋|室|房(?!产)"
    "|屋|柜|箱|票|布告|命令|训令|提案|议案|首长|分队|连(?![续日下])|宿舍|食堂|工地|灰|营(?!业)|沟|渠|塘|灯|柱|岗(?!位)|硐|钻|油|煤|桌"
)
DAY = re.compile(
    rf"(?:,?的?(?P<number>{DAY_NUMBER})(?:日(?!子(?!时))|号(?!{_NUMBERED})|(?=(?:、(?:{DAY_NUMBER})){{0,5}}(?:[、至到和]|-+)(?:{DAY_NUMBER})[两三四五等]?[日号]|(?:、(?:{DAY_NUMBER})){{2,5}}[三四五六]天))"
    rf"|(?P<bare>初[{CN}{FORMAL}]|[{CN}]?[廿卅][{CN}]?|念[{CN}])(?![{DAY_CN}年月岁])"
    rf"|(?P<moonday>[{DAY_CN}]{{1,3}})(?![{DAY_CN}年月岁个人名户里百千万亩两])"
    rf"|(?P<phase>既望|[朔望晦])日?(?![族着])"
    rf"|(?:,(?={ganzhi.PATTERN}[朔晦夜日]?[,。;]|{ganzhi.PATTERN}夜))?(?P<pair>{ganzhi.PATTERN})[日朔晦]?(?![{ganzhi.BRANCHES}年]))"
)
XUN = re.compile(
    r"(?:,(?=[上中下][浣澣]))?的?(?:(?P<xun>[上中下])、?(?P<to>[中下])?[旬浣澣]|(?P<half>[上下])半月|(?P<edge>初(?![稿版刊刻校步选审试评次诊演排级]|中(?![国共央]))|底(?![稿片层数细])|末(?![班次])|杪)日?)"
)
_LATER_DAY = re.compile(rf"(?P<join>[至到、和]|-+)(?P<day>{DAY_NUMBER})[两三四五等]?[日号]")
_LISTED_DAYS = re.compile(  # 6、7、8三天
    rf"(?P<join>、)(?:(?:{DAY_NUMBER})、){{1,4}}(?P<day>{DAY_NUMBER})[三四五六][天日]"
)
_ROW_OF_DAYS = re.compile(rf"(?P<row>(?:、(?:{DAY_NUMBER})){{2,6}})日")  # 5、6、7日
_LATER_MOON_DAY = re.compile(  # 正月初一到十五
    rf"(?P<join>[至到]|-+)(?P<day>初[{CN}]|二?十[{CN}]?|廿[{CN}]?|三十)(?![{DAY_CN}年月岁个人名户里百千万亩两日号天多余、分时点])"
)
_HOUR = (
    rf"(?:凌晨|拂晓|清晨|早晨|早上|上午|中午|正午|下午|傍晚|晚上?|夜间?|深夜|午夜|黎明)?(?:\d{{1,2}}|[{CN}零〇]{{1,3}})"
    rf"(?:[时点](?!期|候|代|间|节|局|事|名|燃|评|任|称|有)(?:(?:\d{{1,2}}|[{CN}]{{1,3}})分|半|许|整)?)"
)
_TIME = re.compile(rf",?{_HOUR}(?:[至到-]+{_HOUR})?")
TRAIL = re.compile(r"份|间(?![谍接隔])")

_EDGES = {"初": (1, 10), "底": (21, 31), "末": (21, 31), "杪": (21, 31), "上": (1, 10), "中": (11, 20), "下": (21, 31)}
_HALVES = {"上": (1, 15), "下": (16, 31)}
_PHASES = {"朔": 1, "望": 15, "既望": 16}


@dataclass(frozen=True, slots=True)
class YearPart:
    """A part of a year: its days, how fine, the month it lies in, whether counted by the moon, where it stops."""

    span: tuple[int, int]
    precision: Precision
    stop: int
    month: int | None = None
    moon: bool = False
    leap: bool = False


def counts_by_moon(found: re.Match[str]) -> bool:
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
    return xun(text, position, span, month, moon) if span and XUN.match(text, position) else None


def month_first(number: int, moon: bool) -> int:
    """The first day of the month that a day lies in."""
    if moon and (found := lunar.date_of(number)):
        return found[1].start
    year, month, _ = civil(number)
    return day(year, month, 1)


def xun(text: str, position: int, span: tuple[int, int], month: int, moon: bool) -> YearPart:
    match = XUN.match(text, position + text.startswith("份", position))  # 3月份上旬
    if match:
        if match["edge"] == "初" and text.startswith(("吉", "旦", "大吉"), match.end()):  # 六月初吉 is a day not told
            return YearPart(span, Precision.MONTH, match.end(), month, moon)
        first, last = _HALVES[match["half"]] if match["half"] else _EDGES[match["xun"] or match["edge"]]
        if match["to"]:  # 上中旬, 中下旬
            last = max(last, _EDGES[match["to"]][1])
        edges = days_of_month(span, first, last)
        return YearPart(edges, Precision.XUN, match.end(), month, moon)
    trail = TRAIL.match(text, position)
    return YearPart(span, Precision.MONTH, trail.end() if trail else position, month, moon)


def of_day(
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
    row = None if match else _ROW_OF_DAYS.match(text, stop)
    if row:
        days = [month[0] + (number(one) or 0) - 1 for one in row["row"][1:].split("、")]
        if days == [*range(end + 1, end + 1 + len(days))] and days[-1] <= month[1]:
            stop, end = row.end(), days[-1]
    time = _TIME.match(text, stop)
    stop = time.end() if time else stop
    precision = Precision.RANGE if end > first.span[0] else Precision.DAY
    return YearPart((first.span[0], end), precision, stop, first.month, first.moon)


_BARE_DAY = re.compile(
    rf"(?P<day>{DAY_NUMBER})(?:日|(?=(?:、(?:{DAY_NUMBER})){{0,5}}[、和](?:{DAY_NUMBER})[两三等]?日)|号(?!{_NUMBERED}))"
)


def day_alone(text: str, position: int, year: int, month: int, moon: bool, leap: bool = False) -> YearPart | None:
    """24日, 十五日 in a month that is known."""
    match = _BARE_DAY.match(text, position)
    span = named_month(year, month, leap, moon)
    count = number(match["day"]) if match else None
    if not match or not count or not span or count > span[1] - span[0] + 1:
        return None
    found = span[0] + count - 1
    return until_day(text, YearPart((found, found), Precision.DAY, match.end(), month, moon), span)

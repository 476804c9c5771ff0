"""Rules for months without their year: 3月5日, 正月十五, 同月, 月底."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.dates import lunar, of_month, within
from archive.dates.context import Context
from archive.dates.dated import CALENDAR_NAMES, CALENDARS
from archive.dates.feasts import FEAST
from archive.dates.numerals import DIGIT_CLASS, NUMBER_CLASS, number
from archive.dates.of_month import YearPart
from archive.dates.reading import Reading, gregorian_day
from archive.dates.surroundings import (
    CLAUSE,
    LASTED,
    OF_A_WORD,
    SENTENCE_END,
    TO_COME,
    by_reign,
    lasted,
    reading_of,
    recurs,
    sentence,
)
from archive.model.records import Precision

_MONTHS = "一二三四五六七八九十"
MONTH_HEAD = "(?<![一二三四五六七八九十数几两每初首第])[同是当该本次翌]月(?!份)"
LUNAR_HEAD = (
    rf"(?:{CALENDAR_NAMES}|[闰又])(?=[\d{_MONTHS}正腊冬闰]{{1,3}}月)|(?<![\d{_MONTHS}冬])[正腊冬]月|(?<![\d{_MONTHS}民公纪百千万亿余多])元月"
    rf"|{CLAUSE}[春夏秋冬](?=,?闰?(?:[{_MONTHS}正腊冬]|十[一二])月)"
)
PART_OF_MONTH_HEAD = (
    rf"(?<![\d{NUMBER_CLASS}{DIGIT_CLASS}年每逐按个几同当本是该上下半正腊冬闰岁满弥])月[底末初](?!中(?![国共央])|[高级小等])"
    rf"|{CLAUSE}[上中下]旬"
)
_SAME_MONTH = re.compile(MONTH_HEAD)

_BEFORE_MONTH = frozenset("于至自在到从的以同及和并迄止时约起因是为由")
_STAGE_NAME = re.compile("(?:名[伶角旦优]|艺名|外号|绰号|诨名|乳名|小名|人称)[“为叫]?$")  # 名伶六月红
_NAMED_MONTH = re.compile(
    "革命|怀胎|剧[院场团]|影院|公社|大队|[一二三四五六七八九]?路|大?街|广场|农场|社[,。]|文艺|杂志|出版社|[兰街河菊]|风暴|惨案|流火|花(?![费销去了掉钱])|炸[,、。;]|核?桃|雪[,、。;]"
)  # 十月革命, “一月风暴”
_QUOTED = re.compile("[一-龥]{1,5}“")
_DOUBLED = re.compile("([二三五六七九])月\\1(?![日十])")  # 三月三 alone is a custom
_SAID = re.compile("(?<=“).月.(?:,|里)")  # 唱“三月三，荠菜赛灵丹”
_EVERY_YEAR = re.compile("的?(?:生日|生辰|忌日|庙会|会期)")  # 腊月二十的生日
_EVERY_MONTH = re.compile("一月一|一日一|一年一")  # 一月一检查
_TO_THE_DAY = re.compile(f"[{_MONTHS}]{{1,2}}月[{_MONTHS}廿]{{1,3}}日")
_BY_THE_SUN = re.compile(f"[{_MONTHS}]{{1,2}}月(?:[{_MONTHS}])日")  # 十月一日: the first of a lunar month is 初一
_SEASONAL = re.compile(
    "(?:间|份)?[是为][^,。;]{0,12}(?:月份|季节|[雨旱汛花淡旺湿干]季|时节|期[,。;])"
)  # 8月至10月为汛期
_EXTREME = re.compile("[^,。;]{0,10}最[大小高低多少热冷长短]")  # of many years
_AVERAGED, _LOOKED_BACK = re.compile("年均|年平均|[多历常]年"), 90  # characters
_NO_MONTH = re.compile(r"[,。;、!?:)“\n]|$|[后内余多之以天花雪街河兰]|里来|间的|革命|怀|[二三]|端|有")


def month(text: str, position: int, context: Context) -> Reading | None:
    """A month or day without its year: 3月5日, 正月十五, 2月中旬; never where customs or averages are told."""
    if context.year is None:
        return _by_what_follows(text, position)
    if recurs(text, position):
        return None
    if text[position] == "又":
        return _month_again(text, position, context)
    numeral = FEAST.match(text, position)
    if numeral and numeral["numeric"]:  # 第十、十一、十二届
        return None
    if back := _YEARS_AGO.search(text[max(0, position - 8) : position]):  # 80年前的10月
        return _years_ago(text, position, context, number(back["count"]) or 0)
    arabic = text[position].isascii()
    before = text[position - 1 : position]
    so_long = before in LASTED and not OF_A_WORD.search(text[max(0, position - 2) : position])
    if before and before in "年第个《":
        return None
    named = text.startswith(CALENDARS, position)
    reached = text.startswith("到了", position - 2)
    within_clause = "一" <= before <= "龥" and not arabic and not named and not reached and before not in _BEFORE_MONTH
    so_long = so_long and not _TO_THE_DAY.match(text, position)  # 传达二月七日电话会议
    if within_clause and (so_long or before in NUMBER_CLASS):
        return None
    # Before 1912 a month in Chinese numerals is a lunar one, whatever the year was written in; after it one in
    # Arabic numerals never is.
    moon = context.moon if context.year < 1912 or not (arabic or _BY_THE_SUN.match(text, position)) else False
    found = within.part(text, position, context.year, moon or (context.year < 1912 and not arabic))
    if not found or found.precision is Precision.SEASON:
        return None
    if found.precision is Precision.MONTH and lasted(text, position, found):
        return None
    whole = found.precision not in (Precision.DAY, Precision.XUN) and text[found.stop - 1] not in "初底末日号"
    if within_clause and whole and (found.precision is not Precision.MONTH or _NO_MONTH.match(text, found.stop)):
        return None
    if _DOUBLED.match(text, position) and ("年" not in sentence(text, position) or _SAID.match(text, position)):
        return None
    if any(every.match(text, found.stop) for every in (_EVERY_YEAR, _SEASONAL)) or _EVERY_MONTH.match(text, position):
        return None
    whole_month = found.precision in (Precision.MONTH, Precision.RANGE)
    of_many = context.run > 1 or _AVERAGED.search(text, max(0, position - _LOOKED_BACK), position)
    if of_many and whole_month and _EXTREME.match(text, found.stop):  # 1986～2005年…，8月湿度最大
        return None
    if not within_clause and not arabic and _NAMED_MONTH.match(text, found.stop):
        return None
    if before == "“" and found.precision is Precision.MONTH and _QUOTED.match(text, found.stop):  # “十月攻势”
        return None
    if _STAGE_NAME.search(text[max(0, position - 3) : position]):
        return None
    if _of_own_year(context) and _is_past(found, context) and not TO_COME.search(sentence(text, position)):
        return month(text, position, replace(context, year=context.year - 1, told=context.year - 1))
    if _back_in_own_year(text, position, found, context):
        return month(text, position, replace(context, year=context.year + 1, told=context.year + 1))
    just_before = _BEFORE_NEW_YEAR.search(text[max(0, position - 6) : position])
    if found.month == 12 and found.moon and context.month is not None and just_before:  # 1951年春节前，腊月二十四
        return month(text, position, replace(context, year=context.year - 1, month=None))
    turned = context.month == 12 and found.month in (1, 2) and not _IN_LETTER.search(sentence(text, position))
    if turned and context.told is not None and _TURN.match(text, position):
        return month(text, position, replace(context, year=context.year + 1, month=None))  # 腊月二十三…正月十六
    by_the_sun = arabic and context.moon and context.year >= 1912 and not found.moon  # 农历三月…9月…是月
    return reading_of(found, "month", replace(context, moon=False) if by_the_sun else context, 0.9)


_BEFORE_NEW_YEAR = re.compile("春节(?:之?前夕?|临近|将至),?$")
_IN_LETTER = re.compile("[信电说道云称]:?“[^“]*$")  # 信里说：“你二月寄的钱…” speaks of what is past
_TURN = re.compile("(?:正|一|二|1|2)月")
_YEARS_AGO = re.compile(r"(?P<count>\d{1,3}|[一二三四五六七八九十百]{1,4})年前的?$")


_MOON_DAY = re.compile(rf"(?:{CALENDAR_NAMES})?闰?(?:[正腊冬]|[{_MONTHS}]{{1,2}})月[初十廿二三][{_MONTHS}]?日?")
_CIVIL_BEHIND = re.compile(
    r"(?:,?(?:即|也就是|合)|(?P<gloss>\())(?:即|也就是|合|公元|公历|阳历|新历)*(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日\)?"
)


def _by_what_follows(text: str, position: int) -> Reading | None:
    """农历正月初九，即1938年2月8日: the same day by the sun says the year."""
    told = _MOON_DAY.match(text, position)
    behind = _CIVIL_BEHIND.match(text, told.end()) if told else None
    found = gregorian_day(int(behind["year"]), int(behind["month"]), int(behind["day"])) if behind else None
    counted = lunar.date_of(found) if found is not None else None
    part = within.part(text, position, counted[0], True) if counted else None
    if counted is None or part is None or part.span != (found, found):
        return None
    stop = behind.end() if behind and behind["gloss"] else part.stop
    return reading_of(replace(part, stop=stop), "month", Context(counted[0]), 0.9)


def _years_ago(text: str, position: int, context: Context, count: int) -> Reading | None:
    if context.own is None or not count:
        return None
    found = within.part(text, position, context.own.year - count, False)
    return reading_of(found, "month", replace(context, year=context.own.year - count), 0.7) if found else None


def _of_own_year(context: Context) -> bool:
    """Whether the running year is no other than that of a known day of writing."""
    own = context.own
    if own is None or context.year != own.year or context.told not in (None, own.year):
        return False
    return context.leaning or own.day is not None


_FAR_AHEAD = 9  # months


def _is_past(found: YearPart, context: Context) -> bool:
    """Whether a month is that of the year before the day of writing: 12月28日 of an article of January."""
    written = context.own.month if context.own else None
    return written is not None and found.month is not None and found.month - written >= _FAR_AHEAD


def _back_in_own_year(text: str, position: int, found: YearPart, context: Context) -> bool:
    """去年12月…。4月18日召开 of a report of April: the month of writing or the one before opens a sentence."""
    own = context.own
    if own is None or own.day is None or own.month is None or found.month is None or found.moon:
        return False
    opens = text[position - 1 : position] in ("", *SENTENCE_END)
    spoken_of = context.year == own.year - 1 and context.told in (None, own.year)
    return opens and spoken_of and 0 <= own.month - found.month <= 1


def _month_again(text: str, position: int, context: Context) -> Reading | None:
    """五月大水，又五月复大水: the leap month, where the year has one behind the month told last."""
    found = within.part(f"闰{text[position + 1 : position + 12]}", 0, context.year or 0, True)
    if not by_reign(context) or found is None or found.month != context.month:
        return None
    return reading_of(replace(found, stop=position + found.stop), "month", context, 0.8)


def same_month(text: str, position: int, context: Context) -> Reading | None:
    """同月, 是月下旬, 当月15日, 次月."""
    if context.year is None or context.month is None or not _SAME_MONTH.match(text, position):
        return None
    told, year = context.month, context.year
    if text[position] in "次翌":
        told, year = (told + 1, year) if told < 12 else (1, year + 1)
    leap = context.leap and told == context.month
    named = f"{'闰' * leap}{told}月"
    found = within.part(named + text[position + 2 : position + 8], 0, year, context.moon)
    if not found:
        return None
    stop = position + 2 + found.stop - len(named)
    reading = reading_of(YearPart(found.span, found.precision, stop, told), "relative", context, 0.9)
    return replace(reading, year=year)


def part_of_month(text: str, position: int, context: Context) -> Reading | None:
    """月底, 月初, 下旬 in the running month."""
    if context.year is None or context.month is None or recurs(text, position):
        return None
    at = position + text.startswith("月", position)
    found = of_month.part_of_month(text, at, context.year, context.month, context.moon, context.leap)
    return reading_of(found, "part", context, 0.8) if found else None

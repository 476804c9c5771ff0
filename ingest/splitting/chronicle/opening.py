"""What a line of a chronicle opens with: a year by itself, or the date of an entry.

The wording is recognised here, generously as to spaces, marks and numerals; what day it means is for `running` and
the date parser to say. A wording that turns out to mean no date is no opening.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from archive.dates import year_of
from archive.dates.reader_in_use import reader_in_use
from archive.model.records import Period, Precision
from ingest.text.own_date import period

if TYPE_CHECKING:
    from archive.dates.reader import DateReader

_S = r"[ \u3000\t]*"
_CN = "〇○零一二三四五六七八九十"
_NUMBER = rf"[\d０-９元{_CN}廿卅]"
_PAIR = r"[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]"
_BRACKET = r"[（(][^（）()]{1,30}[）)]"
_ERA = r"[\u4e00-\u9fff]{2,8}?"
_DYNASTY = r"(?:[\u4e00-\u9fff]{1,4}[·•・ \u3000]{1,2})?"  # 清·光绪三十年
_DASH = "[—－\\-~～至到]"
_YEAR = (
    rf"(?:(?:公元|西元)?前|公元|西元)?(?:{_DYNASTY}{_ERA})?"
    rf"(?:{_NUMBER}{{1,4}}{_S}年|\d{{4}}(?={_DASH}{{1,2}}\d{{2,4}}{_S}年))"
)
_UNTIL = (
    rf"(?:{_S}(?:{_DASH}{{1,2}}{_S}(?P<until>{_YEAR})|[、及和](?P<and>{_NUMBER}{{1,3}}年))"
    rf"(?:{_S}(?P<until_gloss>{_BRACKET}))?)?"
)
_ERA_YEAR = rf"[\u4e00-\u9fff〈〉]{{2,10}}?{_NUMBER}{{1,3}}年"

_DAY = (
    rf"(?:{_NUMBER}{{1,3}}[—－\-~～至、]{{1,2}}{_NUMBER}{{1,3}}{_S}[日号]|初{_NUMBER}{{1,2}}日?|{_NUMBER}{{1,3}}{_S}[日号]|[廿卅][{_CN}]?|[{_CN}]{{1,3}}(?=[\s，,、：:])"
    rf"|\d{{1,2}}(?=[\s，,、：:](?!\s*\d))|[朔望晦](?:日|(?=[\s，,、]|$))|{_PAIR}(?:日|(?=[，,])))"
)
_XUN = r"(?:[上中下]旬?[、至—－-][中下]旬|[上中下]旬|[上下]半月|[初中底末](?![\u4e00-\u9fff]*[级学高等]))"
_SEASON = (
    r"(?:[孟仲季初早暮深晚入开]?[春夏秋冬](?:[春夏秋冬])?(?:季|天|间|初|末|后)?"
    r"(?:[春夏秋冬][季初末]?)?(?:之交|之际|之间)?)"
)
_MONTH = (
    rf"(?:(?:农历|農曆|阴历|夏历|旧历){_S})?(?:{_SEASON}[，,]?{_S})?[闰閏]?{_S}(?:{_NUMBER}{{1,3}}|正|腊|臘|冬)"
    rf"(?:[、—－\-~～至到]{{1,2}}{_NUMBER}{{1,3}})?{_S}月(?:份|间)?(?![\u4e00-\u9fff]?[饼薪刊票])"
)
_TO = rf"{_S}[、—－\-~～至到]{{1,2}}{_S}"
_SET_APART = rf"(?:[】〕\]）)]{_S}(?=\d|[{_CN}]))?"  # 【10月】1日, （3月）6日
_WITHIN = rf"{_MONTH}{_S}{_SET_APART}(?:{_DAY}|{_XUN})?"
_DATE = rf"{_WITHIN}(?:{_TO}(?:(?:{_YEAR}|[次翌]年)?{_WITHIN}|年[底末]|{_DAY}|{_XUN}))?"
_STOP = r"(?=[\s，,、：:。]|$)"
_COMMA = r"(?=[\s，,：:。]|$)"
_FEAST = r"(?:元旦|春节|元宵节?|清明节?|端午节?|中秋节?|重阳节?|除夕|国庆节?|“?[五六七八]一”?[\u4e00-\u9fff]{0,3}节?)"
_QUARTER = r"第?[一二三四1-4]季度"

# From one part of the year, or of the next, to another: 冬至次年春, 底至1959年初.
_STRETCH = rf"(?:年?[初底末]|{_SEASON}){_TO}(?:(?:{_YEAR}|[次翌]年){_S})?(?:年?[初底末中]|{_DATE}|{_SEASON}){_COMMA}"

_MARK = r"(?P<mark>[△▲▽▼○●◇◆□■☆★※◎•·▪▫▶►⊙◈])?"
_SAME = "[是同本当當该該]"
_OPENING = re.compile(
    rf"{_S}{_MARK}{_S}(?:(?:\d{{1,3}}[、．.]|[（(]\d{{1,3}}[）)]|[①-⑳]){_S}(?=\d{{1,2}}{_S}月{_S}\d{{1,2}}{_S}日))?(?P<frame>[【\[〔（(]?){_S}"
    rf"(?:(?P<year>{_YEAR})(?:[、/](?P<second>{_ERA_YEAR}))?{_S}(?:{_PAIR}(?:年|岁)?(?=[\s，,（(春夏秋冬]))?{_S}"
    rf"(?P<gloss>{_BRACKET})?{_UNTIL}{_S})?"
    rf"(?:(?P<date>{_DATE}|{_STRETCH})"
    rf"|(?P<unknown>[×✕xXＸ某]{{1,2}}{_S}月(?:{_S}[×✕xXＸ某]{{1,2}}{_S}日)?{_COMMA})"
    rf"|(?P<next_year>[次翌明]年)(?![的代轻龄度级])(?P<of_next>{_DATE}|{_SEASON}|[初底末])?"
    rf"|(?P<whole>全年|[上下]半年|{_QUARTER}{_COMMA}|{_FEAST}(?:期间|前夕|前后|当天)?{_COMMA})"
    rf"|(?P<same>同年同月(?:同日)?|同月同日)"
    rf"|(?:{_SAME}{_S}年(?:度{_COMMA})?|[是同]岁|是歲)(?![的代轻龄度级])(?P<of_year>{_DATE}|{_SEASON}|年?[初底末内终中])?"
    rf"|(?P<part>(?<![\d０-９{_CN}])年{_S}[内底末初终中](?![\u4e00-\u9fff]*?[级学])|[初底末](?={_COMMA}))"
    rf"|是?(?P<season>{_SEASON}){_COMMA}"
    rf"|(?P<same_month>{_SAME}{_S}月(?:份)?|月(?={_S}[内底末初中])){_S}{_SET_APART}(?P<of_month>(?:{_DAY}|月?{_XUN})(?:{_TO}(?:{_WITHIN}|{_DAY}|{_XUN}))?|内)?"
    rf"|(?P<same_day>{_SAME}{_S}[日天](?![的子])|[是同当當]{_S}[晚夜晨]{_COMMA})"
    rf"|(?P<next_day>[次翌]{_S}(?:日(?![的])|晨{_COMMA}))"
    rf"|(?P<day>{_DAY})(?:{_TO}(?P<last>(?:{_WITHIN}|{_DAY})))?"
    rf"|(?P<xun>[上中下]旬)"
    rf")?"
)
_DOTTED = re.compile(
    rf"{_S}{_MARK}{_S}(?P<date>(?P<year>\d{{4}})[./．-](?P<month>1[0-2]|0?[1-9])(?:[./．-](?P<day>\d{{1,2}}))?)(?![\d.．/-])"
)
_SHORT_DOTTED = re.compile(
    rf"{_S}{_MARK}{_S}(?P<month>1[0-2]|0?[1-9])[.．](?P<day>3[01]|[12]\d|0?[1-9])(?=[\u3000\t]| {{2}}|日)日?"
)
_TWO_PARTS = re.compile(r"(?P<first>[上中下])旬?[、至—－-](?P<last>[中下])旬")
_AFTER_YEAR = re.compile(r"[\s，,：:。】\]〕]|$")
_SURROUND = rf"(?:{_PAIR}(?:年|岁)?)?"
_YEAR_LINE = re.compile(
    rf"{_S}[★●■◆○◎]?{_S}[【\[〔（(]?{_S}{_SURROUND}{_S}(?P<year>{_YEAR})(?:{_S}[、/，,·]?{_S}(?P<second>{_YEAR}))?{_S}"
    rf"{_SURROUND}{_S}(?P<gloss>{_BRACKET})?{_UNTIL}{_S}{_SURROUND}{_S}[】\]〕）)]?{_S}(?:大事记?|[纪记]事)?{_S}[：:。]?{_S}"
)
_MONTH_LINE = re.compile(rf"{_S}[【\[〔（(]?{_S}(?P<month>{_MONTH}){_S}[】\]〕）)]?{_S}[：:]?{_S}")
_LONGEST_TITLE = 40
_TITLE = re.compile(r"大事|[纪记]事|编年")
_YEARS = re.compile(rf"\d{_S}{_DASH}")
_TITLE_YEAR = re.compile(r"(?:1[6-9]|20)\d{2}年|[一二][〇○零一二三四五六七八九]{3}年")
_BARE_YEAR = re.compile(rf"{_S}(?P<year>[12]\d{{3}}){_S}")
_WESTERN = re.compile(r"(?:公元|西元)?(?:前)?(?<!\d)\d{3,4}(?:年|(?=[）)]?$))")
_NAMED_MONTH = re.compile(rf"[闰閏]?(?:{_NUMBER}{{1,3}}|正|腊|臘|冬)月")
_COUNTED = re.compile(rf"{_NUMBER}{{1,3}}年")


class Base(enum.Enum):
    """What the wording of an entry's date is a part of."""

    YEAR = enum.auto()
    MONTH = enum.auto()
    LAST = enum.auto()  # the date of the entry before: 同日, ▲
    NEXT = enum.auto()  # the day after it
    NEXT_YEAR = enum.auto()  # the year after the one that runs


@dataclass(frozen=True, slots=True)
class YearWords:
    """A year as printed: `text` without spaces, the same year in other words (`others`), in the order printed.

    `counted`: only a count, 二十三年, of the reign that runs. `until` is the last year of several told together.
    """

    text: str
    others: tuple[str, ...] = ()
    counted: bool = False
    until: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """The date an entry begins with: `part` (spaces dropped, may be empty) of the year, month or entry before.

    `printed` is the date as it stands in the line, up to `stop`, without mark and spaces around it. `month` is the
    month named, if one is; `daily` says that a day is; `unknown` that the text leaves the date open (×月).
    """

    base: Base
    part: str
    stop: int
    printed: str
    year: YearWords | None = None
    month: str = ""
    daily: bool = False
    marked: bool = False
    unknown: bool = False


def year_period(text: str) -> Period | None:
    """The days of a year in any wording; None where it is no year.

    Reigns named like places (中和, 绍兴) are dates to the parser only where a month follows, so it is given them.
    """
    return _year_period(reader_in_use(), text)


@lru_cache(maxsize=4096)
def _year_period(reader: DateReader, text: str) -> Period | None:
    found = period(text)
    if found is None and (months := period(f"{text}正月..{text}十二月")):
        return replace(months, precision=Precision.YEAR, written=text)
    return found


def readable(text: str) -> bool:
    """Whether the wording is a year the date parser knows."""
    return year_period(text) is not None


def year_line(text: str, number: bool = False) -> YearWords | None:
    """The year of a line that is nothing else: 光绪三十年（1904年）, 1949年; with `number` also 1949."""
    if len(text) > 60:
        return None
    match = _YEAR_LINE.fullmatch(text) or (_BARE_YEAR.fullmatch(text) if number else None)
    if match is None:
        return None
    return _year(match.groupdict())


def titled_year(text: str) -> YearWords | None:
    """The one year that the title of a chronicle names: 朔原县2008年大事记, 大事记（二〇〇八年）; None for several."""
    if len(text) > _LONGEST_TITLE or not _TITLE.search(squeezed(text)) or _YEARS.search(text):
        return None
    found = _TITLE_YEAR.findall(squeezed(text))
    return YearWords(found[0]) if len(found) == 1 else None


def month_line(text: str) -> str:
    """The month of a line that is nothing else, without spaces; empty where it is not."""
    match = _MONTH_LINE.fullmatch(text) if len(text) < 20 else None
    return squeezed(match["month"]) if match else ""


def opening(text: str) -> Opening | None:
    """The date a line begins with, or None. A mark alone (▲) says: the date of the entry before."""
    dotted = _DOTTED.match(text)
    if dotted:
        month, day = f"{int(dotted['month'])}月", f"{int(dotted['day'])}日" if dotted["day"] else ""
        words = YearWords(f"{dotted['year']}年")
        marked = bool(dotted["mark"])
        return Opening(Base.YEAR, month + day, dotted.end(), dotted["date"], words, month, bool(day), marked)
    if short := _SHORT_DOTTED.match(text):
        month = f"{int(short['month'])}月"
        printed = short[0].strip(" \u3000\t")
        return Opening(
            Base.YEAR, f"{month}{int(short['day'])}日", short.end(), printed, None, month, True, bool(short["mark"])
        )
    match = _OPENING.match(text)
    if match is None:
        return None
    year = None
    if match["year"]:
        year = _year(match.groupdict())
        if year is None and match["date"]:  # a reign the date parser does not know: a heading above may
            year = YearWords(squeezed(match["year"]))
        if year is None:
            return None
    found = _of(match, year)
    if found is None:
        return Opening(Base.LAST, "", match.end("mark"), "", marked=True) if match["mark"] else None
    whole_year = found.year is not None and not found.part
    parted = text[found.stop - 1 : found.stop] in (" ", "　", "\t", "）", ")")
    return None if whole_year and not parted and not _AFTER_YEAR.match(text, found.stop) else found


def _of(match: re.Match[str], year: YearWords | None) -> Opening | None:
    """The opening as the branch of the pattern that matched says."""
    groups = {name: _unframed(re.sub(r"\s", "", value)) for name, value in match.groupdict().items() if value}
    base, part, month, daily = Base.YEAR, "", "", False
    if date := groups.get("date") or groups.get("of_year", ""):
        part = re.sub(r"^(?:年)?内$", "", date)
        named = _NAMED_MONTH.search(date)
        month = named[0] if named else ""
        daily = named is not None and re.match(_DAY, date[named.end() :]) is not None
    elif "next_year" in groups:
        base, part = Base.NEXT_YEAR, groups.get("of_next", "")
    elif (groups.get("day") == "一日" and match.string[match.end() :][:1] not in ("", " ", "　")) or (
        year is None and groups.get("part") in ("初", "底", "末")
    ):
        return None  # 初，… is an earlier time, and 一日，… some day
    elif "season" in groups or "part" in groups or "whole" in groups:
        part = groups.get("season") or groups.get("part") or groups["whole"]
        part = re.sub(r"^年内$|^全年$|(?:期间|前夕|前后|当天)$|[“”]", "", part)
    elif "same_month" in groups:
        base, part = Base.MONTH, groups.get("of_month", "").removeprefix("内").removeprefix("月")
        part = "中旬" if part == "中" else part
    elif "day" in groups or "xun" in groups:
        base, daily = Base.MONTH, "day" in groups
        part = groups.get("day") or groups["xun"]
        part += f"至{groups['last']}" if "last" in groups else ""
    elif "same" in groups:
        base = Base.LAST if groups["same"].endswith("日") else Base.MONTH
    elif "same_day" in groups or "next_day" in groups:
        base = Base.LAST if "same_day" in groups else Base.NEXT
    elif year is None and "unknown" not in groups and not re.search(rf"{_SAME}(?:年度?|[歲岁])$", squeezed(match[0])):
        return None
    if year and base is not Base.YEAR:
        return None
    part = _TWO_PARTS.sub(r"\g<first>旬至\g<last>旬", part)
    printed = match[0][(match.end("mark") if match["mark"] else match.start()) :].strip(" 　\t【[〔（(")
    printed = _unframed(printed)
    return Opening(base, part, match.end(), printed, year, month, daily, bool(match["mark"]), "unknown" in groups)


def _unframed(text: str) -> str:
    """The text without brackets that are closed and not opened in it: 10月】1日, 3月）6日; （1904） stays."""
    return re.sub(r"^([^（(]*?)[）)]", r"\1", re.sub(r"[】〕\]]", "", text))


def _year(groups: Mapping[str, str | None]) -> YearWords | None:
    """The year in all its wordings, as the groups of a pattern hold them; None where none of them is a year."""
    words = re.sub("[·•・]", "", squeezed(groups.get("year") or ""))
    second, gloss = groups.get("second"), groups.get("gloss")
    others = [squeezed(second)] if second else []
    inside = _bare(gloss)
    others += [found[0] if found[0].endswith("年") else f"{found[0]}年" for found in _WESTERN.finditer(inside)]
    others += re.findall(_ERA_YEAR, inside)
    others = [other for other in others if readable(other)]
    until = squeezed(groups.get("until") or groups.get("and") or "")
    until = next(
        (f"{found[0].removesuffix('年')}年" for found in _WESTERN.finditer(_bare(groups.get("until_gloss")))), until
    )
    if words.isascii() and words.isdigit():
        words += "年"
    if words[:1] == "前":
        words = f"公元{words}"
    if (readable(words) and not _COUNTED.fullmatch(words)) or re.fullmatch(r"(?:公元|西元)?前?\d{3,4}年", words):
        return YearWords(words, tuple(others), until=until)
    if not _COUNTED.fullmatch(words):
        return YearWords(words, tuple(others), until=until) if others else None
    if readable(words) and re.fullmatch(rf"[{_CN}]{{4}}年|[\d０-９]{{3,4}}年", words):
        return YearWords(words, tuple(others), until=until)
    ours = f"公元{words}"  # 25年（东汉建武元年）
    if words[0].isdigit() and any(_number(other) == _number(ours) for other in others):
        return YearWords(ours, tuple(others), until=until)
    return YearWords(words, tuple(others), counted=True, until=until)


def _bare(gloss: str | None) -> str:
    return squeezed(gloss or "").strip("（）()")


def _number(year: str) -> int | None:
    """The number of the year in our era; None where the wording is no year."""
    found = year_period(year)
    return None if found is None or found.start is None else year_of(found.start)


def squeezed(text: str) -> str:
    """Without white space."""
    return re.sub(r"\s", "", text)

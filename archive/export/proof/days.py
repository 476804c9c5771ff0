"""Dates that cannot be: days no month has, years no reign had, calendars that disagree, ends before beginnings."""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from collections.abc import Iterator

from archive import dates
from archive.dates import eras
from archive.dates.numerals import number
from archive.export.proof.findings import Severity
from archive.export.proof.passages import ProofMark, ProofPassage

_DIGITS = "〇零○一二三四五六七八九十"
_GLOSSED = re.compile(
    rf"[元{_DIGITS}廿卅\d甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥][年岁]?[（(]|年[（(]?(?:即|公元|民国|清)|[（(][^）)]{{0,12}}[{_DIGITS}]年"
)


_REIGN_AND_YEAR = re.compile(
    rf"(?P<name>(?P<era>同治|光绪|宣统|咸丰|道光|嘉庆|乾隆|雍正|康熙|顺治|崇祯|万历|嘉靖|洪武|永乐)(?P<count>[{_DIGITS}廿卅]{{1,4}})年)"
    r"[（(](?:即|公元)?(?P<year>\d{4})年?[）)]"
)
_APART = 60 * 366  # days; further apart, the era is rather another one of that name, perhaps of another country


def disagreeing(passage: ProofPassage) -> Iterator[ProofMark]:
    """A year given in two calendars that do not meet: 光绪三十年（1906）. Far apart, it is a hint: 天正三年（1575）.

    A lunar year reaches into the next one of ours, but a year alone is called by the one in which it began. A place is
    told once: what says the right year takes the place of what only doubts.
    """
    told = set()
    for match in _REIGN_AND_YEAR.finditer(passage.text):
        count = number(match["count"])
        begun = {era.year(count) for era in eras.candidates(match["era"])} if count else set()
        if int(match["year"]) - 1 in begun and int(match["year"]) not in begun:
            right = str(int(match["year"]) - 1)
            told.add(match.start("year"))
            yield passage.mark(*match.span("year"), f"{match['name']}是{right}年", right, Severity.SHOULD)
    if not _GLOSSED.search(passage.text):
        return
    for found in dates.shipped_reader().extract(passage.text):
        if found.conflict and told.isdisjoint(range(found.start, found.end)):
            meanings = "、".join(dates.describe(period) for period in (found.period, *found.others))
            days = [period.start for period in (found.period, *found.others) if period.start is not None]
            severity = Severity.HINT if max(days) - min(days) > _APART else None
            yield passage.mark(found.start, found.end, f"年号与公元不符：分别是{meanings}", severity=severity)


_DAY = re.compile(
    rf"(?:(?P<year>(?<!\d)\d{{4}}|[一二][{_DIGITS}]{{3}})年)?(?P<month>(?<![\d.])\d{{1,2}}|(?<![{_DIGITS}百第])[{_DIGITS}]{{1,3}})月"
    rf"(?:份)?(?P<day>\d{{1,2}}(?!\d)|[{_DIGITS}]{{1,3}})[日号]"
)
_LUNAR = re.compile(r"(?:农历|阴历|夏历|旧历|年)(?:闰)?$")
_COUNTED = re.compile(r"[个余多近约每历]$")


def impossible(passage: ProofPassage) -> Iterator[ProofMark]:
    """Days and months that the calendar does not have: 2月30日, 13月5日, 1958年2月29日, 光绪四十年."""
    for match in _DAY.finditer(passage.text):
        year, month, day = (number(match[part]) if match[part] else None for part in ("year", "month", "day"))
        if month is None or day is None or _COUNTED.search(passage.text[: match.start("month")][-1:]):
            continue
        if not 1 <= month <= 12:
            yield passage.mark(*match.span(), f"没有{month}月")
        elif not 1 <= day <= _longest(match, year, month, passage.text):
            shown = f"{year}年{month}月" if year else f"{month}月"
            yield passage.mark(*match.span(), f"{shown}没有{day}日")
    yield from _reigns(passage)


def _longest(match: re.Match[str], year: int | None, month: int, text: str) -> int:
    """The last day the month may have; a month in Chinese figures without a Gregorian year may be lunar."""
    before = text[max(0, match.start() - 3) : match.start()]
    if not match["month"].isdigit() and year is None:
        return 30 if _LUNAR.search(before) and "年" not in before else 31 if month in (1, 3, 5, 7, 8, 10, 12) else 30
    if year is None:
        lunar = _LUNAR.search(before) and not before.endswith("年")
        return 30 if lunar else monthrange(2000, month)[1]
    return monthrange(year, month)[1] if 1583 <= year <= 9999 else 31


_REIGN = re.compile(
    rf"(?P<era>同治|光绪|宣统|咸丰|道光|嘉庆|乾隆|雍正|康熙|顺治|崇祯|万历|嘉靖|洪武|永乐)(?P<count>[{_DIGITS}廿卅]{{1,4}}|\d{{1,2}})年(?!代)"
)


def _reigns(passage: ProofPassage) -> Iterator[ProofMark]:
    for match in _REIGN.finditer(passage.text):
        count = number(match["count"])
        last = max((era.last for era in eras.candidates(match["era"])), default=0)
        if count is not None and last and count > last:
            message = f"“{match['era']}”只有{last}年"
            yield passage.mark(*match.span(), message, severity=Severity.MUST)


_WEEKDAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日[，（(\s]{0,2}(?:星期|礼拜|周)([一二三四五六日天])")


def weekday(passage: ProofPassage) -> Iterator[ProofMark]:
    """A day with the wrong day of the week."""
    for match in _WEEKDAY.finditer(passage.text):
        try:
            day = datetime.date(*map(int, match.group(1, 2, 3)))
        except ValueError:
            continue  # reported by `impossible`
        right = "一二三四五六日"[day.weekday()]
        if match[4].replace("天", "日") != right:
            yield passage.mark(*match.span(), f"这一天是星期{right}")


_YEARS = re.compile(
    r"(?P<first>(?<!\d)\d{4})年?(?:\d{1,2}月)?(?:\d{1,2}日)?\s?(?:[—－–~～-]{1,2}|至|到)\s?(?:公元)?(?P<last>\d{4})(?=年|[）)，。；])"
)


def backwards(passage: ProofPassage) -> Iterator[ProofMark]:
    """A stretch of years that ends before it begins: （1901—1890）."""
    for match in _YEARS.finditer(passage.text):
        before = passage.text[max(0, match.start() - 2) : match.start()]
        if int(match["last"]) < int(match["first"]) <= 2100 and not before.endswith("前") and int(match["last"]) > 500:
            yield passage.mark(*match.span(), "起讫颠倒：后面的年份早于前面的")

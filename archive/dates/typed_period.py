"""A period as people type it into a search: what `parse` reads, shorter and looser forms, or the nearest readings."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from archive.dates import eras, ganzhi, within
from archive.dates.calendar import civil, iso
from archive.dates.dated import Context, Own
from archive.dates.describe import describe
from archive.dates.numerals import number
from archive.dates.parse import LONGEST, parse
from archive.dates.patterns import alternation
from archive.dates.period_tables import PeriodTables
from archive.dates.plain_form import plain
from archive.dates.reading import around
from archive.dates.scan import Scanner
from archive.model.errors import NearestPeriod, PeriodError
from archive.model.records import Period, Precision

_SOME_YEAR = 1958
_MOST = 5  # readings offered
_NAMES_ALIKE = 0.5  # of difflib's ratio: 抗站 and 抗战

_YEAR_SPAN = re.compile(r"(?P<first>\d{2}|\d{4})年?(?:[-~]+|至|到)(?P<last>\d{2})年?")
_SHORT_NUMERIC = re.compile(r"(?P<year>\d{2})(?P<mark>[-./])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?")
_SHORT_YEAR = re.compile(r"(?<!\d)(?P<year>\d{2})(?=年)")
# 1958秋, 1958后: the 年 that people leave out.
_WITHOUT_YEAR = re.compile(r"(?<!\d)(?P<year>(?:1\d|20)\d\d)(?=[春夏秋冬初末底中上下前后以起至到左])")
_TO_NOW = re.compile(r"(?P<since>.+?)(?:年?(?:-+|至今|到今天|到现在|起至今))")
_ABOUT = re.compile(r"(?:大?约|大概|左右)(?P<what>.+)")
_SINCE = re.compile(r"(?P<what>.+?)(?:以来|之?以?后|起)")
_TO = re.compile("[到至]|-+")
_PAIR = re.compile(rf"(?:岁次|岁在)?(?P<pair>{ganzhi.PATTERN})(?P<year>年|岁)?")
_TERM = re.compile(r"(?P<body>政协|人大)?第?(?P<count>\d{1,2}|[一二三四五六七八九十]{1,3})届(?P<body2>政协|人大)?")
_RECENT = re.compile(r"(?:最近|近)(?P<count>\d{1,2}|[一二两三四五六七八九十几]{1,2})年来?")
_LIST = re.compile(r"[,、;和与及]")
_ERA_COUNT = re.compile(r"(?P<era>[一-龥]{2,4}?)(?P<count>[\d一二三四五六七八九十百廿卅]{1,4})年")


def understand(scanner: Scanner, tables: PeriodTables, text: str) -> Period:
    """The period a person means; see `DateReader.understand`."""
    written = text.strip()
    try:
        return parse(scanner, written)
    except PeriodError as failure:
        refusal = failure
    if not written or len(written) > LONGEST:
        raise refusal
    folded = plain(written).text
    part = within.part(folded, 0, _SOME_YEAR, moon=False)
    if part and part.stop == len(folded):
        raise PeriodError(
            f"“{written}”没有写年份", hint=f"前面加上年份，如 {_SOME_YEAR}年{written}、民国二十三年{written}"
        )
    found = _looser(scanner, tables, folded)
    if found is not None:
        return Period(found.start, found.end, found.precision, written)
    nearest = tuple(map(_offered, _distinct(_nearest(scanner, tables, folded))))[:_MOST]
    if not nearest:
        raise refusal
    words = "、".join(one.expression + (f"（{one.meaning}）" if one.meaning else "") for one in nearest)
    message = f"“{written}”有几种读法" if _PAIR.fullmatch(folded) else refusal.message
    raise PeriodError(message, hint=f"可以改成：{words}", nearest=nearest)


def _offered(period: Period) -> NearestPeriod:
    days = describe(period)
    same = period.written.removesuffix("年") == days.removesuffix("年")
    return NearestPeriod(period.written, period.start, period.end, "" if same else days)


def _read(scanner: Scanner, tables: PeriodTables, text: str) -> Period | None:
    """What an expression means, strictly or loosely; None where it means nothing."""
    try:
        return parse(scanner, text)
    except PeriodError:
        return _looser(scanner, tables, text) if text else None


def _strictly(scanner: Scanner, text: str) -> Period | None:
    try:
        return parse(scanner, text)
    except PeriodError:
        return None


def _looser(scanner: Scanner, tables: PeriodTables, text: str) -> Period | None:
    """58年, 58-62年, 1958秋, 1958至今, 约1958年, 民国元年到解放."""
    if numeric := _short_numeric(text):
        return _strictly(scanner, numeric)
    span = _YEAR_SPAN.fullmatch(text)
    if span and not _month_or_year(text):
        first, last = _whole_year(span["first"]), _whole_year(span["last"], span["first"][:2])
        return _strictly(scanner, f"{first}-{last}") if first <= last else None
    now = _TO_NOW.fullmatch(text)
    if now and (since := _read(scanner, tables, now["since"])) and since.start is not None:
        return Period(since.start, None, Precision.RANGE)
    about = _ABOUT.fullmatch(text)
    if about and (what := _read(scanner, tables, about["what"])):
        return Period(*around((what.start, what.end)), Precision.RANGE)
    spelled = _spelled_out(text)
    if spelled != text and (found := _strictly(scanner, spelled) or _stretch(scanner, tables, spelled)):
        return found
    several = _several(text, tables.dynasties)
    if several and (found := _strictly(scanner, several)):
        return found
    since_then = _SINCE.fullmatch(text)
    if since_then and (what := _strictly(scanner, since_then["what"])) and what.start is not None:
        return Period(what.start, None, what.precision)
    return _stretch(scanner, tables, text)


_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖零", "一二三四五六七八九〇")


def _short_numeric(text: str) -> str:
    """58.3, 58/3 and 58-3 as 1958-3. Empty for anything else, and for 98-02, which may be two years."""
    match = _SHORT_NUMERIC.fullmatch(text)
    if not match or int(match["month"]) > 12 or _month_or_year(text):
        return ""
    return f"{_whole_year(match['year'])}-{match['month']}" + (f"-{match['day']}" if match["day"] else "")


def _month_or_year(text: str) -> bool:
    """Whether 98-02 and the like may be a month or a second year."""
    return re.fullmatch(r"\d\d-(?:0[1-9]|1[0-2])", text) is not None


def _spelled_out(text: str) -> str:
    """58年秋 as 1958年秋, 1958秋 as 1958年秋, 1950s as 1950年代, without 从 and question marks."""
    text = re.sub(r"^[从自]|(?<!\.)\.$|[?!。,;、]+$", "", text)
    text = re.sub(r"(?<=\d0)s$", "年代", text).translate(_FORMAL)
    text = re.sub("^([二三四五六七八九])几年", r"\1十年代", text)
    text = re.sub("民国(十|[二三]十)几年", r"民国\1一年至\1九年", text)
    text = _SHORT_YEAR.sub(lambda match: str(_whole_year(match["year"])), text)
    text = _WITHOUT_YEAR.sub(lambda match: f"{match['year']}年", text)
    return re.sub(r"^民([\d一二三四五六七八九十廿卅]{1,3})年?$", r"民国\1年", text)


def _several(text: str, dynasties: Iterable[str]) -> str:
    """元明清 as 元、明、清代, 康熙乾隆 as 康熙、乾隆年间; empty where the text is no row of names."""
    for names, unit in ((alternation(dynasties), "代"), (alternation(eras.table()), "年间")):
        if re.fullmatch(rf"(?:(?:{names})[、,和]?){{2,5}}代?", text):
            return "、".join(re.findall(names, text)) + unit
    return ""


def _whole_year(written: str, century: str = "") -> int:
    """58 is 1958, 08 is 2008; the second of two years is of the first one's century (1898-02: 1902)."""
    if len(written) == 4:
        return int(written)
    if len(century) == 2 and century in ("18", "19", "20"):
        return int(century + written)
    return (1900 if int(written) >= 20 else 2000) + int(written)


_EVENTS = ("事变", "运动")


def _stretch(scanner: Scanner, tables: PeriodTables, text: str) -> Period | None:
    """From one expression to another: 九一八到抗战胜利, 民国元年到解放."""
    for joint in _TO.finditer(text):
        first, last = text[: joint.start()], text[joint.end() :]
        begins, ends = (
            _strictly(scanner, next((end + kind for kind in _EVENTS if end + kind in tables.periods), end))
            for end in (first, last)
        )
        if begins and ends and begins.start is not None:
            end = ends.start if ends.end is None else ends.end  # 到解放: what has no end stands for its first day
            if end is not None and begins.start <= end:
                return Period(begins.start, end, Precision.RANGE)
    return None


def _nearest(scanner: Scanner, tables: PeriodTables, text: str) -> Iterator[Period]:
    """What may have been meant, likeliest first; the words of each are such as can be asked for."""
    parts = [part for part in _LIST.split(text) if part]
    if len(parts) > 1:
        found = [one for part in parts if (one := _read(scanner, tables, part))]
        starts, ends = (
            [one.start for one in found if one.start is not None],
            [one.end for one in found if one.end is not None],
        )
        if len(found) > 1 and len(starts) == len(ends) == len(found):
            yield from _asked_for(scanner, tables, [_spelled(min(starts), max(ends))])
        yield from _asked_for(scanner, tables, parts)
    if _month_or_year(text):
        first, last = _whole_year(text[:2]), _whole_year(text[3:])
        yield from _asked_for(scanner, tables, [f"{first}-{text[3:]}", f"{first}..{last}" if first < last else ""])
    yield from _asked_for(scanner, tables, _sexagenary(text))
    yield from _asked_for(scanner, tables, _within_reign(text))
    short = re.match(r"\d{2}(?!\d)", text)
    if short:
        yield from _asked_for(scanner, tables, (f"{century}{short[0]}年" for century in ("19", "20", "18")))
    term = _TERM.fullmatch(text)
    if term:
        bodies = [term["body"] or term["body2"]] if term["body"] or term["body2"] else ["政协", "人大"]
        yield from _asked_for(scanner, tables, (f"全国{body}第{term['count']}届" for body in bodies))
    today = datetime.date.today()
    recent = _RECENT.fullmatch(text)
    if recent:
        count = number(recent["count"].replace("几", "")) or 10
        yield from _asked_for(scanner, tables, [f"{today.year - count + 1}..{today.year}"])
        return
    for start, reading in scanner.readings(text, Context(own=Own(today.year, today.month))):
        if reading.rule == "own" or reading.impossible:
            if reading.start is not None and reading.end is not None:
                yield from _asked_for(scanner, tables, [_spelled(reading.start, reading.end)])
        else:
            yield from _asked_for(
                scanner, tables, [text[start : reading.stop], f"{reading.year}年" if reading.year else ""]
            )
    yield from _asked_for(scanner, tables, re.findall(r"(?<!\d)(?:1\d|20)\d\d(?!\d)", text))
    if _PAIR.fullmatch(text):
        return
    late = (name for name, found in eras.table().items() if any(era.dynasty in eras.LATE for era in found))
    names = [*tables.periods, *tables.dynasties, *late]
    yield from _asked_for(scanner, tables, get_close_matches(text, names, n=3, cutoff=_NAMES_ALIKE))


def _spelled(start: int, end: int) -> str:
    """From one day to another, by years where both are whole."""
    first, last = civil(start), civil(end)
    if first[1:] == (1, 1) and last[1:] == (12, 31) and first[0] > 999:
        return f"{first[0]}年" if first[0] == last[0] else f"{first[0]}..{last[0]}"
    return f"{iso(start)}..{iso(end)}"


def _asked_for(scanner: Scanner, tables: PeriodTables, expressions: Iterable[str]) -> Iterator[Period]:
    for words in expressions:
        found = _read(scanner, tables, words) if words else None
        if found is not None:
            yield Period(found.start, found.end, found.precision, words)


def _sexagenary(text: str) -> Iterator[str]:
    """The years of a sexagenary name that local texts are most likely to mean: of the last two centuries."""
    match = _PAIR.fullmatch(text)
    if match:
        years = ganzhi.years(match["pair"], 1800, 1999)
        yield from (f"{year}年" for year in sorted(years, key=lambda year: abs(year - _MIDDLE)))


_MIDDLE = 1911


def _within_reign(text: str) -> Iterator[str]:
    """The last year of a reign that was not so long."""
    match = _ERA_COUNT.fullmatch(text)
    count = number(match["count"]) if match else None
    if match and count:
        longest = max((era.last for era in eras.candidates(match["era"])), default=0)
        if 0 < longest < count:
            yield f"{match['era']}{longest}年"
            yield match["era"]


def _distinct(found: Iterable[Period]) -> Iterator[Period]:
    seen = set()
    for one in found:
        if (one.start, one.end) not in seen:
            seen.add((one.start, one.end))
            yield one

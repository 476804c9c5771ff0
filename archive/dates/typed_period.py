"""A period as people type it into a search: what `parse` reads, shorter and looser forms, or the nearest readings."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from archive.dates import eras, ganzhi, within
from archive.dates.calendar import civil, day, iso, years_span
from archive.dates.context import Context, Own
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
# 1958秋, 1958后, 58春: the 年 that people leave out.
_WITHOUT_YEAR = re.compile(
    r"(?<!\d)(?P<year>(?:1\d|20)\d\d|^\d\d)(?=[春夏秋冬初末底中上下前后以起至到左开](?!\d*世纪)|第?[一二三四1-4]季度"
    r"|国庆|元旦|元宵|端午|清明|七夕|重阳|腊八|除夕|冬至|五一|七一|八一)"
)
_TO_NOW = re.compile(r"(?P<since>.+?)(?:年?(?:-+|至今|到今天|到现在|起至今|迄今|-今))")
_ABOUT = re.compile(r"(?:大?约|大概|左右|前后)(?P<what>.+)")
_PERHAPS = re.compile(
    r"^(?:可能是?|也许是?|估计是?|应该?[是为]|好像是?|据说是?|不是)|(?:吧|的时候|那几年|那会儿?|那时候?|年头|那年|里头?|期间内)$"
)
_SINCE = re.compile(r"[从自]?(?P<what>.+?)(?:以来|之?以?后|起|开始|始|往后)")
_UNTIL = re.compile(r"(?:截[至止]到?|[到至])(?P<till>.+?)(?:为?止)?|(?P<what>.+?)为?止")
_MONTHS = re.compile(r"(?P<year>\d{2}|\d{4})[./](?P<first>\d{1,2})(?:-+|至|到)(?P<last>\d{1,2})(?:月(?:份)?)?")
_YEAR_MONTH = re.compile(r"(?P<year>(?:1[5-9]|20)\d\d)(?P<month>0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(?P<year>\d{4})年?[Qq](?P<quarter>[1-4])")
_REPUBLIC_DECADE = re.compile(r"民国(?P<tens>[一二三]{1,2})十年代?")
_TO = re.compile("[到至]|-+")
_PAIR = re.compile(rf"(?:岁次|岁在)?(?P<pair>{ganzhi.PATTERN})(?P<year>年间?|岁)?")
_TERM = re.compile(r"(?P<body>政协|人大)?第?(?P<count>\d{1,2}|[一二三四五六七八九十]{1,3})届(?P<body2>政协|人大)?")
_OWN_TERM = re.compile(
    r"(?P<body>[一-龥]*(?:政协|人大|党委|县委|市委|区委|政府|工会|妇联|团委|工商联|党代会|人代会))第?(?P<count>\d{1,2}|[一二三四五六七八九十]{1,3})届"
    r"|第?(?:\d{1,2}|[一二三四五六七八九十]{1,3})届(?P<body2>[一-龥]+(?:政协|人大|党委|县委|市委|区委|政府|工会|妇联|团委|工商联|党代会|人代会))"
)
_RECENT = re.compile(r"(?:最近|近|过去|这)(?P<count>\d{1,2}|[一二两三四五六七八九十几]{0,2})年来?")
_LIST = re.compile(r"[,、;和与及或\s]|还是")
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
    _refuse_terms(tables, written, folded)
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
    if numeric := _short_numeric(text) or _months(text):
        return _strictly(scanner, numeric)
    span = _YEAR_SPAN.fullmatch(text)
    if span and not _month_or_year(text):
        first, last = _whole_year(span["first"]), _whole_year(span["last"], span["first"][:2])
        return _strictly(scanner, f"{first}-{last}") if first <= last else None
    now = _TO_NOW.fullmatch(text)
    if (
        now
        and (since := _read(scanner, tables, _TWO_FIGURES.sub(_full_year, now["since"])))
        and since.start is not None
    ):
        return Period(since.start, None, Precision.RANGE)
    about = _ABOUT.fullmatch(text)
    if about and (what := _read(scanner, tables, about["what"])):
        return Period(*around((what.start, what.end)), Precision.RANGE)
    until = _UNTIL.fullmatch(text)
    if until and (what := _read(scanner, tables, until["till"] or until["what"])) and what.end is not None:
        return Period(None, what.end, what.precision)
    if text in eras.civil():  # 昭和, 大正
        one, last = eras.civil()[text]
        return Period(*years_span(one, one + last - 1), Precision.ERA)
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


def _months(text: str) -> str:
    """1958.3-5 as months of one year, 195803 and 1958Q3; empty for anything else."""
    if match := _MONTHS.fullmatch(text):
        first, last = int(match["first"]), int(match["last"])
        return f"{_whole_year(match['year'])}年{first}月-{last}月" if 1 <= first < last <= 12 else ""
    if match := _YEAR_MONTH.fullmatch(text):
        return f"{match['year']}-{match['month']}"
    match = _QUARTER.fullmatch(text)
    return f"{match['year']}年第{match['quarter']}季度" if match else ""


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
    text = _PERHAPS.sub("", text)
    text = re.sub("(?:之治|盛世|中兴|之?间|之世)$", "年间", text) if text[:2] in eras.table() else text
    text = re.sub(r"(?<=\d0)s$", "年代", text).translate(_FORMAL)
    text = re.sub("^([二三四五六七八九])几年", r"\1十年代", text)
    text = re.sub("民国(十|[二三]十)几年", r"民国\1一年至\1九年", text)
    text = _SHORT_YEAR.sub(lambda match: str(_whole_year(match["year"])), text)
    text = _WITHOUT_YEAR.sub(_full_year, text)
    text = re.sub(
        "^([二三四五六七八九][〇零一二三四五六七八九])(?=年|$)", r"一九\1", text
    )  # nobody asks for seven or eight years
    text = re.sub(r"(\d{1,2}月\d{1,2})$", r"\1日", re.sub("季$", "季度", text))
    text = re.sub("^([顺康雍乾嘉道咸同光]{2,3})(?:中兴|盛世|之世)$", r"\1年间", text)
    return re.sub(r"^民([\d一二三四五六七八九十廿卅]{1,3})年?$", r"民国\1年", text)


_TWO_FIGURES = re.compile(r"(?P<year>^\d\d$)")


def _full_year(match: re.Match[str]) -> str:
    return f"{_whole_year(match['year'])}年"


def _several(text: str, dynasties: Iterable[str]) -> str:
    """元明清 as 元、明、清代, 康熙乾隆 as 康熙、乾隆年间; empty where the text is no row of names."""
    for names, unit in ((alternation(dynasties), "代"), (alternation(eras.table()), "年间")):
        if re.fullmatch(rf"(?:(?:{names})[、,和]?){{2,5}}(?:代|[年之]?间|时期|[两二三四五]朝)?", text):
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
    if text in _said():
        yield from _asked_for(scanner, tables, _said()[text])
        return
    yield from _asked_for(scanner, tables, _mistyped(text))
    yield from _asked_for(scanner, tables, _of_republic(text))
    yield from _asked_for(scanner, tables, _sexagenary(text))
    yield from _asked_for(scanner, tables, _within_reign(text))
    short = re.match(r"\d{2}(?!\d)", text)
    if short:
        yield from _asked_for(scanner, tables, (f"{century}{short[0]}年" for century in ("19", "20", "18")))
    term = _TERM.fullmatch(text)
    if term:
        bodies = [term["body"] or term["body2"]] if term["body"] or term["body2"] else ["政协", "人大"]
        yield from _asked_for(scanner, tables, (f"全国{body}第{term['count']}届" for body in bodies))
        return
    today = datetime.date.today()
    recent = _RECENT.fullmatch(text)
    if recent:
        count = number(recent["count"].replace("几", "")) or (10 if "十" in recent["count"] else 5)
        yield from _asked_for(scanner, tables, [f"{today.year - count + 1}..{today.year}"])
        return
    own = Own(today.year, today.month, day=day(today.year, today.month, today.day))
    for start, reading in scanner.readings(text, Context(own=own)):
        if reading.rule == "own" or reading.impossible:
            if reading.start is not None and reading.end is not None:
                yield from _asked_for(scanner, tables, [_spelled(reading.start, reading.end)])
                if reading.stop - start == len(text):
                    return
        else:
            yield from _asked_for(
                scanner, tables, [text[start : reading.stop], f"{reading.year}年" if reading.year else ""]
            )
    yield from _asked_for(scanner, tables, re.findall(r"(?<!\d)(?:1\d|20)\d\d(?!\d)", text))
    if _PAIR.fullmatch(text):
        return
    late = (name for name, found in eras.table().items() if any(era.dynasty in eras.LATE for era in found))
    names = {_stem(name): name for name in (*late, *tables.dynasties, *tables.periods)}
    alike = get_close_matches(_stem(text), names, n=3, cutoff=_NAMES_ALIKE)
    yield from _asked_for(scanner, tables, (names[stem] for stem in alike))


def _stem(name: str) -> str:
    """A name without what hundreds of others end in too."""
    return re.sub("(?:时期|期间|年间|时代|以?[前后来]|[初中后末]期?)$", "", name) or name


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


@cache
def _said() -> dict[str, tuple[str, ...]]:
    """Words that people type for times without days of their own, and readings to choose from."""
    text = (files("archive.dates") / "data" / "said.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {plain(word).text: tuple(readings) for word, *readings in rows}


def _mistyped(text: str) -> Iterator[str]:
    """2o08年, l958: letters that look like figures; 建国十年 for its anniversary."""
    figures = re.sub("[lI|](?=[\\doO]{3})", "1", re.sub(r"(?<=[\dlI])[oO]|[oO](?=\d)", "0", text))
    yield from (meant for meant in (figures, re.sub("(?<=^建国)(.{1,3})年$", r"\1周年", text)) if meant != text)


def _of_republic(text: str) -> Iterator[str]:
    """民国二十年代: the years of the republic so counted, or the decade of the century."""
    match = _REPUBLIC_DECADE.fullmatch(text)
    if match:
        first, last = number(match["tens"][0]) or 1, number(match["tens"][-1]) or 1
        yield f"民国{10 * first}年..民国{min(10 * last + 9, 38)}年"
        yield f"{match['tens']}十年代"


def _refuse_terms(tables: PeriodTables, written: str, folded: str) -> None:
    """县政协三届: terms of a body that nobody has entered, or more than were entered. Raises PeriodError."""
    match = _OWN_TERM.fullmatch(folded)
    if not match or _TERM.fullmatch(folded):
        return
    body = match["body"] or match["body2"]
    held = tables.terms.get(body)
    if held is None:
        message = f"“{written}”：还没有填“{body}”的届次"
    else:
        message = f"“{written}”：“{body}”的届次只填到第 {len(held)} 届"
    where = "请在“管理”的“时期”里填上各届的开幕日期，填好就能这样检索；也可以直接写年份，如 1959..1961"
    raise PeriodError(message, hint=where)


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

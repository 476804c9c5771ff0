"""Whole dates: a year with its gloss and its part, what opens it (以来, 前), and from one date to another."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.dates import ganzhi, gregorian, of_month, within, years
from archive.dates.calendar import day, month_span, year_of, years_span
from archive.dates.numerals import DIGIT_CLASS, number
from archive.dates.patterns import AD, COUNT, TO
from archive.dates.period_tables import Span
from archive.dates.reading import Reading, around, gregorian_day, year_span
from archive.dates.years import Year
from archive.model.records import Precision

_TO = re.compile(TO)
# 1945年解放至1953年: what came about in the year stands before 至
_EVENT_TO = re.compile(
    r"(?:解放|公私合营|[成建设创][立办建]|建[国厂校社场站院县局]|开[办业工]|投产|恢复|重建|合并|改制|起义|参军|入伍|毕业|迁址)"
    r"后?[至到](?=\d{4}年|(?:民国)?(?:\d{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])年)"
)
_BRACKETS_TO = re.compile(rf"\((?![^()]*[\d年月])[^()]{{2,14}}\){TO}")  # 1970年（退股后）到1981年
_YEAR_GLOSS = re.compile(rf"\((?:{AD}|即)*(?P<year>\d{{4}})年?\)")
_END = re.compile(r"(?:年)?(?:之?间|期间|止)(?![谍接隔])")
# 起 as the first half of a word: 起兵, 起家, but 起家庭联产承包, 起用 but 起用户.
_NOT_A_WORD = (
    r"(?![来初点源因诉伏飞居程名身死锚获价租舞誓落复稿吊哄床夜意止讫码色重迄]|兵(?![团役工站种])|家(?![庭乡属长])|事(?!业)|建(?![设立成造])"
    r"|义(?!务)|草(?!原|场|案)|步(?!行)|运(?![用动行输河营转作])|造(?![林纸船田])|火(?![车力柴箭])|用(?!户)|先(?![后进行])|头|跑|爆|降(?!低|级|价|水))"
)
_OPENING = re.compile(
    rf"(?P<since>-(?=$|[),|\n;])|以[来降]|之?以后|之后|起{_NOT_A_WORD}(?!出[来土赃])|始(?=[,。;、)至]|$)|(?:后(?=[任进往]|方(?![医机工基部战根办留]))(?<=[年月日底]后)|后(?![半往任进线来面方者景勤代裔期唐梁汉晋周金卫妃宫院山街三四五六七八九十])))"
    r"|(?P<until>之?以前|之前|前(?![后往来半任进线面方者夕期身辈人年几朝院脚所总苏]|[\d一二两三四五六七八九十多数]+(?:个|年|天|日|任|届|次|期|批|名|位|月|季)))"
    r"|(?P<about>年?前后|左右|上下)"
)
_COUNT_YEAR = re.compile(rf"(?P<count>{COUNT})年")
_SHORT_YEAR = re.compile(r"(?P<year>\d{2})年(?!代)")
_LUNAR_MONTH = "闰?[正腊冬一二三四五六七八九十]{1,2}月"
_LUNAR_GLOSS = re.compile(
    r"\((?:即)?(?:(?:农历|阴历|夏历|旧历)[^()]{2,16}"
    rf"|{_LUNAR_MONTH}[初十廿二三][一二三四五六七八九十]?日?|{ganzhi.PATTERN}年?{_LUNAR_MONTH}[^()]{{1,4}}"
    r"|(?:星期|周|礼拜)[一二三四五六日天])\)"
)
_CHINESE_MONTH = re.compile(r"闰?[正一二三四五六七八九十冬腊]+月")


def date(text: str, position: int, running: int | None = None, moon: bool | None = None) -> Reading | None:
    """The date at `position`: a year of any count, its gloss, month, day. None where there is none or it cannot be.

    The `running` year decides between eras of one name; `moon` says which calendar the words before the year name.
    """
    year = (
        years.republic(text, position)
        or years.civil_era(text, position)
        or years.era(text, position, running)
        or gregorian.gregorian(text, position, running)
    )
    if year and moon is not None:
        year = replace(year, moon=moon)
    return from_year(text, year, position) if year else None


CALENDAR_NAMES = f"{within.LUNAR_NAMES}|{within.SOLAR_NAMES}"
CALENDARS = tuple(CALENDAR_NAMES.split("|"))
CALENDAR_HEAD = rf"(?:{CALENDAR_NAMES})(?:的|是|为)?(?=\d{{2,4}}年|[一二][{DIGIT_CLASS}]{{3}}年|民国)"
_CALENDAR = re.compile(rf"(?:(?P<moon>{within.LUNAR_NAMES})|{within.SOLAR_NAMES})(?:的|是|为)?")


def by_calendar(text: str, position: int, running: int | None = None) -> Reading | None:
    """农历一九五一年十二月二十三日, 公历1904年2月: the calendar is named before the year."""
    match = _CALENDAR.match(text, position)
    return date(text, match.end(), running, bool(match["moon"])) if match else None


def from_year(text: str, year: Year, position: int) -> Reading | None:
    """What follows a year that begins at `position`: gloss, part of the year, gloss again."""
    also = _ALSO.match(text, year.stop) if year.rule in ("gregorian", "relative", "republic") else None
    by_moon = bool(also and also["moon"])  # 民国六年农历丁巳年八月初四日
    if also and ganzhi.index(also["pair"]) == (year.number - 4) % 60:  # 1982年岁次壬戌, 明年己未
        year = replace(year, stop=also.end())
    elif also and year.moon and (meant := ganzhi.nearest(also["pair"], year.number, _SLIP, _SLIP)):
        year = replace(year, number=meant, stop=also.end())  # the pair tells better than the count which year it is
    plain_year = year
    year, added = years.glossed(text, year)
    behind = _ALSO.match(text, year.stop) if year is not plain_year else None
    if behind and ganzhi.index(behind["pair"]) == (year.number - 4) % 60:  # 嘉庆十七年（1812）岁次壬申
        year = replace(year, stop=behind.end())
    moon = year.moon or by_moon or _old_style(text, year, position)
    if moon and not year.moon and year.regnal is not None:  # 1867年（同治五年）十二月 is the twelfth month of 1866
        year = replace(year, number=year.regnal)
    figures = _BY_THE_SUN.match(text, year.stop) if moon and year.whole is not None and not year.conflict else None
    if year.whole is not None and figures and (figures["day"] or year_of(year.whole[0]) >= _FIRST_MODERN):
        moon, year = False, replace(year, moon=False, number=year_of(year.whole[0]))
    if year is not plain_year and _SEASON_APART.match(text, year.stop):  # 大明三年（459）春，正月
        return year.reading()
    if year.whole is not None and _EDGE.match(text, year.stop):  # 咸丰八年（1858）初 is told by the year in brackets
        edge = within.part(text, year.stop, year_of(year.whole[0]), False)
        if edge:
            return _narrowed(year, edge, text, year.stop)
    found = _dotted_part(text, year) or within.part(text, year.stop, year.number, moon)
    wrong = None if found else within.impossible_stop(text, year.stop, year.number, moon)
    if wrong is not None:
        return replace(year.reading(), stop=wrong, month=None, confidence=0.5, impossible=True)
    if not found and year.rule == "school-year":
        return school_year(text, year.stop, year.number, year.number + 1)
    if not found:
        inner = within.part(added, 0, year.number, year.era is not None) if added else None
        return replace(_narrowed(year, inner, added, 0), stop=year.stop) if inner else year.reading()
    reading = _narrowed(year, found, text, year.stop)
    if year is plain_year:
        return _gloss_after_part(text, year, reading)
    if not year.conflict and _apart(year, year, reading):  # 光绪二十九年（1904）二月 lies in 1903
        return replace(reading, others=(year.whole or reading.span,), conflict=True, confidence=0.5)
    return reading


_ALSO = re.compile(rf",?(?P<moon>{within.LUNAR_NAMES})?(?:岁次|岁在)?(?P<pair>{ganzhi.PATTERN})[年岁]?")
# 宣统元年（1909年）11月: figures are of the calendar of the gloss; 太元元年（251年）11月 is told as in old books.
_BY_THE_SUN = re.compile(r"\d{1,2}月(?P<day>\d{1,2}日)?")
_FIRST_MODERN = 1840
_SEASON_APART = re.compile("[春夏秋冬],[正一二三四五六七八九十]{1,2}月")
_EDGE = re.compile("年?[初底末](?![一二三四五六七八九十伏])")
_SLIP = 3  # years that a count may be out
GOES_ON = re.compile(r"的?(?:\d{1,2}|[一二三四五六七八九十]{1,2}|正|腊)月|[春夏秋冬]|[初底]")
_DOTTED_PART = re.compile(r"(?P<month>\d{1,2})[.·](?P<day>\d{1,2})(?![\d%个元万亿米亩倍])")


def _dotted_part(text: str, year: Year) -> of_month.YearPart | None:
    """一九四九年10.1: month and day in figures with a dot."""
    match = _DOTTED_PART.match(text, year.stop)
    found = gregorian_day(year.number, int(match["month"]), int(match["day"])) if match else None
    if match is None or found is None:
        return None
    return of_month.YearPart((found, found), Precision.DAY, match.end(), int(match["month"]))


_DAY_ALONE = re.compile(r"(?P<day>\d{1,2})日?(?![\d.·年月/-]|[个万亿%])")
_SCHOOL_TERM = re.compile("的?(?:第?(?P<first>[一1上])|第?[二2下])学期")


def school_year(text: str, stop: int, first: int, last: int) -> Reading:
    """1956学年, 1956—1957学年: from September to August; 第一学期 to January, 第二学期 from February to July."""
    term = _SCHOOL_TERM.match(text, stop)
    if term and last == first + 1:
        start, end = (day(first, 9, 1), day(last, 1, 31)) if term["first"] else (day(last, 2, 1), day(last, 7, 31))
        return Reading(start, end, Precision.HALF, "school-year", term.end(), first if term["first"] else last)
    precision = Precision.YEAR if last == first + 1 else Precision.RANGE
    return Reading(day(first, 9, 1), day(last, 8, 31), precision, "school-year", stop, first)


def _old_style(text: str, year: Year, position: int) -> bool:
    """1862年（同治元年）四月, 1862年四月: a month in Chinese numerals under another calendar's year is a lunar one."""
    if year.number >= 1912 or not _CHINESE_MONTH.match(text, year.stop):
        return False
    return year.era is not None or any("0" <= character <= "9" for character in text[position : position + 6])


def _narrowed(year: Year, found: of_month.YearPart, text: str, position: int) -> Reading:
    """The reading of a part of the year; the part, which stands in `text` at `position`, is read again for rivals."""
    others: list[Span] = []
    for other in year.others:
        again = within.part(text, position, other, found.moon)
        others.append(again.span if again else year_span(other, year.moon))
    reading = year.reading()
    return replace(
        reading, start=found.span[0], end=found.span[1], precision=found.precision, stop=found.stop, month=found.month,
        moon=found.moon or year.moon, others=tuple(others), leap=found.leap,
    )  # fmt: skip


def behind_lunar_gloss(text: str, stop: int) -> int:
    """Where a Gregorian day ends that is told again by the moon: 6月2日（四月十五日）."""
    gloss = _LUNAR_GLOSS.match(text, stop)
    return gloss.end() if gloss else stop


def _gloss_after_part(text: str, year: Year, reading: Reading) -> Reading:
    """雍正己酉年三月（即公元1729年）, 1961年3月27日（农历二月十一日）: the date stands, the gloss is read over."""
    behind = behind_lunar_gloss(text, reading.stop)
    if behind > reading.stop:
        return replace(reading, stop=behind)
    civil = _civil_day(text, reading.stop, year.number)
    if civil is not None and reading.precision is Precision.DAY and not reading.moon and reading.end != civil[0]:
        again = within.part(text, year.stop, year.number, True)
        if again and again.span == (civil[0], civil[0]):  # 民国九年十一月七日（1920年12月16日） counts by the moon
            return replace(reading, start=civil[0], end=civil[0], month=again.month, moon=True, stop=civil[1])
    if civil is not None and reading.precision is Precision.DAY and reading.end != civil[0] and civil[0] >= _REFORM:
        return replace(reading, stop=civil[1], conflict=True, others=((civil[0], civil[0]),), confidence=0.5)
    checked, _ = years.glossed(text, replace(year, stop=reading.stop))
    if checked.stop == reading.stop or _tells_another(text, reading):
        return reading
    if not checked.conflict and checked.number != year.number and year.moon:
        again = within.part(text, year.stop, checked.number, True)
        if again:
            reading = replace(reading, start=again.span[0], end=again.span[1], year=checked.number, others=())
    conflict = checked.conflict or _apart(year, checked, reading)
    others = (year_span(checked.number, False),) if conflict else reading.others
    return replace(
        reading,
        stop=checked.stop,
        rule=checked.rule,
        conflict=conflict,
        others=others,
        confidence=0.5 if conflict else 1.0,
    )


_CIVIL_DAY = re.compile(r"\((?:即|公历|阳历|新历|公元|西历)*(?:(\d{4})年|(?<=[公阳新西]历))(\d{1,2})月(\d{1,2})日\)")


_CIVIL_PART = re.compile(r"\((?:即|公历|阳历|新历|公元|西历|约)*(\d{4})年(?=\d{1,2}月(?!\d{1,2}日))")


def _tells_another(text: str, reading: Reading) -> bool:
    """九月二十六日（1906年11月初）: the gloss tells a month, or a part of one, in which the day does not lie."""
    match = _CIVIL_PART.match(text, reading.stop)
    told = within.part(text, match.end(), int(match[1]), False) if match else None
    if told is None or reading.start is None or reading.end is None:
        return False
    return told.span[1] < reading.start or reading.end < told.span[0]


_REFORM = day(1582, 10, 15)  # what is glossed with an earlier day has it from the Julian calendar


def _civil_day(text: str, position: int, year: int) -> tuple[int, int] | None:
    """The day of a gloss such as （1920年12月16日） or, of the same `year`, （公历12月16日）, and where it ends."""
    match = _CIVIL_DAY.match(text, position)
    found = gregorian_day(int(match[1] or year), int(match[2]), int(match[3])) if match else None
    return (found, match.end()) if match and found is not None else None


def _apart(year: Year, gloss: Year, reading: Reading) -> bool:
    """光绪三十年三月（1905）: the lunar year reaches into that year, the month does not."""
    if not year.moon or gloss.whole is None or reading.start is None or reading.end is None:
        return False
    return reading.end < gloss.whole[0] or reading.start > gloss.whole[1]


# 3月19日起，暴风三日; 起连续降雪三天: what began that day ended so many days later.
_LASTED = re.compile(
    r"起,?[^,。;、\d每隔第限前后一二三四五六七八九十]{0,6}(?P<days>\d{1,2}|[二两三四五六七八九十]{1,3})个?[日天](?=[,。;]|$)"
)


def extended(text: str, first: Reading) -> Reading:
    """The reading with what opens it or leads on from it: 以来, 前后, 至1950年, -13日."""
    to = _TO.match(text, first.stop) or _BRACKETS_TO.match(text, first.stop) or _EVENT_TO.match(text, first.stop)
    if to:
        second = _second(text, to.end(), first)
        if second and first.start is not None and second.end is not None and second.end >= first.start:
            return _joined(text, first, second)
    opening = _OPENING.match(text, first.stop)
    lasted = _LASTED.match(text, first.stop) if first.precision is Precision.DAY and first.start == first.end else None
    days = number(lasted["days"]) if lasted else None
    if lasted and days and first.start is not None:
        return first.spanning((first.start, first.start + days - 1), Precision.RANGE, first.stop + 1)
    if opening and not (opening["until"] and first.precision is Precision.SEASON):
        return opened(first, opening)
    closing = _END.match(text, first.stop)
    if closing and first.start is not None and first.end is not None:  # 乾隆三十六、三十七年间（1771—1772年）
        span = years.span_gloss(text, closing.end())
        if span and abs(span[0] - year_of(first.start)) <= 1 and abs(span[1] - year_of(first.end)) <= 1:
            return first.spanning(years_span(span[0], span[1]), Precision.RANGE, span[2])
        civil = _YEAR_GLOSS.match(text, closing.end()) if first.moon and first.precision is Precision.YEAR else None
        if civil and number(civil["year"]) == first.year:  # 光绪己亥年间（公元1899年）
            year = number(civil["year"]) or 0
            return first.spanning(years_span(year, year), Precision.YEAR, civil.end())
    return replace(first, stop=closing.end()) if closing else first


def with_year_behind(text: str, reading: Reading) -> Reading:
    """清末（1911）: the year in brackets behind a period; what took less than a year stays as it is."""
    match = _YEAR_GLOSS.match(text, reading.stop)
    year = number(match["year"]) if match else None
    if match is None or year is None or reading.start is None or reading.end is None:
        return reading
    if not year_of(reading.start) <= year <= year_of(reading.end):
        return reading
    if year_of(reading.start) == year_of(reading.end):
        return replace(reading, stop=match.end())
    told = reading.spanning(years_span(year, year), Precision.YEAR, match.end())
    return replace(told, rule=f"{reading.rule}+gregorian", year=year)


def opened(reading: Reading, opening: re.Match[str]) -> Reading:
    """以来 and 后 reach on for ever, 前 back for ever, 前后 two years either way; a season stays as it is (秋后)."""
    start, end = reading.span
    if reading.precision is Precision.SEASON and (opening["about"] or opening[0] in ("后", "前")):
        return replace(reading, stop=opening.end())  # 秋后 is the season; 春起 begins with it
    if opening["about"]:
        lunar_year = reading.year if reading.moon and reading.precision is Precision.YEAR else None
        span = around(reading.span, lunar_year) if reading.precision in _COARSE else reading.span
        return reading.spanning(
            span, Precision.RANGE if reading.precision in _COARSE else reading.precision, opening.end()
        )
    span = (start, None) if opening["since"] else (None, end)
    named = reading.span if opening["since"] and reading.precision in UNITS else None
    others = tuple((other[0], None) if opening["since"] else (None, other[1]) for other in reading.others)
    return replace(reading.spanning(span, reading.precision, opening.end()), others=others, named=named)


_SINCE = re.compile(
    "(?P<since>(?:开始(?=[,。;]|$)(?!,(?:[于到至迄直延]|历时|[共持连]))|(?!开始)[^,。;、年月日\\d至到]{1,8}以[来降]))(?P<about>(?!))?"
)


def since(text: str, reading: Reading) -> Reading:
    """从1978年开始, 自1958年建厂以来: what stands behind 从 or 自 is open."""
    begun = _SINCE.match(text, reading.stop)
    if begun is None or reading.precision not in UNITS or reading.end is None:
        return reading
    return opened(reading, begun)


# What is named by 1958年起: a search for 1958 finds it, though what began then is open.
UNITS = frozenset((Precision.DAY, Precision.XUN, Precision.MONTH, Precision.HALF, Precision.PART, Precision.YEAR))
_COARSE = frozenset((Precision.YEAR, Precision.RANGE, Precision.DECADE, Precision.PART, Precision.HALF))


def _joined(text: str, first: Reading, second: Reading) -> Reading:
    span = years.span_gloss(text, second.stop)
    if (
        span and first.start is not None and abs(span[0] - year_of(first.start)) <= 1
    ):  # 光绪二十九年至三十四年（1903—1908）
        return second.spanning(years_span(span[0], span[1]), Precision.RANGE, span[2])
    closing = _END.match(text, second.stop)
    span = years.span_gloss(text, closing.end()) if closing else None
    if span and first.start is not None and abs(span[0] - year_of(first.start)) <= 1:  # …至三十年之间（1597—1602年）
        return second.spanning(years_span(span[0], span[1]), Precision.RANGE, span[2])
    return replace(
        second, start=first.start, precision=Precision.RANGE, rule=f"{first.rule}-range", others=(),
        stop=closing.end() if closing else second.stop, confidence=min(first.confidence, second.confidence),
    )  # fmt: skip


def _second(text: str, position: int, first: Reading) -> Reading | None:
    """The end of a range: a date of its own, or the month, day or regnal year of the first one's year or era."""
    if first.year is not None and first.rule == "numeric":  # 1978.12.18—12.22
        dotted_part = _dotted_part(text, Year(first.year, False, first.rule, position))
        last = _DAY_ALONE.match(text, position) if first.precision is Precision.DAY else None
        found_day = gregorian_day(first.year, first.month or 0, int(last["day"])) if last and first.month else None
        if first.precision is Precision.MONTH and (later := _later_month(text, position, first)):
            return later
        if last and found_day is not None:  # 1952.11.15-19
            return replace(first, start=found_day, end=found_day, stop=last.end())
        if dotted_part:
            return replace(first, start=dotted_part.span[0], end=dotted_part.span[1], stop=dotted_part.stop)
    whole = date(text, position) or _regnal(text, position, first) or _short(text, position, first)
    if whole and whole.rule == "gregorian-short" and (counted := _regnal(text, position, first)):
        whole = counted  # 民国27年3月至29年8月
    if whole:
        return whole
    if first.year is None:
        return None
    found = within.part(text, position, first.year, first.moon)
    if not found and first.month is not None:
        running = (first.year, first.month, first.moon, first.leap)
        found = of_month.day_alone(text, position, *running) or of_month.part_of_month(text, position, *running)
    if found:
        if found.span[1] < (first.start or 0):  # 1948年11月至1月: into the next year
            found = within.part(text, position, first.year + 1, first.moon) or found
        return replace(
            first, start=found.span[0], end=found.span[1], precision=found.precision, stop=found.stop, month=found.month
        )
    return None


_SHORT_MONTH = re.compile(r"(?:(?P<year>\d\d)\.)?(?P<month>\d{1,2})(?![\d.·年月日%]|[一-龥]?[万元亩斤吨])")


def _later_month(text: str, position: int, first: Reading) -> Reading | None:
    """1954.12—57.8, 1954.3—9: the later month without its century or its year."""
    match = _SHORT_MONTH.match(text, position)
    if match is None or first.year is None or not 1 <= int(match["month"]) <= 12:
        return None
    year = first.year // 100 * 100 + int(match["year"]) if match["year"] else first.year
    if (year, int(match["month"])) <= (first.year, first.month or 0):
        return None
    span = month_span(year, int(match["month"]))
    return replace(first, start=span[0], end=span[1], stop=match.end(), year=year, month=int(match["month"]))


def _short(text: str, position: int, first: Reading) -> Reading | None:
    """1950年至53年."""
    match = _SHORT_YEAR.match(text, position)
    if not match or first.year is None or first.moon:
        return None
    year = first.year // 100 * 100 + int(match["year"])
    if year <= first.year:
        return None
    return from_year(text, Year(year, False, "gregorian", match.end()), position)


def _regnal(text: str, position: int, first: Reading) -> Reading | None:
    """光绪廿二年贰月起至叁拾年陆月, 民国十五年至二十年: the second count in the era of the first."""
    if first.year is None or not (first.moon or first.year_one is not None or first.rule.startswith("republic")):
        return None
    match = _COUNT_YEAR.match(text, position)
    count = number(match["count"]) if match else None
    if not match or not count:
        return None
    if first.rule.startswith("republic"):
        return from_year(text, Year(1911 + count, False, "republic", match.end()), position)
    if first.year_one is not None:
        counted = Year(first.year_one + count - 1, False, "civil-era", match.end(), year_one=first.year_one)
        return from_year(text, counted, position)
    year = first.era.year(count) if first.era else None
    return from_year(text, Year(year, True, "era", match.end(), era=first.era), position) if year is not None else None

"""What a reading leaves to those that follow: the running year and month, what 第三年, 次日 and 十五年 count from."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.dates import ganzhi, lunar
from archive.dates.calendar import civil, day, year_of, years_span
from archive.dates.context import Aside, Context, Reign
from archive.dates.eras import Era
from archive.dates.numerals import number
from archive.dates.reading import Reading
from archive.dates.surroundings import SENTENCE_END, sentence
from archive.model.records import Precision


def leans(reading: Reading) -> bool:
    """Whether a reading leans on the year told before it: 三月, 是年, 丙子至十一月壬午."""
    return reading.rule.removesuffix("-range") in _LEANING


def reign_told(reading: Reading, context: Context) -> Reign | None:
    """What a following 十五年 without its era counts from; a Gregorian year ends it."""
    if reading.era is not None and (reading.moon or reading.rule.startswith("era")) and reading.year is not None:
        return Reign(reading.era.year_one, reading.era.last, reading.year, True)
    if reading.rule.startswith("republic") and reading.year is not None:
        ranging = reading.precision is Precision.RANGE and reading.start is not None
        first = year_of(reading.start) if ranging and reading.start is not None else reading.year
        reached = first if first >= _REPUBLIC else reading.year
        last = 38 if reached < _AFTER_REPUBLIC else _MANY  # as people count on elsewhere
        return Reign(1912, last, reached, False)  # 民国16年夏至18年秋，…17年冬至日
    if reading.rule.startswith("civil-era") and reading.year is not None and reading.year_one is not None:
        return Reign(reading.year_one, _MANY, reading.year, False)
    if reading.rule == "sexagenary" and context.reign and context.reign.moon:
        return context.reign
    if reading.rule.startswith("regnal") and context.reign and reading.year is not None:
        return replace(context.reign, reached=reading.year)
    return context.reign if leans(reading) else None


_LEANING = frozenset(("month", "day", "season", "part", "relative", "own", "print", "feast"))  # on what was told before


_OF_MONTH = frozenset(("day", "part", "relative"))  # what leaves the running month as it is
_REPUBLIC, _AFTER_REPUBLIC = 1912, 1950


def _base(reading: Reading, context: Context) -> int | None:
    """The year that 第三年 counts from: the one told before the first 次年, until a year is told by its number."""
    if reading.rule == "relative" and reading.year is not None and context.base is None:
        return context.year if context.year is not None and reading.year > context.year else None
    return context.base if leans(reading) else None


def _first_day(reading: Reading, context: Context) -> int | None:
    """The day that 第三天 counts from: the one told before the first 次日, until a day is told by its number."""
    if reading.rule != "relative" or reading.precision is not Precision.DAY:
        return None
    return context.day if context.first_day is None else context.first_day


def _run(reading: Reading, context: Context) -> int:
    """How many years have been told one after another, with this one; 1959至1961年 are three."""
    if reading.precision is Precision.RANGE and reading.start is not None and reading.end is not None:
        return min(_MANY, year_of(reading.end) - year_of(reading.start) + 1)
    if reading.year == context.year:
        return context.run or 1
    return context.run + 1 if context.run and reading.year == (context.year or 0) + 1 else 1


_MANY = 99


def _told(reading: Reading, context: Context) -> int | None:
    """The year last told by its number: 去年 and 今年 count from it where the text has no date of its own."""
    if not leans(reading):
        return reading.year
    return context.year if context.told is None else context.told


def _compared(text: str, start: int, reading: Reading, context: Context) -> bool:
    """比去年增长, 去年同期, 上年度结余: an earlier year that is only spoken of from the running one."""
    earlier = reading.rule in ("own", "print", "relative") and (reading.year or 0) < (context.year or 0)
    beside = text[start - 1 : start] in ("比", "较") or text.startswith(("同期", "同月", "结余", "结转"), reading.stop)
    return earlier and (beside or text.startswith(("上年度", "上一年度"), start))


_ENDS_WITH_PAIR = re.compile(rf"{ganzhi.PATTERN}[年岁日朔晦]?$")


def ends_with_pair(text: str, stop: int) -> bool:
    """Whether what was read up to `stop` ends with a sexagenary name: 明年己未, 三月癸亥."""
    return bool(_ENDS_WITH_PAIR.search(text, max(0, stop - 3), stop))


def _paired(text: str, start: int, reading: Reading, context: Context) -> bool:
    """Whether years are told by their sexagenary names, so that another pair that opens a clause is one, too."""
    named = reading.precision is Precision.YEAR and reading.moon and ends_with_pair(text, reading.stop)
    return named or "sexagenary" in reading.rule or (context.paired and leans(reading))


def _whole(reading: Reading) -> tuple[int, int] | None:
    """The days of a regnal year that a Gregorian one in brackets tells."""
    if not reading.moon or reading.precision is not Precision.YEAR or reading.start is None or reading.end is None:
        return None
    return reading.start, reading.end


_LEVY = re.compile("[^,。;]{0,8}(?:欠|逋|赋|租|钱?粮|额征|丁银|课)")


def _of_a_thing(text: str, start: int, reading: Reading, context: Context) -> bool:
    """3月14日通知，1950年的粮票作废，限3月15日上缴: an earlier year that only says of what time a thing is."""
    earlier = context.month is not None and not context.moon and (reading.year or 0) < (context.year or 0)
    if not earlier or reading.precision is not Precision.YEAR or reading.rule != "gregorian":
        return False
    return bool(_OF.match(text, reading.stop)) and text[start - 1 : start] not in _BEFORE_A_TIME


_OF = re.compile(r"(?:[、和及与]\d{4}年)*的")
_BEFORE_A_TIME = frozenset(("", *"在于从自到至,。;\n"))


def _levied(text: str, start: int, reading: Reading, context: Context) -> bool:
    """雍正二年，诏蠲康熙十八年至五十年各省旧欠: earlier years of which taxes are told, and no step of the story."""
    earlier = reading.rule.startswith("era") and context.reign is not None and reading.year is not None
    if not earlier or text[start - 1 : start] in _CLAUSE_ENDS or (reading.year or 0) >= (context.year or 0):
        return False
    return bool(_LEVY.match(text, reading.stop))


_CLAUSE_ENDS = frozenset(("", *",。;:、\n"))


def last_day(reading: Reading) -> int | None:
    """The day that 次日 counts from: the one told, or the last of a few."""
    if reading.precision is Precision.DAY:
        return reading.start if reading.start == reading.end or reading.named else None
    few = reading.precision is Precision.RANGE and reading.month is not None and reading.start is not None
    return reading.end if few and reading.end is not None and reading.end - (reading.start or 0) < _FEW_DAYS else None


_FEW_DAYS = 32


def _year_of_event(reading: Reading) -> int | None:
    """The year of what took some days: 七七事变后，7月30日 is of 1937, whatever year was told before."""
    if reading.rule != "period" or reading.vague or reading.start is None or reading.precision is not Precision.PERIOD:
        return None
    brief = reading.end is None or reading.end - reading.start < 2 * _FEW_DAYS
    # 土改结束: the last day of a year is no day of the story, but where the table's years end
    of_table = civil(reading.start)[1:] == (12, 31)
    return year_of(reading.start) if brief and not of_table else None


def _tells_a_step(text: str, reading: Reading, year: int, context: Context) -> bool:
    """Whether a story goes on from an event: 五一口号发布后，…。5月5日; not 在战役胜利的形势推动下, 五四运动以来."""
    if text.startswith("的", reading.stop):
        return False
    if context.leaning or (context.told is None and context.own is not None):
        # of an event that is only remembered the days are those of the report
        return reading.end is None and text[reading.stop - 1] == "后" and reading.start is not None
    return context.year is None or year > context.year


_OF_REPUBLIC = re.compile("(?:中华)?民国(?:之?初|前期|早期|年间|时期)")
_REPUBLIC_BEGAN = day(1912, 1, 1)


def _of_era(era: Era, context: Context) -> Context:
    """乾隆间，…五十二年二月: the years of a reign that was told without one."""
    if context.reign and context.reign.year_one == era.year_one:
        return context
    first = era.year_one + era.first - 1
    return replace(context, reign=Reign(era.year_one, era.last, first, True, whole=True))


_BARE_MONTH = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月")
_AFTERWARDS = re.compile("(?:结束|完成|建成|竣工|停[刊办]|撤销|解散|收工)之?以?后")
_MONTH_OPENS = re.compile(rf"(?P<year>\d{{4}}年)?{_BARE_MONTH.pattern}")
_OPENS_GLOSS = re.compile(r"(?<=[日号月旬初底末晚夜晨一二三四五六七八九十廿])\(即?$")
_OVER = re.compile(
    r"[^,。;)]{0,10}(?:[竣完]工|建成|落成|告竣|投产|通车|发电|停[刊办产业]|撤销|结束|告终|收工|为止|倒闭|解散|终刊|关闭)[^,。;]{0,5}[,。;)]"
)


def _aside(text: str, start: int, reading: Reading, context: Context) -> Aside | None:
    """What holds again behind a date in brackets (1962年元旦停刊), or behind the end of what an entry tells.

    5月开工，1964年8月竣工。6月，…: the next entry goes on from the first one.
    """
    heads = text[max(0, start - 2) : start - 1] in ("", "\n", "。") and text.startswith(")", reading.stop)
    if text[max(0, start - 1) : start] == "(" and reading.rule.startswith("gregorian") and not heads:
        return Aside(context, ")")
    if (
        reading.rule == "month"
        and text.startswith(")", reading.stop)
        and _OPENS_GLOSS.search(text, max(0, start - 3), start)
    ):
        return Aside(context, ")")  # 农历三月九日（公历4月6日）…十一日
    if text[start - 1 : start] == "(" and context.own and context.own.day is not None and context.aside is None:
        return Aside(context, ")")  # 合影照片（八月拍）， of a diary
    held = context.aside
    if held and (held.until == ")" or (leans(reading) and not held.until.startswith("。“"))):
        return held
    before = held.before if held else context
    if reading.start and reading.year and reading.rule == "month-range" and year_of(reading.start) < reading.year:
        begun = (lunar.date_of(reading.start) if reading.moon else None) or None
        first = (begun[0], begun[1].number) if begun else civil(reading.start)[:2]
        if first[0] < reading.year:  # 自十月至次年正月…。十一月 is of the year in which that began
            return Aside(replace(before, year=first[0], month=first[1], day=None), "。", 13)
    if _lies_ahead(reading, before):
        return Aside(before, "。“!?\n")
    if _beside_entry(text, start, reading, before, held is not None):
        return Aside(before, "。", 13)
    later = before.year is not None and reading.year is not None and reading.year > before.year
    if not later or before.month is None or before.moon or not reading.rule.startswith(("gregorian", "relative")):
        return None
    if reading.precision is Precision.YEAR and text[start - 1] == "。" and _AFTERWARDS.match(text, reading.stop):
        return Aside(before, "。", 13)  # 1月成立领导小组。1960年结束后，…。2月
    opens = _MONTH_OPENS.match(sentence(text, start))
    if not opens or not _OVER.match(text, reading.stop):
        return None
    return Aside(before, "。", 13 if opens["year"] is None else reading.month or 0)


_WEATHER = re.compile(",?(?:[晴阴雨雪]|[微大小]?[风雨雪][,。]|(?:星期|礼拜)[一二三四五六日])")
_OF_A_DIARY = re.compile("余|见客|习字|[早午中晚]饭|[早晏]起|[阅读写][^,。\n]{1,12}[叶页字卷]|接[^,。\n]{1,8}[信函]")
_REACH = 160


def _entry(text: str, start: int, reading: Reading) -> int | None:
    """The day that heads an entry of a diary: 初五日阴, 同治元年三月十七日早饭后清理文件."""
    day_told = reading.start if reading.precision is Precision.DAY and reading.start == reading.end else None
    if day_told is None:
        return None
    if start < _HEAD and _AGENCY.search(text[:start]) and _WIRED.match(text, reading.stop):  # 新华社北京十七日消息
        return day_told
    if reading.rule == "own" or text[max(0, start - 1) : start] not in ("", *SENTENCE_END):
        return None
    if _WEATHER.match(text, reading.stop):
        return day_told
    whole = not leans(reading) and text[reading.stop : reading.stop + 1] not in (",", "。")
    return day_told if whole and _OF_A_DIARY.search(text, reading.stop, reading.stop + _REACH) else None


_HEAD = 40  # characters in which the dateline of a report stands
_AGENCY = re.compile(r"[社报台][^,。;\n]{0,12}$")
_WIRED = re.compile("(?:专|急|特)?[电讯](?![影话灯力站厂])|消息")


def _lies_ahead(reading: Reading, context: Context) -> bool:
    """明年 of a report of a known day: what it tells of next year does not take the story there."""
    own = context.own
    if own is None or own.day is None or reading.rule != "own" or reading.year is None:
        return False
    return reading.year > own.year and (context.year is None or context.year <= own.year)


_OF_ANOTHER_YEAR = ("gregorian", "relative", "year-range", "republic")
_ENTRY = re.compile(r"\d{1,2}[月日]|[是同本当]月|[春夏秋冬]|[上中下]旬|[至到]$|截[至止]到?$")
_YEAR_HERE = re.compile(r"\d{4}年|[次翌]年")
_GOES_ON = re.compile(r"[是本]年|[是同本当]月|\d{1,2}日")


def _beside_entry(text: str, start: int, reading: Reading, context: Context, held: bool) -> bool:
    """5月22日，…。1955年3月1日，…。6月11日，… under 1950: what another year brought stands beside an entry."""
    if context.under is None or context.year != context.under or context.moon:
        return False
    if context.month is None and reading.rule != "republic":
        return False
    if reading.year in (None, context.under) or not reading.rule.startswith(_OF_ANOTHER_YEAR):
        return False
    if text[start - 1 : start] in SENTENCE_END and reading.rule == "republic":
        return (reading.year or 0) > context.under  # 1938年，6月设厂。民国34年停办。8月，
    if text[start - 1 : start] in SENTENCE_END:
        later = (reading.year or 0) > context.under and reading.rule.startswith("gregorian")
        return later and (held or reading.month is not None)
    return bool(_ENTRY.match(text[text.rfind("。", 0, start) + 1 : start]))


_SEASON_ENDS = {"春": 5, "夏": 8, "秋": 11, "冬": 12}


def returned(text: str, last: int, start: int, context: Context) -> Context:
    """The context at `start`, where an aside may be over that ran on at `last`."""
    aside = context.aside
    if aside is None:
        return context
    of_chronicle = (
        aside.month is not None and aside.before.under is not None and aside.before.under == aside.before.year
    )
    if of_chronicle and _GOES_ON.match(text, start):  # 是月, 是年, 27日 of the chronicle of a year
        told_here = _YEAR_HERE.search(text, text.rfind("。", 0, start) + 1, start)
        return context if told_here else aside.before
    if not any(mark in text[last:start] for mark in aside.until):
        return context
    if aside.month is None:
        return aside.before
    if text[start - 1] != "。":
        return context
    if context.month is None and text.startswith(("本月", "同月", "是月", "当月"), start):
        return aside.before
    if text.startswith("本年", start):
        return aside.before
    month = _BARE_MONTH.match(text, start)
    told = number(month[0][:-1]) or 0 if month else _SEASON_ENDS.get(text[start], 0)
    if of_chronicle and not told:
        return context
    return aside.before if (aside.before.month or 0) <= told < aside.month else replace(context, aside=None)


def carried(text: str, start: int, reading: Reading, context: Context) -> Context:
    """The context after a reading. A date in brackets is an aside; a stretch that opens a sentence ends the year."""
    if reading.year is not None:
        if any(told(text, start, reading, context) for told in (_levied, _compared, _of_a_thing)):
            return context
        of_month = last_day(reading)
        reign = reign_told(reading, context)
        base, told = _base(reading, context), _told(reading, context)
        return replace(
            context,
            year=reading.year,
            month=reading.month,
            moon=reading.moon,
            reign=reign,
            day=of_month,
            base=base,
            told=told,
            short=reading.rule == "gregorian-short" or (context.short and leans(reading)),
            run=_run(reading, context),
            paired=_paired(text, start, reading, context),
            pair_day=reading.precision is Precision.DAY and ends_with_pair(text, reading.stop),
            first_day=_first_day(reading, context),
            leaning=context.leaning and leans(reading),
            leap=reading.leap or (context.leap and reading.rule in _OF_MONTH and reading.month == context.month),
            latest=max(told or reading.year, context.latest or reading.year),
            whole=_whole(reading),
            aside=_aside(text, start, reading, context),
            entry=_entry(text, start, reading) or context.entry,
        )
    if reading.rule == "reign" and reading.era is not None and (context.year is None or context.moon):
        context = _of_era(reading.era, context)
    if reading.rule == "period" and _OF_REPUBLIC.match(text, start) and reading.start == _REPUBLIC_BEGAN:
        context = replace(context, reign=Reign(_REPUBLIC, 38, _REPUBLIC, False, whole=True))
    if reading.rule in ("decade", "century"):
        context = replace(context, century=reading.century)
    if (event := _year_of_event(reading)) and _tells_a_step(text, reading, event, context):
        return replace(
            context, year=event, month=None, moon=False, reign=None, day=None, told=event, run=1, leaning=False
        )
    if (
        reading.rule == "period" and _year_of_event(reading) == context.year and reading.start == reading.end
    ):  # 1931年“九一八”…次日
        return replace(context, month=civil(reading.start or 0)[1], moon=False, day=reading.start, first_day=None)
    opens = start == 0 or text[start - 1] in SENTENCE_END
    if not opens or context.year is None or reading.start is None or reading.end is None:
        return context
    first, last = years_span(context.year, context.year)
    return (
        Context(own=context.own, reign=context.reign if reading.era else None)
        if reading.end < first or reading.start > last
        else context
    )

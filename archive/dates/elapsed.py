"""Rules that count days, months and years from what was told before, or from the day of writing: 次日, 三天后, 昨日."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.dates import dated, years
from archive.dates.calendar import civil, month_span
from archive.dates.context import Context
from archive.dates.numerals import number
from archive.dates.patterns import alternation
from archive.dates.reading import Reading, gregorian_day, year_span
from archive.dates.surroundings import by_reign, of_diary, recurs, sentence
from archive.model.records import Precision

DAYS_OFF = {
    **dict.fromkeys(
        ("同日", "是日", "当日", "当天", "当晚", "当夜", "是夜", "是晚", "同晚", "即日", "该日", "此日", "本日"), 0
    ),
    **dict.fromkeys(
        ("次日", "翌日", "越日", "逾日", "第二天", "第二日", "翌晨", "次晨", "隔日", "明日", "翌晚", "次晚"), 1
    ),
    **dict.fromkeys(("前一日", "前一天", "前一晚", "头一天", "先一日"), -1),
    **dict.fromkeys(("第三天", "第三日"), 2),
    **dict.fromkeys(("第四天", "第四日"), 3),
}
_CLAUSE = r"(?:^|(?<=[,。;:!?、\n“)]))"
# These point back only where a clause begins with them: not 这天气, 庙会那天.
_POINTING = ("这天", "这一天", "这日", "那天", "那一天", "那日", "同一天")
DAY_HEAD = (
    rf"(?<![入幕展会假程续是个的光黎])(?:{alternation(DAYS_OFF)})"
    r"(?!起|[的子]|(?<=日)[本军寇伪籍商货语元报])"
    r"|(?<=[后世故亡]的)(?:第二天|次日|翌日|当天|当晚)"
    r"|(?<=[是到])(?:第二天|次日|翌日)(?=清晨|早|上午|中午|下午|傍晚|晚|夜|凌晨|黎明|拂晓|天亮)"
    rf"|{_CLAUSE}(?:{alternation(_POINTING)})(?![的子起气空真边然地里本军])"
)
DAYS_OFF.update(dict.fromkeys(_POINTING, 0))
_DAYS = re.compile(alternation(DAYS_OFF))
_OF_WRITING = frozenset(("当天", "当日", "当晚", "当夜"))
# What is counted from the day a text was written.
OWN_DAYS = {
    **dict.fromkeys(("今天", "今日", "今晨", "今早", "今午", "今晚", "今夜"), 0),
    **dict.fromkeys(("昨", "昨天", "昨日", "昨晚", "昨夕", "昨夜", "昨晨", "昨早"), -1),
    **dict.fromkeys(("前天", "前日", "前晚"), -2),
    **dict.fromkeys(("明天", "明日", "明晨", "明早", "明晚"), 1),
    **dict.fromkeys(("后天",), 2),
}
_OPENS_CLAUSE = re.compile("昨(?![天日晚夕夜晨早])")
# 到今天 of a story is nowadays; 截至今天, 到今天上午 and 昨晚至今晨 are days. 目今 is nowadays, 项目今天 is not.
_TILL = (
    r"(?<=截至)|(?<=截止到)|(?<=[昨前][天日晚夜晨][到至])|(?<=[到至])(?=今[天日晚晨](?:\(|[上下中]午|凌晨|早|晚|夜|\d))"
)
_DAY_BEFORE = r"(?<=[\d一二三四五六七八九十]日)"  # the heading of a diary: 5月31日 昨天晚上
OWN_DAY_HEAD = (
    rf"(?:(?<![一-龥])(?=昨(?![年岁今非])[一-龥])|(?<![如至到当直此以之生午日支空年月《光黎先是目])|(?<=[项栏节]目)|{_DAY_BEFORE}|(?<=[到至])(?=昨|前[天晚])|{_TILL})(?:{alternation(OWN_DAYS)})"
    r"(?![的性“]|之(?!作|事|[夜晚晨])|(?<=日)[本军寇伪籍商货语元报头]|(?<=天)[气地然])"
)
_WEEK = "(?P<which>上上?|本|这|下)个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?![期中线桥])"
OWN_DAY_HEAD += "|" + re.sub(r"\\?P<\\w+>", "?:", _WEEK)
_WEEKDAY = re.compile(_WEEK)
WEEKS = frozenset(which + unit for which in "上本这下" for unit in "上个周星礼")  # the first two characters of it
_OWN_DAYS = re.compile(alternation(OWN_DAYS))

_YEARS_AGO = re.compile(r"(?P<count>\d{1,3}|[一二三四五六七八九十百]{1,4})年前的$")
_DATELINE = re.compile("[讯电]|消息|报道")


def _of_heading(text: str, position: int) -> bool:
    """Whether a day is that of a diary or a notice that begins with its date: 1969年5月31日 昨天晚上, …书：今日为."""
    near = text[position] not in "昨前" and text[position - 1] not in ":“"
    return of_diary(text, position, near=near)


_LED = r"(?:^|(?<=[,。;:!?、\n“)于在他她我并]))"
_SOME = "[数几]"  # from two to nine
_COUNT = rf"(?:\d{{1,2}}|[一二两三四五六七八九十]{{1,3}}|{_SOME})"
_UNIT = "天|日|个?星期|周|礼拜|个?月|年"
_BEHIND = r"(?:之后|以后|后)(?![来代备勤续期方裔者]|的(?![春夏秋冬\d正腊]|[一二三四五六七八九十]{1,2}月)|,?即)"
LATER_HEAD = (
    rf"{_LED}(?:[又再]?(?:过了?|隔了?|经过)?(?:{_COUNT}(?:{_UNIT})|半个?[月年]){_BEHIND}"
    rf"|过了{_COUNT}(?:{_UNIT})(?=,)|[又其]?后{_COUNT}(?:年|月|日)(?=[卒薨殁始乃而复又遂,])(?!,?即)"
    rf"|[又再](?:过了?|隔了?){_COUNT}(?:{_UNIT})(?![{{多余来间内的]|以[上内来后前下及]|之|就|才)"
    rf"|[越逾又阅](?:{_COUNT}(?:年|月|日))(?![多余来间内前后级制代的之半份期]|以[上内来后前下及]|一度|,?即)(?=[,一-龥]))"
)
_NUMERALS, _UNITS = "一二两三四五六七八九十", "天日星周礼个月年"
# The first two characters of what LATER_HEAD matches.
OPENINGS = frozenset(
    first + second
    for firsts, seconds in (
        (_NUMERALS, _NUMERALS + _UNITS),
        ("123456789", "0123456789" + _UNITS),
        ("数几", _UNITS),
        ("半", "个月年"),
        ("又再", _NUMERALS + "0123456789数几半过隔经"),
        ("越逾阅", _NUMERALS + "0123456789"),
        ("过隔", _NUMERALS + "0123456789数几半了"),
        ("经", "过"),
        ("后", _NUMERALS),
        ("又其", "后"),
    )
    for first in firsts
    for second in seconds
)
_LATER = re.compile(
    rf"[又再越逾阅其]?后?(?:过了?|隔了?|经过)?(?P<count>{_COUNT}|半个?)(?P<unit>{_UNIT})(?:之后|以后|后)?"
)
# A rule or a wish and no event: 签订三十天后生效 and the like where something is laid down.
_LAID_DOWN = re.compile(
    "规定|凡|如果|[如若](?=[有遇无不未系属需欲])|[假倘]若|必须|应当?|方可|才能|一般|通常|每|条例|办法|可[以在于]|有效期|期满|届满"
)
_FEW, _MANY = 2, 9


_NEXT_COUNT = re.compile(r"(?<=[,。;])(?P<count>\d\d)年(?![后间来内多余代级前])")
_AHEAD = 200  # characters


def _regnal_since(text: str, match: re.Match[str], context: Context) -> Reading | None:
    """民国16年…20年后…27年: what counts of the republic go on behind is one, too."""
    reign, count = context.reign, number(match["count"]) or 0
    if reign is None or reign.moon or match["unit"] != "年" or not match[0][:2].isdigit() or count > reign.last:
        return None
    if reign.year_one + count - 1 <= reign.reached:
        return None
    following = _NEXT_COUNT.search(text, match.end(), match.end() + _AHEAD)
    if following is None or not count < int(following["count"]) <= reign.last:
        return None
    year = years.Year(reign.year_one + count - 1, False, "regnal", match.end("unit"), confidence=0.6)
    reading = dated.from_year(text, year, match.start())
    return dated.extended(text, reading) if reading else None


_TOLD_NEXT = re.compile("[正就]?是|为")  # 那天是1969年4月13日: told by what follows


def relative_day(text: str, position: int, context: Context) -> Reading | None:
    """次日, 当晚, 前一天: so many days from the day told last."""
    match = _DAYS.match(text, position)
    if match and context.day is None and context.leaning and context.own and context.own.day is not None:
        opens = not text[position - 1 : position] or text[position - 1] in ",。;\n"
        if opens and match[0] in _OF_WRITING:  # 当晚，代表团离县: of a report that tells no other day
            return replace(_on(context.own.day, context, match.end(), 0.6), rule="own")
    base = context.entry if match and (context.day is None or match[0] == "本日") else context.day
    if not match or base is None or recurs(text, position):
        return None
    if (told := _TOLD_NEXT.match(text, match.end())) and dated.date(text, told.end(), context.year):
        return None
    if match[0].startswith("第") and context.first_day is not None:
        base = context.first_day
    return _on(base + DAYS_OFF[match[0]], context, match.end(), 0.8)


_PRINTED_LATER = 7  # days that a report may lie before the paper that prints it
_TO_NOW = re.compile(
    r"(?:[上中下]午|[晚夜][上间里]?|清?[早晨])?(?:\d{1,2}[点时](?:\d{1,2}分)?)?[到至]今(?![年天日晚晨早夜])"
)


def own_day(text: str, position: int, context: Context) -> Reading | None:
    """昨日, 今晨, 前天: from the day a text was written."""
    match = _OWN_DAYS.match(text, position)
    written, rule = context.own.day if context.own else None, "own"
    if context.entry is not None and (written is None or 0 <= written - context.entry <= _PRINTED_LATER):
        written, rule = context.entry, "relative" if written is None else "own"
    if written is None and (_DATELINE.search(text[max(0, position - 40) : position]) or _of_heading(text, position)):
        written, rule = context.day, "relative"  # 1986年5月4日讯 昨天，
    if written is None and match and (told := dated.date(text, match.end() + 1)) and told.precision is Precision.DAY:
        written, rule = told.start, "relative"  # 今天，2020年8月16日
    if written is not None and rule != "own" and _OPENS_CLAUSE.match(text, position):
        return None  # 昨赴省府 is yesterday only where the day of writing is known
    back = _YEARS_AGO.search(text[max(0, position - 8) : position])
    written = context.day if written is None and back else written
    week = _WEEKDAY.match(text, position)
    if not (match or week) or written is None:
        return None
    found = written + OWN_DAYS[match[0]] if match else _of_week(week, written) if week else written
    match = match or week
    assert match
    if back:  # 50年前的今天
        year, month, of_month = civil(found)
        then = gregorian_day(year - (number(back["count"]) or 0), month, of_month)
        return None if then is None else Reading(then, then, Precision.DAY, rule, match.end(), confidence=0.7)
    if found < written and (now := _TO_NOW.match(text, match.end())):  # 昨天上午10点至今
        year, month, _ = civil(written)
        return Reading(found, written, Precision.RANGE, rule, now.end(), year, month, False, 0.7)
    if rule == "relative" and context.moon:  # 昨日 of a diary that counts by the moon
        return _on(found, context, match.end(), 0.7)
    year, month, _ = civil(found)
    return Reading(found, found, Precision.DAY, rule, match.end(), year, month, False, 0.7)


def _of_week(match: re.Match[str], written: int) -> int:
    """本周五, 上星期日: a day of the week that `written` lies in, the last or the next; weeks begin on Monday."""
    weeks = {"上": -1, "上上": -2, "下": 1}.get(match["which"], 0)
    return written - written % 7 + 7 * weeks + "一二三四五六日".index(match["weekday"].replace("天", "日"))


def later(text: str, position: int, context: Context) -> Reading | None:
    """三天后, 半个月后, 两年后, 越三年, 又五年: so much later than what was told last."""
    match = _LATER.match(text, position)
    if (
        not match
        or context.told is None  # nothing told here to count from
        or recurs(text, position)
        or _LAID_DOWN.search(_whole_sentence(text, position))
    ):
        return None
    if counted := _regnal_since(text, match, context):
        return counted
    written, unit = match["count"], match["unit"].removeprefix("个")
    if written.startswith("半"):
        counts = (6, 6) if unit == "年" else (15, 15)
        unit = "月" if unit == "年" else "日"
    elif written in _SOME:
        counts = (_FEW, _MANY)
    else:
        count = number(written) or 0
        counts = (count, count)
    if not counts[0] or (match[0][0] == "又" and unit == "年" and _of_reign(context, counts[0])):
        return None
    return _LATER_BY[unit](text, context, counts, match.end())


_MANY_YEARS = 10


def _of_reign(context: Context, count: int) -> bool:
    """Whether 又四十九年 is a year of the era in progress, and not so much later."""
    reign = context.reign
    return (
        reign is not None
        and count >= _MANY_YEARS
        and reign.reached < reign.year_one + count - 1
        and count <= reign.last
    )


def _whole_sentence(text: str, position: int) -> str:
    end = min((found for mark in "。;!?\n" if (found := text.find(mark, position)) >= 0), default=len(text))
    return sentence(text, position) + text[position : min(end, position + 40)]


def _days(text: str, context: Context, counts: tuple[int, int], stop: int) -> Reading | None:
    if context.day is None:
        return None
    if counts[0] == counts[1]:
        return _on(context.day + counts[0], context, stop, 0.7)
    first, last = context.day + counts[0], context.day + counts[1]
    year, month, _ = civil(first)
    return Reading(first, last, Precision.RANGE, "relative", stop, year, month, confidence=0.5)


def _weeks(text: str, context: Context, counts: tuple[int, int], stop: int) -> Reading | None:
    return _days(text, context, (7 * counts[0], 7 * counts[1]), stop)


def _months(text: str, context: Context, counts: tuple[int, int], stop: int) -> Reading | None:
    if context.year is None or context.month is None or context.moon:
        return None
    first, last = (divmod(12 * context.year + context.month - 1 + count, 12) for count in counts)
    span = month_span(first[0], first[1] + 1)[0], month_span(last[0], last[1] + 1)[1]
    precise = first == last
    return Reading(
        *span, Precision.MONTH if precise else Precision.RANGE, "relative", stop, first[0],
        first[1] + 1 if precise else None, confidence=0.7 if precise else 0.5,
    )  # fmt: skip


def _years(text: str, context: Context, counts: tuple[int, int], stop: int) -> Reading | None:
    if context.year is None:
        return None
    moon = by_reign(context)
    first, last = context.year + counts[0], context.year + counts[1]
    if first == last:
        civil = years.civil_gloss(text, stop)
        if civil is not None and civil != first and civil > (context.told or 0) and not moon:  # 八年后（1906）
            first = civil
        year = years.Year(first, moon, "relative", stop, confidence=0.7)
        return dated.from_year(text, year, stop)  # 两年后的春天
    span = year_span(first, moon)[0], year_span(last, moon)[1]
    return Reading(*span, Precision.RANGE, "relative", stop, first, None, moon, 0.5)


_LATER_BY = {"天": _days, "日": _days, "星期": _weeks, "周": _weeks, "礼拜": _weeks, "月": _months, "年": _years}

THESE_HEAD = rf"{_CLAUSE}[这此](?=[两二三四五六]年)"
_THESE = re.compile("[这此](?P<count>[两二三四五六])年(?![间里内来多中级])")


def these_years(text: str, position: int, context: Context) -> Reading | None:
    """1957年…1958年…这两年: the years told one after another; else, where it was written, the last years till then."""
    match = _THESE.match(text, position)
    count = number(match["count"]) if match else None
    if not match or not count:
        return None
    if context.run == count and context.year is not None:
        last, rule = context.year, "relative"
    elif context.own and not context.own.printed and context.told is None:
        last, rule = context.own.year, "own"
    else:
        return None
    moon = by_reign(context) and rule == "relative"
    span = year_span(last - count + 1, moon)[0], year_span(last, moon)[1]
    return Reading(*span, Precision.RANGE, rule, match.end(), last, None, moon, 0.7)


def _on(found: int, context: Context, stop: int, confidence: float) -> Reading:
    year, month, _ = civil(found) if not context.moon else (context.year or 0, context.month or 0, 0)
    return Reading(found, found, Precision.DAY, "relative", stop, year, month, context.moon, confidence)

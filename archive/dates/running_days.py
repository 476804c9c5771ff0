"""Rules for days without their month: 24日, 初二日, 财政部7日公布."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.dates import ganzhi, lunar, of_month, within
from archive.dates.calendar import civil
from archive.dates.context import Context, Own
from archive.dates.numerals import NUMBER_CLASS, number
from archive.dates.of_month import YearPart
from archive.dates.reading import Reading, gregorian_day
from archive.dates.surroundings import (
    LASTED,
    OF_A_WORD,
    TO_COME,
    by_reign,
    lasted,
    of_diary,
    reading_of,
    recurs,
    sentence,
)
from archive.model.records import Precision

_AFTER_DAY = re.compile(r"[,。、;:(起至-]|$|[上下]午|凌晨|拂晓|清?早|早?晨|晚|夜|黎明|中午|傍晚")
_HOUR_BEHIND = re.compile("[上下]午|凌晨|拂晓|清晨|早晨?|黎明|傍晚")
_NO_DAY = re.compile(r"[内后前间元之而不未]")


def day(text: str, position: int, context: Context) -> Reading | None:
    """24日 in the running month, or in that of the day of writing: 财政部7日公布."""
    context, by_own = _in_own_month(text, position, context)
    if context.year is None or context.month is None or recurs(text, position):
        return None
    before = text[position - 1 : position]
    led = before in _LEADS_TO_DAY and text[position - 2 : position - 1] != "不"
    known = context.own is not None and context.own.day is not None
    led = led or text.endswith(("就是", "即"), 0, position)  # 第三天，也就是31号
    led = led or (known and before in ("讯", "电") and not text.startswith(("电", "讯"), position + 1))  # 本报讯 十三日
    in_row = before == "、" and context.day is not None and text[position - 2 : position - 1] in _ENDS_A_DAY
    led = led or in_row  # 20、21、23日三次
    of_the_month = text.endswith("月之", 0, position)  # 是月之四日
    led = led or of_the_month
    quoted = before == "“" and text[position - 2 : position - 1] in ("。", "!", "?")
    starts = not before or before in ",。;:\n" or led or quoted
    if before and before in "月年.第-":
        return None
    so_long = before in LASTED and not OF_A_WORD.search(text[max(0, position - 2) : position])
    found = of_month.day_alone(text, position, context.year, context.month, context.moon, context.leap)
    so_long = so_long and not (found and text.startswith(("一天", "当天", "这天", "那天"), found.stop))
    if not found or lasted(text, position, found) or _goes_back(text, position, found, context):
        return None
    told_small = text[position] in "二三四五六七八九" and len(text[position : found.stop]) == 2
    # 七日复台湾; a day is 初七日
    if told_small and by_reign(context) and not (of_the_month or _reported(text, found.stop, context)):
        return None
    if not starts and (text[found.stop - 1] == "号" or so_long):  # 神舟十三号, 门牌11号, 达5日
        return None
    if (
        not starts and not text[position].isascii() and not _reported(text, found.stop, context)
    ):  # 会议十五日闭幕, but not 历时十五日, 三日内
        late = found.span[0] - of_month.month_first(found.span[0], context.moon) > 9
        if not late or before in NUMBER_CLASS or not "一" <= before <= "龥":
            return None
        if _NO_DAY.match(text, found.stop):
            return None
        if _AFTER_DAY.match(text, found.stop) and not _HOUR_BEHIND.match(text, found.stop):  # 二十四日早晨
            return None
    elif not _AFTER_DAY.match(text, found.stop):
        did = not starts and not so_long and _did(text, found.stop, context)
        if not did and (not starts or (_SPAN_AFTER if led else _NO_DAY).match(text, found.stop)):
            return None
    reading = reading_of(found, "day", context, 0.8)
    return replace(reading, rule="own", confidence=0.6) if by_own else reading


_ENDS_A_DAY = frozenset("日号0123456789一二三四五六七八九十")
_SPAN_AFTER = re.compile("[内后前间元之]")  # behind 至二十七日 goes on what did not end: 不绝
_BARE = re.compile(r"(?P<day>\d{1,2}|[一二三四五六七八九十廿卅]{1,3})[日号]")
_RECENT, _JUST_NOW, _AHEAD = 10, 4, 7  # days before the day of writing, or behind it


def _in_own_month(text: str, position: int, context: Context) -> tuple[Context, bool]:
    """The context in which a bare day of a dated report is to be read, and whether that is the day of writing's month.

    It is where no month was told, or only one that the report speaks of (今年4月…财政部7日公布, 从11月底…25日，).
    """
    own, match = context.own, _BARE.match(text, position)
    count = number(match["day"]) if match else None
    if own is None or own.day is None or match is None or not count or context.year is None:
        return context, False
    year, month, of_month = civil(own.day)
    last_month = (year - (month == 1), month - 1 or 12)
    if context.leaning:  # 31日 of a report of the first of April; what is to come is told as such
        past = count > of_month + _AHEAD and not TO_COME.search(sentence(text, position)[-20:])
        return (replace(context, year=last_month[0], month=last_month[1]), False) if past else (context, False)
    year, month = (year, month) if count <= of_month else last_month
    meant = gregorian_day(year, month, count)
    if meant is None or own.day - meant > _RECENT or not _speaks_of(text, match.end(), context, own, meant, count):
        return context, False
    return replace(context, year=year, month=month, moon=False), True


def _speaks_of(text: str, stop: int, context: Context, own: Own, meant: int, count: int) -> bool:
    """Whether a day is rather `meant`, a day before that of writing, than one of the running month."""
    written = own.day or 0
    told = None if context.month is None or context.moon else gregorian_day(context.year or 0, context.month, count)
    if context.day is not None:  # 已于2月28日照会，国务院1日称
        return told is not None and told < context.day <= meant
    if _TOLD_BY.match(text, stop):
        return True
    if (context.year or 0) < own.year - 1:  # what lies ahead (到1967年) is spoken of from now
        return False
    return context.month is None or (told is not None and told > written) or written - meant <= _JUST_NOW


_TOLD_BY = re.compile("公布|发布|宣布|报告|报道|通报|[表提]示|指出|强调|[称说](?![赞号])|致函|致电|发表|证实|披露|援引")


# 县长10日主持会议: what somebody did on a day, not for so many days.
_DID = re.compile(
    "主持|表示|宣布|会见|会谈|举行|召开|出席|抵达?|[离到]|返[回县]|发[表布出]|致电|签[署订发]|开[幕始工]|闭幕|启动"
    "|称|说|指出|强调|在(?!内)|报道|援引|公布|证实|批准|通过|决定|呼吁|再次|继续|分别|联合|生效|确认|发生|至[1-3]"
)
# In a report of a known day 据媒体27日报道, 以军21日袭击 are days, unless what follows shows that they are counted.
_SO_MANY_DAYS = re.compile(
    "[内后前间元之而不未余多游程期均龄假工量份次]|以[内上下]|的(?![最新消袭数报声一])|左右|行程|时间|有余"
)


_BY_WIRE = re.compile(r"\(?[^,。\n]{0,24}[电讯][)“:,]")  # 【新华社某地十一日电】
_POSTED = re.compile("所?[发寄](?![展表布动生出言明])")  # 得家信一日发
_WIRED = re.compile("(?:专|急|特)?[讯电](?![影话灯力站厂])|消息[:,]")  # 新华社北京六日电, 本报六日讯


def _reported(text: str, stop: int, context: Context) -> bool:
    """Whether a day in numerals is one of a report: 新华社六日电, and 大会五日开幕 where its own day is known."""
    known = context.own is not None and context.own.day is not None
    of_known = known and (_DID.match(text, stop) or _BY_WIRE.match(text) or _POSTED.match(text, stop))
    return bool(_WIRED.match(text, stop) or of_known)


def _did(text: str, stop: int, context: Context) -> bool:
    """Whether what follows a day in the midst of a clause tells what was done on it."""
    known = (context.own and context.own.day is not None) or of_diary(text, stop)
    if known and not _SO_MANY_DAYS.match(text, stop):
        return True
    return bool(_DID.match(text, stop))


_MONTHS = "一二三四五六七八九十"
_HOURS = "一?早|[晚夜]|[上中下]午|凌晨|[那这]天|到|就|才|开[拔船]"
LUNAR_DAY_HEAD = (
    rf"(?:^|(?<=[,。;:、\n至]))(?:初[{_MONTHS}](?![{_MONTHS}级中小步期次届])"
    # 腊月二十三…，二十四一早开拔
    rf"|(?:十|二十|廿)[{_MONTHS[:-1]}](?=一早|早[上晨]|晚上|夜[里间]|[上中下]午(?!\d)|凌晨|天[亮没]|[那这]天)"
    rf"|(?:[朔望晦]日|既望)(?=[,夜]|[一-龥]))"
    rf"|(?<=[以于])初[{_MONTHS}](?=日)"
)
LUNAR_OPENINGS = frozenset(
    (*(f"{ten}{count}" for ten in "初十廿" for count in _MONTHS), "二十", "朔日", "望日", "晦日", "既望")
)
_LUNAR_DAY = re.compile(LUNAR_DAY_HEAD)
_OF_SCHOOL = re.compile("的?(?:学|年级|班|毕业|课|[数语英物化]|补|复习|下?册)|[(\\d]")
LUNAR_DAY_OF_STORY = re.compile(f"日|{_HOURS}")
_DAY_TOLD = re.compile("[日望朔晦]|初[一二三四五六七八九十]")
_LEADS_TO_DAY = frozenset("于至到自从迄在")


def _goes_back(text: str, position: int, found: YearPart, context: Context) -> bool:
    """Whether a day lies before the one told last in its sentence: 8月21日至23日连降暴雨，三日降水 counts days."""
    if context.day is None or found.span[0] >= context.day or found.precision is not Precision.DAY:
        return False
    told = text[position].isascii() or text[position - 1] in _LEADS_TO_DAY or _reported(text, found.stop, context)
    if told and context.own and context.own.day is not None:  # 国防军22日称，21日夜间; 六日讯，大会于五日开幕
        return False
    if text[position : position + 2].isdigit() and text[position].isascii() and context.day - found.span[0] < _JUST_NOW:
        return False  # 26日至31日…，30日歼敌
    return bool(_DAY_TOLD.search(sentence(text, position)))


def lunar_day(text: str, position: int, context: Context) -> Reading | None:
    """初二日 in the running lunar month, or in the next one where that day is past: 腊月三十…初一早上开拔."""
    if not context.moon or context.year is None or context.month is None:
        return None
    match = _LUNAR_DAY.match(text, position)
    if match is None:
        return None
    stop = match.end()
    of_day = text.startswith("日", stop)
    goes_on = context.day is not None and not _OF_SCHOOL.match(text, stop)  # 八月初二…，初五开会
    if not (of_day or by_reign(context) or goes_on or LUNAR_DAY_OF_STORY.match(text, stop)):  # 初三学生
        return None
    if match[0][0] in "朔望晦既":
        return _by_the_phase(text, position, match, context)
    count = number(match[0]) or 0
    found = lunar.day(context.year, context.month, count, context.leap)
    if found is not None and context.day is not None and found < context.day:
        year, month = (context.year, context.month + 1) if context.month < 12 else (context.year + 1, 1)
        context = replace(context, year=year, month=month, leap=False, day=None)
        found = lunar.day(year, month, count)
    if of_day and text[position - 1 : position] not in ("以", "于"):
        return day(text, position, context)
    stop += of_day
    if found is None or recurs(text, position):
        return None
    return reading_of(YearPart((found, found), Precision.DAY, stop, context.month, True), "day", context, 0.7)


def _by_the_phase(text: str, position: int, match: re.Match[str], context: Context) -> Reading | None:
    """望日 of the running lunar month."""
    found = within.part(f"{'闰' * context.leap}{context.month}月{match[0]}", 0, context.year or 0, True)
    if found is None or found.precision is not Precision.DAY or recurs(text, position):
        return None
    return reading_of(replace(found, stop=match.end()), "day", context, 0.7)


# 三月癸亥，…。丁丑，…: behind a day told by its sexagenary name, one that opens a clause or leads on from it.
PAIR_DAY_HEAD = (
    rf"(?:(?<=[,。;、至])|(?<=[。!?]“)){ganzhi.PATTERN}(?![年岁科{ganzhi.BRANCHES}]|闰?[正腊冬一二三四五六七八九十]{{1,2}}月)"
    rf"|(?<=[一-龥]){ganzhi.PATTERN}日(?=[一-龥])"  # 改辛丑日入贺
)
_PAIR_DAY = re.compile(rf"(?P<pair>{ganzhi.PATTERN})[日朔晦]?")


def pair_day(text: str, position: int, context: Context) -> Reading | None:
    """丁丑 behind 三月癸亥: the next day of that name in the running lunar month."""
    match = _PAIR_DAY.match(text, position)
    if not match or context.year is None or context.month is None or not context.moon:
        return None
    # 十二月。戊子朔。 In a text of reigns the first pair behind a month is a day, too: 正月，大疫。丁丑，
    headed = text[position - 2 : position - 1] == "月" or match[0].endswith("朔")
    headed = headed or (by_reign(context) and not context.paired and text.startswith(",", match.end()))
    span = of_month.named_month(context.year, context.month, context.leap, True) if headed else None
    since = context.day if context.pair_day else span[0] if span else None
    index = ganzhi.index(match["pair"])
    if since is None or index is None:
        return None
    found = since + (index - ganzhi.day_index(since)) % 60
    if of_month.month_first(found, True) != of_month.month_first(since, True):
        return None
    return reading_of(YearPart((found, found), Precision.DAY, match.end(), context.month, True), "day", context, 0.7)

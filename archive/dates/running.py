"""Rules that lean on what was said before: 3月5日, 24日, 同年秋, 年底, 越三年己酉."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.dates import dated, lunar, of_month, within, years
from archive.dates.calendar import civil
from archive.dates.context import Context, Own
from archive.dates.feasts import FEAST, FEAST_NAMES, SPOKEN_NAMES, is_lunar
from archive.dates.numerals import DIGIT_CLASS, NUMBER_CLASS
from archive.dates.of_month import YearPart
from archive.dates.patterns import alternation
from archive.dates.reading import Reading, gregorian_day, season_span, year_span
from archive.dates.surroundings import CLAUSE, SENTENCE_END, by_reign, reading_of, recurs, sentence
from archive.model.records import Precision

YEARS_OFF = {
    "隔年": 1, "转过年来": 1, "转过年": 1, "其年": 0,
    "同年": 0, "是年": 0, "是岁": 0, "当年": 0, "本年": 0, "该年": 0, "此年": 0, "本年度": 0, "该年度": 0,
    "当年度": 0, "同年度": 0, "这一年": 0, "那一年": 0, "这年": 0, "那年": 0, "次年": 1, "翌年": 1, "明年": 1,
    "第二年": 1, "次岁": 1, "翌岁": 1, "越明年": 1, "又明年": 1, "又次年": 1, "逾年": 1, "明岁": 1, "越岁": 1, 
    "逾岁": 1, "后一年": 1, "越年": 1, "转年": 1, "来年": 1, "下一年": 1,
    "下一年度": 1, "下年": 1, "下年度": 1, "次年度": 1, "第三年": 2, "第四年": 3, "第五年": 4, "上年": -1, "上一年": -1,
    "上年度": -1, "上一年度": -1, "前一年": -1, **{f"{next_}{season}": 1 for next_ in "翌次" for season in "春夏秋冬"},
}  # fmt: skip
# 1941年…第二年…第三年 all count from 1941, whatever year was told in between.
_ORDINALS = frozenset(("第二年", "第三年", "第四年", "第五年"))
# 这年 and 那年 mean the running year only where a clause or such a word begins with them.
_POINTING = frozenset(("这年", "那年", "这一年", "那一年", "前一年"))
_TOLD_NEXT = re.compile("[正就]?是|为")  # 那年是1960年: told by what follows
_LEADS_TO = frozenset(("", *",。;:、!?“(\n在到从自于就是即至和与比较"))
_SENTENCE_OPENS = frozenset(("", *",。;!?\n"))
_NEXT = re.compile("[又复再即便才遂乃,](?![一两三]次)")  # 隔年又至
_COUNTS_ON = frozenset("起开以的级度")
# 冬季首次考试: what was done then; 冬季 alone may be that of every year.
_DONE = (
    "(?=[首再]次|全[县区市乡社村]|[县区乡社]里?(?!城)|我|又|始|掀起|大[旱水涝搞办炼雪雨风]"
    "|征兵|招[生工考]|考|赴|[入返回离]|参[加军])"
)
_TO_NEXT = r"季?[至到](?:[次翌来]年|第二年|\d{4}年)"
_TROUBLES = "粮荒|饥荒|大旱|旱[灾情]|水灾|洪[水灾]|霜[冻灾]|雹灾|会战|攻势"  # 渡过春季粮荒: what happens once
_OUTCOMES = "[又复再]?(?:大?[旱水雨蝗饥霜雹疫涝歉稔]|[无不少多恒][雨雪]|恒[旸阳燠寒])|[又复再]"
_MONTHS = "一二三四五六七八九十"

# Where such an expression may begin.
# 迎来年货, 学前一年班, 东明年用水: the first half belongs to the word before.
_TORN = "(?<=[迎带回出上过下起传送进原历本未从以十])来年|(?<=学)前一年|(?<=[东昆光文])明年|(?<=[天以如之部乡地上])下年"
YEAR_HEAD = (
    rf"(?<![年月近续入])(?!{_TORN})(?:{alternation(YEARS_OFF)})(?![轻龄度级少头代月均货画俗纪]|年(?![初底末终中]))"
)
RANKS = "初早仲盛深晚暮隆严寒金残"
_RANKED = f"[{RANKS}][春夏秋冬]"
SEASON_HEAD = (
    rf"(?:^|(?<=[,。;!?\n“]))[春夏秋冬](?=季(?:,|{_DONE})|天|间|,|[\s\u3000]|[初末],|、?[春夏秋冬](?:之[交际]|,|{_OUTCOMES})|{_OUTCOMES}|{_TO_NEXT})"
    r"|(?<=[至到])(?:[春秋冬](?=[初末季天间,])|夏(?=[初末季天间]))"
    r"|(?<=\d岁)[春夏秋冬](?=,)"
    r"|(?<=到了)[春夏秋冬](?=[季天])"
    rf"|{CLAUSE}(?:开春|入[春夏秋冬])(?!季)"
    rf"|(?<=[了过与和])[春夏秋冬]季?(?={_TROUBLES})"
    rf"|{CLAUSE}[是其][春夏秋冬](?![天季节耕种播])"
    rf"|{CLAUSE}{_RANKED}(?=,|的一[天日个]|时节|季节|之[夜日际])"
)
# 年底 and 年初 alone: not the end of 每年, 童年, 1958年, 三年.
_PART_OF = "年同是次翌当今每历连常一去近逐全多几成少青童老中前后上本明来往"
_FEAST_IS_TOLD = "之?夜(?!饭)|晚上?,|那天|这天|当天|当日|前夕|前一[天日]|过后|刚过|[前后],"
FEAST_HEAD = rf"“?{SPOKEN_NAMES}“?节?(?={_FEAST_IS_TOLD})"
FEAST_HEAD += (
    r"|(?<=过[了完罢]|[一-龥]过|[地里家乡城村队部营]过|临近|赶在|等到|直到|刚过|快到|将近|适逢|恰逢|正值|时值|正逢|欣逢|[日号天]是|正是)"
    rf"“?{FEAST_NAMES}“?节?"
    rf"|(?<=[是次翌当今此]日为)“?{FEAST_NAMES}“?节?"  # not 确定3月12日为植树节
    rf"|(?:(?<=[,。;]到)|(?<=[熬拖住干忙挨捱闹演唱守盼等撑]到)){FEAST_NAMES}(?=,)"
    rf"|{CLAUSE}(?:大?年三十|大年初[一二三四五六七八九])"
    rf"|{CLAUSE}(?:春节|元旦|国庆|中秋)节?(?=期间|没有?|放假|加班|回家|休息|留[在守])"
)
PART_HEAD = (
    rf"(?<![\d{NUMBER_CLASS}{DIGIT_CLASS}{_PART_OF}])年(?:[初底末](?![中高])(?<!大年初)(?!(?<=初)[一二三四五六七八九十])|终(?=[,时统全已共]))"
    rf"|{CLAUSE}(?:当?年内(?=[,。竣完建投通开全可将已]|新)|全年(?=[共累完实总工农财粮生收新接]))"
    r"|(?<=[一-龥])(?<![常每历逐月级时])全年(?=[共累总达完实超建产收销购缴征上增减接]|生产)(?![共总]?(?:平均|有?无霜|日照|降|积温|收起))"
    rf"|{CLAUSE}岁[末尾暮杪]"
    r"|(?<!年)[上下]半年(?![制来多以])|(?:^|(?<=[,。;!?\n]))[前后]半年(?![制来多以])|(?<![年\d前])(?:第[一二三四1-4]|[一二三四])季度|(?<!年)前[二两三]个?季度"
    # 前四个月 of a report, where 前三个月 of a story may be those before something
    rf"|{CLAUSE}前(?:[二两三四五六七八九十]|十一)个月(?=,?[全累共本各我市县区省])"
)
_OWN_YEARS = {
    "今年": 0, "今春": 0, "今夏": 0, "今秋": 0, "今冬": 0, "去年": -1, "去春": -1, "去夏": -1, "去秋": -1, "去冬": -1,
    "前年": -2, "大前年": -3, "明年": 1, "后年": 2, "去岁": -1, "今岁": 0, "昨年": -1, "昨岁": -1, "客岁": -1,
    "昨冬": -1, "客冬": -1, "客秋": -1, "来岁": 1, "明春": 1, "明秋": 1,
}  # fmt: skip
_OWN_MONTHS = {"上月": -1, "上个月": -1, "本月": 0, "这个月": 0, "下月": 1, "下个月": 1}
OWN_HEAD = (
    r"(?!今夏[河津邑县]|(?<=[年月日以之目])[前后]年|(?<=[东昆光文三])明年)"  # 以前年, 目前年均, 昆明年产
    rf"(?:{alternation(_OWN_YEARS)}|{alternation(_OWN_MONTHS)})(?![轻龄级份])"
)

OWN_WORDS = (*_OWN_YEARS, *_OWN_MONTHS)
_OWN = re.compile(rf"{alternation(_OWN_YEARS)}|{alternation(_OWN_MONTHS)}")
_YEAR = re.compile(rf"(?P<word>{alternation(YEARS_OFF)})")
_FEAST_TOLD = re.compile(_FEAST_IS_TOLD)
_WHOLE_YEAR = re.compile("当?年内|全年")
_SEASONS_TOLD = re.compile(
    "[春夏秋冬](?:、?[春夏秋冬]|[初末])|开春|入[春夏秋冬]|" + _RANKED
)  # 秋冬之际, 秋末; not 冬天的
_THAT_SEASON = re.compile("[是其](?P<season>[春夏秋冬])")
_SEASON = re.compile(
    rf"(?P<season>[春夏秋冬])[初末]?(?:季|天|间)?(?:(?<=季){_DONE}|(?={_TROUBLES}|{_TO_NEXT})|(?=,|[\s\u3000]|(?<=[初末])|{_OUTCOMES}))"
)


def own(text: str, position: int, context: Context) -> Reading | None:
    """今年, 去冬, 上月: counted from when the text was written or the book printed, else from the year told."""
    match = _OWN.match(text, position)
    if text[position - 1 : position] in ("至", "到") and recurs(text, position):  # 每岁十月至明年四月
        return None
    told = context.year if context.told is None else context.told
    when = context.own or (Own(told) if told is not None else None)
    if not match or when is None:
        return None
    word, rule = match[0], "print" if when.printed else "own" if context.own else "relative"
    if word in _OWN_MONTHS:
        compared = text[position - 1 : position] in ("比", "较") and context.told is not None
        if compared and context.month and context.year and not context.moon:  # 11月份…较上月上升
            when, rule = Own(context.year, context.month), "relative"
        if when.month is None and _OWN_MONTHS[word] and context.year and context.month and not context.moon:
            when, rule = Own(context.year, context.month), "relative"  # 1958年3月5日…上月
        if when.month is None:
            return None
        months = 12 * when.year + when.month - 1 + _OWN_MONTHS[word]
        named = f"{months % 12 + 1}月"
        found = within.part(named + text[match.end() : match.end() + 6], 0, months // 12, False)
        if not found:
            return None
        stop = match.end() + found.stop - len(named)
        reading = reading_of(YearPart(found.span, found.precision, stop, found.month), rule, context, 0.7)
        return replace(reading, year=months // 12)
    if when.day is not None and text.startswith(("今日", "今天", "此日"), match.end()):  # 去年今日
        _, month, of_month = civil(when.day)
        then_year = when.year + _OWN_YEARS[word]
        then = gregorian_day(then_year, month, of_month)
        if then is not None:
            return Reading(then, then, Precision.DAY, rule, match.end() + 2, then_year, month, confidence=0.7)
    season = "" if word[-1] in "年岁" else word[-1]
    if not season and dated.date(text, match.end()):  # 今岁万历庚寅
        return None
    moon = context.own is None and by_reign(context)
    begun = word == "今冬" and when.month in (1, 2)  # of a report of January: the winter in progress
    # 明年秋…又明年 of a chronicle go on from one another
    counted_from = (context.year or 0) if moon else when.year - begun
    year = years.Year(counted_from + _OWN_YEARS[word], moon, rule, match.end() - len(season), confidence=0.7)
    return dated.from_year(text, year, position)


def season(text: str, position: int, context: Context) -> Reading | None:
    """秋，大旱: a season that opens a clause."""
    match = _SEASON.match(text, position) or _THAT_SEASON.match(text, position)
    if context.year is None or recurs(text, position):
        return None
    if not match:
        if not _SEASONS_TOLD.match(text, position):
            return None
        both = within.part(text, position, context.year, by_reign(context))
        return reading_of(both, "season", context, 0.8) if both and both.precision is Precision.SEASON else None
    span = season_span(context.year, match["season"], by_reign(context))
    return reading_of(YearPart(span, Precision.SEASON, match.end()), "season", context, 0.8) if span else None


def part(text: str, position: int, context: Context) -> Reading | None:
    """年底, 年初, 年内."""
    if context.year is None:
        return None
    whole = _WHOLE_YEAR.match(text, position)
    if whole:
        span = year_span(context.year, by_reign(context))
        return reading_of(YearPart(span, Precision.YEAR, whole.end()), "part", context, 0.8)
    found = within.part(text, position, context.year, False)
    return reading_of(found, "part", context, 0.8) if found else None


def year(text: str, position: int, context: Context) -> Reading | None:
    """同年10月, 是年, 次年春."""
    match = _YEAR.match(text, position)
    if not match or context.year is None:
        return None
    if text[position - 1 : position] in ("至", "到") and recurs(text, position):
        return None
    word = match["word"]
    if (
        word == "同年" and by_reign(context) and text[position - 1 : position] not in _LEADS_TO
    ):  # 张诗舲同年, of one examination
        return None
    if word[-1] in "春夏秋冬":  # 翌春
        named = years.Year(context.year + 1, by_reign(context), "relative", match.end() - 1, confidence=0.9)
        return dated.from_year(text, named, position)
    if word == "隔年" and not (
        dated.GOES_ON.match(text, match.end()) or _NEXT.match(text, match.end())
    ):  # 隔年3月 is the next one, 隔年一次 every other
        return None
    if word in _POINTING and text[position - 1 : position] not in _LEADS_TO:  # 十七岁那年, 入伍那年
        return None
    told = _TOLD_NEXT.match(text, match.end()) if word in _POINTING else None
    if told and dated.date(text, told.end(), context.year):
        return None
    if word in ("第四年", "第五年") and context.base is None:
        after = text[match.end() : match.end() + 1]
        if text[position - 1 : position] not in _SENTENCE_OPENS or after in _COUNTS_ON:  # 计划的第四年
            return None
    base = context.base if word in _ORDINALS and context.base is not None else context.year
    if word.startswith("本年") and context.own and context.told is not None:  # 去年十月…本年一月
        base = context.told
    meant = base + YEARS_OFF[word]
    whole = context.whole if meant == context.year else None  # 万历十七年（1589）。是年: the same days
    moon = by_reign(context)
    return dated.from_year(
        text, years.Year(meant, moon, "relative", match.end(), confidence=0.9, whole=whole), position
    )


def feast(text: str, position: int, context: Context) -> Reading | None:
    """除夕那天, 春节前夕: the feast of the running year, or of the next one if that is past by then."""
    match = FEAST.match(text, position)
    if not match or context.year is None or recurs(text, position):
        return None
    before = text[position - 1 : position]
    if before == "过" and (context.month is None or context.moon):  # 过春节 may be every year's
        return None
    of_new_year = text.startswith(("大年", "年三十"), position)
    if of_new_year and not context.moon and not _FEAST_TOLD.match(text, match.end()):  # 大年初一 of a story by the moon
        return None
    apart = not of_new_year and before and before not in SENTENCE_END and before != "过"
    apart = apart and not text.endswith(("日是", "号是", "天是"), 0, position)
    dated_text = context.own is not None and context.own.day is not None
    if apart and not dated_text and "年" not in sentence(text, position):
        return None
    if context.told is None and context.own and context.own.day is not None:
        return _feast_near(match, context, context.own.day)
    found = within.feast(match, context.year, context.moon)
    told = context.month and of_month.named_month(context.year, context.month, False, context.moon)
    if found and told and found.span[1] < told[0]:
        found = within.feast(match, context.year + 1, context.moon)
    return reading_of(found, "feast", context, 0.7) if found else None


def _feast_near(match: re.Match[str], context: Context, written: int) -> Reading | None:
    """除夕 of a report of February: the feast nearest to the day of writing, its month by the moon where it has one."""
    year = civil(written)[0]
    found = [one for each in (year - 1, year, year + 1) if (one := within.feast(match, each, False))]
    near = min(found, key=lambda one: abs(one.span[0] - written), default=None)
    if near is None:
        return None
    counted = lunar.date_of(near.span[0]) if is_lunar(match) else None
    if counted is None:
        return reading_of(near, "feast", replace(context, year=civil(near.span[0])[0]), 0.7)
    named = replace(near, month=counted[1].number, moon=True)
    return reading_of(named, "feast", replace(context, year=counted[0]), 0.7)

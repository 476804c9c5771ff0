"""Rules that lean on what was said before: 3月5日, 24日, 同年秋, 年底, 越三年己酉."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.dates import dated, of_month, within, years
from archive.dates.context import Context, Own
from archive.dates.feasts import FEAST, FEAST_NAMES, SPOKEN_NAMES
from archive.dates.numerals import DIGIT_CLASS, NUMBER_CLASS, number
from archive.dates.of_month import YearPart
from archive.dates.patterns import alternation
from archive.dates.reading import Reading, season_span, year_span
from archive.model.records import Precision

YEARS_OFF = {
    "隔年": 1, "转过年来": 1, "转过年": 1, "其年": 0,
    "同年": 0, "是年": 0, "是岁": 0, "当年": 0, "本年": 0, "该年": 0, "此年": 0, "本年度": 0, "该年度": 0,
    "当年度": 0, "同年度": 0, "这一年": 0, "那一年": 0, "这年": 0, "那年": 0, "次年": 1, "翌年": 1, "明年": 1,
    "第二年": 1, "次岁": 1, "翌岁": 1, "越明年": 1, "又明年": 1, "又次年": 1, "逾年": 1, "明岁": 1, "越岁": 1, 
    "逾岁": 1, "后一年": 1, "越年": 1, "转年": 1, "来年": 1, "下一年": 1,
    "下一年度": 1, "下年": 1, "下年度": 1, "次年度": 1, "第三年": 2, "第四年": 3, "第五年": 4, "上年": -1, "上一年": -1,
    "上年度": -1, "上一年度": -1, "前一年": -1,
}  # fmt: skip
# 1941年…第二年…第三年 all count from 1941, whatever year was told in between.
_ORDINALS = frozenset(("第二年", "第三年", "第四年", "第五年"))
# 这年 and 那年 mean the running year only where a clause or such a word begins with them.
_POINTING = frozenset(("这年", "那年", "这一年", "那一年", "前一年"))
_LEADS_TO = frozenset(("", *",。;:、!?“(\n在到从自于就是即至和与比较"))
_SENTENCE_OPENS = frozenset(("", *",。;!?\n"))
_NEXT = re.compile("[又复再即便才遂乃,](?![一两三]次)")  # 隔年又至
_COUNTS_ON = frozenset("起开以的级度")
_OUTCOMES = "[又复再]?(?:大?[旱水雨蝗饥霜雹疫涝歉稔]|[无不]雨)|[又复再]"
_MONTHS = "一二三四五六七八九十"

# Where such an expression may begin.
# 迎来年货, 学前一年班, 东明年用水: the first half belongs to the word before.
_TORN = "(?<=[迎带回出上过下起传送进原历本未从以十])来年|(?<=学)前一年|(?<=[东昆光文])明年|(?<=[天以如之部乡地上])下年"
YEAR_HEAD = (
    rf"(?<![年月近续入])(?!{_TORN})(?:{alternation(YEARS_OFF)})(?![轻龄度级少头代月均货画俗纪]|年(?![初底末终中]))"
)
MONTH_HEAD = "(?<![一二三四五六七八九十数几两每初首第])[同是当该本次翌]月(?!份)"
CALENDARS = tuple(f"{within.LUNAR_NAMES}|{within.SOLAR_NAMES}".split("|"))
_CALENDARS = "|".join(CALENDARS)
CALENDAR_HEAD = rf"(?:{_CALENDARS})(?:的|是|为)?(?=\d{{2,4}}年|[一二][{DIGIT_CLASS}]{{3}}年|民国)"
_CLAUSE = r"(?:^|(?<=[,。;、!?\n至到于]))"
LUNAR_HEAD = (
    rf"(?:{_CALENDARS}|[闰又])(?=[\d{_MONTHS}正腊冬闰]{{1,3}}月)|(?<![\d{_MONTHS}])[正腊冬]月|(?<![\d{_MONTHS}民公纪百千万亿余多])元月"
    rf"|{_CLAUSE}[春夏秋冬](?=闰?(?:[{_MONTHS}正腊冬]|十[一二])月)"
)
RANKS = "初早仲盛深晚暮隆严寒金残"
_RANKED = f"[{RANKS}][春夏秋冬]"
SEASON_HEAD = (
    rf"(?:^|(?<=[,。;!?\n]))[春夏秋冬](?=季,|天|间|,|[\s\u3000]|[初末],|[春夏秋冬](?:之[交际]|,)|{_OUTCOMES})"
    r"|(?<=[至到])(?:[春秋冬](?=[初末季天间,])|夏(?=[初末季天间]))"
    r"|(?<=\d岁)[春夏秋冬](?=,)"
    rf"|{_CLAUSE}(?:开春|入[春夏秋冬])(?!季)"
    rf"|{_CLAUSE}[是其][春夏秋冬](?![天季节耕种播])"
    rf"|{_CLAUSE}{_RANKED}(?=,|的一[天日个]|时节|季节|之[夜日际])"
)
# 年底 and 年初 alone: not the end of 每年, 童年, 1958年, 三年.
_PART_OF = "年同是次翌当今每历连常一去近逐全多几成少青童老中前后上本明来往"
PART_OF_MONTH_HEAD = (
    rf"(?<![\d{NUMBER_CLASS}{DIGIT_CLASS}年每逐按个几同当本是该上下半正腊冬闰岁满弥])月[底末初](?![中高级小等])"
    rf"|{_CLAUSE}[上中下]旬"
)
FEAST_HEAD = rf"“?{SPOKEN_NAMES}“?节?(?=之?夜(?!饭)|晚上?,|那天|这天|当天|当日|前夕|前一[天日]|过后|刚过|[前后],)"
FEAST_HEAD += (
    r"|(?<=过[了完罢]|[地里家乡城村队部营]过|临近|赶在|等到|直到|刚过|快到|将近|适逢|恰逢|正值|时值|正逢|欣逢|[日号天]是|日为|正是)"
    rf"“?{FEAST_NAMES}“?节?"
    rf"|(?<=[,。;]到){FEAST_NAMES}(?=,)"
)
PART_HEAD = (
    rf"(?<![\d{NUMBER_CLASS}{DIGIT_CLASS}{_PART_OF}])年(?:[初底末](?![中高])(?<!大年初)(?!(?<=初)[一二三四五六七八九十])|终(?=[,时统全已共]))"
    rf"|{_CLAUSE}(?:当?年内(?=[,。竣完建投通开全可将已]|新)|全年(?=[共累完实总工农财粮生收新接]))"
    r"|(?<=[一-龥])(?<![常每历逐月级时])全年(?=[共累总达完实超建产收销购缴征上增减接]|生产)(?![共总]?(?:平均|有?无霜|日照|降|积温|收起))"
    rf"|{_CLAUSE}岁[末尾暮杪]"
    r"|(?<!年)[上下]半年(?![制来多以])|(?:^|(?<=[,。;!?\n]))[前后]半年(?![制来多以])|(?<![年\d前])(?:第[一二三四1-4]|[一二三四])季度|(?<!年)前[二两三]个?季度"
    # 前四个月 of a report, where 前三个月 of a story may be those before something
    rf"|{_CLAUSE}前(?:[二两三四五六七八九十]|十一)个月(?=,?[全累共本各我市县区省])"
)
_OWN_YEARS = {
    "今年": 0, "今春": 0, "今夏": 0, "今秋": 0, "今冬": 0, "去年": -1, "去春": -1, "去夏": -1, "去秋": -1, "去冬": -1,
    "前年": -2, "大前年": -3, "明年": 1, "后年": 2, "去岁": -1, "今岁": 0, "昨年": -1, "昨岁": -1, "客岁": -1,
    "昨冬": -1, "客冬": -1, "客秋": -1, "来岁": 1, "明春": 1, "明秋": 1,
}  # fmt: skip
_OWN_MONTHS = {"上月": -1, "上个月": -1, "本月": 0, "这个月": 0, "下月": 1, "下个月": 1}
OWN_HEAD = (
    r"(?!(?<=[年月日以之目])[前后]年|(?<=[东昆光文三])明年)"  # 以前年, 目前年均, 昆明年产
    rf"(?:{alternation(_OWN_YEARS)}|{alternation(_OWN_MONTHS)})(?![轻龄级份])"
)
LUNAR_DAY_HEAD = rf"(?:^|(?<=[,。;:、\n至]))初[{_MONTHS}](?![{_MONTHS}级中小步期次届])"
LUNAR_DAY_OF_STORY = re.compile("..(?:日|[早晚夜]|[上中下]午|凌晨|[那这]天|到|就|才|开[拔船])")

_SAME_MONTH = re.compile(MONTH_HEAD)
OWN_WORDS = (*_OWN_YEARS, *_OWN_MONTHS)
_OWN = re.compile(rf"{alternation(_OWN_YEARS)}|{alternation(_OWN_MONTHS)}")
_YEAR = re.compile(rf"(?P<word>{alternation(YEARS_OFF)})")
_WHOLE_YEAR = re.compile("当?年内|全年")
_SEASONS_TOLD = re.compile("[春夏秋冬](?:[春夏秋冬]|[初末])|开春|入[春夏秋冬]|" + _RANKED)  # 秋冬之际, 秋末; not 冬天的
_THAT_SEASON = re.compile("[是其](?P<season>[春夏秋冬])")
_SEASON = re.compile(rf"(?P<season>[春夏秋冬])[初末]?(?:季|天|间)?(?=,|[\s\u3000]|(?<=[初末])|{_OUTCOMES})")

# 会期3日, 历时三月, 三月时间: how long something took.
_LASTED_BEFORE = re.compile(
    r"(?:会期|工期|限期|刑期|期限|展期|历时|历经|为期|时长|耗时|费时|用时|需时|延续|持续|连续|逗留|停留|前后)"
    r"(?:约|共|计|共计|仅|达|长达|了|为|近|逾)?$"
)
_LASTED_AFTER = re.compile("的?时间(?![表安])|之久|有余|余(?![粮款下])|[的之]?[功工]夫")


def lasted(text: str, position: int, found: YearPart) -> bool:
    """Whether a whole month or one day is a count of months or days: 历时三月, 会期3日, 三月时间."""
    if found.precision not in (Precision.MONTH, Precision.DAY):
        return False
    before = text[max(0, position - 6) : position]
    return bool(_LASTED_BEFORE.search(before) or _LASTED_AFTER.match(text, found.stop))


_RECURRING = re.compile(
    r"[一-龥]俗[,、:]|[其土乡邑民]俗|每年|每逢|逢|历年|多在|多发|俗称|俗谓|谓之|谚|节令|一般(?=[在于从到是多每都为,]|$)|例于|习俗|每岁|平均"
)
_BEFORE_MONTH = frozenset("于至自在到从的以同及和并迄止时约起因是为由")
# 三月 beside these is how long something took, a poet's month, or a name: 历时三月, 烟花三月, 十月革命.
LASTED = frozenset("续连时历经满足逾近共达过了着期阅住停第每个春花半整几数又仅只才凡计约费需用")
# 附近14日, 二期29日, 指数21日, 预计7日: what stands before is no word for how long.
OF_A_WORD = re.compile("附近|[一二三四五六七八九十]期|指数|船只|[预统审会设]计|[同当临及届]时|[公日]期|[中上]半$")
_STAGE_NAME = re.compile("(?:名[伶角旦优]|艺名|外号|绰号|诨名|乳名|小名|人称)[“为叫]?$")  # 名伶六月红
_NAMED_MONTH = re.compile(
    "革命|怀胎|剧[院场团]|影院|公社|大队|[一二三四五六七八九]?路|大?街|广场|农场|社[,。]|文艺|杂志|出版社|[兰街河菊]|风暴|惨案|流火|花(?![费销去了掉钱])|炸[,、。;]|核?桃|雪[,、。;]"
)  # 十月革命, “一月风暴”
_QUOTED = re.compile("[一-龥]{1,5}“")
_DOUBLED = re.compile("([二三五六七九])月\\1(?![日十])")  # 三月三 alone is a custom
_SAID = re.compile("(?<=“).月.(?:,|里)")  # 唱“三月三，荠菜赛灵丹”
_EVERY_YEAR = re.compile("的?(?:生日|生辰|忌日|庙会|会期)")  # 腊月二十的生日
_EVERY_MONTH = re.compile("一月一|一日一|一年一")  # 一月一检查
_BY_THE_SUN = re.compile(f"[{_MONTHS}]{{1,2}}月(?:[{_MONTHS}])日")  # 十月一日: the first of a lunar month is 初一
_SEASONAL = re.compile(
    "(?:间|份)?[是为][^,。;]{0,12}(?:月份|季节|[雨旱汛花淡旺湿干]季|时节|期[,。;])"
)  # 8月至10月为汛期
_NO_MONTH = re.compile(r"[,。;、!?:)“\n]|$|[后内余多之以天花雪街河兰]|里来|间的|革命|怀|[二三]|端|有")
_CUSTOM = re.compile("规矩|习俗|风俗|旧俗|俗例|惯例|谚|相沿|家家户户|年年如此")
SENTENCE_END = "。!?;\n"
_SENTENCE_END = re.compile(f"[{SENTENCE_END}]")
_REACH = 200  # characters looked back over for the beginning of a sentence


def recurs(text: str, position: int) -> bool:
    """Whether the sentence speaks of customs or averages, where 正月十五 is every year's."""
    if _RECURRING.search(sentence(text, position)):
        return True
    if text[position : position + 1].isascii():  # customs are told in Chinese numerals
        return False
    end = _SENTENCE_END.search(text, position, position + _REACH)
    return bool(_CUSTOM.search(text, position, end.start() if end else position + _REACH))


def sentence(text: str, position: int) -> str:
    """What stands before `position` in its sentence."""
    start = max(0, position - _REACH)
    return text[max(start, *(text.rfind(mark, start, position) + 1 for mark in SENTENCE_END)) : position]


_DIARY = re.compile(
    r"(?:^|\n)\(?(?:(?:\d{4}|[一二][〇零一二三四五六七八九]{3})年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月[^月,。\n]{1,3}[日号]"
    r"(?:(?:星期|周|礼拜)[一二三四五六日天])?(?P<rest>[^\n]*)$"
)
_FAR = 120


def of_diary(text: str, position: int, *, near: bool = False) -> bool:
    """Whether a text begins with its day, as diaries do: 1月7日 星期三. `near`: and nothing much stands between."""
    head = _DIARY.search(text[max(0, position - _FAR) : position]) if position <= _FAR else None
    return head is not None and (not near or not re.search("[,。;]", head["rest"]))


def reading_of(found: YearPart, rule: str, context: Context, confidence: float) -> Reading:
    if context.leaning and context.own:  # 3月5日 of an article of that year
        rule, confidence = "print" if context.own.printed else "own", 0.6
    return Reading(
        *found.span,
        found.precision,
        rule,
        found.stop,
        context.year,
        found.month,
        found.moon or context.moon,
        confidence,
        leap=found.leap,
    )


def by_reign(context: Context) -> bool:
    """Whether the running year itself is lunar, not only the month told last (1947年农历六月)."""
    return context.moon and (context.year or 0) < _REPUBLIC


_REPUBLIC = 1912


def month(text: str, position: int, context: Context) -> Reading | None:
    """A month or day without its year: 3月5日, 正月十五, 2月中旬; never where customs or averages are told."""
    if context.year is None or recurs(text, position):
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
    if not within_clause and not arabic and _NAMED_MONTH.match(text, found.stop):
        return None
    if before == "“" and found.precision is Precision.MONTH and _QUOTED.match(text, found.stop):  # “十月攻势”
        return None
    if _STAGE_NAME.search(text[max(0, position - 3) : position]):
        return None
    if _of_own_year(context) and _is_past(found, context) and not TO_COME.search(sentence(text, position)):
        return month(text, position, replace(context, year=context.year - 1, told=context.year - 1))
    just_before = _BEFORE_NEW_YEAR.search(text[max(0, position - 6) : position])
    if found.month == 12 and found.moon and context.month is not None and just_before:  # 1951年春节前，腊月二十四
        return month(text, position, replace(context, year=context.year - 1, month=None))
    turned = context.month == 12 and found.month in (1, 2) and not _IN_LETTER.search(sentence(text, position))
    if turned and context.told is not None and _TURN.match(text, position):
        return month(text, position, replace(context, year=context.year + 1, month=None))  # 腊月二十三…正月十六
    return reading_of(found, "month", context, 0.9)


_BEFORE_NEW_YEAR = re.compile("春节(?:之?前夕?|临近|将至),?$")
_IN_LETTER = re.compile("[信电说道云称]:?“[^“]*$")  # 信里说：“你二月寄的钱…” speaks of what is past
_TURN = re.compile("(?:正|一|二|1|2)月")
_YEARS_AGO = re.compile(r"(?P<count>\d{1,3}|[一二三四五六七八九十百]{1,4})年前的?$")


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


TO_COME = re.compile("将|拟|定于|计划|预计|预报|未来|下周|截止|报名|[至到]$")
_FAR_AHEAD = 9  # months


def _is_past(found: YearPart, context: Context) -> bool:
    """Whether a month is that of the year before the day of writing: 12月28日 of an article of January."""
    written = context.own.month if context.own else None
    return written is not None and found.month is not None and found.month - written >= _FAR_AHEAD


def _month_again(text: str, position: int, context: Context) -> Reading | None:
    """五月大水，又五月复大水: the leap month, where the year has one behind the month told last."""
    found = within.part(f"闰{text[position + 1 : position + 12]}", 0, context.year or 0, True)
    if not by_reign(context) or found is None or found.month != context.month:
        return None
    return reading_of(replace(found, stop=position + found.stop), "month", context, 0.8)


def own(text: str, position: int, context: Context) -> Reading | None:
    """今年, 去冬, 上月: counted from when the text was written or the book printed, else from the year told."""
    match = _OWN.match(text, position)
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
    word = match["word"]
    if word == "隔年" and not (
        dated.GOES_ON.match(text, match.end()) or _NEXT.match(text, match.end())
    ):  # 隔年3月 is the next one, 隔年一次 every other
        return None
    if word in _POINTING and text[position - 1 : position] not in _LEADS_TO:  # 十七岁那年, 入伍那年
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


def feast(text: str, position: int, context: Context) -> Reading | None:
    """除夕那天, 春节前夕: the feast of the running year, or of the next one if that is past by then."""
    match = FEAST.match(text, position)
    if not match or context.year is None or recurs(text, position):
        return None
    before = text[position - 1 : position]
    apart = before and before not in SENTENCE_END and not text.endswith(("日是", "号是", "天是"), 0, position)
    dated_text = context.own is not None and context.own.day is not None
    if apart and not dated_text and "年" not in sentence(text, position):
        return None
    found = within.feast(match, context.year, context.moon)
    told = context.month and of_month.named_month(context.year, context.month, False, context.moon)
    if found and told and found.span[1] < told[0]:
        found = within.feast(match, context.year + 1, context.moon)
    return reading_of(found, "feast", context, 0.7) if found else None

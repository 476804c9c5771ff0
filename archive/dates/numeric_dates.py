"""Years and days written in figures: 1978—1979年, 58、59年, 1949.10.1, 1904（光绪三十年）."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.dates import dated, gregorian, within, years
from archive.dates.calendar import month_span, years_span
from archive.dates.context import Context
from archive.dates.numerals import DIGIT_CLASS, number
from archive.dates.patterns import TO
from archive.dates.reading import Reading, gregorian_day, year_span
from archive.dates.years import Year
from archive.model.records import Precision


def abbreviated(text: str, position: int) -> Reading | None:
    """1978—1979年, 1967～77年, 前140—前87年: the first year without its 年."""
    match = gregorian.GREGORIAN.match(text, position)
    if not match or not match["span"]:
        return None
    written, last = match["year"], match["year2"]
    if len(written) < 3 or written[0] == "0":
        return None
    if len(written) == 3 and not (match["ad"] or match["bc"] or years.clause_start(text, position)):  # 相距450至500年
        return None
    first = number(written) or 0
    second = number(last if len(last) > 2 else written[:-2] + last) or 0
    if match["bc"]:
        first, second = 1 - first, 1 - second if match["bc2"] or "公元" not in match["span"] else second
    if not first < second <= years.LATEST:
        return None
    if match["school"]:
        return replace(dated.school_year(text, match.end(), first, second), year=second)
    start, end = year_span(first, False)[0], year_span(second, False)[1]
    part = None if text.startswith(",", match.end()) else within.part(text, match.end(), second, False)
    if part and second > 0:  # 1961—1965年6月9日
        return Reading(start, part.span[1], Precision.RANGE, "year-range", part.stop, second, part.month)
    return Reading(start, end, Precision.RANGE, "year-range", match.end(), second)


_ACROSS_NUMBER = rf"\d{{1,4}}|[{DIGIT_CLASS}十百]{{1,5}}"
_ACROSS = re.compile(
    rf"(?:公元|西元)?前(?P<first>{_ACROSS_NUMBER})年?{TO}(?:(?:公元|西元)?(?P<bc>前)|公元|西元)(?P<last>{_ACROSS_NUMBER})年"
)


def across(text: str, position: int) -> Reading | None:
    """前63年—公元14年, 前5年至前2年: what begins so short before our era, with an end that says so."""
    match = _ACROSS.match(text, position)
    first, last = (number(match["first"]), number(match["last"])) if match else (None, None)
    if not match or not first or not last:
        return None
    year = 1 - last if match["bc"] else last
    if not 1 - first < year <= years.LATEST:
        return None
    return Reading(*years_span(1 - first, year), Precision.RANGE, "year-range", match.end(), year)


_YEAR_IN_BRACKETS = re.compile(r"\((1[6-9]\d\d|20[0-2]\d)\)")
_OF_A_PAPER = re.compile("第?[0-9]{1,5}号")  # 川府民政〔2019〕19号
_GLOSSES_YEARS = re.compile(r"年\((?:公元)?\d{3,4}年?\)")
_NO_EVENT = frozenset("发字办函令文号委府厅局部院年月日")  # 国发（1982）, 光绪三十五年（1909）, which never was


def in_brackets(text: str, position: int) -> Reading | None:
    """之变（1861）: a year alone in brackets, in a text that tells others so: 光绪十年（1884）."""
    match = _YEAR_IN_BRACKETS.match(text, position)
    before = text[position - 1 : position]
    if not match or before in _NO_EVENT or not ("一" <= before <= "龥" or before in ("“", "》")):
        return None
    if not _GLOSSES_YEARS.search(text) or _OF_A_PAPER.match(text, match.end()):
        return None
    year = int(match[1])
    return Reading(*years_span(year, year), Precision.YEAR, "gregorian", match.end(), confidence=0.7)


_GLOSSED_NUMBER = re.compile(
    rf"(?P<year>\d{{4}})\((?P<gloss>(?:中华)?民国[^()]{{1,5}}|(?:{years.DYNASTY})?{years.ERA_NAME}[^()]{{1,5}})\)年?"
)


def glossed_number(text: str, position: int) -> Reading | None:
    """1938（民国二十七）年3月, 1904（光绪三十年）: the gloss shows that the number is a year."""
    match = _GLOSSED_NUMBER.match(text, position)
    if not match:
        return None
    gloss = match["gloss"] if match["gloss"].endswith("年") else f"{match['gloss']}年"
    regnal = years.republic(gloss, 0) or years.era(gloss, 0)
    if regnal is None or abs(regnal.number - int(match["year"])) > regnal.moon:
        return None
    return dated.from_year(text, Year(int(match["year"]), False, "gregorian", match.end()), position)


_SIGN_LOST = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:(?=(?:1[0-2]|[1-9])月|(?P<since>起(?:,|历?任)|之?以?[后前],))|(?P<last>(?:19|20)\d\d)年)"
)


def sign_lost(text: str, position: int) -> Reading | None:
    """19801月, 1956起，, 19491990年: the 年 or the dash was lost in scanning; it can be nothing else."""
    match = _SIGN_LOST.match(text, position)
    if not match:
        return None
    first, last = int(match["year"]), int(match["last"] or 0)
    if last:
        span = years_span(first, last) if first < last <= years.LATEST else None
        return Reading(*span, Precision.RANGE, "year-range", match.end(), last, confidence=0.8) if span else None
    found = dated.from_year(text, Year(first, False, "gregorian", match.end(), confidence=0.8), position)
    since = match["since"] and years.clause_start(text, position)  # not 案件1956起，
    return found if found and (found.month or since) else None


_TWO_DIGITS = rf"(?:\d\d|[四五六七八九][{DIGIT_CLASS}])"
_SHORT_PAIR = re.compile(
    rf"(?P<first>{_TWO_DIGITS})(?:[、,]{_TWO_DIGITS})*(?:{TO}|[、,和与及])(?P<last>{_TWO_DIGITS})(?:[那这]?[两三四五])?年(?![级代龄息薪产轻])"
)
_SHORT_FROM = 49  # fewer may be as many years


def short_pair(text: str, position: int) -> Reading | None:
    """五八、五九两年, 六一至六二年: both without their century. Not 50至60年, 55至60年的寿命."""
    match = _SHORT_PAIR.match(text, position)
    opens = years.clause_start(text, position) or text.endswith(("约", "大概"), 0, position)
    if not match or not opens or gregorian.counted(text, match.end()):
        return None
    first, last = number(match["first"]) or 0, number(match["last"]) or 0
    if not _SHORT_FROM <= first < last < 100 or not (first % 10 or last % 10):
        return None
    start, end = year_span(1900 + first, False)[0], year_span(1900 + last, False)[1]
    return Reading(start, end, Precision.RANGE, "gregorian-short", match.end(), 1900 + last, confidence=0.8)


_THREE_DIGITS = re.compile(r"(?:[、,和与及]\d{3})+[两三四五]?年(?!的|以?内|以上)")  # 713、714年


def listed(text: str, position: int) -> Reading | None:
    """The first of 1958、1959年: the others are read in their turn."""
    match = gregorian.GREGORIAN.match(text, position)
    if not match or match["span"] or match[0].endswith("年") or not match["year"].isascii():
        return None
    year = int(match["year"])
    short = len(match["year"]) == 3 and years.clause_start(text, position) and _THREE_DIGITS.match(text, match.end())
    if not (short or 1000 <= year <= years.LATEST):
        return None
    return Year(year, False, "gregorian", match.end()).reading()


_DOTTED = re.compile(
    r"(?P<year>\d{4})(?:(?P<mark>[./·-])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2})(?!\d))?|(?P<month2>[01]\d)(?P<day2>[0-3]\d)(?!\d))"
)
_STANDS_APART = frozenset(",。;(“\n \u3000于自至从到在")
_BEFORE_DIGITS = frozenset("\n。于自至从到")  # 20010612开馆
_LEADS_ON = re.compile(
    r"[-至]+(?:(?:1[5-9]|20)\d\d|今|\d\d\.\d{1,2}(?![\d.])|\d{1,2}(?=[任历当])|\d\d\.\d$)|-+[,;。]|-+$|起|任|\)"
)
_QUANTITY = re.compile("[号字码页万亿元亩斤吨米公里千百个人名户次只头株件条台平方立%‰度倍分-]|$")
# What a list of somebody's life has behind a month: 1937.8生, 1958.7参加工作.
_OF_A_LIFE = re.compile(
    "生(?!产)|出生|[后起前]|[参叁]|入|加入|任|历任|担任|当选|毕业|结业|考入|调|离|退|转|升|提|晋|兼|免|受|被|恢复|下放|平反|派|赴|由|从|因|经|改|接|随|至|到|病|卒|成立|建[成立于]|创[办建]|开业|合并|撤销|更名|逝|去世|牺牲|回|在"
)
_ENDS = re.compile(r"[摄拍书题印]?[,.。;、)“\s]|\((?![万亿元%吨斤亩])|$")


def dotted(text: str, position: int) -> Reading | None:
    """1949.10.1, 1949-10-01, 1949/10, 20010612; without a day or marks only where it stands apart.

    1956.8 may be a quantity and 20010612 a number: these need marks or a word such as 于 on both sides.
    """
    match = _DOTTED.match(text, position)
    if not match:
        return None
    year, month = int(match["year"]), int(match["month"] or match["month2"])
    before, behind = text[max(0, position - 5) : position], text[match.end() : match.end() + 8]
    opens = not before or before[-1] in ("\n" if match["month"] else _BEFORE_DIGITS)
    labelled = text[max(0, position - 4) : position].endswith(("时间:", "日期:", "年月:", "日:"))
    apart = bool((opens or labelled or before[-1] in _STANDS_APART) and _ENDS.match(behind))
    apart = apart or bool(opens and not _QUANTITY.match(behind))
    apart = apart or bool(match["mark"] == "/" and _ENDS.match(behind))  # 栏填1949/10，
    apart = apart or bool(
        match["month"] and before and before[-1] in (":", ")", *_STANDS_APART) and _OF_A_LIFE.match(behind)
    )
    beside = match["month"] and (_LEADS_ON.match(behind) or re.search(r"\d[-至]+$|\($", before))
    if not (match["day"] or apart or beside):
        return None
    if not 1 <= month <= 12 or (match["month2"] and not 1900 <= year <= years.LATEST):
        return None
    span = month_span(year, month)
    precision = Precision.MONTH
    if written := match["day"] or match["day2"]:
        found = gregorian_day(year, month, int(written))
        if found is None:
            return None
        span, precision = (found, found), Precision.DAY
    return Reading(*span, precision, "numeric", match.end(), year, month)


SHORT_DOTTED = r"(?<![\d.·A-Za-z第版])[5-9]\d[.·](?:0?[1-9]|1[0-2])[.·](?:0?[1-9]|[12]\d|3[01])(?![\d.·%])"

_SHORT_DOTTED = re.compile(SHORT_DOTTED)


def short_dotted(text: str, position: int) -> Reading | None:
    """78.12.20, 71.3.5: a day with its year of two figures, as people jot it down."""
    match = _SHORT_DOTTED.match(text, position)
    if match is None:
        return None
    year, month, of_month = (int(part) for part in re.split("[.·]", match[0]))
    found = gregorian_day(1900 + year, month, of_month)
    if found is None:
        return None
    return Reading(found, found, Precision.DAY, "numeric", match.end(), 1900 + year, month, confidence=0.8)


_BARE_SPAN = re.compile(
    rf"(?P<first>(?:1[6-9]|20)\d\d)(?:{TO})(?P<last>(?:1[6-9]|20)\d\d)(?=这|[,。;、)》\s“]|间|$|(?![学财元余多度级号转页册件名人户头只株年月日年公平立])[一-龥](?![斤里尺米吨升]))"
)


_SPAN_OF_YEARS = re.compile("(?:年代|年份|年度|年限|时间|时期|时限|期限|起止)[为是在]$")  # 起止年代为1938—1966


def bare_span(text: str, position: int) -> Reading | None:
    """1978到1988这十年, 1958—1962，: from year to year without 年, where nothing is counted."""
    match = _BARE_SPAN.match(text, position)
    if not match or not match["first"] < match["last"] <= str(years.LATEST):
        return None
    title = match.end() < len(text) and text[match.end()] == "》" and "一" <= text[position - 1 : position] <= "龥"
    opens = title or years.clause_start(text, position) or text[position - 1].isspace()  # 吴玉章 1878—1966。
    if not (opens or _SPAN_OF_YEARS.search(text[max(0, position - 6) : position])):
        return None
    first, last = int(match["first"]), int(match["last"])
    return Reading(*years_span(first, last), Precision.RANGE, "year-range", match.end(), last)


_POINTED = re.compile(
    rf"(?P<year>[一二][{DIGIT_CLASS}]{{3}})[.·、](?P<month>十?[一二三四五六七八九十])(?:(?=[,。;)“\s于]|$)|[.·、](?P<day>[一二三四五六七八九十廿]{{1,3}})(?![一-龥]?[元斤亩个米里%]))"
)


def pointed(text: str, position: int) -> Reading | None:
    """一九四九·十·一 under a text."""
    match = _POINTED.match(text, position)
    year, month = (number(match["year"]), number(match["month"])) if match else (None, None)
    if not match or not year or not month or not (month <= 12 and years.clause_start(text, position)):
        return None
    if not match["day"]:
        return Reading(*month_span(year, month), Precision.MONTH, "numeric", match.end(), year, month)
    found = gregorian_day(year, month, number(match["day"]) or 0)
    return Reading(found, found, Precision.DAY, "numeric", match.end(), year, month) if found is not None else None


_JOTTED = re.compile(
    r"(?P<year>[廿卅][一二三四五六七八九]?|[二三]十[一二三四五六七八九]?|[二三四五六七八九][一二三四五六七八九〇零])"
    r"(?P<mark>[、.·])(?P<month>十?[一二]|十|[三四五六七八九])(?P=mark)(?P<day>[二三]?十[一二三四五六七八九]?|[廿卅][一二三四五六七八九]?|[一二三四五六七八九])"
    r"日?(?=[,。;)“\s于摄书记识题]|$)"
)
_REPUBLIC = 38  # years


def jotted(text: str, position: int, context: Context) -> Reading | None:
    """卅二、十、六 and 五八·三·五, as people sign: of the republic or the century, whichever is nearer."""
    match = _JOTTED.match(text, position)
    count = number(match["year"]) if match else None
    if not match or not count or not years.clause_start(text, position):
        return None
    of_republic, of_century = [1911 + count] * (count <= _REPUBLIC), [1900 + count]
    meant = of_republic + of_century
    if context.year is None:
        meant = of_republic if match["year"][0] in "廿卅" else of_century * (count >= _SHORT_FROM)
    year = min(meant, key=lambda one: abs(one - (context.year or one)), default=None)
    found = gregorian_day(year, number(match["month"]) or 0, number(match["day"]) or 0) if year else None
    if found is None or (context.year is not None and abs((year or 0) - context.year) > _NEAR):
        return None
    return Reading(found, found, Precision.DAY, "numeric", match.end(), year, number(match["month"]), confidence=0.7)


_NEAR = 30  # years


# 电话2058—2060, 档号1956-03-05, 邮编、工号: a number that things are known by.
_NUMBERED = re.compile(
    r"(?:电话|手机|传真|热线|总机|分机|电传|电挂|挂号|QQ|微信|邮政?编码?|号码|编码|代码|条码|门牌|房间|车次|航班|车牌|牌照|密码|口令"
    r"|[编档案卷书刊证账帐户工学房门番代型货图批订票车船机文件条籍册记照份位座]号"
    r"|定价|价格|频率|经度|海拔|高程|标高|比例尺|第|No\.?|№)(?:号码?|码)?[:为是]?[“(]?$",
    re.IGNORECASE,
)
_WITH_UNIT = re.compile("[年月日]|世纪|号$")


def numbers_a_thing(text: str, position: int, stop: int) -> bool:
    """Whether what may be a year or a day in figures is the number of a telephone, a file, a room."""
    if _WITH_UNIT.search(text, position, stop):
        return False
    return bool(_NUMBERED.search(text[max(0, position - 10) : position]))


_LED_YEAR = re.compile(
    r"(?P<year>(?:1[89]|20)\d\d)(?=[,。;](?!\d)|正式|[再复重改]|[始建竣投成开创]|[被由并迁]|[毕逝去考参]|[入出当任])"
)
_MEASURED_BY = frozenset("低高少多大小等优劣短长不")


def led_by(text: str, position: int) -> Reading | None:
    """于1921正式投产: a year whose 年 was left out behind 于, where what was done then follows. Not 少于1921元."""
    match = _LED_YEAR.match(text, position) if text[position - 1 : position] == "于" else None
    if match is None or text[position - 2 : position - 1] in _MEASURED_BY:
        return None
    return replace(Year(int(match["year"]), False, "gregorian", match.end()).reading(), confidence=0.7)


# What a number may be, likeliest first.
RULES = (led_by, across, bare_span, pointed, glossed_number, abbreviated, short_pair, sign_lost, listed)

"""Rules for what the editable tables name beside dynasties: events and periods, five-year plans, terms of office."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.dates import dated
from archive.dates.calendar import civil, day, year_of, years_span
from archive.dates.numerals import approximate, number
from archive.dates.patterns import alternation
from archive.dates.period_parts import LONG, PART, after, part_span, stands_free, turned
from archive.dates.period_tables import NamedPeriod, PeriodTables, Span
from archive.dates.plain_form import plain
from archive.dates.reading import Reading, gregorian_day
from archive.dates.surroundings import SENTENCE_END
from archive.dates.years import Year
from archive.model.records import Precision

_UNIT = r"时期|之[时世]|期间|年间|时代|之际|间(?!谍)|中(?![国共央期叶外西东华医学小])|时(?!期|候)|[两三]代"
_LATER = re.compile(
    r"(?P<since>以[来降]|之?以后|之后|后(?![勤来代方裔备者妃天]))|(?P<until>之?以前|之前|前(?![来往线方面者途进夕后]))"
)
_YEARS_BEFORE = re.compile(r"前(?P<count>[一二三四五六七八九十两]{1,2}|\d{1,2})年")
_COUNT = r"[一二三四五六七八九十\d]{1,3}"
_PLAN = (
    r"(?:国民经济(?:和社会发展)?)?(?:“?(?<![一二三四五六七八九十])(?P<short>十[一二三四五]|[一二三四五六七八九十])·?五"
    r"(?:“(?!事[件变]|[惨血命冤假错]*案|暴[动乱]|起义|洪|[大特]?水灾?|火灾|地震|指示|讲话|批示|社论|通知|光复|日本)(?:计划|规划|时期|期间)*|(?:计划|规划|期间|时期)+|(?=末|初|以来))"
    r"|第(?P<long>十?[一二三四五六七八九十]|\d{1,2})个五年(?:计划|规划)(?:时期|期间)?)"
)
PLAN = re.sub(r"\?P<\w+>", "?:", _PLAN)
_FIRST_LAW_PLAN = 1986  # of 一五普法
_PLAN_EDGE = re.compile("[初末](?:期|年)?|期?末")
_PLAN_SINCE = re.compile("以来|之?以后|之后")
_BETWEEN = "…"  # where the count of terms stands inside a body's name: 政协…某县委员会
_PLAN_RULE = re.compile(_PLAN)

# 中华民国政府, 民国《县志》: the name of an institution or a book, not a time.
_INSTITUTION = re.compile(r"政府|日报|档案|法|大学|军|党|政|通志|县志|人|《|书")


def _bare(name: str) -> str:
    """What a name and its occurrence have in common: “八·一三”事变, 八一三事变."""
    return re.sub("[·.“、]", "", plain(name).text)


def _spelled(name: str) -> str:
    """A pattern for the name as printed: “一二·九”运动, 七.七事变."""
    name = plain(name).text.replace("“", "")
    return re.sub(
        "(?<=^粉碎)|(?<=^打倒)|(学生运动|运动|反革命政变|政变|淞沪抗战|抗战|大罢工|事变|事件|战争|战役|会战|起义|惨案|会议|口号|斗争|粉碎|垮台|光复)$",
        "“?\\1",
        re.escape(name).replace("·", "[·.]?"),
    )


class NameRules:
    """The rules over one set of tables. The `…_head` patterns say where an expression may begin."""

    def __init__(self, names: PeriodTables) -> None:
        self.names = names
        self._periods = {_bare(name): named for name, named in names.periods.items()}
        spelled = "|".join(_spelled(name) for name in sorted(names.periods, key=len, reverse=True)) or "(?!)"
        self.period_head = rf"“?(?:{spelled})"
        self._period = re.compile(
            rf"“?(?P<name>{spelled})“?(?:(?:基本|全面|全部|彻底|正式|完全|宣告|取得)?(?P<turn>爆发|军兴(?=之?以?[后来])|开始|发生|胜利(?!召开|闭幕|举行)|结束|失败|(?<=基本)完成|(?<=全[面部])完成))?(?:(?:召开|举行|闭幕|签[订署]|发[布表]|公布|通过)(?=[后前期]|之[后前]|以[来后前]))?(?P<unit>{_UNIT})?(?P<part>{PART}|前夕|前后)?"
        )
        self._terms = {plain(body).text: terms for body, terms in names.terms.items()}
        whole = [body for body in self._terms if _BETWEEN not in body]
        framed = [body.split(_BETWEEN, 1) for body in self._terms if _BETWEEN in body]
        body = alternation(whole) or "(?!)"
        frame = "|".join(rf"{re.escape(first)}第?{_COUNT}届{re.escape(last)}" for first, last in framed) or "(?!)"
        self.term_head = rf"{body}第?{_COUNT}届|第?{_COUNT}届{body}|{frame}"
        self._term = re.compile(rf"(?P<body>{body})?第?(?P<count>{_COUNT})届(?P<body2>{body})?")
        self._framed_term = re.compile(rf"(?=(?:{frame}))(?P<first>[一-龥]+?)第?(?P<count>{_COUNT})届")
        self._frames = [(first, last, self._terms[first + _BETWEEN + last]) for first, last in framed]

    def period(self, text: str, position: int) -> Reading | None:
        """抗战时期, “文化大革命”期间, 建国后, 民国初年, 抗战爆发后."""
        match = self._period.match(text, position)
        if not match:
            return None
        named = self._periods[_bare(match["name"])]
        before = text[max(0, match.start() - 2) : match.start()]
        if (
            (match["name"].endswith("大") and before.endswith("共"))
            or (match["name"] == "困难时期" and before.endswith(_ANY_HARDSHIP))
            or (match["name"].startswith("抗战") and before in _ELSEWHERE)
            or (match["name"] == "抗日" and _TO_RESIST.fullmatch(before))
        ):  # 越共十三大; 进入困难时期 of any age; 淞沪抗战后; 北上抗日后
            return None
        if anniversary := _ANNIVERSARY.match(text, match.end()):
            return _anniversary(named, match["turn"], anniversary) if _is_all(text, position, anniversary) else None
        if match["name"].endswith("民国") and _INSTITUTION.match(text, match.end()):
            return None
        if match["name"].startswith("民国") and text[match.start() - 1 : match.start()] == "韩":
            return None
        if counted := _year_told(text, match, named) or _counted_on(text, match, named):
            return counted
        if _founded_then(text, match, named):
            return Reading(named.start, named.start, Precision.PERIOD, "period", match.end())
        later = None if match["part"] else _LATER.match(text, match.end())
        if not self._is_meant(text, match, named, later):
            return self._coordinated(text, match, named)
        start, end = part_span(turned(named, match["turn"]) if match["turn"] else named, match["part"])
        reading = Reading(start, end, Precision.PERIOD, "period", match.end(), vague=named.vague)
        if not later:
            return reading
        years = _YEARS_BEFORE.match(text, later.start()) if later["until"] else None
        if years and match["name"].endswith("民国"):  # 民国前五年 is 1907
            year = 1912 - (number(years["count"]) or 1)
            return Reading(*years_span(year, year), Precision.YEAR, "period", years.end(), year)
        if years:  # 文革前十年
            eve = named.start - 1 if named.before is None else named.before
            year, month, of_month = civil(eve + 1)
            first = day(year - (number(years["count"]) or 1), month, min(of_month, 28) if month == 2 else of_month)
            return replace(reading, start=first, end=eve, stop=years.end())
        if later["since"]:
            begun = turned(named, match["turn"]) if match["turn"] else named
            since = start if later["since"] in ("以来", "以降") else after(begun)
            return replace(reading, start=since, end=None, stop=later.end())
        last = start if named.before is None or match["turn"] else named.before
        return replace(reading, start=None, end=last, stop=later.end())

    def is_event(self, text: str, position: int) -> bool:
        """Whether what is named at `position` took some days only: 七七事变, 西安事变, not 大跃进."""
        match = self._period.match(text, position)
        named = self._periods[_bare(match["name"])] if match else None
        return named is not None and named.end is not None and named.end - named.start < _SOME_DAYS

    def _coordinated(self, text: str, match: re.Match[str], named: NamedPeriod) -> Reading | None:
        """抗日战争和解放战争时期, 民国及建国前后: what shows that the second is a time shows it of the first.

        Two that meet under one 时期 are one stretch.
        """
        until = _UNTIL.match(text, match.end())
        last = self._period.match(text, until.end()) if until else None
        end = self._periods[_bare(last["name"])].end if last else None
        if last and end is not None and end > named.start and not named.vague:  # “九一八”到“七七”
            return Reading(named.start, end, Precision.RANGE, "period", last.end())
        if until and named.vague and match["name"].endswith(_FOUNDED_THEN):  # 新中国成立至“文革”结束
            ends = self.period(text, until.end())
            if ends and ends.start is not None and ends.end is not None and ends.start > named.start:
                return replace(ends, start=named.start, precision=Precision.RANGE, vague=False)
        joint = _AND.match(text, match.end())
        second = self.period(text, joint.end()) if joint else None
        if not joint or not second:
            return None
        shared = self._period.match(text, joint.end())
        part = shared["part"] if shared and shared["part"] not in ("前夕", "前后") else None
        span = part_span(named, part)  # 解放和建国初期 is the first part of both
        first = Reading(*span, Precision.PERIOD, "period", match.end(), vague=named.vague)
        closed = named.end is not None and second.start is not None and second.end is not None
        if not closed or named.vague or second.vague or not shared or not shared["unit"]:
            return first
        assert named.end is not None and second.start is not None
        meets = named.start <= second.start <= named.end + 1
        return replace(second, start=named.start) if meets else first

    def _is_meant(self, text: str, match: re.Match[str], named: NamedPeriod, later: re.Match[str] | None) -> bool:
        """Whether the name is used as a time: most need a word such as 时期 or 后 beside them."""
        beside = bool(later or match["part"])
        if named.vague:  # 从解放到1985年底
            from_it = text[match.start() - 1 : match.start()] in ("从", "自", "由") and _TO_YEAR.match(
                text, match.end()
            )
            return beside or match["unit"] == "时期" or bool(from_it)
        if beside or match["unit"] or match["turn"] or match["name"].endswith("时期"):
            return True
        if _of_that_year(text, match.start(), named) and _ENDS_QUOTED.match(text, match.end()):  # 1931年“九一八”
            return True
        if not named.alone or _THING.match(text, match.end()):
            return False
        return len(match["name"]) > 2 or match["name"] in _NO_NAMES or stands_free(text, position=match.start())

    def plan(self, text: str, position: int) -> Reading | None:
        """“六五”期间, 第一个五年计划."""
        match = _PLAN_RULE.match(text, position)
        count = number(match["short"] or match["long"]) if match else None
        span = self.names.plans.get(count or 0)
        if not match or not span:
            return None
        if count and match["short"] and text.startswith("普法", match.end()):  # “五五”普法
            first = _FIRST_LAW_PLAN + 5 * (count - 1)
            return Reading(*years_span(first, first + 4), Precision.PERIOD, "plan", match.end() + 2)
        edge = _PLAN_EDGE.match(text, match.end())
        if edge and span[0] is not None and span[1] is not None:  # “八五”末 is its last year
            year = year_of(span[0] if edge[0].startswith("初") else span[1])
            return Reading(*years_span(year, year), Precision.YEAR, "plan", edge.end())
        since = _PLAN_SINCE.match(text, match.end())
        if not since:
            return Reading(*span, Precision.PERIOD, "plan", match.end())
        begins = span[0] if since[0] == "以来" else span[1]
        return Reading(begins, None, Precision.PERIOD, "plan", since.end())

    def term(self, text: str, position: int) -> Reading | None:
        """全国政协第五届, 第五届全国政协, 政协第五届某县委员会: the bodies of the table only."""
        match = self._term.match(text, position)
        terms = self._terms.get((match["body"] or match["body2"] or "") if match else "", ())
        if match and terms:
            return _nth(terms, match["count"], match.end())
        match = self._framed_term.match(text, position)
        for first, last, terms in self._frames if match else ():
            if match and match["first"] == first and text.startswith(last, match.end()):
                return _nth(terms, match["count"], match.end() + len(last))
        return None


_ELSEWHERE = ("淞沪", "长城", "绥远", "江桥", "察省")
_TO_RESIST = re.compile(
    "北上|南下|[东西]征|积极|坚决|奋起|坚持|一致|团结|联合|共同|参加|投身|奔赴|起来|主张|要求|宣传|从事|投入"
)
_ANY_HARDSHIP = ("进入", "最", "极端", "极其", "十分", "一个", "这一", "此", "入了", "渡过", "度过")


def _nth(terms: tuple[Span, ...], written: str, stop: int) -> Reading | None:
    count = number(written)
    return Reading(*terms[count - 1], Precision.PERIOD, "term", stop) if count and count <= len(terms) else None


_FOUNDED_THEN = ("成立", "建立")


def _founded_then(text: str, match: re.Match[str], named: NamedPeriod) -> bool:
    """新中国成立，医院收归公有: the day itself, where a sentence opens with it and no date was told before it."""
    if not (named.vague and match["name"].endswith(_FOUNDED_THEN)) or match["part"] or match["turn"]:
        return False
    opens = not match["unit"] and text[match.start() - 1 : match.start()] in ("", *SENTENCE_END)
    return opens and text.startswith(",", match.end())


_YEAR_BEFORE = re.compile(r"(?:(\d{4})|([一二][〇零○一二三四五六七八九]{3})|民国(\w{1,3}))年“?$")
_ENDS_QUOTED = re.compile("(?<=“)|[的,。;、]|$")


def _of_that_year(text: str, position: int, named: NamedPeriod) -> bool:
    """Whether the year of what is named stands before it."""
    year = _YEAR_BEFORE.search(text[max(0, position - 8) : position])
    told = number(year[1] or year[2] or year[3]) if year else None
    return bool(year and told) and (told or 0) + 1911 * bool(year and year[3]) == year_of(named.start)


# 文化大革命博物馆: the name is part of another.
_THING = re.compile(
    "[心衷]|中学|博物|纪念|[馆路街碑史]|广场|公园|研究|题材|亲历|老兵|烈士|遗址|旧址|档案|委员会|小组|组[、,。]|办公室|办[、,。]"
)
_TO_YEAR = re.compile(r"[到至](?:\d{4}年|[一二]\w{3}年|\d0年代|[五六七八九]十年代)")
_UNTIL = re.compile("[到至]|-+")
_ANNIVERSARY = re.compile(r"“?(?P<count>\d{1,3}|[一二三四五六七八九十百]{1,4})周年(?:国?庆典?|大庆|纪念日)?")
# 九一八后二年, 解放后的第三年; 解放后的42年, 解放后三年间 and 三年来 are as many years.
_YEARS_AFTER = re.compile(
    r"“?之?以?后(?:的(?=第))?,?(?P<nth>第)?(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,3})年(?![间里内来中多余以之的级制代期份总累平共]|之?[内久])"
)
# 解放第二年, 抗战胜利那年: a year told by what began or ended in it. Which year 土改那年 was differs by place.
_ORDINAL_YEAR = re.compile("“?的?(?:(?:第(?P<nth>[一二三四五六七八九十])|头一?)年|(?P<that>[那当]一?年))(?![级间里度])")
_NO_NAMES = frozenset(("清末", "晚清"))  # nobody's name ends so: 县城清末有照相馆
_AND = re.compile("以?及|和|与|、|暨")
_SOME_DAYS = 62


# 国庆前 is a feast, 整党建党时 no time at all: these name an event only where years are counted from it.
_FOUNDED = {"国庆": day(1949, 10, 1), "建党": day(1921, 7, 1), "建军": day(1927, 8, 1)}
FOUNDING = rf"(?P<name>{'|'.join(_FOUNDED)}){_ANNIVERSARY.pattern}"
FOUNDED = tuple(_FOUNDED)
_FOUNDING = re.compile(FOUNDING)


def founding(text: str, position: int) -> Reading | None:
    """国庆十周年, 建党七十周年."""
    match = _FOUNDING.match(text, position)
    if not match or not _is_all(text, position, match):
        return None
    founded = _FOUNDED[match["name"]]
    return _anniversary(NamedPeriod((), founded, founded), None, match)


def _is_all(text: str, position: int, match: re.Match[str]) -> bool:
    """建国十周年 is a time that people ask for; in a text it counts years: 为国庆十周年献礼."""
    return position == 0 and match.end() == len(text)


def _anniversary(named: NamedPeriod, turn: str | None, match: re.Match[str]) -> Reading | None:
    """建国十周年, 五四运动八十周年: the day; 抗战胜利五十周年 the year, for days of remembrance differ."""
    count = number(match["count"])
    begun = turned(named, turn) if turn else named
    if not count or (named.end is not None and named.end - named.start > LONG and not turn):
        return None
    year, month, of_month = civil(begun.start)
    found = None if turn else gregorian_day(year + count, month, of_month)
    span, precision = (
        ((found, found), Precision.DAY) if found else (years_span(year + count, year + count), Precision.YEAR)
    )
    return Reading(*span, precision, "period", match.end(), year + count, month if found else None)


def _year_told(text: str, match: re.Match[str], named: NamedPeriod) -> Reading | None:
    """解放第二年, 抗战胜利那年冬天, 文革头一年."""
    ordinal = None if match["part"] or match["unit"] else _ORDINAL_YEAR.match(text, match.end())
    begun = turned(named, match["turn"]) if match["turn"] else named
    if not ordinal or (ordinal["that"] and begun.end is not None and begun.end - begun.start > LONG):
        return None
    year = year_of(begun.start) + (number(ordinal["nth"] or "一") or 1) - 1
    return dated.from_year(text, Year(year, False, "period", ordinal.end()), match.start())


def _counted_on(text: str, match: re.Match[str], named: NamedPeriod) -> Reading | None:
    """“九一八”后二年, 抗战胜利后第二年: a year counted from an event; 第二年 counts the event's own as the first."""
    years = None if match["part"] else _YEARS_AFTER.match(text, match.end())
    count = number(years["count"]) if years else None
    if not years or not count or approximate(years["count"]):  # 解放后五四年 is 1954
        return None
    if len(years["count"]) > 1 and not years["count"].isascii() and "十" not in years["count"]:
        return None
    year = year_of(after(turned(named, match["turn"]) if match["turn"] else named)) + count - bool(years["nth"])
    return Reading(*years_span(year, year), Precision.YEAR, "period", years.end(), year)

"""Reading a text from left to right: where an expression may begin, which rules apply there, what year runs on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from archive.dates import dated, eras, ganzhi, reigns, stretches, within, years
from archive.dates.calendar import years_span
from archive.dates.dated import Context
from archive.dates.names import Names
from archive.dates.numerals import DIGIT_CLASS, NUMBER_CLASS, number
from archive.dates.patterns import COUNT, TO, alternation
from archive.dates.reading import Reading, season_span, year_span
from archive.dates.named import PLAN, NameRules
from archive.records import Precision

Rule = Callable[[str, int, Context], Reading | None]

_RELATIVE_YEARS = {
    "同年": 0, "是年": 0, "当年": 0, "本年": 0, "该年": 0, "此年": 0, "是岁": 0, "次年": 1, "翌年": 1, "明年": 1, "第二年": 1, "上年": -1, "前一年": -1,
}  # fmt: skip
_RELATIVE_YEAR = re.compile(rf"(?P<word>{alternation(_RELATIVE_YEARS)})(?![轻龄度级少])")
_RELATIVE_MONTH = re.compile(r"(?P<word>同月|是月|当月|该月|本月)(?!份)")
_RECURRING = re.compile(r"每年|每逢|逢|历年|多在|多发|俗称|俗谓|谓之|谚|节令|一般|例于|习俗|农谚|每岁|平均")
_AFTER_DAY = re.compile(r"[,上下晚早凌拂夜。、;(起至-]|$")
_NO_DAY = re.compile(r"[内后前间元之]")
_SEASON_ALONE = re.compile(r"(?P<season>[春夏秋冬])(?:季|天|间)?(?=,|大?旱|大?水|大?雨|大?蝗|大?饥)")
_YEARS_LATER = re.compile(rf"(?:越|逾|后)(?P<count>{COUNT})年(?P<pair>{ganzhi.PATTERN})?")
_PAIR_YEAR = re.compile(rf"(?:岁次|岁在|岁值|时值|时)?(?P<pair>{ganzhi.PATTERN})(?:年|岁)?")
_SENTENCE_END = "。!?;\n"
_MAY_PRECEDE = set("于至自在到从的以同及和并迄止时止约起因是为由")

_HEAD_PARTS = {
    "dotted": r"(?<![\d.])(?:1[5-9]|20)\d\d(?:\.\d{1,2}(?:\.\d{1,2})?|-\d\d-\d\d|/\d{1,2}/\d{1,2})(?![\d.%])",
    "life": r"\((?=[?约\d-][^()]{3,11}\))",
    "number": rf"(?:公元|西元|公历|纪元)?前?(?<!\d)(?<!\d\.)(?:\d{{1,4}}|[{NUMBER_CLASS}]{{1,8}}|[上本])(?=年|个?世纪|月|日|号|起|两年|[-至到、,和与及][\d{NUMBER_CLASS}])",
    "republic": rf"(?:中华)?民国(?={years.COUNTS}年)",
    "relative": rf"(?:{alternation(_RELATIVE_YEARS)})(?![轻龄度级少])",
    "relative_month": r"[同是当该本]月",
    "month": r"(?:农历|阴历|夏历|旧历|古历|闰)(?=[\d一二三四五六七八九十正腊冬闰]{1,3}月)|(?<![\d一二三四五六七八九十])[正腊冬]月",
    "season": r"(?:^|(?<=[,。;!?\n]))[春夏秋冬](?=季|天|间|,|大?旱|大?水|大?雨|大?蝗|大?饥)",
    "part": rf"(?<![\d{NUMBER_CLASS}{DIGIT_CLASS}同是次翌当今每历连常一去近逐全多几成少青童老中前后上本明来往])年[初底末](?![中高])",
    "short": reigns.SHORT_ERAS.replace("?P<first>", "?:").replace("?P<last>", "?:").replace("?P<unit>", "?:"),
    "plan": PLAN,
    "later": rf"[越逾]{COUNT}年(?={ganzhi.PATTERN})",
    "pair": rf"(?<![{ganzhi.STEMS}{ganzhi.BRANCHES}]){ganzhi.PATTERN}(?=[年岁])",
}


# First characters of the patterns above, of 民国, of rulers, quotation marks and the like.
_STARTS = f"0123456789{NUMBER_CLASS}公西纪前上本中民(“同是当该此次翌明第农阴夏旧古闰正腊冬春秋年康雍乾嘉道咸光越逾{ganzhi.INITIALS}大国"


def _starts(names: Names) -> str:
    """Every character an expression can begin with."""
    tables = (eras.table(), eras.DYNASTIES, names.periods, names.dynasties, names.terms)
    initials = {name[0] for table in tables for name in table}
    return "".join(sorted(initials | set(_STARTS) | set(years.RULER_INITIALS)))


class Scanner:
    """The rules over one set of name tables."""

    def __init__(self, names: Names) -> None:
        self._named = NameRules(names)
        rules = self._named
        reign = rf"(?:{years.DYNASTY})?(?:{years.RULER})?{alternation(eras.table())}"
        parts = {
            "republic": _HEAD_PARTS["republic"],
            "period": rules.period_head,  # before numbers: 三年困难时期
            **_HEAD_PARTS,
            "ruler": reigns.RULER_SPAN,
            "reign": rf"{reign}(?=[元\d{NUMBER_CLASS}{ganzhi.STEMS}已巳戍戌年间时朝之的皇帝岁初末中晚早前后季、至到两世-])",
            "dynasty": rules.dynasty_head,
            "term": rules.term_head,
        }
        anything = "|".join(f"(?P<{name}>{pattern})" for name, pattern in parts.items())
        # Most characters begin nothing: one look at the first saves trying every rule.
        self._head = re.compile(f"(?=[{re.escape(_starts(names))}])(?:{anything})")
        self._rules: dict[str, tuple[Rule, ...]] = {
            "life": (lambda text, at, _: stretches.life(text, at),),
            "number": (_decade, _century, _abbreviated, _listed, _date, _month, _day),
            "republic": (_date,),
            "dotted": (lambda text, at, _: dated.dotted(text, at),),
            "period": (lambda text, at, _: rules.period(text, at), lambda text, at, _: rules.dynasty(text, at)),
            "ruler": (lambda text, at, _: reigns.ruler_span(text, at),),
            "reign": (_date, _era_span, lambda text, at, _: rules.dynasty(text, at)),
            "dynasty": (lambda text, at, _: rules.dynasty(text, at),),
            "short": (lambda text, at, _: reigns.short_eras(text, at),),
            "plan": (lambda text, at, _: rules.plan(text, at),),
            "term": (lambda text, at, _: rules.term(text, at),),
            "relative": (_relative,),
            "relative_month": (_relative_month,),
            "month": (_month,),
            "season": (_season,),
            "part": (_part,),
            "later": (_later,),
            "pair": (_pair,),
        }

    def readings(self, text: str, context: Context) -> Iterator[tuple[int, Reading]]:
        """(start, reading) of every expression, in order and without overlaps. `text` is in the rules' form."""
        given, position = context, 0
        while match := self._head.search(text, position):
            start = match.start()
            if "\n" in text[position:start]:
                context = given
            if context.century != given.century and "。" in text[position:start]:
                context = replace(context, century=given.century)
            reading = self._at(text, start, match.lastgroup or "", context)
            if reading is None:
                position = match.end() if match.lastgroup == "number" else start + 1
                continue
            yield start, reading
            context = _carried(text, start, reading, context)
            position = reading.stop

    def whole(self, text: str) -> Reading | None:
        """The reading of a text that is one expression and nothing else."""
        match = self._head.match(text)
        reading = self._at(text, 0, match.lastgroup or "", Context()) if match else None
        return reading if reading and reading.stop == len(text) else None

    def _at(self, text: str, position: int, kind: str, context: Context) -> Reading | None:
        for rule in self._rules[kind]:
            reading = rule(text, position, context)
            if reading:
                return self._followed(text, reading, context)
        return None

    def _followed(self, text: str, reading: Reading, context: Context) -> Reading:
        """Ranges over any two kinds, and names that only say again what a date has said (1958年“大跃进”时)."""
        reading = dated.extended(text, reading) if reading.year is not None or reading.rule == "decade" else reading
        reading = self._until(text, reading, context)
        if reading.precision is Precision.YEAR:
            again = self._named.period(text, reading.stop)
            if (
                again
                and not again.vague
                and again.start is not None
                and again.end is not None
                and _overlap(reading, again)
            ):
                return replace(reading, stop=again.stop)
        if reading.vague and text[reading.stop : reading.stop + 1] == "的":
            match = self._head.match(text, reading.stop + 1)
            narrower = self._at(text, match.start(), match.lastgroup or "", context) if match else None
            return narrower or reading
        return reading

    def _until(self, text: str, reading: Reading, context: Context) -> Reading:
        to = _JOIN.match(text, reading.stop)
        if not to or reading.start is None or reading.end is None:
            return reading
        if to["now"]:
            return replace(reading, end=None, precision=Precision.RANGE, stop=to.end())
        match = self._head.match(text, to.end())
        both = to["and"] is not None
        if not match or match.lastgroup in ("season", "part") or (both and reading.precision is not Precision.DYNASTY):
            return self._to_republic(text, reading, to.end())
        running = Context(reading.year, reading.month, reading.moon) if reading.year is not None else context
        second = self._second(text, match, reading, running)
        if not second or second.end is None or second.start is None or second.start < reading.start:
            return self._to_republic(text, reading, to.end())
        return replace(
            second, start=reading.start, precision=Precision.RANGE, rule=f"{reading.rule}-range", others=(), vague=False
        )

    def _second(self, text: str, match: re.Match[str], first: Reading, context: Context) -> Reading | None:
        if first.rule == "decade":
            context = replace(context, century=first.century)
        return self._at(text, match.start(), match.lastgroup or "", context)

    def _to_republic(self, text: str, reading: Reading, position: int) -> Reading:
        """晚清至民国: the one period that may end such a range without 时期."""
        named = self._named.names.periods.get("民国")
        if (
            not named
            or not text.startswith("民国", position)
            or reading.precision not in (Precision.DYNASTY, Precision.PERIOD, Precision.ERA)
        ):
            return reading
        return replace(reading, end=named.end, precision=Precision.RANGE, stop=position + 2)


_JOIN = re.compile(rf"(?:{TO}(?P<now>今(?![年天日后晚百数几约近已\d]))?|(?P<and>和|及|与|、))")


def _overlap(first: Reading, second: Reading) -> bool:
    return (first.start or 0) <= (second.end or 0) and (second.start or 0) <= (first.end or 0)


def _carried(text: str, start: int, reading: Reading, context: Context) -> Context:
    """The context after a reading. A date in brackets is an aside; a stretch that opens a sentence ends the year."""
    if reading.year is not None:
        aside = start > 0 and text[start - 1] == "(" and reading.rule.startswith("gregorian")
        return context if aside else Context(reading.year, reading.month, reading.moon, context.century)
    if reading.rule in ("decade", "century"):
        context = replace(context, century=reading.century)
    opens = start == 0 or text[start - 1] in _SENTENCE_END
    if opens and context.year is not None and reading.start is not None and reading.end is not None:
        span = years_span(context.year, context.year)
        if reading.end < span[0] or reading.start > span[1]:
            return Context()
    return context


def _date(text: str, position: int, context: Context) -> Reading | None:
    return dated.date(text, position, context.year)


def _abbreviated(text: str, position: int, _: Context) -> Reading | None:
    return dated.abbreviated(text, position)


def _listed(text: str, position: int, _: Context) -> Reading | None:
    return dated.listed(text, position)


def _decade(text: str, position: int, context: Context) -> Reading | None:
    return stretches.decade(text, position, context.century)


def _century(text: str, position: int, _: Context) -> Reading | None:
    return stretches.century(text, position)


def _era_span(text: str, position: int, _: Context) -> Reading | None:
    return reigns.era_span(text, position)


def _month(text: str, position: int, context: Context) -> Reading | None:
    """A month or day without its year: 3月5日, 正月十五, 2月中旬; never where customs or averages are told."""
    if context.year is None or _recurs(text, position):
        return None
    before = text[position - 1 : position] if position else ""
    if before and (
        before in "年第个" or ("一" <= before <= "龥" and not text[position].isdigit() and before not in _MAY_PRECEDE)
    ):
        return None
    found = within.part(text, position, context.year, context.moon)
    if not found or found.precision is Precision.SEASON:
        return None
    return Reading(
        *found.span, found.precision, "month", found.stop, context.year, found.month, found.moon or context.moon, 0.9
    )  # fmt: skip


def _recurs(text: str, position: int) -> bool:
    sentence = max(text.rfind(mark, 0, position) for mark in _SENTENCE_END)
    return bool(_RECURRING.search(text, sentence + 1, position))


def _day(text: str, position: int, context: Context) -> Reading | None:
    """24日 in the running month."""
    if context.year is None or context.month is None or _recurs(text, position):
        return None
    before = text[position - 1 : position]
    if before and before in "月年.第-至":
        return None
    found = within.day_alone(text, position, context.year, context.month, context.moon)
    if not found:
        return None
    starts = before == "" or before in ",。;:\n"
    if not _AFTER_DAY.match(text, found.stop) and (not starts or _NO_DAY.match(text, found.stop)):
        return None
    return Reading(
        *found.span, found.precision, "day", found.stop, context.year, context.month, context.moon, 0.8
    )  # fmt: skip


def _season(text: str, position: int, context: Context) -> Reading | None:
    match = _SEASON_ALONE.match(text, position)
    if not match or context.year is None or _recurs(text, position):
        return None
    span = season_span(context.year, match["season"], context.moon)
    if not span:
        return None
    return Reading(*span, Precision.SEASON, "season", match.end(), context.year, None, context.moon, 0.8)


def _part(text: str, position: int, context: Context) -> Reading | None:
    if context.year is None:
        return None
    found = within.part(text, position, context.year, False)
    if not found:
        return None
    return Reading(*found.span, found.precision, "part", found.stop, context.year, None, context.moon, 0.8)


def _relative(text: str, position: int, context: Context) -> Reading | None:
    match = _RELATIVE_YEAR.match(text, position)
    if not match or context.year is None:
        return None
    year = context.year + _RELATIVE_YEARS[match["word"]]
    return dated.from_year(text, years.Year(year, context.moon, "relative", match.end(), confidence=0.9), position)


def _relative_month(text: str, position: int, context: Context) -> Reading | None:
    match = _RELATIVE_MONTH.match(text, position)
    if not match or context.year is None or context.month is None:
        return None
    spelled = f"{context.month}月{text[match.end() : match.end() + 6]}"
    found = within.part(spelled, 0, context.year, context.moon)
    if not found:
        return None
    stop = match.end() + found.stop - len(f"{context.month}月")
    return Reading(*found.span, found.precision, "relative", stop, context.year, context.month, context.moon, 0.9)


def _later(text: str, position: int, context: Context) -> Reading | None:
    """越三年己酉: the sexagenary year after the running one."""
    match = _YEARS_LATER.match(text, position)
    if not match or not match["pair"] or context.year is None:
        return None
    year = ganzhi.nearest(match["pair"], context.year + (number(match["count"]) or 0), 2, 2)
    if year is None:
        return None
    return dated.from_year(text, years.Year(year, True, "sexagenary", match.end(), confidence=0.8), position)


def _pair(text: str, position: int, context: Context) -> Reading | None:
    """己酉年 beside a running year: the nearest of that name."""
    match = _PAIR_YEAR.match(text, position)
    if not match or context.year is None:
        return None
    year = ganzhi.nearest(match["pair"], context.year)
    if year is None:
        return None
    start, end = year_span(year, True)
    return Reading(start, end, Precision.YEAR, "sexagenary", match.end(), year, None, True, 0.7)


@cache
def scanner(names: Names) -> Scanner:
    """The scanner over these tables; made once, since its patterns take a moment to compile."""
    return Scanner(names)

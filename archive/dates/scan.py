"""Reading a text from left to right: where an expression may begin, which rules apply there, what year runs on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from archive.dates import dated, eras, feasts, ganzhi, reigns, running, stretches, taiping, years
from archive.dates.calendar import years_span
from archive.dates.dated import Context, Reign
from archive.dates.numerals import NUMBER_CLASS
from archive.dates.patterns import TO, alternation
from archive.dates.period_rules import PLAN, NameRules
from archive.dates.period_tables import PeriodTables
from archive.dates.plain_form import plain
from archive.dates.reading import Reading
from archive.model.records import Precision

Rule = Callable[[str, int, Context], Reading | None]

_NUMBER = (
    rf"(?:公元|西元|公历|纪元)?前?(?<!\d)(?<!\d\.)(?:\d{{1,4}}|[{NUMBER_CLASS}]{{1,8}}|[上本](?=个?世纪))"
    rf"(?=年|个?世纪|月|日|号|起|[两三四五]年|\(\d{{3,4}}\)年|学年|财政?年|[-至到、,和与及/](?:公元)?前?[\d{NUMBER_CLASS}])"
)
_DOTTED = (
    r"(?<![\d.])(?:1[5-9]|20)\d\d"
    r"(?:[.·]\d{1,2}(?:[.·]\d{1,2})?|-\d\d?-\d\d?|/(?:0?[1-9]|1[0-2])(?:/\d{1,2})?|[01]\d[0-3]\d)(?![\d.%])"
)
_LIFE = r"\((?=[?约\d公前-][^()]{3,14}\))"
_REIGN = (
    rf"(?:{years.DYNASTY})?(?:{years.RULER})?{alternation(eras.table())}"
    rf"(?=[元\d{NUMBER_CLASS}{ganzhi.INITIALS}年间时朝之的皇帝岁初末中晚早前后季以、和与及至到两世-])"
)
_JOIN = re.compile(rf"(?:{TO}(?P<now>今(?![年天日后晚百数几约近已\d]))?|(?P<and>和|及|与|、))")
_DIGITS = "0123456789"
_ONES = "一二三四五六七八九十"


def _free(rule: Callable[[str, int], Reading | None]) -> Rule:
    """A rule that needs nothing said before."""
    return lambda text, position, _: rule(text, position)


def _date(text: str, position: int, context: Context) -> Reading | None:
    return dated.date(text, position, context.year)


def _by_calendar(text: str, position: int, context: Context) -> Reading | None:
    return dated.by_calendar(text, position, context.year)


def _decade(text: str, position: int, context: Context) -> Reading | None:
    return stretches.decade(text, position, context.century)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A kind of expression: the characters it may begin with, a pattern for its beginning, the rules to try there."""

    name: str
    initials: frozenset[str]
    pattern: re.Pattern[str]
    rules: tuple[Rule, ...]


class Scanner:
    """The rules over one set of name tables."""

    def __init__(self, names: PeriodTables) -> None:
        self._named = NameRules(names)
        self.kinds = tuple(
            Beginning(name, frozenset(initials), re.compile(pattern), rules)
            for name, initials, pattern, rules in self._table(names, self._named)
        )
        # Most characters begin nothing, and the others few kinds: one look at the first saves trying every pattern.
        initials = frozenset[str]().union(*(kind.initials for kind in self.kinds))
        self._initial = re.compile(f"[{re.escape(''.join(sorted(initials)))}]")
        self._beginning_with = {
            initial: tuple(kind for kind in self.kinds if initial in kind.initials) for initial in initials
        }

    def _table(self, names: PeriodTables, named: NameRules) -> tuple[tuple[str, str, str, tuple[Rule, ...]], ...]:
        """Name, first characters, pattern and rules of each kind; of several that match at a place the first wins."""
        dynasty = _free(named.dynasty)
        dynasties, reigns_of = _firsts(eras.DYNASTIES) + "大", _firsts(eras.table()) + _firsts(eras.rulers())
        calendars = _firsts(running.CALENDARS)
        return (
            ("republic", "中民", years.REPUBLIC_HEAD, (_date,)),
            ("taiping", "太", taiping.HEAD, (_free(taiping.date),)),
            ("civil", _firsts(eras.civil()) + "伪满日", years.CIVIL_ERA_HEAD, (_date,)),
            # before numbers: 三年困难时期
            ("period", _firsts(names.periods) + "“", named.period_head, (_free(named.period), dynasty)),
            ("dotted", "12", _DOTTED, (_free(dated.dotted),)),
            ("life", "(", _LIFE, (_free(stretches.life),)),
            ("number", f"{_DIGITS}{NUMBER_CLASS}公西纪前上本", _NUMBER, (
                _decade, _free(stretches.century), _free(dated.across), _free(dated.abbreviated),
                _free(dated.short_pair), _free(dated.listed), _date, running.month,
                running.day, running.regnal, running.short_year,
            )),
            ("lunar_day", "初", running.LUNAR_DAY_HEAD, (running.lunar_day,)),
            ("relative_day", _firsts(running.DAYS_OFF), running.DAY_HEAD, (running.relative_day,)),
            ("own", _firsts(running.OWN_WORDS), running.OWN_HEAD, (running.own, running.year, running.same_month)),
            ("relative", _firsts(running.YEARS_OFF), running.YEAR_HEAD, (running.year,)),
            ("calendar", calendars, running.CALENDAR_HEAD, (_by_calendar,)),
            ("same_month", "同是当该本", running.MONTH_HEAD, (running.same_month,)),
            ("month", f"{calendars}闰正腊冬", running.LUNAR_HEAD, (running.month,)),
            ("part", "年上下前后第一二三四", running.PART_HEAD, (running.part,)),
            ("part_of_month", "月上中下", running.PART_OF_MONTH_HEAD, (running.part_of_month,)),
            ("feast", _firsts(feasts.NAMES) + "“", running.FEAST_HEAD, (running.feast,)),
            ("short", "康雍乾嘉道咸同光", reigns.SHORT_HEAD, (_free(reigns.short_eras),)),
            ("plan", f"“国第{_ONES}", PLAN, (_free(named.plan),)),
            ("later", "越逾", running.LATER_HEAD, (running.later,)),
            ("pair", ganzhi.INITIALS, running.PAIR_HEAD, (running.pair,)),
            ("ruler", dynasties, reigns.RULER_HEAD, (_free(reigns.ruler_span),)),
            ("reign", dynasties + reigns_of, _REIGN, (_date, _free(reigns.era_span), dynasty)),
            ("season", "春夏秋冬", running.SEASON_HEAD, (running.season,)),  # after reigns: 夏天祐民安五年
            ("dynasty", _firsts(names.dynasties) + "大", named.dynasty_head, (dynasty,)),
            ("term", f"{_firsts(names.terms)}第{_DIGITS}{_ONES}", named.term_head, (_free(named.term),)),
        )  # fmt: skip

    def readings(self, text: str, context: Context) -> Iterator[tuple[int, Reading]]:
        """(start, reading) of every expression, in order and without overlaps. `text` is in the rules' form."""
        given, position, last = context, 0, 0
        for initial in self._initial.finditer(text):
            start = initial.start()
            if start < position or not (beginning := self._beginning(text, start)):
                continue
            if "\n" in text[last:start]:
                context = given
            if context.century != given.century and "。" in text[last:start]:
                context = replace(context, century=given.century)
            last = start
            kind, match = beginning
            reading = _read(text, kind, start, context)
            if reading is None:
                position = match.end() if kind.name == "number" else start + 1  # no part of such a number is a date
                continue
            reading = self._followed(text, reading, context)
            yield start, reading
            context = _carried(text, start, reading, context)
            position = last = reading.stop

    def whole(self, text: str) -> Reading | None:
        """The reading of a text that is one expression and nothing else."""
        reading = self._at(text, 0, Context())
        if not reading:
            return None
        reading = self._followed(text, reading, Context())
        return reading if reading.stop == len(text) else None

    def _beginning(self, text: str, position: int) -> tuple[Beginning, re.Match[str]] | None:
        """The first kind of expression that may begin here."""
        for kind in self._beginning_with.get(text[position : position + 1], ()):
            if match := kind.pattern.match(text, position):
                return kind, match
        return None

    def _at(self, text: str, position: int, context: Context, without: frozenset[str] = frozenset()) -> Reading | None:
        """The reading of what begins here, unless it is of one of the kinds named in `without`."""
        beginning = self._beginning(text, position)
        return _read(text, beginning[0], position, context) if beginning and beginning[0].name not in without else None

    def _followed(self, text: str, reading: Reading, context: Context) -> Reading:
        """The reading with what follows: the end of a range, and names that only say again what a date has said."""
        if reading.vague and text.startswith("的", reading.stop):  # 建国后的六十年代
            narrower = self._at(text, reading.stop + 1, context)
            reading = narrower if narrower and not narrower.vague else reading
        if reading.year is not None or reading.rule == "decade":
            reading = dated.extended(text, reading)
        reading = self._until(text, reading, context)
        if reading.precision not in (Precision.YEAR, Precision.RANGE) or reading.year is None:
            return reading
        again = self._named.period(text, reading.stop)  # 1958年“大跃进”时
        if not again or not _overlap(reading, again) or self._named.is_event(text, reading.stop):
            return reading  # 1937年七七事变 is read twice: the year, then the day
        return replace(reading, stop=again.stop)

    def _until(self, text: str, reading: Reading, context: Context) -> Reading:
        """Ranges over two kinds of expression: 清末至1949年, 1956年至文革前, 明代和清代, 1949年至今."""
        if reading.start is None or reading.end is None:
            return reading
        if joined := self._adjoining(text, reading):
            return joined
        to = _JOIN.match(text, reading.stop)
        if not to:
            return reading
        if to["now"]:
            named = reading.span if reading.precision in dated.UNITS else None
            return replace(reading, end=None, precision=Precision.RANGE, stop=to.end(), named=named)
        if to["and"] and (several := self._several_years(text, reading, to.end(), context)):
            return several
        second = None
        if not to["and"] or reading.precision is Precision.DYNASTY:
            second = self._second(text, to.end(), reading, context)
        if not second or second.end is None or second.start is None or second.start < reading.start:
            return self._to_republic(text, reading, to.end())
        return replace(
            second, start=reading.start, precision=Precision.RANGE, rule=f"{reading.rule}-range", others=(), vague=False
        )

    def _adjoining(self, text: str, first: Reading) -> Reading | None:
        """八十年代末九十年代初, 1959年底1960年初: two parts that meet, with no more than a 、 between decades."""
        if first.rule == "decade":
            position = first.stop + text.startswith("、", first.stop)
            second = stretches.decade(text, position, first.century)
        elif first.precision in _PARTS:
            position, second = first.stop, dated.date(text, first.stop, first.year)
        else:
            return None
        if second is None or second.start is None or second.end is None or first.end is None or first.start is None:
            return None
        whole = second.precision not in _PARTS and second.rule != "decade"
        apart = position > first.stop and _WHOLE_DECADE.search(text[: second.stop])
        if whole or apart or not first.start < second.start <= first.end + 1:
            return None
        return replace(second, start=first.start, precision=Precision.RANGE, rule=f"{first.rule}-range", others=())

    def _several_years(self, text: str, first: Reading, position: int, context: Context) -> Reading | None:
        """1950年、1951年两年, 1987年、1988年和1989年三年: years counted behind the last of them."""
        if first.precision is not Precision.YEAR or first.year is None:
            return None
        last, count = first, 1
        while following := self._at(text, position, context):
            if following.precision is not Precision.YEAR or following.year != (last.year or 0) + 1:
                return None
            last, count = following, count + 1
            if text.startswith(f"{_COUNTED[count]}年" if count < len(_COUNTED) else "\n", last.stop):
                return replace(last, start=first.start, precision=Precision.RANGE, others=(), stop=last.stop + 2)
            if text[last.stop : last.stop + 1] not in ("、", "和", "及", "与"):
                return None
            position = last.stop + 1
        return None

    def _second(self, text: str, position: int, first: Reading, context: Context) -> Reading | None:
        if first.year is not None:
            context = Context(first.year, first.month, first.moon, own=context.own)
        if first.rule == "decade":
            context = replace(context, century=first.century)
        return self._at(text, position, context, _NO_ENDS)

    def _to_republic(self, text: str, reading: Reading, position: int) -> Reading:
        """晚清至民国: the one period that may end such a range without 时期."""
        named = self._named.names.periods.get("民国")
        from_period = reading.precision in (Precision.DYNASTY, Precision.PERIOD, Precision.ERA)
        if not named or not from_period or not _REPUBLIC_ALONE.match(text, position):
            return reading
        return replace(reading, end=named.end, precision=Precision.RANGE, stop=position + 2)


_PARTS = frozenset((Precision.PART, Precision.SEASON, Precision.HALF))
_WHOLE_DECADE = re.compile("年代(?:、.{1,12}年代)?$")  # 八十年代、九十年代 are two
_COUNTED = ("", "", "两", "三", "四", "五", "六")
_REPUBLIC_ALONE = re.compile(r"民国(?![初末中后前元\d一二三四五六七八九十廿卅])")
_NO_ENDS = frozenset(("season", "part"))  # 1958年至秋后: these end no range by themselves


def _firsts(words: Iterable[str]) -> str:
    """The first characters of names, as the rules see them."""
    return "".join(plain(word).text.removeprefix("“")[:1] for word in words)


def _read(text: str, kind: Beginning, position: int, context: Context) -> Reading | None:
    for rule in kind.rules:
        if reading := rule(text, position, context):
            return reading
    return None


def _overlap(first: Reading, second: Reading) -> bool:
    if second.vague or first.start is None or first.end is None or second.start is None or second.end is None:
        return False
    return first.start <= second.end and second.start <= first.end


def _reign(reading: Reading, context: Context) -> Reign | None:
    """What a following 十五年 without its era counts from; a Gregorian year ends it."""
    if reading.era is not None and reading.moon and reading.year is not None:
        return Reign(reading.era.year_one, reading.era.last, reading.year, True)
    if reading.rule.startswith("republic") and reading.year is not None:
        return Reign(1912, 38, reading.year, False)
    if reading.rule == "sexagenary" and context.reign and context.reign.moon:
        return context.reign
    if reading.rule.startswith("regnal") and context.reign and reading.year is not None:
        return replace(context.reign, reached=reading.year)
    return context.reign if reading.rule in _LEANING else None


_LEANING = frozenset(("month", "day", "season", "part", "relative", "own", "print", "feast"))  # on what was told before


def _base(reading: Reading, context: Context) -> int | None:
    """The year that 第三年 counts from: the one told before the first 次年, until a year is told by its number."""
    if reading.rule == "relative" and reading.year is not None and context.base is None:
        return context.year if context.year is not None and reading.year > context.year else None
    return context.base if reading.rule in _LEANING else None


def _told(reading: Reading, context: Context) -> int | None:
    """The year last told by its number: 去年 and 今年 count from it where the text has no date of its own."""
    if reading.rule not in _LEANING:
        return reading.year
    return context.year if context.told is None else context.told


def _last_day(reading: Reading) -> int | None:
    """The day that 次日 counts from: the one told, or the last of a few."""
    if reading.precision is Precision.DAY:
        return reading.start if reading.start == reading.end or reading.named else None
    few = reading.precision is Precision.RANGE and reading.month is not None and reading.start is not None
    return reading.end if few and reading.end is not None and reading.end - (reading.start or 0) < _FEW_DAYS else None


_FEW_DAYS = 32


def _carried(text: str, start: int, reading: Reading, context: Context) -> Context:
    """The context after a reading. A date in brackets is an aside; a stretch that opens a sentence ends the year."""
    if reading.year is not None:
        aside = text[max(0, start - 1) : start] == "(" and reading.rule.startswith("gregorian")
        if aside:
            return context
        day = _last_day(reading)
        reign = _reign(reading, context)
        base, told = _base(reading, context), _told(reading, context)
        return replace(
            context,
            year=reading.year,
            month=reading.month,
            moon=reading.moon,
            reign=reign,
            day=day,
            base=base,
            told=told,
            short=reading.rule == "gregorian-short" or (context.short and reading.rule in _LEANING),
        )
    if reading.rule in ("decade", "century"):
        context = replace(context, century=reading.century)
    opens = start == 0 or text[start - 1] in running.SENTENCE_END
    if not opens or context.year is None or reading.start is None or reading.end is None:
        return context
    first, last = years_span(context.year, context.year)
    return Context(own=context.own) if reading.end < first or reading.start > last else context

"""Reading a text from left to right: where an expression may begin, which rules apply there, what year runs on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from archive.dates import dated, numeric_dates, stretches, within
from archive.dates.calendar import year_of, years_span
from archive.dates.carried import carried, ends_with_pair, last_day, returned
from archive.dates.context import Context
from archive.dates.dynasty_rules import DynastyRules
from archive.dates.kinds import Beginning, initials, table
from archive.dates.patterns import TO
from archive.dates.period_rules import NameRules
from archive.dates.period_tables import PeriodTables
from archive.dates.reading import Reading
from archive.model.records import Precision

_AMONG = re.compile("之?[间交际](?![谍接隔])")
_FROM = frozenset("自从")
_JOIN = re.compile(rf"(?:{TO}(?P<now>今(?![年天日后晚晨早夜百数几约近已\d])|现在|目前|如今)?|(?P<and>和|及|与|、))")


class Scanner:
    """The rules over one set of name tables."""

    def __init__(self, names: PeriodTables) -> None:
        self._named = NameRules(names)
        self.kinds = table(names, self._named, DynastyRules(names))
        # Most characters begin nothing, and the others few kinds: a look at the first two saves trying every pattern.
        self._initial = re.compile(initials({opening for kind in self.kinds for opening in kind.openings}))
        self._opened_by: dict[str, tuple[Beginning, ...]] = {}  # by two characters, filled as they are met

    def readings(self, text: str, context: Context) -> Iterator[tuple[int, Reading]]:
        """(start, reading) of every expression, in order and without overlaps. `text` is in the rules' form."""
        if context.year is not None and not context.leaning:
            context = replace(context, under=context.year)
        given, position, last, opened = context, 0, 0, self._opened_by
        for initial in self._initial.finditer(text):
            start = initial.start()
            if start < position:
                continue
            kinds = opened.get(text[start : start + 2])
            if kinds is None:
                kinds = self._opened(text, start)
            if not kinds:
                continue
            if "\n" in text[last:start]:
                context = given
            if context.century != given.century and "。" in text[last:start]:
                context = replace(context, century=given.century)
            if context.aside is not None:
                context = returned(text, last, start, context)
            last = start
            reading, position = _read(text, kinds, start, context)
            if reading is None:
                continue
            reading = self._followed(text, reading, context)
            if text[start - 1 : start] in _FROM:
                reading = dated.since(text, reading)
            yield start, reading
            context = carried(text, start, reading, context)
            position = last = reading.stop

    def whole(self, text: str) -> Reading | None:
        """The reading of a text that is one expression and nothing else."""
        reading = self._at(text, 0, Context())
        if not reading:
            return None
        reading = self._followed(text, reading, Context())
        return reading if reading.stop == len(text) else None

    def _opened(self, text: str, position: int) -> tuple[Beginning, ...]:
        """The kinds of expression that two such characters may begin."""
        two = text[position : position + 2]
        kinds = self._opened_by.get(two)
        if kinds is None:
            kinds = tuple(kind for kind in self.kinds if two in kind.openings or two[:1] in kind.openings)
            self._opened_by[two] = kinds
        return kinds

    def _at(self, text: str, position: int, context: Context, without: frozenset[str] = frozenset()) -> Reading | None:
        """The reading of what begins here, unless it is of one of the kinds named in `without`."""
        kinds = self._opened(text, position) if position < len(text) else ()
        return _read(text, kinds, position, context, without)[0]

    def _followed(self, text: str, reading: Reading, context: Context) -> Reading:
        """The reading with what follows: the end of a range, and names that only say again what a date has said."""
        if reading.vague and (within_it := _WITHIN_IT.match(text, reading.stop)):  # 建国后的六十年代, 解放后1950年
            narrower = self._at(text, within_it.end(), context)
            reading = narrower if narrower and not narrower.vague else reading
        reading = self._told_again(text, reading)
        if reading.precision is Precision.DAY and (hours := _HOURS_TO.match(text, reading.stop)):  # 31日夜至1日晨
            reading = replace(reading, stop=hours.end())
        if reading.year is not None or reading.rule == "decade":
            reading = self._told_again(text, dated.extended(text, reading))
        reading = self._to_event(text, self._until(text, reading, context))
        if reading.precision is Precision.DAY and reading.start == reading.end:
            stop = within.feast_too(text, reading.stop, reading.start or 0)
            stop = within.day_too(text, stop, reading.start or 0)
            if stop > reading.stop and not reading.moon:  # 春节（一月二十五日）以来
                reading = dated.extended(text, replace(reading, stop=stop))
                stop = reading.stop
            reading = replace(reading, stop=stop if reading.moon else dated.behind_lunar_gloss(text, stop))
        if reading.precision not in (Precision.YEAR, Precision.RANGE) or reading.year is None:
            return reading
        again = self._named.period(text, reading.stop)  # 1958年“大跃进”时
        if not again or not _overlap(reading, again) or self._named.is_event(text, reading.stop):
            return reading  # 1937年七七事变 is read twice: the year, then the day
        return replace(reading, stop=again.stop)

    def _told_again(self, text: str, reading: Reading) -> Reading:
        """清末（1911）, 清末宣统三年: the year that a period is told with. 1882～1894年（清光绪八至二十年） is one."""
        if reading.start is None or reading.end is None or reading.vague:
            return reading
        if reading.rule in _NAMED:
            narrower = self._at(text, reading.stop, Context())
            if narrower and narrower.era and _overlap(reading, narrower):
                return narrower
            return dated.with_year_behind(text, reading)
        ranging = reading.precision is Precision.RANGE and not reading.moon
        if ranging and reading.rule.endswith("range") and text.startswith("(", reading.stop):
            inner = self._at(text, reading.stop + 1, Context())
            inner = self._followed(text, inner, Context()) if inner else None
            of_reign = inner and (inner.moon or inner.era or inner.rule.startswith(("republic", "reign", "dynasty")))
            if inner and of_reign and text.startswith(")", inner.stop) and _overlap(reading, inner):
                return replace(reading, stop=inner.stop + 1)
        return reading

    def _until(self, text: str, reading: Reading, context: Context) -> Reading:
        """Ranges over two kinds of expression: 清末至1949年, 1956年至文革前, 明代和清代, 1949年至今."""
        if reading.start is None:
            return reading
        if reading.end is None:
            return self._since_to(text, reading, context)
        if joined := self._adjoining(text, reading):
            return joined
        to = _JOIN.match(text, reading.stop)
        if not to:
            return reading
        if (
            "," in to[0]
            and (to["now"] or to[0][0] not in "起始")
            and not _SO_MANY_YEARS.match(text, to.end(), to.end() + 24)
        ):  # 建于1907年，至今完好; 始创于同治元年，到清末已成大号
            return reading
        if to["now"]:
            named = reading.span if reading.precision in dated.UNITS else None
            return replace(reading, end=None, precision=Precision.RANGE, stop=to.end(), named=named)
        if to["and"] and (several := self._several_years(text, reading, to.end(), context)):
            return several
        second = None
        if not to["and"] or reading.precision is Precision.DYNASTY:
            second = self._second(text, to.end(), reading, context)
        begins = None if second is None else reading.start if second.start is None else second.start
        since = text.endswith(("后", "来"), to.end(), second.stop) if second else False
        if second and since and second.end is None and begins is not None and begins >= reading.start:
            # 自辛亥革命至建国以后
            rule = f"{reading.rule}-range"
            return replace(second, start=reading.start, precision=Precision.RANGE, rule=rule, others=())
        if not second or second.end is None or begins is None or not reading.start <= begins <= second.end:
            return self._to_republic(text, reading, to.end())
        # 清代至民国29年: what follows counts on in the republic
        rule = "republic" if second.rule.startswith("republic") else reading.rule
        return replace(
            second, start=reading.start, precision=Precision.RANGE, rule=f"{rule}-range", others=(), vague=False
        )

    def _since_to(self, text: str, first: Reading, context: Context) -> Reading:
        """西周以来直至秦汉时期, 1949年以后至1956年: what an end follows after all is not open."""
        to = _JOIN.match(text, first.stop)
        if not to or to["now"] or to["and"]:
            return first
        second = self._second(text, to.end(), first, context)
        if second is None or second.end is None or first.start is None or second.end < first.start:
            return first
        rule = f"{first.rule}-range"
        return replace(second, start=first.start, precision=Precision.RANGE, rule=rule, others=(), vague=False)

    def _adjoining(self, text: str, first: Reading) -> Reading | None:
        """八十年代末九十年代初, 1959年底1960年初: two parts that meet, with no more than a 、 between decades."""
        if first.rule in ("decade", "century"):
            position = first.stop + text.startswith("、", first.stop)
            second = stretches.decade(text, position, first.century) or stretches.century(text, position)
        elif first.precision in _PARTS:
            edge = first.precision is Precision.PART and _MEET.match(text, first.stop)  # 1933年底、1934年初
            position = first.stop + bool(edge)
            second = dated.date(text, position, first.year)
        else:
            return None
        if second is None or second.start is None or second.end is None or first.end is None or first.start is None:
            return None
        whole = second.precision not in _PARTS and second.rule not in ("decade", "century")
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
            years = f"{_COUNTED[count]}年" if count < len(_COUNTED) else "\n"
            behind = last.stop + text.startswith("这", last.stop)  # 1957年、1958年这两年
            among = _AMONG.match(text, last.stop)
            if among and text[last.stop - 1] == "年":  # 1941、1942年间
                return replace(last, start=first.start, precision=Precision.RANGE, others=(), stop=among.end())
            counted = text.startswith(tuple(years.replace("年", unit) for unit in "年岁载"), behind)  # 庚寅、辛卯两岁
            if text.endswith(years, position, last.stop) or counted:
                stop = behind + 2 if counted else last.stop
                return replace(last, start=first.start, precision=Precision.RANGE, others=(), stop=stop)
            if text[last.stop : last.stop + 1] not in ("、", "和", "及", "与"):
                return None
            position = last.stop + 1
        return None

    def _second(self, text: str, position: int, first: Reading, context: Context) -> Reading | None:
        running = context
        if first.year is not None:
            reign = context.reign if first.rule.startswith("regnal") else None  # 35年至38年 of the republic
            context = Context(first.year, first.month, first.moon, own=context.own, day=last_day(first), reign=reign)
            context = replace(context, pair_day=ends_with_pair(text, first.stop))
        if first.rule == "decade":
            context = replace(context, century=first.century)
        second = self._at(text, position, context, _NO_ENDS)
        points = _POINTS_BACK.match(text, position) if second and running.month is not None else None
        if second and points and (points["month"] or first.rule in ("relative", "own")):
            outer = self._at(text, position, running, _NO_ENDS)  # 6月，…上年12月至是月
            if outer and outer.start and second.start and outer.start > second.start:
                second = outer
        return self._told_again(text, second) if second else None

    def _to_event(self, text: str, end: Reading) -> Reading:
        """1916年到1919年五四运动前: what took some days in the year that ends a range ends it."""
        whole = (
            end.precision is Precision.RANGE and end.year is not None and end.end == years_span(end.year, end.year)[1]
        )
        event = self._named.period(text, end.stop) if whole and self._named.is_event(text, end.stop) else None
        if event is None or event.end is None or year_of(event.end) != end.year:
            return end
        return replace(end, end=event.end, stop=event.stop)

    def _to_republic(self, text: str, reading: Reading, position: int) -> Reading:
        """晚清至民国: the one period that may end such a range without 时期."""
        named = self._named.names.periods.get("民国")
        from_period = reading.precision in (Precision.DYNASTY, Precision.PERIOD, Precision.ERA)
        if not named or not from_period or not _REPUBLIC_ALONE.match(text, position):
            return reading
        return replace(reading, end=named.end, precision=Precision.RANGE, stop=position + 2)


_POINTS_BACK = re.compile("(?P<month>[是本当该同]月)|[是本当该]年")
_SO_MANY_YEARS = re.compile(r".{0,16}[年)],?共?\d{1,4}年[间中]")  # 1459年，至清末宣统三年，453年间
_HOURS_TO = re.compile(  # 31日夜至1日晨, 昨天17时至今晨
    rf"(?:凌晨|拂晓|清?晨|早[晨上]?|[上中下]午|傍晚|黄昏|[晚夜][上间]?|深夜|半夜|午夜|\d{{1,2}}[时点](?:\d{{1,2}}分)?)(?={TO})"
)
_WITHIN_IT = re.compile(r"的|[从自在]?(?=[12]\d{3}年|[12]\d{3}-+\d|[一二]\w{3}年)")
_PARTS = frozenset((Precision.PART, Precision.SEASON, Precision.HALF))
_MEET = re.compile(r"(?<=[底末])、(?=\S{2,7}年初)")
_WHOLE_DECADE = re.compile("(?:年代|世纪)(?:、.{1,12}(?:年代|世纪))?$")  # 八十年代、九十年代 are two
_COUNTED = ("", "", "两", "三", "四", "五", "六")
_REPUBLIC_ALONE = re.compile(r"民国(?![成建肇创伊初末中后前元\d一二三四五六七八九十廿卅])")
_NAMED = frozenset(("period", "dynasty"))
_NO_ENDS = frozenset(("season", "part"))  # 1958年至秋后: these end no range by themselves


def _read(
    text: str, kinds: Iterable[Beginning], position: int, context: Context, without: frozenset[str] = frozenset()
) -> tuple[Reading | None, int]:
    """What the first rule that can reads at `position`, of the first kind that has one; and where to look on."""
    onward = position + 1
    untold = context.leaning and context.told is None
    for kind in kinds:
        match = kind.pattern.match(text, position)
        if match is None:
            continue
        if kind.name in without:
            return None, onward
        seen = replace(context, year=None, month=None) if untold and kind.name not in _OF_OWN else context
        for rule in kind.rules:
            if reading := rule(text, position, seen):
                if kind.name in _FIGURES and numeric_dates.numbers_a_thing(text, position, reading.stop):
                    continue
                return reading, reading.stop
        if kind.name == "number":  # no part of it is a date
            onward = match.end()
    return None, onward


_FIGURES = frozenset(("number", "dotted", "short_dotted"))
_OF_OWN = frozenset(("number", "month", "part", "feast"))  # what may lean on the day of writing alone


def _overlap(first: Reading, second: Reading) -> bool:
    if second.vague or first.start is None or first.end is None or second.start is None or second.end is None:
        return False
    return first.start <= second.end and second.start <= first.end

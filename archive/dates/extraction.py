"""Date expressions of a text, and the mentions of an article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive.dates.carried import last_day, leans, reign_told
from archive.dates.context import Context, Own, Reign, leaning
from archive.dates.numerals import NUMBER_CLASS, number
from archive.dates.period_tables import Span
from archive.dates.plain_form import plain
from archive.dates.reading import Reading
from archive.dates.reigns import KNOWN
from archive.dates.scan import Scanner
from archive.model.records import OPEN, Block, Kind, Mention, Period, Precision


@dataclass(frozen=True, slots=True)
class Extracted:
    """A date expression: `text` is `source[start:end]` (code points, end exclusive) and what it means.

    `rule` names the rule that read it, `confidence` is 0 to 1, `vague` marks wording such as 建国后. `others` are
    further readings, less likely than `period`: another ruler's era of the same name, or, where `conflict`, the second
    of two dates that contradict each other in print. `impossible`: the year does not have the month or day written with
    it (1950年2月29日), and `period` is the year. `named` is the year, month or day to which words such as 起 were added
    that leave the period open (1958 of 1958年起).
    """

    text: str
    start: int
    end: int
    period: Period
    rule: str
    confidence: float = 1.0
    vague: bool = False
    others: tuple[Period, ...] = ()
    conflict: bool = False
    impossible: bool = False
    named: Period | None = None


def extract(scanner: Scanner, text: str, context: Context) -> list[Extracted]:
    """The date expressions of one text, in order; `context` is what bare months and days belong to at first."""
    return [found for found, _ in _read(scanner, text, context)]


def _read(scanner: Scanner, text: str, context: Context) -> Iterator[tuple[Extracted, Reading]]:
    folded = plain(text)
    for start, reading in scanner.readings(folded.text, context):
        first, last = folded.origin(start, reading.stop)
        written = text[first:last]
        period, *others = (_period(span, reading, written) for span in (reading.span, *reading.others))
        found = Extracted(
            written, first, last, period, reading.rule, reading.confidence, reading.vague, tuple(others),
            reading.conflict, reading.impossible, _period(reading.named, reading, written) if reading.named else None,
        )  # fmt: skip
        yield found, reading


def _period(span: Span, reading: Reading, written: str) -> Period:
    return Period(span[0], span[1], reading.precision, written)


def mentions(
    scanner: Scanner, blocks: Sequence[Block], year: int | None, own: Own | None, until: int | None
) -> tuple[Mention, ...]:
    """The mentions of an article's blocks, in order; see `DateReader.mentions`."""
    lean = _leaning(blocks, own) if own else frozenset()
    result: list[Mention] = []
    carried: list[tuple[int, Context | None]] = []  # level of the heading, the year or month it gives
    diary = sum(1 for block in blocks if block.kind is Kind.PARAGRAPH and _DAY_LINE.fullmatch(block.text)) > 1
    before: Context | None = None  # the date of the paragraph above
    reign: Reign | None = None  # of the last block that began with a date
    for index, block in enumerate(blocks):
        if not block.kind.searched:
            continue
        running = next((given for _, given in reversed(carried) if given), Context(year))
        told = own and own.printed and running.year not in (None, year)  # a heading's year comes before that of print
        context = replace(running, own=None if told or running.entry else own)
        if own and running.year is None and index in lean:
            context = leaning(own)
        if block.kind is Kind.PARAGRAPH and before and _goes_on(block.text, before, running):
            context = replace(before, own=context.own)
        if reign and (counted := _COUNTED.match(block.text)) and (counted["count"] or reign.moon):
            # 嘉靖五年春，…。 And in the next paragraphs: 二十五年夏五月，…; 冬十月，…
            context = Context(reign.reached, moon=reign.moon, reign=reign, own=context.own, told=reign.reached)
        found = list(_read(scanner, block.text, context))
        for place, (one, _) in enumerate(found):
            end = until if until is not None else _next_day(found[place + 1 :], one)
            result.extend(_mentions(index, one, end))
        given = _alone(block.text, found)
        reign = _reign_told(block.text, found, context, reign)
        if block.kind in (Kind.HEADING, Kind.TITLE):
            carried = [(above, kept) for above, kept in carried if above < block.level]
            carried.append((block.level, given))
            before = None
        elif block.kind is Kind.PARAGRAPH:
            before = _date_of(block.text, found) if found else before
            given = None if given and given.day and not diary else given
            if given or _opens_another(found, running):
                level = _PARAGRAPH + (
                    bool(given.month) + bool(given.day) if given else 0
                )  # a day stands below its month
                carried = [(above, kept) for above, kept in carried if above < level]
                carried.append((level, given))
    return tuple(result)


_PARAGRAPH = 10  # below every heading

# Years in figures or numerals, and whatever else is of another time, in the form that the rules read.
_YEARS_TOLD = re.compile(
    rf"(?<!\d)(?:1[5-9]|20)\d\d(?=年|[./-]\d|\()|[一二][〇零一二三四五六七八九]{{3}}(?=年)|民国|{KNOWN}"
)
_BESIDE = 1  # years


def _leaning(blocks: Sequence[Block], own: Own) -> frozenset[int]:
    """The blocks whose months and days may be of the year of writing: nothing else is told before, or else after."""
    told = [_told(block.text) if block.kind.searched else [] for block in blocks]
    leaning, last = [], None
    for index, years in enumerate(told):
        beside = last if last is not None else next((each[0] for each in told[index:] if each), own.year)
        if abs(beside - own.year) <= _BESIDE:
            leaning.append(index)
        last = years[-1] if years else last
    return frozenset(leaning)


def _told(text: str) -> list[int]:
    """The years of a text, roughly: 0 for a reign."""
    return [number(found[0]) or 0 for found in _YEARS_TOLD.finditer(plain(text).text)]


def _alone(text: str, found: list[tuple[Extracted, Reading]]) -> Context | None:
    """The year, month or day a heading or a line speaks of, if it speaks of one and of nothing much else."""
    if len(found) != 1:
        return None
    one, reading = found[0]
    rest = "".join(f"{text[: one.start]}{text[one.end :]}".split())
    if reading.year is None:
        return None
    if reading.precision is Precision.DAY and reading.start == reading.end and _WEATHER.fullmatch(rest):
        context = Context(reading.year, reading.month, reading.moon, told=reading.year)
        return replace(context, day=reading.start, entry=reading.start)
    little = len(rest) <= _LITTLE or _CHRONICLE.fullmatch(rest)
    if reading.precision not in (Precision.YEAR, Precision.MONTH) or not little:
        return None
    if (reading.month or reading.rule == "relative") and _SENTENCE.search(text):  # 次年，停刊。
        return None
    return Context(reading.year, reading.month, reading.moon)


_LITTLE = 4  # characters
_CHRONICLE = re.compile(r"\D{0,10}大事[记記纪紀]?(?:年表)?")  # 某县1958年大事记
# What stands beside the day that heads an entry of a diary.
_WEATHER = re.compile("(?:(?:星期|周|礼拜)[一二三四五六日天]|[晴阴雨雪风雾霜云多转间小中大微暴阵热冷寒暖(),（），、])*")
_DAY_LINE = re.compile(rf"\s*(?:\S{{2,12}}年)?(?:\S{{1,4}}月)?\S{{1,3}}日\s*{_WEATHER.pattern}\s*")
_SENTENCE = re.compile("[,，。;；]")
_MARK = r"[\s△▲●◆○◇■□★☆·*]*"  # of an entry of a chronicle
# What points back to the paragraph above: 同年, 是月, 次日; under a heading that gives the year 27日, too.
_POINTS_BACK = re.compile(
    rf"{_MARK}(?:(?P<year>[同是当當次翌]\s*[年岁歲])|(?P<month>[同是当當该該本]\s*月)|(?P<day>[同是当當该該次翌]\s*日|[当當][天晚])"
    r"|(?P<count>\d{1,2}\s*日|[上中下]旬|月[底初末]))"
)


def _goes_on(text: str, before: Context, running: Context) -> bool:
    """Whether a paragraph begins with a word that points back to the date of the one above."""
    points = _POINTS_BACK.match(text)
    if points is None or running.year not in (None, before.year):
        return False
    if points["year"]:
        return running.year is None
    if points["count"] and running.year is None:
        return False
    return (before.day if points["day"] else before.month) is not None


# A paragraph that begins with a count of years, or with a lunar month, goes on in the reign of those above.
_COUNTED = re.compile(
    rf"{_MARK}(?:(?P<count>[{NUMBER_CLASS}]{{1,3}}|\d{{1,2}})\s*年|[春夏秋冬]?[閏闰]?[正臘腊一二三四五六七八九十]{{1,2}}月)"
)


def _reign_told(
    text: str, found: list[tuple[Extracted, Reading]], context: Context, reign: Reign | None
) -> Reign | None:
    """The reign in which a following count of years goes on: told at the beginning of a block, or that of before."""
    if not found or not re.fullmatch(_MARK, text[: found[0][0].start]):
        return reign
    reading = found[0][1]
    return reign_told(reading, context) or (reign if leans(reading) else None)


def _date_of(text: str, found: list[tuple[Extracted, Reading]]) -> Context | None:
    """The date that a paragraph begins with, or else the last one told in it."""
    one, reading = found[0]
    if reading.year is None or not re.fullmatch(_MARK, text[: one.start]):
        reading = found[-1][1]
    if reading.year is None:
        return None
    return Context(reading.year, reading.month, reading.moon, day=last_day(reading), told=reading.year)


def _opens_another(found: list[tuple[Extracted, Reading]], running: Context) -> bool:
    """Whether a paragraph begins with a year of its own, so that the line above no longer speaks for the next one."""
    return bool(found) and found[0][0].start == 0 and found[0][1].year not in (None, running.year)


def _next_day(following: Sequence[tuple[Extracted, Reading]], since: Extracted) -> int | None:
    """The day before the next date told that begins later, which ends what began at a day that is still open."""
    for one, _ in following:
        start = one.period.start
        if start is not None and since.period.start is not None and start > since.period.start and not one.vague:
            return start - 1
    return None


def _mentions(block: int, found: Extracted, until: int | None) -> list[Mention]:
    """The mentions of one expression. One that is open gets the end found for it, and its unit has one of its own."""
    rule = found.rule + (OPEN if found.period.open else "") + ("!conflict" if found.conflict else "")
    less = round(min(0.5, found.confidence) / max(1, len(found.others)), 2)
    period, start = found.period, found.period.start
    if period.end is None and start is not None and until is not None and until >= start and not found.vague:
        period = replace(period, end=until)
    named = [Mention(block, found.start, found.end, found.named, found.rule, found.confidence)] if found.named else []
    return [
        Mention(block, found.start, found.end, period, rule, found.confidence, found.vague),
        *named,
        *(Mention(block, found.start, found.end, other, rule, less, found.vague) for other in found.others),
    ]

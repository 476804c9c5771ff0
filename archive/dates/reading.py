"""What a rule makes of a stretch of text, and the spans common to several rules. Days are Julian, spans inclusive."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.dates import lunar
from archive.dates.calendar import day, month_length, month_span, year_of, years_span
from archive.dates.eras import Era
from archive.dates.period_tables import Span
from archive.model.records import Precision


@dataclass(frozen=True, slots=True)
class Reading:
    """A period read up to the offset `stop`, with what is needed to read on.

    `year`, `month`, `leap` and `moon` (months are lunar) are what a following bare month or day belongs to; `year` is
    None where nothing may be carried on. `others` are further readings of the same words: an era name borne by several
    rulers, or the second of two dates that contradict each other (`conflict`). `era` is the reign that was named,
    `century` what a following bare decade belongs to. Where the period is open because of words like 起, `named` is the
    year, month or day that those words were added to. `impossible`: a month or day was written that the year does not
    have, and the year alone was kept. `year_one` is the Gregorian year counted as 元年 by a
    king, or in an era of Japan.
    """

    start: int | None
    end: int | None
    precision: Precision
    rule: str
    stop: int
    year: int | None = None
    month: int | None = None
    moon: bool = False
    confidence: float = 1.0
    vague: bool = False
    others: tuple[Span, ...] = ()
    conflict: bool = False
    era: Era | None = None
    century: int = 1900
    named: Span | None = None
    impossible: bool = False
    leap: bool = False
    year_one: int | None = None

    @property
    def span(self) -> Span:
        return self.start, self.end

    def spanning(self, span: Span, precision: Precision, stop: int) -> Reading:
        """The same reading narrowed or widened to other days."""
        return replace(self, start=span[0], end=span[1], precision=precision, stop=stop)


def year_span(year: int, moon: bool) -> tuple[int, int]:
    """A whole year, Gregorian or lunar."""
    return lunar.year_span(year) if moon else years_span(year, year)


def around(span: Span, year: int | None = None) -> Span:
    """前后、左右 of a year or more: from two years before to two years after; of a lunar `year`, by its number."""
    if year is not None:
        return years_span(year - 2, year + 2)
    start, end = span
    return (
        None if start is None else day(year_of(start) - 2, 1, 1),
        None if end is None else day(year_of(end) + 2, 12, 31),
    )


def days_of_month(span: tuple[int, int], first: int, last: int) -> tuple[int, int]:
    """Days `first` to `last` of a month, cut at its end."""
    return span[0] + first - 1, min(span[0] + last - 1, span[1])


SEASONS = {"春": 0, "夏": 1, "秋": 2, "冬": 3}


def season_span(year: int, season: str, moon: bool) -> tuple[int, int] | None:
    """春: Gregorian February to May and so on (winter into the next year's February), or lunar months 1 to 3."""
    index = SEASONS[season]
    if moon:
        first = lunar.month_span(year, 3 * index + 1)
        last = lunar.month_span(year, 3 * index + 3)
        return (first[0], last[1]) if first and last else None
    if season == "冬":
        return day(year, 11, 1), month_span(year + 1, 2)[1]
    return day(year, 3 * index + 2, 1), month_span(year, 3 * index + 5)[1]


def gregorian_day(year: int, month: int, number: int) -> int | None:
    """The day, or None where the calendar has none."""
    if not 1 <= month <= 12 or not 1 <= number <= month_length(year, month):
        return None
    return day(year, month, number)

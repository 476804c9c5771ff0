"""Date expressions of a text, and the mentions of an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.dates.dated import Context
from archive.dates.names import Span, shipped
from archive.dates.plain import plain
from archive.dates.reading import Reading
from archive.dates.scan import Scanner
from archive.records import Block, Kind, Mention, Period

_scanner: Scanner | None = None


def current() -> Scanner:
    """The scanner over the tables in use."""
    global _scanner
    if _scanner is None:
        _scanner = Scanner(shipped())
    return _scanner


@dataclass(frozen=True, slots=True)
class Extracted:
    """A date expression: `text` is `source[start:end]` (code points, end exclusive) and what it means.

    `others` are further readings, less likely than `period`: another ruler's era of the same name, or, where
    `conflict`, the second of two dates that contradict each other in print.
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


def extract(text: str, *, year: int | None = None, month: int | None = None) -> list[Extracted]:
    """The date expressions of one text, in order. `year` and `month` are what bare months and days belong to at first.

    Expressions that name no possible day (2月30日, 光绪五十年) are left unread.
    """
    folded = plain(text)
    found = []
    for start, reading in current().readings(folded.text, Context(year, month)):
        span = folded.origin(start, reading.stop)
        found.append(_extracted(text, span, reading))
    return found


def _extracted(text: str, span: tuple[int, int], reading: Reading) -> Extracted:
    written = text[span[0] : span[1]]
    others = tuple(_period(other, reading, written) for other in reading.others)
    return Extracted(
        written, *span, _period(reading.span, reading, written), reading.rule, reading.confidence, reading.vague, others,
        reading.conflict,
    )  # fmt: skip


def _period(span: Span, reading: Reading, written: str) -> Period:
    return Period(span[0], span[1], reading.precision, written)


def mentions(blocks: Sequence[Block], *, year: int | None = None) -> tuple[Mention, ...]:
    """The mentions of an article's blocks, in order. The year runs on inside a block and starts afresh in the next.

    A heading that is a year and little else (1958年, 光绪三十年（1904）) gives the year to the blocks under it, until the
    next heading of its level or above; `year` does so for the whole article. Further readings of an expression follow
    it as mentions of their own with the same place.
    """
    result: list[Mention] = []
    headings: list[tuple[int, int | None]] = []
    for index, block in enumerate(blocks):
        if not block.kind.searched:
            continue
        running = next((given for _, given in reversed(headings) if given is not None), year)
        found = extract(block.text, year=running)
        for one in found:
            result.extend(_mentions(index, one))
        if block.kind in (Kind.HEADING, Kind.TITLE):
            level = block.level if block.kind is Kind.HEADING else 0
            headings = [(above, given) for above, given in headings if above < level]
            headings.append((level, _heading_year(block.text, found)))
    return tuple(result)


def _heading_year(text: str, found: list[Extracted]) -> int | None:
    """The year a heading speaks of, if it speaks of one and of nothing much else."""
    from archive.dates.calendar import year_of
    from archive.records import Precision

    if len(found) != 1 or found[0].period.precision is not Precision.YEAR or found[0].period.start is None:
        return None
    rest = text[: found[0].start] + text[found[0].end :]
    return year_of(found[0].period.start + 60) if len(rest.strip()) <= 4 else None


def _mentions(block: int, found: Extracted) -> list[Mention]:
    rule = f"{found.rule}!conflict" if found.conflict else found.rule
    first = Mention(block, found.start, found.end, found.period, rule, found.confidence, found.vague)
    confidence = round(min(0.5, found.confidence) / max(1, len(found.others)), 2)
    return [
        first,
        *(Mention(block, found.start, found.end, other, rule, confidence, found.vague) for other in found.others),
    ]

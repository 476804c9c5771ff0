"""Date expressions of a text, and the mentions of an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.dates import period_tables
from archive.dates.dated import Context
from archive.dates.period_tables import Span
from archive.dates.plain_form import plain
from archive.dates.reading import Reading
from archive.dates.scan import Scanner
from archive.model.errors import ConfigError
from archive.model.records import Block, Kind, Mention, Period, Precision

_scanners: dict[str, Scanner] = {}  # the one in use; a dictionary so that it is replaced in one step


def scanner() -> Scanner:
    """The scanner over the tables in use."""
    if "now" not in _scanners:
        _scanners["now"] = Scanner(period_tables.shipped())
    return _scanners["now"]


def use_names(path: Path) -> ConfigError | None:
    """Read an office's own periods from now on (see events.toml); returns what is wrong with the file, if anything.

    While the file is broken its last good text stays in use. A missing file means the shipped tables alone.
    """
    tables, error = period_tables.load(path)
    _scanners["now"] = Scanner(tables)
    return error


@dataclass(frozen=True, slots=True)
class Extracted:
    """A date expression: `text` is `source[start:end]` (code points, end exclusive) and what it means.

    `rule` names the rule that read it, `confidence` is 0 to 1, `vague` marks wording such as 建国后. `others` are
    further readings, less likely than `period`: another ruler's era of the same name, or, where `conflict`, the second
    of two dates that contradict each other in print.
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
    return [found for found, _ in _read(text, Context(year, month))]


def _read(text: str, context: Context) -> Iterator[tuple[Extracted, Reading]]:
    folded = plain(text)
    for start, reading in scanner().readings(folded.text, context):
        first, last = folded.origin(start, reading.stop)
        written = text[first:last]
        period, *others = (_period(span, reading, written) for span in (reading.span, *reading.others))
        found = Extracted(
            written, first, last, period, reading.rule, reading.confidence, reading.vague, tuple(others),
            reading.conflict,
        )  # fmt: skip
        yield found, reading


def _period(span: Span, reading: Reading, written: str) -> Period:
    return Period(span[0], span[1], reading.precision, written)


def mentions(blocks: Sequence[Block], *, year: int | None = None) -> tuple[Mention, ...]:
    """The mentions of an article's blocks, in order. The year runs on inside a block and starts afresh in the next.

    A heading that is a year and little else (1958年, 光绪三十年（1904）) gives the year to the blocks under it, until
    the next heading of its level or above; a paragraph that is only a year does so until the next such one or heading;
    `year` does so for the whole article. Further readings of an expression follow it as mentions of their own with the
    same place; those of dates that contradict each other have `!conflict` at the end of their rule.
    """
    result: list[Mention] = []
    carried: list[tuple[int, Context | None]] = []  # level of the heading, the year it gives
    for index, block in enumerate(blocks):
        if not block.kind.searched:
            continue
        running = next((given for _, given in reversed(carried) if given), Context(year))
        found = list(_read(block.text, running))
        for one, _ in found:
            result.extend(_mentions(index, one))
        given = _year_alone(block.text, found)
        if block.kind in (Kind.HEADING, Kind.TITLE):
            carried = [(above, kept) for above, kept in carried if above < block.level]
            carried.append((block.level, given))
        elif block.kind is Kind.PARAGRAPH and (given or _opens_another(found, running)):
            carried = [(above, kept) for above, kept in carried if above < _PARAGRAPH]
            carried.append((_PARAGRAPH, given))
    return tuple(result)


_PARAGRAPH = 10  # below every heading


def _year_alone(text: str, found: list[tuple[Extracted, Reading]]) -> Context | None:
    """The year a heading or a line speaks of, if it speaks of one and of nothing much else."""
    if len(found) != 1:
        return None
    one, reading = found[0]
    rest = len("".join(text.split())) - len("".join(one.text.split()))
    if reading.precision is not Precision.YEAR or reading.year is None or rest > 4:
        return None
    return Context(reading.year, None, reading.moon)


def _opens_another(found: list[tuple[Extracted, Reading]], running: Context) -> bool:
    """Whether a paragraph begins with a year of its own, so that the line above no longer speaks for the next one."""
    return bool(found) and found[0][0].start == 0 and found[0][1].year not in (None, running.year)


def _mentions(block: int, found: Extracted) -> list[Mention]:
    rule = f"{found.rule}!conflict" if found.conflict else found.rule
    less = round(min(0.5, found.confidence) / max(1, len(found.others)), 2)
    return [
        Mention(block, found.start, found.end, found.period, rule, found.confidence, found.vague),
        *(Mention(block, found.start, found.end, other, rule, less, found.vague) for other in found.others),
    ]

"""One period as a person types it for a search: everything the extractor reads, ISO dates, ranges and bare names."""

from __future__ import annotations

import re

from archive.dates import eras, gregorian, within, years
from archive.dates.calendar import day, month_length, month_span, years_span
from archive.dates.numerals import number
from archive.dates.patterns import COUNT
from archive.dates.plain_form import plain
from archive.dates.scan import Scanner
from archive.model.errors import PeriodError
from archive.model.records import Period, Precision

EXAMPLES = (
    "可以写：光绪三十年、民国二十三年、1958年秋、1950年代、19世纪末、抗战时期、1936..1945、1949-10-01、公元前221年"
)
LONGEST = 60  # code points; nobody means a period by more
_RANGE = re.compile(r"(?P<first>.*?)\s*(?:\.\.+|…+)\s*(?P<last>.*)")
_YEARS = re.compile(r"(?P<first>\d{3,4})\s*-+\s*(?P<last>\d{3,4})年?")
_NUMERIC = re.compile(r"(?P<year>[+-]?\d{1,4})(?:(?P<mark>[-/.])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?)?")
# A name alone (光绪, 清, 抗战, 1958) means the whole of it.
_COMPLETIONS = ("", "时期", "年", "年间", "代", "期间")


def parse(scanner: Scanner, text: str) -> Period:
    """The period a person means; see `DateReader.parse`."""
    written = text.strip()
    if not written:
        raise PeriodError("没有写时期", hint=EXAMPLES)
    if len(written) > LONGEST:
        raise PeriodError(f"时期太长：“{written[:LONGEST]}…”", hint=EXAMPLES)
    folded = plain(written).text
    if folded in ("公元前", "西元前"):
        return Period(None, day(0, 12, 31), Precision.PERIOD, written)
    parted = _RANGE.fullmatch(folded)
    if parted:
        return _between(scanner, parted["first"], parted["last"], written)
    start, end, precision = _single(scanner, folded, written)
    return Period(start, end, precision, written)


def _between(scanner: Scanner, first: str, last: str, written: str) -> Period:
    if not first and not last:
        raise PeriodError(f"“{written}”两头都没有写", hint=EXAMPLES)
    start = _single(scanner, first, written)[0] if first else None
    end = _single(scanner, last, written)[1] if last else None
    if start is not None and end is not None and start > end:
        raise PeriodError(f"“{written}”的开头晚于结尾", hint="把两头对调再试")
    return Period(start, end, Precision.RANGE, written)


def _single(scanner: Scanner, folded: str, written: str) -> tuple[int | None, int | None, Precision]:
    numeric = _numeric(folded, written)
    if numeric:
        return numeric
    for completion in _COMPLETIONS:
        reading = scanner.whole(folded + completion)
        if reading and not reading.impossible:
            return reading.start, reading.end, reading.precision
    raise _refusal(folded, written)


def _numeric(folded: str, written: str) -> tuple[int, int, Precision] | None:
    span = _YEARS.fullmatch(folded)
    if span:
        first, last = int(span["first"]), int(span["last"])
        if first > last:
            raise PeriodError(f"“{written}”的开头晚于结尾", hint="把两头对调再试")
        return *years_span(first, last), Precision.RANGE
    match = _NUMERIC.fullmatch(folded)
    if not match or len(match["year"].lstrip("+-")) < 3:  # 58, 58.3: of which century?
        return None
    year = int(match["year"])
    if not match["month"]:
        return *years_span(year, year), Precision.YEAR
    month = int(match["month"])
    if not 1 <= month <= 12:
        raise PeriodError(f"“{written}”：没有 {month} 月", hint=EXAMPLES)
    if not match["day"]:
        return *month_span(year, month), Precision.MONTH
    day_of_month = int(match["day"])
    if not 1 <= day_of_month <= month_length(year, month):
        raise PeriodError(f"“{written}”：{year} 年 {month} 月没有 {day_of_month} 日", hint=EXAMPLES)
    found = day(year, month, day_of_month)
    return found, found, Precision.DAY


_REIGN_YEAR = re.compile(rf"(?:{years.DYNASTY})?(?P<era>{years.ERA_NAME})(?P<count>{COUNT})年")


def _refusal(folded: str, written: str) -> PeriodError:
    """Why an expression is not read: a reign too short, a month or day that does not exist, or not a period at all."""
    reign = _REIGN_YEAR.match(folded)
    count = number(reign["count"]) if reign else None
    if reign and count is not None:
        found = eras.candidates(reign["era"])
        longest = max(era.last for era in found)
        if not any(era.year(count) for era in found):
            return PeriodError(f"“{written}”：{reign['era']}没有这一年，只到{reign['era']} {longest} 年", hint=EXAMPLES)
    year = years.republic(folded, 0) or years.era(folded, 0) or gregorian.gregorian(folded, 0)
    if year and within.impossible(folded, year.stop, year.number, year.moon):
        return PeriodError(f"“{written}”：这一年没有这个月或这一天", hint=EXAMPLES)
    return PeriodError(f"看不懂时期“{written}”", hint=EXAMPLES)

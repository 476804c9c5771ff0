"""The calendar of the Taiping Heavenly Kingdom (天历): years of 366 days, months of 31 and 30 days by turns.

Its second year (壬子) began on 3 February 1852; it was not yet in use in the first, which counted lunar months.
"""

from __future__ import annotations

import re

from archive.dates import lunar
from archive.dates.calendar import day, years_span
from archive.dates.numerals import number
from archive.dates.reading import Reading
from archive.dates.years import TAIPING_YEAR
from archive.model.records import Precision

_SECOND_YEAR = day(1852, 2, 3)
_YEAR_LENGTH = 366
_LAST = 18  # the last troops counted so far

_NUMBER = r"\d{1,2}|[一二三四五六七八九十廿卅]{1,3}"
_RULE = (
    rf"{TAIPING_YEAR}(?:\((?P<civil>\d{{4}})年?\))?"
    rf"(?:(?P<month>{_NUMBER}|正)月(?:(?P<day>{_NUMBER}|初[一二三四五六七八九十])日?)?)?"
)
HEAD = re.sub(r"\?P<\w+>", "?:", _RULE)
_DATE = re.compile(_RULE)


def date(text: str, position: int) -> Reading | None:
    """太平天国十一年, 太平天国壬子二年正月初一日."""
    match = _DATE.match(text, position)
    count = number(match["count"]) if match else None
    if not match or not count or count > _LAST:
        return None
    if match["civil"] and not match["month"]:
        year = int(match["civil"])
        return Reading(*years_span(year, year), Precision.YEAR, "taiping+gregorian", match.end())
    if count == 1:
        return Reading(*lunar.year_span(1851), Precision.YEAR, "taiping", match.end("count") + 1)
    first = _SECOND_YEAR + _YEAR_LENGTH * (count - 2)
    month = number(match["month"]) if match["month"] else None
    if month is None:
        return Reading(first, first + _YEAR_LENGTH - 1, Precision.YEAR, "taiping", match.end())
    if not 1 <= month <= 12:
        return None
    start = first + 61 * ((month - 1) // 2) + (0 if month % 2 else 31)
    length = 31 if month % 2 else 30
    of_month = number(match["day"]) if match["day"] else None
    if of_month is None:
        return Reading(start, start + length - 1, Precision.MONTH, "taiping", match.end())
    if not 1 <= of_month <= length:
        return None
    return Reading(start + of_month - 1, start + of_month - 1, Precision.DAY, "taiping", match.end())

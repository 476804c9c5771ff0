"""Dates that stand by themselves: the 成文日期 under a title or at the end, and the dates of records."""

from __future__ import annotations

import re

from archive.dates.reader_in_use import reader_in_use
from archive.model.errors import PeriodError
from archive.model.records import Period

_ISO = re.compile(r"(-?\d{1,4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?(?:[T ].*)?")
_FRAME = re.compile(r"^[\s　]*[（(\[【]?[\s　]*(?:(?:写|作|记|草|脱稿|完稿|定稿)于|于)?(.*?)[\s　]*[）)\]】]?[\s　]*$")
# Behind the date may stand where it was written, but no sentence: 一九五八年大旱，县长开渠。 is the text itself.
_PLACE = re.compile(
    r"(.*?[年月日旬初末底春夏秋冬季])[\s　，,]*"
    r"(?:(?:写|作|记|草|脱稿|完稿|定稿)?于?[^\d年月日的，。、；：！？,;:!?]{1,12})?"
)
_LONGEST = 30


def period(text: str) -> Period | None:
    """The period of a date in any wording that the reader in use knows, spaces ignored; None where it knows none."""
    try:
        return reader_in_use().parse(re.sub(r"\s", "", text))
    except PeriodError:
        return None


def record_date(text: str) -> Period | None:
    """The period of a record's date: ISO (1926, 1926-02, 1926-02-21) or any wording the date parser knows.

    None where it cannot be understood.
    """
    match = _ISO.fullmatch(text.strip())
    if match:
        year, month, day = match.groups()
        text = f"{int(year)}年" + (f"{int(month)}月" if month else "") + (f"{int(day)}日" if day else "")
    return period(text)


def lone_date(line: str) -> Period | None:
    """The date of a line that holds nothing but a date, in brackets or not: （一九八五年三月于银川）; else None."""
    if len(line) > _LONGEST:
        return None
    framed = _FRAME.match(line)
    inner = re.sub(r"[\s　]", "", framed[1]) if framed else ""
    bracketed = line.strip(" 　")[:1] in ("（", "(", "[", "【")
    if _ISO.fullmatch(inner) and ("-" in inner or (bracketed and len(inner) == 4)):
        return record_date(inner)
    dated = _PLACE.fullmatch(inner)
    if dated is None or "年" not in dated[1]:
        return None
    return period(dated[1])

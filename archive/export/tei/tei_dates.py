"""The dates of a text in TEI: what was read of them, in W3C's writing, and the calendar their words are in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from archive.dates.calendar import civil
from archive.export.name_marking import cut_run, inside_ruby
from archive.export.tei.tei_elements import element
from archive.model.records import Mention, Period, Run

Marked = tuple[str, Run, str]
"""A run with the tags to open before it and to close after it."""

CALENDARS: Mapping[str, str] = {
    "lunar": "农历，年份按年号、干支或帝王在位年数",
    "republic": "中华民国纪年，月日为公历",
}
"""The calendars that words may be in, by the id their dates point to; those in the Gregorian one point to none."""

_LUNAR = re.compile(
    "农历|阴历|旧历|夏历|正月|腊月|冬月|闰|初[一二三四五六七八九十]|廿|端午|中秋|重阳|除夕|元宵|清明|冬至"
)


def calendars() -> str:
    """The element of the header that says which calendars there are."""
    each = (element("calendar", element("p", words), xml_id=f"calendar-{name}") for name, words in CALENDARS.items())
    return element("calendarDesc", "".join(each))


def marked(pieces: Iterable[Marked], dates: Sequence[Mention]) -> Iterator[Marked]:
    """The same runs with the dates marked too, around the names in them.

    A date that begins or ends within a name, or within a word with ruby, is left alone.
    """
    if not dates:
        yield from pieces
        return
    whole = list(pieces)
    barred = set(inside_ruby(run for _, run, _ in whole)) | set(_inside_names(whole))
    opening = {each.start: each for each in dates if each.start not in barred and each.end not in barred}
    closing = {each.end for each in opening.values()}
    edges = sorted({*opening, *closing})
    at = 0
    for before, run, after in whole:
        end = at + len(run.text)
        cut = list(cut_run(run, [edge - at for edge in edges if at < edge < end]))
        for number, piece in enumerate(cut):
            begun = opening.get(at) if piece.text else None
            at += len(piece.text)
            first, last = number == 0, number == len(cut) - 1
            yield (
                (tag(begun) if begun else "") + (before if first else ""),
                piece,
                (after if last else "") + ("</date>" if piece.text and at in closing else ""),
            )


def _inside_names(pieces: Iterable[Marked]) -> Iterator[int]:
    at, inside = 0, False
    for before, run, after in pieces:
        inside = inside or bool(before)
        if inside:
            first = at + 1 if before else at
            yield from range(first, at + len(run.text) + (0 if after else 1))
        inside = inside and not after
        at += len(run.text)


def tag(mention: Mention) -> str:
    """The opening tag of a date."""
    calendar = _calendar(mention)
    attributes = days(mention.period) | ({"calendar": f"#calendar-{calendar}"} if calendar else {})
    if mention.vague:
        attributes["cert"] = "low"
    return element("date", " ", **attributes).removesuffix(" </date>")


def _calendar(mention: Mention) -> str:
    if mention.rule.startswith("republic"):
        return "republic"
    return "lunar" if mention.rule.startswith(("era", "reign")) or _LUNAR.search(mention.period.written) else ""


def days(period: Period) -> dict[str, str]:
    """A period as attributes: one day, or the days it lies between (Gregorian, inclusive)."""
    if period.start is not None and period.start == period.end:
        return {"when": _day(period.start)}
    edges = {"notBefore": period.start, "notAfter": period.end}
    return {name: _day(number) for name, number in edges.items() if number is not None}


def _day(number: int) -> str:
    """As W3C dates want it: there is no year 0, -0001 is 公元前1年."""
    year, month, day = civil(number)
    written = f"{year:04d}" if year > 0 else f"-{1 - year:04d}"
    return f"{written}-{month:02d}-{day:02d}"

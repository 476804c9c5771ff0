"""What accounts of one event say differently: numbers, names and dates in each, held against the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.catalogue.authority import Authority
from archive.dates.calendar import year_of
from archive.dates.numerals import number
from archive.dates.reader import DateReader
from archive.model.records import Period
from archive.text.spans import Span
from archive.workbench.names_in_text import names_in

KINDS = {"date": "日期", "number": "数字", "name": "名称"}
"""What is compared, and what it is called."""

_DIGITS = "〇零一二三四五六七八九十百千两廿卅"
_UNITS = (
    "人名户口家个位亩顷里丈尺寸斤两元角圆石斗升担座所架艘只头匹辆间孔处条次年月日天岁"
    "村乡县社队组班届期批吨公米度眼道段篇册卷张部台轮扇"
)
_SCALES = {"亿": 10**8, "万": 10**4}
_ALONE = 10_000  # from here on a number in Chinese characters is one without a unit, too
_SAME_UNIT = {"名": "人", "口": "人", "圆": "元"}
_NUMBER = re.compile(
    rf"(?P<arabic>\d+(?:[,，]\d{{3}})*(?:\.\d+)?)(?P<scale>[万亿]*)[余多来]?(?P<unit>[{_UNITS}]?)"
    rf"|(?P<chinese>[{_DIGITS}][{_DIGITS}万亿]*)[余多来]?(?P<after>[{_UNITS}]?)"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A date, number or name at `span` of an account, `kind` one of KINDS.

    It `differs` where another account has something of its kind (of its unit) but not this; otherwise no other account
    has anything of the kind, and it stands alone.
    """

    span: Span
    kind: str
    differs: bool


@dataclass(frozen=True, slots=True)
class _Found:
    span: Span
    kind: str
    about: str  # only what is about the same is compared: a unit
    value: object

    def agrees(self, other: _Found) -> bool:
        if isinstance(self.value, Period) and isinstance(other.value, Period):
            return self.value.overlaps(other.value)
        return self.value == other.value


@dataclass(frozen=True, slots=True)
class Account:
    """The text of an account; the date on its card, as the text writes it and as it is understood."""

    text: str
    dated: str = ""
    date: Period | None = None


def marked(accounts: Sequence[Account], reader: DateReader, authority: Authority) -> tuple[tuple[Mark, ...], ...]:
    """For each account what of it the others do not say too, in the order of its text; empty for a single account."""
    if len(accounts) < 2:
        return tuple(() for _ in accounts)
    found = [sorted(_found(one, reader, authority), key=lambda found: found.span) for one in accounts]
    return tuple(
        tuple(_against(own, [each for at, each in enumerate(found) if at != here])) for here, own in enumerate(found)
    )


def _against(own: Sequence[_Found], others: Sequence[Sequence[_Found]]) -> Iterator[Mark]:
    for one in own:
        comparable = [[each for each in other if (each.kind, each.about) == (one.kind, one.about)] for other in others]
        speaking = [other for other in comparable if other]
        if not all(any(one.agrees(each) for each in other) for other in speaking) or not speaking:
            yield Mark(one.span, one.kind, bool(speaking))


def sayings(texts: Sequence[str], marks: Sequence[Sequence[Mark]]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """By kind the words that differ, one tuple an account; kinds in which nothing differs are left out."""
    table: dict[str, tuple[tuple[str, ...], ...]] = {}
    for kind in KINDS:
        rows = tuple(
            tuple(dict.fromkeys(text[slice(*mark.span)] for mark in of_text if mark.kind == kind and mark.differs))
            for text, of_text in zip(texts, marks, strict=True)
        )
        if any(rows):
            table[kind] = rows
    return table


def _found(account: Account, reader: DateReader, authority: Authority) -> Iterator[_Found]:
    text, date, taken = account.text, account.date, list[Span]()
    at = text.find(account.dated) if account.dated and date else -1
    if at >= 0 and date:
        taken.append((at, at + len(account.dated)))
        yield _Found(taken[0], "date", "", date)
    year = year_of(date.start) if date and date.start is not None else None
    for mention in reader.extract(text, year=year):
        if not any(mention.start < end and start < mention.end for start, end in taken):
            taken.append((mention.start, mention.end))
            yield _Found(taken[-1], "date", "", mention.period)
    for span, name in names_in(text, authority):
        yield _Found(span, "name", name.kind.value, name.preferred)
        taken.append(span)
    for match in _NUMBER.finditer(text):
        if any(match.start() < end and start < match.end() for start, end in taken):
            continue
        value, unit = _value(match), match["unit"] or match["after"] or ""
        if value is not None and match[0] != "一个" and (unit or match["arabic"] or value >= _ALONE):
            yield _Found(match.span(), "number", _SAME_UNIT.get(unit, unit), value)


def _value(match: re.Match[str]) -> float | None:
    if match["arabic"]:
        value = float(re.sub("[,，]", "", match["arabic"]))
        for sign in match["scale"]:
            value *= _SCALES[sign]
        return value
    return _in_scales(match["chinese"])


def _in_scales(written: str) -> float | None:
    """三万五千: what stands before 亿 or 万 so many times, and what stands behind."""
    for sign, scale in _SCALES.items():
        before, found, after = written.rpartition(sign)
        if found:
            parts = _in_scales(before), _in_scales(after) if after else 0.0
            return None if parts[0] is None or parts[1] is None else parts[0] * scale + parts[1]
    value = number(written)
    return None if value is None else float(value)

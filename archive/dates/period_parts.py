"""The days of a named period's parts: 初期, 末年, 前夕, and what 爆发 or 后 make of it."""

from __future__ import annotations

from dataclasses import replace

from archive.dates.calendar import day, year_of, years_span
from archive.dates.period_tables import NamedPeriod, Span

_SCHOOL = "(?!级|[小中](?:学|$|[,。、和及\\d一二两三四五六七八九十]))"  # 抗日初小三十处
PART = f"初年|初期|初叶|之?初{_SCHOOL}|前期|早期|中叶|中期|中[后晚]期|后期|晚期|末年|末期|末叶|之?末|季年?"
LONG = 366  # days
# What may stand before 明初 or 文革 so that it is not the end of a name (德明初立, 王文革).
_BEFORE = frozenset("比较对继迨延逮俟历沿避自于在至到从迄以是为当及和与的系由建始创属乃说经因毁据约近了过按逢遇像把受")


def stands_free(text: str, position: int) -> bool:
    """Whether no word goes on into what begins here, so that 明初 and 文革 are no end of a name."""
    before = text[position - 1 : position]
    return not "一" <= before <= "龥" or before in _BEFORE


def after(named: NamedPeriod) -> int:
    """Where 某某后 begins: on the last day of what lasted longer than a year (文革后), else on the first."""
    if named.after is not None:
        return named.after
    return named.end if named.end is not None and named.end - named.start > LONG else named.start


def turned(named: NamedPeriod, turn: str) -> NamedPeriod:
    """爆发: the first day; 结束: the last; 胜利 as the table says."""
    if turn in named.parts:
        start, end = named.parts[turn]
        return replace(named, start=named.start if start is None else start, end=end, parts={})
    if turn in ("爆发", "军兴", "开始", "发生"):
        return replace(named, end=named.start, parts={})
    return replace(named, start=named.start if named.end is None else named.end, parts={})


def part_span(named: NamedPeriod, part: str | None) -> Span:
    """A part of a named period as its table says; otherwise the first, middle or last part of its years."""
    if not part:
        return named.start, named.end
    part = part.removeprefix("之").replace("晚", "后") if len(part) > 2 or part[0] == "之" else part  # 中晚期, 之初
    for key in (part, part[0], part.rstrip("期年叶"), f"{part}期"):
        if key in named.parts:
            return named.parts[key]
    first, last = year_of(named.start), year_of(named.start if named.end is None else named.end)
    if part == "前夕":
        return named.start - 365, named.start - 1
    if part == "前后":
        return years_span(first - 2, last + 2)
    return _share(named, part, first, last - first + 1)


def _share(named: NamedPeriod, part: str, first: int, count: int) -> Span:
    """初: a quarter; 末: a sixth (of a dynasty twenty years at least); 中: the middle; 前 and 后: halves."""
    least = 20 if count > 60 else 1
    if part == "中后期":
        return day(first + 3 * count // 10, 1, 1), named.end
    if part[0] in "初早":
        return named.start, _end(named, first + max(least, count // 4) - 1)
    if part[0] in "末晚季":
        return max(named.start, day(first + count - max(least, count // 6), 1, 1)), named.end
    if part[0] == "前":
        return named.start, _end(named, first + count // 2)
    if part[0] == "后":
        return day(first + count // 2, 1, 1), named.end
    return day(first + 3 * count // 10, 1, 1), _end(named, first + 7 * count // 10)


def _end(named: NamedPeriod, year: int) -> int:
    end = day(year, 12, 31)
    return end if named.end is None else max(named.start, min(end, named.end))

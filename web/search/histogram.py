"""The histogram above a list of hits: what to draw, and which address each bar leads to. Pure but for `url`s."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from archive import dates
from archive.model.records import Period, Precision
from archive.model.search import PeriodIn, Scale, Timeline
from web.search.search_state import SearchState

HEIGHT = 96
"""Pixels the highest bar reaches."""

_MOST = 45  # bars that can still be told apart on a phone
_NEARLY_ALL = 0.85  # share of the counts that sets the axis
_YEARS = 30  # a period of so many years at most opens into years
_BANDS = 5  # dates longer than a bar that are drawn
_INWARD = 45  # percent of the width from which the words of a band end where it does
_MARGIN = 0.12  # of a bar's width, on both sides of what is drawn
_BEFORE_ALL = 1 << 20  # years before every date
AXES = {PeriodIn.DATE: "成文日期", PeriodIn.TEXT: "文中所述", PeriodIn.ANY: "两者合看"}
"""The axes of time: when a text was written, and what it tells of."""

_STEPS = {1: "年", 10: "年代", 100: "世纪"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One unit of time; `left`, `middle` and `width` in percent of the chart's width, `height` in pixels. What is drawn
    is narrower: from `ink_left` on, `ink_width` wide.

    `first` and `last` are its years (astronomical), `since` and `until` the same as a period is written; `tick` is
    printed below it, if anything is.
    """

    first: int
    last: int
    name: str
    tick: str
    count: int
    left: float
    middle: float
    width: float
    ink_left: float
    ink_width: float
    height: int
    chosen: bool
    url: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Band:
    """Articles with a date longer than what a bar stands for, from `left` on, `width` wide, in percent of the chart;
    `row` counts from 0 below the axis, `inward` tells whether its words stand left of its end.
    """

    name: str
    count: int
    left: float
    width: float
    row: int
    inward: bool
    chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class UndatedBar:
    """The articles without a date on this axis; `height` in pixels, `cut` when the bar would be higher than all."""

    count: int
    height: int
    cut: bool
    chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class ChartLink:
    """A link to another stretch of time, or to the other axis."""

    name: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """`unit` names what a bar stands for, `axes` are the kinds of date to look at.

    `longer` articles only have dates too long for any bar of this unit; `bands` are the most frequent of such dates,
    and `more_bands` how many others there are in sight.
    """

    axes: tuple[ChartLink, ...]
    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]
    more_bands: int
    unit: str
    most: int
    back: ChartLink | None
    onward: ChartLink | None
    whole: ChartLink | None
    longer: int
    undated: UndatedBar | None


def chart(timeline: Timeline, state: SearchState, wanted: Period | None) -> Chart | None:
    """What to draw of `timeline`, which counts regardless of the period; None when nothing in it has a bar.

    `wanted` is the period asked for. A short one opens into the years of its decades. Otherwise all decades there are
    get a bar; where these are too many, those of the period, or those that nearly all articles stand in, or centuries.
    """
    if not timeline.centuries.bars and not timeline.decades.bars:
        return None
    step, first, last = _window(timeline, wanted)
    scale = {1: timeline.years, 10: timeline.decades, 100: timeline.centuries}[step]
    most = max((scale.bars.get(year, 0) for year in range(first, last, step)), default=0)
    count = (last - first) // step
    in_sight = _in_sight(timeline, step, first, last)
    during = state.during(undated=None)
    bars = tuple(
        _bar(year, step, scale.bars.get(year, 0), most, (number, count), state, during, wanted)
        for number, year in enumerate(range(first, last, step))
    )
    opened = step < 100 and any(not first <= decade < last for decade in timeline.decades.bars)
    return Chart(
        bars=bars,
        axes=tuple(_axis(where, state) for where in AXES),
        bands=tuple(_bands(in_sight[:_BANDS], first, last, state)),
        more_bands=len(in_sight[_BANDS:]),
        unit=_STEPS[step],
        most=most,
        back=_beyond(timeline.decades, state, first, -1) if opened else None,
        onward=_beyond(timeline.decades, state, last, 1) if opened else None,
        whole=ChartLink("全部年代", state.but(period="", within=False).url) if wanted else None,
        longer=timeline.dated - scale.articles,
        undated=_undated(timeline.total - timeline.dated, most, state),
    )


def _axis(where: PeriodIn, state: SearchState) -> ChartLink:
    undated = where if state.search.undated else None
    return ChartLink(AXES[where], state.but(period_in=where, undated=undated).url, where is state.search.period_in)


def _undated(count: int, most: int, state: SearchState) -> UndatedBar | None:
    where, chosen = state.search.period_in, state.search.undated is not None
    if not count:
        return None
    cut = count > most
    height = HEIGHT if cut else max(2, round(HEIGHT * count / most))
    url = state.but(undated=None if chosen else where, period="", within=False).url
    return UndatedBar(count, height, cut, chosen, url)


_Span = tuple[int, int | None, int | None]  # how many articles have it, its first and last year


def _in_sight(timeline: Timeline, step: int, first: int, last: int) -> list[_Span]:
    """What is longer than a unit and reaches into the window, the most frequent first."""
    in_sight = [
        (count, begins, ends)
        for (begins, ends), count in timeline.spans.items()
        if not _in_one_unit(begins, ends, step)
        and (begins is None or begins < last)
        and (ends is None or ends >= first)
    ]
    in_sight.sort(key=lambda one: (-one[0], -_BEFORE_ALL if one[1] is None else one[1]))
    return in_sight


def _bands(in_sight: Sequence[_Span], first: int, last: int, state: SearchState) -> list[Band]:
    """A row for each."""
    bands = []
    for row, (count, begins, ends) in enumerate(in_sight):
        left = 0.0 if begins is None else max(0.0, 100 * (begins - first) / (last - first))
        right = 100.0 if ends is None else min(100.0, 100 * (ends + 1 - first) / (last - first))
        period = f"{_year(begins) if begins is not None else ''}..{_year(ends) if ends is not None else ''}"
        chosen = state.search.period == period
        url = state.but(period="" if chosen else period, within=not chosen, undated=None).url
        name = _span_name(begins, ends)
        bands.append(Band(name, count, round(left, 3), round(right - left, 3), row, left > _INWARD, chosen, url))
    return bands


def _in_one_unit(begins: int | None, ends: int | None, step: int) -> bool:
    if begins is None or ends is None or step == 1:
        return False
    return (begins - 1) // 100 == (ends - 1) // 100 if step == 100 else begins // 10 == ends // 10


def _span_name(begins: int | None, ends: int | None) -> str:
    if begins is None or ends is None:
        return f"{_year(begins)}以后" if begins is not None else f"{_year(ends)}以前" if ends is not None else "不详"
    return f"{_year(begins)}—{_year(ends)}"


def rows(timeline: Timeline) -> Iterator[tuple[str, int | str, int | str, int]]:
    """The counts as a table: (unit, first year, last year, articles); years before the common era are 0, -1…"""
    for step, scale in ((100, timeline.centuries), (10, timeline.decades), (1, timeline.years)):
        for first, count in scale.bars.items():
            yield _STEPS[step], first, first + step - 1, count
    for (begins, ends), count in sorted(timeline.spans.items(), key=lambda one: (one[0][0] or -_BEFORE_ALL, one[1])):
        yield "时段", "" if begins is None else begins, "" if ends is None else ends, count
    yield "有日期", "", "", timeline.dated
    yield "没有日期", "", "", timeline.total - timeline.dated


def _window(timeline: Timeline, wanted: Period | None) -> tuple[int, int, int]:
    """(years a bar stands for, first year, year after the last)."""
    decades = list(timeline.decades.bars)
    spread = decades[-1] - decades[0] if decades else 0
    if wanted is not None and wanted.start is not None and wanted.end is not None:
        first, last = dates.year_of(wanted.start), dates.year_of(wanted.end)
        if last - first < _YEARS:
            return 1, first // 10 * 10, last // 10 * 10 + 10
        if last - first < 10 * _MOST <= spread:
            return 10, first // 10 * 10, last // 10 * 10 + 10
    if decades and spread < 10 * _MOST:
        return (1 if spread <= 10 else 10), decades[0], decades[-1] + 10
    if decades and wanted is None and (dense := _dense(timeline.decades)):
        return 10, *dense
    return 100, min(timeline.centuries.bars), max(timeline.centuries.bars) + 100


def _dense(scale: Scale) -> tuple[int, int] | None:
    """The (first year, year after the last) of as many decades as can be shown that have nearly everything, if any do:
    a single mention of the third century does not make one bar of the twentieth.
    """
    decades = list(scale.bars)
    reach = 10 * (_MOST - 1)
    held, first = max((sum(scale.bars[each] for each in decades if at <= each <= at + reach), at) for at in decades)
    if held < _NEARLY_ALL * sum(scale.bars.values()):
        return None
    return first, max(each for each in decades if each <= first + reach) + 10


def _bar(
    first: int,
    step: int,
    count: int,
    most: int,
    place: tuple[int, int],
    state: SearchState,
    during: Callable[[str], str],
    wanted: Period | None,
) -> Bar:
    number, bars = place
    last = first + step - 1
    left, width = 100 * number / bars, 100 / bars
    period = written(first, step)
    return Bar(
        first=first,
        last=last,
        name=period if step != 10 or first >= 1000 else f"{_year(first)}—{_year(last)}",
        tick=_tick(first, step) if _labelled(first, step, bars) else "",
        count=count,
        left=round(left, 3),
        middle=round(left + width / 2, 3),
        width=round(width, 3),
        ink_left=round(left + width * _MARGIN, 3),
        ink_width=round(width * (1 - 2 * _MARGIN), 3),
        height=max(2, round(HEIGHT * count / most)) if count else 0,
        chosen=wanted is not None and wanted.overlaps(_days(first, last)),
        url=state.but(period="", undated=None).url if state.search.period == period else during(period),
        since=_year(first),
        until=_year(last),
    )


def written(first: int, step: int) -> str:
    """The unit that begins with year `first` as a period that can be asked for."""
    if step == 1:
        return _year(first)
    if step == 100:
        return f"{first // 100 + 1}世纪" if first > 0 else f"公元前{-first // 100 + 1}世纪"
    return f"{first}年代" if first >= 1000 else f"{_year(first)}..{_year(first + step - 1)}"


def _year(year: int) -> str:
    if year < 1:
        return f"公元前{1 - year}年"
    return f"{year}年" if year >= 1000 else f"公元{year}年"


def _days(first: int, last: int) -> Period:
    return Period(dates.day(first, 1, 1), dates.day(last, 12, 31), Precision.RANGE)


def _labelled(first: int, step: int, bars: int) -> bool:
    """Whether there is room for a tick: ten or so over the width."""
    every = next(each for each in (1, 2, 5, 10, 20) if bars <= 11 * each or each == 20)
    return (first // step) % every == 0


def _tick(first: int, step: int) -> str:
    if step == 100:
        return f"{first // 100 + 1}世纪" if first > 0 else f"前{-first // 100 + 1}世纪"
    return str(first) if first > 0 else f"前{1 - first}"


def _beyond(decades: Scale, state: SearchState, edge: int, side: int) -> ChartLink | None:
    """The nearest decade with anything in it on one side of `edge`."""
    beyond = [decade for decade in decades.bars if (decade < edge if side < 0 else decade >= edge)]
    if not beyond:
        return None
    decade = beyond[-1] if side < 0 else beyond[0]
    period = written(decade, 10)
    return ChartLink(period.replace("..", "—"), state.but(period=period).url)

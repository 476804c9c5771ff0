"""Searching, suggestions while typing, hits over time and by part of the library, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from archive.model.search import LooserReading, Scale, Search, Source, Why
from archive.search.counts import Division, Frequency
from archive.search.results_json import as_values
from web.api.operation import operation
from web.api.paging import Page
from web.api.values import Answer, PeriodValue
from web.base import current

_GROUP = "检索"
_LONGEST_TYPED = 40  # characters of what is being typed


class MatchContext(Answer, frozen=True, kw_only=True):
    """What a block stands in: the row of a table, the day of a chronicle, headings."""

    label: str
    text: str


class MatchPassage(Answer, frozen=True, kw_only=True):
    """One block with its matches: (start, end) in its text, code points, end exclusive."""

    block: int
    text: str
    spans: tuple[tuple[int, int], ...]
    context: tuple[MatchContext, ...]


class DateSpan(Answer, frozen=True, kw_only=True):
    """A period by its words, first and last day, null where open."""

    text: str
    start: str | None
    end: str | None


class MatchDate(DateSpan, frozen=True, kw_only=True):
    """A date in the text that meets the period asked for."""

    block: int
    span: tuple[int, int]


class SearchHit(Answer, frozen=True, kw_only=True):
    """One article found; `occurrences` counts places, `own_date` tells whether its own date meets the period."""

    id: str
    title: str
    collection: str
    section: str
    authors: tuple[str, ...]
    score: float
    occurrences: int
    passages: tuple[MatchPassage, ...]
    dates: tuple[MatchDate, ...]
    own_date: bool
    date: DateSpan | None


class FacetValue(Answer, frozen=True, kw_only=True):
    """How many of the articles found have a value; `label` is what people read."""

    value: str
    label: str
    count: int


class NearestHits(Answer, frozen=True, kw_only=True):
    """What a looser reading finds beside or instead; `search` holds the parameters that find just these."""

    reading: LooserReading
    understood: str
    total: int
    search: dict[str, str] | None
    hits: tuple[SearchHit, ...]


class OfferedSearch(Answer, frozen=True, kw_only=True):
    """Another search worth asking, by its parameters."""

    why: Why
    words: str
    search: dict[str, str]
    total: int


class SearchAnswer(Answer, frozen=True, kw_only=True):
    """The same as `wenshi search --json` gives, and where it goes on."""

    total: int
    places: int | None
    pages: int
    hits: tuple[SearchHit, ...]
    facets: dict[str, tuple[FacetValue, ...]]
    understood: str
    scope: str
    unindexed: int
    nearest: NearestHits | None
    offers: tuple[OfferedSearch, ...]
    next: str | None = None


@operation("/search", "检索：一页命中的文章，连同分面", group=_GROUP)
def search(search: Search, page: Page) -> SearchAnswer:
    """A page of hits."""
    session = current.session()
    found = session.search(search, limit=page.limit, offset=page.offset, all_places=True)
    values: dict[str, Any] = as_values(found, session.counts.names(search))
    told = msgspec.convert(values, SearchAnswer)
    return msgspec.structs.replace(told, next=page.following(len(found.hits), found.total))


class Typed(Struct, frozen=True, kw_only=True):
    """What is being typed stands in the parameter `q` of the search."""

    most: Annotated[int, Meta(ge=1, le=50, description="最多给多少个")] = 8


class SuggestionValue(Answer, frozen=True, kw_only=True):
    """Something to type, and how many articles it finds."""

    text: str
    source: Source
    total: int


@operation("/suggest", "联想：接着 q 可以打什么，拼音、首字母也行", group=_GROUP)
def suggest(search: Search, typed: Typed) -> tuple[SuggestionValue, ...]:
    """What to type on with, within the other filters."""
    found = current.session().suggest(search.text[:_LONGEST_TYPED], search, most=typed.most)
    return tuple(SuggestionValue(text=one.text, source=one.source, total=one.total) for one in found)


class Bar(Answer, frozen=True, kw_only=True):
    """The articles of a year, of the ten or the hundred that begin with it; years are astronomical, 1 BC is 0."""

    year: int
    articles: int


class TimelineSpan(Answer, frozen=True, kw_only=True):
    """Articles with a date from the first to the last of these years, null where open."""

    first: int | None
    last: int | None
    articles: int


class TimelineAnswer(Answer, frozen=True, kw_only=True):
    """The articles found over time, exact; `dated` of the `total` have a date that counts."""

    total: int
    dated: int
    years: tuple[Bar, ...]
    decades: tuple[Bar, ...]
    centuries: tuple[Bar, ...]
    spans: tuple[TimelineSpan, ...]


def _bars(scale: Scale) -> tuple[Bar, ...]:
    return tuple(Bar(year=year, articles=count) for year, count in sorted(scale.bars.items()))


@operation("/timeline", "年代分布", group=_GROUP)
def timeline(search: Search) -> TimelineAnswer:
    """What is found, counted by year, decade and century."""
    found = current.session().timeline(search)
    spans = sorted(found.spans.items(), key=lambda one: (-one[1], repr(one[0])))
    return TimelineAnswer(
        total=found.total,
        dated=found.dated,
        years=_bars(found.years),
        decades=_bars(found.decades),
        centuries=_bars(found.centuries),
        spans=tuple(TimelineSpan(first=first, last=last, articles=count) for (first, last), count in spans),
    )


class Divided(Struct, frozen=True, kw_only=True):
    """What frequencies are divided by."""

    by: Annotated[Division, Meta(description="按什么分")] = Division.VOLUME


class FrequencyLine(Answer, frozen=True, kw_only=True):
    """How often something stands in a part; `search` holds the parameters that give just this part."""

    label: str
    search: dict[str, str]
    articles: int
    letters: int
    found: int
    places: int
    per_ten_thousand: float | None

    @classmethod
    def of(cls, one: Frequency) -> FrequencyLine:
        """From the archive's own."""
        plain: Mapping[str, int] = {name: getattr(one, name) for name in ("articles", "letters", "found", "places")}
        return cls(label=one.label, search=dict(one.chosen), per_ten_thousand=one.per_ten_thousand, **plain)


class FrequencyTable(Answer, frozen=True, kw_only=True):
    """The parts in order, those where nothing was found too, and all of them together."""

    parts: tuple[FrequencyLine, ...]
    whole: FrequencyLine


@operation("/frequencies", "频次：每一部分各有多少处，每万字多少处", group=_GROUP)
def frequencies(search: Search, divided: Divided) -> FrequencyTable:
    """The places of a search by part of the library."""
    found = current.session().counts.frequencies(search, divided.by)
    return FrequencyTable(parts=tuple(map(FrequencyLine.of, found.parts)), whole=FrequencyLine.of(found.whole))


class PeriodAsked(Struct, frozen=True, kw_only=True):
    """A period as people write it."""

    text: Annotated[str, Meta(min_length=1, max_length=200, description="时期的写法：光绪三十年、1950年代")]


@operation("/period", "时期：一个写法指哪一天到哪一天", group=_GROUP)
def period(asked: PeriodAsked) -> PeriodValue:
    """What an expression means here, the office's own periods included."""
    return PeriodValue.of(current.session().period(asked.text))

"""Questions and answers: what a person asks for, as one value, and what comes back.

`Search` is the same value in an address, on the command line, in a saved search and in a call from Python; how the
words in it are read is the business of `archive.search`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any, NamedTuple

from archive.model.errors import UsageError
from archive.model.integers import whole_number
from archive.model.records import Genre, Mention, Period


class PeriodIn(enum.StrEnum):
    """Where a period filter looks: the article's own date, dates in its text, either."""

    DATE = "date"
    TEXT = "text"
    ANY = "any"


class Sort(enum.StrEnum):
    """The order of hits. DATE_* sort by the first day of the article's own date; undated articles come last."""

    RELEVANCE = "relevance"
    DATE_UP = "date"
    DATE_DOWN = "-date"
    SOURCE = "source"  # collection, then number


LONGEST_QUERY = 2000
"""Characters of a query; a pasted page is a mistake, and the message says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is asked for. `text` is in the query language, `period` as people write periods; empty means everything.

    A date meets the period when it overlaps it, or lies `within` it; `vague` wording (建国后) and dates `open` at one
    end (1958年起) count only on request.
    An article passes a filter that has values when it has one of them; decade 1950 means 1950 to 1959. `person` and
    `place` are preferred forms of the office's authority: some form of one of them stands in the article. `undated`
    asks for articles without any date where it looks. `scope` names a scope of the library (工作集): nothing outside it
    is found, counted or offered.
    """

    text: str = ""
    period: str = ""
    period_in: PeriodIn = PeriodIn.ANY
    within: bool = False
    vague: bool = False
    open: bool = False
    as_written: bool = False
    collection: tuple[str, ...] = ()
    volume: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    decade: tuple[int, ...] = ()
    genre: tuple[Genre, ...] = ()
    person: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    undated: PeriodIn | None = None
    scope: str = ""
    sort: Sort = Sort.RELEVANCE

    def looks_at(self, mention: Mention) -> bool:
        """Whether a date in the text is one that the period is compared with."""
        if self.period_in is PeriodIn.DATE:
            return False
        return self.vague if mention.vague else self.open or not mention.open

    def looks_at_own(self, date: Period) -> bool:
        """Whether an article's own date is."""
        return self.period_in is not PeriodIn.TEXT and (self.open or not date.open)

    def pairs(self) -> list[tuple[str, str]]:
        """The search as (parameter, value) pairs of an address; what has its default value is left out."""
        found = []
        for name, default in _defaults():
            value = getattr(self, name)
            if value == default:
                continue
            parameter = _PARAMETERS[name]
            values = value if isinstance(value, tuple) else (value,)
            found += [(parameter.name, parameter.write(each)) for each in values]
        return found

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> Search:
        """The search that pairs describe, the inverse of `pairs`; parameters of other meaning are passed over.

        Raises UsageError when a value is none of those offered.
        """
        given: dict[str, list[str]] = {}
        for name, value in pairs:
            if value.strip():
                given.setdefault(name, []).append(value)
        found: dict[str, Any] = {}
        for one in fields(cls):
            parameter = _PARAMETERS[one.name]
            if values := [parameter.read(value) for value in given.get(parameter.name, ())]:
                found[one.name] = tuple(dict.fromkeys(values)) if isinstance(one.default, tuple) else values[0]
        return cls(**found)

    def but(self, **changes: object) -> Search:
        """The same search with changes."""
        return replace(self, **changes)  # type: ignore[arg-type]


@cache
def _defaults() -> tuple[tuple[str, object], ...]:
    """The fields of a search with their default values."""
    return tuple((one.name, one.default) for one in fields(Search))


class _Parameter(NamedTuple):
    """How a field of `Search` is called in an address, and how its value is read and written there."""

    name: str
    read: Callable[[str], object] = str
    write: Callable[[Any], str] = str


def parameter_name(field: str) -> str:
    """How a field of `Search` is called in an address."""
    return _PARAMETERS[field].name


def address_number(value: str, what: str) -> int:
    """An integer of an address. Raises UsageError."""
    size = whole_number(value.removeprefix("-"))  # decades before the common era are negative
    if size is not None:
        return -size if value.startswith("-") else size
    raise UsageError(f"地址中的{what}“{value[:20]}”不是数字。", hint="请从检索页重新开始。")


def _one_of(kind: type[enum.StrEnum], what: str) -> Callable[[str], enum.StrEnum]:
    def read(value: str) -> enum.StrEnum:
        try:
            return kind(value)
        except ValueError:
            offered = "、".join(str(each) for each in kind)
            raise UsageError(f"地址中的{what}“{value[:20]}”不是可选的值。", hint=f"可选：{offered}。") from None

    return read


def _switch(value: str) -> bool:
    return value != "0"


_SWITCH = (_switch, lambda on: "1" if on else "0")

_PARAMETERS = {
    "text": _Parameter("q", str.strip),
    "period": _Parameter("period", str.strip),
    "period_in": _Parameter("in", _one_of(PeriodIn, "时期范围")),
    "within": _Parameter("within", *_SWITCH),
    "vague": _Parameter("vague", *_SWITCH),
    "open": _Parameter("open", *_SWITCH),
    "as_written": _Parameter("written", *_SWITCH),
    "collection": _Parameter("collection"),
    "volume": _Parameter("volume"),
    "section": _Parameter("section"),
    "author": _Parameter("author"),
    "decade": _Parameter("decade", lambda value: address_number(value, "年代")),
    "genre": _Parameter("genre", _one_of(Genre, "类型")),
    "person": _Parameter("person"),
    "place": _Parameter("place"),
    "undated": _Parameter("undated", _one_of(PeriodIn, "日期")),
    "scope": _Parameter("scope", str.strip),
    "sort": _Parameter("sort", _one_of(Sort, "排序")),
}


# -- answers


@dataclass(frozen=True, slots=True)
class Passage:
    """One block with its matches: `text` is the whole stored block, `spans` (start, end) offsets in it, end exclusive.

    `excerpt` is the (start, end) part of the text worth showing in a list of hits; `dates` are the places of the dates
    that meet the period asked for. `context` are (label, value) pairs that say what the block stands in: the row of a
    table under its column heads, an office-holder's post, the day of a chronicle, what a note belongs to, headings.
    """

    block: int
    text: str
    spans: tuple[tuple[int, int], ...]
    excerpt: tuple[int, int]
    dates: tuple[tuple[int, int], ...] = ()
    context: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found. `occurrences` counts places over the whole article.

    `passages` are all blocks with a place or a date of the period; those with both come first. `met` are the dates that
    meet the period asked for, in reading order, and `own_date` tells whether the article's own date does: why it was
    found.
    """

    article: str
    title: str
    collection: str
    section: str
    authors: tuple[str, ...]
    date: Period | None
    score: float
    occurrences: int
    passages: tuple[Passage, ...]
    met: tuple[Mention, ...] = ()
    own_date: bool = False


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the articles found have `value`. Decades are written "1950"; `label` is what people read."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Scale:
    """Articles counted by one unit of time: `bars` has how many stand in each unit (by its first year, astronomical),
    none that is empty; `articles` is how many stand in any. An article stands in every unit that one of its dates does.
    """

    bars: Mapping[int, int]
    articles: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The articles found, over time; exact. Only dates that a search would look at count, see `Query.meets`.

    A date that lasts 385 days at most (a lunar year with its leap month) stands in the year it begins in, and in that
    year's decade and century. A longer one stands only in the decade (1950 to 1959) or century (1901 to 2000) that has
    both its ends; one that no such unit holds stands nowhere, so that nothing is smeared over years it does not name.
    `spans` has how many articles have a date longer than a lunar year from the first to the last of these years, both
    inclusive and None where the date is open at that end. `dated` articles have a date that counts, of whatever length;
    `total` are found.
    """

    years: Scale
    decades: Scale
    centuries: Scale
    dated: int
    total: int
    spans: Mapping[tuple[int | None, int | None], int] = field(default_factory=dict)


class Source(enum.StrEnum):
    """Where a suggestion comes from, the more telling ones later."""

    WORD = "word"
    TITLE = "title"
    SECTION = "section"
    AUTHOR = "author"
    NAME = "name"  # of the office's authority

    @property
    def rank(self) -> int:
        """Its place among the sources."""
        return tuple(Source).index(self)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to type, with the number of articles it finds."""

    text: str
    source: Source
    total: int


class Why(enum.StrEnum):
    """Why another search is offered."""

    WRITTEN = "written-form"  # one of the ways a word is written in what was found
    NAME = "other-name"  # other forms of a name of the office's authority
    SPELLING = "did-you-mean"  # a character that looks or sounds like it


@dataclass(frozen=True, slots=True)
class Offer:
    """Another search worth a click: `words` say what it looks for, `total` how many articles it finds."""

    why: Why
    words: str
    search: Search
    total: int


class LooserReading(enum.StrEnum):
    """A reading looser than the literal one, from close to loose."""

    ALL_WORDS = "all-words"  # all the words stand, wherever each does
    MOST_WORDS = "most-words"  # more than half of them do
    RANKED = "ranked-words"  # some do; those first that answer best: for questions and long sentences


@dataclass(frozen=True, slots=True)
class Nearest:
    """What a looser reading finds that the literal one does not: `total` articles.

    `hits` are a page of them where the literal reading finds nothing, else only the first few; `search` is then the
    search that finds exactly these. `understood` says in words how the query was read.
    """

    reading: LooserReading
    understood: str
    total: int
    hits: tuple[Hit, ...]
    search: Search | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """`total` articles match literally, in `places` places (exact; None where counting them would take long); `hits` is
    the page asked for; `facets` counts collections, sections,
    authors, decades and genres, each as if nothing had been chosen of it.

    `understood` says in words how the query was read. `unindexed` articles wait for the index and could not be
    searched. `nearest` is what a looser reading finds beside, or instead when `total` is 0; None when nothing. `offers`
    are other searches: forms in which a word is written, other forms of a name, other spellings; never applied unasked.
    `scope` names the scope that all of it is within, empty for the whole library.
    `pages` match too but are no articles and not in `total`: covers, contents, pages before a section; genre MATTER
    finds them.
    """

    total: int
    hits: tuple[Hit, ...]
    understood: str
    places: int | None = None
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    unindexed: int = 0
    nearest: Nearest | None = None
    offers: tuple[Offer, ...] = ()
    scope: str = ""
    pages: int = 0

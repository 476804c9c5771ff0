"""Questions and answers: the query tree, the filters of a search, and what it returns.

No engine's syntax appears here or above. The language people type is read by `archive/search/parser.py`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from archive.model.access import Rights
from archive.model.records import Mention, Period


@dataclass(frozen=True, slots=True)
class Term:
    """An unquoted word: stands literally, or all of `words` (its segmentation) do. As written: only literally."""

    text: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Quoted text: stands literally."""

    text: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`parts` in this order in one block; `gaps[i]` is the (least, most) number of characters after `parts[i]`."""

    parts: tuple[str, ...]
    gaps: tuple[tuple[int, int], ...]


Literal = Term | Phrase | Wildcard


@dataclass(frozen=True, slots=True)
class Near:
    """Both in one block with at most `distance` characters between them, in either order."""

    left: Literal
    right: Literal
    distance: int


class FieldName(enum.StrEnum):
    """Parts of every article that can be named in a query. AUTHOR is anybody named as having had a hand in it."""

    TITLE = "标题"
    AUTHOR = "作者"
    SECTION = "栏目"
    VOLUME = "辑"
    BODY = "正文"


@dataclass(frozen=True, slots=True)
class Field:
    """`text` stands literally (folded, unless as written) in the named field.

    `name` is a FieldName, or the name of a descriptive field (archive/catalogue/fields.py), standard or a
    collection's own.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not match `child`. Only inside an And that also has something positive, or alone."""

    child: Node


@dataclass(frozen=True, slots=True)
class And:
    """Articles that match every child; no children match everything."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that match at least one child."""

    children: tuple[Node, ...]


Node = Term | Phrase | Wildcard | Near | Field | Not | And | Or


EVERYTHING = And(())
"""What an empty query means."""


def literals(tree: Node) -> tuple[Literal, ...]:
    """The positive leaves, in order: what ranking weighs and highlighting shows."""
    match tree:
        case Term() | Phrase() | Wildcard():
            return (tree,)
        case Near(left, right):
            return left, right
        case And(children) | Or(children):
            return tuple(leaf for child in children for leaf in literals(child))
        case Not() | Field():
            return ()


def texts(leaf: Literal) -> tuple[str, ...]:
    """The literal texts of a leaf."""
    return leaf.parts if isinstance(leaf, Wildcard) else (leaf.text,)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A parsed question with its filters. `decade` 1950 means 1950-1959 of the article's own date."""

    tree: Node
    rights: Rights
    as_written: bool = False
    period: Period | None = None
    period_in: PeriodIn = PeriodIn.ANY
    vague: bool = False  # whether vague mentions (建国后) count for the period
    within: bool = False  # whether a date must lie within the period altogether, not just overlap it
    collection: str = ""
    section: str = ""
    author: str = ""
    decade: int | None = None
    sort: Sort = Sort.RELEVANCE
    limit: int = 20
    offset: int = 0

    def meets(self, period: Period) -> bool:
        """Whether a date meets the period asked for; every date does when none was."""
        if self.period is None:
            return True
        return period.within(self.period) if self.within else period.overlaps(self.period)


class Filters(TypedDict, total=False):
    """What `Library` takes beside the words and the period asked for; the fields of `Query` of these names."""

    as_written: bool
    period_in: PeriodIn
    vague: bool
    within: bool
    collection: str
    section: str
    author: str
    decade: int | None
    sort: Sort
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One block with its matches: `text` is the whole stored block, `spans` (start, end) offsets in it, end exclusive.

    `excerpt` is the (start, end) part of the text worth showing in a list of hits; `dates` are the places of the dates
    that meet the period asked for.
    """

    block: int
    text: str
    spans: tuple[tuple[int, int], ...]
    excerpt: tuple[int, int]
    dates: tuple[tuple[int, int], ...] = ()


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
    `dated` articles have a date that counts, of whatever length; `total` are found.
    """

    years: Scale
    decades: Scale
    centuries: Scale
    dated: int
    total: int


@dataclass(frozen=True, slots=True)
class Results:
    """`total` articles match (exact); `hits` is the page asked for; `facets` has collection, section, author, decade.

    `understood` says in words how the query was read. `unindexed` articles wait for the index
    and could not be searched.
    """

    total: int
    hits: tuple[Hit, ...]
    understood: str
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    unindexed: int = 0

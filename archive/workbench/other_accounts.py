"""Accounts of one event that share no words: found by the people, bodies, places and the date they have in common.

Who is meant by a name is what `NameMentions` says: a name that several records go by speaks for nobody before somebody
has decided it, and one decided for another bearer never does. A date in common is needed, and beside it a person or a
body, or two places: a place and a year are shared by too much.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archive import dates
from archive.catalogue.authority import Authority
from archive.catalogue.name_places import NamePlace
from archive.model.access import Actor
from archive.model.errors import NotFound
from archive.model.name_records import NameKind, NameRecord, Standing
from archive.model.records import Article, Kind, Mention, Period
from archive.model.search import Search
from archive.search.conditions import tree_of
from archive.search.index.engine import Engine
from archive.search.query import Query
from archive.store import Store
from archive.support.cancellation import raise_if_cancelled
from archive.workbench.name_mentions import NameMentions
from archive.workbench.same_words import Counted, shared

READ = 400
"""Articles that are read for one paragraph: those with the most and the rarest names in common."""

OFFERED = 50

_LONGEST = 400  # days of a date that says when something happened
_DATES = 8  # dates of a paragraph that are looked for
_AT_A_TIME = 50
_WEIGHT = {NameKind.PERSON: 1.0, NameKind.BODY: 1.0, NameKind.PLACE: 0.5}
_PLACES_NEEDED = 2


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as an account has it: in its paragraph, or `inherited` from what stands before it, or from the article."""

    period: Period
    written: str
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class OtherAccount:
    """A paragraph that seems to tell of the same: `names` and `dates` (here, there) are what both have.

    `same_words` says whether the two share a passage too, so that one may be a copy of the other.
    """

    article: Article
    block: int
    names: tuple[NameRecord, ...]
    dates: tuple[tuple[Dated, Dated], ...]
    same_words: bool
    weight: float

    @property
    def text(self) -> str:
        """The whole paragraph."""
        return self.article.blocks[self.block].text


@dataclass(frozen=True, slots=True)
class OtherAccounts:
    """What was found for a paragraph, what speaks the most for it first, at most OFFERED.

    `names` and `dates` are those of the paragraph, `undecided` the names in it of which nobody has said who is meant.
    `read` of the `fitting` articles were read; only where there are more than READ are these not the same.
    """

    article: Article
    block: int
    names: tuple[NameRecord, ...]
    dates: tuple[Dated, ...]
    undecided: tuple[str, ...]
    found: tuple[OtherAccount, ...]
    read: int
    fitting: int


class EventFinder:
    """For one actor; `understand` reads a search as a query."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        actor: Actor,
        understand: Callable[[Search], Query],
        mentions: NameMentions,
    ) -> None:
        """For `Session` only."""
        self._store, self._engine = store, engine
        self._understand, self._mentions = understand, mentions
        self._rights = actor.rights.in_use

    def of(self, article_id: str, block: int, search: Search) -> OtherAccounts:
        """Where else the event of a paragraph is told, within the search's filters and its scope.

        Raises NotFound for an article or paragraph that is not there, and what `Session.search` does.
        """
        self._store.seen(article_id, self._rights)
        article, mentions = next(iter(self._store.dated([article_id])))
        if block not in dict(article.units()):
            raise NotFound("这篇文章里没有这一段", hint="请从文章里重新选")
        here = [one for one in self._mentions.in_article(article, mentions) if one.place[0] == block]
        names = self._mentions.records(one.record for one in here)
        told = _dates_of(article, mentions, block)
        undecided = tuple(dict.fromkeys(one.written for one in here if _is_open(one)))
        counts, fitting = self._fitting(names.values(), told, search)
        weights = {number: _rarity(names[number], counts[number]) for number in names}
        own, found = Counted.of(article.blocks[block].text), list[OtherAccount]()
        some = fitting[:READ]
        for at in range(0, len(some), _AT_A_TIME):
            raise_if_cancelled()
            for other, there, places in self._mentions.in_articles(some[at : at + _AT_A_TIME], names):
                leave_out = block if other.id == article.id else 0
                found += _told_in(other, there, places, leave_out, names, told, weights, own)
        found.sort(key=lambda one: (-one.weight, len(one.article.id), one.article.id, one.block))
        shown = tuple(found[:OFFERED])
        return OtherAccounts(article, block, tuple(names.values()), told, undecided, shown, len(some), len(fitting))

    def _fitting(
        self, names: Iterable[NameRecord], told: Sequence[Dated], search: Search
    ) -> tuple[Mapping[int, int], list[str]]:
        """How many articles have each name, and those that have one beside one of the dates, the most telling first."""
        scope = self._understand(search.but(text="", as_written=False))
        counts: dict[int, int] = {}
        score: dict[str, float] = {}
        for record in names:
            query = replace(scope, tree=tree_of(Authority.of(self._store), record))
            counts[record.key] = self._engine.count(query, self._rights)
            weight = _rarity(record, counts[record.key])
            near: set[str] = set()
            for date in told[:_DATES]:
                near |= self._engine.ids(replace(query, period=date.period), self._rights)
            for id in near:
                score[id] = score.get(id, 0.0) + weight
        return counts, sorted(score, key=lambda id: (-score[id], len(id), id))


def _told_in(
    article: Article,
    mentions: Sequence[Mention],
    places: Sequence[NamePlace],
    leave_out: int,
    names: Mapping[int, NameRecord],
    told: Sequence[Dated],
    weights: Mapping[int, float],
    own: Counted,
) -> Iterator[OtherAccount]:
    in_block: dict[int, set[int]] = {}
    for one in places:
        if one.record in names:
            in_block.setdefault(one.place[0], set()).add(one.record)
    for block, numbers in in_block.items():
        if block in (0, leave_out) or article.blocks[block].kind is Kind.NOTE:
            continue
        both = [names[number] for number in names if number in numbers]
        only_places = all(one.kind is NameKind.PLACE for one in both)
        if only_places and len(both) < _PLACES_NEEDED:
            continue
        pairs = _in_common(told, _dates_of(article, mentions, block))
        if pairs:
            weight = sum(weights[one.key] for one in both) + max(_closeness(*pair) for pair in pairs)
            same = bool(shared(own, Counted.of(article.blocks[block].text)))
            yield OtherAccount(article, block, tuple(both), pairs, same, weight)


def _rarity(record: NameRecord, articles: int) -> float:
    """What a name in common says: the more, the fewer articles have it."""
    return _WEIGHT[record.kind] * (1 + 4 / (1 + math.log2(1 + articles)))


def _is_open(one: NamePlace) -> bool:
    return not one.record and one.standing is not Standing.UNKNOWABLE


def _dates_of(article: Article, mentions: Sequence[Mention], block: int) -> tuple[Dated, ...]:
    """The dates a paragraph tells of; without one, the last before it, or else the article's own."""
    fit = [one for one in mentions if not (one.vague or one.open) and _days(one.period) <= _LONGEST]

    def dated(one: Mention, inherited: bool) -> Dated:
        return Dated(one.period, article.blocks[one.block].text[one.start : one.end], inherited)

    here = {one.period: dated(one, False) for one in fit if one.block == block}
    if here:
        return tuple(here.values())
    before = [one for one in fit if one.block < block]
    if before:
        return (dated(max(before, key=lambda one: (one.block, one.start)), True),)
    own = article.date
    if own is None or own.open or _days(own) > _LONGEST:
        return ()
    return (Dated(own, own.written or dates.describe(own), True),)


def _days(period: Period) -> float:
    return math.inf if period.start is None or period.end is None else period.end - period.start + 1


def _in_common(here: Sequence[Dated], there: Sequence[Dated]) -> tuple[tuple[Dated, Dated], ...]:
    """The pairs of dates that share a day."""
    return tuple((one, other) for one in here for other in there if one.period.overlaps(other.period))


def _closeness(one: Dated, other: Dated) -> float:
    """What a date in common says: most where both tell the day, little where one tells the year alone."""
    longest = max(_days(one.period), _days(other.period))
    return (1.0 if longest > 31 else 2.0 if longest > 1 else 4.0) / (2 if one.inherited or other.inherited else 1)

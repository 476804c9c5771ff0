"""The concordance (逐处): every place of a search as a row, narrowed step by step, sorted, grouped, labelled."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

from archive import dates
from archive.model.access import Actor
from archive.model.errors import NotAllowed, NotFound, UsageError
from archive.model.records import Article, Mention
from archive.model.search import Search, Sort
from archive.search.heading import Heading, heading
from archive.search.index.engine import Engine
from archive.search.matching import Closeness, Prepared
from archive.search.query import Query
from archive.store import Store
from archive.support.cancellation import raise_if_cancelled
from archive.text.anchors import Place, anchored, standing
from archive.workbench.place_list import Group, Listing, PlaceList, Rows, arranged, grouped, kept
from archive.workbench.steps import NONE, Arranged, Is, Sample, Step, checked_column

LABELS = ("保留", "剔除", "待查")
"""What a place can be labelled."""

_AT_A_TIME = 200  # articles read together
_EVERY = 1 << 31  # articles: all there are
_LISTS = 4  # lists and orders kept at hand for one library

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KwicRow:
    """One place: `start` to `end` in `text`, the stored text of block `block`; end exclusive.

    `number` counts from 1 in the order asked for, `paragraph` from 1 among the searched blocks after the title, which
    is 0. `stated` is the date in the same block that the place most likely goes by: the last before it, or else the
    first after it. `label` is one of LABELS or empty.
    """

    number: int
    article: str
    title: str
    collection: str
    volume: str
    authors: tuple[str, ...]
    date: str
    stated: str
    pages: str
    block: int
    paragraph: int
    text: str
    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Told:
    """A step and how many places and articles it leaves."""

    step: Step
    places: int
    articles: int


@dataclass(frozen=True, slots=True)
class Concordance:
    """`places` places in `articles` articles are left of the `found` that the search finds; `rows` is the page asked
    for. `lost` labels stand on words that were corrected since and are on no place any more.
    """

    found: int
    places: int
    articles: int
    steps: tuple[Told, ...]
    rows: tuple[KwicRow, ...]
    lost: int


class Concordances:
    """For one actor; `understand` reads a search as a query."""

    def __init__(self, store: Store, engine: Engine, actor: Actor, understand: Callable[[Search], Query]) -> None:
        """For `Session` only."""
        self._store = store
        self._engine = engine
        self._actor = actor
        self._understand = understand

    def page(
        self, search: Search, steps: Sequence[Step], how: Arranged, *, limit: int = 50, offset: int = 0
    ) -> Concordance:
        """`limit` rows from `offset` on. Raises what `Session.search` does."""
        chain = self._chain(search, steps, how)
        rows = self._rows(search, chain, range(offset, min(len(chain.rows), offset + limit)))
        articles = len({chain.places.article[row] for row in chain.rows})
        return Concordance(len(chain.places), len(chain.rows), articles, chain.told, tuple(rows), chain.labels.lost)

    def rows(self, search: Search, steps: Sequence[Step], how: Arranged) -> Iterator[KwicRow]:
        """All rows of `page`, read a few articles at a time."""
        chain = self._chain(search, steps, how)
        yield from self._rows(search, chain, range(len(chain.rows)))

    def groups(self, search: Search, steps: Sequence[Step], columns: Sequence[str]) -> tuple[Group, ...]:
        """The places left by the steps counted by one or two columns; their places add up to those left."""
        if not 1 <= len(columns) <= 2:
            raise UsageError("按一列或两列分组", hint="选一列，或再选第二列")
        chain = self._chain(search, steps, Arranged())
        return grouped(chain.places, chain.rows, [checked_column(name) for name in columns], chain.labels.column)

    def heading(self, search: Search, steps: Sequence[Step], how: Arranged, places: int) -> Heading:
        """What a file of these rows says of itself: the search, its scope, each step, the order, how many."""
        said = heading(self._understand(search), self._actor.rights.in_use, self._store, self._engine)
        narrowed = tuple((f"第 {number} 步", step.words) for number, step in enumerate(steps, 1))
        kept_back = {"排序": how.words}
        return (*((label, kept_back.get(label, value)) for label, value in said), *narrowed, ("行数", str(places)))

    # -- labels

    def label(self, article_id: str, place: Place, label: str) -> None:
        """Label a place for the actor, or take its label off when `label` is empty. `place` is in stored text.

        Raises UsageError for another label, NotFound where nothing stands there that the actor may see.
        """
        if self._actor.rights.blind:
            raise NotAllowed(f"{self._actor.name}不能做标记", hint="请有阅读权限的同事来做")
        if label and label not in LABELS:
            raise UsageError(f"没有“{label[:10]}”这种标记", hint=f"可选：{'、'.join(LABELS)}")
        article = self._visible(article_id)
        texts = [block.text for block in article.blocks]
        block, start, end = place
        if not 0 <= block < len(texts) or not 0 <= start < end <= len(texts[block]):
            raise NotFound("这一处已经不在原来的地方", hint="请回到逐处页再标一次")
        self._store.place_labels.put(self._actor.id, article.id, anchored(texts, place), label)

    def _visible(self, article_id: str) -> Article:
        return self._store.seen(article_id, self._actor.rights.in_use)

    def _labels(self, places: PlaceList, closeness: Closeness) -> _Labels:
        held = self._store.place_labels.of(self._actor.id)
        numbers = {facts.id: number for number, facts in enumerate(places.facts)}
        here = [id for id in held if id in numbers]
        if not here:
            return _Labels(None, 0)
        column, lost = [NONE] * len(places), 0
        rows_of: dict[int, list[int]] = {numbers[id]: [] for id in here}
        for row, number in enumerate(places.article):
            if number in rows_of:
                rows_of[number].append(row)
        for article in self._store.articles(here):
            reading = _Reading(article, closeness)
            at = {reading.place(places, row): row for row in rows_of[numbers[article.id]]}
            for anchor, label in held[article.id]:
                place = standing(anchor, enumerate(block.text for block in article.blocks))
                lost += place is None
                if place in at:
                    column[at[place]] = label
        return _Labels(column, lost)

    # -- the chain from a search to rows in order

    def _chain(self, search: Search, steps: Sequence[Step], how: Arranged) -> _Chain:
        query = self._understand(search)
        closeness = _closeness(search)
        rights = self._actor.rights.in_use
        state, remembered = self._engine.state(), _remembered(self._engine)
        places = remembered.of(("places", query, rights), state, lambda: self._places(query))
        labels = self._labels(places, closeness)
        told, rows = [], cast(Rows, range(len(places)))
        for step in steps:
            rows = kept(places, rows, step, labels.column)
            told.append(Told(step, len(rows), len({places.article[row] for row in rows})))

        def in_order() -> Rows:
            return arranged(places, rows, how, labels.column)

        if _looks_at_labels(steps, how):
            return _Chain(places, in_order(), tuple(told), labels)
        ordered = remembered.of(("order", query, rights, tuple(steps), how), state, in_order)
        return _Chain(places, ordered, tuple(told), labels)

    def _places(self, query: Query) -> PlaceList:
        """The places found, in the order of their sources.

        Some articles at a time, so that others who search need not wait; begun again if the index changes meanwhile.
        """
        rights, ordered = self._actor.rights.in_use, replace(query, search=query.search.but(sort=Sort.SOURCE))
        while True:
            state, listing = self._engine.state(), Listing()
            found = [one.article for one in self._engine.search(ordered, rights, limit=_EVERY).found]
            for at in range(0, len(found), _AT_A_TIME):
                raise_if_cancelled()
                for one in self._engine.standing(query, rights, found[at : at + _AT_A_TIME]):
                    listing.add(one)
            if self._engine.state() == state:
                return listing.done()

    def _rows(self, search: Search, chain: _Chain, numbers: range) -> Iterator[KwicRow]:
        titles = {one.id: one.title for one in self._store.collections(None)}
        for at in range(numbers.start, numbers.stop, _AT_A_TIME):
            part = range(at, min(numbers.stop, at + _AT_A_TIME))
            ids = list(dict.fromkeys(chain.places.id(chain.rows[number]) for number in part))
            read = {
                article.id: (_Reading(article, _closeness(search)), mentions)
                for article, mentions in self._store.dated(ids)
            }
            for number in part:
                row = chain.rows[number]
                reading, mentions = read[chain.places.id(row)]
                label = chain.labels.column[row] if chain.labels.column else NONE
                yield _row(number + 1, reading, reading.place(chain.places, row), mentions, titles, label)


def _closeness(search: Search) -> Closeness:
    return Closeness.WRITTEN if search.as_written else Closeness.FOLDED


def _looks_at_labels(steps: Sequence[Step], how: Arranged) -> bool:
    named = [step.column for step in steps if isinstance(step, Is)]
    named += [step.by for step in steps if isinstance(step, Sample)]
    return "label" in named or any(key.removeprefix("-") == "label" for key in how.keys)


@dataclass(frozen=True, slots=True)
class _Labels:
    """The column of labels, None where there is none; `lost` ones stand on no words of their article any more."""

    column: Sequence[str] | None
    lost: int


@dataclass(frozen=True, slots=True)
class _Chain:
    places: PlaceList
    rows: Rows
    told: tuple[Told, ...]
    labels: _Labels


class _Reading:
    """An article's stored text with the way from a place of a list to its place there."""

    def __init__(self, article: Article, closeness: Closeness) -> None:
        self.article = article
        self._prepared = Prepared(article)
        self._closeness = closeness
        self.blocks = [index for index, _ in article.units()]

    def place(self, places: PlaceList, row: int) -> Place:
        """Block, start and end in stored text."""
        block = self.blocks[places.unit[row]]
        unit = self._prepared.unit(block, self._closeness)
        return (block, *unit.span(places.start[row], places.end[row]))


def _row(
    number: int, reading: _Reading, place: Place, mentions: Sequence[Mention], titles: dict[str, str], label: str
) -> KwicRow:
    article, (block, start, end) = reading.article, place
    here = [mention for mention in mentions if mention.block == block]
    before = [mention for mention in here if mention.start <= start]
    goes_by = before[-1:] or here[:1]
    return KwicRow(
        number=number,
        article=article.id,
        title=article.title,
        collection=titles[article.collection],
        volume=article.volume,
        authors=tuple(dict.fromkeys(person.name for person in article.people)),
        date=(article.date.written or dates.describe(article.date)) if article.date else "",
        stated=article.blocks[block].text[goes_by[0].start : goes_by[0].end] if goes_by else "",
        pages=article.pages,
        block=block,
        paragraph=reading.blocks.index(block),
        text=article.blocks[block].text,
        start=start,
        end=end,
        label="" if label == NONE else label,
    )


# -- what is kept at hand


class _Remembered:
    """What was worked out for one state of an index; the latest few."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state = ""
        self._held: OrderedDict[Hashable, object] = OrderedDict()

    def of(self, name: Hashable, state: str, make: Callable[[], T]) -> T:
        """What `make` makes, made once for a name and a state."""
        with self._lock:
            if state != self._state:
                self._held.clear()
                self._state = state
            if name in self._held:
                self._held.move_to_end(name)
                return cast(T, self._held[name])
        made = make()
        with self._lock:
            if state == self._state:
                self._held[name] = made
                while len(self._held) > _LISTS:
                    self._held.popitem(last=False)
        return made


_REMEMBERED: WeakKeyDictionary[Engine, _Remembered] = WeakKeyDictionary()
_MAKING = threading.Lock()


def _remembered(engine: Engine) -> _Remembered:
    with _MAKING:
        return _REMEMBERED.setdefault(engine, _Remembered())

"""From a search to its places, narrowed step by step and in order: what rows, groups and counts are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from archive.model.access import Actor
from archive.model.records import Article
from archive.model.search import Search
from archive.search.index.engine import Engine
from archive.search.matching import Closeness, Prepared
from archive.search.query import Query
from archive.store import Store
from archive.text.anchors import Place, standing
from archive.workbench.place_list import PlaceList, Rows, arranged, kept
from archive.workbench.remembered import Growing, Part, remembered
from archive.workbench.steps import NONE, Arranged, Is, Sample, Step


@dataclass(frozen=True, slots=True)
class Told:
    """A step and how many places and articles it leaves."""

    step: Step
    places: int
    articles: int


@dataclass(frozen=True, slots=True)
class Labels:
    """The actor's labels as a column, None where there is none; `lost` stand on no words of their article any more."""

    column: Sequence[str] | None
    lost: int


@dataclass(frozen=True, slots=True)
class Chain:
    """The places of `query` found so far, and the `rows` of them that the steps leave, in the order asked for."""

    query: Query
    state: str
    part: Part
    rows: Rows
    told: tuple[Told, ...]
    labels: Labels

    @property
    def places(self) -> PlaceList:
        """All places found so far."""
        return self.part.places


class Chains:
    """For one actor; `understand` reads a search as a query."""

    def __init__(self, store: Store, engine: Engine, actor: Actor, understand: Callable[[Search], Query]) -> None:
        """For the services of a session only."""
        self._store = store
        self._engine = engine
        self._actor = actor
        self._understand = understand

    def of(
        self, search: Search, steps: Sequence[Step], how: Arranged | None = None, *, patience: float | None = None
    ) -> Chain:
        """The places; with `patience`, in seconds, those that were found meanwhile. Raises what `Session.search` does.

        The index may change meanwhile; then the list is begun again.
        """
        query, rights = self._understand(search), self._actor.rights.in_use
        part = None
        while part is None:
            state = self._engine.state()
            part = self._part(query, state, patience)
        labels = self._labels(part.places, closeness(search))
        told, rows = [], cast(Rows, range(len(part.places)))
        for step in steps:
            rows = kept(part.places, rows, step, labels.column)
            told.append(Told(step, len(rows), len({part.places.article[row] for row in rows})))
        wanted = how or Arranged()

        def in_order() -> Rows:
            return arranged(part.places, rows, wanted, labels.column)

        if not part.whole or _looks_at_labels(steps, wanted):
            ordered = in_order()
        else:
            name = ("order", query, rights, tuple(steps), wanted)
            ordered = remembered(self._engine).of(name, state, in_order)
        return Chain(query, state, part, ordered, tuple(told), labels)

    def _part(self, query: Query, state: str, patience: float | None) -> Part | None:
        rights = self._actor.rights.in_use
        growing = remembered(self._engine).of(
            ("places", query, rights), state, lambda: Growing(self._engine, query, rights, state)
        )
        return growing.grow(patience)

    def _labels(self, places: PlaceList, close: Closeness) -> Labels:
        held = self._store.place_labels.of(self._actor.id)
        numbers = {facts.id: number for number, facts in enumerate(places.facts)}
        here = [id for id in held if id in numbers]
        if not here:
            return Labels(None, 0)
        column, lost = [NONE] * len(places), 0
        rows_of: dict[int, list[int]] = {numbers[id]: [] for id in here}
        for row, number in enumerate(places.article):
            if number in rows_of:
                rows_of[number].append(row)
        for article in self._store.articles(here):
            reading = Reading(article, close)
            at = {reading.place(places, row): row for row in rows_of[numbers[article.id]]}
            for anchor, label in held[article.id]:
                place = standing(anchor, enumerate(block.text for block in article.blocks))
                lost += place is None
                if place in at:
                    column[at[place]] = label
        return Labels(column, lost)


class Reading:
    """An article's stored text with the way from a place of a list to its place there."""

    def __init__(self, article: Article, close: Closeness) -> None:
        self.article = article
        self._prepared = Prepared(article)
        self._closeness = close
        self.blocks = [index for index, _ in article.units()]

    def place(self, places: PlaceList, row: int) -> Place:
        """Block, start and end in stored text."""
        block = self.blocks[places.unit[row]]
        unit = self._prepared.unit(block, self._closeness)
        return (block, *unit.span(places.start[row], places.end[row]))


def closeness(search: Search) -> Closeness:
    """How closely the places of a search stand."""
    return Closeness.WRITTEN if search.as_written else Closeness.FOLDED


def _looks_at_labels(steps: Sequence[Step], how: Arranged) -> bool:
    named = [step.column for step in steps if isinstance(step, Is)]
    named += [step.by for step in steps if isinstance(step, Sample)]
    return "label" in named or any(key.removeprefix("-") == "label" for key in how.keys)

"""The oracle: looks at every article for every query. Slow, small, obviously right; the other engines must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from archive.model.records import Article, Mention
from archive.search.index.engine import EngineInfo, Found, Matches
from archive.search.index.facts import Facts, allowed, count_facets, profile, sort_key, source_order
from archive.search.index.periods import Dated, look, look_over_time
from archive.search.matching import Closeness, Prepared, evaluate, meets, places
from archive.search.query import Query, Sort, Timeline
from archive.text.folding import folding_version


@dataclass(frozen=True, slots=True)
class _Entry:
    article: Article
    mentions: tuple[Mention, ...]
    prepared: Prepared
    facts: Facts


@dataclass
class MemoryEngine:
    """Keeps articles in a dictionary."""

    entries: dict[str, _Entry] = field(default_factory=dict)

    @contextmanager
    def batch(self) -> Iterator[MemoryEngine]:
        """All or nothing, like the real engines."""
        before = dict(self.entries)
        try:
            yield self
        except BaseException:
            self.entries = before
            raise

    def put(self, article: Article, mentions: Sequence[Mention]) -> None:
        """Add or replace."""
        self.entries[article.id] = _Entry(article, tuple(mentions), Prepared(article), Facts.of(article))

    def search(self, query: Query) -> Matches:
        """Judge every article."""
        found = self._found(query)
        found.sort(key=lambda one: one.order(query))
        page = found[query.offset : query.offset + query.limit]
        return Matches(
            len(found),
            tuple(Found(one.entry.article.id, one.closeness, one.places) for one in page),
            count_facets(Counter(profile(one.entry.facts) for one in found).items()),
        )

    def timeline(self, query: Query) -> Timeline:
        """Look at every date of every match."""
        entries = [one.entry for one in self._found(query)]
        return look_over_time(((entry.article.id, entry.article, entry.mentions) for entry in entries), query)

    def field_names(self) -> frozenset[str]:
        """Look at every article's fields."""
        return frozenset(name for entry in self.entries.values() for name, _ in entry.prepared.fields)

    def _found(self, query: Query) -> list[_Judged]:
        judged = [_judge(entry, query) for entry in self.entries.values() if allowed(entry.facts, query)]
        return [one for one in judged if one is not None]

    def rebuild(self, articles: Iterable[tuple[Article, Sequence[Mention]]]) -> int:
        """Start afresh."""
        self.entries = {}
        for article, mentions in articles:
            self.put(article, mentions)
        return len(self.entries)

    def sound(self) -> bool:
        """Always: there is nothing to be damaged."""
        return True

    def differences(self, articles: Iterable[Article]) -> tuple[str, ...]:
        """Compare the articles' units."""
        wanted = {article.id: tuple(article.units()) for article in articles}
        held = {key: tuple(entry.article.units()) for key, entry in self.entries.items()}
        return tuple(sorted(key for key in wanted.keys() | held.keys() if wanted.get(key) != held.get(key)))

    def info(self) -> EngineInfo:
        """What it holds."""
        return EngineInfo("memory", len(self.entries), "", folding_version())

    def close(self) -> None:
        """Nothing to release."""


@dataclass(frozen=True, slots=True)
class _Judged:
    entry: _Entry
    closeness: Closeness
    dated: Dated
    apart: bool
    places: float

    def order(self, query: Query) -> tuple[object, ...]:
        facts = self.entry.facts
        if query.sort is Sort.RELEVANCE:
            return self.apart, self.closeness, self.dated.width, -self.places, source_order(facts)
        return sort_key(facts, query.sort)


def _judge(entry: _Entry, query: Query) -> _Judged | None:
    dated = Dated(0) if query.period is None else look(entry.article, entry.mentions, query)
    closeness = evaluate(query.tree, entry.prepared, written=query.as_written)
    if dated is None or closeness is Closeness.NONE:
        return None
    degree = Closeness.WRITTEN if query.as_written else Closeness.FOLDED
    units = entry.prepared.units(degree)
    apart = not any(meets(query.tree, units[unit][1], degree) for unit in dated.units)
    spans = places(query.tree, entry.prepared, written=query.as_written)
    return _Judged(entry, closeness, dated, apart, float(sum(map(len, spans.values()))))

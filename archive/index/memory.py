"""The oracle: looks at every article for every query. Slow, small, obviously right; the other engines must agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from archive.index.engine import EngineInfo, Found, Matches
from archive.index.facts import Facts, allowed, count_facets, sort_key, source_order
from archive.matching import Closeness, Prepared, evaluate, places
from archive.query import PeriodIn, Query, Sort
from archive.records import Article, Mention
from archive.text.fold import folding_version


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
        judged = [
            (entry, evaluate(query.tree, entry.prepared, written=query.as_written))
            for entry in self.entries.values()
            if allowed(entry.facts, query) and _in_period(entry, query)
        ]
        matching = [(entry, closeness) for entry, closeness in judged if closeness is not Closeness.NONE]
        found = [self._found(entry, closeness, query) for entry, closeness in matching]
        ordered = sorted(found, key=lambda one: self._order(one, query))
        page = tuple(ordered[query.offset : query.offset + query.limit])
        return Matches(len(found), page, count_facets(entry.facts for entry, _ in matching))

    def _found(self, entry: _Entry, closeness: Closeness, query: Query) -> Found:
        spans = places(query.tree, entry.prepared, written=query.as_written)
        return Found(entry.article.id, closeness, float(sum(map(len, spans.values()))))

    def _order(self, found: Found, query: Query) -> tuple[object, ...]:
        facts = self.entries[found.article].facts
        if query.sort is Sort.RELEVANCE:
            return found.closeness, -found.score, source_order(facts)
        return sort_key(facts, query.sort)

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


def _in_period(entry: _Entry, query: Query) -> bool:
    wanted = query.period
    if wanted is None:
        return True
    own = entry.article.date is not None and entry.article.date.overlaps(wanted)
    said = any(mention.period.overlaps(wanted) for mention in entry.mentions if query.vague or not mention.vague)
    return {PeriodIn.DATE: own, PeriodIn.TEXT: said, PeriodIn.ANY: own or said}[query.period_in]

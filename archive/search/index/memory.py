"""The oracle: looks at every article for every query. Slow, small, obviously right; the other engines must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice

from archive.model.access import Rights
from archive.model.records import Article, Mention
from archive.model.search import Sort, Source, Timeline
from archive.search.index.engine import EngineInfo, Found, Matches, Standing
from archive.search.index.facts import (
    Facts,
    Profile,
    Tally,
    allowed,
    chosen,
    count_facets,
    named_strings,
    profile,
    sort_key,
    source_order,
    tallied,
)
from archive.search.index.periods import Dated, has_dates, look, look_over_time
from archive.search.matching import APART, Closeness, Prepared, evaluate, meets, places
from archive.search.query import EVERYTHING, Among, And, Condition, Counted, Either, Phrase, Query
from archive.support.cancellation import raise_if_cancelled
from archive.text.folding import folding_version
from archive.text.spans import Span


@dataclass(frozen=True, slots=True)
class _Entry:
    article: Article
    mentions: tuple[Mention, ...]
    prepared: Prepared
    facts: Facts


@dataclass(eq=False)
class MemoryEngine:
    """Keeps articles in a dictionary."""

    entries: dict[str, _Entry] = field(default_factory=dict)
    puts: int = 0

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
        self.puts += 1
        self.entries[article.id] = _Entry(article, tuple(mentions), Prepared(article), Facts.of(article))

    def search(self, query: Query, rights: Rights, *, limit: int, offset: int = 0) -> Matches:
        """Judge every article."""
        found = self._found(query, rights)
        found.sort(key=lambda one: one.order(query))
        page = found[offset : offset + limit]
        facets = _facets(found)
        for name in chosen(query.search):
            facets[name] = _facets(self._found(query.without(name), rights))[name]
        return Matches(
            len(found),
            tuple(Found(one.entry.article.id, one.closeness, one.places) for one in page),
            facets,
            int(sum(one.places for one in found)),
        )

    def count(self, query: Query, rights: Rights) -> int:
        """Judge every article."""
        return len(self._found(query, rights))

    def ids(self, query: Query, rights: Rights) -> frozenset[str]:
        """Judge every article."""
        return frozenset(one.entry.article.id for one in self._found(query, rights))

    def counts(self, query: Query, rights: Rights, counted: Counted) -> list[int]:
        """Judge every article that matches by each tree."""
        found = [one.entry.prepared for one in self._found(query, rights)]
        return [
            sum(evaluate(tree, one, written=False) is not Closeness.NONE for one in found) for tree in counted.trees
        ]

    def first_standing(self, query: Query, rights: Rights, texts: Sequence[str], most: int) -> list[tuple[str, int]]:
        """Count the articles of each."""
        counted = ((text, self.count(replace(query, tree=And((query.tree, Phrase(text)))), rights)) for text in texts)
        return list(islice((one for one in counted if one[1]), most))

    def tallies(self, query: Query, rights: Rights) -> Mapping[Profile, Tally]:
        """Judge every article twice: whether it is in scope, and whether it is found."""
        scope = self._found(replace(query, tree=EVERYTHING), rights)
        places = {one.entry.article.id: int(one.places) for one in self._found(query, rights)}
        return tallied((one.entry.facts for one in scope), places)

    def standing(self, query: Query, rights: Rights, articles: Sequence[str]) -> list[Standing]:
        """Look at each of them."""
        entries = [self.entries[id] for id in articles if id in self.entries]
        return [_standing(one, query) for one in entries if rights.cover(one.facts)]

    def facts(self, query: Query, rights: Rights) -> list[Facts]:
        """Judge every article."""
        return sorted((one.entry.facts for one in self._found(query, rights)), key=source_order)

    def strings(self) -> Iterable[tuple[Source, str, int]]:
        """Look at every article; it knows no words."""
        titles = Counter(entry.article.title for entry in self.entries.values())
        yield from ((Source.TITLE, title, count) for title, count in titles.items())
        yield from named_strings(entry.facts for entry in self.entries.values())

    def varies(self, folded: str) -> bool:
        """It may: nothing is noted of it."""
        return True

    def state(self) -> str:
        """How many times something was put."""
        return str(self.puts)

    def state_at_once(self) -> str:
        """It always is."""
        return self.state()

    def timeline(self, query: Query, rights: Rights) -> Timeline:
        """Look at every date of every match."""
        entries = [one.entry for one in self._found(query, rights)]
        return look_over_time(((entry.article.id, entry.article, entry.mentions) for entry in entries), query)

    def field_names(self, rights: Rights) -> frozenset[str]:
        """Look at every article's fields."""
        covered = (one for one in self.entries.values() if rights.cover(one.facts))
        return frozenset(name for entry in covered for name, _ in entry.prepared.fields)

    def _found(self, query: Query, rights: Rights) -> list[_Judged]:
        found = []
        for entry in self.entries.values():
            raise_if_cancelled()
            if judged := _judge(entry, query, rights):
                found.append(judged)
        return found

    def rebuild(self, articles: Iterable[tuple[Article, Sequence[Mention]]]) -> int:
        """Start afresh."""
        self.entries = {}
        for article, mentions in articles:
            self.put(article, mentions)
        return len(self.entries)

    def sound(self) -> bool:
        """Always: there is nothing to be damaged."""
        return True

    def differences(self, articles: Iterable[tuple[Article, Sequence[Mention]]]) -> tuple[str, ...]:
        """Compare the articles with their dates."""
        wanted = {article.id: (article, tuple(mentions)) for article, mentions in articles}
        held = {key: (entry.article, entry.mentions) for key, entry in self.entries.items()}
        return tuple(sorted(key for key in wanted.keys() | held.keys() if wanted.get(key) != held.get(key)))

    def damage(self) -> str:
        """None: there is nothing to be damaged."""
        return ""

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
        if query.search.sort is Sort.RELEVANCE:
            return facts.matter, self.apart, self.closeness, self.dated.width, -self.places, source_order(facts)
        return sort_key(facts, query.search.sort)


def _facets(found: list[_Judged]) -> dict[str, tuple[tuple[str, int], ...]]:
    return count_facets(Counter(profile(one.entry.facts) for one in found).items())


def _standing(entry: _Entry, query: Query) -> Standing:
    """The places of `matching.places`, brought from stored text into the matching text of the whole article."""
    written = query.search.as_written
    units = entry.prepared.units(Closeness.WRITTEN if written else Closeness.FOLDED)
    marked = places(query.tree, entry.prepared, written=written)
    spans: list[Span] = []
    begin = 0
    for index, unit in units:
        stored = [unit.span(at, at + 1)[0] for at in range(len(unit.text))]
        for start, end in marked.get(index, ()):
            inside = [at for at, there in enumerate(stored) if start <= there < end]
            spans.append((begin + inside[0], begin + inside[-1] + 1))
        begin += len(unit.text) + 1
    return Standing(
        entry.facts,
        APART[-1].join(unit.text for _, unit in units),
        tuple(spans),
        APART[-1].join(text for _, text in entry.article.units()),
    )


def _judge(entry: _Entry, query: Query, rights: Rights) -> _Judged | None:
    if not _let_through(entry, query, rights):
        return None
    dated = Dated(0) if query.period is None else look(entry.article, entry.mentions, query)
    closeness = evaluate(query.tree, entry.prepared, written=query.search.as_written)
    if dated is None or closeness is Closeness.NONE:
        return None
    degree = Closeness.WRITTEN if query.search.as_written else Closeness.FOLDED
    units = entry.prepared.units(degree)
    apart = not any(meets(query.tree, units[unit][1], degree) for unit in dated.units)
    spans = places(query.tree, entry.prepared, written=query.search.as_written)
    return _Judged(entry, closeness, dated, apart, float(sum(map(len, spans.values()))))


def _let_through(entry: _Entry, query: Query, rights: Rights) -> bool:
    search = query.search
    if not allowed(entry.facts, search, rights):
        return False
    if search.undated and has_dates(entry.article, entry.mentions, search.but(period_in=search.undated)):
        return False
    return all(_meets(entry, condition) for _, condition in query.conditions)


def _meets(entry: _Entry, condition: Condition) -> bool:
    if isinstance(condition, Among):
        return entry.article.id in condition.articles
    if isinstance(condition, Either):
        return any(_meets(entry, one) for one in condition.conditions)
    return _judge(entry, condition, Rights.everything()) is not None

"""Which articles a query finds in the embedded index: what its filters, conditions, dates and words let through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import accumulate, compress, pairwise
from operator import attrgetter

from archive.model.access import Rights
from archive.model.search import PeriodIn, Search, Sort
from archive.search.index import place_count, whole_text
from archive.search.index.facts import FACETS, Facts, all_let_through
from archive.search.index.literal import LiteralIndex
from archive.search.index.periods import Meeting
from archive.search.index.sets import Keys, Sets, matching_sets
from archive.search.matching import Closeness, needle
from archive.search.query import EVERYTHING, Among, Condition, Counted, Either, Except, Node, Or, Phrase, Query

_REMEMBERED = 32  # choices of filters and conditions whose articles are remembered

_COUNTED = 1000  # texts whose number of places in the library is remembered
_KINDS = 4  # kinds of names whose articles are remembered
_FEW = 50  # articles put since, up to which they are looked at one by one
_ANSWERS = 8  # queries whose articles are remembered: some megabytes each in a large library

# To find the first texts that stand in what matches, that is read where it has so many characters, or so many and the
# texts are no few (a third of a second); of more characters so many texts are looked up.
_READ_AT_ONCE, _READ_THROUGH, _FEW_TEXTS = 100_000, 1_000_000, 80
_LOOKED_UP = 300
_FEW_SCOPES = 4  # such readings that are remembered, some ten megabytes each

_ALL_RIGHTS = Rights.everything()
_OF_RIGHTS = attrgetter("collection", "access", "status")


class Selecting:
    """One state of the index; what different questions share is worked out once."""

    def __init__(self, facts: Mapping[int, Facts], literal: LiteralIndex, before: Selecting | None = None) -> None:
        """`before` is that of an earlier state of the same index."""
        self._facts = facts
        self._literal = literal
        self._found = lru_cache(_ANSWERS)(self._matching)
        self._by_words = lru_cache(_ANSWERS)(self._having)
        self._places = lru_cache(_REMEMBERED)(self._count_places)
        self._numbers = lru_cache(_COUNTED)(self._number)
        self._times = lru_cache(_COUNTED)(self._count_everywhere)
        self._by_choice = lru_cache(_REMEMBERED)(self._chosen)
        self._by_condition = lru_cache(_REMEMBERED)(self._meeting)
        self._dated = lru_cache(_ANSWERS)(self._literal.dated)
        self._pairs = lru_cache(_FEW_SCOPES)(self._pairs_of)
        self._undated = lru_cache(_REMEMBERED)(self._without_dates)
        self.last_put = literal.last_put() if facts else 0
        self._standing: dict[Counted, list[set[int]]] = {}
        changed = literal.put_since(before.last_put) if before and before._standing else set()
        if before and len(changed) <= _FEW:
            self._standing = {
                counted: self._in_step(counted, changed, kept) for counted, kept in before._standing.items()
            }

    def matching(self, query: Query, rights: Rights) -> tuple[Sets, Meeting | None]:
        """The keys that match by closeness, and how they meet the period (None where none is asked for)."""
        return self._found(asked(query), rights)  # hits, their facets and their timeline ask for the same articles

    def number(self, query: Query, rights: Rights) -> int:
        """How many articles match; that alone is remembered, since other searches are counted by the dozen."""
        return self._numbers(asked(query), rights)

    def _number(self, query: Query, rights: Rights) -> int:
        return len(self._matching(query, rights)[0][Closeness.FOLDED])

    def places(self, query: Query, rights: Rights) -> int | None:
        """The number of places in the articles that match, see `place_count`."""
        return self._places(asked(query), rights)

    def _count_places(self, query: Query, rights: Rights) -> int | None:
        found = self.matching(query, rights)[0][Closeness.FOLDED]
        everywhere = self._by_words(query.tree, query.search.as_written)[Closeness.FOLDED]
        if len(found) == len(everywhere) and (texts := place_count.alternatives(query)):
            times = [self._times(text, query.search.as_written) for text in texts]
            return sum(filter(None, times)) if None not in times else None
        return place_count.places(query, found, self._literal, self._facts)

    def _count_everywhere(self, text: str, written: bool) -> int | None:
        return place_count.everywhere(text, written, self._literal, self._facts)

    def _matching(self, query: Query, rights: Rights) -> tuple[Sets, Meeting | None]:
        visible = self.visible(query, rights)
        dated = None
        if query.period is not None:
            dated = self._dated(_of_time(query))
            visible &= dated.keys
        sets = self._by_words(query.tree, query.search.as_written)
        if len(visible) < len(self._facts):
            written, folded = sets
            seen = folded & visible
            sets = (seen if written is folded else written & visible), seen
        return sets, dated

    def _having(self, tree: Node, written: bool) -> Sets:
        return matching_sets(tree, self._literal, self._facts, written=written)

    def visible(self, query: Query, rights: Rights) -> frozenset[int]:
        """The keys that rights, filters and conditions let through, whatever the words and the period."""
        search = query.search
        # Only what `allowed` looks at, so that different questions share one answer.
        found = self._by_choice(Search(**{name: getattr(search, name) for name in FACETS}), rights)
        if search.undated is not None:
            found &= self._undated(search.undated, search.vague, search.open)
        for _, condition in query.conditions:
            found &= self._by_condition(condition)
        return found

    def first_standing(self, query: Query, rights: Rights, texts: Sequence[str], most: int) -> list[tuple[str, int]]:
        """See `Engine.first_standing`."""
        found, written = self.matching(query, rights)[0][Closeness.FOLDED], query.search.as_written
        small = self._short(found, _READ_AT_ONCE)
        here = self._pairs(asked(query), rights) if small or len(texts) > _FEW_TEXTS else None
        standing: list[tuple[str, int]] = []
        for text in texts[: _LOOKED_UP if here is None else None]:
            wanted = needle(text, written)
            if wanted and (here is None or here.issuperset(pairwise(wanted))):
                count = len(found & self._literal.standing(wanted, written=written))
                standing += [(text, count)] if count else []
            if len(standing) >= most:
                break
        return standing

    def _pairs_of(self, query: Query, rights: Rights) -> set[tuple[str, str]] | None:
        """The pairs of neighbouring characters that stand in what matches; None where that would take long."""
        found = self.matching(query, rights)[0][Closeness.FOLDED]
        if not self._short(found, _READ_THROUGH):
            return None
        pairs: set[tuple[str, str]] = set()
        for _, text in self._literal.matching_texts(found, written=query.search.as_written):
            pairs.update(pairwise(text))
        return pairs

    def _short(self, found: Keys, most: int) -> bool:
        """Whether these articles have so many characters at most; of all others few are looked at."""
        lengths = accumulate(self._facts[key].characters for key in found)
        return all(length <= most for length in lengths)

    def standing(self, counted: Counted) -> Sequence[Keys]:
        """The keys of all articles where each of the trees matches, whatever the rights."""
        if counted not in self._standing:
            while len(self._standing) >= _KINDS:
                del self._standing[next(iter(self._standing))]
            self._standing[counted] = [
                set(matching_sets(tree, self._literal, self._facts, written=False)[Closeness.FOLDED])
                for tree in counted.trees
            ]
        return self._standing[counted]

    def _in_step(self, counted: Counted, changed: set[int], before: list[set[int]]) -> list[set[int]]:
        """The same after some articles were put, by looking at these alone."""
        texts = list(self._literal.matching_texts(changed, written=False))
        return [
            (kept - changed) | {key for key, text in texts if _stands(tree, text)}
            for tree, kept in zip(counted.trees, before, strict=True)
        ]

    def _chosen(self, filters: Search, rights: Rights) -> frozenset[int]:
        facts = self._facts
        covered = {kind for kind, one in self._kinds.items() if rights.cover(one)}
        seen: Iterable[int] = facts
        if len(covered) < len(self._kinds):
            seen = compress(facts, map(covered.__contains__, map(_OF_RIGHTS, facts.values())))
        return frozenset(all_let_through(seen, facts, filters))

    @cached_property
    def _kinds(self) -> Mapping[object, Facts]:
        """One article for each combination of all that rights look at."""
        return dict(zip(map(_OF_RIGHTS, self._facts.values()), self._facts.values(), strict=True))

    def _meeting(self, condition: Condition) -> frozenset[int]:
        if isinstance(condition, Among):
            return frozenset(key for key, known in self._facts.items() if known.id in condition.articles)
        if isinstance(condition, Either):
            return frozenset().union(*map(self._by_condition, condition.conditions))
        sets, _ = self.matching(condition, _ALL_RIGHTS)
        return frozenset(sets[Closeness.FOLDED])

    def _without_dates(self, where: PeriodIn, vague: bool, open_ended: bool) -> frozenset[int]:
        looked_at = Search(period_in=where, vague=vague, open=open_ended)
        return frozenset(self._facts.keys() - self._literal.having_dates(looked_at))


def _stands(tree: Or, text: str) -> bool:
    """Whether one of the phrases and exceptions stands in an article's folded matching text."""
    for leaf in tree.children:
        if isinstance(leaf, Phrase) and needle(leaf.text, False) in text:
            return True
        if isinstance(leaf, Except) and (pattern := whole_text.excepting(leaf, False)) and pattern.search(text):
            return True
    return False


def _of_time(query: Query) -> Query:
    """What is asked of dates alone, so that other words and filters share the answer."""
    search = query.search
    return Query(
        tree=EVERYTHING,
        search=Search(period_in=search.period_in, within=search.within, vague=search.vague, open=search.open),
        period=query.period,
    )


def asked(query: Query) -> Query:
    """The query without what makes no difference to which articles match."""
    return replace(query, search=query.search.but(text="", period="", sort=Sort.RELEVANCE))

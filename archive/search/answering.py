"""From a query to what a person is shown: literal hits, and apart from them looser readings and other searches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

from archive.catalogue.authority import Authority
from archive.model.access import Rights
from archive.model.records import Article, Genre
from archive.model.search import LooserReading, Nearest, Results, Suggestion
from archive.search import hits, readings
from archive.search.heading import heading
from archive.search.index.engine import Engine, Matches
from archive.search.matching import Prepared, places
from archive.search.offers import Offers
from archive.search.own_corrections import confused
from archive.search.query import EVERYTHING, Node, Query
from archive.search.result_list import ListedHit, ResultList, brief
from archive.store import Store
from archive.support.at_hand import AtHand
from archive.text.segmentation import Segmenter
from archive.text.spans import Span

_EVERY = 1 << 31  # hits: all there are
_PORTION = 500  # articles whose texts are held at once
_KEPT = 3_000_000  # characters of passages in answers that are kept, some 10 MB
_OF_AN_ANSWER = 20_000  # as which all else in one counts: facets, words, places
_BESIDE = 5  # hits of a looser reading that are shown beside the literal ones


@dataclass(frozen=True)
class Answering:
    """Answers to somebody with these rights. `authority` has the names that are never taken apart."""

    store: Store
    engine: Engine
    segmenter: Segmenter
    authority: Authority
    rights: Rights

    def results(self, query: Query, limit: int, offset: int, *, all_places: bool = False) -> Results:
        """What `Session.search` gives, kept for who comes back to it as long as neither store nor index changes."""
        state = self.engine.state_at_once()
        answers: AtHand[Results] = self.store.at_hand("answers", _KEPT)
        asked = state, query, self.rights, limit, offset, all_places
        if state and (held := answers.of(asked)) is not None:
            return held
        made = self._results(query, limit, offset, all_places=all_places)
        if state:
            hits = (*made.hits, *(made.nearest.hits if made.nearest else ()))
            answers.keep(asked, made, _OF_AN_ANSWER + sum(len(one.text) for hit in hits for one in hit.passages))
        return made

    def _results(self, query: Query, limit: int, offset: int, *, all_places: bool) -> Results:
        matches = self.engine.search(query, self.rights, limit=limit, offset=offset)
        places = matches.places
        if places is None and all_places:
            places = sum(tally.places for tally in self.engine.tallies(query, self.rights).values())
        return Results(
            total=matches.total,
            places=places,
            hits=hits.of(self.store, matches.found, query),
            understood=hits.understood(query),
            facets=hits.facets(self.store, matches),
            unindexed=self.store.pending_count(self.rights),
            nearest=None if query.search.as_written else self._nearest(query, matches.total, limit, offset),
            scope=query.search.scope,
            offers=tuple(self._offers.of(query, matches.total)) if limit else (),
            pages=self._pages(query, matches),
        )

    def listed(self, query: Query) -> ResultList:
        """What `Session.result_list` gives."""
        found = self.engine.search(query, self.rights, limit=_EVERY).found
        collections = {one.id: one for one in self.store.collections(None)}
        listed: list[ListedHit] = []
        for at in range(0, len(found), _PORTION):
            part = hits.with_articles(self.store, found[at : at + _PORTION], query)
            listed += (brief(hit, article, collections) for hit, article in part)
        return ResultList(heading(query, self.rights, self.store, self.engine), tuple(listed))

    def suggestions(self, typed: str, within: Query, most: int) -> tuple[Suggestion, ...]:
        """What `Session.suggest` gives; `within` is the query that finds all that may be offered."""
        return tuple(self._offers.suggestions(typed, within, most))

    def places(self, article: Article, tree: Node, *, written: bool) -> dict[int, tuple[Span, ...]]:
        """Where the query stands in an article, or else the words of the loosest reading, by which it was found."""
        prepared = Prepared(article)
        found = places(tree, prepared, written=written)
        if not found and not written:
            for _, looser in self._instead(tree):
                found = places(looser, prepared)
        return found

    def _nearest(self, query: Query, found: int, limit: int, offset: int) -> Nearest | None:
        """The looser reading beside a literal one that found so many articles, or instead of one that found none."""
        if not found:
            tried = (self._read_as(query, reading, tree, limit, offset) for reading, tree in self._instead(query.tree))
            return next((nearest for nearest in tried if nearest), None)
        names = self.authority.by_form
        if not (offered := readings.beside(query.tree, self.segmenter.words, names)):
            return None
        nearest = self._read_as(query, *offered, min(limit, _BESIDE), 0)
        text = readings.beside_text(query.search.text, query.tree, self.segmenter.words, names)
        return nearest and replace(nearest, search=query.search.but(text=text))

    def _pages(self, query: Query, matches: Matches) -> int:
        """How many pages that are no articles match beside what was found; none where a genre was chosen."""
        if query.search.genre or query.tree == EVERYTHING:
            return 0
        matter = self.engine.count(replace(query, search=query.search.but(genre=(Genre.MATTER,))), self.rights)
        return matter - dict(matches.facets["genre"]).get(Genre.MATTER.value, 0)

    def _instead(self, tree: Node) -> Iterator[tuple[LooserReading, Node]]:
        return readings.instead(tree, self.segmenter.words, self.authority.by_form)

    def _read_as(self, query: Query, reading: LooserReading, tree: Node, limit: int, offset: int) -> Nearest | None:
        looser = replace(query, tree=tree)
        matches = self.engine.search(looser, self.rights, limit=limit, offset=offset)
        found = hits.of(self.store, matches.found, looser)
        return Nearest(reading, hits.understood(looser), matches.total, found) if matches.total else None

    @cached_property
    def _offers(self) -> Offers:
        return Offers(self.engine, self.rights, self.authority, partial(confused, self.store, self.rights))

"""One question to an OpenSearch cluster: its tiers in order, what ranks within them, and what is counted beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from archive.model.access import Rights
from archive.model.search import Sort
from archive.search.index.engine import Found
from archive.search.index.opensearch_query import (
    FACET_FIELDS,
    Json,
    Looking,
    Translator,
    dates,
    every,
    leaves_in_order,
    neither,
)
from archive.search.matching import Closeness
from archive.search.query import Query, literals, stretches
from archive.text.folding import fold
from archive.text.segmentation import Segmenter

WRITTEN, FOLDED = Closeness.WRITTEN, Closeness.FOLDED
_VALUES = 1000  # of a facet that are counted in the same request
_TITLE = 3.0  # weight of a word in the title
_MOST_WORDS = 40  # of a question that rank
_EXACT = "exact"
IN_SOURCE: Sequence[Json] = ({"collection": "asc"}, {"counted": "desc"}, {"order": "asc"}, {"id": "asc"})
"""As articles stand in their sources, see `facts.source_order`."""

Tier = tuple[Json, bool]
"""A query of articles that come together, and whether they match as written."""


class Asked:
    """One question: its parts as OpenSearch takes them."""

    def __init__(self, query: Query, rights: Rights, look: Looking, segmenter: Segmenter) -> None:
        self.query = query
        self._rights = rights
        self._translator = Translator(look)
        self._segmenter = segmenter
        self.whole = self._translator.found(query, rights)
        self.tiers = list(self._tiers())

    def whole_without(self, facet: str) -> Json:
        """The articles that match whatever is chosen of a facet."""
        return self._translator.found(self.query.without(facet), self._rights)

    def head(self) -> Json:
        """The number, and all facets."""
        return {
            "size": 0,
            "track_total_hits": True,
            "query": self.whole,
            "aggs": {name: _facet(name) for name in FACET_FIELDS},
        }

    def _tiers(self) -> Iterator[Tier]:
        """In order; together they have every article that matches, each once."""
        query, translator = self.query, self._translator
        as_written = query.search.as_written
        exact = translator.tree(query.tree, WRITTEN, as_written)
        if query.search.sort is not Sort.RELEVANCE:
            yield self.whole, as_written
            return
        closeness = [(exact, True)] if as_written else [(exact, True), (neither(exact), False)]
        matter: Json = {"term": {"matter": True}}
        parts: list[Json | None] = [None]
        if query.period is not None and literals(query.tree):
            together = translator.together(query)
            parts = [together, neither(together)]
        for of_matter in (neither(matter), matter):
            for part in parts:
                for closer, written in closeness:
                    yield every([self.whole, of_matter, closer, *([part] if part else [])]), written

    def scored(self, tier: Tier) -> Json:
        """With what ranks the articles of the tier; where tiers do not part them by closeness, hits tell theirs."""
        if self.query.search.sort is not Sort.RELEVANCE:
            exact = self._translator.tree(self.query.tree, WRITTEN, self.query.search.as_written)
            return {"bool": {"filter": [tier[0]], "should": [{"bool": {"filter": [exact], "_name": _EXACT}}]}}
        asked = stretches(self.query.tree) or leaves_in_order(self.query)
        words = list(dict.fromkeys(word for text in asked for word in self._segmenter.index_words(fold(text).text)))
        should: list[Json] = []
        for word in words[:: max(1, -(-len(words) // _MOST_WORDS))]:
            should += [{"term": {"title": {"value": word, "boost": _TITLE}}}, {"term": {"body": {"value": word}}}]
        return {"bool": {"filter": [tier[0]], "should": should}}

    def order(self) -> list[Json]:
        """What articles of one tier are sorted by."""
        sort = self.query.search.sort
        if sort is Sort.SOURCE:
            return list(IN_SOURCE)
        if sort is not Sort.RELEVANCE:
            direction = "asc" if sort is Sort.DATE_UP else "desc"
            return [{"first": {"order": direction, "missing": "_last"}}, *IN_SOURCE]
        by: list[Json] = [{"_score": "desc"}, *IN_SOURCE]
        if self.query.period is not None:
            nested = {"path": "d", "filter": dates(self.query)}
            by.insert(0, {"d.class": {"order": "asc", "mode": "min", "nested": nested}})
        return by

    def page(self, tier: Tier, size: int) -> Json:
        """The first hits of a tier, and how many it has."""
        return {
            "size": size,
            "query": self.scored(tier),
            "sort": self.order(),
            "track_scores": True,
            "track_total_hits": True,
            "_source": False,
        }

    def found(self, tier: Tier, hits: Iterable[Any]) -> Iterator[Found]:
        """The hits of a tier."""
        for hit in hits:
            exact = tier[1] or _EXACT in hit.get("matched_queries", ())
            yield Found(hit["_id"], WRITTEN if exact else FOLDED, hit["_score"] or 0.0)


def _facet(name: str) -> Json:
    return {"terms": {"field": FACET_FIELDS[name], "size": _VALUES}}


def facet_body(whole: Json, name: str) -> Json:
    """Counts the articles of a query by one facet."""
    return {"size": 0, "query": whole, "aggs": {name: _facet(name)}}

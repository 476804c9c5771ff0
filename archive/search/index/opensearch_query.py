"""The query tree and its filters as OpenSearch's queries.

What no phrase can say (exceptions, sentences and sections, many stars in one term) is looked at in the texts of the
store, among the articles that have all its characters; where those are too many, the question is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import product
from math import prod
from typing import Any

from archive.model.access import Rights
from archive.model.errors import QueryError
from archive.model.search import Search
from archive.search.index import periods
from archive.search.index.opensearch_documents import BLOCK_DATES, HOLE, days
from archive.search.matching import Closeness, needle
from archive.search.query import (
    Among,
    And,
    Condition,
    Either,
    Except,
    Field,
    FieldName,
    Literal,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Term,
    Wildcard,
    Words,
    literals,
    texts,
)

Json = dict[str, Any]
Looking = Callable[[Json, Node, bool], Collection[str]]
"""Of the articles that a query finds those where a leaf stands, by looking at their texts: (query, leaf, written)."""

WRITTEN, FOLDED = Closeness.WRITTEN, Closeness.FOLDED
_WAYS = 130  # in which a leaf may stand that are asked for as phrases of their own
LOOKED_AT = 2000  # articles whose texts one leaf may take to be looked at
_ALL_RIGHTS = Rights.everything()


def too_many(leaf: Node) -> QueryError:
    """What to say where a leaf would take too many texts."""
    return QueryError(
        f"这个条件要逐篇细看，符合的文章超过 {LOOKED_AT:,} 篇，太多了",
        query=" ".join(text for one in literals(leaf) for text in texts(one)),
        position=0,
        hint="加上别的词、时期或文集缩小范围，或者少用几个 *",
    )


def every(queries: Iterable[Json]) -> Json:
    """All of them."""
    return {"bool": {"filter": list(queries)}}


def either(queries: Iterable[Json], least: int = 1) -> Json:
    """At least so many of them."""
    return {"bool": {"should": list(queries), "minimum_should_match": least}}


def neither(query: Json) -> Json:
    """What it does not find."""
    return {"bool": {"must_not": [query]}}


class Translator:
    """Makes the queries of one question."""

    def __init__(self, look: Looking) -> None:
        self._look = look
        self._looked: dict[tuple[Node, Closeness], Json] = {}

    # -- the whole question
    def found(self, query: Query, rights: Rights) -> Json:
        """The articles that match."""
        written = query.search.as_written
        parts = [*self.filters(query, rights), self.tree(query.tree, WRITTEN if written else FOLDED, written)]
        return every(parts)

    def filters(self, query: Query, rights: Rights) -> list[Json]:
        """What rights, facets, conditions and the period let through, whatever the words."""
        found = [covered(rights), *chosen(query.search)]
        if query.search.undated is not None:
            looked_at = periods.origins(query.search.but(period_in=query.search.undated))
            found.append(neither(_dated({"terms": {"d.origin": looked_at}})))
        if query.period is not None:
            found.append(_dated(dates(query)))
        found += [self._condition(condition) for _, condition in query.conditions]
        return found

    def _condition(self, condition: Condition) -> Json:
        if isinstance(condition, Among):
            return {"ids": {"values": sorted(condition.articles)}}
        if isinstance(condition, Either):
            return either(map(self._condition, condition.conditions))
        return self.found(condition, _ALL_RIGHTS)

    def together(self, query: Query) -> Json:
        """A word asked for and a date of the period in one block."""
        assert query.period is not None
        level = WRITTEN if query.search.as_written else FOLDED
        looked_at = periods.origins(query.search)
        when = [_range(f"b.{BLOCK_DATES[origin]}", query) for origin in periods.IN_TEXT if origin in looked_at]
        what = [self._in_block(_plain(leaf), level) for leaf in literals(query.tree)]
        if not when or not what:
            return {"match_none": {}}
        return _block(every([either(what), either(when)]))

    # -- the tree
    def tree(self, node: Node, level: Closeness, as_written: bool) -> Json:
        """The articles that match as closely as `level`, or more."""
        match node:
            case And(children):
                return (
                    every(self.tree(child, level, as_written) for child in children) if children else {"match_all": {}}
                )
            case Or(children):
                return either(self.tree(child, level, as_written) for child in children)
            case Not(child):
                return neither(self.tree(child, WRITTEN if as_written else FOLDED, as_written))
            case Words(words, least):
                if level is WRITTEN:
                    return {"match_none": {}}
                return either((self._leaf(Phrase(word), FOLDED) for word in words), least)
        if as_written:
            return self._leaf(node, WRITTEN)
        folded = self._leaf(node, FOLDED)
        return every([folded, self._leaf(node, WRITTEN)]) if level is WRITTEN else folded

    def _leaf(self, leaf: Literal | Near | Field, level: Closeness) -> Json:
        if isinstance(leaf, Field):
            return _field(leaf, level)
        if _sayable(leaf, level):
            return _block(self._in_block(leaf, level))
        if (leaf, level) not in self._looked:
            having = every(_block(_phrase(text, level)) for one in literals(leaf) for text in texts(one))
            self._looked[leaf, level] = {"ids": {"values": sorted(self._look(having, leaf, level is WRITTEN))}}
        return self._looked[leaf, level]

    def _in_block(self, leaf: Literal | Near, level: Closeness) -> Json:
        match leaf:
            case Near(left, right, reach) if isinstance(reach, int):
                one, other = (
                    needle(side.text, level is WRITTEN)
                    for side in (left, right)
                    if not isinstance(side, Except | Wildcard)
                )
                return either(_run(text, level) for text in _side_by_side(one, other, reach))
            case Wildcard():
                return either(_run(text, level) for text in _gaps_filled(leaf, level))
            case Term(text) | Phrase(text):
                return _phrase(text, level)
        raise AssertionError(leaf)


def _plain(leaf: Literal) -> Literal:
    """The leaf, or what of it a phrase can say: only the order of hits depends on it."""
    if isinstance(leaf, Except):
        return _plain(leaf.leaf)
    if isinstance(leaf, Wildcard) and not _sayable(leaf, FOLDED):
        return Phrase(max(leaf.parts, key=len))
    return leaf


def _sayable(leaf: Literal | Near, level: Closeness) -> bool:
    """Whether the leaf is one of few enough phrases."""
    match leaf:
        case Term() | Phrase():
            return True
        case Wildcard(_, gaps):
            return prod(most - least + 1 for least, most in gaps) <= _WAYS
        case Near(Term() | Phrase() as left, Term() | Phrase() as right, int() as reach):
            one, other = (needle(side.text, level is WRITTEN) for side in (left, right))
            return len(one) + len(other) + 2 * reach < _WAYS
        case _:
            return False


def _gaps_filled(leaf: Wildcard, level: Closeness) -> Iterable[str]:
    first, *rest = (needle(part, level is WRITTEN) for part in leaf.parts)
    for lengths in product(*(range(least, most + 1) for least, most in leaf.gaps)):
        yield first + "".join(HOLE * length + part for length, part in zip(lengths, rest, strict=True))


def _side_by_side(one: str, other: str, reach: int) -> Iterable[str]:
    """Both texts in every way in which they stand within reach, overlapping ones included, but not as one place."""
    for at in range(-len(other) - reach, len(one) + reach + 1):
        if at == 0 and one == other:
            continue
        characters = dict(enumerate(one))
        if all(characters.setdefault(at + place, char) == char for place, char in enumerate(other)):
            first, last = min(characters), max(characters)
            yield "".join(characters.get(place, HOLE) for place in range(first, last + 1))


def _phrase(text: str, level: Closeness) -> Json:
    return _run(needle(text, level is WRITTEN), level)


def _run(text: str, level: Closeness, path: str = "b") -> Json:
    field = f"{path}.{'written' if level is WRITTEN else 'folded'}"
    if len(text) == 1:
        return {"term": {field: text}}  # much cheaper than a phrase
    return {"match_phrase": {field: {"query": text}}}


def _block(query: Json) -> Json:
    return {"nested": {"path": "b", "score_mode": "none", "query": query}}


def _field(leaf: Field, level: Closeness) -> Json:
    wanted = needle(leaf.text, level is WRITTEN)
    if leaf.name in (FieldName.TITLE, FieldName.BODY):
        in_title: Json = {"term": {"b.title": leaf.name == FieldName.TITLE}}
        return _block(every([_run(wanted, level), in_title]))
    value = every([{"term": {"v.name": str(leaf.name)}}, _run(wanted, level, "v")])
    return {"nested": {"path": "v", "score_mode": "none", "query": value}}


# -- filters
def covered(rights: Rights) -> Json:
    """The articles that rights cover."""
    ways = []
    for grant in rights.grants:
        allowed: list[Json] = [
            {"terms": {"access": sorted(one.value for one in grant.access)}},
            {"terms": {"status": sorted(one.value for one in grant.statuses)}},
        ]
        if grant.collection:
            allowed.append({"term": {"collection": grant.collection}})
        way = every(allowed)
        if grant.closed:
            way["bool"]["must_not"] = [{"terms": {"collection": sorted(grant.closed)}}]
        ways.append(way)
    return either(ways) if ways else {"match_none": {}}


def chosen(search: Search) -> list[Json]:
    """What `facts.let_through` says."""
    found: list[Json] = []
    for name, field in FACET_FIELDS.items():
        if values := getattr(search, name):
            found.append({"terms": {field: [getattr(value, "value", value) for value in values]}})
    if not search.genre:
        found.append({"term": {"page": False}})
    return found


FACET_FIELDS = {
    "collection": "collection",
    "volume": "volume",
    "section": "section",
    "author": "authors",
    "decade": "decade",
    "genre": "genre",
}
"""Where the values of each facet are."""


def dates(query: Query) -> Json:
    """The nested dates that a query looks at and that meet its period."""
    found: list[Json] = [{"terms": {"d.origin": periods.origins(query.search)}}]
    if query.period is not None:
        found.append(_range("d.days", query))
    return every(found)


def _range(field: str, query: Query) -> Json:
    assert query.period is not None
    relation = "within" if query.search.within else "intersects"
    return {"range": {field: {**days(*periods.ends(query.period)), "relation": relation}}}


def _dated(query: Json) -> Json:
    return {"nested": {"path": "d", "score_mode": "none", "query": query}}


def leaves_in_order(query: Query) -> Sequence[str]:
    """The texts that hits are ranked by."""
    return [text for leaf in literals(query.tree) for text in texts(leaf)]

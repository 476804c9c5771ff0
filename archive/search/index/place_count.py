"""Where a query stands, over all articles found: what `matching.places` would mark in each, counted or told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter, methodcaller

from archive.search.index import whole_text
from archive.search.index.engine import Standing
from archive.search.index.facts import Facts
from archive.search.index.literal import SECTION, SEPARATOR, LiteralIndex
from archive.search.index.sets import Keys
from archive.search.matching import Closeness, found_in, gapped, in_section, needle
from archive.search.query import (
    And,
    Except,
    Field,
    FieldName,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Reach,
    Term,
    Wildcard,
    Words,
)
from archive.text.folding import Folded
from archive.text.spans import Span, joined

_PLAIN, _PATTERN, _BLOCKWISE = 1, 3, 15  # what counting takes by the way it is done, a character
_AT_ONCE = 12_000_000  # what it may take beside a page of hits, some .1 s

Leaf = Term | Phrase | Wildcard | Except | Near | Field


def places(query: Query, keys: Keys, literal: LiteralIndex, facts: Mapping[int, Facts]) -> int | None:
    """The number of places in these articles; None where it would take long."""
    _, effort = _way(query)
    if effort * _characters(keys, facts) > _AT_ONCE:
        return None
    return sum(count for _, count in by_article(query, keys, literal))


def alternatives(query: Query) -> list[str]:
    """The texts, as matching text, each of whose places counts by itself, where the query asks for any of them and for
    nothing else; else none.
    """
    leaves = query.tree.children if isinstance(query.tree, Or) else (query.tree,)
    plain = [needle(leaf.text, query.search.as_written) for leaf in leaves if isinstance(leaf, Term | Phrase)]
    return [] if len(plain) < len(leaves) or _touching(plain) else plain


def everywhere(text: str, written: bool, literal: LiteralIndex, facts: Mapping[int, Facts]) -> int | None:
    """The number of places of a matching text in all articles; None where counting would take long."""
    if (times := literal.standing_times(text, written=written)) is not None:
        return times
    keys = literal.standing(text, written=written)
    if _characters(keys, facts) > _AT_ONCE:
        return None
    return sum([held.count(text) for _, held in literal.matching_texts(keys, written=written)])


def _characters(keys: Keys, facts: Mapping[int, Facts]) -> int:
    return sum(map(attrgetter("characters"), map(facts.__getitem__, keys)))


def by_article(query: Query, keys: Keys, literal: LiteralIndex) -> Iterator[tuple[int, int]]:
    """(key, number of places) of each of these articles, however long it takes."""
    count, effort = _way(query)
    if effort:
        texts = literal.matching_texts(keys, written=query.search.as_written)
        yield from ((key, count(text)) for key, text in texts)


def _way(query: Query) -> tuple[Callable[[str], int], int]:
    """How to count the places in one matching text, and what that takes a character; 0 where there is nothing to count.

    Texts that share no character are counted each for itself, one wildcard or exception by its pattern; else places of
    different leaves may be one place, and every block is looked at.
    """
    written = query.search.as_written
    leaves = list(dict.fromkeys(_leaves(query.tree)))
    plain = [needle(leaf.text, written) for leaf in leaves if isinstance(leaf, Term | Phrase)]
    if len(plain) == len(leaves) == 1:
        (only,) = plain
        return methodcaller("count", only), _PLAIN
    if len(plain) == len(leaves):  # none of either where articles are found by their dates or filters alone
        if not _touching(plain):
            return (lambda text: sum(map(text.count, plain))), _PLAIN * len(plain)
        return (lambda text: len(_merged(text, plain))), _PATTERN * len(plain)
    if len(leaves) == 1 and (in_whole := _in_whole(leaves[0], written)):
        return (lambda text: sum(1 for _ in in_whole(text))), _PATTERN
    return (lambda text: sum(1 for _ in _in_text(text, leaves, written))), _BLOCKWISE


def standing(query: Query, keys: Sequence[int], literal: LiteralIndex, facts: Mapping[int, Facts]) -> list[Standing]:
    """Where the query stands in each of these articles, in their order."""
    spans_in = finder(query)
    stored = dict(literal.matching_texts(keys, written=True))
    texts = stored if query.search.as_written else dict(literal.matching_texts(keys, written=False))
    return [Standing(facts[key], texts[key], tuple(spans_in(texts[key])), stored[key]) for key in keys]


def finder(query: Query) -> Callable[[str], Iterator[Span]]:
    """What finds the places in one matching text, in order: the places that `by_article` counts."""
    written = query.search.as_written
    leaves = list(dict.fromkeys(_leaves(query.tree)))
    if not leaves:
        return lambda text: iter(())
    plain = [needle(leaf.text, written) for leaf in leaves if isinstance(leaf, Term | Phrase)]
    if plain and len(plain) == len(leaves):
        if not _touching(plain):
            return _matches(re.compile("|".join(map(re.escape, plain))))
        return lambda text: iter(_merged(text, plain))
    if len(leaves) == 1 and (in_whole := _in_whole(leaves[0], written)):
        return in_whole
    return lambda text: _in_text(text, leaves, written)


def _in_whole(leaf: Leaf, written: bool) -> Callable[[str], Iterator[Span]] | None:
    """What finds the places of the leaf one after the other in a whole matching text; None where blocks matter."""
    match leaf:
        case Wildcard():
            return gapped(leaf, written).places
        case Except():
            pattern = whole_text.excepting(leaf, written)
            return None if pattern is None else _matches(pattern)
        case _:
            return None


def _matches(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    return lambda text: (place.span() for place in pattern.finditer(text))


def _merged(text: str, wanted: Sequence[str]) -> tuple[Span, ...]:
    """The places of these texts in a whole matching text, those that share a character as one. None of them can stand
    across blocks, so these need not be parted.
    """
    found: list[Span] = []
    for each in wanted:
        at = text.find(each)
        while at >= 0:
            found.append((at, at + len(each)))
            at = text.find(each, at + len(each))
    return joined(found)


def _leaves(tree: Node) -> Iterator[Leaf]:
    match tree:
        case And(children) | Or(children):
            for child in children:
                yield from _leaves(child)
        case Words(words):
            yield from map(Phrase, words)
        case Not():
            return
        case _:
            yield tree


def _touching(texts: list[str]) -> bool:
    """Whether places of two of the texts could share a character, and so be one place."""
    pairs = ((one, other) for at, one in enumerate(texts) for other in texts[at + 1 :])
    return any(not set(one).isdisjoint(other) for one, other in pairs)


def _in_text(text: str, leaves: list[Leaf], written: bool) -> Iterator[Span]:
    """The places in one article's matching text, in order; those that share a character are one."""
    closeness = Closeness.WRITTEN if written else Closeness.FOLDED
    index = begin = 0
    for part in text.split(SECTION):
        blocks = [(number, Folded(block)) for number, block in enumerate(part.split(SEPARATOR), index)]
        found: dict[int, list[Span]] = {number: [] for number, _ in blocks}
        for leaf in leaves:
            if isinstance(leaf, Near) and leaf.reach is Reach.SECTION:
                for number, span in in_section(leaf, blocks, closeness):
                    found[number].append(span)
                continue
            for number, block in blocks:
                if sought := _in_block(leaf, number):
                    found[number] += found_in(sought, block, closeness)
        for number, block in blocks:
            yield from ((begin + start, begin + end) for start, end in joined(found[number]))
            begin += len(block.text) + 1
        index += len(blocks)


def _in_block(leaf: Leaf, block: int) -> Term | Phrase | Wildcard | Except | Near | None:
    """What to look for in a block of this index, 0 being the title; None for a field that is not part of it."""
    if not isinstance(leaf, Field):
        return leaf
    wanted = FieldName.TITLE if block == 0 else FieldName.BODY
    return Phrase(leaf.text) if leaf.name == wanted else None

"""In how many places a query stands, over all articles found: what `matching.places` would mark in each, counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archive.search.index.facts import Facts
from archive.search.index.literal import SECTION, SEPARATOR, LiteralIndex
from archive.search.index.sets import Keys
from archive.search.matching import Closeness, found_in, in_section, needle
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

_MOST = 200  # articles that are looked at one by one
_MOST_CHARACTERS = 3_000_000  # of texts in which places are counted, some 20 ms

Leaf = Term | Phrase | Wildcard | Except | Near | Field


def places(query: Query, keys: Keys, literal: LiteralIndex, facts: Mapping[int, Facts]) -> int | None:
    """The number of places in these articles; None where it would take long."""
    tree, written = query.tree, query.search.as_written
    leaves = list(dict.fromkeys(_leaves(tree)))
    plain = [needle(leaf.text, written) for leaf in leaves if isinstance(leaf, Term | Phrase)]
    if not leaves:
        return 0
    if len(plain) == len(leaves) and not _touching(plain):
        if len(plain) * sum(facts[key].characters for key in keys) > _MOST_CHARACTERS:
            return None
        return sum(literal.occurrences(text, keys, written=written) for text in plain)
    if len(keys) > _MOST:
        return None
    closeness = Closeness.WRITTEN if written else Closeness.FOLDED
    return sum(_in_text(text, leaves, closeness) for _, text in literal.matching_texts(keys, written=written))


def by_article(query: Query, keys: Keys, literal: LiteralIndex) -> Iterator[tuple[int, int]]:
    """(key, number of places) of each of these articles, however long it takes: about 10 ms a million characters."""
    tree, written = query.tree, query.search.as_written
    leaves = list(dict.fromkeys(_leaves(tree)))
    plain = [needle(leaf.text, written) for leaf in leaves if isinstance(leaf, Term | Phrase)]
    apart = len(plain) == len(leaves) and not _touching(plain)
    closeness = Closeness.WRITTEN if written else Closeness.FOLDED
    for key, text in literal.matching_texts(keys, written=written) if leaves else ():
        yield key, sum(map(text.count, plain)) if apart else _in_text(text, leaves, closeness)


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


def _in_text(text: str, leaves: list[Leaf], closeness: Closeness) -> int:
    """The places in one article's matching text, those that share a character counted once."""
    count = at = 0
    for part in text.split(SECTION):
        blocks = [(index, Folded(block)) for index, block in enumerate(part.split(SEPARATOR), at)]
        at += len(blocks)
        found: dict[int, list[Span]] = {index: [] for index, _ in blocks}
        for leaf in leaves:
            if isinstance(leaf, Near) and leaf.reach is Reach.SECTION:
                for index, span in in_section(leaf, blocks, closeness):
                    found[index].append(span)
                continue
            for index, block in blocks:
                if sought := _in_block(leaf, index):
                    found[index] += found_in(sought, block, closeness)
        count += sum(len(list(joined(spans))) for spans in found.values())
    return count


def _in_block(leaf: Leaf, block: int) -> Term | Phrase | Wildcard | Except | Near | None:
    """What to look for in a block of this index, 0 being the title; None for a field that is not part of it."""
    if not isinstance(leaf, Field):
        return leaf
    wanted = FieldName.TITLE if block == 0 else FieldName.BODY
    return Phrase(leaf.text) if leaf.name == wanted else None

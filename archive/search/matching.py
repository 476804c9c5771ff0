"""Where a query stands in an article: the one definition of matching, on stored text.

`evaluate` decides by looking, leaf by leaf, and is the oracle's whole knowledge; `places` finds what to highlight. A
fast engine must agree with both.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

from archive.catalogue import fields
from archive.model.records import Article
from archive.search.query import And, Field, FieldName, Literal, Near, Node, Not, Or, Phrase, Term, Wildcard, literals
from archive.text.folding import Folded, as_written, fold

Span = tuple[int, int]

_STANDARD = frozenset(one.name for one in fields.STANDARD)
_DESCRIPTIVE = tuple(one.name for one in fields.STANDARD if one.name not in ("题名", "作者", "辑名辑次"))


class Closeness(enum.IntEnum):
    """How closely an article matches; hits are ordered by it first."""

    WRITTEN = 0  # stands exactly as typed
    FOLDED = 1  # stands in another form: traditional, full-width, spaced
    WORDS = 2  # only the words of an unquoted term stand, apart
    NONE = 3


class Prepared:
    """An article ready for matching: folded once for all leaves of a query, and only as far as it is asked for."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._units = tuple(article.units())

    def units(self, closeness: Closeness) -> tuple[tuple[int, Folded], ...]:
        """The (block index, matching text) pairs for one degree of closeness."""
        return self._written if closeness is Closeness.WRITTEN else self._folded

    @cached_property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """What `named_values` says of the article."""
        return tuple(named_values(self._article))

    @cached_property
    def _written(self) -> tuple[tuple[int, Folded], ...]:
        return tuple((index, as_written(text)) for index, text in self._units)

    @cached_property
    def _folded(self) -> tuple[tuple[int, Folded], ...]:
        return tuple((index, fold(text)) for index, text in self._units)


def named_values(article: Article) -> Iterator[tuple[str, str]]:
    """The (name, value) pairs of the fields that can be asked for by name, those apart that are text of the article.

    作者 is everybody who had a hand in it; the standard descriptive fields follow, then those of its collection.
    """
    for person in article.people:
        yield FieldName.AUTHOR, person.name
    if article.volume:
        yield FieldName.VOLUME, article.volume
    for name in _DESCRIPTIVE:
        for value in fields.values(article, name):
            yield name, value
    yield from (pair for pair in article.fields if pair[0] not in _STANDARD)


# -- one leaf in one block
def spans(leaf: Literal, text: Folded, closeness: Closeness) -> Iterator[Span]:
    """Where the leaf stands literally in one block, as offsets in matching text, left to right, not overlapping.

    A term's words are not looked for here.
    """
    written = closeness is Closeness.WRITTEN
    if isinstance(leaf, Wildcard):
        pattern = _wildcard_pattern(leaf, written)
        yield from (found.span() for found in pattern.finditer(text.text))
        return
    yield from _find_all(_needle(leaf.text, written), text.text)


def _find_all(needle: str, text: str) -> Iterator[Span]:
    """All places of `needle`, left to right, not overlapping, as an editor's find would step through them."""
    start = text.find(needle)
    while start >= 0:
        end = start + len(needle)
        yield start, end
        start = text.find(needle, end)


@lru_cache(256)
def _needle(text: str, written: bool) -> str:
    return text if written else fold(text).text


@lru_cache(256)
def _wildcard_pattern(leaf: Wildcard, written: bool) -> re.Pattern[str]:
    """A regular expression for literal parts with gaps of (least, most) characters between them, as short as may be."""
    first, *rest = (re.escape(_needle(part, written)) for part in leaf.parts)
    gaps = (f".{{{least},{most}}}?" for least, most in leaf.gaps)
    return re.compile(first + "".join(gap + part for gap, part in zip(gaps, rest, strict=True)), re.DOTALL)


def near_pairs(left: Sequence[Span], right: Sequence[Span], distance: int) -> Iterator[tuple[Span, Span]]:
    """The pairs of different places with at most `distance` characters between them, in either order."""
    for one in left:
        for other in right:
            between = max(other[0] - one[1], one[0] - other[1])
            if one != other and between <= distance:
                yield one, other


# -- a whole article
def evaluate(tree: Node, article: Prepared, *, written: bool = False) -> Closeness:
    """How closely the article matches the tree; `written` allows WRITTEN and NONE only."""
    match tree:
        case And(children):
            return max((evaluate(child, article, written=written) for child in children), default=Closeness.WRITTEN)
        case Or(children):
            return min(evaluate(child, article, written=written) for child in children)
        case Not(child):
            absent = evaluate(child, article, written=written) is Closeness.NONE
            return Closeness.WRITTEN if absent else Closeness.NONE
    stands_written = _stands(tree, article, Closeness.WRITTEN)
    if written:
        return Closeness.WRITTEN if stands_written else Closeness.NONE
    if _stands(tree, article, Closeness.FOLDED):  # decides; a lone space may stand as written and yet not match
        return Closeness.WRITTEN if stands_written else Closeness.FOLDED
    if isinstance(tree, Term) and tree.words:
        words = (Phrase(word) for word in tree.words)
        if all(_stands(word, article, Closeness.FOLDED) for word in words):
            return Closeness.WORDS
    return Closeness.NONE


def _stands(leaf: Literal | Near | Field, article: Prepared, closeness: Closeness) -> bool:
    if isinstance(leaf, Field):
        return any(True for _ in field_places(leaf, article, closeness)) or _named(leaf, article, closeness)
    return any(found_in(leaf, text, closeness) for _, text in article.units(closeness))


def found_in(leaf: Literal | Near, text: Folded, closeness: Closeness) -> list[Span]:
    """The places of a leaf in one block; of NEAR, those that have a partner."""
    if isinstance(leaf, Term | Phrase) and _needle(leaf.text, closeness is Closeness.WRITTEN) not in text.text:
        return []  # most blocks, so said quickly
    if not isinstance(leaf, Near):
        return list(spans(leaf, text, closeness))
    left = list(spans(leaf.left, text, closeness))
    right = list(spans(leaf.right, text, closeness)) if left else []
    return [span for pair in near_pairs(left, right, leaf.distance) for span in pair]


def _named(leaf: Field, article: Prepared, closeness: Closeness) -> bool:
    return any(name == leaf.name and contains(value, leaf.text, closeness) for name, value in article.fields)


def contains(value: str, text: str, closeness: Closeness) -> bool:
    """Whether a field's value contains the text."""
    written = closeness is Closeness.WRITTEN
    return _needle(text, written) in _needle(value, written)


def field_places(leaf: Field, article: Prepared, closeness: Closeness) -> Iterator[tuple[int, Span]]:
    """The places of a 标题: or 正文: condition as (block, span in matching text)."""
    if leaf.name not in (FieldName.TITLE, FieldName.BODY):
        return
    for index, text in article.units(closeness):
        if (index == 0) == (leaf.name == FieldName.TITLE):
            yield from ((index, span) for span in spans(Phrase(leaf.text), text, closeness))


def meets(tree: Node, block: Folded, closeness: Closeness) -> bool:
    """Whether a positive leaf, or a word of an unquoted term, stands in this block."""
    written = closeness is Closeness.WRITTEN
    for leaf in literals(tree):
        words = () if written or not isinstance(leaf, Term) else leaf.words
        if found_in(leaf, block, closeness) or any(_needle(word, written) in block.text for word in words):
            return True
    return False


# -- what to highlight
def places(tree: Node, article: Prepared, *, written: bool = False) -> dict[int, tuple[Span, ...]]:
    """What to highlight: by block index, spans in stored text, ascending, overlapping ones joined.

    Every place of every positive leaf; of a term that stands nowhere literally, the places of its words.
    """
    found: dict[int, list[Span]] = {}
    closeness = Closeness.WRITTEN if written else Closeness.FOLDED
    units = dict(article.units(closeness))
    for index, span in _tree_places(tree, article, closeness):
        found.setdefault(index, []).append(units[index].span(*span))
    return {index: tuple(joined(found[index])) for index in sorted(found)}


def _tree_places(tree: Node, article: Prepared, closeness: Closeness) -> Iterator[tuple[int, Span]]:
    match tree:
        case And(children) | Or(children):
            for child in children:
                yield from _tree_places(child, article, closeness)
        case Not():
            return
        case Field():
            yield from field_places(tree, article, closeness)
        case Term() | Phrase() | Wildcard() | Near():
            yield from _leaf_places(tree, article, closeness)


def _leaf_places(leaf: Literal | Near, article: Prepared, closeness: Closeness) -> Iterator[tuple[int, Span]]:
    literal = [(index, span) for index, text in article.units(closeness) for span in found_in(leaf, text, closeness)]
    yield from literal
    if not literal and isinstance(leaf, Term) and closeness is not Closeness.WRITTEN:
        for word in leaf.words:
            yield from _leaf_places(Phrase(word), article, closeness)


def joined(found: Iterable[Span]) -> Iterator[Span]:
    """The spans in order, those that share a character made one."""
    current: Span | None = None
    for start, end in sorted(found):
        if current is not None and start < current[1]:
            current = (current[0], max(current[1], end))
            continue
        if current is not None:
            yield current
        current = (start, end)
    if current is not None:
        yield current

"""Where a query stands in an article: the one definition of matching, on stored text.

`evaluate` decides by looking, leaf by leaf, and is the oracle's whole knowledge; `places` finds what to highlight. A
fast engine must agree with both.
"""

from __future__ import annotations

import enum
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from archive.catalogue import fields
from archive.model.records import Article, Kind
from archive.search.gaps import Gapped
from archive.search.query import (
    And,
    Except,
    Field,
    FieldName,
    Literal,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Reach,
    Term,
    Wildcard,
    Words,
    literals,
    texts,
)
from archive.text.folding import Folded, as_written, fold, fold_query, unfolded
from archive.text.spans import Span, joined

_STANDARD = frozenset(one.name for one in fields.STANDARD)
_DESCRIPTIVE = tuple(one.name for one in fields.STANDARD if one.name not in ("题名", "作者", "辑名辑次"))


class Closeness(enum.IntEnum):
    """How closely an article matches; hits are ordered by it first."""

    WRITTEN = 0  # stands exactly as typed
    FOLDED = 1  # stands in another form: traditional, full-width, spaced
    NONE = 2


class Prepared:
    """An article ready for matching: folded once for all leaves of a query, and only as far as it is asked for."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._units = dict(article.units())
        self._folded: dict[int, Folded] = {}

    def unit(self, index: int, closeness: Closeness) -> Folded:
        """The matching text of the block of this index."""
        if closeness is Closeness.WRITTEN:
            return as_written(self._units[index])
        if index not in self._folded:
            self._folded[index] = fold(self._units[index])
        return self._folded[index]

    def units(self, closeness: Closeness) -> tuple[tuple[int, Folded], ...]:
        """The (block index, matching text) pairs for one degree of closeness."""
        return tuple((index, self.unit(index, closeness)) for index in self._units)

    def holding(self, needles: Sequence[str], closeness: Closeness) -> Iterator[tuple[int, Folded]]:
        """Of `units` those with every character of these matching texts: most blocks need not be folded to be ruled
        out.
        """
        written = closeness is Closeness.WRITTEN
        forms = [(char,) if written else unfolded(char) for char in dict.fromkeys("".join(needles))]
        single = [each[0] for each in forms if len(each) == 1]
        several = [each for each in forms if len(each) > 1]
        for index, text in self._units.items():
            for form in single:  # plain loops: a generator for each character of each block takes twice as long
                if form not in text:
                    break
            else:
                if all(any(form in text for form in each) for each in several):
                    yield index, self.unit(index, closeness)

    def sections(self, closeness: Closeness) -> Iterator[tuple[tuple[int, Folded], ...]]:
        """The same pairs by section: what stands before the first heading, then each heading with what follows it."""
        section: list[tuple[int, Folded]] = []
        for index, text in self.units(closeness):
            if starts_section(self._article, index):
                yield tuple(section)
                section = []
            section.append((index, text))
        yield tuple(section)

    @cached_property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """What `named_values` says of the article."""
        return tuple(named_values(self._article))


def starts_section(article: Article, index: int) -> bool:
    """Whether a section begins with this block."""
    return article.blocks[index].kind is Kind.HEADING


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
    """Where the leaf stands in one block, as offsets in matching text, left to right, not overlapping.

    So does an editor's find step from one place to the next.
    """
    if isinstance(leaf, Except):
        free = 0
        for start, end in every_span(leaf, text, closeness):
            if start >= free:
                yield start, end
                free = end
    elif isinstance(leaf, Wildcard):
        yield from gapped(leaf, closeness is Closeness.WRITTEN).places(text.text)
    else:
        yield from _find_all(needle(leaf.text, closeness is Closeness.WRITTEN), text.text, overlapping=False)


def every_span(leaf: Literal, text: Folded, closeness: Closeness) -> Iterator[Span]:
    """The same with the places that overlap: of 哈哈 in 哈哈哈 both."""
    written = closeness is Closeness.WRITTEN
    match leaf:
        case Except(inner, wholes):
            taken = sorted(span for whole in wholes for span in every_span(whole, text, closeness))
            longest = max((last - first for first, last in taken), default=0)
            yield from (span for span in every_span(inner, text, closeness) if not _lies_in(span, taken, longest))
        case Wildcard():
            yield from gapped(leaf, written).every_place(text.text)
        case Term(wanted) | Phrase(wanted):
            yield from _find_all(needle(wanted, written), text.text, overlapping=True)


def _find_all(wanted: str, text: str, *, overlapping: bool) -> Iterator[Span]:
    step = 1 if overlapping else len(wanted)
    start = text.find(wanted)
    while start >= 0:
        yield start, start + len(wanted)
        start = text.find(wanted, start + step)


def _lies_in(span: Span, wholes: Sequence[Span], longest: int) -> bool:
    """Whether the span is part of a longer one of `wholes`, which are sorted; the longest of them has so many
    characters.
    """
    start, end = span
    near_by = wholes[bisect_left(wholes, (end - longest, 0)) : bisect_right(wholes, (start, _FAR))]
    return any(end <= last and (first, last) != span for first, last in near_by)


_FAR = 1 << 40  # beyond every offset


@lru_cache(256)
def needle(text: str, written: bool) -> str:
    """The matching text of a query's text."""
    return text if written else fold_query(text)


@lru_cache(256)
def gapped(leaf: Wildcard, written: bool) -> Gapped:
    """What finds the leaf in matching text; no place of it crosses `APART`, which stands between blocks."""
    return Gapped([needle(part, written) for part in leaf.parts], leaf.gaps, APART)


APART = "\x1d\x1e"
"""Characters that stand in no text and no query; indexes part sections and blocks by them."""


def near(left: Sequence[Span], right: Sequence[Span], reach: int | Reach, text: str) -> list[Span]:
    """The places of both sides, each ascending, that have another place of the other side within reach in `text`."""
    stops = [found.start() for found in _SENTENCE_END.finditer(text)] if reach is Reach.SENTENCE else []
    return sorted({*_partnered(left, right, reach, stops), *_partnered(right, left, reach, stops)})


ENDS = "。！？；!?;…\n"
"""Characters that end a sentence."""

_SENTENCE_END = re.compile(f"[{ENDS}]")


def _partnered(
    some: Sequence[Span], others: Sequence[Span], reach: int | Reach, stops: Sequence[int]
) -> Iterator[Span]:
    starts = [start for start, _ in others]
    longest = max((end - start for start, end in others), default=0)
    for one in some:
        low, high = _window(one, reach, stops)
        for at in range(bisect_left(starts, low - longest), bisect_right(starts, high)):
            if others[at] != one and others[at][1] >= low:
                yield one
                break


def _window(span: Span, reach: int | Reach, stops: Sequence[int]) -> Span:
    """Where a partner of the span must end at the earliest and start at the latest. `stops` end sentences."""
    start, end = span
    if isinstance(reach, Reach):
        before, after = bisect_left(stops, start), bisect_left(stops, end)
        return (stops[before - 1] + 1 if before else 0), (stops[after] if after < len(stops) else _FAR)
    return start - reach, end + reach


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
    if isinstance(tree, Words):
        standing = sum(_stands(Phrase(word), article, Closeness.FOLDED) for word in tree.words)
        return Closeness.FOLDED if standing >= tree.least else Closeness.NONE
    stands_written = _stands(tree, article, Closeness.WRITTEN)
    if written:
        return Closeness.WRITTEN if stands_written else Closeness.NONE
    if _stands(tree, article, Closeness.FOLDED):  # decides; a lone space may stand as written and yet not match
        return Closeness.WRITTEN if stands_written else Closeness.FOLDED
    return Closeness.NONE


def _stands(leaf: Literal | Near | Field, article: Prepared, closeness: Closeness) -> bool:
    if isinstance(leaf, Field):
        return any(True for _ in field_places(leaf, article, closeness)) or _named(leaf, article, closeness)
    return any(True for _ in _leaf_places(leaf, article, closeness))


def found_in(leaf: Literal | Near, text: Folded, closeness: Closeness) -> list[Span]:
    """The places of a leaf in one block; of NEAR within a block, those that have a partner."""
    written = closeness is Closeness.WRITTEN
    if isinstance(leaf, Term | Phrase) and needle(leaf.text, written) not in text.text:
        return []  # most blocks, so said quickly
    if not isinstance(leaf, Near):
        return list(spans(leaf, text, closeness))
    for side in (leaf.left, leaf.right):
        if any(needle(part, written) not in text.text for part in texts(side)):
            return []
    left = list(every_span(leaf.left, text, closeness))
    right = list(every_span(leaf.right, text, closeness)) if left else []
    return near(left, right, leaf.reach, text.text)


def in_section(leaf: Near, section: Sequence[tuple[int, Folded]], closeness: Closeness) -> Iterator[tuple[int, Span]]:
    """The places of both sides as (block, span), if at least two different ones stand in this section."""
    left, right = (
        {(index, span) for index, text in section for span in every_span(side, text, closeness)}
        for side in (leaf.left, leaf.right)
    )
    if left and right and len(left | right) > 1:
        yield from sorted(left | right)


def _named(leaf: Field, article: Prepared, closeness: Closeness) -> bool:
    return any(name == leaf.name and contains(value, leaf.text, closeness) for name, value in article.fields)


def contains(value: str, text: str, closeness: Closeness) -> bool:
    """Whether a field's value contains the text."""
    written = closeness is Closeness.WRITTEN
    return needle(text, written) in (value if written else fold(value).text)


def field_places(leaf: Field, article: Prepared, closeness: Closeness) -> Iterator[tuple[int, Span]]:
    """The places of a 标题: or 正文: condition as (block, span in matching text)."""
    if leaf.name not in (FieldName.TITLE, FieldName.BODY):
        return
    for index, text in article.holding([needle(leaf.text, closeness is Closeness.WRITTEN)], closeness):
        if (index == 0) == (leaf.name == FieldName.TITLE):
            yield from ((index, span) for span in spans(Phrase(leaf.text), text, closeness))


def meets(tree: Node, block: Folded, closeness: Closeness) -> bool:
    """Whether a positive leaf stands in this block."""
    return any(found_in(leaf, block, closeness) for leaf in literals(tree))


# -- what to highlight
def places(tree: Node, article: Prepared, *, written: bool = False) -> dict[int, tuple[Span, ...]]:
    """What to highlight: by block index, spans in stored text, ascending, overlapping ones joined.

    Every place of every positive leaf, and of the words of a looser reading.
    """
    found: dict[int, list[Span]] = {}
    closeness = Closeness.WRITTEN if written else Closeness.FOLDED
    for index, span in _tree_places(tree, article, closeness):
        found.setdefault(index, []).append(article.unit(index, closeness).span(*span))
    return {index: joined(found[index]) for index in sorted(found)}


def _tree_places(tree: Node, article: Prepared, closeness: Closeness) -> Iterator[tuple[int, Span]]:
    match tree:
        case And(children) | Or(children):
            for child in children:
                yield from _tree_places(child, article, closeness)
        case Not():
            return
        case Field():
            yield from field_places(tree, article, closeness)
        case Words(words):
            yield from _word_places([needle(word, False) for word in words], article)
        case Term() | Phrase() | Wildcard() | Except() | Near():
            yield from _leaf_places(tree, article, closeness)


def _word_places(needles: Sequence[str], article: Prepared) -> Iterator[tuple[int, Span]]:
    """Where any of these matching texts stands; of those that begin at one place the longest."""
    beginning: dict[str, list[str]] = {}
    for wanted in sorted(filter(None, needles), key=len, reverse=True):
        beginning.setdefault(wanted[0], []).append(wanted)
    first = re.compile("|".join(map(re.escape, beginning)))
    for index, text in article.units(Closeness.FOLDED) if beginning else ():
        for found in first.finditer(text.text):
            at = found.start()
            wanted = next((one for one in beginning[found.group()] if text.text.startswith(one, at)), "")
            if wanted:
                yield index, (at, at + len(wanted))


def _leaf_places(leaf: Literal | Near, article: Prepared, closeness: Closeness) -> Iterator[tuple[int, Span]]:
    if isinstance(leaf, Near) and leaf.reach is Reach.SECTION:
        for section in article.sections(closeness):
            yield from in_section(leaf, section, closeness)
        return
    sides = (leaf.left, leaf.right) if isinstance(leaf, Near) else (leaf,)
    needles = [needle(text, closeness is Closeness.WRITTEN) for side in sides for text in texts(side)]
    for index, text in article.holding(needles, closeness):
        yield from ((index, span) for span in found_in(leaf, text, closeness))

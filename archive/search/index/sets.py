"""The query tree as set algebra over what the literal index says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from functools import reduce
from itertools import chain
from operator import and_, or_
from typing import cast

from archive.search.index import whole_text
from archive.search.index.facts import Facts
from archive.search.index.literal import SECTION, SEPARATOR, LiteralIndex
from archive.search.matching import Closeness, every_span, found_in, gapped, in_section, needle
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
    texts,
)
from archive.text.folding import Folded

_FEW = 300  # articles whose texts are read rather than a text be looked up in all

Keys = Set[int]
Sets = tuple[Keys, Keys]
"""The articles that match as WRITTEN, and those that match at all; the second contains the first."""


def matching_sets(tree: Node, index: LiteralIndex, facts: Mapping[int, Facts], *, written: bool) -> Sets:
    """The articles that match, by closeness; both sets are alike when searching as written."""
    return _Algebra(index, facts, written).of(tree)


class _Algebra:
    def __init__(self, index: LiteralIndex, facts: Mapping[int, Facts], written: bool) -> None:
        self._index = index
        self._facts = facts
        self._written = written

    def of(self, tree: Node) -> Sets:
        match tree:
            case And(children):
                return self._all(children)
            case Or(children):
                return _each(lambda *keys: reduce(or_, keys), [self.of(child) for child in children])
            case Not(child):
                absent = self._facts.keys() - self.of(child)[Closeness.FOLDED]
                return absent, absent
            case Words(words, least):
                return frozenset(), self._at_least(least, [self._literal(word, Closeness.FOLDED) for word in words])
        if self._written:
            exact = self._standing(tree, Closeness.WRITTEN)
            return exact, exact
        folded = self._standing(tree, Closeness.FOLDED)
        if not self._varies(tree):
            return folded, folded
        # A lone space may stand there as written and yet not match.
        return folded & self._standing(tree, Closeness.WRITTEN, folded), folded

    def _all(self, children: Sequence[Node]) -> Sets:
        """Where all of them match; once nothing is left the others are not looked up."""
        exact = folded = every = cast(Keys, self._facts.keys())
        for child in sorted(children, key=_length, reverse=True):
            few = folded is not every and len(folded) <= _FEW
            here, there = self._among(child, folded) if few else self.of(child)
            exact, folded = exact & here, folded & there
            if not folded:
                break
        return exact, folded

    def _among(self, child: Node, keys: Keys) -> Sets:
        """Of a child at least what it has among these few articles: a text is looked for in theirs, which is quicker
        than to ask for all the places of a frequent one.
        """
        if not isinstance(child, Term | Phrase) or self._written or self._varies(child):
            return self.of(child)
        wanted = needle(child.text, False)
        here = {key for key, text in self._index.matching_texts(keys, written=False) if wanted in text}
        return here, here

    def _at_least(self, least: int, standing: list[Keys]) -> Keys:
        """The keys that are in so many of the sets."""
        if least == len(standing):
            return reduce(and_, standing)
        if least == 1:
            return reduce(or_, standing)
        counts = Counter(chain.from_iterable(standing))
        return {key for key, count in counts.items() if count >= least}

    def _varies(self, leaf: Node) -> bool:
        """Whether some article may have the leaf in another form than typed."""
        if not isinstance(leaf, Term | Phrase):
            return True
        folded = needle(leaf.text, False)
        return folded != leaf.text or self._index.varies(folded)

    def _standing(self, leaf: Literal | Near | Field, closeness: Closeness, among: Keys | None = None) -> Keys:
        """Where the leaf stands; of articles that have to be looked at, only those `among` which it matters."""
        match leaf:
            case Term(text) | Phrase(text):
                return self._literal(text, closeness)
            case Wildcard():
                return self._with_gaps(leaf, closeness, among)
            case Except():
                return self._excepting(leaf, closeness, among)
            case Near():
                return self._near(leaf, closeness, among)
            case Field(FieldName.TITLE, text):
                return self._in_title(text, closeness)
            case Field(FieldName.BODY, text):
                return self._in_body(text, closeness)
            case Field(name, text):
                written = closeness is Closeness.WRITTEN
                return self._index.described(name, needle(text, written), written=written)

    def _literal(self, text: str, closeness: Closeness) -> Keys:
        written = closeness is Closeness.WRITTEN
        return self._index.standing(needle(text, written), written=written)

    def _with_gaps(self, leaf: Wildcard, closeness: Closeness, among: Keys | None) -> Keys:
        """What stands close together is looked at, unless the parts stand side by side and so match anyway."""
        written = closeness is Closeness.WRITTEN
        parts = [needle(part, written) for part in leaf.parts]
        distance = sum(most for _, most in leaf.gaps) + sum(map(len, parts[1:-1]))
        certain: Keys = frozenset()
        if not any(least for least, _ in leaf.gaps):
            certain = self._index.standing("".join(parts), written=written)
        candidates = _only(self._index.close_together(parts, distance, written=written), among) - certain
        finder = gapped(leaf, written)
        looked_at = self._index.matching_texts(candidates, written=written)
        return certain | {key for key, text in looked_at if finder.stands_in(text)}

    def _near(self, leaf: Near, closeness: Closeness, among: Keys | None) -> Keys:
        written = closeness is Closeness.WRITTEN
        sides = (leaf.left, leaf.right)
        if isinstance(leaf.reach, int) and all(isinstance(side, Term | Phrase) for side in sides):
            wanted = [needle(text, written) for side in sides for text in texts(side)]
            candidates: Keys = self._index.close_together(wanted, leaf.reach, written=written)
        else:
            candidates = reduce(and_, (self._literal(text, closeness) for side in sides for text in texts(side)))
        candidates = _only(candidates, among)
        looked_at = self._index.matching_texts(candidates, written=written)
        if stands := whole_text.near(leaf, written):
            return {key for key, text in looked_at if stands(text)}
        if leaf.reach is not Reach.SECTION:
            return self._verified(candidates, closeness, lambda block: bool(found_in(leaf, block, closeness)))
        return {key for key, text in looked_at if any(_within(leaf, part, closeness) for part in text.split(SECTION))}

    def _excepting(self, leaf: Except, closeness: Closeness, among: Keys | None) -> Keys:
        """Where none of the wholes can stand, every place counts; the rest is looked at."""
        written = closeness is Closeness.WRITTEN
        candidates = _only(reduce(and_, (self._literal(text, closeness) for text in texts(leaf))), among)
        wholes = [reduce(and_, (self._literal(text, closeness) for text in texts(whole))) for whole in leaf.wholes]
        doubtful = candidates & reduce(or_, wholes)
        if pattern := whole_text.excepting(leaf, written):
            looked_at = self._index.matching_texts(doubtful, written=written)
            return (candidates - doubtful) | {key for key, text in looked_at if pattern.search(text)}
        found = self._verified(doubtful, closeness, lambda block: any(every_span(leaf, block, closeness)))
        if isinstance(leaf.leaf, Wildcard):
            return found | self._verified(
                candidates - doubtful, closeness, lambda block: any(every_span(leaf, block, closeness))
            )
        return (candidates - doubtful) | found

    def _verified(self, keys: Keys, closeness: Closeness, holds: Callable[[Folded], bool]) -> Keys:
        """Those of the articles where the condition holds in some block, by looking at their matching text."""
        found = self._index.blocks(keys, written=closeness is Closeness.WRITTEN)
        return {key for key, blocks in found if any(holds(Folded(text)) for text in blocks)}

    def _in_title(self, text: str, closeness: Closeness) -> Keys:
        wanted = needle(text, closeness is Closeness.WRITTEN)
        titles = self._index.title_texts(written=closeness is Closeness.WRITTEN)
        return {key for key in self._literal(text, closeness) if wanted in titles[key]}

    def _in_body(self, text: str, closeness: Closeness) -> Keys:
        """Where it does not stand in the title it stands in the body; else that is looked at."""
        written = closeness is Closeness.WRITTEN
        wanted, titles = needle(text, written), self._index.title_texts(written=written)
        doubtful = self._in_title(text, closeness)
        looked_at = self._index.matching_texts(doubtful, written=written)
        return (self._literal(text, closeness) - doubtful) | {
            key for key, whole in looked_at if whole.find(wanted, len(titles[key])) >= 0
        }


def _length(child: Node) -> int:
    """Of what stands in few articles more or less the most: it is looked up first."""
    return len(child.text) if isinstance(child, Term | Phrase) else 0


def _only(keys: Keys, among: Keys | None) -> Keys:
    return keys if among is None else keys & among


def _within(leaf: Near, section: str, closeness: Closeness) -> bool:
    """Whether both sides stand in one section of an article's matching text."""
    return any(in_section(leaf, [(at, Folded(each)) for at, each in enumerate(section.split(SEPARATOR))], closeness))


def _each(operation: Callable[..., Keys], children: list[Sets]) -> Sets:
    exact, folded = (operation(*(child[closeness] for child in children)) for closeness in range(2))
    return exact, folded

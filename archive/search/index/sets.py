"""The query tree as set algebra over what the literal index says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from functools import reduce
from operator import and_, or_

from archive.search.index.facts import Facts
from archive.search.index.literal import LiteralIndex
from archive.search.matching import Closeness, found_in, spans
from archive.search.query import And, Field, FieldName, Near, Node, Not, Or, Phrase, Term, Wildcard, texts
from archive.text.folding import Folded, fold

Keys = Set[int]
Sets = tuple[Keys, Keys, Keys]
"""The articles that match at least as closely as WRITTEN, FOLDED and WORDS; each contains the one before."""


def matching_sets(tree: Node, index: LiteralIndex, facts: Mapping[int, Facts], *, written: bool) -> Sets:
    """The articles that match, by closeness; all three sets are alike when searching as written."""
    return _Algebra(index, facts, written).of(tree)


class _Algebra:
    def __init__(self, index: LiteralIndex, facts: Mapping[int, Facts], written: bool) -> None:
        self._index = index
        self._facts = facts
        self._written = written

    def of(self, tree: Node) -> Sets:
        match tree:
            case And(children):
                everything: Keys = self._facts.keys()
                return _each(lambda *keys: reduce(and_, keys, everything), [self.of(child) for child in children])
            case Or(children):
                return _each(lambda *keys: reduce(or_, keys), [self.of(child) for child in children])
            case Not(child):
                absent = self._facts.keys() - self.of(child)[Closeness.WORDS]
                return absent, absent, absent
        if self._written:
            exact = self._standing(tree, Closeness.WRITTEN)
            return exact, exact, exact
        folded = self._standing(tree, Closeness.FOLDED)
        exact = folded
        if self._varies(tree):
            exact = folded & self._standing(tree, Closeness.WRITTEN)  # a lone space may stand there and yet not match
        if isinstance(tree, Term) and tree.words:
            words = (self._standing(Phrase(word), Closeness.FOLDED) for word in tree.words)
            return exact, folded, folded | reduce(and_, words)
        return exact, folded, folded

    def _varies(self, leaf: Node) -> bool:
        """Whether some article may have the leaf in another form than typed."""
        if not isinstance(leaf, Term | Phrase):
            return True
        folded = fold(leaf.text).text
        return folded != leaf.text or self._index.varies(folded)

    def _standing(self, leaf: Term | Phrase | Wildcard | Near | Field, closeness: Closeness) -> Keys:
        match leaf:
            case Term(text) | Phrase(text):
                return self._literal(text, closeness)
            case Wildcard(parts):
                return self._with_all(parts, leaf, closeness)
            case Near(left, right):
                return self._with_all((*texts(left), *texts(right)), leaf, closeness)
            case Field(FieldName.TITLE | FieldName.BODY as name, text):
                phrase, in_title = Phrase(text), name == FieldName.TITLE
                return self._verified(
                    self._literal(text, closeness),
                    closeness,
                    lambda block, index: (index == 0) == in_title and any(spans(phrase, block, closeness)),
                )
            case Field(name, text):
                written = closeness is Closeness.WRITTEN
                return self._index.described(name, text if written else fold(text).text, written=written)

    def _literal(self, text: str, closeness: Closeness) -> Keys:
        written = closeness is Closeness.WRITTEN
        return self._index.standing(text if written else fold(text).text, written=written)

    def _with_all(self, parts: tuple[str, ...], leaf: Wildcard | Near, closeness: Closeness) -> Keys:
        candidates = reduce(and_, (self._literal(part, closeness) for part in parts))
        return self._verified(candidates, closeness, lambda block, _: bool(found_in(leaf, block, closeness)))

    def _verified(self, keys: Keys, closeness: Closeness, holds: Callable[[Folded, int], bool]) -> Keys:
        """Those of the articles where the condition holds in some block, by looking at their matching text."""
        found = self._index.blocks(keys, written=closeness is Closeness.WRITTEN)
        return {key for key, blocks in found if any(holds(Folded(text), index) for index, text in enumerate(blocks))}


def _each(operation: Callable[..., Keys], children: list[Sets]) -> Sets:
    exact, folded, words = (operation(*(child[closeness] for child in children)) for closeness in range(3))
    return exact, folded, words

"""What engines are asked: the query tree and the filters that go with it. No engine's syntax appears here or above.

The language people type is read by `archive/search/parser.py`; what they ask for is `archive.model.search.Search`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from archive.model.records import Period
from archive.model.search import Search


@dataclass(frozen=True, slots=True)
class Term:
    """An unquoted word: stands literally, as a phrase does. Only looser readings (`readings.py`) take it apart."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Quoted text: stands literally."""

    text: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`parts` in this order in one block; `gaps[i]` is the (least, most) number of characters after `parts[i]`."""

    parts: tuple[str, ...]
    gaps: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Except:
    """`leaf` wherever it is not part of one of `wholes`: 舍利, but not the one in 舍利弗."""

    leaf: Term | Phrase | Wildcard
    wholes: tuple[Term | Phrase | Wildcard, ...]


Literal = Term | Phrase | Wildcard | Except


class Reach(enum.StrEnum):
    """How far apart two places may be that need no counting: a section reaches from one heading to the next."""

    SENTENCE = "句"
    PARAGRAPH = "段"
    SECTION = "节"


@dataclass(frozen=True, slots=True)
class Near:
    """Both, in either order: in one block with at most `reach` characters between them, or in one sentence or section.

    Their places may overlap but are not one and the same.
    """

    left: Literal
    right: Literal
    reach: int | Reach


@dataclass(frozen=True, slots=True)
class Words:
    """Articles where at least `least` of `words` stand, wherever each does: what a looser reading asks.

    `stretches` is the text the words were cut from, what carries no meaning left out; hits are ranked by it.
    """

    words: tuple[str, ...]
    least: int
    stretches: tuple[str, ...] = ()


class FieldName(enum.StrEnum):
    """Parts of every article that can be named in a query. AUTHOR is anybody named as having had a hand in it."""

    TITLE = "标题"
    AUTHOR = "作者"
    SECTION = "栏目"
    VOLUME = "辑"
    BODY = "正文"


@dataclass(frozen=True, slots=True)
class Field:
    """`text` stands literally (folded, unless as written) in the named field.

    `name` is a FieldName, or the name of a descriptive field (archive/catalogue/fields.py), standard or a
    collection's own.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not match `child`. Only inside an And that also has something positive, or alone."""

    child: Node


@dataclass(frozen=True, slots=True)
class And:
    """Articles that match every child; no children match everything."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that match at least one child."""

    children: tuple[Node, ...]


Node = Literal | Near | Words | Field | Not | And | Or


EVERYTHING = And(())
"""What an empty query means."""


def literals(tree: Node) -> tuple[Literal, ...]:
    """The positive leaves, in order: what ranking weighs and highlighting shows."""
    match tree:
        case Term() | Phrase() | Wildcard() | Except():
            return (tree,)
        case Near(left, right):
            return left, right
        case Words(words):
            return tuple(map(Phrase, words))
        case And(children) | Or(children):
            return tuple(leaf for child in children for leaf in literals(child))
        case Not() | Field():
            return ()


def texts(leaf: Literal) -> tuple[str, ...]:
    """The literal texts of a leaf."""
    match leaf:
        case Wildcard(parts):
            return parts
        case Except(inner):
            return texts(inner)
        case Term(text) | Phrase(text):
            return (text,)


def stretches(tree: Node) -> tuple[str, ...]:
    """The texts by which a looser reading is ranked; none in what was asked literally."""
    match tree:
        case Words():
            return tree.stretches
        case And(children) | Or(children):
            return tuple(text for child in children for text in stretches(child))
        case _:
            return ()


_PLAIN = Search()


@dataclass(frozen=True, slots=True)
class Among:
    """The articles with these ids."""

    articles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Either:
    """The articles that meet one of these conditions."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search as it was understood: `tree` is its text, `period` its period, `search` all the rest.

    `conditions` are what an article must meet besides, by the field of `Search` they come from (scope, person, place):
    it is among some, another query finds it, or either. They decide what is found, are not ranked by and not marked.
    """

    tree: Node
    search: Search = _PLAIN
    period: Period | None = None
    conditions: tuple[tuple[str, Condition], ...] = ()

    def meets(self, period: Period) -> bool:
        """Whether a date meets the period asked for; every date does when none was."""
        if self.period is None:
            return True
        return period.within(self.period) if self.search.within else period.overlaps(self.period)

    def without(self, facet: str) -> Query:
        """The same query with nothing chosen of a facet."""
        kept = tuple(one for one in self.conditions if one[0] != facet)
        return replace(self, search=self.search.but(**{facet: ()}), conditions=kept)


Condition = Among | Query | Either


@dataclass(frozen=True, eq=False)
class Counted:
    """Trees whose articles are counted together, each an Or of phrases and exceptions; compared by identity, so that
    what was worked out for them is found again at once.
    """

    trees: tuple[Or, ...]

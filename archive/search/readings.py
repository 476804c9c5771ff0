"""Looser readings of what was asked, offered beside the literal one and counted apart from it.

The number shown is always that of the literal reading. Where it finds something, the articles that hold all the words
elsewhere are offered too; where it finds nothing, the closest reading that does find something takes its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from archive.model.search import LooserReading
from archive.search.content_words import Cut, is_question, stretches, words
from archive.search.query import And, Field, Node, Not, Or, Term, Words, literals, texts

_MOST_WORDS = 24

READINGS = {
    LooserReading.ALL_WORDS: "拆开来（词都有，不相连）",
    LooserReading.MOST_WORDS: "大半词语都有",
    LooserReading.RANKED: "按词语排出",
}
"""How people are told which reading it is."""


def beside(tree: Node, cut: Cut, names: Collection[str] = ()) -> tuple[LooserReading, Node] | None:
    """The reading to offer when the literal one finds something: all words, wherever they stand, without what is found.

    None when there is nothing to take apart.
    """
    loose = _apart(tree, cut, names)
    return None if loose == tree else (LooserReading.ALL_WORDS, And((loose, Not(tree))))


def beside_text(text: str, tree: Node, cut: Cut, names: Collection[str] = ()) -> str:
    """The query whose literal reading is what `beside` offers for this one: 沙坡头 治沙 -(沙坡头治沙)."""
    loose = text
    for leaf in dict.fromkeys(literals(tree)):
        taken = _apart(leaf, cut, names)
        if isinstance(leaf, Term) and isinstance(taken, Words):
            loose = loose.replace(leaf.text, f"({' '.join(map(quoted, taken.words))})", 1)
    return f"{loose} -({text})"


_SPECIAL = frozenset(' 　"“”「」()（）:：?*-－')


def quoted(text: str) -> str:
    """A text as a term that is read as nothing else."""
    return f'"{text}"' if _SPECIAL & set(text) or text in ("OR", "EXCEPT", "NEAR") else text


def instead(tree: Node, cut: Cut, names: Collection[str] = ()) -> Iterator[tuple[LooserReading, Node]]:
    """The readings to try one after the other when the literal one finds nothing, from close to loose."""
    if isinstance(tree, Or):
        return  # whoever gives alternatives has chosen the words
    conditions = _conditions(tree)
    asked = [text for leaf in literals(tree) for text in texts(leaf)]
    carrying = stretches(asked, cut, names)
    content = _evenly(words(carrying, cut, names))
    if len(content) < 2:
        return
    if not is_question("".join(asked), content):
        yield LooserReading.ALL_WORDS, _together(Words(content, len(content), carrying), conditions)
        if len(content) > 2:
            yield LooserReading.MOST_WORDS, _together(Words(content, len(content) // 2 + 1, carrying), conditions)
    yield LooserReading.RANKED, _together(Words(content, 1, carrying), conditions)


def _evenly(content: tuple[str, ...]) -> tuple[str, ...]:
    """At most so many words, taken evenly from a page somebody pasted in."""
    step = -(-len(content) // _MOST_WORDS)
    return content[:: max(1, step)]


def _apart(tree: Node, cut: Cut, names: Collection[str]) -> Node:
    """The tree with unquoted terms taken apart."""
    match tree:
        case Term(text):
            carrying = stretches((text,), cut, names)
            content = words(carrying, cut, names)
            return Words(content, len(content), carrying) if len(content) > 1 else tree
        case And(children):
            return And(tuple(_apart(child, cut, names) for child in children))
        case Or(children):
            return Or(tuple(_apart(child, cut, names) for child in children))
        case _:
            return tree


def _conditions(tree: Node) -> tuple[Node, ...]:
    """What must hold in a looser reading as well: fields, what is excluded, alternatives in brackets."""
    children = tree.children if isinstance(tree, And) else (tree,)
    return tuple(child for child in children if isinstance(child, Field | Not | Or))


def _together(asked: Words, conditions: tuple[Node, ...]) -> Node:
    return And((asked, *conditions)) if conditions else asked

"""Matching as docs and design say it, written down once more and as plainly as can be, to compare the engine with.

Nothing of archive/search is used: a question is a value of this module, which also says how it is typed. Only folding
is the product's own, since it is the definition of what counts as the same character.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.model.records import Article, Kind
from archive.text.folding import fold, fold_query

Span = tuple[int, int]
ENDS = "。！？；!?;…\n"


@dataclass(frozen=True)
class Literal:
    """`parts` with gaps of (least, most) characters between them; one part alone is a quoted text."""

    parts: tuple[str, ...]
    gaps: tuple[str, ...] = ()

    def typed(self) -> str:
        if not self.gaps:
            return '"' + self.parts[0].replace('"', '""') + '"'
        return self.parts[0] + "".join(gap + part for gap, part in zip(self.gaps, self.parts[1:], strict=True))

    def all_places(self, text: str, written: bool) -> Iterator[Span]:
        """Every place, overlapping ones too, from left to right."""
        wanted = [part if written else fold_query(part) for part in self.parts]
        start = text.find(wanted[0])
        while start >= 0:
            for end in self._ends(text, start, wanted, self.gaps):
                yield start, end
                break
            start = text.find(wanted[0], start + 1)

    def _ends(self, text: str, at: int, parts: Sequence[str], gaps: Sequence[str]) -> Iterator[int]:
        if not text.startswith(parts[0], at):
            return
        at += len(parts[0])
        if len(parts) == 1:
            yield at
            return
        least, most = gaps[0].count("?"), gaps[0].count("?") + 10 * gaps[0].count("*")
        for width in range(least, most + 1):
            yield from self._ends(text, at + width, parts[1:], gaps[1:])


@dataclass(frozen=True)
class Except:
    """A literal where it is not part of a longer place of `whole`."""

    leaf: Literal
    whole: Literal

    def typed(self) -> str:
        return f"{self.leaf.typed()} EXCEPT {self.whole.typed()}"

    def all_places(self, text: str, written: bool) -> Iterator[Span]:
        wholes = list(self.whole.all_places(text, written))
        for start, end in self.leaf.all_places(text, written):
            if not any(first <= start and end <= last and (first, last) != (start, end) for first, last in wholes):
                yield start, end


@dataclass(frozen=True)
class Near:
    """Both within `reach`: so many characters, or 句, 段, 节."""

    left: Literal
    right: Literal
    reach: int | str

    def typed(self) -> str:
        return f"{self.left.typed()} NEAR/{self.reach} {self.right.typed()}"


@dataclass(frozen=True)
class Joined:
    """Conditions on whole articles: `how` is AND, OR or NOT (the first one, without the second)."""

    how: str
    children: tuple[Literal | Except | Near, ...]

    def typed(self) -> str:
        one, other = (f"({child.typed()})" for child in self.children)
        return {"AND": f"{one} {other}", "OR": f"{one} OR {other}", "NOT": f"{one} -{other}"}[self.how]


Question = Literal | Except | Near | Joined


def count(question: Question, article: Article, written: bool) -> int | None:
    """The number of places in an article, those that share a character one; None where it does not match."""
    found = _marks(question, article, written)
    if found is None:
        return None
    total = 0
    for spans in found.values():
        reached = 0
        for start, end in sorted(spans):
            total += start >= reached
            reached = max(reached, end)
    return total


Marks = dict[int, set[Span]]


def _marks(question: Question, article: Article, written: bool) -> Marks | None:
    if isinstance(question, Joined):
        one, other = (_marks(child, article, written) for child in question.children)
        if question.how == "NOT":
            return one if other is None else None
        if question.how == "AND" and (one is None or other is None):
            return None
        both: Marks = {}
        for marks in (one or {}, other or {}):
            for block, spans in marks.items():
                both.setdefault(block, set()).update(spans)
        return None if one is None and other is None else both
    found: Marks = {}
    for section in _sections(article, written):
        if isinstance(question, Near) and question.reach == "节":
            sides = [
                {(block, span) for block, text in section for span in side.all_places(text, written)}
                for side in (question.left, question.right)
            ]
            if all(sides) and len(sides[0] | sides[1]) > 1:
                for block, span in sides[0] | sides[1]:
                    found.setdefault(block, set()).add(span)
            continue
        for block, text in section:
            if spans := _in_block(question, text, written):
                found[block] = spans
    return found or None


def _in_block(question: Literal | Except | Near, text: str, written: bool) -> set[Span]:
    if not isinstance(question, Near):
        free, kept = 0, set()
        for start, end in question.all_places(text, written):
            if start >= free:
                kept.add((start, end))
                free = end
        return kept
    left, right = list(question.left.all_places(text, written)), list(question.right.all_places(text, written))
    return {
        span
        for some, others in ((left, right), (right, left))
        for span in some
        if any(one != span and _near(span, one, question.reach, text) for one in others)
    }


def _near(one: Span, other: Span, reach: int | str, text: str) -> bool:
    (_, end), (start, _) = sorted((one, other))
    between = text[end:start] if start > end else ""
    if reach == "句":
        return not set(between) & set(ENDS)
    return reach == "段" or len(between) <= int(reach)


def _sections(article: Article, written: bool) -> Iterator[list[tuple[int, str]]]:
    section: list[tuple[int, str]] = []
    for block, text in article.units():
        if article.blocks[block].kind is Kind.HEADING:
            yield section
            section = []
        section.append((block, text if written else fold(text).text))
    yield section

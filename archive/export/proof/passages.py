"""A book as its proof-reader sees it: texts in order, each a row of passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from archive.catalogue.authority import Authority
from archive.export.book import Book, Chapter
from archive.export.proof.findings import Severity
from archive.model.records import Article, Block, Genre, Kind
from archive.text.folding import HAN

_UNPRINTED = frozenset({Kind.COMMENT, Kind.HEADER, Kind.FOOTER, Kind.FIGURE})
RUNNING = frozenset({Kind.PARAGRAPH, Kind.QUOTATION, Kind.VERSE, Kind.LIST_ITEM})
PROSE = frozenset({Kind.PARAGRAPH, Kind.QUOTATION, Kind.LIST_ITEM, Kind.NOTE})

__all__ = [
    "HAN",
    "PROSE",
    "RUNNING",
    "Find",
    "HowOften",
    "ProofMark",
    "ProofPassage",
    "ProofText",
    "Proofs",
    "UsageRule",
    "first_of",
    "in_passages",
    "in_sum",
    "summed",
    "summed_in_book",
    "summed_in_texts",
]


HowOften = Callable[[Sequence[str]], Sequence[int]]
"""In how many texts of a library each of these stands, character by character."""


@dataclass(frozen=True, slots=True)
class UsageRule:
    """What is written otherwise by rule: a pattern, what it should be (empty: nothing; None: it depends), and why."""

    pattern: re.Pattern[str]
    right: str | None
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class ProofText:
    """One text of the book: a chapter, or lines of the book's `own` made into an article, whose title is only what they
    are called. `matter` is no chapter of the main part, so that nobody asks where it comes from.
    """

    article: Article
    title: str
    source: str = ""
    matter: bool = False
    own: bool = False
    passages: tuple[ProofPassage, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        made = (
            ProofPassage(self, index, block, block.text)
            for index, block in enumerate(self.article.blocks)
            if block.kind not in _UNPRINTED and (index or not self.own)
        )
        object.__setattr__(self, "passages", tuple(made))


@dataclass(frozen=True, slots=True, eq=False)
class ProofPassage:
    """A block of text that is printed, with its text at hand: `index` is its number in the article."""

    owner: ProofText = field(repr=False)
    index: int
    block: Block = field(repr=False)
    text: str

    @property
    def kind(self) -> Kind:
        """The kind of the block."""
        return self.block.kind

    def mark(
        self,
        start: int,
        end: int,
        message: str,
        suggestion: str | None = None,
        severity: Severity | None = None,
        anchor: str = "",
    ) -> ProofMark:
        """A place in this passage; see Mark."""
        return ProofMark(self, start, end, message, suggestion, severity, anchor)


@dataclass(frozen=True, slots=True, eq=False)
class ProofMark:
    """What a check finds: offsets in the passage, end exclusive. `severity` None is the usual one of the check.

    `anchor` stands for the text of the place where that is empty or too long to stay the same; `others` is how many
    more places of the kind this one stands for.
    """

    passage: ProofPassage
    start: int
    end: int
    message: str
    suggestion: str | None = None
    severity: Severity | None = None
    anchor: str = ""
    others: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Proofs:
    """All that checks look at: the texts in the order of the book, the names the office has settled on, its own rules
    of wording, and a library that is asked how usual something is, where there is one.
    """

    texts: tuple[ProofText, ...]
    authority: Authority
    library: HowOften | None = None
    wording: Sequence[UsageRule] = ()

    @property
    def passages(self) -> Iterator[ProofPassage]:
        """All passages in order."""
        for text in self.texts:
            yield from text.passages


def first_of(marks: Sequence[ProofMark], few: int = 1) -> Sequence[ProofMark]:
    """Marks of one sort in one text: up to `few` as they are, more of them as one finding with their number."""
    if len(marks) <= few:
        return marks
    return (replace(marks[0], message=f"{marks[0].message}（本篇共 {len(marks)} 处）", others=len(marks) - 1),)


def summed_in_book(marks: Sequence[Sequence[ProofMark]]) -> Iterator[ProofMark]:
    """Marks of one sort, by text: one for each text that has them, and one for the whole book where many have."""
    found = [each for each in marks if each]
    if len(found) > _FEW:
        yield replace(found[0][0], others=sum(map(len, found)) - 1)
    else:
        for same in found:
            yield from first_of(same)


Find = Callable[[Proofs], Iterable[ProofMark]]


def in_passages(find: Callable[[ProofPassage], Iterable[ProofMark]]) -> Find:
    """A check that looks at one passage at a time, as one that looks at the whole book."""

    def everywhere(proofs: Proofs) -> Iterator[ProofMark]:
        for passage in proofs.passages:
            yield from find(passage)

    return everywhere


_FEW = 3  # marks of one sort in one text that are reported one by one
_MANY = 15  # texts: where more of them, and more than one in _MOST, have one sort of mark, the whole book is like that
_MOST = 5


def summed(proofs: Proofs, marks: Iterable[ProofMark]) -> Iterator[ProofMark]:
    """For checks that may find one thing everywhere: marks with the same message are one finding where a text has many
    of them, and one for the whole book where most texts have them.
    """
    sorts: dict[str, dict[ProofText, list[ProofMark]]] = {}
    for mark in marks:
        sorts.setdefault(mark.message, {}).setdefault(mark.passage.owner, []).append(mark)
    for message, texts in sorts.items():
        if len(texts) > _MANY and _MOST * len(texts) > len(proofs.texts):
            places = sum(map(len, texts.values()))
            summary = f"{message}（全书 {places} 处，见于 {len(texts)} 篇）"
            yield replace(next(iter(texts.values()))[0], message=summary, others=places - 1)
        else:
            for same in texts.values():
                yield from first_of(same, _FEW)


def in_sum(find: Callable[[ProofPassage], Iterable[ProofMark]]) -> Find:
    """Like `in_passages`, with marks of the same message taken together."""
    return lambda proofs: summed(proofs, in_passages(find)(proofs))


def summed_in_texts(proofs: Proofs, find: Callable[[ProofText], Iterable[ProofMark]]) -> Iterator[ProofMark]:
    """Like `summed`, each text by itself, for what is wrong however many texts have it."""
    for text in proofs.texts:
        yield from summed(replace(proofs, texts=(text,)), find(text))


def proofs_of(
    book: Book, authority: Authority, library: HowOften | None = None, wording: Sequence[UsageRule] = ()
) -> Proofs:
    """The texts of a book with the editor's notes before them, and the lines of its own pages."""
    lines = [book.title, book.subtitle, book.series, book.editor, book.publisher, *book.imprint]
    texts = [_own("书名页、版权页", lines), *map(_chapter, book.front)]
    for section in book.sections:
        texts.append(_own(f"栏目“{section.title}”" if section.title else "编者按", [section.title, *section.note]))
        for chapter in section.chapters:
            texts.append(_own(f"《{chapter.title}》的编者按", chapter.note))
            texts.append(_chapter(chapter))
    texts += map(_chapter, book.back)
    return Proofs(tuple(text for text in texts if text), authority, library, wording)


def _chapter(chapter: Chapter) -> ProofText:
    matter = chapter.article.genre is Genre.MATTER
    return ProofText(chapter.article, chapter.title, chapter.source, matter)


def _own(title: str, lines: Iterable[str]) -> ProofText | None:
    """Lines of the book's own as a text; None without any."""
    blocks = tuple(Block.plain(Kind.PARAGRAPH, line) for line in lines if line)
    if not blocks:
        return None
    article = Article(collection="", blocks=(Block.plain(Kind.TITLE, title), *blocks), genre=Genre.MATTER)
    return ProofText(article, title, matter=True, own=True)

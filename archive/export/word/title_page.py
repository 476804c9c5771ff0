"""The pages before everything else: a picture for a cover, the title page, the copyright page behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from archive.export.book import Book
from archive.export.word import styles, wordml
from archive.export.word.page_layout import EVEN_PAGE, NEXT_PAGE, ODD_PAGE, Paper
from archive.export.word.word_chapter import WordContext
from archive.model.errors import NotFound, ReadError
from archive.model.issues import IssueCode
from archive.model.records import Issue

_SMALLEST_TITLE = 18  # points


@dataclass(frozen=True, slots=True)
class TitlePage:
    """A page without heads: its paragraphs and where it starts."""

    content: list[str]
    start: str


def title_pages(book: Book, paper: Paper, context: WordContext) -> Iterator[TitlePage]:
    """Cover, if there is a picture for it, title page, copyright page, if there is anything on it."""
    cover = _cover(book, paper, context)
    if cover:
        yield TitlePage([cover], NEXT_PAGE)
    yield TitlePage(list(_title_page(book, paper, context)), ODD_PAGE if cover else NEXT_PAGE)
    if book.imprint:
        yield TitlePage(list(_imprint(book, paper, context)), EVEN_PAGE)


def _cover(book: Book, paper: Paper, context: WordContext) -> str:
    if not book.cover:
        return ""
    try:
        return wordml.paragraph(styles.GAP, context.pictures.page(book.cover, book.title, paper.sheet))
    except (NotFound, ReadError) as error:
        context.issues.append(Issue(IssueCode.EXPORT_PICTURE, "封面", f"封面图片没有放进文件：{error.message}"))
        return ""


def _imprint(book: Book, paper: Paper, context: WordContext) -> Iterator[str]:
    """The copyright lines at the foot of their page."""
    first, *others = (wordml.paragraph(styles.IMPRINT, wordml.run(line)) for line in book.imprint)
    yield wordml.spaced(first, max(_room([(styles.IMPRINT, line, "") for line in book.imprint], paper, context), 0))
    yield from others


def _title_page(book: Book, paper: Paper, context: WordContext) -> Iterator[str]:
    """Series, title, subtitle, editor, publisher; what is to be far apart comes closer where a title needs the room."""
    lines = [
        (styles.SUBTITLE, book.series, ""),
        (styles.TITLE, book.title, _title_size(book.title, paper, context)),
        (styles.SUBTITLE, book.subtitle, ""),
        (styles.EDITOR, book.editor, ""),
        (styles.EDITOR, book.publisher, ""),
        *((styles.EDITOR, line, "") for line in book.internal),
    ]
    lines = [line for line in lines if line[1] or line[0] == styles.TITLE]
    spaces = [context.styles[style].look.before for style, _, _ in lines]
    for index, ((above, *_), (style, *_)) in enumerate(pairwise(lines), 1):
        if above == style == styles.EDITOR:
            spaces[index] = 0  # the publisher right below the editor
    excess = sum(spaces) - _room(lines, paper, context)
    for index in sorted(range(len(lines)), key=lambda index: -spaces[index]):
        less = min(max(excess, 0), spaces[index])
        spaces[index] -= less
        excess -= less
    for (style, words, size), space in zip(lines, spaces, strict=True):
        line = wordml.paragraph(style, wordml.run(words, size))
        yield line if space == context.styles[style].look.before else wordml.spaced(line, space)


def _room(lines: list[tuple[str, str, str]], paper: Paper, context: WordContext) -> float:
    """What the words leave of the page for the spaces between them, in points."""
    depth = paper.depth - context.styles[lines[-1][0]].look.pitch  # a line to spare: programs round differently
    for style, words, size in lines:
        look = context.styles[style].look
        rows = ceil(_width(words) * (_SMALLEST_TITLE if size else look.size) / (paper.line / 20))
        depth -= max(rows, 1) * look.pitch + look.after
    return depth


def _title_size(title: str, paper: Paper, context: WordContext) -> str:
    """A smaller size for a title that would not stand on one line; below the smallest it takes several."""
    fitting = int(paper.line / 20 / max(_width(title), 1))
    if fitting >= context.styles[styles.TITLE].look.size:
        return ""
    half_points = 2 * max(fitting, _SMALLEST_TITLE)
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _width(words: str) -> float:
    """How many characters wide the words are."""
    return sum(0.5 if char.isascii() else 1 for char in words)

"""The texts of a book as exporters are given them: printable throughout, below the title, with notes by number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from archive.export.book import Book, Chapter, Section
from archive.export.table_parts import with_heading
from archive.model.article_parts import NumberedNote, Part, Piece, TableRows, flow, numbered_notes, parts
from archive.model.issues import IssueCode
from archive.model.records import Article, Block, Issue, Kind

# What XML 1.0 cannot hold (and no text of ours should): control characters, lone surrogates, non-characters.
_UNSOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_COUNTS = re.compile("{(?:印张|版面字数|面数)}")
_REPLACEMENT = "\ufffd"
_SIGNATURE = 40  # characters
_VERSES, _VERSE = 3, 20  # lines of a paragraph that is verse, at least; characters of each at most
_LEFT_OUT = {
    Kind.COMMENT: IssueCode.EXPORT_COMMENT,
    Kind.HEADER: IssueCode.EXPORT_HEADER,
    Kind.FOOTER: IssueCode.EXPORT_FOOTER,
}


def pieces(chapter: Chapter) -> Iterator[Block | TableRows]:
    """The text below its title in order: blocks and tables, without notes and without what is not exported."""
    for each in flow(chapter.article.blocks, below_title(chapter)):
        yield each.block if isinstance(each, Piece) else each


def printed_pieces(chapter: Chapter) -> Iterator[Block | TableRows]:
    """The same as paper shows it: with what plainly is verse or the heading of a table set as such."""
    for piece in pieces(chapter):
        yield _as_verse(piece) if isinstance(piece, Block) else with_heading(piece)


def _as_verse(block: Block) -> Block:
    """A paragraph of several short lines is verse."""
    lines = block.text.split("\n")
    if block.kind is Kind.PARAGRAPH and len(lines) >= _VERSES and all(len(line) <= _VERSE for line in lines):
        return replace(block, kind=Kind.VERSE)
    return block


def signs(block: Block, *, below_text: bool) -> bool:
    """Whether a block is set at the right: an author or date below a text, or what its source set there."""
    if block.kind is Kind.BYLINE:
        return below_text
    return block.kind is Kind.PARAGRAPH and block.align == "right" and len(block.text) <= _SIGNATURE


def below_title(chapter: Chapter) -> int:
    """The number of the first block below the title; headings that stand above it come before in the article."""
    return 1 + len(chapter.opening)


def chapter_parts(chapter: Chapter) -> Iterator[Part]:
    """The same with tables and figures beside their captions and neighbours grouped."""
    return parts(chapter.article.blocks, below_title(chapter))


def told_apart(chapter: Chapter) -> tuple[Chapter, Mapping[int, int]]:
    """The chapter with every block an object of its own, and by `id()` of each its number in the article.

    Pieces do not say where they stand; formats with lasting ids for blocks ask here.
    """
    blocks = tuple(map(replace, chapter.article.blocks))
    own = replace(chapter, article=replace(chapter.article, blocks=blocks))
    return own, {id(block): number for number, block in enumerate(blocks)}


def heading_ranks(chapter: Chapter) -> Mapping[int, int]:
    """Rank, from 1, by level of the headings below the title: whole volumes keep the levels they had in their file."""
    blocks = chapter.article.blocks[1 + len(chapter.opening) :]
    levels = sorted({block.level for block in blocks if block.kind is Kind.HEADING})
    return {level: rank for rank, level in enumerate(levels, 1)}


def notes(article: Article) -> Mapping[str, tuple[Block, ...]]:
    """The article's notes by label, in order of their numbers; several blocks may make one note."""
    return {note.label: note.blocks for note in numbered_notes(article.blocks) if note.label}


def unreferenced(article: Article) -> tuple[NumberedNote, ...]:
    """Notes that nothing in the running text points to; they are printed after the text."""
    return tuple(note for note in numbered_notes(article.blocks) if not note.referred)


class NoteNumbers:
    """The notes of one text by number (see `numbered_notes`), counting from `first`."""

    def __init__(self, article: Article, first: int = 1) -> None:
        self._notes = numbered_notes(article.blocks)
        self._first = first
        self._numbers = {note.label: note.number for note in self._notes if note.label}

    def of(self, label: str) -> int | None:
        """The number of that note; None when the text has no such note."""
        number = self._numbers.get(label)
        return None if number is None else self._first - 1 + number

    def listed(self) -> Iterator[tuple[int, tuple[Block, ...]]]:
        """Every note with its number, in order; those nobody refers to come last."""
        yield from ((self._first - 1 + note.number, note.blocks) for note in self._notes)


def sound(book: Book, *, paged: bool = False) -> tuple[Book, list[Issue]]:
    """The book with every character printable, and the issues of what is replaced or left out.

    Unless it is `paged`, what the copyright page leaves to be counted by pages stays blank.
    """
    issues: list[Issue] = []
    if not paged and any(map(_COUNTS.search, book.imprint)):
        message = "版权页上的印张、面数、版面字数要排成 PDF 才数得出，这里留了空，请照 PDF 填写。"
        issues.append(Issue(IssueCode.EXPORT_COUNTS, book.title, message))
        book = replace(book, imprint=tuple(_COUNTS.sub("　　", line) for line in book.imprint))

    def chapters(given: Sequence[Chapter]) -> tuple[Chapter, ...]:
        return tuple(_sound_chapter(chapter, issues) for chapter in given)

    sections = tuple(
        Section(sound_text(section.title), chapters(section.chapters), _sound_lines(section.note))
        for section in book.sections
    )
    whole = replace(
        book,
        title=sound_text(book.title),
        subtitle=sound_text(book.subtitle),
        series=sound_text(book.series),
        editor=sound_text(book.editor),
        publisher=sound_text(book.publisher),
        imprint=_sound_lines(book.imprint),
        front=chapters(book.front),
        sections=sections,
        back=chapters(book.back),
    )
    return whole, issues


def _sound_chapter(chapter: Chapter, issues: list[Issue]) -> Chapter:
    issues.extend(_left_out(chapter))
    article, replaced = _sound_article(chapter.article)
    if replaced:
        message = f"有 {replaced} 个无法写入文件的控制字符，已改为 {_REPLACEMENT}。"
        issues.append(Issue(IssueCode.EXPORT_CHARACTERS, chapter.title, message, replaced))
    return replace(
        chapter,
        article=article,
        byline=sound_text(chapter.byline),
        source=sound_text(chapter.source),
        note=_sound_lines(chapter.note),
    )


def _sound_lines(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(sound_text, lines))


def sound_text(text: str) -> str:
    """The text with characters that no file can hold replaced by U+FFFD."""
    return _UNSOUND.sub(_REPLACEMENT, text)


def _sound_article(article: Article) -> tuple[Article, int]:
    replaced = sum(len(_UNSOUND.findall(run.text + run.ruby)) for block in article.blocks for run in block.runs)
    if not replaced:
        return article, 0
    blocks = tuple(
        replace(
            block,
            runs=tuple(replace(run, text=sound_text(run.text), ruby=sound_text(run.ruby)) for run in block.runs),
        )
        for block in article.blocks
    )
    return replace(article, blocks=blocks), replaced


def _left_out(chapter: Chapter) -> Iterator[Issue]:
    for kind, code in _LEFT_OUT.items():
        texts = [block.text for block in chapter.article.blocks if block.kind is kind]
        if texts:
            characters = sum(map(len, texts))
            message = f"{len(texts)} 处{code.type.title}（共 {characters} 字）不属于正文，没有导出。"
            yield Issue(code, chapter.title, message, characters)

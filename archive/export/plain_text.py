"""Plain text, for reading anywhere and for typesetters who flow text in.

UTF-8 with a byte order mark and CRLF line ends: the old Notepads of office machines need both to show Chinese, and no
newer program minds. A paragraph is one line, never wrapped; two full-width spaces open it as in print.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.export.book import Book, Chapter
from archive.export.flow import NoteNumbers, pieces, sound
from archive.model.article_parts import TableRows
from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind
from archive.support.files import replacing

_INDENT = "　　"


class PlainTextExporter:
    """Writes a book as one text file; notes stand at the end of their text as 〔1〕."""

    suffix = ".txt"
    media_type = "text/plain"
    label = "纯文本"

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept; raises StorageError or ExportError."""
        book, issues = sound(book)
        pictures = sum(1 for chapter in book.everything for block in chapter.article.blocks if block.picture)
        if pictures:
            issues.append(
                Issue(IssueCode.EXPORT_PICTURE, book.title, f"纯文本放不下图片，{pictures} 幅图片只留下图注。")
            )
        text = "".join(line + "\r\n" for line in _book_lines(book))
        with replacing(file) as temporary:
            temporary.write_bytes(text.encode("utf-8-sig"))
        return tuple(issues)


def _book_lines(book: Book) -> Iterator[str]:
    if not book.single:
        yield from filter(None, (book.series, book.title, book.subtitle, book.editor, book.publisher))
        yield from ("", *book.imprint) if book.imprint else ()
        yield from ("", *_contents(book), "", "") if book.contents else ("", "")
    for chapter in book.front:
        yield from (*_chapter_lines(chapter), "", "")
    for heading, note, chapter in book.walk():
        if heading:
            yield from (f"【{heading}】", "")
        yield from _note_lines(note)
        yield from (*_chapter_lines(chapter), "", "")
    for chapter in book.back:
        yield from (*_chapter_lines(chapter), "", "")


def _contents(book: Book) -> Iterator[str]:
    yield from ("目　录", "")
    yield from (chapter.title for chapter in book.front)
    for heading, _, chapter in book.walk():
        if heading:
            yield f"【{heading}】"
        if chapter.listed:
            yield _INDENT + chapter.title
    yield from (chapter.title for chapter in book.back)


def _note_lines(note: Sequence[str]) -> Iterator[str]:
    """What the editor says before a text or a 栏目 (编者按)."""
    if note:
        yield from (_INDENT + line for paragraph in note for line in paragraph.split("\n"))
        yield ""


def _chapter_lines(chapter: Chapter) -> Iterator[str]:
    article = chapter.article
    numbers = NoteNumbers(article)
    for block in chapter.opening:
        yield from (*_marked(block, numbers).split("\n"), "")
    yield from _marked(article.blocks[0], numbers).split("\n")
    if chapter.byline:
        yield chapter.byline
    yield ""
    yield from _note_lines(chapter.note)
    for piece in pieces(chapter):
        if isinstance(piece, TableRows):
            for row in piece.rows:
                yield "\t".join(" ".join(_marked(block, numbers) for block in cell.blocks) for cell in row)
        else:
            yield from _block_lines(piece, numbers)
    for number, blocks in numbers.listed():
        yield from ("", "注释：") if number == 1 else ()
        for block in blocks:
            yield from f"〔{number}〕{_marked(block, numbers)}".split("\n")
    if chapter.source:
        yield from ("", f"（{chapter.source}）")


def _block_lines(block: Block, numbers: NoteNumbers) -> Iterator[str]:
    lines = _marked(block, numbers).split("\n")
    match block.kind:
        case Kind.FIGURE:
            yield f"［图片{'：' if block.text else ''}{' '.join(lines)}］"
        case Kind.HEADING:
            yield from ("", *lines)
        case Kind.PARAGRAPH | Kind.LIST_ITEM:
            yield from (_INDENT + line for line in lines)
        case Kind.QUOTATION | Kind.VERSE:
            yield from (_INDENT * 2 + line for line in lines)
        case _:
            yield from lines


def _marked(block: Block, numbers: NoteNumbers) -> str:
    """The text with 〔1〕 where a note is referred to and （reading） after words with ruby."""
    parts = []
    for run in block.runs:
        parts.append(run.text)
        if run.ruby:
            parts.append(f"（{run.ruby}）")
        if run.note:
            parts.append(f"〔{numbers.of(run.note) or run.note}〕")
    return "".join(parts)

"""Markdown (CommonMark with GFM tables and footnotes).

One file: pictures are carried inside it as data links, collected at its end so that the text above stays readable.
Characters that would be markup are escaped; what Markdown cannot say (着重号, ruby, underline, spans) is HTML.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.export.book import Book, Chapter
from archive.export.flow import NoteNumbers, heading_ranks, pieces, sound
from archive.model.article_parts import TableRows
from archive.model.errors import NotFound
from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Run, Style
from archive.support.files import replacing
from archive.support.storage_errors import reason

_SPECIAL = re.compile(r"([\\`*_#\[\]<>|~&])")
_LINE_START = re.compile(r"^([+\-=.)]|\d{1,9}(?=[.)]))")
_INNER_SPACE = re.compile(r"(?<=\S)&#32;(?=[^\s&\\])")
_LARGE = 10 * 2**20  # bytes
_TAGS = (
    (Style.BOLD, "<strong>", "</strong>"),
    (Style.ITALIC, "<em>", "</em>"),
    (Style.UNDERLINE, "<u>", "</u>"),
    (Style.EMPHASIS, '<span style="text-emphasis: filled dot; text-emphasis-position: under right">', "</span>"),
    (Style.SUPERSCRIPT, "<sup>", "</sup>"),
    (Style.SUBSCRIPT, "<sub>", "</sub>"),
)


class MarkdownExporter:
    """Writes a book as one Markdown file."""

    suffix = ".md"
    media_type = "text/markdown"
    label = "Markdown"

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept; raises StorageError or ExportError."""
        book, issues = sound(book)
        writer = _MarkdownWriter(book, issues)
        text = "\n\n".join(writer.book()) + "\n"
        with replacing(file) as temporary:
            temporary.write_bytes(text.encode())
        return tuple(issues)


def escape(text: str) -> str:
    """The text so that Markdown shows exactly these characters; line breaks become hard breaks."""
    body = text.rstrip("\n")
    # At the end of a paragraph a backslash would be taken for itself.
    return "\\\n".join(_escaped_line(line) for line in body.split("\n")) + "<br>" * (len(text) - len(body))


def joined(runs: Iterable[str]) -> str:
    """Escaped runs as one text; a space that stands between characters needs no protection after all."""
    return _INNER_SPACE.sub(" ", "".join(runs))


def _escaped_line(line: str) -> str:
    core = line.strip()  # readers strip full-width spaces too
    if not core:
        return _entities(line)
    start = line.index(core)
    escaped = _LINE_START.sub(lambda found: _escaped_start(found[1]), _SPECIAL.sub(r"\\\1", core))
    return _entities(line[:start]) + escaped + _entities(line[start + len(core) :])


def _escaped_start(mark: str) -> str:
    return f"{mark}\\" if mark[0].isdigit() else f"\\{mark}"


def _entities(spaces: str) -> str:
    return "".join(f"&#{ord(space)};" for space in spaces)


class _MarkdownWriter:
    """Walks one book; remembers pictures and the number of the next note."""

    def __init__(self, book: Book, issues: list[Issue]) -> None:
        self._book = book
        self._issues = issues
        self._pictures: dict[str, str] = {}
        self._next_note = 1

    def book(self) -> Iterator[str]:
        """The parts of the file, to be parted by blank lines."""
        book = self._book
        if not book.single:
            yield from (escape(line) for line in (book.series,) if line)
            yield f"# {_heading(book.title)}"
            about = (book.subtitle, book.editor, book.publisher, *book.imprint)
            yield from (escape(line) for line in about if line)
        for chapter in book.front:
            yield from self._chapter(chapter, "##")
        for heading, note, chapter in book.walk():
            if heading:
                yield f"{'###' if chapter.dated_by(heading) else '##'} {_heading(heading)}"
            yield from map(_quoted, note)
            yield from self._chapter(chapter, "###" if chapter.listed else "####")
        for chapter in book.back:
            yield from self._chapter(chapter, "##")
        for sha256, link in self._pictures.items():
            yield f"[{sha256[:16]}]: {link}"

    def _chapter(self, chapter: Chapter, mark: str) -> Iterator[str]:
        numbers = NoteNumbers(chapter.article, self._next_note)
        for block in chapter.opening:
            yield ("## " if block.level == 1 else "### ") + self._inline(block, numbers, heading=True)
        title = self._inline(chapter.article.blocks[0], numbers, heading=True)
        yield f"{mark} {title}"
        if chapter.byline:
            yield escape(chapter.byline)
        yield from map(_quoted, chapter.note)
        for piece in pieces(chapter):
            yield (
                self._table(piece, numbers, chapter)
                if isinstance(piece, TableRows)
                else self._block(piece, numbers, chapter)
            )
        for number, blocks in numbers.listed():
            self._next_note = number + 1
            yield f"[^{number}]: " + "\n\n    ".join(
                self._inline(block, numbers).replace("\n", "\n    ") for block in blocks
            )
        if chapter.source:
            yield escape(f"（{chapter.source}）")

    def _block(self, block: Block, numbers: NoteNumbers, chapter: Chapter) -> str:
        match block.kind:
            case Kind.HEADING:
                rank = heading_ranks(chapter)[block.level]
                return "#" * min(rank + 3, 6) + " " + self._inline(block, numbers, heading=True)
            case Kind.QUOTATION | Kind.VERSE:
                return "> " + self._inline(block, numbers).replace("\n", "\n> ")
            case Kind.LIST_ITEM if not any(run.style & Style.GENERATED for run in block.runs):
                indent = "  " * max(block.level - 1, 0)
                return f"{indent}- " + self._inline(block, numbers).replace("\n", f"\n{indent}  ")
            case Kind.FIGURE:
                return self._picture(block, chapter)
            case _:
                return self._inline(block, numbers)

    def _picture(self, block: Block, chapter: Chapter) -> str:
        alternative = escape(" ".join(block.text.split("\n")))
        if block.picture not in self._pictures:
            try:
                path, media_type = self._book.pictures(block.picture)
                picture = path.read_bytes()
            except (NotFound, OSError) as error:
                why = error.message if isinstance(error, NotFound) else reason(error)
                self._issues.append(Issue(IssueCode.EXPORT_PICTURE, chapter.title, f"图片没有放进文件：{why}"))
                return f"〔图片缺失〕{alternative}"
            if len(picture) > _LARGE:
                size = f"图片 {block.picture[:12]} 有 {len(picture) / 2**20:.0f} MB"
                self._issues.append(
                    Issue(IssueCode.EXPORT_PICTURE, chapter.title, f"{size}，有些编辑器打不开这么大的文件。")
                )
            self._pictures[block.picture] = f"data:{media_type};base64,{base64.b64encode(picture).decode('ascii')}"
        return f"![{alternative}][{block.picture[:16]}]"

    def _table(self, table: TableRows, numbers: NoteNumbers, chapter: Chapter) -> str:
        if not table.simple or table.header_rows > 1 or any(len(row) != table.columns for row in table.rows):
            return self._html_table(table, numbers, chapter)
        rows = [[self._inline(cell.blocks[0], numbers) for cell in row] for row in table.rows]
        if not table.header_rows:  # GFM knows no table without a heading row
            rows.insert(0, [""] * table.columns)
        rows.insert(1, ["---"] * table.columns)
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)

    def _html_table(self, table: TableRows, numbers: NoteNumbers, chapter: Chapter) -> str:
        """With blank lines around the contents of cells, which makes them Markdown again: notes keep working."""
        lines = ["<table>"]
        for row in table.rows:
            lines.append("<tr>")
            for cell in row:
                tag = "th" if cell.place.header else "td"
                spans = "".join(
                    f' {name}="{span}"'
                    for name, span in (("rowspan", cell.place.row_span), ("colspan", cell.place.column_span))
                    if span > 1
                )
                inside = "\n\n".join(self._block(block, numbers, chapter) for block in cell.blocks)
                lines.append(f"<{tag}{spans}>\n\n{inside}\n\n</{tag}>")
            lines.append("</tr>")
        return "\n".join([*lines, "</table>"])

    def _inline(self, block: Block, numbers: NoteNumbers, *, heading: bool = False) -> str:
        """The runs of a block; in a heading, which must be one line, line breaks become HTML."""
        text = joined(self._run(run, numbers) for run in block.runs)
        return text.replace("\\\n", "<br>") if heading else text

    def _run(self, run: Run, numbers: NoteNumbers) -> str:
        text = escape(run.text)
        if run.ruby:
            text = f"<ruby>{text}<rt>{escape(run.ruby)}</rt></ruby>"
        if run.text:
            for style, before, after in _TAGS:
                if run.style & style:
                    text = before + text + after
        if run.note:
            number = numbers.of(run.note)
            text += f"[^{number}]" if number else escape(f"［{run.note}］")
        return text


def _quoted(text: str) -> str:
    """A paragraph of what the editor says (编者按)."""
    return "> " + escape(text).replace("\n", "\n> ")


def _heading(text: str) -> str:
    return escape(" ".join(text.split("\n")))

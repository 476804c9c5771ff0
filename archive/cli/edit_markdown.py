"""An article as Markdown to be edited by hand, and what such a paragraph says.

Every paragraph stands for itself, parted by blank lines: `# ` the title, `## ` headings, `> ` quotations, `- ` items of
lists, `| a | b |` rows of tables, `[^1]: ` notes, `[^1]` references to them; a backslash at the end of a line is a line
break within a paragraph, before a character it takes away its meaning. Comments, headers and footers of the original
are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from archive.model.records import Article, Block, Kind

_HIDDEN = frozenset({Kind.COMMENT, Kind.HEADER, Kind.FOOTER})
_MARKED = re.compile(r"[\\|]|\[\^")
_LINE_START = re.compile(r"^(#|>|- |!\[)")
_BLANK_LAST_LINE = re.compile(r"(?<=\n)([ \t]+)\Z")
_TOKEN = re.compile(r"\\(.)|\[\^([^\]]+)\]|\\\Z", re.DOTALL)
_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
_LINE_IN_CELL = "<br>"
_MARKS = (
    (re.compile(r"#+ "), Kind.HEADING),
    (re.compile(r"> "), Kind.QUOTATION),
    (re.compile(r"- "), Kind.LIST_ITEM),
    (re.compile(r"\[\^([^\]]+)\]: "), Kind.NOTE),
    (re.compile(r"(?=\|.*\|\s*\Z)", re.DOTALL), Kind.CELL),
)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A paragraph of the Markdown, and the blocks (by number) it stands for: several for a row of a table."""

    text: str
    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a paragraph says: what it is by its mark, its text, and its references as (characters before, label).

    `level` is that of a heading or an item of a list, else 0; `label` that of a note.
    """

    kind: Kind
    text: str
    references: tuple[tuple[int, str], ...] = ()
    level: int = 0
    label: str = ""


def written(article: Article) -> str:
    """The article as Markdown."""
    return "\n\n".join(chunk.text for chunk in chunks(article)) + "\n"


def chunks(article: Article) -> tuple[Chunk, ...]:
    """The paragraphs of the Markdown, in order. Empty cells are shown, other empty blocks are not."""
    shown = [
        (index, block)
        for index, block in enumerate(article.blocks)
        if block.kind not in _HIDDEN and (block.text.strip() or block.kind is Kind.CELL)
    ]
    return tuple(_chunks(shown))


def parted(markdown: str) -> list[str]:
    """The paragraphs of a Markdown text."""
    parts = re.split(r"\n[ \t]*\n", markdown.replace("\r\n", "\n"))
    return [part.strip("\n") for part in parts if part.strip()]


def said(text: str) -> Said:
    """What one paragraph says; for a row of a table see `cells`."""
    mark, kind = next(((found, kind) for mark, kind in _MARKS if (found := mark.match(text))), (None, Kind.PARAGRAPH))
    hashes = len(mark[0]) - 1 if mark and kind is Kind.HEADING else 0
    level = max(hashes - 1, 0) if hashes else int(kind is Kind.LIST_ITEM)
    plain, references = _read(text[mark.end() :] if mark else text)
    if hashes == 1:
        kind = Kind.TITLE
    return Said(kind, plain, references, level, mark[1] if mark and kind is Kind.NOTE else "")


def cells(text: str) -> list[Said]:
    """What the cells of a row say; empty for what is no row."""
    inner = text.strip().replace("\\\\", "\0")
    parts = _BETWEEN_CELLS.split(inner)[1:-1] if inner.startswith("|") and inner.endswith("|") else []
    read = (_read(part.strip().replace("\0", "\\\\").replace(_LINE_IN_CELL, "\\\n")) for part in parts)
    return [Said(Kind.CELL, plain, references) for plain, references in read]


def shown_as(block: Block) -> Kind:
    """What a block is by the mark it is written with."""
    return block.kind if block.kind in (Kind.TITLE, Kind.CELL) else said(_mark(block)).kind


def _chunks(shown: Sequence[tuple[int, Block]]) -> Iterator[Chunk]:
    def row(each: tuple[int, Block]) -> tuple[int, int] | int:
        index, block = each
        return (block.cell.table, block.cell.row) if block.kind is Kind.CELL and block.cell else index

    for _, group in groupby(shown, row):
        held = list(group)
        numbers = tuple(index for index, _ in held)
        if held[0][1].kind is Kind.CELL:
            row_of_cells = " | ".join(_words(block).replace("\\\n", _LINE_IN_CELL) for _, block in held)
            yield Chunk(f"| {row_of_cells} |", numbers)
        else:
            yield Chunk(_mark(held[0][1]) + _words(held[0][1]), numbers)


def _mark(block: Block) -> str:
    match block.kind:
        case Kind.TITLE:
            return "# "
        case Kind.HEADING:
            return "#" * (max(block.level, 1) + 1) + " "
        case Kind.QUOTATION:
            return "> "
        case Kind.LIST_ITEM:
            return "- "
        case Kind.NOTE:
            return f"[^{block.label}]: " if block.label else ""
        case _:
            return ""


def _words(block: Block) -> str:
    """The text with references, so that it is read back as it is."""
    text = "".join(f"[^{run.note}]" if run.note and not run.text else _escaped(run.text) for run in block.runs)
    text = _BLANK_LAST_LINE.sub(r"\\\1", text)  # a blank line would part the paragraphs
    return "\\" + text if not _mark(block) and _LINE_START.match(text) else text


def _escaped(text: str) -> str:
    return _MARKED.sub(lambda found: "\\" + found[0], text).replace("\n", "\\\n")


def _read(text: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The text without escapes and references, and these, each with the number of characters before it."""
    plain: list[str] = []
    references: list[tuple[int, str]] = []
    at = length = 0
    for token in _TOKEN.finditer(text):
        # A backslash at the very end is a line break whose line end went with the blank line.
        character = token[1] or ("" if token[2] else "\n")
        length += token.start() - at + len(character)
        plain += (text[at : token.start()], character)
        if token[2]:
            references.append((length, token[2]))
        at = token.end()
    return "".join(plain) + text[at:], tuple(references)

"""An article as Markdown to be edited by hand, and what was changed taken back into it.

Every paragraph stands for itself, parted by blank lines: `# ` the title, `## ` headings, `> ` quotations, `- ` items of
lists, `| a | b |` rows of tables, `[^1]: ` notes, `[^1]` references to them; a backslash at the end of a line is a line
break within a paragraph, before a character it takes away its meaning. What is not touched stays exactly as it was,
with its look; comments, headers and footers of the original are not shown and stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from archive.model.edits import Edit, Insert, Join, Rewrite, apply, may_join, may_split
from archive.model.errors import UsageError
from archive.model.records import Article, Block, Kind
from archive.text.differences import differences

_HIDDEN = frozenset({Kind.COMMENT, Kind.HEADER, Kind.FOOTER})
_MARKED = re.compile(r"[\\|]|\[\^")
_LINE_START = re.compile(r"^(#|>|- |!\[)")
_REFERENCE = re.compile(r"(?<!\\)\[\^([^\]]+)\]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
_LINE_IN_CELL = "<br>"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A paragraph of the Markdown, and the blocks (by number) it stands for: several for a row of a table."""

    text: str
    blocks: tuple[int, ...]


def written(article: Article) -> str:
    """The article as Markdown."""
    return "\n\n".join(chunk.text for chunk in chunks(article)) + "\n"


def chunks(article: Article) -> tuple[Chunk, ...]:
    """The paragraphs of the Markdown, in order."""
    numbered = enumerate(article.blocks)
    shown = [(index, block) for index, block in numbered if block.kind not in _HIDDEN and block.text.strip()]
    return tuple(_chunks(shown))


def taken_back(article: Article, markdown: str) -> Article:
    """The article with what was changed in its Markdown. Raises UsageError for what cannot be taken back."""
    old = chunks(article)
    new = [part.strip("\n") for part in re.split(r"\n[ \t]*\n", markdown.replace("\r\n", "\n")) if part.strip()]
    before, after = (sorted(_REFERENCE.findall(_without_marks("\n".join(each)))) for each in (_texts(old), new))
    if before != after:
        hint = "加注、去注请在网页的“更正”里做，或把注码（如 [^1]）放回原处。"
        raise UsageError("注码比原来多了或少了，没有保存。", hint=hint)
    for lefts, rights, behind in reversed(list(_regions(old, new))):
        for edit in _edits(article, lefts, rights, behind):
            article = apply(article, [edit])
    return article


def _texts(old: Sequence[Chunk]) -> list[str]:
    return [chunk.text for chunk in old]


def _without_marks(text: str) -> str:
    """Without the labels that notes begin with, which are no references."""
    return re.sub(r"^\[\^[^\]]+\]: ", "", text, flags=re.MULTILINE)


def _regions(old: Sequence[Chunk], new: Sequence[str]) -> Iterator[tuple[list[Chunk], list[str], int]]:
    """Stretches that differ: the chunks there were, the paragraphs there are, and the block they stand behind."""
    behind = 0
    for equal, group in groupby(differences(_texts(old), new), key=lambda pair: pair.equal):
        pairs = list(group)
        lefts = [old[pair.left] for pair in pairs if pair.left is not None]
        if not equal:
            yield lefts, [new[pair.right] for pair in pairs if pair.right is not None], behind
        if lefts:
            behind = lefts[-1].blocks[-1]


def _edits(article: Article, lefts: list[Chunk], rights: list[str], behind: int) -> Iterator[Edit]:
    """What makes one of the other, from behind, each fit for the article as the ones before left it."""
    blocks = article.blocks
    simple = all(len(chunk.blocks) == 1 and blocks[chunk.blocks[0]].kind is not Kind.CELL for chunk in lefts)
    if simple and len(lefts) == 1 and len(rights) > 1 and may_split(blocks[lefts[0].blocks[0]].kind):
        index = lefts[0].blocks[0]
        if all(_kind(text) in (Kind.PARAGRAPH, _shown_as(blocks[index])) for text in rights):
            yield Rewrite(index, blocks[index].text, tuple(_plain(text) for text in rights))
            return
    if simple and len(rights) == 1 and len(lefts) > 1 and _may_join_all(blocks, lefts):
        first = lefts[0].blocks[0]
        text = blocks[first].text
        for chunk in lefts[1:]:
            yield Join(first, text)
            text += blocks[chunk.blocks[0]].text
        yield Rewrite(first, text, (_plain(rights[0]),))
        return
    for pair in reversed(differences(_texts(lefts), rights)):
        if pair.left is None and pair.right is not None:
            before = lefts[: _lefts_before(lefts, rights, pair.right)]
            index = before[-1].blocks[-1] if before else behind
            text = rights[pair.right]
            kind = _kind(text)
            level = len(text) - len(text.lstrip("#")) - 1 if kind is Kind.HEADING else 0
            yield Insert(index, blocks[index].text, kind, _plain(text), level)
        elif pair.left is not None:
            yield from _rewrites(article, lefts[pair.left], None if pair.right is None else rights[pair.right])


def _lefts_before(lefts: list[Chunk], rights: list[str], right: int) -> int:
    count = 0
    for pair in differences(_texts(lefts), rights):
        if pair.right == right:
            return count
        count += pair.left is not None
    return count


def _may_join_all(blocks: Sequence[Block], lefts: Sequence[Chunk]) -> bool:
    numbers = [chunk.blocks[0] for chunk in lefts]
    together = all(after == before + 1 for before, after in pairwise(numbers))
    return together and all(may_join(blocks[one], blocks[one + 1]) for one in numbers[:-1])


def _rewrites(article: Article, chunk: Chunk, text: str | None) -> Iterator[Edit]:
    first = article.blocks[chunk.blocks[0]]
    if first.kind is not Kind.CELL:
        yield Rewrite(chunk.blocks[0], first.text, () if text is None else (_plain(text),))
        return
    cells = _cells(text or "")
    if text is None or len(cells) != len(chunk.blocks):
        hint = "一行里的竖线要和原来一样多；加行、减行请重新收入表格。"
        raise UsageError("表格的格数变了，没有保存。", hint=hint)
    for index, words in reversed(list(zip(chunk.blocks, cells, strict=True))):
        if words != article.blocks[index].text:
            yield Rewrite(index, article.blocks[index].text, (words,) if words else ())


# -- one paragraph


def _chunks(shown: Sequence[tuple[int, Block]]) -> Iterator[Chunk]:
    def row(each: tuple[int, Block]) -> tuple[int, int] | int:
        index, block = each
        return (block.cell.table, block.cell.row) if block.kind is Kind.CELL and block.cell else index

    for _, group in groupby(shown, row):
        held = list(group)
        numbers = tuple(index for index, _ in held)
        if held[0][1].kind is Kind.CELL:
            yield Chunk(
                "| " + " | ".join(_words(block).replace("\\\n", _LINE_IN_CELL) for _, block in held) + " |", numbers
            )
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
    return "\\" + text if not _mark(block) and _LINE_START.match(text) else text


def _escaped(text: str) -> str:
    return _MARKED.sub(lambda found: "\\" + found[0], text).replace("\n", "\\\n")


def _plain(text: str) -> str:
    """What is stored of a paragraph: without its mark and its references."""
    text = re.sub(r"^(#+ |> |- |\[\^[^\]]+\]: )", "", text, count=1)
    text = _REFERENCE.sub("", text.replace("\\\\", "\0"))
    if text.endswith("\\"):  # a line break at the end, whose line end went with the blank line
        text += "\n"
    return _ESCAPED.sub(r"\1", text).replace("\0", "\\")


def _cells(text: str) -> list[str]:
    inner = text.strip().replace("\\\\", "\0")
    parts = _BETWEEN_CELLS.split(inner)[1:-1] if inner.startswith("|") and inner.endswith("|") else []
    return [_plain(part.strip().replace("\0", "\\\\").replace(_LINE_IN_CELL, "\\\n")) for part in parts]


def _kind(text: str) -> Kind:
    """What a paragraph is by its mark."""
    marks = ((r"#+ ", Kind.HEADING), (r"> ", Kind.QUOTATION), (r"- ", Kind.LIST_ITEM), (r"\[\^[^\]]+\]: ", Kind.NOTE))
    return next((kind for mark, kind in marks if re.match(mark, text)), Kind.PARAGRAPH)


def _shown_as(block: Block) -> Kind:
    return _kind(_mark(block))

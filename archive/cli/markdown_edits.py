"""What somebody changed in an article's Markdown, taken back into the article.

What is not touched stays exactly as it was, with its look. Whatever was typed is either stored or refused: in the end
the article written anew must say what the edited Markdown says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from archive.cli.edit_markdown import Chunk, Said, cells, chunks, parted, said, shown_as
from archive.model.edits import Edit, Insert, InsertRow, Join, RemoveRow, Rewrite, apply, may_join, may_split
from archive.model.errors import UsageError
from archive.model.records import Article, Block, Kind
from archive.model.rewriting import merged, with_reference
from archive.model.row_edits import row_texts
from archive.text.differences import differences

# What a paragraph may be made by giving it another mark.
_CHANGEABLE = frozenset({Kind.PARAGRAPH, Kind.HEADING, Kind.QUOTATION, Kind.LIST_ITEM})


def taken_back(article: Article, markdown: str) -> Article:
    """The article with what was changed in its Markdown. Raises UsageError for what cannot be taken back."""
    old, new = chunks(article), parted(markdown)
    _require_notes(article, _texts(old), new)
    changed = article
    for lefts, rights, behind in reversed(list(_regions(old, new))):
        for edit in _edits(article, lefts, rights, behind):
            changed = apply(changed, [edit])
    return _marked(changed, new)


def _texts(old: Sequence[Chunk]) -> list[str]:
    return [chunk.text for chunk in old]


# -- notes


def _require_notes(article: Article, old: Sequence[str], new: Sequence[str]) -> None:
    """Refuse references without a note and notes without a reference, unless they were so before."""
    dressed = {run.note for block in article.blocks for run in block.runs if run.note and run.text}
    was, now = _notes(old), _notes(new)
    for label in now[0] - now[1] - (was[0] - was[1]):
        hint = f"在文末另起一段写 [^{label}]: 和注文；不要这个注，就把注码也删去。"
        raise UsageError(f"注码 [^{label}] 没有注文，没有保存。", hint=hint)
    for label in now[1] - now[0] - (was[1] - was[0]) - dressed:
        hint = f"在要加注的地方写 [^{label}]；不要这条注，就把注文也删去。"
        raise UsageError(f"注 [^{label}] 在正文里没有注码，没有保存。", hint=hint)


def _notes(texts: Sequence[str]) -> tuple[set[str], set[str]]:
    """The labels referred to, and those of notes."""
    read = [one for text in texts for one in (cells(text) or [said(text)])]
    return {label for one in read for _, label in one.references}, {one.label for one in read if one.label}


# -- paragraphs that came, went or read otherwise


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
        if all(said(text).kind in (Kind.PARAGRAPH, shown_as(blocks[index])) for text in rights):
            yield Rewrite(index, blocks[index].text, tuple(said(text).text for text in rights))
            return
    if simple and len(rights) == 1 and len(lefts) > 1 and _may_join_all(blocks, lefts):
        first = lefts[0].blocks[0]
        text = blocks[first].text
        for chunk in lefts[1:]:
            yield Join(first, text)
            text += blocks[chunk.blocks[0]].text
        yield Rewrite(first, text, (said(rights[0]).text,))
        return
    pairs = differences(_texts(lefts), rights)
    for at, pair in reversed(list(enumerate(pairs))):
        if pair.left is None and pair.right is not None:
            before = [lefts[one.left] for one in pairs[:at] if one.left is not None]
            yield _insertion(blocks, before[-1].blocks[-1] if before else behind, rights[pair.right])
        elif pair.left is not None:
            yield from _rewrites(article, lefts[pair.left], None if pair.right is None else rights[pair.right])


def _may_join_all(blocks: Sequence[Block], lefts: Sequence[Chunk]) -> bool:
    numbers = [chunk.blocks[0] for chunk in lefts]
    together = all(after == before + 1 for before, after in pairwise(numbers))
    return together and all(may_join(blocks[one], blocks[one + 1]) for one in numbers[:-1])


def _insertion(blocks: Sequence[Block], behind: int, text: str) -> Edit:
    """What puts a new paragraph, or a new row of a table, behind a block."""
    new = said(text)
    if new.kind is Kind.CELL:
        row = tuple(one.text for one in cells(text))
        for index, above in ((behind, False), (behind + 1, True)):
            if index < len(blocks) and blocks[index].kind is Kind.CELL:
                return InsertRow(index, blocks[index].text, row, above)
        raise UsageError("新的表格不能在这里加，没有保存。", hint="请把表格做进 Word 稿件，重新收入。")
    if new.kind is Kind.TITLE:
        raise UsageError("题名只能有一个，没有保存。", hint="小标题用 ## 开头。")
    return Insert(behind, blocks[behind].text, new.kind, new.text, new.level, new.label)


def _rewrites(article: Article, chunk: Chunk, text: str | None) -> Iterator[Edit]:
    first = article.blocks[chunk.blocks[0]]
    if first.kind is not Kind.CELL:
        yield Rewrite(chunk.blocks[0], first.text, () if text is None else (said(text).text,))
        return
    if text is None:
        yield RemoveRow(chunk.blocks[0], first.text, row_texts(article.blocks, chunk.blocks[0]))
        return
    row = cells(text)
    if len(row) != len(chunk.blocks):
        raise UsageError("表格一行的格数变了，没有保存。", hint="一行里的竖线要和原来一样多；整行可以添，也可以删。")
    for index, one in reversed(list(zip(chunk.blocks, row, strict=True))):
        held = article.blocks[index].text
        if one.text != held.strip():
            yield Rewrite(index, held, (one.text,) if one.text else ())


# -- marks and references


def _marked(article: Article, new: Sequence[str]) -> Article:
    """The article with the marks and references of the paragraphs `new`, which it must then say."""
    blocks = list(article.blocks)
    now = chunks(article)
    for chunk, text in zip(now, new, strict=False):
        if chunk.text == text:
            continue
        for index, one in zip(chunk.blocks, cells(text) or [said(text)], strict=False):
            blocks[index] = _like(blocks[index], one)
    made = replace(article, blocks=tuple(blocks))
    wanted, there = [_sense(text) for text in new], [_sense(chunk.text) for chunk in chunks(made)]
    if wanted != there:
        lost = next(iter((Counter(wanted) - Counter(there)) or Counter(there) - Counter(wanted)))
        words = "".join(one.text for one in lost)[:20]
        hint = "请换一种改法，或在网页上改这一段；题名、署名、图表说明只能是一段。"
        raise UsageError(f"“{words}”这一段这样改，存不进去，什么也没有保存。", hint=hint)
    return made


def _sense(text: str) -> tuple[Said, ...]:
    return tuple(cells(text)) or (said(text),)


def _like(block: Block, one: Said) -> Block:
    """The block with the mark and the references of a paragraph; its text is the same already."""
    kind = shown_as(block)
    if {kind, one.kind} <= _CHANGEABLE and (kind, max(block.level, 1)) != (one.kind, max(one.level, 1)):
        block = replace(block, kind=one.kind, level=one.level)
    at, held = 0, []
    for run in block.runs:
        if run.note and not run.text:
            held.append((at, run.note))
        at += len(run.text)
    if tuple(held) == one.references or one.text != block.text.strip() != block.text:
        return block
    block = replace(block, runs=merged([run for run in block.runs if run.text or not run.note]))
    for place, label in one.references:
        block = with_reference(block, place, label)
    return block

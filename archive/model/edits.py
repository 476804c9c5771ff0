"""Corrections of an article as values: what is to read how, made on one version and fit for the next.

Each edit says what it found, so that it can be told whether it still fits: `before` is the text of its block then.
Blocks are numbered as in the version the edits were made on, all of them, whatever the others do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from archive.model.errors import UsageError
from archive.model.records import Article, Block, Kind
from archive.model.rewriting import cut, joined, merged, rewritten, with_reference
from archive.model.row_edits import row_texts, with_row, without_row
from archive.text.anchors import Course

REASONS = ("错字", "原稿核对", "补录", "标点", "体例", "其他")
"""What most corrections are made for; any other reason may be given."""

_ONE_LINE = frozenset({Kind.TITLE, Kind.SUBTITLE, Kind.BYLINE, Kind.HEADING, Kind.FIGURE, Kind.CAPTION})
_APART = frozenset({Kind.TITLE, Kind.CELL, Kind.FIGURE, Kind.COMMENT, Kind.HEADER, Kind.FOOTER})


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A block reads `texts` instead of `before`: one paragraph, several (it is split there), or none (it goes)."""

    block: int
    before: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Insert:
    """A new block behind this one; a note with the label that its references name."""

    block: int
    before: str
    kind: Kind
    text: str
    level: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """A block and the one behind it become one, which is like the first."""

    block: int
    before: str


@dataclass(frozen=True, slots=True)
class AddNote:
    """A note, referred to behind the first `at` characters of a block."""

    block: int
    before: str
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class InsertRow:
    """A new row of a table, a text for each column, below or `above` the row in which this block stands."""

    block: int
    before: str
    cells: tuple[str, ...]
    above: bool = False


@dataclass(frozen=True, slots=True)
class RemoveRow:
    """The row in which this block stands goes; `row` are the texts of all its blocks then."""

    block: int
    before: str
    row: tuple[str, ...]


Edit = Rewrite | Insert | Join | AddNote | InsertRow | RemoveRow


def apply(article: Article, edits: Sequence[Edit]) -> Article:
    """The article with all edits made. Raises UsageError for one that cannot be made on it.

    A row of a table comes or goes alone: it changes the numbers of blocks on both sides.
    """
    if any(isinstance(edit, InsertRow | RemoveRow) for edit in edits) and len(edits) > 1:
        raise UsageError("表格加行、减行要单独做，没有保存。", hint="先加行、减行，保存之后再改别的。")
    on: dict[int, list[Edit]] = defaultdict(list)
    for edit in edits:
        on[edit.block].insert(0, edit)  # the last first: several new blocks behind one stand as given
    blocks = list(article.blocks)
    notes: list[Block] = []
    # From behind, so that the numbers of the others stay right; in a block in the order of `_STEPS`.
    for index in sorted(on, reverse=True):
        if not 0 <= index < len(article.blocks):
            raise _no_place()
        if sum(isinstance(edit, Rewrite | Join) for edit in on[index]) > 1:
            raise UsageError("同一段有两处改动，没有保存。", hint="一段一次改好。")
        for edit in sorted(on[index], key=lambda each: _ORDER.index(type(each))):
            _require_text(article.blocks[index], edit.before)
            if isinstance(edit, AddNote):
                note = _note(article, notes, edit)
                notes.insert(0, note)
                blocks[index] = with_reference(blocks[index], edit.at, note.label)
            else:
                _STEPS[type(edit)](blocks, index, edit)
    _place_notes(blocks, notes)
    return replace(article, blocks=tuple(blocks))


def relocated(edits: Sequence[Edit], made_on: Article, present: Article) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
    """Edits made on one version, for another: those that fit it, and those whose text was changed meanwhile."""
    course = Course([block.text for block in made_on.blocks], [block.text for block in present.blocks])
    fit: list[Edit] = []
    overtaken: list[Edit] = []
    for edit in edits:
        there = course.unchanged(edit.block)
        if isinstance(edit, Join) and there is not None and course.unchanged(edit.block + 1) != there + 1:
            there = None
        if there is None or not _stands(made_on, edit):
            overtaken.append(edit)
        else:
            fit.append(replace(edit, block=there))
    return tuple(fit), tuple(overtaken)


def _stands(article: Article, edit: Edit) -> bool:
    return 0 <= edit.block < len(article.blocks) and article.blocks[edit.block].text == edit.before


def may_split(kind: Kind) -> bool:
    """Whether a block of this kind may be made several."""
    return kind not in _ONE_LINE


def may_join(one: Block, other: Block) -> bool:
    """Whether two neighbouring blocks may be made one: text with text, a note with its own, a cell with its own."""
    if one.kind is other.kind:
        return (one.kind is not Kind.NOTE or one.label == other.label) and (
            one.cell == other.cell and one.kind not in _APART - {Kind.CELL}
        )
    return not ({one.kind, other.kind} & (_APART | {Kind.NOTE}))


# -- one step each


def _rewrite(blocks: list[Block], index: int, edit: Edit) -> None:
    assert isinstance(edit, Rewrite)
    block = blocks[index]
    if block.kind is Kind.TITLE and not "".join(edit.texts).strip():
        raise UsageError("题名不能是空的，没有保存。", hint="写上题名再保存。")
    if len(edit.texts) > 1 and not may_split(block.kind):
        raise UsageError("题名、标题、署名和图表说明只能是一段，没有保存。", hint="去掉中间的换行再保存。")
    whole = rewritten(block, "".join(edit.texts))
    offsets = [sum(map(len, edit.texts[:count])) for count in range(1, len(edit.texts))]
    if not edit.texts and block.kind not in (Kind.FIGURE, Kind.CELL):
        blocks[index : index + 1] = []
        _drop_references(blocks, block)
        return
    pieces = cut(whole, offsets) if edit.texts else (whole,)
    # A printed page begins once.
    blocks[index : index + 1] = [
        replace(piece, runs=merged(piece.runs), page=piece.page if not number else "")
        for number, piece in enumerate(pieces)
    ]


def _drop_references(blocks: list[Block], gone: Block) -> None:
    """A note that is not there any more is not referred to."""
    if gone.kind is not Kind.NOTE or any(one.kind is Kind.NOTE and one.label == gone.label for one in blocks):
        return
    for index, block in enumerate(blocks):
        if any(run.note == gone.label for run in block.runs):
            kept = (replace(run, note="") if run.note == gone.label else run for run in block.runs)
            blocks[index] = replace(block, runs=merged([run for run in kept if run.text or run.note]))


def _insert(blocks: list[Block], index: int, edit: Edit) -> None:
    assert isinstance(edit, Insert)
    blocks.insert(index + 1, Block.plain(edit.kind, edit.text, level=edit.level, label=edit.label))


def _join(blocks: list[Block], index: int, edit: Edit) -> None:
    if index + 1 >= len(blocks) or not may_join(blocks[index], blocks[index + 1]):
        raise UsageError(
            "这一段不能和下一段并成一段，没有保存。", hint="正文只能和正文合并；表格、图片和注释各在其位。"
        )
    blocks[index : index + 2] = [joined(blocks[index], blocks[index + 1])]


def _insert_row(blocks: list[Block], index: int, edit: Edit) -> None:
    assert isinstance(edit, InsertRow)
    blocks[:] = with_row(blocks, index, edit.cells, above=edit.above)


def _remove_row(blocks: list[Block], index: int, edit: Edit) -> None:
    assert isinstance(edit, RemoveRow)
    if row_texts(blocks, index) != edit.row:
        raise _no_place()
    blocks[:] = without_row(blocks, index)


_STEPS: dict[type, Callable[[list[Block], int, Edit], None]] = {
    Insert: _insert,
    Join: _join,
    Rewrite: _rewrite,
    InsertRow: _insert_row,
    RemoveRow: _remove_row,
}
_ORDER = (AddNote, Insert, Join, Rewrite, InsertRow, RemoveRow)


def _note(article: Article, fresh: Sequence[Block], edit: AddNote) -> Block:
    if not edit.text.strip():
        raise UsageError("注文是空的，没有保存。", hint="写上注文再保存。")
    if not 0 <= edit.at <= len(edit.before):
        raise _no_place()
    taken = {block.label for block in (*article.blocks, *fresh)} | {
        run.note for block in article.blocks for run in block.runs
    }
    number = 1
    while str(number) in taken:
        number += 1
    return Block.plain(Kind.NOTE, edit.text.strip(), label=str(number))


def _place_notes(blocks: list[Block], notes: Sequence[Block]) -> None:
    """New notes come behind those that are there."""
    last = max((index for index, block in enumerate(blocks) if block.kind is Kind.NOTE), default=None)
    if last is None:
        last = max((index for index, block in enumerate(blocks) if block.kind.searched), default=len(blocks) - 1)
    blocks[last + 1 : last + 1] = notes


def _require_text(block: Block, before: str) -> None:
    if block.text != before:
        raise _no_place()


def _no_place() -> UsageError:
    return UsageError("文章里没有要改的这一处，没有保存。", hint="重新打开这篇文章再改。")

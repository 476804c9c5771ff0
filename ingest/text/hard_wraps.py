"""Word files whose author broke every line by hand, with Enter or Shift+Enter: put back into paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise, starmap

from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Layout, Manuscript
from ingest.text.block_lines import joined_blocks, lines_of
from ingest.text.unwrap import SOFT_HYPHEN, Width, cuts_word, find_width, seam, unwrap

Placed = tuple[Block, Layout]
_LEAST = 8  # full lines that show a width
_LONG, _OVER = 122, 0.25  # characters: where so many of the lines are longer than any page is wide, they are paragraphs
_NEAR, _SHARE = 3, 0.35  # characters by which wrapped lines may differ, and how many of all lines they are
_WORD = 16  # letters: lines of Latin text end so much before the edge
_NARROWEST = 18  # characters; shorter equal lines are lists and verse
_INDENT = "\u3000"


def rejoin(manuscript: Manuscript) -> Manuscript:
    """The manuscript with its hard-wrapped lines joined; as it is where nothing shows a width.

    The width is looked for in the whole text, and where that shows none in each stretch between headings.
    """
    placed = list(zip(manuscript.blocks, manuscript.layouts, strict=True))
    stretches = [list(stretch) for text, stretch in groupby(placed, key=_stretch_of) if text is not None]
    whole = [one for stretch in stretches for one in stretch]
    if not any(map(_may_be_wrapped, [whole, *stretches])):
        return manuscript
    lines = [line for one in placed if _is_text(one) for line in _lines(one)]
    width = _width([text for _, _, text in lines])
    result: list[Placed] = []
    joined = 0
    for text, stretch in groupby(placed, key=_stretch_of):
        here = list(stretch)
        if text is None:
            result += here
            continue
        pieces, seams = _rejoined(here, width)
        result += pieces
        joined += seams
    if not joined:
        return manuscript
    message = f"每行定宽换行的文字已接成整段，共接 {joined} 处；请抽查分段是否正确"
    return replace(
        manuscript,
        blocks=tuple(block for block, _ in result),
        layouts=tuple(layout for _, layout in result),
        issues=(*manuscript.issues, Issue(IssueCode.UNWRAPPED, manuscript.name, message)),
    )


def _may_be_wrapped(stretch: Sequence[Placed]) -> bool:
    """Whether many lines of a stretch are about as long as each other: all that most manuscripts have to be asked."""
    lengths = Counter(
        len(line) for block, _ in stretch for line in (block.text.split("\n") if "\n" in block.text else (block.text,))
    )
    counted = {length: count for length, count in lengths.items() if length >= _NARROWEST - _NEAR}
    if not counted or sum(counted.values()) < _LEAST:
        return False
    usual, longest = max(counted, key=lambda length: counted[length]), max(counted)
    near = sum(lengths[length] for length in range(usual - _NEAR, usual + _NEAR + 1))
    if longest <= _LONG:
        near = max(near, sum(count for length, count in counted.items() if length > longest - _WORD))
    return near >= _SHARE * sum(counted.values())


def _is_text(placed: Placed) -> bool:
    block, layout = placed
    return block.kind is Kind.PARAGRAPH and block.cell is None and not layout.centred and not layout.page_break


def _stretch_of(placed: Placed) -> float | None:
    """What lines of one stretch have in common: their size; None for what is no running text."""
    return placed[1].size if _is_text(placed) else None


def _lines(placed: Placed) -> Iterator[tuple[Block, Layout, str]]:
    """The lines of a block, each with its text as it stood on the page, indentation included."""
    block, layout = placed
    if "\n" not in block.text:
        yield block, layout, _INDENT * layout.indent + block.text
        return
    for number, runs in enumerate(lines_of(block)):
        line = replace(block, runs=runs)
        yield line, layout, line.text if number else _INDENT * layout.indent + line.text


def _width(texts: Sequence[str]) -> Width | None:
    """The width that enough of the lines show; long paragraphs end the question soon."""
    if len(texts) < _LEAST or sum(len(text) > _LONG for text in texts) > _OVER * len(texts):
        return None
    width = find_width(texts)
    if width is None or width.characters < _NARROWEST:
        return None
    full = sum(width.characters - 2 <= len(text) <= width.characters + 1 for text in texts)
    return width if width.latin or full >= _LEAST else None


def _rejoined(stretch: Sequence[Placed], width: Width | None) -> tuple[list[Placed], int]:
    """The paragraphs of a stretch, and how many seams were closed."""
    lines = [line for one in stretch for line in _lines(one)]
    texts = [text for _, _, text in lines]
    unwrapped = unwrap(texts, width or _width(texts))
    if not unwrapped.joined:
        return list(stretch), 0
    starts = [*unwrapped.lines, len(lines)]
    result: list[Placed] = []
    for start, end in pairwise(starts):
        group = [(block, layout) for block, layout, text in lines[start:end] if text.strip()]
        blocks = [_stripped(block) for block, _ in group]
        seams = [seam(one.text, other.text) for one, other in pairwise(blocks)]
        blocks = [*starmap(_softened, pairwise(blocks)), blocks[-1]]
        result.append((joined_blocks(blocks, seams), group[0][1]))
    return result, unwrapped.joined


def _softened(block: Block, following: Block) -> Block:
    """The block with a soft hyphen where its last word is cut and goes on in the following."""
    if not cuts_word(block.text, following.text):
        return block
    *runs, last = block.runs
    return replace(block, runs=(*runs, replace(last, text=last.text[:-1] + SOFT_HYPHEN)))


def _stripped(block: Block) -> Block:
    """The block without the white space at its ends, which a line inside a paragraph may have."""
    runs = list(block.runs)
    if runs and not runs[0].note:
        runs[0] = replace(runs[0], text=runs[0].text.lstrip())
    if runs and not runs[-1].note:
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip())
    return replace(block, runs=tuple(run for run in runs if run.text or run.note))

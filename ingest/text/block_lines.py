"""The lines inside a block, and blocks put together again; styles, notes and readings stay with their characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.model.records import Block, Run


def lines_of(block: Block) -> list[tuple[Run, ...]]:
    """The block's runs cut at its line breaks, which are white space and go."""
    lines: list[list[Run]] = [[]]
    for run in block.runs:
        if "\n" not in run.text:
            lines[-1].append(run)
            continue
        first, *others = run.text.split("\n")
        pieces = [Run(first, run.style, run.note, run.ruby), *(Run(other, run.style) for other in others)]
        lines[-1].append(pieces[0])
        lines += [[piece] for piece in pieces[1:]]
    return [tuple(run for run in line if run.text or run.note) for line in lines]


def joined_blocks(blocks: Sequence[Block], seams: Sequence[str]) -> Block:
    """The blocks as one of the first's kind, `seams` being the white space between them, one fewer than blocks."""
    runs = list(blocks[0].runs)
    for seam, block in zip(seams, blocks[1:], strict=True):
        following = list(block.runs)
        if runs and following and _alike(runs[-1], following[0]):
            last = runs.pop()
            following[0] = replace(last, text=last.text + seam + following[0].text)
        elif seam and runs:
            runs.append(Run(seam, runs[-1].style))
        runs += following
    return replace(blocks[0], runs=tuple(runs))


def _alike(one: Run, other: Run) -> bool:
    return one.style == other.style and not (one.note or other.note or one.ruby or other.ruby)

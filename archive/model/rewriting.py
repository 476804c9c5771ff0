"""New words in a block: what stays keeps its look, its references to notes and its readings (注音)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from archive.model.records import Block, Run


@dataclass(frozen=True, slots=True)
class Change:
    """The characters from `start` to `end` (exclusive) of a text become `after`; `before` is what stands there."""

    start: int
    end: int
    before: str
    after: str


def changes(before: str, after: str, island: int = 1) -> tuple[Change, ...]:
    """What turns one text into another: one change for each place where they differ, ascending.

    What lies between two places is left as it is, unless it has fewer than `island` characters: then the two are one.
    """
    if before == after:
        return ()
    shorter = min(len(before), len(after))
    head = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    tail = next((at for at in range(shorter - head) if before[-1 - at] != after[-1 - at]), shorter - head)
    one, other = before[head : len(before) - tail], after[head : len(after) - tail]
    spans: list[tuple[int, int, int, int]] = []
    for tag, *span in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        start, end, other_start, other_end = span
        if tag == "equal":
            continue
        if spans and start - spans[-1][1] < island:
            start, _, other_start, _ = spans.pop()
        spans.append((start, end, other_start, other_end))
    return tuple(Change(head + a, head + b, one[a:b], other[c:d]) for a, b, c, d in spans)


def replaced(block: Block, start: int, end: int, words: str) -> Block:
    """The block with `words` instead of its characters from `start` to `end` (exclusive).

    New words look like the first of the old ones, or like what they are put behind. References to notes stay. A reading
    stays with its characters as long as all of them do.
    """
    runs: list[Run] = []
    position, pending = 0, words
    for run in block.runs:
        begin, position = position, position + len(run.text)
        left, right = run.text[: max(start - begin, 0)], run.text[max(end - begin, 0) :]
        touched = begin < end and position > start
        here = touched or (start == end and begin <= start <= position)
        if not here or not run.text:  # a reference to a note prints no words of its own
            runs.append(run)
            continue
        if not touched and run.ruby and start in (begin, position):
            if start == begin and pending:  # in front of characters with a reading, not among them
                runs.append(Run(pending, run.style))
                pending = ""
            runs.append(run)
            continue
        text = left + pending + right
        pending = ""
        if text or run.note:
            runs.append(replace(run, text=text, ruby=run.ruby if text == run.text else ""))
    if pending:
        runs.append(Run(pending))
    return replace(block, runs=tuple(runs))


def rewritten(block: Block, text: str) -> Block:
    """The block with another text; what both texts have in common keeps its look."""
    # From behind, so that the places of the others stay right.
    for change in reversed(changes(block.text, text)):
        block = replaced(block, change.start, change.end, change.after)
    return block


def cut(block: Block, offsets: Sequence[int]) -> tuple[Block, ...]:
    """The block in pieces, cut at these offsets (ascending). A reference to a note goes with what it stands behind."""
    pieces: list[list[Run]] = [[] for _ in range(len(offsets) + 1)]
    at = 0
    for run in block.runs:
        end = at + len(run.text)
        if not run.text:
            pieces[sum(offset < at for offset in offsets)].append(run)
            continue
        bounds = [at, *(offset for offset in offsets if at < offset < end), end]
        for start, stop in pairwise(bounds):
            number = sum(offset <= start for offset in offsets)
            whole = (start, stop) == (at, end)
            part = replace(run, text=run.text[start - at : stop - at], ruby="", note=run.note if stop == end else "")
            pieces[number].append(run if whole else part)
        at = end
    return tuple(replace(block, runs=tuple(runs)) for runs in pieces)


def joined(one: Block, other: Block) -> Block:
    """Two blocks as one that is like the first; neighbouring runs of one look become one."""
    return replace(one, runs=merged((*one.runs, *other.runs)))


def merged(runs: Sequence[Run]) -> tuple[Run, ...]:
    """The same runs, neighbours of one look written as one."""
    out: list[Run] = []
    for run in runs:
        bare = not (run.note or run.ruby)
        if out and bare and out[-1].text and not (out[-1].note or out[-1].ruby) and out[-1].style == run.style:
            out[-1] = replace(out[-1], text=out[-1].text + run.text)
        else:
            out.append(run)
    return tuple(out)


def with_reference(block: Block, at: int, label: str) -> Block:
    """The block with a reference to the note of that label behind its first `at` characters."""
    left, right = cut(block, [at])
    return replace(block, runs=(*left.runs, Run("", note=label), *right.runs))


def lost_readings(before: Sequence[Block], after: Sequence[Block]) -> tuple[tuple[str, str], ...]:
    """The (characters, reading) pairs that the blocks had before and have no longer."""
    held = [(run.text, run.ruby) for block in after for run in block.runs if run.ruby]
    lost = []
    for pair in ((run.text, run.ruby) for block in before for run in block.runs if run.ruby):
        if pair in held:
            held.remove(pair)
        else:
            lost.append(pair)
    return tuple(lost)

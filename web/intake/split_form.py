"""The split table as a form: what somebody typed, row by row, and the same table the command line reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archive.model.integers import whole_number
from archive.model.records import Block, Manuscript
from ingest.splitting import split_table
from ingest.splitting.boundaries import State
from ingest.splitting.proposal import ACCEPTED, Confidence, Proposal, SplitRow, body_and_margins
from ingest.text.characters import stored_characters

_NUMBERED = re.compile(r"^第 (\d+) 块(?=起?$)")
_FIRST_WORDS = 36
_MOST_ROWS = 5000
_FIELDS = ("number", "order", "state", "section", "title", "authors", "first")


@dataclass(slots=True)
class SplitLine:
    """A row as typed: all values are text, right or wrong. `number` is empty for a row that was added.

    `row` is what the program proposed for a piece that begins there; `blocks` are the numbers (from 1) and first words
    of its blocks, as far as `first` is one; `error` says what is wrong with it.
    """

    number: str
    order: str
    state: str
    section: str
    title: str
    authors: str
    first: str
    row: SplitRow | None = None
    blocks: list[tuple[int, str]] = field(default_factory=list)
    characters: int = 0
    error: str = ""

    @property
    def begins(self) -> int | None:
        """The number of its first block as typed, None where that is no number."""
        return whole_number(self.first)

    @property
    def changed(self) -> bool:
        """Whether somebody has typed something else than was proposed."""
        return self.row is None or _values(self) != _values(line_of(self.row, 0))

    @property
    def doubtful(self) -> bool:
        """Whether it should be looked at: proposed without being sure, and nobody has changed it."""
        return self.row is not None and not self.changed and self.row.confidence.least < ACCEPTED


def line_of(row: SplitRow, number: int) -> SplitLine:
    """A row of a proposal as a line of the form."""
    people = split_table.authors(row.people or ())
    added = row.people is None
    return SplitLine(
        "" if added else str(number), str(number), row.state, row.section, row.title, people, str(row.first + 1)
    )


def typed(form: Mapping[str, str]) -> list[SplitLine]:
    """The lines of a form in the order asked for: a line given another place gets it, the others make room."""
    lines: list[SplitLine] = []
    for index in range(1, _MOST_ROWS):
        if f"first-{index}" not in form:
            break
        values = {name: " ".join(form.get(f"{name}-{index}", "").split()) for name in _FIELDS}
        lines.append(SplitLine(**values))  # type: ignore[arg-type]
    wanted = [(_number(line.order, place), place) for place, line in enumerate(lines, 1)]
    keys = [(number, (number > place) - (number < place)) for number, place in wanted]
    lines = [lines[index] for index in sorted(range(len(lines)), key=keys.__getitem__)]
    for place, line in enumerate(lines, 1):
        line.order = str(place)
    return lines


def with_boundary(lines: Sequence[SplitLine], block: int) -> list[SplitLine]:
    """The lines with one more: a piece that begins at `block` (from 1), below the line it is cut out of."""
    before = [(line.begins, line) for line in lines if line.begins is not None and line.begins <= block]
    _, owner = max(before, key=lambda each: each[0], default=(0, None))
    place = 0 if owner is None else next(index for index, line in enumerate(lines, 1) if line is owner)
    section = owner.section if owner else ""
    added = SplitLine("", "", State.TAKE, section, "", "", str(block))
    return [replace(line, order=str(at)) for at, line in enumerate([*lines[:place], added, *lines[place:]], 1)]


def to_table(lines: Sequence[SplitLine], proposal: Proposal) -> str:
    """The lines as the table of `proposal`'s manuscript that `table.from_tsv` checks; line n is row n + 1."""
    rows = [
        (line.number, line.state, "", line.section, line.title, line.authors, line.first, "", "", "", "")
        for line in lines
    ]
    return split_table.tsv(rows, proposal)


def settled(text: str, manuscript: Manuscript, proposed: Proposal) -> Proposal:
    """The proposal a table states, its authors read from the text where it says none, the rest as was proposed.

    Raises SplitTableError.
    """
    stated = split_table.from_tsv(text, manuscript, proposed.collection)
    articles = stated.articles(manuscript)
    pieces = iter(articles[len(articles) - stated.pieces :])  # a beginning no row claims is an article before them
    known = {row.first: row for row in proposed.rows}
    blocks = [block for block, _ in body_and_margins(manuscript)[0]]
    spans = spans_of([row.first for row in stated.rows], len(blocks))
    rows = []
    for row in stated.rows:
        article = None if row.state is State.JOIN else next(pieces)
        people = row.people if row.people is not None else article.people if article else ()
        mine = replace(row, people=people, characters=stored_characters(blocks[at] for at in spans[row.first]))
        was = known.get(row.first)
        if was is not None and _values(line_of(was, 0)) == _values(line_of(mine, 0)):
            mine = replace(mine, confidence=was.confidence, evidence=was.evidence, match=was.match)
        else:
            mine = replace(mine, confidence=Confidence(), evidence="编者改定")
        rows.append(mine)
    return replace(stated, rows=tuple(rows))


def explain(lines: Sequence[SplitLine], manuscript: Manuscript, proposed: Proposal) -> None:
    """Fills in what the program knows of each line: its proposal, its blocks and characters."""
    known = {row.first: row for row in proposed.rows}
    blocks = [block for block, _ in body_and_margins(manuscript)[0]]
    firsts = {id(line): line.begins - 1 for line in lines if line.begins is not None}
    spans = spans_of([first for first in firsts.values() if 0 <= first < len(blocks)], len(blocks))
    for line in lines:
        first = firsts.get(id(line), -1)
        line.row = known.get(first)
        inside = spans.get(first, range(0))
        line.blocks = [(at + 1, first_words(blocks[at])) for at in inside]
        line.characters = stored_characters(blocks[at] for at in inside)


def piece_numbers(lines: Sequence[SplitLine]) -> list[int]:
    """For each line the number (from 1) of the article it makes; 0 for one that joins the article before it."""
    count, numbers = int(unclaimed(lines) > 0), []
    for line in lines:
        joined = line.state == State.JOIN
        count += not joined
        numbers.append(0 if joined else count)
    return numbers


def plain(text: str) -> str:
    """A sentence about the table in the words of the page."""
    return text.replace("首块", "“从第几段起”").replace("块", "段")


def plain_place(place: str) -> str:
    """The place of an issue in the words of the page; the name of a file stays as it is."""
    return _NUMBERED.sub(r"第 \1 段", place)


def unclaimed(lines: Sequence[SplitLine]) -> int:
    """How many blocks at the beginning no line claims."""
    firsts = [line.begins - 1 for line in lines if line.begins is not None]
    return min(firsts, default=0)


def spans_of(firsts: Sequence[int], end: int) -> dict[int, range]:
    """The blocks of the pieces that begin with these: each up to the next in the manuscript."""
    starts = sorted(set(firsts))
    return {first: range(first, following) for first, following in zip(starts, [*starts[1:], end], strict=True)}


def first_words(block: Block) -> str:
    """How a block begins, in one line."""
    words = " ".join(block.text[: _FIRST_WORDS + 1].split())
    return f"{words[:_FIRST_WORDS]}…" if len(words) > _FIRST_WORDS else words or "（没有文字）"


def doubtful(lines: Sequence[SplitLine]) -> Iterator[tuple[int, SplitLine]]:
    """The lines to look at, with their places from 1."""
    return ((place, line) for place, line in enumerate(lines, 1) if line.doubtful)


def _values(line: SplitLine) -> tuple[str, ...]:
    return line.state, line.section, line.title, line.authors


def _number(text: str, otherwise: int) -> float:
    try:
        return float(text)
    except ValueError:
        return otherwise

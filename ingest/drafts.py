"""Drafts: articles as they are cut out of a manuscript, before the library gives them ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from archive.records import Article, Block, Collection, Genre, Issue, Kind, Manuscript, Period, Person, Run, Style


@dataclass(slots=True)
class Piece:
    """One article in the making: its title block and the blocks that follow it, in the order of the manuscript."""

    title: Block
    blocks: list[Block] = field(default_factory=list)
    genre: Genre = Genre.ARTICLE
    section: str = ""
    people: tuple[Person, ...] = ()
    date: Period | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """What a manuscript was cut into: drafts in its order, and what an editor should look at."""

    articles: tuple[Article, ...]
    issues: tuple[Issue, ...] = ()


def title_of(block: Block) -> Block:
    """The block as a title: its line breaks become spaces."""
    runs = tuple(replace(run, text=run.text.replace("\n", " ")) for run in block.runs)
    return Block(Kind.TITLE, runs)


def made_title(text: str) -> Block:
    """A title that does not stand in the source, or is repeated from it; it is not counted as text of the source."""
    return Block(Kind.TITLE, (Run(text, Style.GENERATED),))


def finish(pieces: Sequence[Piece], collection: Collection, manuscript: Manuscript) -> tuple[Article, ...]:
    """The drafts, numbered from 1; tables are numbered anew within each."""
    return tuple(
        Article(
            collection=collection.id,
            blocks=(piece.title, *_tables_from_zero(piece.blocks)),
            number=number,
            genre=piece.genre,
            volume=collection.volume,
            section=piece.section,
            people=piece.people,
            date=piece.date,
            original=manuscript.sha256,
        )
        for number, piece in enumerate(pieces, 1)
    )


def _tables_from_zero(blocks: Sequence[Block]) -> list[Block]:
    numbers: dict[int, int] = {}
    result = []
    for block in blocks:
        if block.cell is not None:
            table = numbers.setdefault(block.cell.table, len(numbers))
            block = replace(block, cell=replace(block.cell, table=table))
        result.append(block)
    return result

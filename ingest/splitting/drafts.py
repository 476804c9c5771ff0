"""Drafts: articles as they are cut out of a manuscript, before the library gives them ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from archive.model.records import Article, Block, Collection, Genre, Issue, Kind, Manuscript, Period, Person
from ingest.text.characters import made_title

LONGEST_TITLE = 60
LETTERHEAD = 4
"""Blocks: so many short lines may stand above the title of a single text and belong to it."""
_MATTER = re.compile(
    r"(?:总)?目[\s　]*[录錄次]|前[\s　]*言|(?:代)?序[\s　]*[言一二三]?|编者的话|(?:编[辑纂写]|本书)说明|凡[\s　]*例"
    r"|[编校]?后[\s　]*记|編?後[\s　]*記|跋"
    r"|编委会(?:名单)?|编辑委员会(?:名单)?|版权页|封[\s　]*面|扉页|勘误表?|出版说明|征稿启事|致谢"
)


@dataclass(slots=True)
class ArticleDraft:
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
    return Block(Kind.TITLE, runs, page=block.page)


def is_matter(title: str) -> bool:
    """Whether a title is that of front or back matter: 前言, 目录, 后记…"""
    return _MATTER.fullmatch(title.strip()) is not None


def front(blocks: Sequence[Block], name: str) -> ArticleDraft:
    """What stands before the first article of the file `name`: cover, title page, contents. At least one block."""
    first = blocks[0]
    if first.kind in (Kind.PARAGRAPH, Kind.TITLE, Kind.SUBTITLE, Kind.HEADING) and len(first.text) <= LONGEST_TITLE:
        return ArticleDraft(title_of(first), list(blocks[1:]), Genre.MATTER)
    return ArticleDraft(made_title(f"{Path(name).stem}（卷首）"), list(blocks), Genre.MATTER)


def finish(pieces: Sequence[ArticleDraft], collection: Collection, manuscript: Manuscript) -> tuple[Article, ...]:
    """The drafts, numbered from 1; tables are numbered anew within each."""
    return tuple(
        Article(
            collection=collection.id,
            blocks=(piece.title, *_tables_from_zero(piece.blocks)),
            number=number,
            genre=_genre(piece),
            volume=collection.volume,
            section=piece.section,
            people=piece.people,
            date=piece.date,
            original=manuscript.sha256,
        )
        for number, piece in enumerate(pieces, 1)
    )


def _genre(piece: ArticleDraft) -> Genre:
    """What a piece is: one that has a title alone, or that of a contents table or a preface, is no article."""
    bare = not piece.blocks or is_matter(piece.title.text)
    return Genre.MATTER if bare and piece.genre is Genre.ARTICLE else piece.genre


def _tables_from_zero(blocks: Sequence[Block]) -> list[Block]:
    numbers: dict[int, int] = {}
    result = []
    for block in blocks:
        if block.cell is not None:
            table = numbers.setdefault(block.cell.table, len(numbers))
            if table != block.cell.table:
                block = replace(block, cell=replace(block.cell, table=table))
        result.append(block)
    return result

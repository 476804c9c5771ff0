"""A cut: where a piece of the manuscript begins, what it is and how sure that is."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from archive.model.records import Person
from ingest.splitting.contents_page import Match


class State(enum.StrEnum):
    """What becomes of a piece; the words stand in the split table."""

    TAKE = "收"
    JOIN = "并入上篇"
    SECTION = "栏目"
    MATTER = "书前书后"


@dataclass(frozen=True, slots=True)
class Boundary:
    """A piece that begins with block `first` (0-based). An empty `title` is made up from the name of the file.

    `sure`, `title_sure` and `section_sure` are confidences from 0 to 1; `clues` say in words what speaks for it,
    `match` how the title agrees with the contents table, which names `people`.
    Doubts about authors do not go below `authors_at_least`.
    """

    first: int
    state: State
    title: str = ""
    section: str = ""
    sure: float = 1.0
    title_sure: float = 1.0
    section_sure: float = 1.0
    clues: tuple[str, ...] = ()
    match: Match = Match.NO_CONTENTS
    people: tuple[Person, ...] = ()
    authors_at_least: float = 0.0

"""What every engine offers. An engine that cannot answer raises EngineError; it never returns "nothing"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from archive.model.access import Rights
from archive.model.records import Article, Mention
from archive.model.search import Source, Timeline
from archive.search.index.facts import Facts, Profile, Tally
from archive.search.matching import APART, Closeness
from archive.search.query import Counted, Query
from archive.text.spans import Span

PARTING = re.compile(f"[{APART}]")
"""What parts the blocks of a whole matching text."""


@dataclass(frozen=True, slots=True)
class Found:
    """One article of a page of matches: its id, how closely it matches, and its score among equals (higher first)."""

    article: str
    closeness: Closeness
    score: float


@dataclass(frozen=True, slots=True)
class Matches:
    """`total` articles match, in `places` places (exact; None where counting would take long, and of a looser reading);
    `found` is the page asked for, in order.

    `facets` counts all matches by collection, volume, section, author, decade ("1950") and genre, most frequent first.
    """

    total: int
    found: tuple[Found, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a query stands in one article: `spans` in its whole matching `text`, in order, end exclusive.

    The blocks that are searched stand in `text` one after the other, parted by one character that PARTING matches.
    `written` is the same text as stored; where `as_written` was asked for both are the same.
    """

    facts: Facts
    text: str
    spans: tuple[Span, ...]
    written: str


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What an engine holds and what made it."""

    name: str
    articles: int
    segmenter: str
    folding: str


Texts = Callable[[Sequence[str]], Iterable[tuple[Article, Sequence[Mention]]]]
"""The present versions of articles by their ids, in that order, out of the store."""


class Batch(Protocol):
    """Changes that become visible together when the batch ends, or not at all when it fails."""

    def put(self, article: Article, mentions: Sequence[Mention]) -> None:
        """Add an article, or replace the one with its id. Withdrawn ones are put too: rights decide who sees them."""
        ...


class Engine(Protocol):
    """Finds articles. One contract suite (tests/archive/search/index/contract.py) holds for all."""

    def batch(self) -> AbstractContextManager[Batch]:
        """Begin a batch; the caller holds the library's writer lock."""
        ...

    def search(self, query: Query, rights: Rights, *, limit: int, offset: int = 0) -> Matches:
        """Answer a query as far as `rights` cover articles: `limit` of the matches from `offset` on. EngineError."""
        ...

    def count(self, query: Query, rights: Rights) -> int:
        """How many articles match; or raise EngineError."""
        ...

    def ids(self, query: Query, rights: Rights) -> frozenset[str]:
        """The ids of all articles that match; or raise EngineError."""
        ...

    def counts(self, query: Query, rights: Rights, counted: Counted) -> list[int]:
        """In how many of the articles that match each of these trees matches too, folded; or raise EngineError."""
        ...

    def first_standing(self, query: Query, rights: Rights, texts: Sequence[str], most: int) -> list[tuple[str, int]]:
        """The first `most` of these texts that stand in articles that match, each with in how many; or raise
        EngineError. Of many texts and many articles not all need be looked up.
        """
        ...

    def tallies(self, query: Query, rights: Rights) -> Mapping[Profile, Tally]:
        """What was looked at and what was found there, by profile; or raise EngineError."""
        ...

    def standing(self, query: Query, rights: Rights, articles: Sequence[str]) -> list[Standing]:
        """Where a query stands in these articles, in their order; of those that `rights` cover. Or raise EngineError.

        Meant for some hundred at a time, of those that `search` found.
        """
        ...

    def facts(self, query: Query, rights: Rights) -> list[Facts]:
        """The facts of all articles that match, in the order of their sources; or raise EngineError."""
        ...

    def strings(self) -> Iterable[tuple[Source, str, int]]:
        """Titles, sections, authors and frequent words of all articles, each with how many have it; for suggestions."""
        ...

    def varies(self, folded: str) -> bool:
        """Whether this folded text may stand somewhere in another form than it is written in here."""
        ...

    def state(self) -> str:
        """Another string after every change of what it holds."""
        ...

    def state_at_once(self) -> str:
        """The same where it is known without asking another machine, else an empty string."""
        ...

    def timeline(self, query: Query, rights: Rights) -> Timeline:
        """Count all articles that match and that `rights` cover, over time; or raise EngineError."""
        ...

    def field_names(self, rights: Rights) -> frozenset[str]:
        """The names of the fields that some article is described by, of those `rights` cover; or raise EngineError."""
        ...

    def rebuild(self, articles: Iterable[tuple[Article, Sequence[Mention]]]) -> int:
        """Start afresh from the store; the number of articles taken. Readers see the old index until it is done."""
        ...

    def sound(self) -> bool:
        """Whether this index can be trusted: complete, and made by this folding and this segmenter."""
        ...

    def differences(self, articles: Iterable[tuple[Article, Sequence[Mention]]]) -> tuple[str, ...]:
        """The ids of articles that are missing here, stand here otherwise, or are here but not among `articles`."""
        ...

    def damage(self) -> str:
        """Read all of it, to the last byte: what is wrong, in Chinese; empty when nothing is. For the one writer.

        `sound` looks at little, since every opening asks it. May raise EngineError instead of telling.
        """
        ...

    def info(self) -> EngineInfo:
        """What it holds."""
        ...

    def close(self) -> None:
        """Release files."""
        ...

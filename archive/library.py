"""The only door for command line and web: store first, then index. (Signatures; being filled in.)"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from archive.query import PeriodIn, Results, Rights, Sort
from archive.records import Article, Collection, Issue, Mention, Picture


@dataclass(frozen=True, slots=True)
class Accepted:
    """What `add` did: the stored articles (with ids), or `already` when this original was in the collection before."""

    articles: tuple[Article, ...]
    already: bool = False


class Library:
    """A folder that holds a store and an index."""

    root: Path

    @classmethod
    def create(cls, root: Path | str) -> Library: ...          # LibraryExists

    @classmethod
    def open(cls, root: Path | str) -> Library: ...            # LibraryNotFound; repairs what a crash left

    def close(self) -> None: ...
    def __enter__(self) -> Library: ...
    def __exit__(self, a: type[BaseException] | None, b: BaseException | None, c: TracebackType | None) -> None: ...

    # -- finding and reading
    def search(
        self, query: str, *, period: str = "", period_in: PeriodIn = PeriodIn.ANY, collection: str = "",
        section: str = "", author: str = "", decade: int | None = None,   # facet choices; decade 1950 = 1950-1959
        as_written: bool = False, sort: Sort = Sort.RELEVANCE, limit: int = 20, offset: int = 0,
        rights: Rights = ...,
    ) -> Results: ...                                          # QueryError, PeriodError; an empty query lists all

    def article(self, article_id: str, version: int | None = None) -> Article: ...   # NotFound
    def mentions(self, article_id: str) -> tuple[Mention, ...]: ...
    def places(self, article: Article, query: str, as_written: bool = False) -> dict[int, tuple[tuple[int, int], ...]]: ...
    """Highlight spans by block index for the reading page."""
    def articles(self, collection: str = "", volume: str = "", rights: Rights = ...) -> Iterator[Article]: ...
    def collections(self) -> tuple[Collection, ...]: ...
    def picture(self, sha256: str) -> tuple[Path, str]: ...    # file and media type; NotFound
    def original(self, sha256: str) -> tuple[Path, str]: ...   # file and the name it came with; NotFound

    # -- writing (each takes the one writer's lock, waits, then LibraryBusy)
    def writing(self) -> object: ...   # context manager: hold the lock and index once over several add() calls
    def save_collection(self, collection: Collection) -> None: ...
    def add(
        self, original: Path, name: str, articles: Sequence[Article], issues: Sequence[Issue],
        pictures: Sequence[Picture] = (),
    ) -> Accepted: ...
    def correct(self, article: Article, reason: str) -> Article: ...       # a new version of article.id
    def withdraw(self, article_id: str, reason: str) -> None: ...
    def reindex(self) -> int: ...

    # -- selections (the web basket is the selection named by the visitor; kept in order)
    def selection(self, name: str) -> tuple[str, ...]: ...     # article ids; empty if there is none
    def save_selection(self, name: str, article_ids: Sequence[str]) -> None: ...
    def selections(self) -> tuple[str, ...]: ...

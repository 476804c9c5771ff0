"""What an engine of one folder is put together from: what finds characters, and what ranks by words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from archive.text.segmentation import Segmenter

FORMS = ("written", "folded")
"""The two forms in which texts are kept and asked for."""

Files = Mapping[str, tuple[int, str]]
"""Size in bytes and SHA-256 of files, by name."""


class Occurrences(Protocol):
    """The characters of the articles of one literal index, as written and folded. `form` is one of FORMS; texts asked
    for are matching texts of that form.

    Made of the literal index's connection and folder. What is written becomes lasting with `commit`, just before the
    connection's own transaction does.
    """

    def begin(self) -> None:
        """Begin writing."""
        ...

    def commit(self) -> None:
        """Make lasting what was written."""
        ...

    def roll_back(self) -> None:
        """Forget what was written since `begin`."""
        ...

    def refresh(self) -> None:
        """See what has been committed since."""
        ...

    def consistent(self) -> bool:
        """Whether what is kept outside the connection's file belongs to its present state."""
        ...

    def put(self, key: int, number: int, written: str, folded: str) -> None:
        """Add an article under the number of this put, see `LiteralIndex`."""
        ...

    def remove(self, key: int, written: str, folded: str) -> None:
        """Forget an article that has these texts."""
        ...

    def standing(self, form: str, text: str) -> frozenset[int]:
        """The keys of the articles with this run of characters."""
        ...

    def close_together(self, form: str, texts: Sequence[str], distance: int) -> frozenset[int]:
        """The keys of the articles where these texts stand with at most `distance` characters from the end of any to
        the start of the last, in whatever order, and maybe more, all of which are to be looked at.
        """
        ...

    def times(self, form: str, text: str) -> int | None:
        """In how many places of all articles a text stands; None where that is not known without looking."""
        ...

    def optimize(self) -> None:
        """Make it compact; worth it after a rebuild."""
        ...

    def faults(self, connection: sqlite3.Connection) -> Iterator[str]:
        """What is wrong with any posting; `connection` is the literal index's, or one to a copy of its file."""
        ...

    def close(self) -> None:
        """Release files."""
        ...


class Ranking(Protocol):
    """Which of the articles found come first: the words of all articles, by the keys of the literal index."""

    def begin(self) -> None:
        """Begin a batch."""
        ...

    def put(self, key: int, folded: str, *, new: bool) -> None:
        """Add an article by its folded matching text, or replace the one with this key; `new` tells which."""
        ...

    def commit(self) -> int:
        """End the batch; the new generation."""
        ...

    def roll_back(self) -> None:
        """Forget the batch."""
        ...

    def refresh(self) -> None:
        """See what has been committed since."""
        ...

    def generation(self) -> int:
        """Another number after every commit, to tell whether both indexes belong together."""
        ...

    def count(self) -> int:
        """How many articles there are."""
        ...

    def files(self, known: Files) -> Files:
        """The files of the present state, forced to disk; those `known` already need not be read."""
        ...

    def incomplete(self, files: Files) -> bool:
        """Whether one of these files is not there or of another size."""
        ...

    def damaged(self, files: Files) -> list[str]:
        """The names of those of these files that are not there or of other content."""
        ...

    def read_all(self) -> None:
        """Read everything; raises something where that cannot be done."""
        ...

    def frequent_words(self) -> list[tuple[str, int]]:
        """The words of two characters and more, with how many texts have them; in a large library those of several."""
        ...

    def words(self, texts: Iterable[str]) -> list[str]:
        """The words to weigh for these query texts."""
        ...

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """About how many articles have each of these words in their text."""
        ...

    def best(self, words: Sequence[str], keys: Set[int], most: int, rank: Mapping[int, Any]) -> list[tuple[int, float]]:
        """The `most` highest-scoring of these articles as (key, score), best first; those without a word left out.

        `rank` has a place for every key; equal scores come in its order.
        """
        ...

    def close(self) -> None:
        """Release files."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """An engine's name and layout, and how what finds characters and what ranks are made.

    `occurrences` is called with the literal index's connection and folder, and whether to `create` it; `ranking` with
    a folder, a segmenter, the literal index and whether to create it.
    """

    name: str
    layout: str
    occurrences: Callable[..., Occurrences]
    ranking: Callable[[Path, Segmenter, Any, bool], Ranking]

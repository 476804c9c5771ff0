"""The file of samples by which like texts are found: derived, kept under `index/`, made anew whenever it is missing.

Nothing is taken out of the table of samples: an article that changes gets a new number, and samples under its old one
lead nowhere.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import sqrt
from pathlib import Path

from archive.model.errors import EngineError
from archive.support.files import why_unwritable
from archive.support.storage_errors import storage_errors, takes_nothing

FILE = "duplicates.sqlite"

_COMMON = 100  # a 4-gram in more texts than this is a formula and finds nobody
_PART = 500  # values named in one statement
_DEVIATIONS = 2.5  # standard deviations by which an estimate may fall short of the share asked for
_PATIENCE = 10.0  # seconds to wait for another process
_TABLES = """
CREATE TABLE made_with (version TEXT NOT NULL);
CREATE TABLE texts (number INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
                    content TEXT NOT NULL, samples BLOB NOT NULL);
CREATE INDEX texts_by_content ON texts (content);
CREATE TABLE samples (value INTEGER, number INTEGER, PRIMARY KEY (value, number)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of an article: `digest` of its version, `content` of its comparable text, and its samples."""

    article: str
    digest: str
    content: str
    samples: array[int]


class Signatures:
    """An open file of samples; to be closed. One thread's at a time, several processes' in turn."""

    def __init__(self, folder: Path | None, version: str) -> None:
        """Opens or makes the file in `folder`, or one in memory where nothing can be written there. EngineError.

        Another version's and a damaged one are made anew.
        """
        if folder and why_unwritable(folder if folder.exists() else folder.parent):
            folder = None
        self._file = folder / FILE if folder else Path(":memory:")
        with _failing_loudly(self._file):
            if folder:
                folder.mkdir(parents=True, exist_ok=True)
            try:
                self._connection = self._opened(version)
            except sqlite3.DatabaseError as fault:
                if isinstance(fault, sqlite3.OperationalError):  # busy, full, not permitted: a new file would not help
                    raise
                self._file.unlink()  # damaged
                self._connection = self._opened(version)
        self._common: frozenset[int] | None = None
        self._sizes: dict[int, int] | None = None

    def _opened(self, version: str) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None)
        try:
            # A power cut may cost the file, which is made anew then; waiting for the disk is not worth it.
            connection.execute("PRAGMA synchronous = OFF")
            with suppress(sqlite3.OperationalError):
                if connection.execute("SELECT version FROM made_with").fetchall() == [(version,)]:
                    if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
                        raise sqlite3.DatabaseError("damaged")
                    return connection
            connection.execute("BEGIN IMMEDIATE")
            for name in ("made_with", "texts", "samples"):
                connection.execute(f"DROP TABLE IF EXISTS {name}")
            for statement in filter(str.strip, _TABLES.split(";")):
                connection.execute(statement)
            connection.execute("INSERT INTO made_with VALUES (?)", (version,))
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()

    def digests(self) -> Mapping[str, str]:
        """The articles in the file with the digest each had when it was added."""
        with _failing_loudly(self._file):
            return dict(self._connection.execute("SELECT article, digest FROM texts"))

    def add(self, signatures: Iterable[Signature]) -> None:
        """Adds articles, or puts them in the place of what was there of them; all or none."""
        with _failing_loudly(self._file):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                rows = [row for one in signatures for row in self._add(one)]
                self._connection.executemany("INSERT INTO samples VALUES (?, ?)", sorted(rows))
                self._connection.execute("COMMIT")
            except BaseException:
                self._sizes = None  # what was added is not there
                if self._connection.in_transaction:  # SQLite ends it itself where the disk is full
                    self._connection.execute("ROLLBACK")
                raise

    def _add(self, one: Signature) -> list[tuple[int, int]]:
        """The rows of samples still to be written, as (value, number)."""
        self._connection.execute("DELETE FROM texts WHERE article = ?", (one.article,))
        row = (one.article, one.digest, one.content, one.samples.tobytes())
        insertion = "INSERT INTO texts (article, digest, content, samples) VALUES (?, ?, ?, ?)"
        number = self._connection.execute(insertion, row).lastrowid
        assert number is not None
        if self._sizes is not None:
            self._sizes[number] = len(one.samples)
        return [(value, number) for value in one.samples]

    def number(self, article: str) -> int:
        """The number of an article, higher than those of all that were added before; 0 where it is not in the file."""
        with _failing_loudly(self._file):
            row = self._connection.execute("SELECT number FROM texts WHERE article = ?", (article,)).fetchone()
            return row[0] if row else 0

    def same(self, content: str, after: int = 0) -> list[str]:
        """The articles with this comparable text, of those with a higher number than `after`."""
        with _failing_loudly(self._file):
            query = "SELECT article FROM texts WHERE content = ? AND number > ? ORDER BY number"
            return [article for (article,) in self._connection.execute(query, (content, after))]

    def candidates(self, samples: array[int], share: float, after: int = 0) -> list[str]:
        """The articles that probably have at least `share` (0 to 1) of the shorter text in common, the likeliest first,
        of those with a higher number than `after`.

        Samples that more than a hundred texts share are formulas: nobody is found by them alone.
        """
        formulaic = self._formulas()
        rare = [value for value in samples if value not in formulaic]
        formulas = len(samples) - len(rare)  # may all be shared
        own, sizes = set(samples), self._all_sizes()
        counts: Counter[int] = Counter()
        with _failing_loudly(self._file):
            for values in _parts(rare):
                query = f"SELECT number FROM samples WHERE value IN ({','.join(map(str, values))}) AND number > ?"
                counts.update(chain.from_iterable(self._connection.execute(query, (after,))))
            # Most share a turn of phrase or two: what they are is not even read.
            near = [
                number
                for number, count in counts.items()
                if count > 1 and count + formulas >= _least(min(sizes.get(number, 0), len(samples)), share)
            ]
            likely = []
            for numbers in _parts(near):
                query = f"SELECT article, samples FROM texts WHERE number IN ({','.join(map(str, numbers))})"
                for article, packed in self._connection.execute(query):
                    fewer = min(len(packed) // samples.itemsize, len(samples))
                    shared = len(own.intersection(array("I", packed)))
                    if shared >= _least(fewer, share):
                        likely.append((-shared / fewer, article))
        return [article for _, article in sorted(likely)]

    def _all_sizes(self) -> Mapping[int, int]:
        """How many samples each text has; one that another process added since may be missing."""
        if self._sizes is None:
            with _failing_loudly(self._file):
                rows = self._connection.execute("SELECT number, length(samples) FROM texts")
                self._sizes = {number: length // array("I").itemsize for number, length in rows}
        return self._sizes

    def _formulas(self) -> frozenset[int]:
        if self._common is None:
            query = f"SELECT value FROM samples GROUP BY value HAVING count(*) > {_COMMON}"
            with _failing_loudly(self._file):
                self._common = frozenset(value for (value,) in self._connection.execute(query))
        return self._common


@cache
def _least(fewer: int, share: float) -> float:
    """How many of so many samples are shared at least by texts that have this share in common."""
    return fewer * share - _DEVIATIONS * sqrt(fewer * share * (1 - share))


def _parts(values: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), _PART):
        yield values[start : start + _PART]


@contextmanager
def _failing_loudly(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        if takes_nothing(error):
            with storage_errors(file, "查重没有做成"):
                raise
        hint = "这个文件只用来查重，可以删去，下次会自动重做"
        raise EngineError(f"查重时出错（{error}）", hint=hint, place=str(file)) from error

"""In which articles a run of characters stands, by SQLite FTS5 over code points.

Every character becomes one token, its code point in hexadecimal, so that a phrase query is a substring search for any
character whatever (〇, 𠮷, punctuation, white space). What is put waits to be written together, since FTS5 would make a
small segment of its index for every article as soon as another table is written to in between.

FTS5 deletes by being given exactly the text that was indexed; any other text leaves ghost hits. So that text is kept in
`texts`, only the literal index deletes, and the tables know it as their content, so that every posting can be checked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from archive.search.index.key_bits import listed
from archive.search.index.parts import FORMS

_TABLES = """
CREATE VIEW written_tokens (key, text) AS SELECT key, tokens(written) FROM texts;
CREATE VIEW folded_tokens (key, text) AS SELECT key, tokens(folded) FROM texts;
CREATE VIRTUAL TABLE written USING fts5 (text, content='written_tokens', content_rowid='key', tokenize='ascii');
CREATE VIRTUAL TABLE folded USING fts5 (text, content='folded_tokens', content_rowid='key', tokenize='ascii');
INSERT INTO written (written, rank) VALUES ('hashsize', 16000000);
INSERT INTO folded (folded, rank) VALUES ('hashsize', 16000000);
"""  # bytes of postings in memory before a segment is written: a build of few segments has little to merge

_WAITING = 1_000_000  # characters of texts that wait to be written


def tokens(text: str) -> str:
    """A token for every character, parted by blanks."""
    units = text.encode("utf-16-be", "surrogatepass")
    if len(units) == 2 * len(text):  # a unit each: made without a step of Python's for each character
        return units.hex(" ", 2)
    return " ".join([f"{ord(char):04x}" for char in text])


class FtsOccurrences:
    """Two FTS5 tables in the literal index's own file: its transactions are theirs."""

    def __init__(self, connection: Any, folder: Path, *, create: bool) -> None:
        self._connection = connection
        self._fresh: dict[int, tuple[str, str]] = {}  # what waits to be put and to be removed: texts by key
        self._gone: dict[int, tuple[str, str]] = {}
        self._size = 0
        connection.create_function("tokens", 1, tokens, deterministic=True)
        if create:
            connection.executescript(_TABLES)

    def begin(self) -> None:
        """Nothing more than the transaction that has begun."""

    def commit(self) -> None:
        """Write what waits; the transaction is about to end."""
        for form, texts in self._rows(self._gone):
            delete = f"INSERT INTO {form} ({form}, rowid, text) VALUES ('delete', ?, ?)"
            self._connection.executemany(delete, texts)
        for form, texts in self._rows(self._fresh):
            self._connection.executemany(f"INSERT INTO {form} (rowid, text) VALUES (?, ?)", texts)
        self.roll_back()

    @staticmethod
    def _rows(waiting: dict[int, tuple[str, str]]) -> Iterator[tuple[str, Iterator[tuple[int, str]]]]:
        """By form, the rows in ascending order: FTS5 writes out what it has whenever a key is lower."""
        for at, form in enumerate(FORMS):
            yield form, ((key, tokens(waiting[key][at])) for key in sorted(waiting))

    def roll_back(self) -> None:
        """Forget what waits; the transaction is about to end."""
        self._fresh.clear()
        self._gone.clear()
        self._size = 0

    def refresh(self) -> None:
        """A transaction sees its own state."""

    def consistent(self) -> bool:
        """There is nothing outside the file."""
        return True

    def put(self, key: int, number: int, written: str, folded: str) -> None:
        """Two rows of the article's key."""
        self._fresh[key] = written, folded
        self._size += len(written)
        if self._size >= _WAITING:
            self.commit()

    def remove(self, key: int, written: str, folded: str) -> None:
        """By the texts that were put."""
        if self._fresh.pop(key, None) is None:
            self._gone[key] = written, folded

    def standing(self, form: str, text: str) -> frozenset[int]:
        """By a phrase."""
        return self._matching(form, f'"{tokens(text)}"')

    def close_together(self, form: str, texts: Sequence[str], distance: int) -> frozenset[int]:
        """By NEAR, which does not see where blocks end."""
        phrases = " ".join(f'"{tokens(text)}"' for text in texts)
        return self._matching(form, f"NEAR({phrases}, {distance})")

    def _matching(self, form: str, expression: str) -> frozenset[int]:
        statement = f"SELECT group_concat(rowid) FROM {form} WHERE {form} MATCH ?"
        ((keys,),) = self._connection.execute(statement, (expression,))
        return listed(keys)

    def times(self, form: str, char: str) -> int | None:
        """FTS5 counts them."""
        self._connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{form}_times USING fts5vocab (main, {form}, row)"
        )
        row = self._connection.execute(f"SELECT cnt FROM {form}_times WHERE term = ?", (tokens(char),)).fetchone()
        return int(row[0]) if row else 0

    def optimize(self) -> None:
        """Merge the tables' segments."""
        for form in FORMS:
            self._connection.execute(f"INSERT INTO {form} ({form}) VALUES ('optimize')")

    def faults(self, connection: sqlite3.Connection) -> Iterator[str]:
        """Every posting is compared with the texts; raises what SQLite does where one is wrong."""
        connection.create_function("tokens", 1, tokens, deterministic=True)
        for form in FORMS:
            connection.execute(f"INSERT INTO {form} ({form}, rank) VALUES ('integrity-check', 1)")
        yield from ()

    def close(self) -> None:
        """Nothing of its own."""

"""In which articles a run of characters stands, by SQLite FTS5 over pairs of code points.

Every character becomes one token, its code point and that of the next one in hexadecimal, so that a phrase query is a
substring search for any characters whatever (〇, 𠮷, punctuation, white space). Pairs have few places where characters
have many, and those are what a lookup takes its time for. A single character is the beginning of a token, for which
FTS5 keeps an index of its own. What is put waits to be written together, since FTS5 would make a small segment of its
index for every article as soon as another table is written to in between.

FTS5 deletes by being given exactly the text that was indexed; any other text leaves ghost hits. So that text is kept in
`texts`, only the literal index deletes, and the tables know it as their content, so that every posting can be checked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from operator import add
from pathlib import Path
from typing import Any

from archive.search.index.key_bits import listed
from archive.search.index.parts import FORMS

_TABLES = """
CREATE VIEW written_tokens (key, text) AS SELECT key, tokens(written) FROM texts;
CREATE VIEW folded_tokens (key, text) AS SELECT key, tokens(folded) FROM texts;
CREATE VIRTUAL TABLE written USING fts5 (
    text, content='written_tokens', content_rowid='key', tokenize='ascii', prefix=4
);
CREATE VIRTUAL TABLE folded USING fts5 (
    text, content='folded_tokens', content_rowid='key', tokenize='ascii', prefix=4
);
INSERT INTO written (written, rank) VALUES ('hashsize', 16000000);
INSERT INTO folded (folded, rank) VALUES ('hashsize', 16000000);
"""  # bytes of postings in memory before a segment is written: a build of few segments has little to merge

_WAITING = 1_000_000  # characters of texts that wait to be written


def tokens(text: str) -> str:
    """A token for every character, parted by blanks: four digits for it and four for the next, where there is one."""
    units = text.encode("utf-16-be", "surrogatepass")
    if len(units) == 2 * len(text):  # a unit each: most made without a step of Python's for each character
        digits = units.hex()
        return " ".join([digits[at : at + 8] for at in range(0, len(digits), 4)])
    characters = [_digits(char) for char in text]
    return " ".join(map(add, characters, [*characters[1:], ""]))


def _digits(char: str) -> str:
    """A character beyond the first plane has more, and a letter before them, so that none begins like another."""
    return f"{ord(char):04x}" if char <= "\uffff" else f"g{ord(char):06x}"


def _phrase(text: str) -> str:
    """What finds a text: all its tokens but the last, which goes on in many ways."""
    if len(text) == 1:
        return f'"{_digits(text)}" *'
    return f'"{tokens(text).rpartition(" ")[0]}"'


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
        return self._matching(form, _phrase(text))

    def close_together(self, form: str, texts: Sequence[str], distance: int) -> frozenset[int]:
        """By NEAR, which does not see where blocks end; a token farther, since a text has one more than its phrase."""
        return self._matching(form, f"NEAR({' '.join(map(_phrase, texts))}, {distance + 1})")

    def _matching(self, form: str, expression: str) -> frozenset[int]:
        statement = f"SELECT group_concat(rowid) FROM {form} WHERE {form} MATCH ?"
        ((keys,),) = self._connection.execute(statement, (expression,))
        return listed(keys)

    def times(self, form: str, text: str) -> int | None:
        """FTS5 counts characters and pairs of different ones."""
        if len(text) > 2 or text[:1] == text[1:]:
            return None
        self._connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{form}_times USING fts5vocab (main, {form}, row)"
        )
        first = "".join(map(_digits, text))
        last = first if len(text) == 2 else f"{first}h"  # after every token that begins so
        statement = f"SELECT ifnull(sum(cnt), 0) FROM {form}_times WHERE term BETWEEN ? AND ?"
        return int(self._connection.execute(statement, (first, last)).fetchone()[0])

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

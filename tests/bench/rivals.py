"""What else could answer the questions of table.py: each with its build and as many of the questions as it knows.

A question that a rival has no method for is none it can answer. Texts are those of the articles, a paragraph a line.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

_PAGE = 20
DEEP = 99 * _PAGE  # the page 100 begins after so many


@dataclass(frozen=True, slots=True)
class Text:
    """An article as every rival takes it: its Julian day, its decade, and title and paragraphs parted by line feeds."""

    day: int
    decade: int
    author: str
    text: str


def spans(text: str, wanted: str) -> list[int]:
    """Where it stands: what a page of passages needs at the least."""
    found, at = [], text.find(wanted)
    while at >= 0:
        found.append(at)
        at = text.find(wanted, at + len(wanted))
    return found


class Scan:
    """Looks through every text, one after the other, in C."""

    name: ClassVar = "scan"

    def __init__(self, _folder: Path, texts: Sequence[Text]) -> None:
        self._texts = texts

    def literal(self, text: str) -> int:
        return sum(text in one.text for one in self._texts)

    def page(self, text: str) -> int:
        found = [one for one in self._texts if text in one.text]
        return sum(len(spans(one.text, text)) for one in found[:_PAGE])

    def both(self, one: str, other: str) -> int:
        return sum(one in each.text and other in each.text for each in self._texts)

    def either(self, one: str, other: str) -> int:
        return sum(one in each.text or other in each.text for each in self._texts)

    def own_period(self, first: int, last: int) -> int:
        return sum(first <= each.day <= last for each in self._texts)

    def word_in_own_period(self, text: str, first: int, last: int) -> int:
        return sum(first <= each.day <= last and text in each.text for each in self._texts)

    def facets(self, text: str) -> int:
        return len(Counter((each.decade, each.author) for each in self._texts if text in each.text))


class Hex:
    """SQLite FTS5 over code points in hexadecimal, and nothing else."""

    name: ClassVar = "FTS5"

    def __init__(self, folder: Path, texts: Sequence[Text]) -> None:
        folder.mkdir(parents=True)
        self._connection = sqlite3.connect(folder / "hex.sqlite", isolation_level=None)
        self._connection.executescript(
            "CREATE VIRTUAL TABLE hex USING fts5 (text, content='', tokenize='ascii');"
            "CREATE TABLE texts (key INTEGER PRIMARY KEY, text TEXT)"
        )
        self._connection.execute("BEGIN")
        for key, one in enumerate(texts):
            self._connection.execute("INSERT INTO hex (rowid, text) VALUES (?, ?)", (key, _hex(one.text)))
            self._connection.execute("INSERT INTO texts VALUES (?, ?)", (key, one.text))
        self._connection.execute("COMMIT")

    def _ids(self, expression: str, most: int = -1) -> list[int]:
        statement = "SELECT rowid FROM hex WHERE hex MATCH ? LIMIT ?"
        return [key for (key,) in self._connection.execute(statement, (expression, most))]

    def literal(self, text: str) -> int:
        return len(self._ids(f'"{_hex(text)}"'))

    def page(self, text: str) -> int:
        found = self._ids(f'"{_hex(text)}"')[:_PAGE]
        marks = ",".join("?" * len(found))
        rows = self._connection.execute(f"SELECT text FROM texts WHERE key IN ({marks})", found)
        return sum(len(spans(held, text)) for (held,) in rows)

    def both(self, one: str, other: str) -> int:
        return len(self._ids(f'"{_hex(one)}" AND "{_hex(other)}"'))

    def either(self, one: str, other: str) -> int:
        return len(self._ids(f'"{_hex(one)}" OR "{_hex(other)}"'))

    def near(self, one: str, other: str) -> int:
        return len(self._ids(f'NEAR("{_hex(one)}" "{_hex(other)}", 10)'))

    wildcard = near


def _hex(text: str) -> str:
    return "".join(f"{ord(char):x} " for char in text)


class Tantivy:
    """tantivy with a token a character: the floor. An extra of the tests only."""

    name: ClassVar = "tantivy"

    def __init__(self, folder: Path, texts: Sequence[Text]) -> None:
        import tantivy

        folder.mkdir(parents=True)
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("text", tokenizer_name="whitespace", index_option="position")
        schema.add_integer_field("key", stored=True, fast=True, indexed=True)
        schema.add_integer_field("day", fast=True, indexed=True)
        schema.add_integer_field("decade", fast=True, indexed=True)
        self._schema = schema.build()
        self._index = tantivy.Index(self._schema, path=str(folder))
        writer = self._index.writer(heap_size=128_000_000, num_threads=1)
        for key, one in enumerate(texts):
            document = tantivy.Document()
            document.add_text("text", " ".join(one.text.replace("\n", "\x1e").replace(" ", "\x1f")))
            document.add_integer("key", key)
            document.add_integer("day", one.day)
            document.add_integer("decade", one.decade)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._texts = texts
        self._tantivy: Any = tantivy

    def _phrase(self, text: str) -> Any:
        query, characters = self._tantivy.Query, list(text.replace(" ", "\x1f"))
        if len(characters) == 1:
            return query.term_query(self._schema, "text", characters[0], index_option="position")
        return query.phrase_query(self._schema, "text", list(enumerate(characters)))

    def _days(self, first: int, last: int) -> Any:
        kind = self._tantivy.FieldType.Integer
        return self._tantivy.Query.range_query(self._schema, "day", kind, first, last)

    def _all(self, *queries: Any) -> Any:
        must = self._tantivy.Occur.Must
        return self._tantivy.Query.boolean_query([(must, query) for query in queries])

    def _top(self, query: Any, offset: int = 0) -> tuple[int, list[int]]:
        searcher = self._index.searcher()
        found: Any = searcher.search(query, _PAGE, count=True, offset=offset)
        return found.count, [searcher.doc(address)["key"][0] for _, address in found.hits]

    def literal(self, text: str) -> int:
        return self._top(self._phrase(text))[0]

    def page(self, text: str) -> int:
        return sum(len(spans(self._texts[key].text, text)) for key in self._top(self._phrase(text))[1])

    def deep_page(self, text: str) -> int:
        return len(self._top(self._phrase(text), DEEP)[1])

    def everything(self) -> int:
        return self._top(self._tantivy.Query.all_query())[0]

    def both(self, one: str, other: str) -> int:
        return self._top(self._all(self._phrase(one), self._phrase(other)))[0]

    def either(self, one: str, other: str) -> int:
        should = self._tantivy.Occur.Should
        sides = [(should, self._phrase(one)), (should, self._phrase(other))]
        return self._top(self._tantivy.Query.boolean_query(sides))[0]

    def own_period(self, first: int, last: int) -> int:
        return self._top(self._days(first, last))[0]

    def word_in_own_period(self, text: str, first: int, last: int) -> int:
        return self._top(self._all(self._phrase(text), self._days(first, last)))[0]

    def facets(self, text: str) -> int:
        searcher = self._index.searcher()
        counted = searcher.aggregate(self._phrase(text), {"decade": {"terms": {"field": "decade", "size": 40}}})
        return len(counted["decade"]["buckets"])

    timeline = facets


class Jieba:
    """Whoosh as its makers meant it, with jieba's ChineseAnalyzer: fast, and blind to most of what is asked."""

    name: ClassVar = "Whoosh + ChineseAnalyzer"

    def __init__(self, folder: Path, texts: Sequence[Text]) -> None:
        from jieba.analyse import ChineseAnalyzer  # type: ignore[import-untyped]
        from whoosh import fields, index, query

        folder.mkdir(parents=True)
        schema = fields.Schema(
            key=fields.STORED, text=fields.TEXT(analyzer=ChineseAnalyzer()), day=fields.NUMERIC(int, bits=64)
        )
        made = index.create_in(str(folder), schema)
        writer = made.writer(limitmb=128)
        for key, one in enumerate(texts):
            writer.add_document(key=key, text=one.text, day=one.day)
        writer.commit()
        self._searcher = made.searcher()
        self._analyzer = ChineseAnalyzer()
        self._query = query
        self._texts = texts

    def _words(self, text: str) -> Any:
        words = [token.text for token in self._analyzer(text, mode="query")]
        return (
            self._query.Phrase("text", words)
            if len(words) > 1
            else self._query.And([self._query.Term("text", word) for word in words])
        )

    def _top(self, query: Any) -> Any:
        return self._searcher.search(query, limit=_PAGE)

    def literal(self, text: str) -> int:
        return len(self._top(self._words(text)))

    def page(self, text: str) -> int:
        return sum(len(spans(self._texts[hit["key"]].text, text)) for hit in self._top(self._words(text)))

    def both(self, one: str, other: str) -> int:
        return len(self._top(self._query.And([self._words(one), self._words(other)])))

    def either(self, one: str, other: str) -> int:
        return len(self._top(self._query.Or([self._words(one), self._words(other)])))

    def own_period(self, first: int, last: int) -> int:
        return len(self._top(self._query.NumericRange("day", first, last)))

    def word_in_own_period(self, text: str, first: int, last: int) -> int:
        return len(self._top(self._query.And([self._words(text), self._query.NumericRange("day", first, last)])))


RIVALS = (Tantivy, Hex, Jieba, Scan)
"""The columns of the table after our own."""

"""The parts of an engine for a large machine: tantivy finds characters and ranks words, SQLite keeps everything else.

Each put of an article is a document of its own, by the number of that put. SQLite knows which numbers stand for
articles now, and decides: a document whose number has passed is passed over, and deleted by the batch after the one
that replaced it. So a reader whose state of SQLite is one commit behind still finds the documents it needs.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise
from pathlib import Path
from typing import Any

import tantivy

from archive.search.index.embedded import EmbeddedEngine
from archive.search.index.literal import LAYOUT, LiteralIndex, lines
from archive.search.index.parts import FORMS, Files, Parts
from archive.support.files import never_ends, sha256_of
from archive.text.folding import fold
from archive.text.segmentation import Segmenter

_MEMORY = 128_000_000  # bytes that a batch fills before it is written out
_LARGE, _SEVERAL = 2000, 3  # as in ranking_index.py
_TITLE = 3.0  # weight of a word in the title
_WAYS = 60  # in which two texts may stand close together that are asked for one by one

_REPLACED = "CREATE TABLE replaced (number INTEGER PRIMARY KEY)"
"""Numbers of documents that the next batch deletes."""


class _Documents:
    """One tantivy folder of numbered documents, of which those count whose number stands in SQLite's `puts`."""

    def __init__(self, folder: Path, connection: Any, fields: Sequence[tuple[str, str]], *, create: bool) -> None:
        self.folder = folder
        self._connection = connection
        self._fields = fields
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("number", fast=True, indexed=True)
        for name, option in fields:
            builder.add_text_field(name, tokenizer_name="whitespace", index_option=option)
        self.schema = builder.build()
        if create:
            folder.mkdir(parents=True)
        elif not (folder / "meta.json").is_file() or any(map(never_ends, folder.iterdir())):
            raise ValueError("this is no folder of tantivy's")
        self._index = tantivy.Index(self.schema, path=str(folder))
        self._writer: Any = None
        self._keys: dict[int, int] = {}
        self._last = 0
        self.refresh()

    def refresh(self) -> None:
        """Take notice of what was committed, and of which numbers stand for which articles."""
        self._index.reload()
        self.searcher = self._index.searcher()
        rows = self._connection.execute("SELECT number, key FROM puts WHERE number > ?", (self._last,)).fetchall()
        changed = {key for _, key in rows}
        if changed:
            self._keys = {number: key for number, key in self._keys.items() if key not in changed}
            self._keys.update(rows)
            self._last = max(self._keys)

    def generation(self) -> int:
        """tantivy's own count of changes."""
        return int(_meta(self.folder)["opstamp"])

    def begin(self) -> None:
        self._writer = self._index.writer(heap_size=_MEMORY, num_threads=1)
        for (number,) in self._connection.execute("SELECT number FROM replaced").fetchall():
            self._writer.delete_documents_by_term("number", number)

    def add(self, number: int, texts: Mapping[str, str]) -> None:
        document = tantivy.Document()
        document.add_integer("number", number)
        for name, text in texts.items():
            document.add_text(name, text)
        self._writer.add_document(document)

    def commit(self) -> None:
        if self._writer is not None:
            self._writer.commit()
            self._writer.wait_merging_threads()
            self._writer = None

    def roll_back(self) -> None:
        if self._writer is not None:
            self._writer.rollback()
            self._writer = None

    def keys(self, query: Any) -> frozenset[int]:
        """The keys of the articles that a query finds."""
        most = max(1, self.searcher.num_docs)
        found = self.searcher.search(query, most, count=False, order_by_field="number", order=tantivy.Order.Asc)
        keys = self._keys
        return frozenset(keys[number] for number, _ in found.hits if number in keys)

    def scored(self, query: Any, most: int) -> list[tuple[int | None, float]]:
        """(key, score) of the `most` best documents, best first; no key where the number has passed."""
        hits = self.searcher.search(query, most, count=False).hits
        numbers = self.searcher.fast_field_values("number", [address for _, address in hits])
        return [(self._keys.get(int(number or 0)), score) for number, (score, _) in zip(numbers, hits, strict=True)]

    def all_numbers(self) -> set[int]:
        """The numbers of all documents that were not deleted."""
        most = max(1, self.searcher.num_docs)
        found = self.searcher.search(
            tantivy.Query.all_query(), most, count=False, order_by_field="number", order=tantivy.Order.Asc
        )
        return {number for number, _ in found.hits}

    def missing(self) -> int:
        """How many articles have no document."""
        return len(self._keys.keys() - self.all_numbers())

    def close(self) -> None:
        self.roll_back()


def _meta(folder: Path) -> Any:
    """What tantivy notes of its present state."""
    return json.loads((folder / "meta.json").read_bytes())


def _segments(folder: Path) -> set[str]:
    """The names of the files of its present state, without their endings."""
    return {segment["segment_id"].replace("-", "") for segment in _meta(folder)["segments"]}


def _tokens(text: str) -> str:
    """A token for every character; blanks, which would part tokens, by their code point."""
    return " ".join(map(_token, text))


def _token(char: str) -> str:
    return f"{ord(char):x}_" if char.isspace() or char in _ODD else char


_ODD = frozenset("\x1c\x1d\x1e\x1f\x85\u180e\u200b\ufeff")  # what one reader or another takes for a blank


class TantivyOccurrences:
    """Characters with their places, as written and folded."""

    def __init__(self, connection: Any, folder: Path, *, create: bool) -> None:
        if create:
            connection.execute(_REPLACED)
        fields = [(form, "position") for form in FORMS]
        self._connection = connection
        self._documents = _Documents(folder / "characters", connection, fields, create=create)

    def begin(self) -> None:
        """Delete what earlier batches replaced."""
        self._documents.begin()

    def commit(self) -> None:
        """Before SQLite, which notes the state that belongs to it."""
        self._documents.commit()
        note = "INSERT OR REPLACE INTO info VALUES ('characters', ?)"
        self._connection.execute(note, (str(self._documents.generation()),))

    def roll_back(self) -> None:
        """Nothing of it is kept."""
        self._documents.roll_back()

    def refresh(self) -> None:
        """See what has been committed since."""
        self._documents.refresh()

    def consistent(self) -> bool:
        """Whether SQLite knows this state, and every article has its document."""
        noted = self._connection.execute("SELECT value FROM info WHERE name = 'characters'").fetchone()
        return noted == (str(self._documents.generation()),) and not self._documents.missing()

    def put(self, key: int, number: int, written: str, folded: str) -> None:
        """A document of this number."""
        self._documents.add(number, {"written": _tokens(written), "folded": _tokens(folded)})

    def remove(self, key: int, written: str, folded: str) -> None:
        """The next batch will delete it."""
        self._connection.execute("INSERT INTO replaced SELECT number FROM puts WHERE key = ?", (key,))

    def standing(self, form: str, text: str) -> frozenset[int]:
        """By a phrase."""
        return self._documents.keys(self._phrase(form, list(enumerate(text))))

    def close_together(self, form: str, texts: Sequence[str], distance: int) -> frozenset[int]:
        """By phrases with gaps, one for each distance; where that is many, by the texts alone."""
        pairs = list(pairwise(texts)) or [(texts[0], texts[0])]
        if any(len(one) + len(other) + 2 * distance > _WAYS for one, other in pairs):
            return self._documents.keys(_every(self._phrase(form, list(enumerate(text))) for text in texts))
        return self._documents.keys(_every(self._pair(form, one, other, distance) for one, other in pairs))

    def _pair(self, form: str, one: str, other: str, distance: int) -> Any:
        """Finds both, the second beginning at each place from before the first on where it may."""
        ways = []
        for at in range(-len(other) - distance, len(one) + distance + 1):
            characters = dict(enumerate(one))
            if all(characters.setdefault(at + place, char) == char for place, char in enumerate(other)):
                least = min(characters)
                ways.append(self._phrase(form, sorted((place - least, char) for place, char in characters.items())))
        should = tantivy.Occur.Should
        return tantivy.Query.boolean_query([(should, way) for way in ways])

    def _phrase(self, form: str, characters: Sequence[tuple[int, str]]) -> Any:
        schema = self._documents.schema
        words: list[str | tuple[int, str]] = [(place, _token(char)) for place, char in characters]
        if len(words) == 1:
            return tantivy.Query.term_query(schema, form, _token(characters[0][1]), index_option="basic")
        return tantivy.Query.phrase_query(schema, form, words)

    def times(self, form: str, text: str) -> int | None:
        """tantivy does not tell."""
        return None

    def optimize(self) -> None:
        """tantivy merges by itself."""

    def faults(self, connection: sqlite3.Connection) -> Iterator[str]:
        """The files have checksums; see `TantivyRanking.damaged`."""
        if missing := self._documents.missing():
            yield f"{missing} articles without characters"

    def close(self) -> None:
        """Release files."""
        self._documents.close()


def _every(queries: Iterable[Any]) -> Any:
    must = tantivy.Occur.Must
    return tantivy.Query.boolean_query([(must, query) for query in queries])


class TantivyRanking:
    """BM25 over jieba words."""

    def __init__(self, folder: Path, segmenter: Segmenter, literal: LiteralIndex, create: bool) -> None:
        self._segmenter = segmenter
        self._literal = literal
        self._folders = (folder.parent / "characters", folder)
        fields = [("title", "freq"), ("body", "freq")]
        self._documents = _Documents(folder, literal.connection, fields, create=create)

    def begin(self) -> None:
        """Delete what earlier batches replaced; that is then gone from both folders."""
        self._documents.begin()
        self._literal.connection.execute("DELETE FROM replaced")

    def put(self, key: int, folded: str, *, new: bool) -> None:
        """A document of the number that the literal index has just given."""
        title, _, body = lines(folded).partition("\n")
        words = {name: " ".join(self._cut(text)) for name, text in (("title", title), ("body", body))}
        self._documents.add(self._literal.last_put(), words)

    def _cut(self, text: str) -> list[str]:
        return [word for word in self._segmenter.index_words(text) if not word.isspace()]

    def commit(self) -> int:
        """End the batch; the new generation."""
        self._documents.commit()
        return self.generation()

    def roll_back(self) -> None:
        """Nothing of it is kept."""
        self._documents.roll_back()

    def refresh(self) -> None:
        """See what has been committed since."""
        self._documents.refresh()

    def generation(self) -> int:
        """tantivy's own count of changes."""
        return self._documents.generation()

    def count(self) -> int:
        """Articles with a document."""
        return self._literal.count() - self._documents.missing()

    def files(self, known: Files) -> Files:
        """Those of the characters too; tantivy itself forces them to disk."""
        found = {}
        for folder in self._folders:
            segments = _segments(folder)
            for file in folder.iterdir():
                name = f"{folder.name}/{file.name}"
                if file.name == "meta.json":
                    found[name] = (file.stat().st_size, sha256_of(file))
                elif file.name.partition(".")[0] in segments:
                    found[name] = known.get(name) or (file.stat().st_size, sha256_of(file))
        return found

    def incomplete(self, files: Files) -> bool:
        """Whether one of these files is not there or of another size."""
        return any(self._size(name) != size for name, (size, _) in files.items())

    def damaged(self, files: Files) -> list[str]:
        """Reads them whole."""
        return [
            name
            for name, (size, sha256) in files.items()
            if self._size(name) != size or sha256_of(self._file(name)) != sha256
        ]

    def _file(self, name: str) -> Path:
        return self._folders[0].parent / name

    def _size(self, name: str) -> int:
        return self._file(name).stat().st_size if self._file(name).is_file() else -1

    def read_all(self) -> None:
        """The checksums of the files are those that were noted: there is nothing more to find."""

    def frequent_words(self) -> list[tuple[str, int]]:
        """Of the texts, as tantivy counts them."""
        least = _SEVERAL if self._literal.count() > _LARGE else 1
        found = self._documents.searcher.terms_with_prefix("body", "")
        return [(word, count) for word, count in found if count >= least and len(word) > 1]

    def words(self, texts: Iterable[str]) -> list[str]:
        """The words to weigh for these query texts."""
        return list(dict.fromkeys(word for text in texts for word in self._cut(fold(text).text)))

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """Articles replaced by the last batch included."""
        return {word: self._documents.searcher.doc_freq("body", word) for word in words}

    def best(self, words: Sequence[str], keys: Set[int], most: int, rank: Mapping[int, Any]) -> list[tuple[int, float]]:
        """Ever more of tantivy's best documents are looked at, until enough of them are among `keys`."""
        query, looked_at = self._weighing(words), 2 * most + 64
        while words and most > 0:
            scored = self._documents.scored(query, looked_at)
            whole = len(scored) < looked_at
            least = 0.0 if whole else scored[-1][1]  # of equals at the end some may not have been looked at
            found = [(key, score) for key, score in scored if key in keys and key is not None and score > least]
            if whole or len(found) >= most:
                return sorted(found, key=lambda one: (-one[1], rank[one[0]]))[:most]
            looked_at *= 8
        return []

    def _weighing(self, words: Sequence[str]) -> Any:
        """In a large library a word of more than half the articles is weighed in titles alone, as `WordScores` does."""
        query, schema, articles = tantivy.Query, self._documents.schema, self._literal.count()
        usual = articles / 2 if articles > _LARGE else articles
        weighed = []
        for word in words:
            title = query.term_query(schema, "title", word, index_option="freq")
            weighed.append((tantivy.Occur.Should, query.boost_query(title, _TITLE)))
            if self._documents.searcher.doc_freq("body", word) <= usual:
                weighed.append((tantivy.Occur.Should, query.term_query(schema, "body", word, index_option="freq")))
        return query.boolean_query(weighed)

    def close(self) -> None:
        """Release files."""
        self._documents.close()


TANTIVY = Parts("tantivy", f"{LAYOUT} tantivy 1", TantivyOccurrences, TantivyRanking)


def tantivy_engine(folder: Path, segmenter: Segmenter) -> EmbeddedEngine:
    """An engine of these parts."""
    return EmbeddedEngine(folder, segmenter, TANTIVY)

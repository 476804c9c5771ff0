"""What occurs where, and what is known of each article: one SQLite file, and beside it the characters of all texts.

`parts.Occurrences` says in which articles a run of characters stands. Blocks of an article are joined by a character no
query can contain, another one where a section begins, so a phrase never crosses from one to the next. Text as written
and text folded are kept both, because both are asked for all the time and either would otherwise have to be verified on
stored text. What articles are described by stands beside it: each value of a field once, with the articles that have
it.

Every put of an article has a number of its own, higher than all before, and the article keeps its key.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from archive.model.records import Article, Mention
from archive.model.search import Search, Timeline
from archive.search.index import periods
from archive.search.index.facts import Facts, decoded, encoded
from archive.search.index.fts_occurrences import FtsOccurrences
from archive.search.index.parts import FORMS, Occurrences
from archive.search.index.periods import Meeting
from archive.search.matching import APART, named_values, starts_section
from archive.search.query import Query
from archive.support import sqlite_file
from archive.support.cancellation import raise_if_cancelled
from archive.text.folding import changed_forms, fold

LAYOUT = "15"  # raise when tables or their meaning change: indexes of another layout are rebuilt
SECTION, SEPARATOR = tuple(APART)  # between sections and between other blocks; neither text nor query contains them
_BUSY_SECONDS = 10
_WHOLE, _FEW = 8, 200
"""A text of up to so many characters is looked up whole; of a longer one parts, until few articles are left to look at.
Each character of a phrase costs as much as all of its places, and eight of them hardly ever stand by chance.
"""

_REMEMBERED = 400_000  # articles of texts looked up that are remembered, 20 MB: one question asks for many texts twice
_KEPT = (
    10_000_000  # characters of texts that are kept at hand, 20 MB: what is asked for again is read many times faster
)

_AT_ONCE = 1000  # articles whose facts are decoded together: their texts are not needed for longer
_LOOK = 64  # texts between two looks whether the answer is still wanted

_TABLES = """
CREATE TABLE info (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE articles (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, facts TEXT NOT NULL);
CREATE TABLE puts (number INTEGER PRIMARY KEY AUTOINCREMENT, key INTEGER NOT NULL UNIQUE);
CREATE TABLE texts (key INTEGER PRIMARY KEY, written TEXT NOT NULL, folded TEXT NOT NULL);
CREATE TABLE field_values (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, written TEXT NOT NULL, folded TEXT NOT NULL, UNIQUE (name, written)
);
CREATE TABLE described (value INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (value, key)) WITHOUT ROWID;
CREATE INDEX described_by_key ON described (key);
"""


_UP_TO = "iif(instr({0}, '{1}'), substr({0}, 1, instr({0}, '{1}') - 1), {0})"
_TITLES = (
    f"SELECT key, {_UP_TO.format('head', SECTION)}"
    f" FROM (SELECT key, {_UP_TO.format('{0}', SEPARATOR)} AS head FROM texts)"
)


def matching_text(article: Article) -> str:
    """The article's units as written, joined."""
    return _joined(article, lambda text: text)


def folded_text(article: Article) -> str:
    """The same folded."""
    return _folded(article, set())


def lines(text: str) -> str:
    """A matching text with each of its blocks on a line of its own."""
    return text.replace(SECTION, "\n").replace(SEPARATOR, "\n")


def _joined(article: Article, form: Callable[[str], str]) -> str:
    """The article's units in some form, the title first, each with what parts it from the one before."""
    (_, title), *rest = article.units()
    parts = (f"{SECTION if starts_section(article, index) else SEPARATOR}{form(text)}" for index, text in rest)
    return form(title) + "".join(parts)


def _folded(article: Article, changed: set[str]) -> str:
    """The article's units folded, joined; adds to `changed` what folding changed."""

    def form(text: str) -> str:
        folded = fold(text)
        changed.update(changed_forms(text))
        changed.update(folded.text[max(0, cut - 1) : cut + 1] for cut, _ in folded.cuts)
        return folded.text

    return _joined(article, form)


class LiteralIndex:
    """One SQLite file. Methods that write leave committing to the caller (`commit`, `roll_back`)."""

    def __init__(
        self, file: Path, *, create: bool = False, occurrences: Callable[..., Occurrences] = FtsOccurrences
    ) -> None:
        self.connection = sqlite_file.connect(file, _BUSY_SECONDS)
        # Of one state of the index: texts and titles by key, as written or not; keys by what was asked, oldest first.
        self._texts: dict[bool, dict[int, str]] = {True: {}, False: {}}
        self._titles: dict[bool, dict[int, str]] = {}
        self._found: dict[tuple[bool, int, tuple[str, ...]], frozenset[int]] = {}
        self._room, self._held = _KEPT, 0
        self._value_ids: dict[tuple[str, str], int] = {}  # of one transaction: ids of values of fields
        self.unwritable = self.connection.unwritable
        try:
            self.connection.execute("PRAGMA synchronous = FULL")  # the pending list is cleared right after a commit
            if create:
                self.connection.executescript(_TABLES + periods.TABLES)
            self._occurrences = occurrences(self.connection, file.parent, create=create)
            # Folded characters, and pairs round a dropped space, that somewhere stand for another way of writing.
            self._changed = self._noted_changes()
        except BaseException:
            self.connection.close()
            raise

    def close(self) -> None:
        """Release files."""
        self._occurrences.close()
        self.connection.close()

    # -- transactions: reading sees one state, writing is all or nothing
    def begin(self, *, write: bool = False) -> None:
        """Begin; a reader's view is fixed from its first look on, a writer is alone and knows what others wrote."""
        self.connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        if write:
            self._forget_texts()
            self._changed = self._noted_changes()
            self._value_ids.clear()
            self._occurrences.begin()

    def write_out(self) -> None:
        """Make lasting what is kept outside the file; the file itself follows with `commit`."""
        self._occurrences.commit()

    def commit(self) -> None:
        """End what `begin` began."""
        self.note("changed", json.dumps(sorted(self._changed), ensure_ascii=False))
        self.write_out()
        self.connection.execute("COMMIT")

    def roll_back(self) -> None:
        """Undo what has been written since `begin`."""
        self._occurrences.roll_back()
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    # -- what the index says of itself
    def info(self, name: str) -> str:
        """A value noted before, or an empty string."""
        row = self.connection.execute("SELECT value FROM info WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def note(self, name: str, value: str) -> None:
        """Note a value."""
        self.connection.execute("INSERT OR REPLACE INTO info VALUES (?, ?)", (name, value))

    def refresh(self, changed: Collection[int] | None = None) -> None:
        """Take notice of what others have committed; `changed` are the keys put since, where that is known."""
        self._changed = self._noted_changes()
        self._forget_texts(changed)
        self._occurrences.refresh()

    def consistent(self) -> bool:
        """Whether all of it is of one state."""
        return self._occurrences.consistent()

    def facts(self, keys: Collection[int] | None = None) -> dict[int, Facts]:
        """What is known of each of these articles, or of all, by key."""
        if keys is None:
            rows = self.connection.execute("SELECT key, facts FROM articles")
        else:
            few = "SELECT key, facts FROM articles WHERE key IN (SELECT value FROM json_each(?))"
            rows = self.connection.execute(few, (json.dumps(list(keys)),))
        found: dict[int, Facts] = {}
        while part := rows.fetchmany(_AT_ONCE):
            found.update(zip([key for key, _ in part], decoded(facts for _, facts in part), strict=True))
        return found

    def _noted_changes(self) -> set[str]:
        return set(json.loads(self.info("changed") or "[]"))

    def last_put(self) -> int:
        """The number of the last article put; each gets a higher one."""
        return int(self.connection.execute("SELECT ifnull(max(number), 0) FROM puts").fetchone()[0])

    def put_since(self, number: int) -> set[int]:
        """The keys of the articles put after that of this number."""
        return {key for (key,) in self.connection.execute("SELECT key FROM puts WHERE number > ?", (number,))}

    def count(self) -> int:
        """How many articles there are."""
        return int(self.connection.execute("SELECT count(*) FROM articles").fetchone()[0])

    # -- writing
    def put(self, article: Article, mentions: Sequence[Mention]) -> tuple[int, str]:
        """Add or replace an article; its key, which never changes, and its folded matching text."""
        key = self.key(article.id)
        if key is None:
            key = self._insert("INSERT INTO articles (id, facts) VALUES (?, ?)", article.id, encoded(Facts.of(article)))
        else:
            self._remove(key)
            self._insert("UPDATE articles SET facts = ? WHERE key = ?", encoded(Facts.of(article)), key)
        written = matching_text(article)
        folded = _folded(article, self._changed)
        self._insert("INSERT INTO texts VALUES (?, ?, ?)", key, written, folded)
        number = self._insert("INSERT OR REPLACE INTO puts (key) VALUES (?)", key)
        self._occurrences.put(key, number, written, folded)
        for name, value in set(named_values(article)):
            self._insert("INSERT INTO described VALUES (?, ?)", self._value(name, value), key)
        periods.put(self.connection, key, article, mentions)
        return key, folded

    def _value(self, name: str, value: str) -> int:
        """The id of a value of a field, which is noted once for all articles."""
        if (name, value) not in self._value_ids:
            self._insert("INSERT OR IGNORE INTO field_values VALUES (NULL, ?, ?, ?)", name, value, fold(value).text)
            row = self.connection.execute(
                "SELECT id FROM field_values WHERE name = ? AND written = ?", (name, value)
            ).fetchone()
            self._value_ids[name, value] = row[0]
        return self._value_ids[name, value]

    def varies(self, text: str) -> bool:
        """Whether this folded text may stand somewhere in another form than it is written in here.

        If not, looking it up folded and as written gives the same articles, and once is enough.
        """
        pairs = map("".join, pairwise(text))
        return any(char in self._changed for char in text) or any(pair in self._changed for pair in pairs)

    def key(self, article_id: str) -> int | None:
        """The key of an article that is in the index."""
        row = self.connection.execute("SELECT key FROM articles WHERE id = ?", (article_id,)).fetchone()
        return row[0] if row else None

    def _remove(self, key: int) -> None:
        ((written, folded),) = self.connection.execute("SELECT written, folded FROM texts WHERE key = ?", (key,))
        self._occurrences.remove(key, written, folded)
        self._insert("DELETE FROM texts WHERE key = ?", key)
        self._insert("DELETE FROM described WHERE key = ?", key)
        periods.remove(self.connection, key)

    def _insert(self, statement: str, *values: object) -> int:
        return self.connection.execute(statement, values).lastrowid or 0

    def optimize(self) -> None:
        """Make it compact; worth it after a rebuild."""
        self._occurrences.optimize()

    # -- asking
    def standing(self, text: str, *, written: bool) -> frozenset[int]:
        """The keys of the articles where the (already folded, unless written) text stands within one block."""
        if len(text) <= _WHOLE:
            return self._asked(written, text)
        found: frozenset[int] | None = None
        for at in range(0, len(text), _WHOLE):
            part = self._asked(written, text[at : at + _WHOLE])
            found = part if found is None else found & part
            if len(found) <= _FEW:
                break
        return frozenset(key for key, held in self.matching_texts(found or (), written=written) if text in held)

    def standing_times(self, text: str, *, written: bool) -> int | None:
        """In how many places of all articles a (folded, unless written) text stands; None where that is not known
        without looking.
        """
        return self._occurrences.times(_form(written), text)

    def close_together(self, texts: Sequence[str], distance: int, *, written: bool) -> frozenset[int]:
        """The keys of the articles where these texts stand with at most `distance` characters from the end of any to
        the start of the last, in whatever order; some of them across blocks, so that they are to be looked at.
        """
        return self._asked(written, *texts, distance=distance)

    def _asked(self, written: bool, *texts: str, distance: int = 0) -> frozenset[int]:
        asked = written, distance, texts
        kept = self._found.pop(asked, None)
        if kept is None:
            raise_if_cancelled()
            if len(texts) == 1:
                kept = self._occurrences.standing(_form(written), *texts)
            else:
                kept = self._occurrences.close_together(_form(written), texts, distance)
            self._held += len(kept) + 1
        self._found[asked] = kept
        while self._held > _REMEMBERED:
            self._held -= len(self._found.pop(next(iter(self._found)))) + 1
        return kept

    def described(self, name: str, text: str, *, written: bool) -> set[int]:
        """The keys of the articles with a value of this field that has the (already folded, unless written) text."""
        column = "written" if written else "folded"
        statement = f"SELECT key FROM field_values JOIN described ON value = id WHERE name = ? AND instr({column}, ?)"
        return {key for (key,) in self.connection.execute(statement, (name, text))}

    def field_names(self, keys: Set[int]) -> frozenset[str]:
        """The names of the fields that some of these articles has a value of."""
        names = self.connection.execute("SELECT DISTINCT name FROM field_values").fetchall()
        statement = "SELECT key FROM field_values JOIN described ON value = id WHERE name = ?"
        held = ((name, self.connection.execute(statement, (name,))) for (name,) in names)
        return frozenset(name for name, found in held if any(key in keys for (key,) in found))

    def matching_texts(self, keys: Iterable[int], *, written: bool) -> Iterator[tuple[int, str]]:
        """The whole matching text of these articles, blocks parted by `APART`."""
        column = "written" if written else "folded"
        texts, missing = self._texts[written], []
        for at, key in enumerate(keys):
            if not at % _LOOK:
                raise_if_cancelled()
            if text := texts.get(key):
                yield key, text
            else:
                missing.append(key)
        statement = f"SELECT key, {column} FROM texts WHERE key IN (SELECT value FROM json_each(?))"
        for at, (key, text) in enumerate(self.connection.execute(statement, (json.dumps(missing),)) if missing else ()):
            if not at % _LOOK:
                raise_if_cancelled()
            if len(text) <= self._room:
                self._room -= len(text)
                texts[key] = text
            yield key, text

    def title_texts(self, *, written: bool) -> Mapping[int, str]:
        """The matching texts of all titles, by key."""
        if written not in self._titles:
            self._titles[written] = dict(self.connection.execute(_TITLES.format("written" if written else "folded")))
        return self._titles[written]

    def _forget_texts(self, changed: Collection[int] | None = None) -> None:
        """All that is at hand of one state, but for the texts of articles that have not changed."""
        for texts in self._texts.values():
            for key in list(texts) if changed is None else changed:
                self._room += len(texts.pop(key, ""))
        self._titles.clear()
        self._found.clear()
        self._held = 0

    def blocks(self, keys: Iterable[int], *, written: bool) -> Iterator[tuple[int, list[str]]]:
        """The matching text of these articles, a string a block; the title comes first."""
        for key, text in self.matching_texts(keys, written=written):
            yield key, text.replace(SECTION, SEPARATOR).split(SEPARATOR)

    def titles(self) -> Iterator[str]:
        """The title of every article."""
        return (title for _, title in self.connection.execute(_TITLES.format("written")))

    # -- checking
    def ids(self) -> set[str]:
        """The ids of all articles."""
        return {id for (id,) in self.connection.execute("SELECT id FROM articles")}

    def holds(self, article: Article, mentions: Sequence[Mention]) -> bool:
        """Whether everything noted of an article is what `put` would note."""
        key = self.key(article.id)
        row = self.connection.execute(
            "SELECT facts, written, folded FROM articles JOIN texts USING (key) WHERE key = ?", (key,)
        ).fetchone()
        values = self.connection.execute(
            "SELECT name, written, folded FROM described JOIN field_values ON value = id WHERE key = ?", (key,)
        )
        changed: set[str] = set()
        return (
            key is not None
            and row == (encoded(Facts.of(article)), matching_text(article), _folded(article, changed))
            and changed <= self._changed
            and set(values) == {(name, value, fold(value).text) for name, value in named_values(article)}
            and periods.holds(self.connection, key, article, mentions)
        )

    def faults(self) -> Iterator[str]:
        """What SQLite finds wrong with the file and with any posting, and rows of no article. To be called while
        writing, where the file can be written to.
        """
        if self.unwritable is not None:
            with tempfile.TemporaryDirectory(prefix="wenshi-check-", ignore_cleanup_errors=True) as folder:
                file = Path(folder, "literal.sqlite")
                with closing(sqlite3.connect(file)) as copy:
                    self.connection.backup(copy)
                with closing(sqlite3.connect(file, isolation_level=None)) as copy:
                    yield from list(self._faults_in(copy))
        else:
            yield from self._faults_in(self.connection)

    def _faults_in(self, connection: sqlite3.Connection) -> Iterator[str]:
        try:
            yield from (str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok")
            for table in ("texts", "described", "periods"):
                statement = f"SELECT count(*) FROM {table} WHERE key NOT IN (SELECT key FROM articles)"
                if connection.execute(statement).fetchone()[0]:
                    yield f"{table}: rows of no article"
            yield from self._occurrences.faults(connection)
        except sqlite3.DatabaseError as failure:
            yield str(failure)

    def dated(self, query: Query) -> Meeting:
        """The articles with a date that meets the query's period."""
        return periods.find(self.connection, query)

    def units_met(self, query: Query, keys: Set[int]) -> dict[int, set[int]]:
        """By key, the searched blocks (counted from 0) of these articles that hold a date which meets the period."""
        return periods.units_met(self.connection, query, keys)

    def all_dates(
        self, origins: tuple[int, ...], keys: Collection[int] | None = None
    ) -> Iterable[tuple[int, int, int]]:
        """(key, first day, last day) of all dates of these origins, or of those in these articles."""
        return periods.all_dates(self.connection, origins, keys)

    def having_dates(self, search: Search) -> set[int]:
        """The keys of the articles with a date that the search looks at."""
        return periods.having_dates(self.connection, search)

    def over_time(self, query: Query, keys: Collection[int]) -> Timeline:
        """Count these articles by the dates that the query looks at and that meet its period."""
        return periods.over_time(self.connection, query, keys)


def _form(written: bool) -> str:
    return FORMS[not written]

"""A list of names counted in one go: how often each stands in every volume or decade, those that stand nowhere too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.catalogue.authority import Authority, NameKind, key
from archive.model.access import Rights
from archive.model.errors import UsageError
from archive.model.search import LONGEST_QUERY, Search
from archive.search.counts import Division, Part, part_label, part_of, part_order
from archive.search.heading import Heading, heading, write_under
from archive.search.index.engine import Engine
from archive.search.index.facts import Tally
from archive.search.query import Query
from archive.store import Store
from archive.support.cancellation import raise_if_cancelled

MOST = 1_000
"""Names of a list."""

_PARTED = re.compile(r"\s*[；;、,，|\t]\s*")


@dataclass(frozen=True, slots=True)
class Term:
    """A name and all forms it is counted in, itself the first."""

    name: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermRow:
    """`places` places in `articles` articles, and so many in each part, by the query `text`.

    `every` counts also what is part of a longer form of the list, as 李明 in 李明山.
    """

    term: Term
    text: str
    every: int
    places: int
    articles: int
    cells: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TermTable:
    """A row a term, a cell a part: `parts` are the filters that give just this part, `labels` their names."""

    parts: tuple[Part, ...]
    labels: tuple[str, ...]
    rows: tuple[TermRow, ...]


def read_terms(text: str) -> tuple[Term, ...]:
    """A name a line, its other forms behind it, parted by ； 、 ， or a tab. Raises UsageError."""
    given = (
        tuple(dict.fromkeys(form for form in _PARTED.split(line.strip().replace('"', "")) if _stands(form)))
        for line in text.splitlines()
    )
    return checked_terms([Term(forms[0], forms) for forms in given if forms])


def named_terms(authority: Authority, kind: NameKind) -> tuple[Term, ...]:
    """The names of a kind with all their forms; bearers of one name together. Raises UsageError."""
    forms: dict[str, dict[str, None]] = {}
    for name in authority.names:
        if name.kind is kind:
            forms.setdefault(name.preferred, {}).update(dict.fromkeys(name.forms))
    return checked_terms([Term(name, tuple(known)) for name, known in forms.items()])


def checked_terms(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The terms, each once. Raises UsageError where there are none or too many."""
    if not terms:
        raise UsageError("名单是空的", hint="一行写一个名称，别名写在同一行，用“；”隔开")
    if len(terms) > MOST:
        raise UsageError(f"名单有 {len(terms)} 行，一次最多 {MOST} 行", hint="分成几次来数")
    return tuple(dict.fromkeys(terms))


def _stands(form: str) -> bool:
    return any(map(str.isalnum, form))


class TermLists:
    """For somebody with these rights; `understand` reads a search as a query."""

    def __init__(self, store: Store, engine: Engine, rights: Rights, understand: Callable[[Search], Query]) -> None:
        """For `Session` only."""
        self._store = store
        self._engine = engine
        self._rights = rights
        self._understand = understand

    def table(self, terms: Sequence[Term], search: Search, division: Division) -> TermTable:
        """Count the terms within the search's filters; its text is of no account. Raises what `Session.search` does."""
        texts = list(_texts(terms))
        counted = [self._parts(search.but(text=text), division) for _, text, _ in texts]
        parts = tuple(sorted(self._parts(search.but(text=""), division), key=part_order))
        titles = {one.id: one.title for one in self._store.collections(None)}
        rows = []
        for (term, text, loose), tallies in zip(texts, counted, strict=True):
            places = sum(tally.places for tally in tallies.values())
            rows.append(
                TermRow(
                    term=term,
                    text=text,
                    every=places if loose == text else self._every(search.but(text=loose)),
                    places=places,
                    articles=sum(tally.found for tally in tallies.values()),
                    cells=tuple(tallies.get(part, Tally()).places for part in parts),
                )
            )
        return TermTable(parts, tuple(part_label(part, titles) for part in parts), tuple(rows))

    def heading(self, search: Search) -> Heading:
        """What a file of the table says of itself."""
        said = heading(self._understand(search.but(text="")), self._rights, self._store, self._engine)
        return tuple(pair for pair in said if pair[0] in ("时期", "范围", "日期", "程序", "库的状态"))

    def _parts(self, search: Search, division: Division) -> Mapping[Part, Tally]:
        raise_if_cancelled()
        found: dict[Part, Tally] = {}
        for profile, tally in self._engine.tallies(self._understand(search), self._rights).items():
            part = part_of(profile, division)
            found[part] = found.get(part, Tally()).plus(tally)
        return found

    def _every(self, search: Search) -> int:
        return sum(tally.places for tally in self._engine.tallies(self._understand(search), self._rights).values())


def _texts(terms: Sequence[Term]) -> Iterator[tuple[Term, str, str]]:
    """Each term with the query that counts it where it is part of no longer form, and the one that counts it always."""
    every = dict.fromkeys(key(form) for term in terms for form in term.forms)
    inside: dict[str, list[str]] = {}
    for whole in every:
        parts = {whole[start:end] for start in range(len(whole)) for end in range(start + 1, len(whole) + 1)}
        for part in parts & every.keys() - {whole}:
            inside.setdefault(part, []).append(whole)
    for term in terms:
        strict = " OR ".join(
            " EXCEPT ".join(f'"{one}"' for one in (form, *inside.get(key(form), ()))) for form in term.forms
        )
        if len(strict) > LONGEST_QUERY:
            raise UsageError(f"“{term.name[:20]}”的写法太多，数不了", hint="把它的写法分成两行")
        yield term, strict, " OR ".join(f'"{form}"' for form in term.forms)


def write_table(table: TermTable, heading: Heading, file: Path) -> None:
    """Write it as .xlsx or .csv. Raises StorageError."""
    header = ("名称", "写法", "全部", "去重", "篇数", *table.labels)
    rows = [cells(row) for row in table.rows]
    about = (*heading, ("全部", "连更长的名称里的也算"), ("去重", "更长的名称里的不算；各栏都是去重的处数"))
    write_under(about, "名单", header, rows, file)


def cells(row: TermRow) -> tuple[str, ...]:
    """Name, forms, all places, places, articles, and the places of each part."""
    return (row.term.name, "；".join(row.term.forms), *map(str, (row.every, row.places, row.articles, *row.cells)))

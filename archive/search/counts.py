"""What stands beside a list of hits: names, frequencies, and what changed since an address was made."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from archive.catalogue.authority import Authority, NameKind, key
from archive.model.access import Rights
from archive.model.saved import Changes
from archive.model.search import FacetCount, Search
from archive.search.conditions import NAME_FACETS, bearer, meant, name_trees
from archive.search.facet_labels import label
from archive.search.heading import Heading, heading
from archive.search.index.engine import Engine
from archive.search.index.facts import Profile, Tally
from archive.search.query import Query
from archive.store import Store

_FEW_PLACES, _FEW_LETTERS = 5, 20_000  # below either a frequency says little


class Division(enum.StrEnum):
    """What frequencies are divided by."""

    COLLECTION = "collection"
    VOLUME = "volume"
    DECADE = "decade"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often something stands in a part of what was looked at.

    `articles` were looked at, with `letters` characters that are neither punctuation nor blanks: the denominator;
    `found` of them have it, in `places` places. `chosen` are the filters of `Search` that give just this part, empty
    where there is no such filter (undated articles, articles without 栏目 or 辑).
    """

    label: str
    chosen: tuple[tuple[str, str], ...]
    articles: int
    letters: int
    found: int
    places: int

    @property
    def per_ten_thousand(self) -> float | None:
        """Places per 10,000 letters; None where there are no letters."""
        return 10_000 * self.places / self.letters if self.letters else None

    @property
    def small(self) -> bool:
        """Whether there is too little of it to be compared: under 5 places or 20,000 letters."""
        return self.places < _FEW_PLACES or self.letters < _FEW_LETTERS


@dataclass(frozen=True, slots=True)
class Frequencies:
    """The parts in order, those where nothing was found too, and all of them together."""

    parts: tuple[Frequency, ...]
    whole: Frequency


@dataclass(frozen=True, slots=True)
class ChangesSince:
    """What changed since a moment in all of the library, and of that what the search finds or found."""

    moment: str
    library: Changes
    here: Changes


class Counts:
    """For somebody with these rights; `understand` reads a search as a query."""

    def __init__(
        self, store: Store, engine: Engine, authority: Authority, rights: Rights, understand: Callable[[Search], Query]
    ) -> None:
        """For `Session` only."""
        self._store = store
        self._engine = engine
        self._authority = authority
        self._rights = rights
        self._understand = understand

    def names(self, search: Search) -> Mapping[str, tuple[FacetCount, ...]]:
        """The people and places of the office's authority that stand in what is found, as facets: most frequent first.

        Each facet counts as if nothing had been chosen of it. Raises what `Session.search` does.
        """
        query = self._understand(search)
        found = {}
        for facet, kind in NAME_FACETS.items():
            names, within = name_trees(self._authority, kind), query.without(facet)
            counts = self._engine.counts(within, self._rights.in_use, names.counted)
            several = dict(zip(names.by_name, counts, strict=True))
            apart = tuple(self._told_apart(within, facet, kind, several))
            split = {bearer(one.value)[0] for one in apart}
            named = (
                FacetCount(name, f"{name}（不论哪一个）" if name in split else name, count)
                for name, count in several.items()
                if count
            )
            found[facet] = tuple(sorted((*named, *apart), key=lambda one: (-one.count, one.value)))
        return found

    def _told_apart(
        self, within: Query, facet: str, kind: NameKind, several: Mapping[str, int]
    ) -> Iterator[FacetCount]:
        """Each of those who share a name with others, of whom somebody has decided where they are meant."""
        for number, articles in sorted(self._store.names.settled().items()):
            name = self._authority.by_record.get(number)
            if name is None or name.kind is not kind or not several.get(name.preferred):
                continue
            if any(len(self._authority.by_form[key(form)]) > 1 for form in name.forms):
                condition = (facet, meant(self._authority, name, articles))
                asked = replace(within, conditions=(*within.conditions, condition))
                if count := len(self._engine.ids(asked, self._rights.in_use)):
                    yield FacetCount(f"{name.preferred}#{number}", self._authority.told_apart(name), count)

    def frequencies(self, search: Search, division: Division) -> Frequencies:
        """Places per 10,000 characters, within the filters, the period, the scope and the rights.

        Raises what `Session.search` does.
        """
        tallies = self._engine.tallies(self._understand(search), self._rights.in_use)
        titles = {one.id: one.title for one in self._store.collections(None)}
        grouped: dict[Part, Tally] = {}
        for profile, tally in tallies.items():
            part = part_of(profile, division)
            grouped[part] = grouped.get(part, Tally()).plus(tally)
        parts = tuple(_frequency(part, grouped[part], titles) for part in sorted(grouped, key=part_order))
        whole = Tally()
        for tally in grouped.values():
            whole = whole.plus(tally)
        return Frequencies(parts, Frequency("合计", (), *whole))

    def heading(self, search: Search) -> Heading:
        """What a table of the counts of a search says of itself. Raises what `Session.search` does."""
        return heading(self._understand(search), self._rights.in_use, self._store, self._engine)

    def moment(self) -> str:
        """The moment of the last change of what may be seen: what an address carries that is to stay comparable."""
        return self._store.changes.latest(self._rights.in_use)

    def since(self, search: Search, moment: str) -> ChangesSince:
        """What changed since such a moment. Raises what `Session.search` does."""
        library = self._store.changes.since(moment, self._rights)
        if not library:
            return ChangesSince(moment, library, library)
        found = self._engine.ids(self._understand(search), self._rights)

        def of(ids: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(id for id in ids if id in found)

        return ChangesSince(moment, library, Changes(of(library.new), of(library.changed), of(library.withdrawn)))


Part = tuple[tuple[str, str], ...]
"""The filters, as (name, value), that give just this part of what was looked at; an empty value is none."""


def part_of(profile: Profile, division: Division) -> Part:
    """The part that articles of this profile belong to."""
    return tuple(_filters(profile, division))


def _filters(profile: Profile, division: Division) -> Iterator[tuple[str, str]]:
    collection, volume, section, _, decade, _ = profile
    match division:
        case Division.COLLECTION:
            yield "collection", collection
        case Division.VOLUME:
            yield "collection", collection
            yield "volume", volume
        case Division.SECTION:
            yield "section", section
        case Division.DECADE:
            yield "decade", "" if decade is None else str(decade)


def part_order(part: Part) -> tuple[object, ...]:
    """Decades from early to late, all else by value; what has no value comes last."""
    return tuple((not value, int(value) if name == "decade" and value else 0, value) for name, value in part)


_NONE = {"volume": "（无辑次）", "section": "（无栏目）", "decade": "（成文日期不详）"}


def part_label(part: Part, titles: Mapping[str, str]) -> str:
    """What a part is called."""
    return " ".join(label(name, value, titles) if value else _NONE.get(name, "") for name, value in part)


def _frequency(part: Part, tally: Tally, titles: Mapping[str, str]) -> Frequency:
    return Frequency(part_label(part, titles), part if all(value for _, value in part) else (), *tally)

"""People, places and bodies by the forms they go by: what searching, indexes and proofreading ask of the records.

Each has one preferred form, the other forms found in print, and what tells bearers of one name apart. The records
themselves, with all that is known, are in the store: see archive/model/name_records.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from archive.model.name_records import NameKind as NameKind
from archive.model.name_records import NameRecord
from archive.store import Store
from archive.store.name_rows import HeldNames
from archive.text.folding import fold
from archive.text.form_finder import FormFinder

_SHORT_NOTE = 12  # characters of a note that stands behind a name


@dataclass(frozen=True, slots=True)
class Name:
    """One person, place or body. `aliases` are other forms in print, none of them the preferred one.

    `dates` is what the office writes: years of birth and death, of founding and end. `record` is the key of its record,
    0 for a name without one.
    """

    kind: NameKind
    preferred: str
    aliases: tuple[str, ...] = ()
    dates: str = ""
    note: str = ""
    record: int = field(default=0, compare=False)

    @classmethod
    def of(cls, record: NameRecord) -> Name:
        """The name of a record."""
        return cls(record.kind, record.preferred, record.aliases, record.dates, record.note, record.key)

    @property
    def forms(self) -> tuple[str, ...]:
        """The preferred form and the aliases."""
        return self.preferred, *self.aliases


@dataclass(frozen=True)
class Authority:
    """All names of an office, in the order their records were made."""

    names: tuple[Name, ...] = ()

    @classmethod
    def of(cls, store: Store) -> Authority:
        """The names of a library; one and the same object until one is changed, so that what is kept for it holds."""
        return _authority(store.names.held())

    def find(self, form: str, kind: NameKind | None = None) -> tuple[Name, ...]:
        """The names with this form, those that prefer it first; several where the form is ambiguous.

        Traditional and simplified forms, and padding inside a name, make no difference.
        """
        wanted = key(form)
        found = [name for name in self.by_form.get(wanted, ()) if kind in (None, name.kind)]
        return tuple(sorted(found, key=lambda name: key(name.preferred) != wanted))

    @cached_property
    def by_form(self) -> Mapping[str, tuple[Name, ...]]:
        """Every form as `key` gives it, with the names that have it."""
        found: dict[str, list[Name]] = {}
        for name in self.names:
            for form in dict.fromkeys(map(key, name.forms)):
                found.setdefault(form, []).append(name)
        return {form: tuple(names) for form, names in found.items()}

    @cached_property
    def by_record(self) -> Mapping[int, Name]:
        """The names by the key of their record; those without one left out."""
        return {name.record: name for name in self.names if name.record}

    def told_apart(self, name: Name) -> str:
        """The preferred form with what tells it from others of the same: 李明（1890—1950）."""
        note = name.note if len(name.note) <= _SHORT_NOTE else ""
        return f"{name.preferred}（{name.dates or note or f'编号 {name.record}'}）"

    @cached_property
    def finder(self) -> FormFinder[int]:
        """Finds the forms of all names in texts; owners are the keys of records."""
        return FormFinder((form, name.record) for name in self.names for form in name.forms)


@lru_cache(maxsize=8)
def _authority(held: HeldNames) -> Authority:
    return Authority(tuple(Name.of(one) for one in held.records.values() if not (one.merged_into or one.removed)))


def key(form: str) -> str:
    """The form folded (see `archive.text.folding`) and without padding: equal for two forms that count as one."""
    return fold(form.strip()).text

"""What a search chooses beside its words, as conditions of its query: people, places, a scope.

A person or place is found where one of its forms in the office's authority stands, unless what stands there is part of
a longer name: 李明 is not found in 李明山 where both are in the authority. Places are found within names of bodies
(沙坡头 in 沙坡头治沙站), people are not (中山 in 中山中学).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from archive.catalogue.authority import Authority, NameKind, key
from archive.model.name_records import NameRecord
from archive.model.search import Search
from archive.search.query import Condition, Counted, Except, Or, Phrase, Query

NAME_FACETS = {"person": NameKind.PERSON, "place": NameKind.PLACE}
"""The filters of `Search` that choose names, with the kind of name."""


def conditions(
    search: Search, authority: Authority, scope: Callable[[str], Condition]
) -> Iterator[tuple[str, Condition]]:
    """The conditions by the field of `Search` they come from; `scope` tells what a scope's name means.

    A name that is no longer in the authority is found where it stands.
    """
    for facet, kind in NAME_FACETS.items():
        if chosen := getattr(search, facet):
            known = name_trees(authority, kind).by_name
            yield facet, Query(tree=Or(tuple(known.get(name) or Phrase(name) for name in chosen)))
    if search.scope:
        yield "scope", scope(search.scope)


@dataclass(frozen=True, slots=True)
class NameTrees:
    """What finds each name of a kind, by its preferred form; `counted` has the trees in the order of the names."""

    by_name: Mapping[str, Or]
    counted: Counted


@lru_cache(8)
def name_trees(authority: Authority, kind: NameKind) -> NameTrees:
    """The names of a kind; bearers of one name are found together."""
    wholes = _wholes(authority, kind)
    forms: dict[str, dict[str, None]] = {}
    for name in authority.names:
        if name.kind is kind:
            forms.setdefault(name.preferred, {}).update(dict.fromkeys(name.forms))
    trees = {preferred: Or(tuple(_leaf(form, wholes) for form in known)) for preferred, known in forms.items()}
    return NameTrees(trees, Counted(tuple(trees.values())))


def tree_of(authority: Authority, record: NameRecord) -> Or:
    """What finds the forms of a record; one of a single character only where it has no other."""
    wholes = _wholes(authority, record.kind)
    forms = [form for form in (record.preferred, *record.aliases) if len(key(form)) > 1] or [record.preferred]
    return Or(tuple(_leaf(form, wholes) for form in forms))


def _leaf(form: str, wholes: Mapping[str, tuple[Phrase, ...]]) -> Phrase | Except:
    longer = wholes.get(key(form))
    return Except(Phrase(form), longer) if longer else Phrase(form)


@lru_cache(8)
def _wholes(authority: Authority, kind: NameKind) -> Mapping[str, tuple[Phrase, ...]]:
    """For every form the longer forms it is part of, among those that take it away from a name of this kind."""
    taking = [name for name in authority.names if kind is NameKind.PERSON or name.kind is not NameKind.BODY]
    every = {key(form) for name in authority.names if name.kind is kind for form in name.forms}
    found: dict[str, dict[Phrase, None]] = {}
    for whole in dict.fromkeys(key(form) for name in taking for form in name.forms):
        for start in range(len(whole)):
            for end in range(start + 1, len(whole) + 1):
                if end - start < len(whole) and whole[start:end] in every:
                    found.setdefault(whole[start:end], {})[Phrase(whole)] = None
    return {form: tuple(phrases) for form, phrases in found.items()}

"""What a search chooses beside its words, as conditions of its query: people, places, a scope.

A person or place is found where one of its forms in the office's authority stands, unless what stands there is part of
a longer name: 李明 is not found in 李明山 where both are in the authority. Places are found within names of bodies
(沙坡头 in 沙坡头治沙站), people are not (中山 in 中山中学).

One of several who bear a name is chosen by the number of its record, 李明#3: found where a form stands that is this
one's alone, and of the forms it shares where somebody decided that it is meant. The bare name finds them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from archive.catalogue.authority import Authority, Name, NameKind, key
from archive.model.name_records import NameRecord
from archive.model.search import Search
from archive.search.query import Among, Condition, Counted, Either, Except, Or, Phrase, Query

NAME_FACETS = {"person": NameKind.PERSON, "place": NameKind.PLACE}
"""The filters of `Search` that choose names, with the kind of name."""


Settled = Callable[[], Mapping[int, frozenset[str]]]
"""Tells for each record the articles where somebody decided that it is meant."""


def conditions(
    search: Search, authority: Authority, scope: Callable[[str], Condition], settled: Settled
) -> Iterator[tuple[str, Condition]]:
    """The conditions by the field of `Search` they come from; `scope` tells what a scope's name means.

    A name that is no longer in the authority is found where it stands; of a record that is no more, its bare name is.
    """
    for facet, kind in NAME_FACETS.items():
        if chosen := getattr(search, facet):
            known, found = name_trees(authority, kind).by_name, list[Condition]()
            trees: list[Phrase | Or] = []
            for value in chosen:
                name, number = bearer(value)
                one = authority.by_record.get(number)
                if one is not None and one.kind is kind:
                    found.append(meant(authority, one, settled().get(number, frozenset())))
                else:
                    trees.append(known.get(name) or Phrase(name))
            if trees:
                found.append(Query(tree=Or(tuple(trees))))
            yield facet, found[0] if len(found) == 1 else Either(tuple(found))
    if search.scope:
        yield "scope", scope(search.scope)


def bearer(value: str) -> tuple[str, int]:
    """The name, and the number of the record where one of its bearers is chosen, else 0: of a value of a name facet."""
    name, _, number = value.rpartition("#")
    return (name, int(number)) if name and number.isdecimal() and len(number) < 10 else (value, 0)


def meant(authority: Authority, name: Name, articles: frozenset[str]) -> Condition:
    """Where one of several bearers is meant: `articles` are those where somebody decided so."""
    wholes, own, shared = _wholes(authority, name.kind), list[Phrase | Except](), list[Phrase | Except]()
    for form in name.forms:
        (shared if len(authority.by_form[key(form)]) > 1 else own).append(_leaf(form, wholes))
    found = [Query(tree=Or(tuple(own)))] if own else []
    if shared:
        found.append(Query(tree=Or(tuple(shared)), conditions=(("decided", Among(articles)),)))
    return Either(tuple(found))


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

"""Names that descriptions and rosters use and the office has not listed yet, for it to pick from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.catalogue.authority import Authority, NameKind, key
from archive.catalogue.fields import values
from archive.catalogue.roster import tenures
from archive.catalogue.roster.person_names import plausible
from archive.model.records import Article, Genre, Role

_BODY = re.compile(
    r"(?:组|委员会|委|局|办|办公室|社|公司|馆|会|院|校|学|部|处|科|所|站|厂|队|府|政协|人大|中心|集团|银行)$"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name with how often it was met, in all and by where: (人物, 3), (作者, 1)."""

    kind: NameKind
    form: str
    count: int
    places: tuple[tuple[str, int], ...]


def candidates(articles: Iterable[Article], authority: Authority) -> tuple[Candidate, ...]:
    """What the articles name and the authority does not have in any form, the most frequent first.

    Forms that count as one (張三, 张　三) are one candidate, called by the more frequent form.
    """
    forms: dict[tuple[NameKind, str], Counter[str]] = {}
    places: dict[tuple[NameKind, str], Counter[str]] = {}
    for article in articles:
        for kind, form, where in _named(article):
            wanted = key(form)
            if not wanted or wanted in authority.by_form:
                continue
            forms.setdefault((kind, wanted), Counter())[form] += 1
            places.setdefault((kind, wanted), Counter())[where] += 1
    found = [
        Candidate(kind, met.most_common(1)[0][0], met.total(), tuple(places[kind, wanted].most_common()))
        for (kind, wanted), met in forms.items()
    ]
    return tuple(sorted(found, key=lambda one: (list(NameKind).index(one.kind), -one.count, one.form)))


def _named(article: Article) -> Iterator[tuple[NameKind, str, str]]:
    """Kind, form and where it was met, for every name in an article's description and list of posts."""
    for where, kind in (("人物", NameKind.PERSON), ("地域", NameKind.PLACE)):
        for value in values(article, where):
            yield kind, _closed_up(value), where
    for person in article.people:
        name = _closed_up(person.name)
        if _is_body(name):
            yield NameKind.BODY, name, person.role.value
        elif plausible(name) or person.role is not Role.SUPPLIER:
            yield NameKind.PERSON, name, person.role.value
    if article.genre is Genre.TERM:
        held = tenures(article)
        for tenure in held:
            if tenure.person and plausible(tenure.person):
                yield NameKind.PERSON, tenure.person, "任职"
        bodies = dict.fromkeys(tenure.body for tenure in held if tenure.body)
        yield from ((NameKind.BODY, body, "任职") for body in bodies)


def _closed_up(form: str) -> str:
    return "".join(form.split()) if not form.isascii() else form.strip()


def _is_body(name: str) -> bool:
    return len(name) > 3 and bool(_BODY.search(name))

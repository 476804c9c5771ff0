"""The few facts about each article that filters, facets and sorting need, apart from its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from archive.dates import decade_of
from archive.model.access import Rights
from archive.model.records import Access, Article, Genre, Kind, Status
from archive.model.search import Search, Sort, Source

_UNDATED = 1 << 40  # sorts after every Julian day
_UNCOUNTED = re.compile(r"[\W_]+")
_CONTENTS = re.compile(r"\s*(?:总\s*)?目\s*[录錄次]\s*")
_LISTED_FOR_THEMSELVES = re.compile(r"编\s*委|编\s*辑|版\s*权|名\s*单|勘\s*误|[致鸣]\s*谢")
_SENTENCE = re.compile(r"[。；]")


class Facts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One article's values, in JSON a list. Those of a whole library are read for its first search, so by msgspec.

    `first` is the first Julian day of its own date, None where open or undated.

    `characters` counts those of its searched text, `letters` those that are neither punctuation nor blanks: what
    frequencies go by.
    """

    id: str
    collection: str
    volume: str
    section: str
    authors: tuple[str, ...]
    number: int
    status: Status
    access: Access
    decade: int | None
    first: int | None
    characters: int
    genre: Genre
    letters: int
    page: bool

    @property
    def matter(self) -> bool:
        """Whether it is front or back matter of a volume."""
        return self.genre is Genre.MATTER

    @classmethod
    def of(cls, article: Article) -> Facts:
        """Take them from an article."""
        return cls(
            id=article.id,
            collection=article.collection,
            volume=article.volume,
            section="" if article.genre is Genre.ENTRY else article.section,  # the years of a chronicle are no 栏目
            authors=tuple(dict.fromkeys(person.name for person in article.people)),
            number=article.number,
            status=article.status,
            access=article.access,
            decade=decade_of(article.date) if article.date else None,
            first=article.date.start if article.date else None,
            characters=sum(len(text) for _, text in article.units()),
            genre=article.genre,
            letters=sum(len(_UNCOUNTED.sub("", text)) for _, text in article.units()),
            page=_is_page(article),
        )


def _is_page(article: Article) -> bool:
    """Whether it only names other texts: the cover, the contents, the page before a section."""
    if article.genre is not Genre.MATTER:
        return False
    title, *lines = (text for _, text in article.units())
    if not lines or any(map(_CONTENTS.fullmatch, (title, *lines))):
        return not any(block.kind is Kind.FIGURE for block in article.blocks)
    if any(map(_SENTENCE.search, lines)):
        return False
    cover = article.number == 1 and len(lines) > 1 and not _LISTED_FOR_THEMSELVES.search(title)
    return cover or title == article.section


def allowed(facts: Facts, search: Search, rights: Rights) -> bool:
    """Whether the asker may see the article and the chosen facets let it through (period apart)."""
    return rights.cover(facts) and let_through(facts, search)


def let_through(facts: Facts, search: Search) -> bool:
    """Whether the chosen facets let the article through.

    Pages that only name other texts are no articles; they are found with the front and back matter when that is chosen.
    """
    return (
        (not search.collection or facts.collection in search.collection)
        and (not search.volume or facts.volume in search.volume)
        and (not search.section or facts.section in search.section)
        and (not search.author or not frozenset(search.author).isdisjoint(facts.authors))
        and (not search.decade or facts.decade in search.decade)
        and (facts.genre in search.genre if search.genre else not facts.page)
    )


def all_let_through(keys: Iterable[int], facts: Mapping[int, Facts], search: Search) -> Iterable[int]:
    """Those of the articles that the chosen facets let through: of a library without any chosen, nearly all."""
    if chosen(search):
        return (key for key in keys if let_through(facts[key], search))
    return (key for key in keys if not facts[key].page)


SourceOrder = tuple[str, bool, int, str]


def source_order(facts: Facts) -> SourceOrder:
    """Collection, then how a volume reads; ties everywhere are broken by it.

    The library numbers articles as they come in, file after file; ids from another system come after them, by their
    number in the source.
    """
    counted = facts.id.isdecimal()
    return facts.collection, not counted, int(facts.id) if counted else facts.number, facts.id


def sort_key(facts: Facts, sort: Sort) -> tuple[int, SourceOrder]:
    """The key of every order but relevance; undated articles come last either way."""
    if sort is Sort.SOURCE:
        return 0, source_order(facts)
    if facts.first is None:
        return _UNDATED, source_order(facts)
    return (facts.first if sort is Sort.DATE_UP else -facts.first), source_order(facts)


FACETS = ("collection", "volume", "section", "author", "decade", "genre")
"""What articles are counted by; the filters of `Search` of the same names."""

Profile = tuple[str, str, str, tuple[str, ...], int | None, Genre]
"""What facets count: collection, volume, section, authors, decade, genre. Few articles differ in all of them."""


class Tally(NamedTuple):
    """Articles that filters, conditions, period and rights let through and their letters; those of them found, and the
    places they are found by.
    """

    articles: int = 0
    letters: int = 0
    found: int = 0
    places: int = 0

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(*map(sum, zip(self, other, strict=True)))


def tallied(scope: Iterable[Facts], places: Mapping[str, int]) -> dict[Profile, Tally]:
    """The articles in scope counted by profile; `places` has the number of places of those found, by id."""
    counts: dict[Profile, list[int]] = {}
    for facts in scope:
        found = places.get(facts.id)
        count = counts.setdefault(profile(facts), [0, 0, 0, 0])
        count[0] += 1
        count[1] += facts.letters
        count[2] += found is not None
        count[3] += found or 0
    return {each: Tally(*count) for each, count in counts.items()}


def chosen(search: Search) -> tuple[str, ...]:
    """The facets that the search has chosen values of.

    They are counted as if nothing had been chosen of them, so that the other values to choose are seen.
    """
    return tuple(name for name in FACETS if getattr(search, name))


def profile(facts: Facts) -> Profile:
    """The profile of an article."""
    return facts.collection, facts.volume, facts.section, facts.authors, facts.decade, facts.genre


def count_facets(profiles: Iterable[tuple[Profile, int]]) -> dict[str, tuple[tuple[str, int], ...]]:
    """How many articles have each value of each facet; most frequent first, then by value.

    `profiles` are the different ones among the articles found, with how often each occurs.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for (collection, volume, section, authors, decade, genre), count in profiles:
        counts["genre"][genre.value] += count
        counts["collection"][collection] += count
        for author in authors:
            counts["author"][author] += count
        if volume:
            counts["volume"][volume] += count
        if section:
            counts["section"][section] += count
        if decade is not None:
            counts["decade"][str(decade)] += count
    return {name: tuple(sorted(count.items(), key=lambda item: (-item[1], item[0]))) for name, count in counts.items()}


def named_strings(all_facts: Iterable[Facts]) -> Iterator[tuple[Source, str, int]]:
    """The sections and authors of these articles, with how many articles have each."""
    sections: Counter[str] = Counter()
    authors: Counter[str] = Counter()
    for facts in all_facts:
        sections[facts.section] += 1
        authors.update(facts.authors)
    for source, counts in ((Source.SECTION, sections), (Source.AUTHOR, authors)):
        yield from ((source, text, count) for text, count in counts.items() if text)


def encoded(facts: Facts) -> str:
    """As JSON."""
    return msgspec.json.encode(facts).decode()


def decoded(texts: Iterable[str]) -> list[Facts]:
    """From JSON, in one go: a third of the time."""
    return _ALL.decode(f"[{','.join(texts)}]")


_ALL = msgspec.json.Decoder(list[Facts])

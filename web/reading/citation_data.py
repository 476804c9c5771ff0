"""What programs read off a text's page: tags that reference managers take an entry from, and schema.org for the others.

The tags are those of Highwire Press, which Zotero and Google Scholar read (https://scholar.google.com/intl/en/scholar/
inclusion.html); `citation_inbook_title` makes the entry a part of a volume, as archive/catalogue/citation.py cites it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from markupsafe import Markup

from archive.dates.calendar import iso, year_of
from archive.model.records import Article, Collection, Person, Role

_YEAR = re.compile(r"\d{4}(?!\d)")
_PAGES = re.compile(r"(\d+)(?:\D+(\d+))?")


def citation_tags(article: Article, collection: Collection, address: str = "") -> tuple[tuple[str, str], ...]:
    """The (name, content) pairs of the page's meta elements; `address` is where the page stands, "" for unknown."""
    return tuple(_tags(article, collection, address))


def _tags(article: Article, collection: Collection, address: str) -> Iterator[tuple[str, str]]:
    yield "citation_title", _line(article.title)
    for person in authors(article):
        yield "citation_author", person.name
    yield "citation_inbook_title", collection.title
    if article.volume:
        yield "citation_volume", article.volume
    published = _published(collection) or _date(article).replace("-", "/")
    if published:
        yield "citation_publication_date", published
    pages = _PAGES.match(article.pages)
    if pages:
        yield "citation_firstpage", pages[1]
        if pages[2]:
            yield "citation_lastpage", pages[2]
    yield "citation_language", "zh"
    if address:
        yield "citation_public_url", address


def described(article: Article, collection: Collection) -> Markup:
    """The text in the words of schema.org, as JSON-LD for a script element."""
    told: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": _line(article.title),
        "inLanguage": "zh",
        "identifier": article.id,
        "isPartOf": {"@type": "Book", "name": collection.title},
    }
    if _published(collection):
        told["datePublished"] = _published(collection)
    people = [{"@type": "Person", "name": person.name} for person in authors(article)]
    if people:
        told["author"] = people
    if _date(article):
        told["dateCreated"] = _date(article)
    # Inside a script element only "</" and "<!" could mean anything else.
    return Markup(json.dumps(told, ensure_ascii=False).replace("<", "\\u003c"))


def authors(article: Article) -> tuple[Person, ...]:
    """Who is named as the maker: the authors, else everybody who had a part in it."""
    named = tuple(person for person in article.people if person.role is Role.AUTHOR)
    return named or article.people


def _published(collection: Collection) -> str:
    """The year in which the volume came out, "" where it is not known: what a part of a book is cited by."""
    found = _YEAR.match(collection.year.strip())
    return found[0] if found else ""


def _date(article: Article) -> str:
    """The text's own date, as exactly as it is known: 1985, 1985-07, 1985-07-01; "" where it is longer or unknown."""
    period = article.date
    if period is None or period.start is None or period.end is None:
        return ""
    first, last = iso(period.start), iso(period.end)
    if first == last:
        return first
    month = first.rpartition("-")[0]
    if month == last.rpartition("-")[0]:
        return month
    return str(year_of(period.start)) if year_of(period.start) == year_of(period.end) else ""


def _line(title: str) -> str:
    return " ".join(title.split("\n"))

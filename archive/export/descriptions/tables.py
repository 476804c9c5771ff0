"""Descriptions as CSV: the columns AtoM imports, and Dublin Core."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive import dates
from archive.export.book import Book
from archive.export.descriptions.description import SEVERAL, Description, Fonds, days, described, told_others
from archive.export.language import language_of
from archive.model.records import Access, Issue
from archive.support.sheets import write_csv

ATOM = tuple(
    re.findall(
        r"\w+",
        """legacyId parentId qubitParentSlug accessionNumber identifier title levelOfDescription extentAndMedium
        repository archivalHistory acquisition scopeAndContent appraisal accruals arrangement accessConditions
        reproductionConditions language script languageNote physicalCharacteristics findingAids locationOfOriginals
        locationOfCopies relatedUnitsOfDescription publicationNote digitalObjectPath digitalObjectURI generalNote
        subjectAccessPoints placeAccessPoints nameAccessPoints genreAccessPoints descriptionIdentifier
        institutionIdentifier rules descriptionStatus levelOfDetail revisionHistory languageOfDescription
        scriptOfDescription sources archivistNote publicationStatus physicalObjectName physicalObjectLocation
        physicalObjectType alternativeIdentifiers alternativeIdentifierLabels eventDates eventTypes eventStartDates
        eventEndDates eventActors eventActorHistories culture""",
    )
)
"""The columns of AtoM's information objects by ISAD(G), in the order of its own example."""

DUBLIN_CORE = (
    "identifier",
    "title",
    "creator",
    "contributor",
    "date",
    "description",
    "subject",
    "coverage",
    "source",
    "relation",
    "rights",
    "language",
    "type",
    "format",
    "publisher",
)
"""The elements of the Dublin Core, all fifteen."""


class AtomExporter:
    """Writes the descriptions of a book's texts as AtoM imports them."""

    suffix = ".atom.csv"
    media_type = "text/csv"
    label = "AtoM 导入表（CSV）"

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept; raises StorageError."""
        series, issues = described(book)
        script = "Hant" if language_of(book) == "zh-Hant" else "Hans"
        rows = (row for fonds in series for row in _atom_rows(fonds, script))
        write_csv(file, ATOM, ([row.get(name, "") for name in ATOM] for row in rows))
        return tuple(issues)


class DublinCoreExporter:
    """Writes the descriptions of a book's texts as a table of Dublin Core."""

    suffix = ".dc.csv"
    media_type = "text/csv"
    label = "都柏林核心（CSV）"

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept; raises StorageError."""
        series, issues = described(book)
        language = language_of(book)
        texts = (text for fonds in series for text in fonds.texts)
        write_csv(file, [f"dc:{name}" for name in DUBLIN_CORE], (_core(book, text, language) for text in texts))
        return tuple(issues)


def _several(values: Iterable[str]) -> str:
    """Values in one cell as AtoM parts them; the sign itself is written wide."""
    return "|".join(value.replace("|", "｜") for value in values)


def _atom_rows(fonds: Fonds, script: str) -> Iterator[dict[str, str]]:
    """A row for the collection, which the texts hang on, and a row a text."""
    shared = {"language": "zh", "script": script, "culture": "zh"}
    # A row names its parent by legacyId, so the two kinds must never share one.
    parent = f"collection-{fonds.id}"
    yield shared | {
        "legacyId": parent,
        "identifier": fonds.id,
        "title": fonds.title,
        "levelOfDescription": "Collection",
        "extentAndMedium": f"{len(fonds.texts)}篇",
        "scopeAndContent": fonds.about,
        "placeAccessPoints": _several([fonds.place] if fonds.place else ()),
        "publicationStatus": "Published" if all(map(_published, fonds.texts)) else "Draft",
    }
    for text in fonds.texts:
        yield shared | {"parentId": parent} | _atom(text)


def _published(text: Description) -> bool:
    return text.released and text.access is Access.OPEN


def _atom(text: Description) -> dict[str, str]:
    own = text.reference != text.id
    places = (("辑名辑次", text.volume), ("栏目", text.section), ("页码", text.pages))
    notes = [f"{name}：{value}" for name, value in places if value]
    notes += [f"{one.role.value}：{one.name}" for one in text.helpers]
    return _event(text) | {
        "legacyId": f"article-{text.id}",
        "identifier": text.reference,
        "title": f"{text.title}：{text.subtitle.lstrip('—')}" if text.subtitle else text.title,
        "levelOfDescription": "Item",
        "extentAndMedium": text.extent,
        "scopeAndContent": text.abstract,
        "appraisal": text.retention,
        "accessConditions": text.access.value,
        "reproductionConditions": text.rights,
        "publicationNote": text.source,
        "generalNote": _several([*notes, *told_others(text)]),
        "subjectAccessPoints": _several(text.subjects),
        "placeAccessPoints": _several(text.places),
        "nameAccessPoints": _several(text.names),
        "publicationStatus": "Published" if _published(text) else "Draft",
        "alternativeIdentifiers": text.id if own else "",
        "alternativeIdentifierLabels": "文史编号" if own else "",
    }


def _event(text: Description) -> dict[str, str]:
    """One event of creation for each who had a part in it; the first has the date."""
    if not (text.people or text.date):
        return {}
    actors = [one.name for one in text.people] or ["NULL"]
    start, end = days(text.date) if text.date else ("", "")
    first = (text.date.written or dates.edtf(text.date)) if text.date else "NULL"
    rest = ["NULL"] * (len(actors) - 1)
    return {
        "eventTypes": _several(["Creation"] * len(actors)),
        "eventActors": _several(actors),
        "eventDates": _several([first, *rest]),
        "eventStartDates": _several([start or "NULL", *rest]),
        "eventEndDates": _several([end or "NULL", *rest]),
    }


def _core(book: Book, text: Description, language: str) -> list[str]:
    rights = [f"开放标识：{text.access.value}", *([text.rights] if text.rights else [])]
    relation = SEVERAL.join(filter(None, (text.collection, text.volume, text.section, text.pages)))
    about = [text.abstract] if text.abstract else []
    if text.date and text.date.written:
        about.append(f"成文日期：{text.date.written}")
    if text.retention:
        about.append(f"保管期限：{text.retention}")
    values = {
        "identifier": _several(dict.fromkeys((text.reference, text.id))),
        "title": _several(filter(None, (text.title, text.subtitle))),
        "creator": _several(text.authors),
        "contributor": _several(f"{one.name}（{one.role.value}）" for one in text.helpers),
        "date": dates.edtf(text.date) if text.date else "",
        "description": _several([*about, *told_others(text)]),
        "subject": _several((*text.subjects, *text.names)),
        "coverage": _several(text.places),
        "source": text.source,
        "relation": relation,
        "rights": _several(rights),
        "language": language,
        "type": "Text",
        "format": text.extent,
        "publisher": book.publisher,
    }
    return [values[name] for name in DUBLIN_CORE]

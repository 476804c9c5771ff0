"""Descriptions as records for a library's catalogue: MARC 21 and CNMARC, by pymarc.

Each text is a component part (析出文献) of its collection. Whether a name is a person's or a body's nobody told us: in
MARC 21 it goes where uncontrolled names go (720); CNMARC has no such place, so a surname with one to three more
characters is a person (701), anything else a body (711).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive.catalogue.surnames import SURNAMES
from archive.dates.calendar import year_of
from archive.export.book import Book
from archive.export.descriptions.description import SEVERAL, Description, described, told_others
from archive.model.issues import IssueCode
from archive.model.records import Issue, Person, Role
from archive.support.files import replacing

if TYPE_CHECKING:
    from pymarc import Record

LONGEST = 9_900
"""Bytes of one field: ISO 2709 tells its length by four figures."""

_MOST_NAME = 4
_XML_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n'

Parts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A record before it is one: its leader, its control fields, and (tag, indicators, subfields) of the others.

    `#` is a blank indicator; subfields that are empty, and fields without any, are left out.
    """

    leader: str
    controls: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str, Parts], ...]


@dataclass(frozen=True, slots=True)
class MarcExporter:
    """Writes the descriptions of a book's texts as records; `layout` says which of their fields hold what."""

    suffix: str
    media_type: str
    label: str
    layout: Callable[[Description, str, datetime.datetime], Layout]
    as_xml: bool = False

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept; raises StorageError."""
        series, issues = described(book)
        with replacing(file) as temporary, temporary.open("wb") as stream:
            if self.as_xml:
                stream.write(_XML_HEAD)
            for fonds in series:
                for text in fonds.texts:
                    record, cut = _record(self.layout(text, fonds.title, book.made))
                    issues += (Issue(IssueCode.EXPORT_TEXT, text.title, message, lost) for message, lost in cut)
                    stream.write(_xml(record) if self.as_xml else record.as_marc())
            if self.as_xml:
                stream.write(b"</collection>\n")
        return tuple(issues)


def _xml(record: Record) -> bytes:
    from xml.etree import ElementTree

    from pymarc.marcxml import record_to_xml_node

    text: str = ElementTree.tostring(record_to_xml_node(record), encoding="unicode")  # type: ignore[no-untyped-call]
    return f"{text}\n".encode()


def _record(layout: Layout) -> tuple[Record, list[tuple[str, int]]]:
    """The record, and what had to be cut off, in words, with its characters."""
    from pymarc import Field, Indicators, Record, Subfield

    fields = [Field(tag, data=data) for tag, data in layout.controls]
    cut = []
    for tag, indicators, parts in layout.fields:
        told, lost = _fitting([part for part in parts if part[1]])
        if lost:
            cut.append((f"字段 {tag} 放不下这么长的文字，末尾 {lost} 字没有写进去", lost))
        if told:
            subfields = [Subfield(code, value) for code, value in told]
            fields.append(Field(tag, Indicators(*indicators.replace("#", " ")), subfields))
    # UTF-8 in both; only MARC 21 says so in the leader, CNMARC says it in its field 100.
    return Record(fields=fields, leader=layout.leader, force_utf8=True, to_unicode=False), cut


def _fitting(parts: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], int]:
    """The subfields, the longest of them cut until a field holds them; and how many characters went."""
    lost = 0
    while (excess := sum(len(value.encode()) for _, value in parts) - LONGEST) > 0:
        at = max(range(len(parts)), key=lambda one: len(parts[one][1]))
        code, value = parts[at]
        kept = value.encode()[: max(0, len(value.encode()) - excess - 3)].decode(errors="ignore")
        lost += len(value) - len(kept)
        parts[at] = code, f"{kept}…"
    return parts, lost


def _each(tag: str, indicators: str, code: str, values: Iterable[str]) -> Iterator[tuple[str, str, Parts]]:
    """A field for each of some values."""
    yield from ((tag, indicators, ((code, value),)) for value in values)


# -- MARC 21


def marc21(text: Description, collection: str, made: datetime.datetime) -> Layout:
    """https://www.loc.gov/marc/bibliographic/"""
    first, last = _years(text)
    kind = ("m" if first != last else "s") if first else "n"
    years = f"{first or 'uuuu'}{last if first and first != last else '    '}"
    fixed = f"{made:%y%m%d}{kind}{years}cc ".ljust(35) + "chi d"
    within = SEVERAL.join(filter(None, (text.volume, text.section, text.pages)))
    fields = (
        ("040", "##", (("b", "chi"),)),
        ("245", "00", _titles(text)),
        ("264", "#0", (("c", text.date.written if text.date else ""),)),
        ("300", "##", (("a", text.extent),)),
        *_each("500", "##", "a", _notes(text)),
        ("506", "##", (("a", f"开放标识：{text.access.value}"),)),
        ("520", "##", (("a", text.abstract),)),
        ("540", "##", (("a", text.rights),)),
        *_each("653", "#0", "a", text.subjects),
        *_each("653", "#1", "a", text.names),
        *_each("653", "#5", "a", text.places),
        *(("720", "##", (("a", one.name), ("e", one.role.value))) for one in text.people),
        ("773", "0#", (("t", collection), ("g", within))),
    )
    return Layout("     naa a22     3u 4500", (*_controls(text, made), ("008", fixed)), fields)


def _titles(text: Description) -> Parts:
    """Title, subtitle and who made it, with the marks that stand before each (ISBD)."""
    responsible = SEVERAL.join(_responsible(one) for one in text.people)
    before = " /" if responsible else ""
    if text.subtitle:
        return ("a", f"{text.title} :"), ("b", text.subtitle + before), ("c", responsible)
    return ("a", text.title + before), ("c", responsible)


def _controls(text: Description, made: datetime.datetime) -> tuple[tuple[str, str], ...]:
    return ("001", text.id), ("005", f"{made:%Y%m%d%H%M%S}.0")


def _responsible(person: Person) -> str:
    return person.name if person.role is Role.AUTHOR else f"{person.name}{person.role.value}"


def _notes(text: Description) -> Iterator[str]:
    if text.source:
        yield f"来源：{text.source}"
    if text.reference != text.id:
        yield f"档号：{text.reference}"
    if text.retention:
        yield f"保管期限：{text.retention}"
    yield from told_others(text)


def _years(text: Description) -> tuple[str, str]:
    """First and last year as four figures; "" where a record cannot say them."""
    edges = (text.date.start, text.date.end) if text.date else (None, None)
    years = [year_of(one) if one is not None else 0 for one in edges]
    found = [f"{year:04d}" if 1 <= year <= 9999 else "" for year in years]
    return (found[0], found[1]) if all(found) else ("", "")


# -- CNMARC


def cnmarc(text: Description, collection: str, made: datetime.datetime) -> Layout:
    """《中国机读目录格式》 (WH/T 0503), which follows UNIMARC."""
    first, last = _years(text)
    kind = ("h" if first != last else "d") if first else "u"
    years = f"{first or '    '}{last if first and first != last else '    '}"
    authors, helpers = SEVERAL.join(text.authors), SEVERAL.join(_responsible(one) for one in text.helpers)
    dated = [f"成文日期：{text.date.written}"] if text.date and text.date.written else []
    host = (("1", "2001 "), ("a", collection), ("h", text.volume), ("i", text.section), ("v", text.pages))
    fields = (
        ("100", "##", (("a", f"{made:%Y%m%d}{kind}{years}k  y0chiy50      ea"),)),
        ("101", "0#", (("a", "chi"),)),
        ("102", "##", (("a", "CN"),)),
        ("200", "1#", (("a", text.title), ("e", text.subtitle), ("f", authors), ("g", helpers))),
        ("215", "##", (("a", text.extent),)),
        *_each("300", "##", "a", [*dated, *_notes(text)]),
        ("310", "##", (("a", f"开放标识：{text.access.value}"),)),
        ("330", "##", (("a", text.abstract),)),
        ("371", "0#", (("a", text.rights),)),
        ("463", "#0", host),
        *_each("610", "0#", "a", (*text.subjects, *text.names, *text.places)),
        *(
            (*_name_field(one.name), (("a", one.name), ("4", _DID.get(one.role, one.role.value))))
            for one in text.people
        ),
        ("801", "#0", (("a", "CN"), ("b", "wenshi"), ("c", f"{made:%Y%m%d}"))),
    )
    return Layout("     naa  22     3  450 ", _controls(text, made), fields)


_DID = {Role.AUTHOR: "著"}


def _name_field(name: str) -> tuple[str, str]:
    is_person = 2 <= len(name) <= _MOST_NAME and name[0] in SURNAMES
    return ("701", "#0") if is_person else ("711", "02")

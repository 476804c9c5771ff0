"""EAD3 1.1.1, the finding aids of archives: collections as series, their texts as items.

https://www.loc.gov/ead/ead3.xsd (Society of American Archivists)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.export.book import Book
from archive.export.descriptions.description import Description, Fonds, days, described
from archive.export.language import language_of
from archive.export.tei.tei_elements import element, line
from archive.model.records import Issue, Period
from archive.support.files import replacing

NAMESPACE = "http://ead3.archivists.org/schema/"
_CODES = {"langencoding": "iso639-2b", "scriptencoding": "iso15924", "dateencoding": "iso8601"}


class Ead3Exporter:
    """Writes the descriptions of a book's texts as one finding aid."""

    suffix = ".ead3.xml"
    media_type = "application/xml"
    label = "EAD3（档案目录）"

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept; raises StorageError."""
        series, issues = described(book)
        with replacing(file) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
            for part in _document(book, series):
                stream.write(f"{part}\n")
        return tuple(issues)


def _document(book: Book, series: tuple[Fonds, ...]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<ead xmlns="{NAMESPACE}">'
    yield _control(book)
    yield '<archdesc level="collection">'
    texts = sum(len(one.texts) for one in series)
    yield element("did", element("unittitle", line(book.title)) + element("physdesc", f"{texts}篇") + _language(book))
    yield "<dsc>"
    for one in series:
        yield '<c level="series">'
        yield element("did", element("unitid", line(one.id)) + element("unittitle", line(one.title)))
        yield from _told("scopecontent", one.about)
        yield from _terms(("geogname", filter(None, (one.place,))))
        yield from map(_item, one.texts)
        yield "</c>"
    yield "</dsc>"
    yield "</archdesc>"
    yield "</ead>"


def _script(book: Book) -> str:
    return "Hant" if language_of(book) == "zh-Hant" else "Hans"


def _language(book: Book) -> str:
    both = element("language", "中文", langcode="chi") + element("script", "汉字", scriptcode=_script(book))
    return element("langmaterial", element("languageset", both))


def _control(book: Book) -> str:
    made = f"{book.made:%Y-%m-%d}"
    event = element("eventtype", value="created") + element("eventdatetime", made, standarddatetime=made)
    event += element("agenttype", value="machine") + element("agent", "wenshi")
    script = element("script", "汉字", scriptcode=_script(book))
    parts = (
        element("recordid", line(book.title)),
        element("filedesc", element("titlestmt", element("titleproper", line(book.title)))),
        element("maintenancestatus", value="new"),
        element("maintenanceagency", element("agencyname", line(book.publisher or book.editor or "文史资料库"))),
        element("languagedeclaration", element("language", "中文", langcode="chi") + script),
        element("maintenancehistory", element("maintenanceevent", event)),
    )
    return element("control", "\n" + "\n".join(parts) + "\n", **_CODES)


def _item(text: Description) -> str:
    parts = [element("unitid", line(text.reference))]
    if text.reference != text.id:
        parts.append(element("unitid", line(text.id), label="文史编号"))
    parts.append(element("unittitle", line(_titled(text))))
    if text.people:
        names = (element("name", element("part", line(one.name)), relator=one.role.value) for one in text.people)
        parts.append(element("origination", "".join(names)))
    if text.date:
        parts.append(element("unitdatestructured", _dates(text.date), altrender=text.date.written))
    parts.append(element("physdesc", text.extent))
    found = [element("did", "".join(parts)), *_told("scopecontent", text.abstract), *_access(text)]
    found += _told("userestrict", text.rights)
    found += _told("appraisal", text.retention, head="保管期限")
    places = (("辑名辑次", text.volume), ("栏目", text.section), ("页码", text.pages), ("来源", text.source))
    for name, value in (*places, *text.others):
        found += _told("odd", value, head=name)
    return element("c", "\n" + "\n".join(found) + "\n", level="item")


def _titled(text: Description) -> str:
    return f"{text.title}：{text.subtitle.lstrip('—')}" if text.subtitle else text.title


def _access(text: Description) -> Iterator[str]:
    yield from _told("accessrestrict", text.access.value)
    yield from _terms(("persname", text.names), ("geogname", text.places), ("subject", text.subjects))


def _terms(*terms: tuple[str, Iterable[str]]) -> Iterator[str]:
    inside = "".join(element(name, element("part", line(one))) for name, several in terms for one in several)
    if inside:
        yield element("controlaccess", inside)


def _told(name: str, value: str, head: str = "") -> Iterable[str]:
    """A note of one paragraph; none where there is nothing to tell."""
    if value:
        yield element(name, (element("head", line(head)) if head else "") + element("p", line(value)))


def _dates(period: Period) -> str:
    """The words of the source, and the days they lie between."""
    start, end = days(period)
    words = line(period.written) or f"{start}—{end}"
    if start and start == end:
        return element("datesingle", words, standarddate=start)
    return element("datesingle", words, notbefore=start, notafter=end)

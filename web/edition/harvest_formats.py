"""A text's description in the formats that harvesters ask for: Dublin Core and MODS 3.7."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from archive import dates
from archive.model.records import Article, Collection, Role

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_OAI_DC, _DC = "http://www.openarchives.org/OAI/2.0/oai_dc/", "http://purl.org/dc/elements/1.1/"
_MODS = "http://www.loc.gov/mods/v3"


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its namespace, its schema, and what writes a text of a collection with the address of its page."""

    namespace: str
    schema: str
    write: Callable[[Article, Collection, str], etree._Element]


def clean(text: str) -> str:
    """Text as XML may hold it: most control characters have no place there."""
    return "".join(sign if sign >= " " and sign not in "\ufffe\uffff" else " " for sign in text)


def child(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    """An element of the parent's own namespace, or of that in the name."""
    found = etree.SubElement(parent, name if name[0] == "{" else f"{{{etree.QName(parent).namespace}}}{name}")
    if text:
        found.text = clean(text)
    return found


def _dublin_core(article: Article, collection: Collection, url: str) -> etree._Element:
    root = etree.Element(f"{{{_OAI_DC}}}dc", nsmap={"oai_dc": _OAI_DC, "dc": _DC, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", f"{_OAI_DC} {FORMATS['oai_dc'].schema}")
    makers = [one.name for one in article.people if one.role is Role.AUTHOR]
    others = [one.name for one in article.people if one.role is not Role.AUTHOR]
    told = [("title", article.title), *(("creator", name) for name in makers), ("subject", article.section)]
    told += [*(("contributor", name) for name in others), ("date", _date(article)), ("type", "Text")]
    told += [("identifier", url), ("source", article.source), ("language", "zh"), ("relation", collection.title)]
    for name, value in told:
        if value:
            child(root, f"{{{_DC}}}{name}", value)
    return root


def _mods(article: Article, collection: Collection, url: str) -> etree._Element:
    root = etree.Element(f"{{{_MODS}}}mods", nsmap={None: _MODS, "xsi": _XSI}, version="3.7")
    root.set(f"{{{_XSI}}}schemaLocation", f"{_MODS} {FORMATS['mods'].schema}")
    child(child(root, "titleInfo"), "title", article.title)
    for person in article.people:
        name = child(root, "name")
        child(name, "namePart", person.name)
        child(child(name, "role"), "roleTerm", person.role.value).set("type", "text")
    child(root, "typeOfResource", "text")
    if _date(article):
        child(child(root, "originInfo"), "dateCreated", _date(article)).set("encoding", "edtf")
    child(child(root, "language"), "languageTerm", "zh").attrib.update({"type": "code", "authority": "rfc3066"})
    if article.section:
        child(child(root, "subject"), "topic", article.section)
    host = child(root, "relatedItem")
    host.set("type", "host")
    child(child(host, "titleInfo"), "title", collection.title)
    if article.volume:
        child(child(child(host, "part"), "detail"), "number", article.volume)
    if article.source:
        child(root, "note", article.source)
    child(child(root, "location"), "url", url)
    return root


def _date(article: Article) -> str:
    return dates.edtf(article.date) if article.date else ""


FORMATS: dict[str, Format] = {
    "oai_dc": Format(_OAI_DC, "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", _dublin_core),
    "mods": Format(_MODS, "http://www.loc.gov/standards/mods/v3/mods-3-7.xsd", _mods),
}

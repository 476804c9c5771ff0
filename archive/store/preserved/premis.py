"""What happened to an article, as PREMIS 3: what it is, where it came from, who did what to it when.

PREMIS and not METS: METS lists files with their digests, which the inventory of an OCFL object does already; PREMIS has
words for events and for who made them, and nothing else here has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

NAMESPACE = "http://www.loc.gov/premis/v3"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_P = f"{{{NAMESPACE}}}"

# By the action of the audit log, in the words of the Library of Congress's list of event types.
_TYPES = {"status": "policy assignment", "date": "metadata modification", "purge": "deletion"}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done: PREMIS' word for it, when, by whom, what is said of it."""

    kind: str
    moment: str
    who: str
    detail: str


def events(
    versions: Iterable[Mapping[str, Any]], audit: Iterable[Mapping[str, Any]], steps: Iterable[Mapping[str, Any]]
) -> list[Event]:
    """The events of one article out of the rows of its versions, of the audit log and of its way through the office."""
    found = [
        Event("ingestion" if row["version"] == 1 else "modification", row["moment"], row["who"], _version(row))
        for row in versions
    ]
    found += [
        Event(_TYPES[row["action"]], row["moment"], row["who"], row["detail"])
        for row in audit
        if row["action"] in _TYPES
    ]
    found += [Event("appraisal", row["moment"], row["signer"] or row["who"], _step(row)) for row in steps]
    return sorted(found, key=lambda one: one.moment)


def _version(row: Mapping[str, Any]) -> str:
    return f"第 {row['version']} 版：{row['reason']}" if row["reason"] else f"第 {row['version']} 版"


def _step(row: Mapping[str, Any]) -> str:
    said = "；".join(filter(None, (row["opinion"], row["reason"])))
    return f"{row['source'] or '新登记'} → {row['toward'] or row['to_state']}{'：' if said else ''}{said}"


def document(id: str, title: str, originals: Sequence[str], happened: Sequence[Event]) -> bytes:
    """The document for an article of this id, which came from files of these SHA-256."""
    root = etree.Element(f"{_P}premis", {"version": "3.0"}, nsmap={"premis": NAMESPACE, "xsi": _XSI[1:-1]})
    thing = etree.SubElement(root, f"{_P}object", {f"{_XSI}type": "premis:intellectualEntity"})
    _identified(thing, "object", "wenshi", id)
    _add(thing, "originalName", title)
    for sha256 in originals:
        relation = _add(thing, "relationship")
        _add(relation, "relationshipType", "derivation")
        _add(relation, "relationshipSubType", "has source")
        _identified(relation, "relatedObject", "SHA-256", sha256)
    for number, one in enumerate(happened, 1):
        event = _add(root, "event")
        _identified(event, "event", "local", f"{id}-{number}")
        _add(event, "eventType", one.kind)
        _add(event, "eventDateTime", one.moment)
        if one.detail:
            _add(_add(event, "eventDetailInformation"), "eventDetail", one.detail)
        _identified(event, "linkingAgent", "name", one.who or "wenshi")
    for who in dict.fromkeys(one.who or "wenshi" for one in happened):
        agent = _add(root, "agent")
        _identified(agent, "agent", "name", who)
        _add(agent, "agentName", who)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written


def _identified(parent: etree._Element, what: str, kind: str, value: str) -> None:
    identifier = _add(parent, f"{what}Identifier")
    _add(identifier, f"{what}IdentifierType", kind)
    _add(identifier, f"{what}IdentifierValue", value)


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, f"{_P}{name}")
    if text:
        # XML has no room for most control characters.
        element.text = "".join(sign if sign.isprintable() or sign in "\t\n" else "\ufffd" for sign in text)
    return element

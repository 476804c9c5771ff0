"""What anybody may read, for other systems: OAI-PMH 2.0 (http://www.openarchives.org/OAI/openarchivesprotocol.html) and
a feed of new arrivals (Atom, RFC 4287). Whoever asks gets the same: released and open, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, request
from lxml import etree

from archive.model.accounts import public_reader
from archive.model.holdings import Stamp
from archive.model.records import Article, Collection
from archive.session import Session
from web.base import current
from web.edition.harvest_formats import FORMATS, Format, child, clean
from web.edition.here import text_url

pages = Blueprint("harvest", __name__)

PAGE = 100
"""Records in one answer."""

LASTS = 24 * 3600
"""Seconds for which a token is good."""

OAI = "http://www.openarchives.org/OAI/2.0/"
_ATOM = "http://www.w3.org/2005/Atom"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"  # RFC 6721
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DAY, _SECOND = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_NEWEST = 50  # entries of the feed
_BEGINNING = "1970-01-01T00:00:00Z"


class OaiError(Exception):
    """What the protocol has a code for."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


def _session() -> Session:
    return current.library().session(public_reader())


@pages.route("/oai", methods=["GET", "POST"])
def oai() -> Response:
    """One of the six questions of the protocol."""
    root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap={None: OAI, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", f"{OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
    _add(root, "responseDate", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    asked = _add(root, "request", request.base_url)
    try:
        given = _arguments()
        answer = _VERBS[given["verb"]](_session(), given)
    except OaiError as error:
        if error.code not in ("badVerb", "badArgument"):
            _repeat(asked)
        _add(root, "error", str(error)).set("code", error.code)
    else:
        _repeat(asked)
        root.append(answer)
    return _sent(root, "text/xml")


def _repeat(asked: etree._Element) -> None:
    for name, value in request.values.items():
        asked.set(name, clean(value))


_ALLOWED: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset({"resumptionToken"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
}
"""What each verb must have, and may have besides."""


def _arguments() -> dict[str, str]:
    pairs = [*request.args.items(multi=True), *request.form.items(multi=True)]
    given = dict(pairs)
    verb = given.get("verb", "")
    if verb not in _ALLOWED or sum(name == "verb" for name, _ in pairs) != 1:
        raise OaiError("badVerb", "verb is missing, repeated or unknown")
    names = set(given) - {"verb"}
    needed, possible = _ALLOWED[verb]
    if names == {"resumptionToken"} and verb.startswith("List") and verb != "ListMetadataFormats":
        needed = frozenset()
        possible = frozenset({"resumptionToken"})
    if len(given) != len(pairs) or not needed <= names <= needed | possible:
        raise OaiError("badArgument", "an argument is missing, repeated or unknown")
    return given


def _identify(session: Session, given: Mapping[str, str]) -> etree._Element:
    found = _element("Identify")
    stamps = session.stamps()
    for name, value in (
        ("repositoryName", current.library().root.name),
        ("baseURL", request.base_url),
        ("protocolVersion", "2.0"),
        ("adminEmail", f"wenshi@{request.host.partition(':')[0]}"),
        ("earliestDatestamp", stamps[0].moment if stamps else _BEGINNING),
        ("deletedRecord", "transient"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ):
        _add(found, name, value)
    return found


def _formats(session: Session, given: Mapping[str, str]) -> etree._Element:
    if "identifier" in given:
        _stamp(session, given["identifier"])
    found = _element("ListMetadataFormats")
    for name, kind in FORMATS.items():
        one = _add(found, "metadataFormat")
        _add(one, "metadataPrefix", name)
        _add(one, "schema", kind.schema)
        _add(one, "metadataNamespace", kind.namespace)
    return found


def _sets(session: Session, given: Mapping[str, str]) -> etree._Element:
    if "resumptionToken" in given:
        raise OaiError("badResumptionToken", "this list is never divided")
    found = _element("ListSets")
    for collection in session.collections():
        one = _add(found, "set")
        _add(one, "setSpec", set_of(collection.id))
        _add(one, "setName", collection.title)
    if not len(found):
        raise OaiError("noSetHierarchy", "there is nothing yet that anybody may read")
    return found


def _record(session: Session, given: Mapping[str, str]) -> etree._Element:
    kind, stamp = _format(given), _stamp(session, given["identifier"])
    found = _element("GetRecord")
    found.append(_records(session, [stamp], kind)[0])
    return found


def _identifiers(session: Session, given: Mapping[str, str]) -> etree._Element:
    return _listed("ListIdentifiers", session, given, lambda stamps, kind: [_header(one) for one in stamps])


def _whole(session: Session, given: Mapping[str, str]) -> etree._Element:
    return _listed("ListRecords", session, given, lambda stamps, kind: _records(session, stamps, kind))


_VERBS: dict[str, Callable[[Session, Mapping[str, str]], etree._Element]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _record,
    "ListIdentifiers": _identifiers,
    "ListRecords": _whole,
}

_Shown = Callable[[Sequence[Stamp], Format], Sequence[etree._Element]]


def _listed(verb: str, session: Session, given: Mapping[str, str], shown: _Shown) -> etree._Element:
    """A page of a list. The next one begins behind its last record by moment and id, so that what changes meanwhile
    shifts nothing: it moves to the end, and is met there or by the next harvest.
    """
    asked = _resumed(verb, given["resumptionToken"]) if "resumptionToken" in given else dict(given)
    kind, begin, end = _format(asked), _bound(asked, "from"), _bound(asked, "until")
    if begin and end and (len(asked["from"]) != len(asked["until"]) or begin > end):
        raise OaiError("badArgument", "from and until differ in granularity, or from lies behind until")
    after = (asked.get("after", ""), asked.get("id", ""))
    rest = [
        one
        for one in session.stamps()
        if (one.moment, one.id) > after
        and (not begin or one.moment >= begin)
        and (not end or one.moment <= end)
        and asked.get("set", set_of(one.collection)) == set_of(one.collection)
    ]
    if not rest and "after" not in asked:
        raise OaiError("noRecordsMatch", "nothing was changed then")
    here = rest[:PAGE]
    found = _element(verb)
    found.extend(shown(here, kind))
    if len(rest) > PAGE:
        last = here[-1]
        _add(found, "resumptionToken", _token(verb, {**asked, "after": last.moment, "id": last.id}))
    elif "after" in asked:
        _add(found, "resumptionToken")
    return found


def _token(verb: str, asked: Mapping[str, str]) -> str:
    kept = {name: value for name, value in asked.items() if name not in ("verb", "resumptionToken", "ends")}
    text = json.dumps({**kept, "verb": verb, "ends": str(int(time.time()) + LASTS)}, sort_keys=True)
    return base64.urlsafe_b64encode(f"{_seal(text)}{text}".encode()).decode("ascii")


def _resumed(verb: str, token: str) -> dict[str, str]:
    """What a token of ours stands for. Raises OaiError for any other, and for one that has ended."""
    try:
        told = base64.urlsafe_b64decode(token.encode("ascii")).decode("utf-8")
    except ValueError:
        raise OaiError("badResumptionToken", "this is no token of ours") from None
    seal, text = told[:32], told[32:]
    if not hmac.compare_digest(seal.encode(), _seal(text).encode()):
        raise OaiError("badResumptionToken", "this is no token of ours")
    asked: dict[str, str] = json.loads(text)
    if asked.pop("verb") != verb or int(asked.pop("ends")) < time.time():
        raise OaiError("badResumptionToken", "this token has ended, or is one of another list")
    return asked


def _seal(text: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"oai {text}".encode(), hashlib.sha256).hexdigest()[:32]


def _format(given: Mapping[str, str]) -> Format:
    found = FORMATS.get(given["metadataPrefix"])
    if found is None:
        raise OaiError("cannotDisseminateFormat", "there is no such format here")
    return found


def _bound(given: Mapping[str, str], name: str) -> str:
    """The first or the last second that is meant; "" where the list is open at that end."""
    value = given.get(name, "")
    if not value:
        if name in given:
            raise OaiError("badArgument", f"{name} is empty")
        return ""
    try:
        if _SECOND.fullmatch(value):
            datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")
            return value
        if _DAY.fullmatch(value):
            datetime.strptime(value, "%Y-%m-%d")
            return f"{value}T00:00:00Z" if name == "from" else f"{value}T23:59:59Z"
    except ValueError:
        pass
    raise OaiError("badArgument", f"{name} is no day and no second in UTC")


def set_of(collection: str) -> str:
    """A collection's id as the protocol allows it for a set."""
    if re.fullmatch(r"[A-Za-z0-9_.!~*'()-]+", collection):
        return collection
    return f"c-{collection.encode().hex()}"


def _identifier(id: str) -> str:
    return f"urn:wenshi:{id}"


def _stamp(session: Session, identifier: str) -> Stamp:
    found = next((one for one in session.stamps() if _identifier(one.id) == identifier), None)
    if found is None:
        raise OaiError("idDoesNotExist", "there is no such record")
    return found


def _header(stamp: Stamp) -> etree._Element:
    header = _element("header")
    if stamp.gone:
        header.set("status", "deleted")
    _add(header, "identifier", _identifier(stamp.id))
    _add(header, "datestamp", stamp.moment)
    _add(header, "setSpec", set_of(stamp.collection))
    return header


def _records(session: Session, stamps: Sequence[Stamp], kind: Format) -> list[etree._Element]:
    texts = session.several([stamp.id for stamp in stamps if not stamp.gone])
    collections = {one.id: one for one in session.collections()}
    found = []
    for stamp in stamps:
        record = _element("record")
        record.append(_header(stamp))
        if stamp.id in texts:  # else it was taken back this very moment: the next harvest says so
            article = texts[stamp.id]
            _add(record, "metadata").append(kind.write(article, collections[article.collection], text_url(article.id)))
        found.append(record)
    return found


@pages.get("/feed")
def feed() -> Response:
    """The newest arrivals and changes, and what was taken back, the latest first."""
    session = _session()
    stamps = session.stamps()[: -_NEWEST - 1 : -1]
    texts = session.several([stamp.id for stamp in stamps if not stamp.gone])
    collections = {one.id: one for one in session.collections()}
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM, "at": _TOMBSTONES})
    child(root, "title", f"{current.library().root.name}：新收和新改的文章")
    child(root, "id", request.base_url)
    child(root, "link").attrib.update({"rel": "self", "href": request.base_url})
    child(root, "updated", stamps[0].moment if stamps else _BEGINNING)
    for stamp in stamps:
        if stamp.gone:
            child(root, f"{{{_TOMBSTONES}}}deleted-entry").attrib.update(
                {"ref": _identifier(stamp.id), "when": stamp.moment}
            )
        elif stamp.id in texts:
            _entry(root, stamp, texts[stamp.id], collections[stamp.collection])
    return _sent(root, "application/atom+xml")


def _entry(root: etree._Element, stamp: Stamp, article: Article, collection: Collection) -> None:
    entry = child(root, "entry")
    child(entry, "title", article.title or "（无题）")
    child(entry, "id", _identifier(stamp.id))
    child(entry, "link").set("href", text_url(stamp.id))
    child(entry, "updated", stamp.moment)
    for person in article.people or ():
        child(child(entry, "author"), "name", person.name)
    if not article.people:
        child(child(entry, "author"), "name", collection.title)
    child(entry, "summary", f"{collection.title}　{article.section}".strip())


def _sent(root: etree._Element, kind: str) -> Response:
    response = Response(
        etree.tostring(root, encoding="UTF-8", xml_declaration=True), content_type=f"{kind}; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def _element(name: str) -> etree._Element:
    return etree.Element(f"{{{OAI}}}{name}", nsmap={None: OAI})


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    return child(parent, name, text)

"""TEI P5: the texts of our own exports with their descriptions, those of others as far as divs tell them apart.

The document is turned into the HTML that `Flow` reads, so that notes, tables, pictures and the account of characters
are the same as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from archive.dates.calendar import day
from archive.model.issues import IssueCode
from archive.model.records import Collection, Period, Person, Precision, Role
from ingest.readers.html import picture_beside
from ingest.readers.json_records import Records
from ingest.readers.markup_tree import KIND, Element, attribute
from ingest.readers.moved.moved_texts import MovedText, MovedTexts, first, local, page, within, words, xml_tree
from ingest.text.own_date import record_date

_TEXTS = frozenset({"article", "matter", "entry", "term", "letter", "poem", "essay"})
"""Types of divs that are texts of their own."""

_PLAIN = {
    "ab": "p", "p": "p", "u": "p", "sp": "div", "speaker": "p", "stage": "p", "opener": "p", "closer": "p",
    "signed": "p",
    "dateline": "p", "salute": "p", "trailer": "p", "epigraph": "blockquote", "list": "ul", "item": "li", "label": "p",
    "table": "table", "row": "tr", "ruby": "ruby", "rb": "span", "rt": "rt", "lb": "br", "figure": "figure",
    "floatingText": "div", "postscript": "div", "cit": "blockquote",
}  # fmt: skip
_RENDERED = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "superscript": "sup",
    "subscript": "sub",
    "strikethrough": "s",
}
_INLINE = frozenset(
    {"p", "ab", "head", "l", "item", "cell", "hi", "byline", "seg", "date", "persName", "placeName", "name"}
)
_ISO = re.compile(r"(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_ID = "{http://www.w3.org/XML/1998/namespace}id"


def recognises(head: bytes, file: Path) -> bool:
    """A TEI document, or a corpus of them."""
    return b"http://www.tei-c.org/ns/1.0" in head[:8192]


def read(file: Path, name: str, collection: Collection, *, own_collections: bool = True) -> Records:
    """Reads a TEI document into drafts for `collection`. Raises ReadError."""
    root = xml_tree(file, name)
    documents = [root] if local(root) == "TEI" else [one for one in root.iter() if local(one) == "TEI"]
    found = MovedTexts(file, name, collection.id, lambda place, address: picture_beside(file.parent, place, address))
    for document in documents:
        _document(document, found, collection)
    return found.ends()


def _document(document: Element, found: MovedTexts, collection: Collection) -> None:
    header, text = first(document, "teiHeader"), first(document, "text")
    if text is None:
        return
    bibls = {one.get(_ID): one for one in document.iter() if local(one) == "bibl" and one.get(_ID)}
    chosen = list(_texts(text))
    for div, section in chosen:
        described = bibls.get((div.get("decls") or "").strip().removeprefix("#"))
        moved = MovedText(_Page(div, described is not None).root, section=section, volume=collection.volume)
        if described is not None:
            _describe(moved, described)
        elif header is not None and len(chosen) == 1:
            _describe_whole(moved, header)
        found.add(moved)
    inside = {div for div, _ in chosen}
    beside = " ".join(" ".join(_outside(text, inside)).split())
    if beside:
        found.left_out(
            IssueCode.OUTSIDE_TEXTS, f"不属于任何一篇的文字（书名页、栏目题、编者按），没有收入：{beside[:40]}", beside
        )


def _texts(text: Element) -> Iterator[tuple[Element, str]]:
    """The elements that are texts, with the head of the div around them."""
    named = [one for one in text.iter() if local(one) == "div" and one.get("type") in _TEXTS]
    named = [one for one in named if not any(above in named for above in one.iterancestors())]
    if named:
        for one in named:
            above = one.getparent()
            around = first(above, "head") if above is not None and local(above) == "div" else None
            yield one, words(around)
        return
    for place in ("front", "body", "back", "group"):
        for part in within(text, place):
            heads = [one for one in within(part, "div") if first(one, "head") is not None]
            if len(heads) > 1 and len(heads) == len([one for one in part if local(one) not in ("head", "pb", "lb")]):
                yield from ((one, "") for one in heads)
            elif place != "front" or "".join(part.itertext()).strip():
                yield part, ""


def _outside(node: Element, inside: set[Element]) -> Iterator[str]:
    """The pieces of text that are in no text."""
    if node in inside or local(node) == "binaryObject" or not local(node):
        return
    yield node.text or ""
    for one in node:
        yield from _outside(one, inside)
        yield one.tail or ""


# -- descriptions


def _describe(moved: MovedText, bibl: Element) -> None:
    """What the header says of one text, in the way our own exports write it."""
    people = [Person(words(one)) for one in within(bibl, "author") if words(one)]
    roles = {role.value: role for role in Role}
    for one in within(bibl, "respStmt"):
        role, named = roles.get(words(first(one, "resp")), Role.EDITOR), words(first(one, "name"))
        people += [Person(named, role)] if named else []
    moved.people = tuple(people)
    sections = [words(one) for one in within(bibl, "title") if one.get("type") == "section"]
    moved.section = sections[0] if sections else moved.section
    scopes = {one.get("unit"): words(one) for one in within(bibl, "biblScope")}
    moved.volume = scopes.get("volume", "") or moved.volume
    moved.fields = (("页码", scopes.get("page", "")),)
    dated = first(bibl, "date")
    moved.date = _period(dated) if dated is not None else None
    notes = [words(one) for one in within(bibl, "note") if one.get("type") == "source"]
    moved.source = notes[0].removeprefix("出处：") if notes else ""


def _describe_whole(moved: MovedText, header: Element) -> None:
    """What the header says of a document of one text."""
    statement = first(header, "fileDesc", "titleStmt")
    if statement is not None:
        moved.people = tuple(Person(words(one)) for one in within(statement, "author") if words(one))
    source = first(header, "fileDesc", "sourceDesc")
    if source is not None:
        moved.source = words(source)
        dated = next((one for one in source.iter() if local(one) == "date"), None)
        moved.date = _period(dated) if dated is not None else None


def _period(node: Element) -> Period | None:
    """The words of a date if they can be read, else its days."""
    told = words(node)
    if told and (period := record_date(told)):
        return period
    start, end = (node.get(name) or node.get("when") for name in ("notBefore", "notAfter"))
    edges = _edge(start, first=True), _edge(end, first=False)
    return Period(*edges, Precision.RANGE, told) if edges != (None, None) else None


def _edge(written: str | None, *, first: bool) -> int | None:
    match = _ISO.match(written or "")
    if not match:
        return None
    year, month, of_month = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    year = year + 1 if year < 0 else year  # there is no year 0
    try:
        if first or of_month:
            return day(year, month or 1, of_month or 1)
        return (day(year, month + 1, 1) if 0 < month < 12 else day(year + 1, 1, 1)) - 1
    except ValueError:
        return None


# -- the text


class _Page:
    """One text as a page of HTML. A text `described` beside has what its export added to it left out of the text."""

    def __init__(self, text: Element, described: bool) -> None:
        self.root, self._body = page()
        self._described = described
        self._notes: list[tuple[str, Element]] = []
        self._titled = False
        self._children(text, self._body, 0)
        while self._notes:
            name, note = self._notes.pop(0)
            aside = etree.SubElement(self._body, "aside", id=name)
            self._children(note, aside, 0)

    def _children(self, node: Element, into: Element, depth: int) -> None:
        _append(into, node.text)
        for one in node:
            if local(one):
                self._element(one, into, depth)
            _append(into, one.tail)

    def _element(self, node: Element, into: Element, depth: int) -> None:
        name = local(node)
        maker = getattr(self, f"_{name}") if name in _OWN else None
        if maker is not None:
            maker(node, into, depth)
        elif name == "div":
            self._children(node, etree.SubElement(into, "div"), depth + 1)
        else:
            self._children(node, etree.SubElement(into, _PLAIN.get(name, "span")), depth)

    def _head(self, node: Element, into: Element, depth: int) -> None:
        parent = node.getparent()
        above = local(parent) if parent is not None else ""
        if above == "figure":
            made = etree.SubElement(into, "figcaption")
        elif above == "table":
            made = etree.SubElement(into, "caption")
        elif node.get("type") == "sub":
            made = _kind(into, "subtitle")
        elif not self._titled and node.get("type") != "above":
            self._titled = True
            made = etree.Element("h1")
            into.insert(0, made)  # the title is block 0, whatever stands above it
        else:
            made = etree.SubElement(into, f"h{min(6, depth + 1)}")
        self._children(node, made, depth)

    def _byline(self, node: Element, into: Element, depth: int) -> None:
        self._children(node, _kind(into, "byline"), depth)

    def _quote(self, node: Element, into: Element, depth: int) -> None:
        parent = node.getparent()
        inline = parent is not None and local(parent) in _INLINE
        self._children(node, etree.SubElement(into, "span" if inline else "blockquote"), depth)

    def _lg(self, node: Element, into: Element, depth: int) -> None:
        made = _kind(into, "verse")
        lines = [one for one in node.iter() if local(one) == "l"]
        for number, one in enumerate(lines):
            if number:
                etree.SubElement(made, "br")
            self._children(one, made, depth)
        for one in node:
            if local(one) not in ("l", "lg"):
                self._element(one, into, depth)

    def _l(self, node: Element, into: Element, depth: int) -> None:
        self._children(node, _kind(into, "verse"), depth)

    def _hi(self, node: Element, into: Element, depth: int) -> None:
        made = into
        for word in (node.get("rend") or "").split():
            made = etree.SubElement(made, _RENDERED.get(word, "span"))
        self._children(node, made if made is not into else etree.SubElement(into, "span"), depth)

    def _del(self, node: Element, into: Element, depth: int) -> None:
        self._children(node, etree.SubElement(into, "s"), depth)

    def _cell(self, node: Element, into: Element, depth: int) -> None:
        made = etree.SubElement(into, "th" if node.get("role") == "label" else "td")
        for theirs, ours in (("rows", "rowspan"), ("cols", "colspan")):
            if node.get(theirs):
                made.set(ours, node.get(theirs, ""))
        self._children(node, made, depth)

    def _pb(self, node: Element, into: Element, depth: int) -> None:
        if node.get("n"):
            etree.SubElement(into, "span", role="doc-pagebreak", title=node.get("n", ""))

    def _note(self, node: Element, into: Element, depth: int) -> None:
        parent = node.getparent()
        if node.get("type") == "editorial" or parent is None:
            self._children(node, etree.SubElement(into, "div"), depth)
        elif local(parent) not in _INLINE:
            self._children(node, _kind(into, "note"), depth)
        else:
            name = node.get(_ID) or f"note-{id(node)}"
            self._refer(into, name)
            self._notes.append((name, node))

    def _ptr(self, node: Element, into: Element, depth: int) -> None:
        if node.get("type") == "note":
            self._refer(into, (node.get("target") or "").removeprefix("#"))

    def _refer(self, into: Element, name: str) -> None:
        etree.SubElement(into, "a", role="doc-noteref", href=f"#{name}")

    def _graphic(self, node: Element, into: Element, depth: int) -> None:
        etree.SubElement(into, "img", src=attribute(node, "url"), alt=_described_as(node))

    def _binaryObject(self, node: Element, into: Element, depth: int) -> None:
        data = re.sub(r"\s", "", node.text or "")
        address = f"data:{node.get('mimeType', 'image/png')};base64,{data}"
        etree.SubElement(into, "img", src=address, alt=_described_as(node))

    def _figDesc(self, node: Element, into: Element, depth: int) -> None:
        """It went with the picture."""

    def _p(self, node: Element, into: Element, depth: int) -> None:
        if not (self._described and node.get("rend") == "source"):  # the line that our exports repeat from the header
            self._children(node, etree.SubElement(into, "p"), depth)

    _trailer = _p


_OWN = frozenset(
    {"byline", "quote", "lg", "l", "hi", "del", "cell", "pb", "note", "ptr", "graphic", "binaryObject", "figDesc"}
    | {"trailer", "head", "p"}
)


def _described_as(node: Element) -> str:
    figure = node.getparent()
    return words(first(figure, "figDesc")) if figure is not None else ""


def _kind(into: Element, kind: str) -> Element:
    return etree.SubElement(into, "p", {KIND: kind})


def _append(into: Element, text: str | None) -> None:
    """Text at the end of an element."""
    if not text:
        return
    if len(into):
        into[-1].tail = (into[-1].tail or "") + text
    else:
        into.text = (into.text or "") + text

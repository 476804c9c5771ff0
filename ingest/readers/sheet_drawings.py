"""What stands on the sheets of a workbook beside their cells: text boxes, titles of charts, what is printed above and
below each page.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zipfile import ZipFile

from lxml import etree

from ingest.readers import zipped
from ingest.readers.markup_tree import Element, attribute, local

_MOST = 64 * 2**20  # bytes of a part
_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d{2}[+-]\d{3}|\d{1,3}|[LCRPNDTFAZGBIUSEXYOH])')
_HEADS, _FEET = ("oddHeader", "evenHeader", "firstHeader"), ("oddFooter", "evenFooter", "firstFooter")


@dataclass(frozen=True, slots=True)
class BesideCells:
    """Of one sheet: the paragraphs of its boxes and charts, and the texts above and below its pages, each once."""

    boxes: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    feet: tuple[str, ...] = ()


def beside_cells(container: ZipFile, name: str, claim: zipped.Claim) -> Mapping[str, BesideCells]:
    """What each sheet has, by its title. What is damaged has nothing."""
    package = _Parts(container, name, claim)
    book = package.tree("xl/workbook.xml")
    if book is None:
        return {}
    targets = package.targets("xl/workbook.xml")
    found: dict[str, BesideCells] = {}
    for sheet in book.iter():
        if local(sheet) == "sheet" and (part := targets.get(attribute(sheet, "id"), "")):
            found[sheet.get("name") or ""] = _of_sheet(package, part)
    return found


class _Parts:
    def __init__(self, container: ZipFile, name: str, claim: zipped.Claim) -> None:
        self._container, self._name, self._claim = container, name, claim
        self._members = {info.filename.lower(): info for info in container.infolist()}

    def tree(self, part: str) -> Element | None:
        info = self._members.get(part.lower())
        if info is None:
            return None
        data = zipped.read_member(self._container, info, _MOST, self._name, self._claim)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
        return etree.fromstring(data, parser) if data.strip() else None

    def targets(self, part: str) -> dict[str, str]:
        """The parts that one refers to, by id."""
        folder, _, file = part.rpartition("/")
        root = self.tree(f"{folder}/_rels/{file}.rels")
        if root is None:
            return {}
        return {
            one.get("Id") or "": posixpath.normpath(posixpath.join("/", folder, one.get("Target") or ""))[1:]
            for one in root
            if one.get("TargetMode") != "External"
        }


def _of_sheet(package: _Parts, part: str) -> BesideCells:
    root = package.tree(part)
    if root is None:
        return BesideCells()
    boxes: list[str] = []
    margins: dict[str, str] = {}
    targets = package.targets(part)
    for element in root.iter():
        if local(element) == "drawing":
            boxes += _drawn(package, targets.get(attribute(element, "id"), ""))
        elif local(element) == "headerfooter":
            margins |= {str(one.tag).rpartition("}")[2]: one.text or "" for one in element}
    heads, feet = (
        tuple(dict.fromkeys(text for one in names if (text := _CODE.sub(" ", margins.get(one, "")).strip())))
        for names in (_HEADS, _FEET)
    )
    return BesideCells(tuple(boxes), heads, feet)


def _drawn(package: _Parts, part: str) -> Iterator[str]:
    drawing = package.tree(part)
    if drawing is None:
        return
    yield from _paragraphs(drawing)
    targets = package.targets(part)
    for element in drawing.iter():
        if local(element) == "chart" and (chart := package.tree(targets.get(attribute(element, "id"), ""))) is not None:
            yield from _paragraphs(chart)


def _paragraphs(root: Element) -> Iterator[str]:
    for element in root.iter():
        if local(element) == "p":
            text = "".join(one.text or "" for one in element.iter() if local(one) == "t").strip()
            if text:
                yield text

"""OFD (GB/T 33190), the fixed-layout format of Chinese administrations: pages of XML in a zip container.

As a PDF does, it only says where each character is printed, so its pages go the way pages of PDF go.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Issue, Manuscript, Picture
from archive.support.pictures import media_type
from ingest.readers.markup_tree import Element, local
from ingest.readers.ooxml.wordml import parse
from ingest.readers.pdf.page_content import Character, PageContent, row_of
from ingest.readers.pdf.page_flow import flowed
from ingest.readers.zipped import Claim, open_zip, read_member

_OFD = Claim("OFD 文件", "请重新取得文件；或用 OFD 阅读器打开，导出成 PDF 再导入")
_MAX_PART, _MAX_PICTURE, _MAX_PAGES = 64 * 2**20, 64 * 2**20, 5_000
_POINTS = 72 / 25.4  # OFD measures in millimetres
_A4 = (0.0, 0.0, 210.0, 297.0)
_ABOVE, _BELOW = 0.85, 0.15  # of the size: how far a character reaches from its base line
_MOST_CHARACTERS = 200_000  # of a page
_WHOLE_PAGE, _SMALL = 0.5, 0.02
_PROPERTIES = {"title": "title", "author": "author", "keyword": "keywords"}
_ANOTHER_PLACE = frozenset({"watermark"})


@dataclass(slots=True)
class _Package:
    """An opened OFD. Parts that are damaged become issues."""

    opened: zipfile.ZipFile
    name: str
    issues: list[Issue] = field(default_factory=list)

    def data(self, part: str, limit: int = _MAX_PART) -> bytes:
        try:
            info = self.opened.getinfo(part)
        except KeyError as error:
            raise ReadError(f"OFD 文件里缺少 {part}", place=self.name, hint=_OFD.repair) from error
        return read_member(self.opened, info, limit, f"{self.name} 的 {part}", _OFD)

    def tree(self, part: str) -> Element:
        place = f"{self.name} 的 {part}"
        data = self.data(part)
        try:
            root, recovered = parse(data, place)
        except ReadError as error:
            raise ReadError("OFD 文件内部有损坏或不该有的内容，读不出", place=place, hint=_OFD.repair) from error
        if recovered:
            message = "文件内部有损坏，已尽量读出，可能缺字，请与原稿核对"
            self.issues.append(Issue(IssueCode.BROKEN_XML, part, message))
        return root

    def try_tree(self, part: str) -> Element | None:
        """None, and an issue, for a part that cannot be read."""
        try:
            return self.tree(part)
        except ReadError as error:
            message = f"文件内部的这一部分读不出（{error.message}），其余照收，请与原稿核对"
            self.issues.append(Issue(IssueCode.BROKEN_PART, part, message))
            return None


@dataclass(slots=True)
class _Page:
    """One page being put together. `pictures` are (top, left, right, bottom in millimetres, resource)."""

    box: tuple[float, float, float, float]
    lines: dict[int, list[Character]] = field(default_factory=dict)  # base line in tenths of points → characters
    stamps: list[Character] = field(default_factory=list)
    pictures: list[tuple[tuple[float, float, float, float], str]] = field(default_factory=list)
    characters: int = 0


def read(file: Path, name: str) -> Manuscript:
    """Reads an OFD file, all its documents in order. Raises ReadError."""
    with file.open("rb") as stream, open_zip(stream, name, _OFD) as opened:
        package = _Package(opened, name)
        root = package.tree("OFD.xml")
        if any(local(element) == "encryptions" for element in root.iter()):
            raise ReadError("OFD 文件加了密，读不出", place=name, hint="在 OFD 阅读器里打开，另存为不加密的文件再导入")
        pages: list[PageContent] = []
        scans: dict[int, Picture] = {}
        for body in _named(root, "docbody"):
            start = next((element.text for element in _named(body, "docroot") if element.text), None)
            if start:
                for page, scan in _pages(package, _joined("", start), len(pages)):
                    pages.append(page)
                    if scan is not None:
                        scans[page.number] = scan
        if not pages:
            raise ReadError("OFD 文件里没有页面", place=name, hint=_OFD.repair)
        properties = _properties(root)
    manuscript = flowed(pages, name, file, scans.__getitem__, {}, properties)
    return replace(manuscript, issues=(*package.issues, *manuscript.issues))


def _properties(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter():
        if (key := _PROPERTIES.get(local(element))) and (text := (element.text or "").strip()):
            found.setdefault(key, text)
    return found


def _pages(package: _Package, document: str, first: int) -> Iterator[tuple[PageContent, Picture | None]]:
    """The pages of one document, with the picture of those that are nothing else."""
    root = package.tree(document)
    usual = _box(next((area for area in _named(root, "pagearea")), None)) or _A4
    templates = {one.get("ID", ""): _joined(document, one.get("BaseLoc", "")) for one in _named(root, "templatepage")}
    resources = _resources(package, document, root)
    notes = _annotations(package, document, root)
    listed = [one for one in _named(root, "page") if one.get("BaseLoc")]
    if len(listed) > _MAX_PAGES:
        raise ReadError(f"超过 {_MAX_PAGES} 页，没有读取", place=package.name, hint="按辑拆成几个文件再导入")
    for number, one in enumerate(listed, first):
        part = _joined(document, one.get("BaseLoc", ""))
        content = package.try_tree(part)
        page = _Page(usual)
        if content is not None:
            page.box = _box(next((area for area in _named(content, "area")), None)) or usual
            for template in _named(content, "template"):
                behind = package.try_tree(templates.get(template.get("TemplateID", ""), ""))
                if behind is not None:
                    _take(behind, page, (0.0, 0.0))
            _take(content, page, (0.0, 0.0))
        for note, origin, beside in notes.get(one.get("ID", ""), ()):
            _take(note, page, origin, beside)
        yield _content(page, number, package, resources)


# -- a page


def _take(element: Element, page: _Page, origin: tuple[float, float], beside: bool = False) -> None:
    """Adds what stands in an element to the page, in the order it is painted; `origin` is where it begins."""
    for one in element.iter():
        name = local(one)
        if name == "textobject":
            _text(one, page, origin, beside)
        elif name == "imageobject" and (area := _numbers(one.get("Boundary"), 4)):
            left, top, width, height = area
            left, top = left + origin[0], top + origin[1]
            page.pictures.append(((top, left, left + width, top + height), one.get("ResourceID", "")))


def _text(element: Element, page: _Page, origin: tuple[float, float], beside: bool) -> None:
    area = _numbers(element.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)
    matrix = _numbers(element.get("CTM"), 6) or (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    size = max(0.1, _number(element.get("Size"), 3.5) * max(abs(matrix[3]), 0.01))
    x = y = 0.0
    for code in element.iter():
        if local(code) != "textcode" or not code.text:
            continue
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        text = code.text.strip("\r\n\t")
        page.characters += len(text)
        if page.characters > _MOST_CHARACTERS:
            return
        across, down = _deltas(code.get("DeltaX"), len(text)), _deltas(code.get("DeltaY"), len(text))
        at_x, at_y = x, y
        for place, sign in enumerate(text):
            usual = size if sign >= "\u2e80" or not matrix[0] else size / 2
            step = across[place] if place < len(across) else 0.0 if down else usual / (matrix[0] or 1)
            left = origin[0] + area[0] + at_x * matrix[0] + at_y * matrix[2] + matrix[4]
            base = origin[1] + area[1] + at_x * matrix[1] + at_y * matrix[3] + matrix[5]
            room = abs(step * matrix[0])  # a digit set as wide as a Han character has no blank behind it
            _put(sign, left, base, room if 0 < room <= size else usual, size, page, beside)
            at_x += step
            at_y += down[place] if place < len(down) else 0.0


def _put(sign: str, left: float, base: float, width: float, size: float, page: _Page, beside: bool) -> None:
    """A character with its box in points, measured from the bottom of the page as in a PDF."""
    height = page.box[3]
    left, base = left - page.box[0], base - page.box[1]
    character = Character(
        ord(sign),
        left * _POINTS,
        (left + width) * _POINTS,
        (height - base + _ABOVE * size) * _POINTS,
        (height - base - _BELOW * size) * _POINTS,
    )
    if beside:
        page.stamps.append(character)
        return
    level = round(base * _POINTS)
    near = next((one for one in (level, level - 1, level + 1) if one in page.lines), level)
    page.lines.setdefault(near, []).append(character)


def _content(
    page: _Page, number: int, package: _Package, resources: dict[str, str]
) -> tuple[PageContent, Picture | None]:
    width, height = page.box[2] * _POINTS, page.box[3] * _POINTS
    content = PageContent(number, width, height)
    content.rows = [row for line in page.lines.values() if (row := row_of(line, height, number))]
    stamp = row_of(page.stamps, height, number)
    content.stamps = [stamp.whole] if stamp else []
    scan: Picture | None = None
    for (top, left, right, bottom), resource in page.pictures:
        share = (right - left) * (bottom - top) / max(1.0, page.box[2] * page.box[3])
        if share < _SMALL:
            continue
        data = _picture(package, resources.get(resource, ""))
        kind = media_type(data)
        if not kind:
            content.other_pictures += 1
            continue
        if share > _WHOLE_PAGE and not content.rows:
            scan = Picture(hashlib.sha256(data).hexdigest(), data, kind)
        content.pictures.append((top * _POINTS, data))
    content.scanned = scan is not None
    if scan is not None:
        content.pictures.clear()  # it is kept with what is recognised on it
    return content, scan


def _picture(package: _Package, part: str) -> bytes:
    try:
        return package.data(part, _MAX_PICTURE) if part else b""
    except ReadError:
        return b""


# -- parts


def _resources(package: _Package, document: str, root: Element) -> dict[str, str]:
    """Pictures by their id."""
    found: dict[str, str] = {}
    for one in root.iter():
        if local(one) in ("publicres", "documentres") and one.text:
            part = _joined(document, one.text)
            listed = package.try_tree(part)
            if listed is None:
                continue
            folder = _joined(part, f"{listed.get('BaseLoc') or '.'}/.")
            for media in _named(listed, "multimedia"):
                for file in _named(media, "mediafile"):
                    found[media.get("ID", "")] = _joined(f"{folder}/.", file.text or "")
    return found


def _annotations(
    package: _Package, document: str, root: Element
) -> dict[str, list[tuple[Element, tuple[float, float], bool]]]:
    """What is written onto pages, by the id of the page: the element, where it begins, whether it is a watermark."""
    found: dict[str, list[tuple[Element, tuple[float, float], bool]]] = {}
    for one in root:
        if local(one) != "annotations" or not one.text:
            continue
        part = _joined(document, one.text)
        listed = package.try_tree(part)
        for page in _named(listed, "page") if listed is not None else ():
            file = next((element.text for element in _named(page, "fileloc") if element.text), "")
            notes = package.try_tree(_joined(part, file)) if file else None
            for note in _named(notes, "annot") if notes is not None else ():
                for shown in _named(note, "appearance"):
                    area = _numbers(shown.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)
                    beside = (note.get("Type") or "").lower() in _ANOTHER_PLACE
                    found.setdefault(page.get("PageID", ""), []).append((shown, (area[0], area[1]), beside))
    return found


def _named(element: Element, name: str) -> Sequence[Element]:
    return [one for one in element.iter() if local(one) == name]


def _joined(part: str, address: str) -> str:
    address = address.strip().replace("\\", "/")
    if address.startswith("/"):
        return posixpath.normpath(address.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), address))


def _box(area: Element | None) -> tuple[float, float, float, float] | None:
    for one in area.iter() if area is not None else ():
        if local(one) == "physicalbox" and (found := _numbers(one.text, 4)) and found[2] > 0 and found[3] > 0:
            return found[0], found[1], found[2], found[3]
    return None


def _number(text: str | None, otherwise: float) -> float:
    found = _numbers(text, 1)
    return found[0] if found else otherwise


def _numbers(text: str | None, count: int) -> tuple[float, ...]:
    """So many numbers, or none; what is no measure of a page counts as none."""
    try:
        found = tuple(float(one) for one in (text or "").split())
    except ValueError:
        return ()
    fit = len(found) == count and all(abs(one) < 1e6 for one in found)
    return found if fit else ()


def _deltas(text: str | None, count: int) -> list[float]:
    """The steps from character to character: `5 5 g 3 4.5` is 5, 5, and 4.5 three times."""
    words = re.findall(r"g|[-+]?[\d.]+(?:[eE][-+]?\d+)?", text or "")
    steps: list[float] = []
    at = 0
    while at < len(words) and len(steps) < count:
        try:
            if words[at] == "g":
                steps += [float(words[at + 2])] * min(int(float(words[at + 1])), count)
                at += 3
            else:
                steps.append(float(words[at]))
                at += 1
        except (ValueError, IndexError, OverflowError):
            return []
    return [step if abs(step) < 1e6 else 0.0 for step in steps]

"""The styles of a document: those of the house style, or that of a publisher's Word file (`reference`).

Of a reference file styles, theme, numbering, fonts and page set-up are taken, no text. Its styles are found by their
names and aliases; they get the ids of ours, so that whoever sets paragraphs need not know of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxml import etree

from archive.export.house import HouseStyle, PageFormat, TextStyle
from archive.export.word import styles, theme
from archive.export.word.page_layout import Paper
from archive.export.word.reference_file import WordFile
from archive.export.word.styles import ParagraphStyle, StyleSheet, table_of_styles
from archive.export.word.word_package import WordPackage
from archive.export.word.wordml import NAMESPACES, attribute
from archive.model.errors import ConfigError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MILLIMETRE = 1440 / 25.4  # in twentieths of a point
_USUAL_HALF_POINTS = 20  # where a file says nothing
_Element = etree._Element


@dataclass(frozen=True, slots=True)
class WordStyles:
    """The house style as the document follows it, its paragraph styles by id, a w:docGrid (or "")."""

    house: HouseStyle
    styles: Mapping[str, ParagraphStyle]
    grid: str = ""


def apply_styles(package: WordPackage, house: HouseStyle) -> WordStyles:
    """Put styles, theme, font table and numbering into the package.

    Raises ConfigError for a reference file that cannot be followed.
    """
    package.add("theme", theme.theme_part(house))
    package.add("fontTable", theme.fonts_part(house))
    if house.reference is None:
        table = table_of_styles(house, Paper(house).line)
        package.add("styles", StyleSheet(house).part(table))
        return WordStyles(house, table)
    with WordFile(house.reference) as source:
        page, grid = _page_setup(source, house.page)
        house = replace(house, page=page)
        sheet = _StylePart(source.tree("styles"))
        table = sheet.merge(table_of_styles(house, Paper(house).line), StyleSheet(house))
        package.add("styles", etree.tostring(sheet.root, xml_declaration=True, encoding="UTF-8", standalone=True))
        for kind in ("theme", "fontTable", "numbering"):
            source.hand_over(kind, package, sheet.renamed if kind == "numbering" else None)
    return WordStyles(house, table, grid)


class _StylePart:
    """The styles of a reference file, being given our ids."""

    def __init__(self, root: _Element) -> None:
        self.root = root
        self._ids: dict[str, str] = {}  # theirs → ours
        self._by_name: dict[tuple[str, str], _Element] = {}
        for style in root.iterchildren(f"{_W}style"):
            kind = style.get(f"{_W}type", "paragraph")
            for name in _names(style):
                self._by_name.setdefault((kind, name), style)

    def merge(self, ours: Mapping[str, ParagraphStyle], sheet: StyleSheet) -> Mapping[str, ParagraphStyle]:
        """Rename theirs, add those of ours they lack; returns our table with the sizes they really have."""
        # A style a designer has called 题名 is meant before Word's own heading 2, which every file has.
        found: dict[str, _Element | None] = {
            style.id: self._find("paragraph", style.alias, style.name) for style in ours.values()
        }
        if found[styles.BODY] is None:
            found[styles.BODY] = self._find("paragraph", "正文")
        added = [sheet.added(style) for style in ours.values() if found[style.id] is None]
        for other in (sheet.normal(), *styles.OTHERS):
            made = _parsed(other)
            identity, kind = made.get(f"{_W}styleId", ""), made.get(f"{_W}type", "")
            found[identity] = self._find(kind, *_names(made))
            if found[identity] is None:
                added.append(other)
        for identity, element in found.items():
            if element is not None:
                self._ids.setdefault(element.get(f"{_W}styleId", ""), identity)
        taken = {*found}
        for style_element in self.root.iterchildren(f"{_W}style"):
            theirs = style_element.get(f"{_W}styleId", "")
            if theirs in taken and theirs not in self._ids:
                self._ids[theirs] = f"{theirs}Reference"
        self.renamed(self.root)
        for style in ours.values():
            if style.outline is not None and (element := found[style.id]) is not None:
                _outline(element, style.outline)
        self.root.extend(_parsed(style) for style in added)
        return {
            identity: style if (element := found[identity]) is None else replace(style, look=self._look(style, element))
            for identity, style in ours.items()
        }

    def renamed(self, root: _Element) -> None:
        """Put our ids into a part that names styles."""
        for element in root.iter(
            *(f"{_W}{name}" for name in ("style", "basedOn", "next", "link", "pStyle", "styleLink", "numStyleLink"))
        ):
            key = f"{_W}styleId" if element.tag == f"{_W}style" else f"{_W}val"
            if (theirs := element.get(key, "")) in self._ids:
                element.set(key, self._ids[theirs])

    def _find(self, kind: str, *names: str) -> _Element | None:
        return next((found for name in names if (found := self._by_name.get((kind, name.lower()))) is not None), None)

    def _look(self, style: ParagraphStyle, element: _Element) -> TextStyle:
        """What is computed with: the size of the type and the space above."""
        size, before = (
            self._length(element, "rPr", "sz", "val"),
            self._length(element, "pPr", "spacing", "before"),
        )
        half_points = _USUAL_HALF_POINTS if size is None else size
        return replace(style.look, size=half_points / 2, before=(before or 0) / 20)

    def _length(self, element: _Element, properties: str, name: str, key: str) -> float | None:
        """A number of the style itself, of the one it is based on, or of the defaults."""
        seen: set[_Element] = set()
        at: _Element | None = element
        while at is not None and at not in seen:
            seen.add(at)
            value = at.find(f"{_W}{properties}/{_W}{name}")
            if value is not None and (number := _number(value.get(f"{_W}{key}"))) is not None:
                return number
            base = at.find(f"{_W}basedOn")
            at = None if base is None else self._by_id(base.get(f"{_W}val"))
        default = self.root.find(f"{_W}docDefaults/{_W}{properties}Default/{_W}{properties}/{_W}{name}")
        return None if default is None else _number(default.get(f"{_W}{key}"))

    def _by_id(self, identity: str | None) -> _Element | None:
        return next(
            (style for style in self.root.iterchildren(f"{_W}style") if style.get(f"{_W}styleId") == identity), None
        )


def _outline(style: _Element, level: int) -> None:
    """Give a style its level among headings, by which contents find it, where it has none."""
    properties = style.find(f"{_W}pPr")
    if properties is None:
        properties = style.makeelement(f"{_W}pPr", {})
        style.insert(_place(style, ("rPr", "tblPr", "trPr", "tcPr", "tblStylePr")), properties)
    if properties.find(f"{_W}outlineLvl") is None:
        line = properties.makeelement(f"{_W}outlineLvl", {f"{_W}val": str(level)})
        properties.insert(_place(properties, ("divId", "cnfStyle", "rPr", "sectPr", "pPrChange")), line)


def _place(parent: _Element, followers: tuple[str, ...]) -> int:
    """Where among the children something goes that must stand before these."""
    tags = {f"{_W}{name}" for name in followers}
    return next((index for index, child in enumerate(parent) if child.tag in tags), len(parent))


def _names(style: _Element) -> list[str]:
    """Name and aliases of a style, in small letters."""
    names = [style.find(f"{_W}name"), style.find(f"{_W}aliases")]
    words = ",".join(element.get(f"{_W}val", "") for element in names if element is not None)
    return [name.strip().lower() for name in words.split(",") if name.strip()]


def _parsed(style: str) -> _Element:
    return etree.fromstring(f"<w:styles {NAMESPACES}>{style}</w:styles>")[0]


def _page_setup(source: WordFile, page: PageFormat) -> tuple[PageFormat, str]:
    """The page of the reference's last section, ours where it says nothing, and its grid."""
    sections = list(source.tree("document").iter(f"{_W}sectPr"))
    if not sections:
        return page, ""
    size, margins, grid = (sections[-1].find(f"{_W}{name}") for name in ("pgSz", "pgMar", "docGrid"))
    sides: dict[str, float] = {}
    for element, names in (
        (size, {"w": "width", "h": "height"}),
        (
            margins,
            {"top": "top", "bottom": "bottom", "left": "inner", "right": "outer", "header": "head", "footer": "foot"},
        ),
    ):
        for key, name in names.items() if element is not None else ():
            if (length := _number(element.get(f"{_W}{key}"))) is not None:
                sides[name] = abs(length) / _MILLIMETRE
    if margins is not None and "inner" in sides:
        sides["inner"] += (_number(margins.get(f"{_W}gutter")) or 0) / _MILLIMETRE
    found = replace(page, **sides)
    if found.measure < 40 or found.depth < 40:
        raise ConfigError(
            "参考文件的页面除去边距后，版心不足 40 毫米。", place=f"参考文件 {source.file}", hint="请检查它的页面设置。"
        )
    attributes = (
        "" if grid is None else "".join(f" w:{etree.QName(k).localname}={attribute(v)}" for k, v in grid.items())
    )
    return found, f"<w:docGrid{attributes}/>" if attributes else ""


def _number(value: str | None) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:  # a measure with its unit, which only strict files have
        return None

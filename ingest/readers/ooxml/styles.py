"""Styles: what a paragraph or character style means, followed through w:basedOn."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from archive.model.records import Kind, Style
from ingest.readers.ooxml.symbols import SYMBOL_FONTS
from ingest.readers.ooxml.wordml import Element, attribute, child, integer, switched, tag, value

# Built-in names as Word, WPS and LibreOffice write them in Chinese, traditional Chinese and English installations.
_HEADING = re.compile(r"(?:heading|标题|標題|überschrift|見出し)\s*([1-9])", re.IGNORECASE)
_LIST = re.compile(r"(?:list(?: (?:bullet|number|continue))?|列表(?:项目符号|编号|接续)?)\s*([2-5])", re.IGNORECASE)
_KINDS = (
    (re.compile(r"title|标题|標題|文档标题|大标题", re.IGNORECASE), Kind.TITLE),
    (re.compile(r"subtitle|副标题|副標題", re.IGNORECASE), Kind.SUBTITLE),
    (re.compile(r"caption|题注|題注|标号|標號|图注|图题|表题", re.IGNORECASE), Kind.CAPTION),
    (re.compile(r"(?:intense )?quote|(?:明显)?引用|(?:鮮明)?引文|block text", re.IGNORECASE), Kind.QUOTATION),
)
_SWITCHES = (
    ("w:b", Style.BOLD),
    ("w:i", Style.ITALIC),
    ("w:u", Style.UNDERLINE),
    ("w:em", Style.EMPHASIS),
    ("w:strike", Style.STRIKE),
    ("w:dstrike", Style.STRIKE),
)
_FIRST_LINE = (tag("w:firstLineChars"), tag("w:firstLine"))
_MAX_DEPTH = 20  # of w:basedOn; also ends circles


@dataclass(slots=True)
class _Definition:
    name: str = ""
    base: str = ""
    level: int | None = None
    alignment: str | None = None
    first_line: bool | None = None
    size: float | None = None
    bold: bool | None = None
    hidden: bool | None = None
    numbering: str | None = None
    numbering_level: int | None = None
    style: Style = Style.NONE


@dataclass(slots=True)
class Styles:
    """The style sheet. Every question takes a style id as the document writes it."""

    default: str = ""
    default_size: float = 10.5
    elements: dict[str, Element] = field(default_factory=dict)
    # A template defines some hundred and sixty styles, a manuscript uses five: only those are ever looked into.
    _read: dict[str, _Definition] = field(default_factory=dict)
    _chains: dict[str, list[_Definition]] = field(default_factory=dict)  # each is asked for several times a paragraph

    def _definition(self, style: str) -> _Definition:
        if style not in self._read:
            self._read[style] = _definition(self.elements[style])
        return self._read[style]

    def _chain(self, style: str) -> list[_Definition]:
        """The definition of a style and of those it is based on."""
        if style not in self._chains:
            found: list[_Definition] = []
            named = style
            while named in self.elements and len(found) < _MAX_DEPTH:
                found.append(self._definition(named))
                named = found[-1].base
            self._chains[style] = found
        return self._chains[style]

    def name(self, style: str) -> str:
        """The style's own name."""
        return self._definition(style).name if style in self.elements else style

    def level(self, style: str) -> int | None:
        """Heading level 1 to 9, from the outline level or a built-in name; None for text."""
        for definition in self._chain(style):
            if definition.level is not None:
                return definition.level if definition.level <= 9 else None
            match = _HEADING.fullmatch(definition.name.strip())
            if match:
                return int(match[1])
        return None

    def kind(self, style: str) -> Kind:
        """TITLE, SUBTITLE, CAPTION or QUOTATION by built-in name, else PARAGRAPH."""
        for definition in self._chain(style):
            for pattern, kind in _KINDS:
                if pattern.fullmatch(definition.name.strip()):
                    return kind
        return Kind.PARAGRAPH

    def list_level(self, style: str) -> int:
        """How deep a built-in style of lists stands (List Bullet 2: 1), 0 for any other; its numbering does not say."""
        for definition in self._chain(style):
            if match := _LIST.fullmatch(definition.name.strip()):
                return int(match[1]) - 1
        return 0

    def alignment(self, style: str) -> str:
        """The alignment of the style as Word names it, "" where it gives none."""
        return next((d.alignment for d in self._chain(style) if d.alignment is not None), "")

    def first_line(self, style: str, own: Element | None) -> bool:
        """Whether first lines are indented, by the w:ind of the paragraph or else by its style."""
        direct = _first_line(own)
        if direct is not None:
            return direct
        return next((d.first_line for d in self._chain(style) if d.first_line is not None), False)

    def size(self, style: str) -> float | None:
        """Font size in points, where the style gives one."""
        return next((d.size for d in self._chain(style) if d.size is not None), None)

    def bold(self, style: str) -> bool:
        """Whether the style is bold."""
        return next((d.bold for d in self._chain(style) if d.bold is not None), False)

    def hidden(self, style: str) -> bool:
        """Whether the style hides its text."""
        return next((d.hidden for d in self._chain(style) if d.hidden is not None), False)

    def character(self, style: str) -> Style:
        """The formatting a character style gives."""
        result = Style.NONE
        for definition in self._chain(style):
            result |= definition.style
        return result

    def numbering(self, style: str) -> tuple[str | None, int | None]:
        """(w:numId, w:ilvl) the style gives."""
        chain = self._chain(style)
        number = next((d.numbering for d in chain if d.numbering is not None), None)
        level = next((d.numbering_level for d in chain if d.numbering_level is not None), None)
        return number, level


def symbol_font(properties: Element) -> str:
    """The font of a run where it is one of symbols, whose characters stand in the private area; else empty."""
    fonts = child(properties, "w:rFonts")
    named = (attribute(fonts, f"w:{kind}") for kind in ("ascii", "hAnsi", "cs")) if fonts is not None else ()
    return next((name for name in named if name and name.lower() in SYMBOL_FONTS), "")


def run_style(properties: Element) -> Style:
    """The formatting a w:rPr gives by itself."""
    result = Style.NONE
    for name, style in _SWITCHES:
        if switched(properties, name):
            result |= style
    position = value(properties, "w:vertAlign")
    if position == "superscript":
        result |= Style.SUPERSCRIPT
    elif position == "subscript":
        result |= Style.SUBSCRIPT
    return result


def read_styles(root: Element | None) -> Styles:
    """The style sheet from word/styles.xml; an empty one where there is none."""
    styles = Styles()
    if root is None:
        return styles
    default = value(root, "w:docDefaults", "w:rPrDefault", "w:rPr", "w:sz")
    styles.default_size = integer(default, 20) / 2
    for element in root.iter(tag("w:style")):
        identity = element.get(tag("w:styleId")) or ""
        styles.elements[identity] = element
        if element.get(tag("w:type")) == "paragraph" and element.get(tag("w:default")) in ("1", "true"):
            styles.default = identity
    return styles


def _first_line(indentation: Element | None) -> bool | None:
    """Whether a w:ind moves the first line in; None where it says nothing of it."""
    if indentation is None:
        return None
    amounts = [integer(amount) for name in _FIRST_LINE if (amount := indentation.get(name)) is not None]
    return max(amounts) > 0 if amounts else None


def _definition(element: Element) -> _Definition:
    outline = value(element, "w:pPr", "w:outlineLvl")
    size = value(element, "w:rPr", "w:sz")
    numbering_level = value(element, "w:pPr", "w:numPr", "w:ilvl")
    properties = child(element, "w:rPr")
    return _Definition(
        name=value(element, "w:name") or "",
        base=value(element, "w:basedOn") or "",
        level=None if outline is None else integer(outline) + 1,
        alignment=value(element, "w:pPr", "w:jc"),
        first_line=_first_line(child(element, "w:pPr", "w:ind")),
        size=None if size is None else integer(size) / 2,
        bold=switched(element, "w:rPr", "w:b"),
        hidden=switched(element, "w:rPr", "w:vanish"),
        numbering=value(element, "w:pPr", "w:numPr", "w:numId"),
        numbering_level=None if numbering_level is None else integer(numbering_level),
        style=Style.NONE if properties is None else run_style(properties),
    )

"""Running heads and page numbers: patterns of the house style, filled for every Word section."""

from __future__ import annotations

import re

from archive.export.house import HouseStyle
from archive.export.word import styles, wordml
from archive.export.word.styles import ParagraphStyle
from archive.export.word.word_package import WordPackage

_FIELD = re.compile(r"\{(书名|栏目|题名|页码)\}")
_POINTS = 72 / 25.4  # in a millimetre
_SPARE = 0.85  # of a line may be words; a head that wraps would push the text down


class Heads:
    """Heads and feet of one document; sections with the same words share them."""

    def __init__(self, package: WordPackage, house: HouseStyle, book_title: str, style: ParagraphStyle) -> None:
        """`style` is that of running heads, which stand across the page in vertical books too."""
        self._package = package
        self._layout = house.layout
        self._book_title = book_title
        self._longest = max(int(house.page.measure * _POINTS * _SPARE / style.look.size), 8)
        # A right-hand page has its outer edge at the right, except where the book opens to the right.
        self._outer = {"default": "right", "even": "left"}
        if self._layout.vertical:
            self._outer = {"default": "left", "even": "right"}

    def references(self, title: str = "", section: str = "", *, opens_on: str = "") -> str:
        """References of a section under this title in this 栏目; above its first page stands nothing.

        `opens_on` is "default" where the first page is surely a right-hand one, "even" for left-hand ones; where it may
        be either, its number stands in the middle, which is right for both.
        """
        patterns = {"default": self._layout.head_right, "even": self._layout.head_left, "first": ""}
        heads = {kind: self._head(pattern, title, section) for kind, pattern in patterns.items()}
        feet = {kind: self._foot(kind, title, section) for kind in self._outer}
        feet["first"] = self._foot(opens_on, title, section)
        return _references("header", heads) + _references("footer", feet)

    def none(self) -> str:
        """References of a section with neither heads nor page numbers: cover, copyright page, section pages."""
        head, foot = self._part("header", styles.HEADER, ""), self._part("footer", styles.FOOTER, "")
        return _references("header", dict.fromkeys(("default", "even", "first"), head)) + _references(
            "footer", dict.fromkeys(("default", "even", "first"), foot)
        )

    def _head(self, pattern: str, title: str, section: str) -> str:
        return self._part("header", styles.HEADER, self._filled(pattern, title, section))

    def _foot(self, side: str, title: str, section: str) -> str:
        outer = self._layout.folio_place == "outer" and side
        place = self._outer[side] if outer else "center"
        return self._part(
            "footer", styles.FOOTER, self._filled(self._layout.folio, title, section), f'<w:jc w:val="{place}"/>'
        )

    def _part(self, kind: str, style: str, content: str, properties: str = "") -> str:
        if not content:  # without the rule the style draws below
            properties = f"{_NO_RULE}{properties}"
        root = {"header": "hdr", "footer": "ftr"}[kind]
        return self._package.add_shared(kind, wordml.part(root, (wordml.paragraph(style, content, properties),)))

    def _filled(self, pattern: str, title: str, section: str) -> str:
        """The pattern as runs; a pattern of which only fixed words would be left gives no running head."""
        pieces = _FIELD.split(pattern)
        values = {"书名": self._book_title, "栏目": section, "题名": title, "页码": "1"}
        names = pieces[1::2]
        if names and not any(values[name] for name in names):
            return ""
        room = self._longest - sum(map(len, pieces[::2]))
        runs = []
        for index, piece in enumerate(pieces):
            if index % 2 == 0:
                runs.append(wordml.run(piece))
            elif piece == "页码":
                runs.append(wordml.field("PAGE", "1"))
            else:
                words = _shortened(values[piece], max(room, 2))
                room -= len(words)
                runs.append(wordml.run(words))
        return "".join(runs)


_NO_RULE = '<w:pBdr><w:bottom w:val="nil"/></w:pBdr>'


def _references(kind: str, relations: dict[str, str]) -> str:
    return "".join(f'<w:{kind}Reference w:type="{place}" r:id="{relation}"/>' for place, relation in relations.items())


def _shortened(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1] + "…"

"""What a document wears: styles, theme, fonts and page, from the house style alone or from its reference file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archive.export.house import HouseStyle
from archive.export.word import theme
from archive.export.word.layout import Paper
from archive.export.word.package import WordPackage
from archive.export.word.styles import ParagraphStyle, StyleSheet, table_of_styles


@dataclass(frozen=True, slots=True)
class Outfit:
    """The house style as the document follows it, its paragraph styles by id, a w:docGrid (or "")."""

    house: HouseStyle
    styles: Mapping[str, ParagraphStyle]
    grid: str = ""


def dress(package: WordPackage, house: HouseStyle) -> Outfit:
    """Put styles, theme and font table into the package."""
    table = table_of_styles(house, Paper(house).line)
    package.add("styles", StyleSheet(house).part(table))
    package.add("theme", theme.theme_part(house))
    package.add("fontTable", theme.fonts_part(house))
    return Outfit(house, table)

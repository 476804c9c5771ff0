"""Fonts for books: what the computer has, what serves each role, and whether every character can be printed.

    catalogue = read_catalogue(font_folders([library / "fonts"]))
    fonts = choose(catalogue, house.fonts)
    census = Census(passages)
    coverage = cover(census.units, fonts)
    coverage.require(census)

`isolation.only` hands exactly these fonts to Typst, `subset` cuts one down for EPUB.
"""

from archive.export.fonts.catalogue import Catalogue, Typeface, font_folders, read_catalogue
from archive.export.fonts.choice import FontSet, choose
from archive.export.fonts.coverage import Census, Coverage, Fallback, PrintedPassage, cover
from archive.export.fonts.subset import FontFile, font_files, media_type, subset

__all__ = [
    "Catalogue",
    "Census",
    "Coverage",
    "Fallback",
    "FontFile",
    "FontSet",
    "PrintedPassage",
    "Typeface",
    "choose",
    "cover",
    "font_files",
    "font_folders",
    "media_type",
    "read_catalogue",
    "subset",
]

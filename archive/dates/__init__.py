"""Periods: reading date expressions in Chinese texts and queries, and writing days down.

A period is an interval of Julian day numbers, both ends inclusive (`archive.model.records.Period`).
"""

from archive.dates.calendar import day, iso, year_of
from archive.dates.describe import decade_of, describe
from archive.dates.edtf import edtf
from archive.dates.extraction import Extracted, extract, mentions, use_names
from archive.dates.parse import parse_period

__all__ = [
    "Extracted",
    "day",
    "decade_of",
    "describe",
    "edtf",
    "extract",
    "iso",
    "mentions",
    "parse_period",
    "use_names",
    "year_of",
]

"""Periods: reading date expressions in Chinese texts and queries, and writing days down.

A period is an interval of Julian day numbers, both ends inclusive (`archive.model.records.Period`).
"""

from archive.dates.calendar import day, iso, year_of
from archive.dates.describe import decade_of, describe
from archive.dates.edtf import edtf
from archive.dates.extraction import Extracted
from archive.dates.reader import DateReader, shipped_reader

__all__ = [
    "DateReader",
    "Extracted",
    "day",
    "decade_of",
    "describe",
    "edtf",
    "iso",
    "shipped_reader",
    "year_of",
]

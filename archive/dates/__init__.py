"""Periods: reading date expressions in Chinese texts and queries, and writing days down.

A period is an interval of Julian day numbers, both ends inclusive (`archive.records.Period`).
"""

from archive.dates.calendar import day, iso, year_of
from archive.dates.describe import decade_of, describe
from archive.dates.extract import Extracted, extract, mentions
from archive.dates.parse import parse_period

__all__ = ["Extracted", "day", "decade_of", "describe", "extract", "iso", "mentions", "parse_period", "year_of"]

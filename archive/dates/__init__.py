"""Periods: reading date expressions in Chinese texts and queries, and writing days down.

A period is an interval of Julian day numbers, both ends inclusive (`archive.model.records.Period`).
"""

from importlib import import_module
from typing import TYPE_CHECKING

from archive.dates.calendar import day, iso, year_of
from archive.dates.describe import decade_of, describe
from archive.dates.edtf import edtf

if TYPE_CHECKING:
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

_READING = {"DateReader": "reader", "Extracted": "extraction", "shipped_reader": "reader"}


def __getattr__(name: str) -> object:
    """Load what is asked for: writing a day down should not wait for the expressions that reading a text needs."""
    if name not in _READING:
        raise AttributeError(name)
    found: object = getattr(import_module(f"archive.dates.{_READING[name]}"), name)
    return found

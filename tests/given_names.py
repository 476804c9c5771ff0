"""Names for libraries of tests, given as the table an office would take in."""

from __future__ import annotations

from archive.catalogue.name_table import parse
from archive.library import Library
from archive.model.access import Actor
from archive.support.sheets import csv_rows


def give(library: Library, table: str) -> None:
    """Take the rows of a CSV text into the library's names."""
    library.session(Actor.local()).names.take_in(parse(csv_rows(table, "表"), "表"), "试")

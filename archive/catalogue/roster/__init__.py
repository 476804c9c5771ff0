"""Office-holders: who held which post from when to when, read out of the lists and tables of 组织史.

Nothing here is stored. The records are computed from an article's text whenever they are asked for, so that a
correction of the text is a correction of the record.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.catalogue.roster.tenure import Tenure
    from archive.catalogue.roster.tenure_extraction import UnreadLine, tenures, unread
    from archive.catalogue.roster.tenure_rows import HEADER, both_ways, by_body, by_person, row

__all__ = ["HEADER", "Tenure", "UnreadLine", "both_ways", "by_body", "by_person", "row", "tenures", "unread"]

_MODULES = {
    "Tenure": "tenure",
    **dict.fromkeys(("UnreadLine", "tenures", "unread"), "tenure_extraction"),
    **dict.fromkeys(("HEADER", "both_ways", "by_body", "by_person", "row"), "tenure_rows"),
}


def __getattr__(name: str) -> object:
    """Load what is asked for: to know the head of a table takes none of the expressions that reading lists needs."""
    if name not in _MODULES:
        raise AttributeError(name)
    found: object = getattr(import_module(f"archive.catalogue.roster.{_MODULES[name]}"), name)
    return found

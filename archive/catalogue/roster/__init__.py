"""Office-holders: who held which post from when to when, read out of the lists and tables of 组织史.

Nothing here is stored. The records are computed from an article's text whenever they are asked for, so that a
correction of the text is a correction of the record.
"""

from archive.catalogue.roster.tenure import Tenure
from archive.catalogue.roster.tenure_extraction import UnreadLine, tenures, unread
from archive.catalogue.roster.tenure_rows import HEADER, both_ways, by_body, by_person, row

__all__ = ["HEADER", "Tenure", "UnreadLine", "both_ways", "by_body", "by_person", "row", "tenures", "unread"]

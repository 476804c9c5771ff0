"""The truth: what a library holds, with its originals, versions, corrections and audit log."""

from archive.store.store import Store
from archive.store.values import Entry, Import, Problem, Version

__all__ = ["Entry", "Import", "Problem", "Store", "Version"]

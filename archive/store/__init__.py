"""The truth: what a library holds, with its originals, versions, corrections and audit log."""

from archive.store.store import PROGRAM, Store
from archive.store.values import AuditEntry, Import, Problem, Version

__all__ = ["PROGRAM", "AuditEntry", "Import", "Problem", "Store", "Version"]

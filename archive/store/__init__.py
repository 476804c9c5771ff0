"""The truth: what a library holds, with its originals, versions, corrections and audit log."""

from archive.store.store import PROGRAM, Store

__all__ = ["PROGRAM", "Store"]

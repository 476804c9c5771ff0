"""The primary data of a library: articles with its originals, versions, corrections and audit log."""

from archive.store.store import PROGRAM, Store

__all__ = ["PROGRAM", "Store"]

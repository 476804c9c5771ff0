"""The primary data of a library: articles with its originals, versions, corrections and audit log."""

from archive.store.lock import PROGRAM
from archive.store.store import Store

__all__ = ["PROGRAM", "Store"]

"""What was read on pages, kept in the library by the SHA-256 of their pictures, so that no page is read twice.

An import that was stopped, or that a power cut ended, so goes on at the page where it was; the desk for proof-reading
shows the same lines as the import saw. The folder may be deleted at any time: pages are then read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import msgspec

from archive.model.errors import WenshiError
from archive.support.files import write_whole
from archive.support.isolation.plain_values import decoded, encoded
from archive.support.library_folder import reading_file
from ingest.readers.page_reading import PageReading

RULES = 4
"""Raised with every change of what is read on a picture: readings by earlier rules are not taken up."""

_folder: ContextVar[Path | None] = ContextVar("folder", default=None)


@contextmanager
def keeping(root: Path | None) -> Iterator[None]:
    """Readings are kept in the library whose folder is `root` while the context lasts; nowhere for None."""
    token = _folder.set(root)
    try:
        yield
    finally:
        _folder.reset(token)


def kept(sha256: str) -> PageReading | None:
    """What was read on this picture by the rules of today; None where it was not, or the file is damaged."""
    root = _folder.get()
    if root is None:
        return None
    try:
        rules, reading = decoded(tuple[int, PageReading], reading_file(root, sha256).read_bytes())
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    found: PageReading = reading
    return found if rules == RULES else None


def keep(sha256: str, reading: PageReading) -> None:
    """Keeps it; where the folder cannot be written, the page is only read again one day."""
    root = _folder.get()
    if root is None:
        return
    file = reading_file(root, sha256)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, encoded((RULES, reading)))
    except (OSError, WenshiError):
        return

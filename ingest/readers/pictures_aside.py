"""Pictures put aside in files while their manuscript is read: memory is not to grow with the pages of a volume."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path

from archive.model.records import Picture
from archive.support.storage_errors import storage_errors

_folder: ContextVar[Path | None] = ContextVar("folder", default=None)


@contextmanager
def putting_aside(folder: Path | None) -> Iterator[None]:
    """Pictures go into this folder while the context lasts; for None they stay in memory."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


def aside(picture: Picture) -> Picture:
    """The picture without its bytes, which lie in the folder under its SHA-256. Raises StorageError."""
    folder = _folder.get()
    if folder is None or not picture.data:
        return picture
    with storage_errors(folder):
        (folder / picture.sha256).write_bytes(picture.data)
    return replace(picture, data=b"")


def taken_up(pictures: tuple[Picture, ...], folder: Path | None) -> tuple[Picture, ...]:
    """Pictures that another process has read and put into the folder, with their files.

    The process is not asked where they are: it has read what came from outside. The vault compares their content.
    """
    if folder is None:
        return tuple(replace(one, file=None) for one in pictures)
    return tuple(replace(one, file=None if one.data else folder / Path(one.sha256).name) for one in pictures)

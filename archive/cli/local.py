"""Who the command line acts as: the person at the machine, who may see and do everything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.library import Library
from archive.model.access import Actor
from archive.session import Session


@contextmanager
def local_session(library_path: Path) -> Iterator[Session]:
    """A session of the person at the machine over an opened library. Raises what `Library.open` does."""
    with Library.open(library_path) as library:
        yield library.session(Actor.local())

"""Who the command line acts as: the person at the machine, who may see and do everything, or the one named by --as."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from archive.library import Library
from archive.model.access import Actor
from archive.session import Session
from archive.support.config import Config


@contextmanager
def local_session(library_path: Path) -> Iterator[Session]:
    """A session of who runs the command over an opened library. Raises what `Library.open` and `asking` do."""
    with Library.open(library_path) as library:
        yield library.session(asking(library))


def asking(library: Library) -> Actor:
    """Who runs the command. Whoever owns the folder needs no password: it could be read without this program as well.

    Records then name the person of --as, who may do no more than in the pages. Raises NotFound.
    """
    context = click.get_current_context(silent=True)
    config = context.find_root().obj if context else None
    owner = Actor.local()
    if not isinstance(config, Config) or not config.acting:
        return owner
    return library.session(owner).accounts.get(config.acting).actor

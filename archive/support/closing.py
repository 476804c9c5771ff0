"""What is to be closed when the rest of its making fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar


class Closes(Protocol):
    """What can be closed."""

    def close(self) -> None:
        """Let go of files and connections."""


Opened = TypeVar("Opened", bound=Closes)


@contextmanager
def closed_on_failure(opened: Opened) -> Iterator[Opened]:
    """It over the body; it stays open unless the body fails."""
    try:
        yield opened
    except BaseException:
        opened.close()
        raise

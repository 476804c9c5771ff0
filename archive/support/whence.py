"""From where something is asked: set once at the edge (a page, the command line), noted wherever it is changed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_from: ContextVar[str] = ContextVar("from", default="")


@contextmanager
def asked_from(place: str) -> Iterator[None]:
    """What is done over the body is asked from this place: an address in the network, a way in."""
    token = _from.set(place)
    try:
        yield
    finally:
        _from.reset(token)


def place() -> str:
    """From where this is asked; the name of this computer where no edge has said."""
    return _from.get() or socket.gethostname()

"""Whether what is being written is still wanted: asked while another program works on it, so that it can be ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Cancelled(Exception):
    """Nobody waits for the file any more. Nothing of it stays."""


_asked: ContextVar[Callable[[], bool] | None] = ContextVar("wanted", default=None)


@contextmanager
def cancelled_unless(asked: Callable[[], bool]) -> Iterator[None]:
    """Work of this thread is wanted as long as `asked` answers True; it is called often and must be quick."""
    token = _asked.set(asked)
    try:
        yield
    finally:
        _asked.reset(token)


def raise_if_cancelled() -> None:
    """Raise Unwanted when the work of this thread is not wanted any more."""
    asked = _asked.get()
    if asked is not None and not asked():
        raise Cancelled

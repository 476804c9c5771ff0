"""Whether what is being written is still wanted: asked while another program works on it, so that it can be ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class Cancelled(Exception):
    """Nobody waits for the file any more. Nothing of it stays."""


class Lock(Protocol):
    """One of threading."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool: ...
    def release(self) -> None: ...


_LOOKS = 0.25  # seconds between two looks whether who waits is still wanted
_asked: ContextVar[Callable[[], bool] | None] = ContextVar("wanted", default=None)


@contextmanager
def cancelled_unless(asked: Callable[[], bool]) -> Iterator[None]:
    """Work of this thread is wanted as long as `asked` answers True; it is called often and must be quick."""
    token = _asked.set(asked)
    try:
        yield
    finally:
        _asked.reset(token)


def wanted() -> bool:
    """Whether the work of this thread is still wanted."""
    asked = _asked.get()
    return asked is None or asked()


def raise_if_cancelled() -> None:
    """Raise Cancelled when the work of this thread is not wanted any more."""
    if not wanted():
        raise Cancelled


@contextmanager
def held(lock: Lock) -> Iterator[None]:
    """The body while it holds a lock, waited for only as long as the work is wanted. Raises Cancelled."""
    while not lock.acquire(timeout=_LOOKS):
        raise_if_cancelled()
    try:
        yield
    finally:
        lock.release()

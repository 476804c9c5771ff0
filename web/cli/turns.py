"""Pages for reading are made in turn.

Python computes in one thread of a process at a time. Threads that make pages at once take it from each other at every
question to SQLite, which costs up to a third of the processor's time and gives nobody a page sooner.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LONG = 0.05
"""Seconds a page waits for the one before it. One that takes longer goes on beside the next."""


class Turns:
    """An application that makes pages for reading one after another; whatever else is asked of it goes straight on."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._next = threading.Lock()  # of the page that is to be made next
        self._free = threading.Semaphore()
        self._changing = threading.Lock()
        self._whose: object = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """For the server."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._app(environ, start_response)
        with self._turn():
            return self._app(environ, start_response)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        mine = object()
        with self._next:
            free = self._free.acquire(timeout=LONG)
            with self._changing:
                if not free:  # unless it has just ended, the page before gives its turn up
                    self._free.acquire(blocking=False)
                self._whose = mine
        try:
            yield
        finally:
            with self._changing:
                if self._whose is mine:
                    self._whose = None
                    self._free.release()

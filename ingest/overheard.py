"""What the recogniser of scans returns, taken down as it leaves the recogniser: the text of the second count of scans.

It is heard at the one place where recognised text comes into the program, before the reader orders the lines, tells
columns apart and joins paragraphs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ingest.readers import ocr

_listening: ContextVar[list[str] | None] = ContextVar("listening", default=None)
_engine = ocr._engine


@contextmanager
def overheard() -> Iterator[list[str]]:
    """The text of every picture recognised meanwhile by this thread: all its lines, however doubtful."""
    pictures: list[str] = []
    token = _listening.set(pictures)
    try:
        yield pictures
    finally:
        _listening.reset(token)


def _attended() -> Callable[[bytes], Any]:
    """The recogniser of the reader, with somebody listening."""
    engine = _engine()

    def recognise(picture: bytes) -> Any:
        result = engine(picture)
        pictures = _listening.get()
        if pictures is not None and result.txts is not None:
            pictures.append("\n".join(result.txts))
        return result

    return recognise


# The reader has no such hook, and should not have to know that it is being checked.
ocr._engine = _attended  # type: ignore[assignment]

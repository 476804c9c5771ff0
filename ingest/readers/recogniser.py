"""The recogniser of scans (RapidOCR, `wenshi[ocr]`), and who listens to what it returns.

This is the one place where recognised text comes into the program. The second count of scans hears it here, before the
reader orders the lines, tells columns apart and joins paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.util import find_spec
from typing import Any

from archive.support.isolation.served_calls import allow, progress

_MEMORY = 1536 * 2**20  # bytes for the models, and for a page at 300 dots an inch
_listening: ContextVar[list[str] | None] = ContextVar("listening", default=None)


def installed() -> bool:
    """Whether text can be recognised on this machine."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def recognise(picture: bytes) -> Any:
    """What RapidOCR finds on a picture: `boxes`, `txts` and `scores` (None where nothing is), and `img`.

    Raises whatever RapidOCR raises for a picture it cannot decode; it has no common base.
    """
    result = _engine()(picture)
    progress()
    pictures = _listening.get()
    if pictures is not None and result.txts is not None:
        pictures.append("\n".join(result.txts))
    return result


@contextmanager
def captured_messages() -> Iterator[list[str]]:
    """The text of every picture recognised meanwhile by this thread: all its lines, however doubtful."""
    pictures: list[str] = []
    token = _listening.set(pictures)
    try:
        yield pictures
    finally:
        _listening.reset(token)


@cache
def _engine() -> Any:
    """The one recogniser of this process; loading its models takes about a second."""
    from rapidocr import RapidOCR

    allow(_MEMORY)
    return RapidOCR(params={"Global.log_level": "critical"})

"""Memory that the C library keeps for each thread, so that a server does not grow by what its threads gave back."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
_ARENAS = 2  # places of memory that threads share; as many as eight a processor otherwise, each kept for good


def share_among_threads() -> None:
    """To be called before there are threads. Does nothing where the C library is not glibc, which alone needs it."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)

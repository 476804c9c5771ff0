"""The memory of this computer, and how a server keeps from growing by what its threads gave back."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
_ARENAS = 2  # places of memory that threads share; as many as eight a processor otherwise, each kept for good


def share_among_threads() -> None:
    """To be called before there are threads. Does nothing where the C library is not glibc, which alone needs it."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of Windows."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("physical", ctypes.c_uint64),
        ("others", ctypes.c_uint64 * 6),
    )


def installed() -> int:
    """Bytes of memory that this computer has; 0 where it does not tell."""
    with suppress(OSError, ValueError, AttributeError):
        if sys.platform != "win32":
            return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
        ctypes.WinDLL("kernel32").GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.physical)
    return 0

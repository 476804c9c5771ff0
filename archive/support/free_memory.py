"""How much memory the machine has to spare, as far as the system tells."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from pathlib import Path

_UNKNOWN = 2**30


class _Status(ctypes.Structure):
    """MEMORYSTATUSEX of Windows."""

    _fields_ = [
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        *((name, ctypes.c_uint64) for name in ("physical", "free", "file", "file_free", "virtual", "virtual_free")),
        ("extended", ctypes.c_uint64),
    ]


def free_memory() -> int:
    """Bytes that programs may take without others being moved to disk; a gigabyte where the system does not tell."""
    if sys.platform == "win32":
        status = _Status(length=ctypes.sizeof(_Status))
        if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
            return status.free
        return _UNKNOWN
    with suppress(OSError, ValueError, IndexError):  # only Linux has /proc
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return _UNKNOWN

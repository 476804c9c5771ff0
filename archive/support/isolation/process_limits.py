"""Limits of the process that asks for them, and of what it starts: memory and the number of processes.

How long it may take is watched from outside (isolated_process.py). On Linux each process has the limit for itself, on
Windows a job object holds them together; elsewhere, and where the system refuses, there is only the limit of time.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from archive.support.isolation.windows_job import WindowsJob, kernel32

if sys.platform != "win32":
    import resource

_STARTED = 512  # threads and processes that may be added to those the user has
_DATA = 5  # the field of /proc/self/statm that counts what RLIMIT_DATA limits
_STARTED_ON_WINDOWS = 32  # processes: LibreOffice takes three


class ProcessLimits:
    """The limits of this process, taken on as it is made; they end with it."""

    def __init__(self) -> None:
        self._job: WindowsJob | None = None
        if sys.platform == "win32":
            with suppress(OSError):
                self._job = WindowsJob(kernel32())
            return
        _set(resource.RLIMIT_CORE, 0)
        with suppress(OSError):  # only Linux has /proc
            running = sum(1 for _ in Path("/proc").glob("[0-9]*/task/*"))
            _set(resource.RLIMIT_NPROC, running + _STARTED)

    def allow(self, memory: int) -> None:
        """So many bytes from now on beside those it holds; what wants more gets MemoryError, or dies."""
        most = self.held() + memory
        if self._job is not None:
            with suppress(OSError):
                self._job.limit(most, _STARTED_ON_WINDOWS)
        elif sys.platform != "win32":
            # What is written to, not what is set aside: threads and their heaps set aside gigabytes they never touch.
            _set(resource.RLIMIT_DATA, most)

    def held(self) -> int:
        """The bytes this process holds; where the system only tells that, the most it has held at once."""
        if self._job is not None:
            return self._job.peak()
        if sys.platform == "win32":
            return 0
        with suppress(OSError):
            return int(Path("/proc/self/statm").read_text("ascii").split()[_DATA]) * resource.getpagesize()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # of macOS, in bytes


if sys.platform != "win32":

    def _set(kind: int, most: int) -> None:
        """Sets the limit in force, as far as the one nobody may pass allows."""
        with suppress(OSError, ValueError):
            _, hard = resource.getrlimit(kind)
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))

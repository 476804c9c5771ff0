"""A job object of Windows: what holds a process and all it starts within its limits, and ends them together."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes
from typing import Any

_EXTENDED_LIMITS = 9
_ACTIVE_PROCESSES, _PROCESS_MEMORY, _JOB_MEMORY = 0x8, 0x100, 0x200
_DIE_QUIETLY, _END_TOGETHER = 0x400, 0x2000  # no window that says a program has stopped; none outlives the job


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_ulonglong * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class WindowsJob:
    """The job of this process; what it starts from now on belongs to it. Its handle is open as long as we live."""

    def __init__(self, kernel32: Any) -> None:
        """Puts this process into a new job. Raises OSError where Windows refuses (before Windows 8, within a job)."""
        self._kernel32 = kernel32
        kernel32.CreateJobObjectW.restype = kernel32.GetCurrentProcess.restype = wintypes.HANDLE
        kernel32.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
        kernel32.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        kernel32.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
        kernel32.QueryInformationJobObject.argtypes = (
            wintypes.HANDLE,
            ctypes.c_int,
            ctypes.c_void_p,
            wintypes.DWORD,
            ctypes.c_void_p,
        )
        self._handle = kernel32.CreateJobObjectW(None, None)
        if not self._handle or not kernel32.AssignProcessToJobObject(self._handle, kernel32.GetCurrentProcess()):
            raise OSError("no job object")

    def limit(self, memory: int, processes: int) -> None:
        """So many bytes for each process and for all together, so many processes at once. Raises OSError."""
        limits = ExtendedLimits()
        basic = limits.BasicLimitInformation
        basic.LimitFlags = _ACTIVE_PROCESSES | _PROCESS_MEMORY | _JOB_MEMORY | _DIE_QUIETLY | _END_TOGETHER
        basic.ActiveProcessLimit = processes
        limits.ProcessMemoryLimit = limits.JobMemoryLimit = memory
        size = ctypes.sizeof(limits)
        if not self._kernel32.SetInformationJobObject(self._handle, _EXTENDED_LIMITS, ctypes.byref(limits), size):
            raise OSError("the job object takes no limits")

    def peak(self) -> int:
        """The most bytes that one of its processes has held at once."""
        limits = ExtendedLimits()
        size = ctypes.sizeof(limits)
        self._kernel32.QueryInformationJobObject(self._handle, _EXTENDED_LIMITS, ctypes.byref(limits), size, None)
        return int(limits.PeakProcessMemoryUsed)


def kernel32() -> Any:
    """The library of Windows with the calls above. Raises OSError on other systems."""
    if sys.platform != "win32":
        raise OSError("not Windows")
    return ctypes.WinDLL("kernel32", use_last_error=True)

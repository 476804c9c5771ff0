"""Job objects, as far as they can be tried without Windows: sizes as the system has them, calls and their order."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from archive.support.isolation.windows_job import ExtendedLimits, WindowsJob


class Kernel:
    """Stands in for kernel32; each call is a function object whose types can be set."""

    def __init__(self, assigns: bool = True) -> None:
        self.limits: ExtendedLimits | None = None

        def call(answer: Any) -> Any:
            return lambda *arguments: answer(*arguments)

        self.CreateJobObjectW = call(lambda attributes, name: 7)
        self.GetCurrentProcess = call(lambda: -1)
        self.AssignProcessToJobObject = call(lambda job, process: assigns and (job, process) == (7, -1))
        self.SetInformationJobObject = call(self._set)
        self.QueryInformationJobObject = call(self._query)

    def _set(self, job: int, kind: int, limits: Any, size: int) -> bool:
        assert (job, kind, size) == (7, 9, ctypes.sizeof(ExtendedLimits))
        self.limits = ExtendedLimits.from_buffer_copy(limits._obj)
        return True

    def _query(self, job: int, kind: int, limits: Any, size: int, returned: None) -> bool:
        limits._obj.PeakProcessMemoryUsed = 5_000
        return True


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the size is that of 64 bits")
def test_the_structure_is_as_large_as_that_of_windows() -> None:
    assert ctypes.sizeof(ExtendedLimits) == 144
    assert ExtendedLimits.ProcessMemoryLimit.offset == 112


def test_limits_are_set_for_all_it_starts_and_end_with_it() -> None:
    kernel = Kernel()
    job = WindowsJob(kernel)
    job.limit(2**30, 32)
    assert kernel.limits is not None
    basic = kernel.limits.BasicLimitInformation
    assert basic.LimitFlags == 0x2000 | 0x400 | 0x200 | 0x100 | 0x8
    assert basic.ActiveProcessLimit == 32
    assert kernel.limits.ProcessMemoryLimit == kernel.limits.JobMemoryLimit == 2**30
    assert job.peak() == 5_000


def test_a_refusal_is_told() -> None:
    with pytest.raises(OSError, match="job"):
        WindowsJob(Kernel(assigns=False))

"""A server's threads share the places that the C library keeps memory in."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

COUNT = """
import ctypes, sys, tempfile, threading
from web.cli.memory import share_among_threads
if sys.argv[1] == "shared":
    share_among_threads()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.fopen.restype = ctypes.c_void_p, ctypes.c_void_p
libc.malloc_info.argtypes, libc.fclose.argtypes = (ctypes.c_int, ctypes.c_void_p), (ctypes.c_void_p,)
together = threading.Barrier(8)
def take():
    together.wait()
    for _ in range(200):
        libc.malloc(2000)
    together.wait()
threads = [threading.Thread(target=take) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
with tempfile.NamedTemporaryFile() as told:
    stream = libc.fopen(told.name.encode(), b"w")
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(told.read().count(b"<heap nr="))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps memory for each thread")
def test_eight_threads_share_two_places() -> None:
    def places(how: str) -> int:
        return int(subprocess.run([sys.executable, "-c", COUNT, how], check=True, capture_output=True).stdout)

    assert places("shared") <= 2 < places("not")

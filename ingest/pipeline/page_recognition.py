"""The scanned pages of a volume recognised before it is read: page by page, by two processes where the machine allows.

Each page that was read is kept in the library at once. Stopped, or ended by a power cut, the same import goes on at the
page where it was.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from archive.model.errors import ReadError
from archive.support.free_memory import free_memory
from archive.support.isolation.isolated_process import ProcessLost, borrowed
from ingest.pipeline.process_pool import ProcessPool, Task
from ingest.pipeline.staging import Ready
from ingest.readers.recogniser import THREADS

SCANNED, READ_PAGE, GIVE_UP = (f"ingest.readers.page_by_page:{name}" for name in ("scanned", "read", "give_up"))

_FORMS = frozenset({"pdf", "picture"})
_FEWEST = 2  # scanned pages: one is read with its file
_LOOKING = 600.0  # seconds to find the scanned pages of a file, without a sign of progress
_ROOM = 800 * 2**20  # bytes that a process takes which recognises pages
_MOST = 2

TellPage = Callable[[str, int, int], None]
"""Hears the name of a file, how many of its scanned pages have been read, and how many there are."""


def recognise_pages(files: Sequence[Ready], root: Path | None, processes: int, tell: TellPage) -> None:
    """Recognises the scanned pages of all files and keeps what was read in the library in the folder `root`.

    `processes` 0: two where there are processors (two each) and memory for them. A file that cannot be read is left to
    its reader, who says why. Raises Cancelled.
    """
    for ready in files:
        if root is not None and ready.fault is None and not ready.source.skipped and ready.form in _FORMS:
            with suppress(ReadError, ProcessLost):
                _recognise(ready, root, processes or _helpers(), tell)


def _recognise(ready: Ready, root: Path, processes: int, tell: TellPage) -> None:
    name = ready.source.name
    file = (ready.form, ready.reading, name)
    again = ready.source.recognise_again
    with borrowed() as process:
        pages: tuple[int, ...] = process.call(SCANNED, *file, again, returns=tuple[int, ...], seconds=_LOOKING)
    if len(pages) < _FEWEST:
        return
    lost: list[int] = []

    def noted(page: int, _: ProcessLost) -> bool:
        lost.append(page)
        return False

    task: Task[int, bool] = Task(READ_PAGE, bool, lambda page: 0, noted, (*file, root))
    tell(name, 0, len(pages))
    with closing(ProcessPool(task, processes)) as pool:
        pool.grow(processes)
        for done, _ in enumerate(pool.in_order(pages), 1):
            tell(name, done, len(pages))
    for page in lost:
        with borrowed() as process, suppress(ProcessLost):
            process.call(GIVE_UP, page, *file, root, returns=bool)


def _helpers() -> int:
    """How many processes there are processors and memory for; at least one."""
    return max(1, min(_MOST, (os.cpu_count() or 1) // THREADS, free_memory() // _ROOM))

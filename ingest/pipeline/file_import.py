"""Files read, divided and counted by isolated processes: everything an import does before it needs the library.

What happens to one file is told in file_reading.py, which is only imported where it is done.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from archive.model.errors import UsageError
from archive.model.records import Article, Picture
from archive.support.isolation.isolated_process import ProcessLost
from ingest.pipeline.override import Release
from ingest.pipeline.process_pool import ProcessPool, Task
from ingest.pipeline.report import FileReport
from ingest.pipeline.staging import Ready
from ingest.readers.faults import too_much
from ingest.readers.pictures_aside import taken_up
from ingest.splitting.division import Division, Volume

AUTOMATIC = 0
"""As a number of processes: one, or more where that is worth it."""

_MOST = 3  # processes chosen automatically; each takes some 100 MB, 800 with scans, and one stores what they read
_STARTING = 2.0  # seconds until others have begun to help
_KNOWN_AFTER = 0.3  # seconds of reading from which on it can be told how long the rest will take

READ = "ingest.pipeline.file_reading:read_apart"

Tell = Callable[[str, str], None]
"""Hears the name of a file and what is being done with it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that has been read: its drafts, and its report as far as it goes. Where that has an error, no drafts.

    `told` and `volume` are for the editor: what the division announces, and a manuscript that waits to be divided.
    """

    report: FileReport
    articles: tuple[Article, ...] = ()
    pictures: tuple[Picture, ...] = ()
    told: tuple[str, ...] = ()
    volume: Volume | None = None


def readings(
    files: Sequence[Ready],
    division: Division,
    processes: int,
    tell: Tell = lambda name, what: None,
    release: Release | None = None,
    periods: str = "",
    root: Path | None = None,
) -> Generator[Reading, None, None]:
    """What `read` gives of each file, in their order, read by so many processes (AUTOMATIC: see there).

    `periods` is the text of the library's own; pages recognised are kept in the library in the folder `root`. To be
    closed. Raises UsageError for a release of anything but one file.
    """
    if release is not None and len(files) != 1:
        raise UsageError("一次只能放行一个文件", hint="只写要放行的那个文件；压缩包先解压")
    most = processes or min(_MOST, os.cpu_count() or 1)
    spent = 0.0
    task = Task(READ, Reading, _size, _lost, (division.apart(), release, periods, root))
    with closing(ProcessPool(task, min(most, max(1, len(files))))) as pool:
        pool.grow(processes)
        found = pool.in_order(files)
        for number, ready in enumerate(files, 1):
            tell(ready.source.name, "读取")
            reading = next(found)
            reading = replace(reading, pictures=taken_up(reading.pictures, ready.aside))
            division.hear(reading.told, reading.volume)
            spent += sum(reading.report.seconds.values())
            if processes == AUTOMATIC and _is_worth_it(spent, number, len(files) - number):
                pool.grow(most)
            yield reading


def _is_worth_it(spent: float, done: int, left: int) -> bool:
    """Whether the files left will take so long that it pays to start other processes, judging by those done."""
    return left > 1 and spent > _KNOWN_AFTER and spent / done * left > 2 * _STARTING


def _size(ready: Ready) -> int:
    """Bytes."""
    try:
        return ready.reading.stat().st_size
    except OSError:
        return 0  # whoever reads it will say so


def _lost(ready: Ready, lost: ProcessLost) -> Reading:
    """What there is to say of a file whose reading took its process down with it."""
    return Reading(FileReport(ready.source.name, ready.source.collection.id, error=too_much(ready.source.name, lost)))


@contextmanager
def timed(report: FileReport, step: str) -> Iterator[None]:
    """Notes in the report how many seconds the body takes."""
    started = time.perf_counter()
    try:
        yield
    finally:
        report.seconds[step] = time.perf_counter() - started

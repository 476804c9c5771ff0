"""What has to happen to files before they can be read: archives opened, passwords applied, old formats converted.

All of it goes on in a temporary folder, and in an isolated process. The original an import keeps is always the file
that came in; for an archive these are its members, each by itself.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from archive.model.errors import WenshiError
from archive.model.records import Issue
from archive.support.isolation.isolated_process import IsolatedProcess, ProcessLost, borrowed
from archive.support.library_folder import PAGES_ASIDE, READINGS
from archive.support.storage_errors import storage_errors
from ingest.pipeline.sources import Source
from ingest.readers.faults import too_much

OPEN, CONVERT = "ingest.pipeline.file_opening:opened", "ingest.pipeline.file_opening:converted"

_OPENING = 600.0  # seconds for unpacking an archive
_CONVERTING, _CONVERTING_MEMORY = 600.0, 2 * 2**30  # seconds and bytes for LibreOffice; it gives up a file before

_LEFT = 86_400.0  # seconds after which pictures put aside belong to no import that goes on


@dataclass(slots=True)
class Ready:
    """A source with the file to read it from, and the name of its format; or `fault`, why it cannot be read.

    `office` is the suffix under which LibreOffice has to convert it first.
    `reading` differs from the source's own file where that is locked or had to be converted; `issues` says what the
    conversion lost, `before` is the (format, file) converted. `aside` is the folder its pictures are put into.
    """

    source: Source
    reading: Path
    form: str = ""
    office: str = ""
    fault: WenshiError | None = None
    issues: tuple[Issue, ...] = ()
    before: tuple[str, Path] | None = None
    aside: Path | None = None


@contextmanager
def prepared(
    sources: Sequence[Source],
    password: str = "",
    tell: Callable[[str, str], None] = lambda name, what: None,
    root: Path | None = None,
) -> Iterator[list[Ready]]:
    """The sources, ready to be read while the context lasts. `tell` hears what is being done with which file.

    Old formats are converted together. Nothing is raised for a single file: its fault comes with it. Their pictures are
    put aside in the library in the folder `root`.
    """
    with (
        tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as scratch,
        _pages_aside(root) as pages,
    ):
        folder = Path(scratch)
        with borrowed() as process:
            ready = [one for source in sources for one in _opened(process, source, folder, password, tell)]
            _convert(process, ready, folder, tell)
        if pages is not None:
            for number, one in enumerate(ready):
                one.aside = pages / str(number)
                one.aside.mkdir()
        yield ready


@contextmanager
def _pages_aside(root: Path | None) -> Iterator[Path | None]:
    """A folder in the library for pictures that are put aside: the system's own for such files may lie in memory.

    What a power cut left there goes with the next import that begins a day later.
    """
    if root is None:
        yield None
        return
    readings = root / READINGS
    with storage_errors(readings):
        readings.mkdir(exist_ok=True)
    for left in readings.glob(f"{PAGES_ASIDE}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT:
                shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=PAGES_ASIDE, dir=readings, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _opened(
    process: IsolatedProcess, source: Source, folder: Path, password: str, tell: Callable[[str, str], None]
) -> list[Ready]:
    if source.skipped:
        return [Ready(source, source.file)]
    tell(source.name, "打开")
    try:
        found: list[Ready] = process.call(OPEN, source, folder, password, returns=list[Ready], seconds=_OPENING)
    except ProcessLost as lost:
        return [Ready(source, source.file, fault=too_much(source.name, lost))]
    return found


def _convert(process: IsolatedProcess, ready: list[Ready], folder: Path, tell: Callable[[str, str], None]) -> None:
    """Puts a converted copy in place of every file only LibreOffice understands."""
    places = [place for place, one in enumerate(ready) if one.office and one.fault is None]
    if places:
        tell("", f"转换 {len(places)} 个旧格式文件")
        for place, one in zip(places, _converted(process, [ready[place] for place in places], folder), strict=True):
            ready[place] = one


def _converted(process: IsolatedProcess, waiting: list[Ready], folder: Path) -> list[Ready]:
    """The same, converted, in their order; where one took the process down, each is tried by itself."""
    try:
        made: list[Ready] = process.call(
            CONVERT, waiting, folder, returns=list[Ready], memory=_CONVERTING_MEMORY, seconds=_CONVERTING
        )
    except ProcessLost as lost:
        if waiting[1:]:
            return [made for one in waiting for made in _converted(process, [one], folder)]
        return [replace(one, fault=too_much(one.source.name, lost)) for one in waiting]
    return made

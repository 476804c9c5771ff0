"""What has to happen to files before they can be read: archives opened, passwords applied, old formats converted.

All of it goes on in a temporary folder. The original an import keeps is always the file that came in; for an archive
these are its members, each by itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from archive.model.errors import ReadError, StorageError, WenshiError
from archive.model.records import Issue
from ingest.pipeline.sources import Source, beside
from ingest.readers import containers, converted, protected, registry
from ingest.readers.faults import faults
from ingest.readers.registry import Format


@dataclass(slots=True)
class Ready:
    """A source with the file to read it from, and its format; or `fault`, why it cannot be read.

    `reading` differs from the source's own file where that is locked or had to be converted; `issues` says what the
    conversion lost, `before` is the (format, file) converted.
    """

    source: Source
    reading: Path
    form: Format | None = None
    fault: WenshiError | None = None
    issues: tuple[Issue, ...] = ()
    before: tuple[str, Path] | None = None


@contextmanager
def prepared(
    sources: Sequence[Source], password: str = "", tell: Callable[[str, str], None] = lambda name, what: None
) -> Iterator[list[Ready]]:
    """The sources, ready to be read while the context lasts. `tell` hears what is being done with which file.

    Old formats are converted together. Nothing is raised for a single file: its fault comes with it.
    """
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        ready = [one for source in sources for one in _opened(source, folder, password, tell)]
        _convert(ready, folder, tell)
        yield ready


def _opened(source: Source, folder: Path, password: str, tell: Callable[[str, str], None]) -> Iterator[Ready]:
    """The source itself, or the members of an archive."""
    one = _recognised(source, folder, password)
    if one.form is None or one.form.name != "archive":
        yield one
        return
    tell(source.name, "解压")
    try:
        with faults(source.name):
            members = list(containers.unpack(one.reading, source.name, Path(tempfile.mkdtemp(dir=folder)), password))
            if not members:
                raise ReadError("压缩包里没有文件", place=source.name, hint="请确认压缩包，重新取得文件")
    except (ReadError, StorageError) as fault:
        yield replace(one, fault=fault)
        return
    lesser = beside([member.name for member in members])
    for member in members:
        inner = replace(source, file=member.file, name=member.name, skipped=member.name in lesser)
        yield Ready(inner, member.file, fault=member.fault) if member.fault else _recognised(inner, folder, password)


def _recognised(source: Source, folder: Path, password: str) -> Ready:
    """The source with its format; a locked file is read from an unlocked copy."""
    one = Ready(source, source.file)
    if source.skipped:
        return one
    try:
        with faults(source.name):
            head = registry.head_of(source.file, source.name)
            if protected.is_protected(head, source.file):
                one.reading = Path(tempfile.mkdtemp(dir=folder), f"0{source.file.suffix}")
                protected.unlock(source.file, source.name, password, one.reading)
            one.form = registry.recognise(one.reading, source.name)
    except (ReadError, StorageError) as fault:
        one.fault = fault
    return one


def _convert(ready: Sequence[Ready], folder: Path, tell: Callable[[str, str], None]) -> None:
    """Puts a converted copy in place of every file only LibreOffice understands."""
    waiting = [one for one in ready if one.form is not None and one.form.office and one.fault is None]
    if not waiting:
        return
    tell("", f"转换 {len(waiting)} 个旧格式文件")
    made = converted.convert([(one.reading, one.form.office) for one in waiting if one.form], folder)
    for one in waiting:
        result = made[one.reading]
        if isinstance(result, ReadError):
            one.fault = ReadError(result.message, place=one.source.name, hint=result.hint)
        else:
            kind = one.form.office if one.form else ""
            one.issues, one.before = converted.left_behind(kind, one.reading), (kind, one.reading)
            one.reading, one.form = result, registry.DOCX

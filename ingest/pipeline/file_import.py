"""One file read, divided and counted: everything an import does before it needs the library.

What goes in and what comes out can be pickled, so that other processes may do it (see ingest/pipeline/process_pool.py).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from archive.model.errors import ReadError, StorageError, UsageError
from archive.model.records import Article, Picture
from archive.support.files import sha256_of
from ingest.pipeline import completeness, process_pool
from ingest.pipeline.override import Release, settle
from ingest.pipeline.report import FileReport, Outcome, reconcile
from ingest.pipeline.staging import Ready
from ingest.readers import json_records, ocr, registry
from ingest.readers.faults import faults
from ingest.readers.recogniser import captured_messages
from ingest.readers.redrawing import redrawn
from ingest.splitting.division import Division
from ingest.splitting.split import Mode, recognised
from ingest.text import garbled
from ingest.text.account import Difference

AUTOMATIC = 0
"""As a number of processes: one, or more where that is worth it."""

_MOST = 3  # processes chosen automatically; each takes some 100 MB, 800 with scans, and one stores what they read
_STARTING = 2.0  # seconds until others have begun to help
_KNOWN_AFTER = 0.3  # seconds of reading from which on it can be told how long the rest will take

Tell = Callable[[str, str], None]
"""Hears the name of a file and what is being done with it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that has been read: its drafts, and its report as far as it goes. Where that has an error, no drafts."""

    report: FileReport
    articles: tuple[Article, ...] = ()
    pictures: tuple[Picture, ...] = ()


def readings(
    files: Sequence[Ready],
    division: Division,
    processes: int,
    tell: Tell = lambda name, what: None,
    release: Release | None = None,
) -> Generator[Reading, None, None]:
    """What `read` gives of each file, in their order, read by so many processes (AUTOMATIC: see there).

    Where the division has something to announce it is one, this one. To be closed. Raises UsageError for a release of
    anything but one file.
    """
    if release is not None and len(files) != 1:
        raise UsageError("一次只能放行一个文件", hint="只写要放行的那个文件；压缩包先解压")
    alone = processes == 1 or division.announce is not None
    most = processes or min(_MOST, os.cpu_count() or 1)
    spent = 0.0
    for number, ready in enumerate(files):
        left = len(files) - number
        if not alone and left > 1 < most and (processes or _is_worth_it(spent, number, left)):
            yield from _shared(files[number:], division, most, tell)
            return
        started = time.perf_counter()
        reading = read(ready, division, tell, release)
        spent += time.perf_counter() - started
        yield reading


def _is_worth_it(spent: float, done: int, left: int) -> bool:
    """Whether the files left will take so long that it pays to start other processes, judging by those done."""
    return spent > _KNOWN_AFTER and spent / done * left > 2 * _STARTING


def _shared(files: Sequence[Ready], division: Division, processes: int, tell: Tell) -> Iterator[Reading]:
    work = partial(read, division=division)
    with closing(process_pool.in_order(work, files, min(processes, len(files)), size=_size, lost=_lost)) as found:
        for ready in files:
            tell(ready.source.name, "读取")
            yield next(found)


def _size(ready: Ready) -> int:
    """Bytes."""
    try:
        return ready.reading.stat().st_size
    except OSError:
        return 0  # whoever reads it will say so


def read(
    ready: Ready, division: Division, tell: Tell = lambda name, what: None, release: Release | None = None
) -> Reading:
    """Reads a file; one whose characters do not add up is held unless there is a `release` for it.

    Faults of the file are in the report. Raises UsageError for a division or a release that is not for this file.
    """
    source = ready.source
    report = FileReport(source.name, source.collection.id)
    if source.skipped:
        report.outcome = Outcome.SKIPPED
        return Reading(report)
    try:
        with faults(source.name):
            with captured_messages() as recognised:
                articles, pictures, counted = _drafts(ready, report, division, tell)
            with timed(report, "count"):
                settle(report, list(_differences(counted, articles, report, recognised)), release)
    except (ReadError, StorageError) as error:
        report.error = error
        return Reading(report)
    return Reading(report, articles, tuple(pictures))


def _lost(ready: Ready) -> Reading:
    """What there is to say of a file whose reading took its process down with it."""
    hint = "多半是内存不够：关闭其他程序后重试，或把稿件拆成几个文件；也可以用 --processes 1 再试一次"
    error = ReadError("读取这个文件的进程中途停了，没有读出", place=ready.source.name, hint=hint)
    return Reading(FileReport(ready.source.name, ready.source.collection.id, error=error))


def _drafts(
    ready: Ready, report: FileReport, division: Division, tell: Tell
) -> tuple[tuple[Article, ...], Sequence[Picture], Sequence[tuple[str, Path]]]:
    """The articles and pictures of a file, with the report's account and issues filled in.

    Last the (format, file) that are to be counted again: as it was read, and as it came.
    """
    source, form = ready.source, ready.form
    tell(source.name, "读取")
    with timed(report, "read"):
        if ready.fault is not None:
            raise ready.fault
        assert form is not None  # a file without a fault has been recognised
        as_records = source.mode is Mode.RECORDS or (form.name == "text" and registry.is_records(source.file))
        if as_records:
            found = json_records.read(source.file, source.name, source.collection, own_collections=not source.forced)
            report.characters_in, report.issues = found.characters_in, found.issues
            return found.articles, (), [("records", source.file)]
        manuscript = redrawn(ocr.transcribed(form.read(ready.reading, source.name)))
        manuscript = replace(manuscript, issues=(*manuscript.issues, *garbled.remains(manuscript.blocks)))
        manuscript = replace(manuscript, sha256=sha256_of(source.file))
    tell(source.name, "分篇")
    with timed(report, "split"):
        mode, told = (source.mode, ()) if division.confirmed else recognised(manuscript, source.mode)
        cut = division.split(manuscript, source.collection, mode)
    report.characters_in = manuscript.characters_in
    report.issues = (*ready.issues, *manuscript.issues, *told, *cut.issues)
    if not cut.articles:
        hint = "若稿件其实是图片或扫描件，请先做文字识别；若文字全在修订删除或隐藏中，请先在 Word 中处理"
        raise ReadError("文件里没有可以收入的文字", place=source.name, hint=hint)
    counted = [(form.name, ready.reading), *([ready.before] if ready.before else [])]
    return cut.articles, tuple(manuscript.pictures.values()), counted


def _differences(
    counted: Sequence[tuple[str, Path]], articles: Sequence[Article], report: FileReport, recognised: Sequence[str]
) -> Iterator[Difference]:
    """The counts that do not come out: the reader's own, then those of the files."""
    missing = 0
    own = reconcile(report, articles)
    if own is not None:
        missing = max(0, own.missing)
        yield own
    for form, file in counted:
        difference = completeness.check(form, file, articles, report, missing, recognised)
        if difference is not None:
            missing += max(0, difference.missing)
            yield difference


@contextmanager
def timed(report: FileReport, step: str) -> Iterator[None]:
    """Notes in the report how many seconds the body takes."""
    started = time.perf_counter()
    try:
        yield
    finally:
        report.seconds[step] = time.perf_counter() - started

"""What is done to one file in an isolated process: read, divided and counted.

Nothing else imports this module and the readers under it: whoever sent the file may mean harm, and the process that
holds the library only names what is to be called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from archive.dates.reader_in_use import reader_of, reading_dates_by
from archive.model.errors import ReadError, StorageError
from archive.model.issues import IssueCode
from archive.model.records import Article, Picture
from archive.support.files import sha256_of
from ingest.pipeline import completeness
from ingest.pipeline.file_import import Reading, Tell, timed
from ingest.pipeline.override import Release, settle
from ingest.pipeline.report import FileReport, Outcome, reconcile
from ingest.pipeline.staging import Ready
from ingest.readers import json_records, kept_readings, ocr, pictures_aside, registry
from ingest.readers.faults import faults
from ingest.readers.pdf.text_layers import set_aside
from ingest.readers.recogniser import captured_messages
from ingest.readers.redrawing import redrawn
from ingest.splitting.division import Division, Volume
from ingest.splitting.page_pictures import with_their_text
from ingest.splitting.split import Mode, recognised
from ingest.text import garbled
from ingest.text.account import Difference

MOST_BLOCKS, MOST_IN_RECORDS = 300_000, 1_000_000
"""Of one manuscript, cells of tables included (some 20 million characters of prose), and of a file of records from
another system. A million take 1.5 GB to store."""


def read_apart(
    ready: Ready, division: Division, release: Release | None, periods: str, root: Path | None = None
) -> Reading:
    """Reads in an isolated process, where the editor cannot be asked; dates by the library's own `periods`.

    Pages recognised are kept in the library in the folder `root`.
    """
    told: list[str] = []
    volumes: list[Volume] = []
    with (
        reading_dates_by(partial(reader_of, periods)),
        kept_readings.keeping(root),
        pictures_aside.putting_aside(ready.aside),
    ):
        reading = read(ready, division.heard_by(told, volumes), release=release)
    return replace(reading, told=tuple(told), volume=volumes[0] if volumes else None)


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
            pictures = tuple(map(pictures_aside.aside, pictures))
            with timed(report, "count"):
                settle(report, list(_differences(counted, articles, report, recognised)), release)
    except (ReadError, StorageError) as error:
        report.error = error
        return Reading(report)
    return Reading(report, articles, pictures)


def _require_bounded(blocks: int, most: int, name: str) -> None:
    """Raises ReadError for more than the process that holds the library should be given of one file."""
    if blocks > most:
        message = f"有 {blocks:,} 段（表格的一格也算一段），超过 {most // 10_000} 万段，没有读取"
        raise ReadError(message, place=name, hint="拆成几个文件再导入")


def _drafts(
    ready: Ready, report: FileReport, division: Division, tell: Tell
) -> tuple[tuple[Article, ...], Sequence[Picture], Sequence[tuple[str, Path]]]:
    """The articles and pictures of a file, with the report's account and issues filled in.

    Last the (format, file) that are to be counted again: as it was read, and as it came.
    """
    source = ready.source
    tell(source.name, "读取")
    with timed(report, "read"):
        if ready.fault is not None:
            raise ready.fault
        form = registry.named(ready.form)
        as_records = source.mode is Mode.RECORDS or (form.name == "text" and registry.is_records(source.file))
        if as_records or form.records:
            reader = form.records or json_records.read
            found = reader(source.file, source.name, source.collection, own_collections=not source.forced)
            _require_bounded(sum(len(each.blocks) for each in found.articles), MOST_IN_RECORDS, source.name)
            report.characters_in, report.issues = found.characters_in, found.issues
            report.refused = found.refused
            return found.articles, found.pictures, [(form.name if form.records else "records", source.file)]
        with set_aside(source.recognise_again):
            manuscript = redrawn(ocr.transcribed(form.read(ready.reading, source.name)))
        _require_bounded(len(manuscript.blocks), MOST_BLOCKS, source.name)
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
    scanned = any(issue.code in (IssueCode.OCR, IssueCode.TEXT_LAYER) for issue in manuscript.issues)
    articles = with_their_text(cut.articles) if scanned else cut.articles
    return articles, tuple(manuscript.pictures.values()), counted


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

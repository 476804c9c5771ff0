"""From files to the library: read, split, reconcile, store. One bad file among many does not hold up the rest."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from archive import fields
from archive.errors import ReadError, StorageError, WenshiError
from archive.library import Accepted
from archive.records import Article, Collection, Issue, Picture
from ingest import gate, roster
from ingest.characters import digest_of
from ingest.division import Division
from ingest.prepare import Ready, prepared
from ingest.readers import ocr, records, registry
from ingest.report import FileReport, Outcome, Report, reconcile
from ingest.sources import Source, plan
from ingest.split import Mode


class Shelf(Protocol):
    """What an import needs of a library (see archive.library.Library)."""

    def writing(self, who: str = ...) -> AbstractContextManager[None]:
        """Be the one writer, and index once at the end."""

    def collections(self) -> tuple[Collection, ...]:
        """All collections."""

    def save_collection(self, collection: Collection) -> None:
        """Add a collection."""

    def add(
        self,
        original: Path,
        name: str,
        articles: Sequence[Article],
        issues: Sequence[Issue],
        pictures: Sequence[Picture] = (),
    ) -> Accepted:
        """Take in a file whole or not at all; again is nothing new."""


class Progress(Protocol):
    """Who is told what happens, and asked before an article table goes in."""

    def begin(self, total: int) -> None:
        """`total` files will be worked on."""

    def step(self, name: str, what: str) -> None:
        """`what` is being done with a file."""

    def done(self, report: FileReport) -> None:
        """A file is finished."""

    def remark(self, name: str, issues: Sequence[Issue]) -> None:
        """What the library holds of a file already, before it is asked for."""

    def confirm(self, name: str, articles: Sequence[Article]) -> bool:
        """Whether these articles are to be stored."""

    def end(self) -> None:
        """All is done, the index too."""


class Comparison(Protocol):
    """What finds texts the library holds already (see ingest.duplicates.Duplicates)."""

    def issues(self, articles: Sequence[Article], original: str = ...) -> tuple[Issue, ...]:
        """An issue for each likeness of these drafts, which come from the file with this SHA-256."""

    def took_in(self, articles: Sequence[Article]) -> None:
        """Notes what has been stored."""


class Silent:
    """Tells nobody and agrees to everything."""

    def begin(self, total: int) -> None:
        """Says nothing."""

    def step(self, name: str, what: str) -> None:
        """Says nothing."""

    def done(self, report: FileReport) -> None:
        """Says nothing."""

    def remark(self, name: str, issues: Sequence[Issue]) -> None:
        """Says nothing."""

    def confirm(self, name: str, articles: Sequence[Article]) -> bool:
        """Agrees."""
        return True

    def end(self) -> None:
        """Says nothing."""


def ingest(
    library: Shelf,
    paths: Sequence[Path],
    collection_id: str = "",
    as_: Mode = Mode.AUTO,
    yes: bool = True,
    progress: Progress | None = None,
    password: str = "",
    comparison: Comparison | None = None,
    division: Division | None = None,
) -> Report:
    """Takes in files and folders; what was in before is nothing new.

    `collection_id` names the collection for everything (made if missing); the rest is as in `take_in`. Raises
    StorageError and ConfigError for paths and collection descriptions that are wrong before anything is done.
    """
    return take_in(library, plan(paths, collection_id, as_), yes, progress, password, comparison, division)


def take_in(
    library: Shelf,
    sources: Sequence[Source],
    yes: bool = True,
    progress: Progress | None = None,
    password: str = "",
    comparison: Comparison | None = None,
    division: Division | None = None,
) -> Report:
    """Takes in the files of a plan.

    Without `yes`, `progress` is asked about each file before it is stored. A file that cannot be read is reported and
    the rest goes on; faults of the library itself (busy, damaged) end the import, and what was stored before stays.
    `password` opens files that need one; `comparison` finds what the library holds already; `division` says how volumes
    are agreed with their editor (a doubtful one fails where it is not given).
    """
    progress = progress or Silent()
    report = Report()
    # While somebody is being asked the library stays free for others; else one lock and one indexing serve all.
    with (
        prepared(sources, password, progress.step) as all_ready,
        library.writing("收入稿件") if yes else nullcontext(),
    ):
        progress.begin(len(all_ready))
        known = {collection.id: collection for collection in library.collections()}
        for ready in all_ready:
            one = _take_in(library, ready, known, yes, progress, comparison, division or Division())
            report.files.append(one)
            progress.done(one)
        progress.step("", "建立索引")
        started = time.perf_counter()
    report.index_seconds = time.perf_counter() - started
    progress.end()
    return report


def _take_in(
    library: Shelf,
    ready: Ready,
    known: dict[str, Collection],
    yes: bool,
    progress: Progress,
    comparison: Comparison | None,
    division: Division,
) -> FileReport:
    source = ready.source
    report = FileReport(source.name, source.collection.id)
    if source.skipped:
        report.outcome = Outcome.SKIPPED
        return report
    try:
        with _faults(source):
            articles, pictures = _drafts(ready, report, progress, division)
            reconcile(report, articles)
            report.issues = (*report.issues, *_wanting(articles, {source.collection.id: source.collection, **known}))
            if comparison:
                _compare(comparison, source, articles, report, progress)
            if not yes and not progress.confirm(source.name, articles):
                report.outcome = Outcome.DECLINED
                return report
            with _timed(report, "store"):
                progress.step(source.name, "入库")
                _save_collections(library, source.collection, articles, known)
                accepted = library.add(source.file, source.name, articles, report.issues, pictures)
                if comparison and not accepted.already:
                    comparison.took_in(accepted.articles)
        report.outcome = Outcome.ALREADY if accepted.already else Outcome.ADDED
        report.articles = len(accepted.articles)
        report.ids = tuple(article.id for article in accepted.articles)
    except (ReadError, StorageError) as error:
        report.outcome, report.error = Outcome.FAILED, error
    return report


def _drafts(
    ready: Ready, report: FileReport, progress: Progress, division: Division
) -> tuple[tuple[Article, ...], Sequence[Picture]]:
    """The articles of a file, with the report's account and issues filled in."""
    source, form = ready.source, ready.form
    progress.step(source.name, "读取")
    with _timed(report, "read"):
        if ready.fault is not None:
            raise ready.fault
        assert form is not None  # a file without a fault has been recognised
        as_records = source.mode is Mode.RECORDS or (form.name == "text" and registry.is_records(source.file))
        if as_records:
            found = records.read(source.file, source.name, source.collection, own_collections=not source.forced)
            report.characters_in, report.issues = found.characters_in, found.issues
            return found.articles, ()
        manuscript = ocr.transcribed(form.read(ready.reading, source.name))
        manuscript = replace(manuscript, sha256=digest_of(source.file))
    progress.step(source.name, "分篇")
    with _timed(report, "split"):
        mode = Mode.ROSTER if source.mode is Mode.AUTO and roster.is_list(manuscript) else source.mode
        cut = division.split(manuscript, source.collection, mode)
    report.characters_in = manuscript.characters_in
    report.issues = (*ready.issues, *manuscript.issues, *cut.issues)
    if not cut.articles:
        hint = "若稿件其实是图片或扫描件，请先做文字识别；若文字全在修订删除或隐藏中，请先在 Word 中处理"
        raise ReadError("文件里没有可以收入的文字", place=source.name, hint=hint)
    gate.check(form.name, ready.reading, cut.articles, report)
    if ready.before:
        gate.check(*ready.before, cut.articles, report)
    return cut.articles, tuple(manuscript.pictures.values())


def _compare(
    comparison: Comparison, source: Source, articles: Sequence[Article], report: FileReport, progress: Progress
) -> None:
    progress.step(source.name, "查重")
    with _timed(report, "compare"):
        found = comparison.issues(articles, digest_of(source.file))
    report.issues = (*report.issues, *found)
    progress.remark(source.name, found)


def _wanting(articles: Sequence[Article], collections: Mapping[str, Collection]) -> Iterator[Issue]:
    """What the fields that a collection declares still want: missing values, and values that do not fit."""
    for article in articles:
        collection = collections.get(article.collection)
        for fault in fields.faults(article, [fields.declared(one) for one in collection.fields] if collection else ()):
            yield Issue("field", f"《{article.title}》", f"{fault.message}；{fault.hint}")


def _save_collections(
    library: Shelf, given: Collection, articles: Sequence[Article], known: dict[str, Collection]
) -> None:
    """Makes the collections that are missing; those that are there keep their description."""
    for identity in dict.fromkeys(article.collection for article in articles):
        if identity not in known:
            made = given if identity == given.id else Collection(identity, identity, kind="records")
            library.save_collection(made)
            known[identity] = made


@contextmanager
def _timed(report: FileReport, step: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        report.seconds[step] = time.perf_counter() - started


@contextmanager
def _faults(source: Source) -> Iterator[None]:
    """Faults of the file system, and texts too large for the memory, become errors that say what to do."""
    try:
        yield
    except WenshiError:
        raise
    except MemoryError as error:
        hint = "关闭其他程序后重试，或把稿件拆成几个文件"
        raise ReadError("内存不够，读不下这个文件", place=source.name, hint=hint) from error
    except OSError as error:
        hint = "请检查文件权限、磁盘空间和网络连接后重试"
        raise StorageError(f"读写文件时出错（{error.strerror or error}）", place=source.name, hint=hint) from error

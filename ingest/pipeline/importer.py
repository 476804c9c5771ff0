"""From files to the library: read, split, reconcile, store. One bad file among many does not hold up the rest."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from archive.catalogue import fields, secrecy
from archive.model.errors import ReadError, StorageError
from archive.model.holdings import Accepted
from archive.model.issues import IssueCode
from archive.model.records import Article, Collection, Issue, Period, Picture
from archive.session import INDEXED_AT_ONCE
from archive.support.files import sha256_of
from ingest.pipeline.file_import import Reading, readings, timed
from ingest.pipeline.override import Release
from ingest.pipeline.page_recognition import recognise_pages
from ingest.pipeline.report import FileReport, Outcome, Report
from ingest.pipeline.sources import Source, plan
from ingest.pipeline.staging import prepared
from ingest.pipeline.withheld import without_secrets
from ingest.readers.faults import faults
from ingest.splitting.division import Division
from ingest.splitting.split import Mode
from ingest.text.characters import stored_characters


class ImportTarget(Protocol):
    """What an import needs of a library (see archive.session.Session)."""

    @property
    def root(self) -> Path | None:
        """The folder of the library, where readings of scanned pages are kept; None keeps none."""

    def period(self, expression: str) -> Period:
        """What a period expression means here. Raises PeriodError."""

    def own_periods(self) -> str:
        """The text of the office's own periods, which dates are read by."""

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
        *,
        later: bool = False,
    ) -> Accepted:
        """Take in a file whole or not at all; again is nothing new. `later`: it is indexed by `index_waiting`."""

    def index_waiting(self) -> None:
        """Index what was left for later."""


class Progress(Protocol):
    """Who is told what happens, and asked before an article table goes in."""

    def begin(self, total: int) -> None:
        """`total` files will be worked on."""

    def step(self, name: str, what: str) -> None:
        """`what` is being done with a file."""

    def pages(self, name: str, done: int, count: int) -> None:
        """So many of the scanned pages of a file have been recognised."""

    def done(self, report: FileReport) -> None:
        """A file is finished."""

    def remark(self, name: str, issues: Sequence[Issue]) -> None:
        """What the library holds of a file already, before it is asked for."""

    def confirm(self, name: str, articles: Sequence[Article]) -> bool:
        """Whether these articles are to be stored."""

    def end(self) -> None:
        """All is done, the index too."""


class Comparison(Protocol):
    """What finds texts the library holds already (see ingest.duplicates.likeness.Duplicates)."""

    def issues(self, articles: Sequence[Article], original: str = ...) -> tuple[Issue, ...]:
        """An issue for each likeness of these drafts, which come from the file with this SHA-256."""

    def same(self, article: Article) -> Article | None:
        """An article in use with the very same text; None where there is none."""

    def took_in(self, articles: Sequence[Article]) -> None:
        """Notes what has been stored."""


class Silent:
    """Tells nobody and agrees to everything."""

    def begin(self, total: int) -> None:
        """Says nothing."""

    def step(self, name: str, what: str) -> None:
        """Says nothing."""

    def pages(self, name: str, done: int, count: int) -> None:
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
    session: ImportTarget,
    paths: Sequence[Path],
    collection_id: str = "",
    as_: Mode = Mode.AUTO,
    yes: bool = True,
    progress: Progress | None = None,
    password: str = "",
    comparison: Comparison | None = None,
    division: Division | None = None,
    processes: int = 1,
    release: Release | None = None,
    skip_same: bool = False,
    recognise_again: bool = False,
) -> Report:
    """Takes in files and folders; what was in before is nothing new.

    `collection_id` names the collection for everything (made if missing); `recognise_again`: see `Source`; the rest is
    as in `take_in`. Raises StorageError and ConfigError for paths and collection descriptions that are wrong before
    anything is done.
    """
    sources = [replace(one, recognise_again=recognise_again) for one in plan(paths, collection_id, as_)]
    return take_in(session, sources, yes, progress, password, comparison, division, processes, release, skip_same)


def take_in(
    session: ImportTarget,
    sources: Sequence[Source],
    yes: bool = True,
    progress: Progress | None = None,
    password: str = "",
    comparison: Comparison | None = None,
    division: Division | None = None,
    processes: int = 1,
    release: Release | None = None,
    skip_same: bool = False,
    index: bool = True,
) -> Report:
    """Takes in the files of a plan, each by a short write of its own, so that others may write meanwhile.

    Without `yes`, `progress` is asked about each file before it is stored. A file that cannot be read is reported and
    the rest goes on; faults of the library itself (busy, damaged) end the import, and what was stored before stays.
    `password` opens files that need one; `comparison` finds what the library holds already; `division` says how volumes
    are agreed with their editor (a doubtful one fails where it is not given). So many `processes` read (AUTOMATIC:
    more than one where that is worth it); storing and indexing stay here, in the order of the plan. `release` lets a
    file in whose characters do not add up; it goes with a plan of one file. With `skip_same` and a `comparison`,
    articles whose very text is in use in the library are left out, before anything is stored, and reported. Without
    `index` the caller has what was stored indexed.
    """
    progress, division = progress or Silent(), division or Division()
    report = Report()
    waiting = 0  # characters stored and not yet indexed
    with (
        prepared(sources, password, progress.step, session.root) as all_ready,
        closing(
            readings(all_ready, division, processes, progress.step, release, session.own_periods(), session.root)
        ) as all_read,
    ):
        progress.begin(len(all_ready))
        recognise_pages(all_ready, session.root, processes, progress.pages)
        known = {collection.id: collection for collection in session.collections()}
        for ready, reading in zip(all_ready, all_read, strict=True):
            with without_secrets(ready.source, reading.report) as source:
                if skip_same and comparison and reading.report.error is None:
                    reading = replace(reading, articles=_without_same(comparison, source, reading))
                _take_in(session, source, reading, known, yes, progress, comparison)
            if ready.aside is not None:
                shutil.rmtree(ready.aside, ignore_errors=True)
            report.files.append(reading.report)
            progress.done(reading.report)
            waiting += reading.report.stored if reading.report.outcome is Outcome.ADDED else 0
            if waiting >= INDEXED_AT_ONCE or (waiting and not yes):
                _index(session, report, progress, index)
                waiting = 0
    if waiting:
        _index(session, report, progress, index)
    progress.end()
    return report


def _index(session: ImportTarget, report: Report, progress: Progress, wanted: bool) -> None:
    if wanted:
        progress.step("", "建立索引")
        started = time.perf_counter()
        session.index_waiting()
        report.index_seconds += time.perf_counter() - started


def _take_in(
    session: ImportTarget,
    source: Source,
    reading: Reading,
    known: dict[str, Collection],
    yes: bool,
    progress: Progress,
    comparison: Comparison | None,
) -> None:
    """Stores what was read of a file, and completes its report."""
    report, articles = reading.report, reading.articles
    if report.error is not None or report.outcome in {Outcome.SKIPPED, Outcome.SAME}:
        return
    try:
        with faults(source.name):
            report.issues = (
                *report.issues,
                *_wanting(articles, {source.collection.id: source.collection, **known}, session),
                *_marked(articles),
            )
            if comparison:
                _compare(comparison, source, articles, report, progress)
            if not yes and not progress.confirm(source.name, articles):
                report.outcome = Outcome.DECLINED
                return
            with timed(report, "store"):
                progress.step(source.name, "入库")
                _save_collections(session, source.collection, articles, known)
                accepted = session.add(source.file, source.name, articles, report.issues, reading.pictures, later=True)
                if comparison and not accepted.already:
                    comparison.took_in(accepted.articles)
        report.outcome = Outcome.ALREADY if accepted.already else Outcome.ADDED
        report.articles = len(accepted.articles)
        report.ids = tuple(article.id for article in accepted.articles)
    except (ReadError, StorageError) as error:
        report.outcome, report.error = Outcome.FAILED, error


def _without_same(comparison: Comparison, source: Source, reading: Reading) -> tuple[Article, ...]:
    """The articles that are not in the library word for word; the report accounts for the others.

    What this very file brought into its collection before does not count: the library says so itself.
    """
    original, report, kept = sha256_of(source.file), reading.report, []
    for article in reading.articles:
        held = comparison.same(article)
        if held is None or (held.original, held.collection) == (original, article.collection):
            kept.append(article)
            continue
        size = stored_characters(article.blocks)
        report.stored -= size
        message = f"馆藏里有文字完全相同的一篇（编号 {held.id}，{held.volume or held.collection}），没有再收"
        report.issues = (*report.issues, Issue(IssueCode.SAME_LEFT_OUT, f"《{article.title}》", message, size))
    if reading.articles and not kept:
        report.outcome, report.articles = Outcome.SAME, 0
    return tuple(kept)


def _compare(
    comparison: Comparison, source: Source, articles: Sequence[Article], report: FileReport, progress: Progress
) -> None:
    progress.step(source.name, "查重")
    with timed(report, "compare"):
        found = comparison.issues(articles, sha256_of(source.file))
    report.issues = (*report.issues, *found)
    progress.remark(source.name, found)


def _wanting(
    articles: Sequence[Article], collections: Mapping[str, Collection], library: ImportTarget
) -> Iterator[Issue]:
    """What the fields that a collection declares still want: missing values, and values that do not fit."""
    for article in articles:
        collection = collections.get(article.collection)
        declared = [fields.declared(one) for one in collection.fields] if collection else ()
        for fault in fields.faults(article, declared, library.period):
            yield Issue(IssueCode.FIELD, f"《{article.title}》", f"{fault.message}；{fault.hint}")


def _marked(articles: Sequence[Article]) -> Iterator[Issue]:
    """Marks of secrecy that stand in texts: what bears one by right must not be here."""
    for article in articles:
        for block, written in secrecy.marks(article):
            message = f"写有“{written}”。若真是涉密的材料，不要再往下做：撤回这次收稿，清除原件，并告诉保密员"
            yield Issue(IssueCode.SECRECY_MARK, f"《{article.title}》第 {block} 段", message)


def _save_collections(
    session: ImportTarget, given: Collection, articles: Sequence[Article], known: dict[str, Collection]
) -> None:
    """Makes the collections that are missing; those that are there keep their description."""
    for identity in dict.fromkeys(article.collection for article in articles):
        if identity not in known:
            made = given if identity == given.id else Collection(identity, identity, kind="records")
            session.save_collection(made)
            known[identity] = made

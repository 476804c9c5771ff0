"""Taking in as long work: what was sent, a volume whose table was confirmed, a file released although it lacks some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archive.model.access import OUT_OF_USE
from archive.model.errors import NotFound
from archive.model.records import Article, Genre, Issue
from archive.session import INDEXED_AT_ONCE, Session
from archive.support.files import sha256_of
from ingest.duplicates.likeness import Duplicates, open_duplicates
from ingest.pipeline import importer
from ingest.pipeline.file_import import AUTOMATIC
from ingest.pipeline.override import Release
from ingest.pipeline.report import FileReport, Outcome
from ingest.splitting.division import Division, Volume
from ingest.splitting.split import DIVIDED
from web.base import jobs
from web.base.job_queue import Job, Lane
from web.intake import held_imports, inbox, pending
from web.intake.inbox import Item

RECEIVE, TAKE, READ, RELEASE = "receive", "take-volume", "read-volume", "release"


class ImportProgress:
    """Reports the progress of one file's import to a job."""

    def __init__(self, job: Job, done: int = 0, total: int = 1) -> None:
        self.job, self.finished, self.total = job, done, total

    def begin(self, total: int) -> None:
        """Does nothing: the job counts what was sent, not one file's plan."""

    def step(self, name: str, what: str) -> None:
        """Sets the step shown to the user. Raises Cancelled."""
        self.job.tell(f"{what}：{name}" if name else what, self.finished, self.total)

    def pages(self, name: str, done: int, count: int) -> None:
        """Shows how many pages of a scan have been recognised. Raises Cancelled; what was read is kept."""
        self.job.tell(f"认字：第 {done} 页，共 {count} 页（{name}）", done, count)

    def done(self, report: FileReport) -> None:
        """Does nothing: the next step does."""

    def remark(self, name: str, issues: Sequence[Issue]) -> None:
        """Does nothing: the report does."""

    def confirm(self, name: str, articles: Sequence[Article]) -> bool:
        """Agrees."""
        return True

    def end(self) -> None:
        """Does nothing."""


class Comparing(ImportProgress):
    """Stops a single text that is near to one the library holds in use, so that its editor compares them first.

    What came by the same file is no news; of the very same text the form has said what becomes of it.
    """

    def __init__(self, job: Job, done: int, total: int, item: Item, duplicates: Duplicates) -> None:
        super().__init__(job, done, total)
        self._item, self._duplicates = item, duplicates

    def confirm(self, name: str, articles: Sequence[Article]) -> bool:
        """Agrees unless the library holds something near."""
        if self._item.mode not in DIVIDED or len(articles) != 1 or articles[0].genre is not Genre.ARTICLE:
            return True
        (article,), original = articles, sha256_of(self._item.file)
        if self._duplicates.same(article) is not None:
            return True
        near = (one.other for one in self._duplicates.like(article))
        return not any(other.status not in OUT_OF_USE and other.original != original for other in near)


@jobs.kind(RECEIVE, lane=Lane.INTAKE, goes_on=True)
def receive(job: Job, session: Session, arguments: Any) -> dict[str, Any]:
    """Takes in what is clear of the items sent; what needs its editor waits. Items gone meanwhile are passed over.

    When it is cancelled, what was taken in so far is in, and the rest waits in the inbox.
    """
    files: list[dict[str, Any]] = list(arguments["files"])
    waiting: list[str] = []
    tokens = arguments["items"]
    stored = 0  # characters that wait for the index
    with open_duplicates(session) as duplicates:
        for number, token in enumerate(tokens):
            try:
                item = pending.find(token, session)
            except NotFound:
                continue
            held: list[Volume] = []
            (report,) = importer.take_in(
                session,
                [item.source],
                yes=False,
                progress=Comparing(job, number, len(tokens), item, duplicates),
                password=pending.password(item),
                comparison=duplicates,
                division=Division(hold=held.append),
                skip_same=arguments["skip_same"],
                index=False,
                processes=AUTOMATIC,
            ).files
            stored += report.stored if report.outcome is Outcome.ADDED else 0
            if stored >= INDEXED_AT_ONCE:
                session.index_waiting()
                stored = 0
            if held:
                pending.of_request().remember(item.token, held[0])
            elif held_imports.is_held(report):
                inbox.hold(item)
            elif report.outcome is not Outcome.DECLINED:
                files.append(as_values(session, report))
                pending.done(item)
                continue
            waiting.append(token)
    if stored:
        session.index_waiting()
    return {"files": files, "waiting": waiting}


@jobs.kind(TAKE, lane=Lane.INTAKE, goes_on=True)
def take_volume(job: Job, session: Session, arguments: Any) -> dict[str, Any]:
    """Stores a volume as its table says. Raises what the import could not do."""
    item = pending.find(arguments["item"], session)
    report = _take(job, session, item, Division(confirmed=item.table), skip_same=arguments["skip_same"])
    if held_imports.is_held(report):
        inbox.hold(item)
        return {"files": [], "waiting": [item.token]}
    return _finish(session, item, report)


@jobs.kind(RELEASE, lane=Lane.INTAKE, goes_on=True)
def release(job: Job, session: Session, arguments: Any) -> dict[str, Any]:
    """Stores a file in whose characters do not add up, for the reason given. Raises what the import could not do."""
    item = pending.find(arguments["item"], session)
    division = Division(confirmed=item.table) if item.table.is_file() else Division()
    said = Release(*arguments["release"]) if arguments["release"] else None
    return _finish(session, item, _take(job, session, item, division, release=said))


@jobs.kind(READ, lane=Lane.INTAKE, goes_on=True)
def read_volume(job: Job, session: Session, arguments: Any) -> None:
    """Reads a manuscript again for its table; nothing is stored. Raises what reading it met."""
    item = pending.find(arguments["item"], session)
    job.tell(f"读取：{item.name}")
    pending.volume(item, session, _ReadingAgain(job))


def _take(job: Job, session: Session, item: Item, division: Division, **options: Any) -> FileReport:
    with open_duplicates(session) as duplicates:
        (report,) = importer.take_in(
            session,
            [item.source],
            progress=ImportProgress(job),
            password=pending.password(item),
            comparison=duplicates,
            division=division,
            processes=AUTOMATIC,
            **options,
        ).files
    return report


def _finish(session: Session, item: Item, report: FileReport) -> dict[str, Any]:
    if report.error is not None:
        raise report.error
    pending.done(item)
    return {"files": [as_values(session, report)], "waiting": []}


class _ReadingAgain(pending.Looking):
    """Reports how far a scan is recognised, and stores nothing."""

    def __init__(self, job: Job) -> None:
        self._shown = ImportProgress(job)

    def pages(self, name: str, done: int, count: int) -> None:
        """See ImportProgress. Raises Cancelled."""
        self._shown.pages(name, done, count)


def as_values(session: Session, report: FileReport) -> dict[str, Any]:
    """A report as plain values, with the ids of the articles and the import they came by."""
    came = session.arrangement.import_of(report.ids[0]) if report.ids else None
    return report.as_json() | {"ids": list(report.ids), "import": came}

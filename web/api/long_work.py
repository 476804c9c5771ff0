"""Long work: files taken in, books made, looked for over the library; how far it is, and the files it made."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Annotated, Any

from flask import Response, url_for
from msgspec import Meta, Struct

from archive.export import EXPORTERS
from archive.model.access import Action
from archive.model.accounts import Scope
from archive.model.errors import NotFound, UsageError
from archive.model.holdings import JobRow
from archive.model.project import Project
from ingest.pipeline.report import FileReport
from ingest.pipeline.sources import named
from ingest.splitting.split import Mode
from web.api.operation import Sent, Upload, operation
from web.api.paging import Page
from web.api.values import Answer
from web.api.writing import Given
from web.base import current, jobs
from web.base.job_queue import Job
from web.books import output_pages
from web.intake import import_jobs, inbox
from web.workbench import reuse_page

_JOBS, _BOOKS = "工作", "书稿"
_ACCEPTED = HTTPStatus.ACCEPTED


class JobValue(Answer, frozen=True, kw_only=True):
    """A piece of long work; `state` is waiting, running, done, failed, stopped or interrupted. Moments are UTC.

    `outcome` is what it made once it is done: for books the names of files, for imports what became of each file.
    """

    id: str
    title: str
    state: str
    words: str
    done: int
    total: int
    asked: str
    began: str
    ended: str
    message: str
    hint: str
    outcome: Any

    @classmethod
    def of(cls, row: JobRow) -> JobValue:
        """From a row of the table."""
        same = {name: getattr(row, name) for name in cls.__struct_fields__ if name != "outcome"}
        return cls(**same, outcome=json.loads(row.outcome) if row.state == "done" else None)


def _begun(job: Job) -> JobValue:
    return JobValue.of(current.session().jobs.get(job.id))


class JobList(Answer, frozen=True, kw_only=True):
    """The newest first."""

    jobs: tuple[JobValue, ...]
    next: str | None


@operation("/jobs", "自己交办的工作", group=_JOBS)
def job_list(page: Page) -> JobList:
    """A page of them."""
    rows = current.session().jobs.listed()
    here = rows[page.offset :][: page.limit]
    return JobList(jobs=tuple(map(JobValue.of, here)), next=page.following(len(here), len(rows)))


@operation("/jobs/<job_id>", "一件工作做到哪里", group=_JOBS)
def job(job_id: str) -> JobValue:
    """How far it is, and what it made."""
    return JobValue.of(current.session().jobs.get(job_id))


@operation("/jobs/<job_id>/files/<filename>", "工作做成的文件", group=_JOBS, media=("*/*",))
def job_file(job_id: str, filename: str) -> Response:
    """A file of a book; kept until newer work takes its place or the program ends."""
    return output_pages.file_of(job_id, filename)


# -- taking in


class ImportAsked(Struct, frozen=True, kw_only=True):
    """What is sent, where it belongs and how it is read."""

    name: Annotated[str, Meta(min_length=1, max_length=150, description="文件名，带后缀")]
    collection: Annotated[str, Meta(description="收进哪个文集，写编号；不写就按文件名新建")] = ""
    mode: Annotated[Mode, Meta(description="怎样读")] = Mode.AUTO
    skip_same: Annotated[bool, Meta(description="库中已有一样的就不收")] = True


@operation(
    "/imports", "交一个文件来收", group=_JOBS, method="POST", scope=Scope.IMPORT, status=_ACCEPTED,
)  # fmt: skip
def take_in(asked: ImportAsked, file: Sent[Upload]) -> JobValue:
    """The work begun. What its editor has to look at first waits on the page 收稿, as what is sent there."""
    session = current.session()
    name = inbox.shown_name(asked.name)
    known = {one.id: one for one in session.collections()}
    if asked.collection and asked.collection not in known:
        raise NotFound("没有这个文集。", hint="文集的编号见各部文集的清单")
    made = named(name.rpartition(".")[0] or name)
    collection = known.get(asked.collection or made.id, made)
    current.require_in(Action.IMPORT, collection.id)
    item = inbox.keep(session.root, name, collection, asked.mode, file.save)
    reports: list[FileReport] = []
    try:
        inside = inbox.unpacked(item, "", reports)
    except BaseException:
        inbox.discard(item)
        raise
    items = [item] if inside is None else inside
    if inside is not None and item not in inside:
        inbox.discard(item)
    arguments = {
        "items": [one.token for one in items],
        "files": [import_jobs.as_values(session, report) for report in reports],
        "skip_same": asked.skip_same,
    }
    back = url_for("intake.intake")
    return _begun(jobs.start(import_jobs.RECEIVE, f"收稿：{name}", arguments, back=back, then="intake.report"))


# -- books


class BookList(Answer, frozen=True, kw_only=True):
    """By name."""

    books: tuple[str, ...]


@operation("/books", "各部书稿", group=_BOOKS)
def books() -> BookList:
    """All book projects."""
    return BookList(books=tuple(current.session().books.names()))


@operation("/books/<name>", "一部书稿", group=_BOOKS)
def book(name: str) -> Project:
    """The project: what it consists of, in which order (docs/books.md)."""
    return current.session().books.project(name)


class BookGiven(Given, frozen=True, kw_only=True):
    """A new book of these articles, in this order."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    articles: Annotated[tuple[str, ...], Meta(max_length=5000)] = ()
    title: str = ""


@operation(
    "/books", "新建一部书稿", group=_BOOKS, method="POST", scope=Scope.COMPILE, status=HTTPStatus.CREATED,
)  # fmt: skip
def create_book(given: Sent[BookGiven]) -> Project:
    """The project."""
    session = current.session()
    chosen = [session.article(one) for one in given.articles]
    return session.books.create(given.name, chosen, **({"title": given.title} if given.title else {}))


@operation("/books/<name>", "改一部书稿", group=_BOOKS, method="PUT", scope=Scope.COMPILE)
def change_book(name: str, project: Sent[Project]) -> Project:
    """The project as it is now; `revision` is that of what was changed, another one is a conflict."""
    books = current.session().books
    books.project(name)
    if project.name != name:
        raise UsageError("书稿的名称不能这样改。", hint="name 照原样写")
    return books.save(project)


class ExportGiven(Given, frozen=True, kw_only=True):
    """Formats to make the book in; a `draft` for proofs, although something must still be mended."""

    forms: Annotated[tuple[str, ...], Meta(min_length=1, max_length=10)]
    draft: bool = False


@operation(
    "/books/<name>/exports", "把书稿排成文件", group=_BOOKS, method="POST", scope=Scope.COMPILE, status=_ACCEPTED,
)  # fmt: skip
def export_book(name: str, given: Sent[ExportGiven]) -> JobValue:
    """The work begun; the files are under /jobs/…/files."""
    forms = list(dict.fromkeys(given.forms))
    if unknown := [one for one in forms if one not in EXPORTERS]:
        raise UsageError(f"没有“{unknown[0][:20]}”这种格式。", hint=f"可选：{'、'.join(EXPORTERS)}")
    return _begun(output_pages.begin(current.session().books.project(name), forms, draft=given.draft))


# -- the same words over the whole library


class ReuseGiven(Given, frozen=True, kw_only=True):
    """Where to look: a scope, or "" for all."""

    scope: str = ""


@operation("/same-words", "找一遍全库同文", group="同文与异说", method="POST", scope=Scope.READ, status=_ACCEPTED)
def look_for_reuse(given: Sent[ReuseGiven]) -> JobValue:
    """The work begun; what it finds is answered there afterwards."""
    return _begun(reuse_page.begin(given.scope))

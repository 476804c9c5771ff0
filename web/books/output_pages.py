"""From a book project to files: what must be mended first, downloads in every format, frozen editions."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from archive.books import edition
from archive.books.compile import Bound
from archive.books.edition import FrozenText, Manifest
from archive.books.service import require_sound
from archive.export import EXPORTERS
from archive.model.errors import ExportError, NotFound, UsageError
from archive.model.project import Edition, Project
from archive.model.records import Issue
from archive.session import Session, file_digest
from web.base import current
from web.base.jobs import Job, jobs
from web.books import project_editor

pages = Blueprint("book_output", __name__, url_prefix="/books/<name>/output")

DRAFTS = ("pdf", "docx")
"""Formats a proof may be set in though something must still be mended."""


@dataclass(frozen=True, slots=True)
class Remade:
    """A file of an edition made again: `same` as then byte for byte, None when it was not made then."""

    form: str
    same: bool | None


@dataclass(frozen=True, slots=True)
class Made:
    """What a job wrote: file names; what could not be kept in them; for an edition how its files compare."""

    names: tuple[str, ...]
    issues: tuple[Issue, ...]
    remade: tuple[Remade, ...] = ()
    edition: int = 0


@pages.get("")
def output(name: str) -> ResponseReturnValue:
    """What must be mended, the formats, the editions."""
    kept = project_editor.project(name)
    bound, error = _bound(kept)
    words, warn = project_editor.message()
    return render_template(
        "book_output.html",
        project=kept,
        bound=bound,
        empty=error,
        article_of=article_of,
        local=_local,
        formats=EXPORTERS,
        drafts=DRAFTS,
        editions=_editions(name),
        recent=jobs().latest(_key(name)),
        message=words,
        warn=warn,
    )


def _editions(name: str) -> list[tuple[Edition, Manifest, tuple[tuple[FrozenText, int], ...]]]:
    """The editions, each with what it was made of and which of its texts were corrected since."""
    books = current.session().books
    read = ((each, edition.from_json(each.manifest)) for each in books.editions(name))
    return [(each, manifest, books.corrected_since(manifest)) for each, manifest in read]


@pages.post("")
def make(name: str) -> ResponseReturnValue:
    """Begin to write the book: `form` one format, or several with `do=freeze`; `draft` for a proof."""
    kept = project_editor.project(name)
    forms = [form for form in request.form.getlist("form") if form in EXPORTERS]
    freeze, draft = request.form.get("do") == "freeze", bool(request.form.get("draft"))
    try:
        if not forms:
            raise UsageError("没有选格式。", hint="至少选一种。")
        if draft and not set(forms) <= set(DRAFTS):
            raise UsageError("校样只能排 PDF 和 Word。")
        if not draft:
            require_sound(current.session().books.bind(kept))
    except (UsageError, ExportError) as error:
        project_editor.say(f"{error.message}{error.hint}", warn=True)
        return redirect(_url(name), code=303)
    session = current.session()
    if freeze:
        job = _job(name, f"定稿：{name}", lambda job: _freeze(session, kept, forms, job), lasting=True)
    else:
        label = "、".join(EXPORTERS[form].label for form in forms)
        title = f"{'校样' if draft else '导出'} {label}：{name}"
        job = _job(name, title, lambda job: _write(session, kept, forms, draft, job))
    return redirect(url_for("jobs.job", job_id=job.id), code=303)


@pages.post("/edition/<int:number>")
def remake(name: str, number: int) -> ResponseReturnValue:
    """Make the files of an edition again and compare them with those of then."""
    kept = _edition(name, number)
    forms = [file.name for file in edition.from_json(kept.manifest).files if file.name in EXPORTERS]
    wanted = [form for form in request.form.getlist("form") if form in EXPORTERS] or forms
    session = current.session()
    job = _job(name, f"照第 {number} 次定稿重做：{name}", lambda job: _again(session, kept, wanted, name, job))
    return redirect(url_for("jobs.job", job_id=job.id), code=303)


@pages.get("/edition/<int:number>.json")
def manifest(name: str, number: int) -> ResponseReturnValue:
    """The manifest of an edition as a file."""
    kept = _edition(name, number)
    answer = Response(kept.manifest, mimetype="application/json; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}-定稿{number}.json")
    return answer


@pages.get("/done/<job_id>")
def done(name: str, job_id: str) -> ResponseReturnValue:
    """What a job wrote."""
    job = jobs().get(job_id)
    if not isinstance(job.outcome, Made):
        return redirect(url_for("jobs.job", job_id=job_id))
    return render_template(
        "book_done.html",
        project=project_editor.project(name),
        job=job,
        made=job.outcome,
        sizes={each: (job.folder / each).stat().st_size for each in job.outcome.names},
        formats=EXPORTERS,
        article_of=article_of,
    )


@pages.get("/done/<job_id>/<filename>")
def download(name: str, job_id: str, filename: str) -> ResponseReturnValue:
    """One of the files a job wrote."""
    job = jobs().get(job_id)
    if not isinstance(job.outcome, Made) or filename not in job.outcome.names:
        raise NotFound("没有这个文件。", hint="请回到“导出与付印”再做一次。")
    media = next((each.media_type for each in EXPORTERS.values() if filename.endswith(each.suffix)), None)
    return send_file(
        job.folder / filename,
        mimetype=media or "application/octet-stream",
        as_attachment=True,
        download_name=filename,
    )


def article_of(place: str, project: Project) -> str:
    """The article of the book that an issue's place begins with; "" when it names none."""
    article_id = place.partition("《")[0]
    return next((item.article for item in project.items if item.article == article_id), "")


# -- the work


def _write(session: Session, kept: Project, forms: Sequence[str], draft: bool, job: Job) -> Made:
    job.tell("取出文章", 0, len(forms) + 1)
    bound = session.books.bind(kept, draft=draft)
    names, issues = [], [*(bound.faults if draft else ()), *bound.issues]
    for at, form in enumerate(forms, 1):
        job.tell(f"排成{EXPORTERS[form].label}", at, len(forms) + 1)
        name = f"{kept.name}{'-校样' if draft else ''}{EXPORTERS[form].suffix}"
        issues += session.books.write(bound.book, form, job.folder / name)
        names.append(name)
    return Made(tuple(names), tuple(issues))


def _freeze(session: Session, kept: Project, forms: Sequence[str], job: Job) -> Made:
    job.tell("定稿：排成" + "、".join(EXPORTERS[form].label for form in forms))
    frozen, beside, issues = session.books.freeze(kept, forms, job.folder)
    names = [f"{kept.name}{EXPORTERS[form].suffix}" for form in forms]
    return Made((*names, beside.name), issues, edition=frozen.number)


def _again(session: Session, kept: Edition, forms: Sequence[str], name: str, job: Job) -> Made:
    job.tell("照清单取出文章", 0, len(forms) + 1)
    then = edition.from_json(kept.manifest)
    bound, changed = session.books.thaw(then)
    digests = {file.name: file.sha256 for file in then.files}
    names, remade, issues = [], [], list(changed)
    for at, form in enumerate(forms, 1):
        job.tell(f"排成{EXPORTERS[form].label}", at, len(forms) + 1)
        file = job.folder / f"{name}-定稿{kept.number}{EXPORTERS[form].suffix}"
        issues += session.books.write(bound.book, form, file)
        names.append(file.name)
        same = file_digest(file) == digests[form] if form in digests else None
        remade.append(Remade(form, same))
    return Made(tuple(names), tuple(issues), tuple(remade), edition=kept.number)


def _job(name: str, title: str, work: Callable[[Job], object], *, lasting: bool = False) -> Job:
    job = Job(_key(name), title, work, back=_url(name), lasting=lasting)
    job.then = url_for("book_output.done", name=name, job_id=job.id)
    return jobs().submit(job)


def _key(name: str) -> str:
    return f"output {name}"


def _edition(name: str, number: int) -> Edition:
    for each in current.session().books.editions(name):
        if each.number == number:
            return each
    raise NotFound(f"书稿“{name}”没有第 {number} 次定稿。", hint="请回到“导出与付印”看有哪几次。")


def _bound(kept: Project) -> tuple[Bound | None, ExportError | None]:
    try:
        return current.session().books.bind(kept), None
    except ExportError as error:
        return None, error


def _local(moment: str) -> str:
    """A moment in UTC as local time."""
    return f"{datetime.datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"


def _url(name: str) -> str:
    return url_for("book_output.output", name=name)

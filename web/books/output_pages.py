"""From a book project to files: what must be mended first, downloads in every format, frozen editions."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from archive.books import edition
from archive.books.compile import Bound
from archive.books.edition import FrozenText, Manifest
from archive.books.service import require_sound
from archive.export import EXPORTERS, FOR_ARCHIVES
from archive.model.errors import Conflict, ExportError, NotFound, UsageError
from archive.model.project import Edition, Project
from archive.model.records import Issue
from archive.session import Session, file_digest
from web.base import current
from web.base.job_queue import Job
from web.base.jobs import jobs, kind, outcome, start
from web.books import project_editor

pages = Blueprint("book_output", __name__, url_prefix="/books/<name>/output")

EXPORT, FREEZE, REMAKE = "export-book", "freeze-book", "remake-edition"
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
        for_archives=FOR_ARCHIVES,
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
        if freeze:
            _require_possible(kept, forms, draft=draft)
            job = _start(FREEZE, f"定稿：{name}", {"book": name, "forms": forms, "revision": kept.revision})
        else:
            job = begin(kept, forms, draft=draft)
    except (UsageError, ExportError) as error:
        project_editor.say(f"{error.message}{error.hint}", warn=True)
        return redirect(_url(name), code=303)
    return redirect(url_for("jobs.job", job_id=job.id), code=303)


def begin(kept: Project, forms: Sequence[str], *, draft: bool) -> Job:
    """Begin to write a book in some formats. Raises UsageError, ExportError where something must be mended first."""
    _require_possible(kept, forms, draft=draft)
    label = "、".join(EXPORTERS[form].label for form in forms)
    title = f"{'校样' if draft else '导出'} {label}：{kept.name}"
    return _start(EXPORT, title, {"book": kept.name, "forms": list(forms), "draft": draft})


def _require_possible(kept: Project, forms: Sequence[str], *, draft: bool) -> None:
    if not forms:
        raise UsageError("没有选格式。", hint="至少选一种。")
    if draft and not set(forms) <= set(DRAFTS):
        raise UsageError("校样只能排 PDF 和 Word。")
    if not draft:
        require_sound(current.session().books.bind(kept))


@pages.post("/edition/<int:number>")
def remake(name: str, number: int) -> ResponseReturnValue:
    """Make the files of an edition again and compare them with those of then."""
    kept = _edition(name, number)
    forms = [file.name for file in edition.from_json(kept.manifest).files if file.name in EXPORTERS]
    wanted = [form for form in request.form.getlist("form") if form in EXPORTERS] or forms
    job = _start(REMAKE, f"照第 {number} 次定稿重做：{name}", {"book": name, "forms": wanted, "edition": number})
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
    """What a job wrote; of one of before the program was started the files are gone."""
    made = outcome(job_id)
    return render_template(
        "book_done.html",
        project=project_editor.project(name),
        row=current.session().jobs.get(job_id),
        made=made,
        sizes={each: file.stat().st_size for each in made["names"] if (file := _file(job_id, each)) is not None},
        formats=EXPORTERS,
        article_of=article_of,
    )


@pages.get("/done/<job_id>/<filename>")
def download(name: str, job_id: str, filename: str) -> ResponseReturnValue:
    """One of the files a job wrote."""
    return file_of(job_id, filename)


def file_of(job_id: str, filename: str) -> Response:
    """One of the files of a job of whoever asks. Raises NotFound."""
    file = _file(job_id, filename) if filename in _names(outcome(job_id)) else None
    if file is None:
        raise NotFound("没有这个文件。", hint="请回到“导出与付印”再做一次。")
    media = next((each.media_type for each in EXPORTERS.values() if filename.endswith(each.suffix)), None)
    return send_file(
        file,
        mimetype=media or "application/octet-stream",
        as_attachment=True,
        download_name=filename,
    )


def _names(made: Any) -> Sequence[str]:
    """The files that a job of a book wrote; none of another job."""
    return made.get("names", ()) if isinstance(made, dict) else ()


def article_of(place: str, project: Project) -> str:
    """The article of the book that an issue's place begins with; "" when it names none."""
    article_id = place.partition("《")[0]
    return next((item.article for item in project.items if item.article == article_id), "")


def _file(job_id: str, name: str) -> Path | None:
    """A file that a job wrote, as long as it is kept."""
    try:
        file = jobs().get(job_id).folder / name
    except NotFound:
        return None
    return file if file.is_file() else None


# -- the work


def _key(name: str) -> str:
    """What the jobs of a book have in common: a newer one takes the place of an older one."""
    return f"output {name}"


def _of_book(arguments: Any) -> str:
    return _key(arguments["book"])


@kind(EXPORT, key=_of_book)
def export(job: Job, session: Session, arguments: Any) -> object:
    """Writes the book as it is now in some formats, as a proof or for good."""
    project = session.books.project(arguments["book"])
    return asdict(_write(session, project, arguments["forms"], arguments["draft"], job))


@kind(FREEZE, key=_of_book, lasting=True)
def freeze(job: Job, session: Session, arguments: Any) -> object:
    """Freezes the book as it was shown. Raises Conflict when it was changed since."""
    project = session.books.project(arguments["book"])
    if project.revision != arguments["revision"]:
        raise Conflict(f"书稿“{project.name}”在此期间改过，没有定稿。", hint="请看过现在的样子，再定稿。")
    return asdict(_freeze(session, project, arguments["forms"], job))


@kind(REMAKE, key=_of_book)
def remade(job: Job, session: Session, arguments: Any) -> object:
    """Makes the files of an edition again."""
    name = arguments["book"]
    return asdict(_again(session, _kept_edition(session, name, arguments["edition"]), arguments["forms"], name, job))


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


def _start(work: str, title: str, arguments: dict[str, object]) -> Job:
    name = arguments["book"]
    return start(work, title, arguments, back=_url(str(name)), then="book_output.done", name=name)


def _edition(name: str, number: int) -> Edition:
    return _kept_edition(current.session(), name, number)


def _kept_edition(session: Session, name: str, number: int) -> Edition:
    for each in session.books.editions(name):
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

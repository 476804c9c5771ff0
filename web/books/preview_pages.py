"""The pages of a book as they would be printed, while it is being made.

Setting is done by a job; a newer one for the same window ends the one before. Pages are drawn when they are asked for.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Blueprint, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from archive.export.pdf.pdf_exporter import PdfExporter
from archive.export.pdf.preview import draw
from archive.model.access import Action
from archive.model.errors import NotFound, UsageError
from archive.model.integers import whole_number
from archive.model.project import Project, as_json
from archive.model.records import Issue
from archive.session import Session
from web.base import current
from web.base.job_queue import Job, State
from web.base.jobs import jobs
from web.books import order, project_editor
from web.books.book_rows import rows

pages = Blueprint("book_preview", __name__, url_prefix="/books/<name>/preview")

_DRAWN = 4  # pages drawn at a time
_PATIENCE = 12.0  # seconds after which nobody seems to look any more
_SHARP = 144  # dots an inch: pages are shown on screens of twice the usual density
_drawing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Set:
    """Pages that were set: `count` of them, and the messages of the typesetting."""

    count: int
    issues: tuple[Issue, ...]


@pages.get("")
def preview(name: str) -> ResponseReturnValue:
    """The pages of what is chosen, from `page` on.

    `of` is all, part-N (from 0), or an article, with ~2 where it stands in the book for the second time.
    """
    kept = project_editor.project(name)
    of = request.args.get("of", "") or _first(kept)
    job = _begun(kept, of) if of else None
    over = job is None or job.over  # before its outcome: it may end while the page is made
    done = job.outcome if job and isinstance(job.outcome, Set) else None
    page = whole_number(request.args.get("page", "")) or 1
    return render_template(
        "book_preview.html",
        project=kept,
        rows=rows(current.session(), kept),
        of=of,
        job=job,
        over=over,
        done=done,
        page=page,
        leaves=_spread(min(page, done.count)) if done else (),
        house=current.session().books.house(kept.house),
    )


@pages.get("/state")
def state(name: str) -> ResponseReturnValue:
    """For scripts: how far the pages of `of` as the book is now are; the job that sets them is begun if need be."""
    kept = project_editor.project(name)
    of = request.args.get("of", "")
    job = _begun(kept, of)
    over = job.over
    done = job.outcome if isinstance(job.outcome, Set) else None
    return jsonify(
        job=job.id,
        revision=kept.revision,
        over=over,
        label=job.state.value,
        words=job.words,
        seconds=round(job.seconds),
        ahead=jobs().ahead(job),
        error=f"{job.error.message}{job.error.hint}" if job.error else "",
        pages=done.count if done else 0,
        issues=[f"{issue.place}：{issue.message}" for issue in done.issues[:20]] if done else [],
        picture=url_for("book_preview.picture", name=name, job_id=job.id, page=0) if done else "",
    )


@pages.post("")
def decide(name: str) -> ResponseReturnValue:
    """Cancel the setting of what is chosen (`do=stop`), or begin it anew (`do=again`)."""
    current.require(Action.COMPILE)
    of, again = request.form.get("of", ""), request.form.get("do") == "again"
    if again:
        _begun(project_editor.project(name), of, again=True)
    else:
        job = jobs().latest(_key(name, of))
        if job is not None:
            jobs().stop(job)
    return redirect(url_for("book_preview.preview", name=name, of=of, stopped=None if again else 1), code=303)


@pages.get("/<job_id>/<int:page>.png")
def picture(name: str, job_id: str, page: int) -> ResponseReturnValue:
    """One page, from 1."""
    job = jobs().get(job_id)
    if not isinstance(job.outcome, Set) or not 1 <= page <= job.outcome.count:
        raise NotFound("没有这一面。", hint="请刷新页面。")
    file = _page_file(job.folder, page)
    with _drawing:
        if not file.is_file():
            _draw(job.folder, page)
    return send_file(file, mimetype="image/png", max_age=86_400)


def _spread(page: int) -> tuple[int, int]:
    """The facing pages of which this is one, even and odd; 0 stands before the first."""
    return page - page % 2, page - page % 2 + 1


# -- the work


def _begun(kept: Project, of: str, *, again: bool = False) -> Job:
    """The job that sets this; the one that did or does, where it was for the very same book."""
    piece = _piece(kept, of)
    key = _key(kept.name, of)
    session = current.session()
    made_from = as_json(piece) + repr(session.books.house(piece.house))
    about = hashlib.sha256(made_from.encode()).hexdigest()
    job = jobs().latest(key, about)
    if job is not None and not again and (job.state is not State.STOPPED or "stopped" in request.args):
        return job
    back = url_for("book_preview.preview", name=kept.name, of=of)
    return jobs().submit(
        Job(key, f"看版面：{kept.name}", lambda job: _set(session, piece, job), back, about=about, patience=_PATIENCE)
    )


def _set(session: Session, piece: Project, job: Job) -> Set:
    job.tell("取出文章")
    bound = session.books.bind(piece, draft=True)
    job.tell("排版")
    issues = PdfExporter(proof=True).write(bound.book, job.folder / "book.pdf")
    job.tell("画出版面")
    count = _draw(job.folder, 1)
    return Set(count, (*bound.faults, *issues))


def _draw(folder: Path, page: int) -> int:
    """Draw a page and those after it; how many pages there are."""
    drawn = draw(folder / "book.pdf", first=page, last=page + _DRAWN - 1, ppi=_SHARP)
    for number, picture in enumerate(drawn.pages, page):
        _page_file(folder, number).write_bytes(picture)
    return drawn.count


def _page_file(folder: Path, page: int) -> Path:
    return folder / f"page-{page}.png"


def _piece(kept: Project, of: str) -> Project:
    """The book with nothing but what is chosen. Raises UsageError when that is not in it."""
    # What is set does not depend on these, and a finding set aside must not have the pages set anew.
    plain = replace(kept, revision=0, ignored=())
    if of == "all":
        return plain
    bare = replace(plain, front=(), back=(), contents=False, picture_list=False, indexes=(), cover="", imprint="")
    if of.startswith("part-"):
        number = project_editor.number(of.removeprefix("part-"))
        return replace(bare, parts=(order.part_at(kept, number),))
    article_id, _, occurrence = of.partition("~")
    try:
        part, at = project_editor.nth(kept, article_id, project_editor.number(occurrence or "1"))
    except NotFound as error:
        raise UsageError("书稿里没有这一部分。", hint="在“看哪一部分”里另选。") from error
    chosen = kept.parts[part]
    return replace(bare, parts=(replace(chosen, note="", items=(chosen.items[at],)),))


def _first(kept: Project) -> str:
    return next((item.article for item in kept.items), "all" if kept.front or kept.back else "")


def _key(name: str, of: str) -> str:
    return f"preview {name} {of}"

"""Publishing from the browser: which collections, under which name; a folder of pages, or the same as one file."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.accounts import public_reader
from archive.model.errors import NotFound, UsageError
from archive.session import Session
from web.base import current, jobs
from web.base.job_queue import Job, Lane
from web.edition.publishing import FORMS, Wanted, address_of, publish
from web.edition.site_folder import SiteFolder

pages = Blueprint("publishing", __name__, url_prefix="/publish")

PUBLISH = "publish"
_FILE = "网页.zip"
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first that the format knows: the same pages make the same file


@pages.get("")
def form() -> ResponseReturnValue:
    """What can be published, and how."""
    current.require(Action.COMPILE)
    session = current.session()
    reader = current.library().session(public_reader())
    counts = {each.id: reader.count(each.id, matter=False) for each in reader.collections()}
    shown = [each for each in session.collections() if session.may_in(Action.COMPILE, each.id)]
    return render_template("publish.html", collections=shown, counts=counts, forms=FORMS)


@pages.post("")
def begin() -> ResponseReturnValue:
    """Make the pages, as long work."""
    current.require(Action.COMPILE)
    chosen = request.form.getlist("collection")
    if not chosen:
        raise UsageError("没有选文集。", hint="退回上一页，至少选一个文集")
    arguments = {
        "collections": chosen,
        "title": request.form.get("title", "").strip(),
        "base": address_of(request.form.get("base", "").strip()),
        "forms": [form for form in FORMS if form in request.form.getlist("form")],
        "folder": request.form.get("folder", "").strip().strip('"'),
    }
    where = request.path
    return jobs.follow(jobs.start(PUBLISH, "发布成网站", arguments, back=where, then="publishing.done"))


@jobs.kind(PUBLISH, lane=Lane.OTHER)
def make(job: Job, session: Session, arguments: Any) -> dict[str, Any]:
    """Makes the pages of chosen collections in the folder asked for, or as one file for a download."""
    chosen = [session.collection(each) for each in arguments["collections"]]
    for each in chosen:
        session.actor.require_in(Action.COMPILE, each.id)
    folder = Path(arguments["folder"]) if arguments["folder"] else job.folder / "site"
    if not folder.is_absolute():
        hint = "填这台电脑上文件夹的完整地址，例如 D:\\文史网页；不填则下载一个压缩文件"
        raise UsageError("没有写文件夹的完整地址，没有发布。", hint=hint, place=arguments["folder"])
    job.tell("做网页和书")
    wanted = Wanted(arguments["title"], arguments["base"], tuple(arguments["forms"]))
    made = publish(current.library().session(public_reader()), chosen, wanted, SiteFolder(folder))
    if not arguments["folder"]:
        job.tell("装成一个文件")
        _packed(folder, job.folder / _FILE)
    return {
        "folder": arguments["folder"],
        "texts": made.texts,
        "characters": made.characters,
        "bytes": made.bytes,
        "written": made.written,
        "removed": made.removed,
        "gone": made.gone,
        "told": list(made.told),
    }


def _packed(folder: Path, file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, path.read_bytes())


@pages.get("/<job_id>")
def done(job_id: str) -> ResponseReturnValue:
    """What was made."""
    current.require(Action.COMPILE)
    made = jobs.outcome(job_id)
    return render_template("published.html", made=made, job_id=job_id, at_hand=_download(job_id, made) is not None)


@pages.get("/<job_id>/file")
def file(job_id: str) -> ResponseReturnValue:
    """The pages as one file."""
    current.require(Action.COMPILE)
    packed = _download(job_id, jobs.outcome(job_id))
    if packed is None:
        raise NotFound("这次做的网页没有留在这里。", hint="再发布一次")
    return send_file(packed, mimetype="application/zip", as_attachment=True, download_name=_FILE)


def _download(job_id: str, made: dict[str, Any]) -> Path | None:
    """The file made for a download, as long as the program runs."""
    try:
        packed = jobs.jobs().get(job_id).folder / _FILE
    except NotFound:
        return None
    return packed if not made["folder"] and packed.is_file() else None

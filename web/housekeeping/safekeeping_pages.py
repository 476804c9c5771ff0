"""The desk of who looks after the library: its condition, backup, rehearsal, check, index; what was done in bulk."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.errors import NotFound, UsageError
from archive.model.holdings import BackupPlan
from archive.model.integers import whole_number
from archive.support import library_folder
from web.base import current, jobs, limits
from web.housekeeping import safekeeping_jobs

pages = Blueprint("safekeeping", __name__, url_prefix="/manage")

_PARTS = (
    ("文章和著录", (library_folder.DATABASE,)),
    ("原件", (library_folder.ORIGINALS,)),
    ("图片", (library_folder.PICTURES,)),
    ("索引（可以重建）", (library_folder.INDEX,)),
    ("认过字的书页（可以重认）", (library_folder.READINGS,)),
    ("等待编者的来稿", (library_folder.INCOMING, library_folder.SPLITS)),
    ("升级前留下的副本", (library_folder.BACKUPS,)),
)


@pages.url_value_preprocessor
def _allow(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A backup is larger than a form; this comes before anything reads the request."""
    if endpoint == "safekeeping.rehearse":
        request.max_content_length = limits.most_sent(request.path)


@pages.get("")
def desk() -> ResponseReturnValue:
    """What can be looked after, and how the library is."""
    session = current.session()
    if not session.may(Action.MAINTAIN):
        if not any(map(session.may, (Action.ARRANGE, Action.REGISTER, Action.IMPORT))):
            current.require(Action.MAINTAIN)
        return render_template("manage.html", condition=None)
    condition = session.upkeep.condition()
    parts = [(words, sum(condition.sizes.get(name, 0) for name in names)) for words, names in _PARTS]
    backups = session.upkeep.backups
    return render_template(
        "manage.html",
        condition=condition,
        parts=parts,
        root=session.root,
        backup=backups.condition(),
        plan=backups.plan(),
        locked=bool(backups.password()),
        outdated=[each for each in session.period_problems() if each.code != "periods-broken"],
    )


@pages.post("/backup")
def backup() -> ResponseReturnValue:
    """Make a backup, into a folder or for a download."""
    name = current.session().upkeep.backups.file_name(datetime.now())
    arguments = {"folder": request.form.get("folder", "").strip().strip('"'), "name": name}
    return _start(safekeeping_jobs.BACKUP, "备份", arguments, "safekeeping.backup_done")


@pages.post("/backup/plan")
def plan_backups() -> ResponseReturnValue:
    """Say where and how often backups are made by themselves, or that none are."""
    form = request.form
    folder = "" if form.get("off") else form.get("folder", "").strip().strip('"')
    if not folder and not form.get("off"):
        raise UsageError("没有写备份到哪个文件夹。", hint="填文件夹的完整地址，例如 E:\\备份")
    numbers = {name: whole_number(form.get(name, "")) for name in ("hours", "daily", "weekly", "monthly")}
    plan = BackupPlan(folder, **{name: number for name, number in numbers.items() if number is not None})
    password = "" if form.get("unlocked") else form.get("password") or None
    current.session().upkeep.backups.save_plan(plan, password)
    flash("自动备份已经安排好。" if folder else "已取消自动备份。")
    return redirect(url_for("safekeeping.desk"), code=303)


@pages.post("/backup/planned")
def backup_planned() -> ResponseReturnValue:
    """Make the next backup of the plan now."""
    return _start(safekeeping_jobs.PLANNED, "自动备份", {}, "safekeeping.backup_done")


@pages.get("/backup/<job_id>")
def backup_done(job_id: str) -> ResponseReturnValue:
    """A backup that was made."""
    made = jobs.outcome(job_id)
    return render_template("manage_backup.html", made=made, job_id=job_id, at_hand=_download(job_id, made) is not None)


@pages.get("/backup/<job_id>/file")
def backup_file(job_id: str) -> ResponseReturnValue:
    """The backup as a download."""
    made = jobs.outcome(job_id)
    file = _download(job_id, made)
    if file is None:
        raise NotFound("这份备份没有留在这里。", hint="回到“管理”再备份一次")
    current.session().upkeep.backups.handed_out(made["file"])
    return send_file(file, mimetype="application/octet-stream", as_attachment=True, download_name=made["file"])


def _download(job_id: str, made: dict[str, str]) -> Path | None:
    """The file of a backup made for a download, as long as the program runs."""
    try:
        file = jobs.jobs().get(job_id).folder / made["file"]
    except NotFound:
        return None
    return file if not made["folder"] and file.is_file() else None


@pages.post("/preserve")
def preserve() -> ResponseReturnValue:
    """Lay the library down for decades, in a folder of this computer."""
    arguments = {"folder": request.form.get("folder", "").strip().strip('"'), "bagged": bool(request.form.get("bag"))}
    return _start(safekeeping_jobs.PRESERVE, "长期保存", arguments, "safekeeping.preserved")


@pages.get("/preserve/<job_id>")
def preserved(job_id: str) -> ResponseReturnValue:
    """What was laid down."""
    return render_template("manage_preserved.html", made=jobs.outcome(job_id))


@pages.post("/rehearsal")
def rehearse() -> ResponseReturnValue:
    """Try out whether a backup can be restored: one that was sent, or one named by its place."""
    upload, named = request.files.get("file"), request.form.get("path", "").strip().strip('"')
    if upload is not None and upload.filename:
        file = Path(tempfile.gettempdir()) / f"wenshi-rehearsal-{secrets.token_hex(8)}.zip"
        with closing(upload):
            upload.save(file)
        arguments = {"file": str(file), "ours": True}
    elif named:
        arguments = {"file": named, "ours": False}
    else:
        raise UsageError("没有选备份文件。", hint="选一个备份文件，或写下它在这台电脑上的完整地址")
    return _start(safekeeping_jobs.REHEARSAL, "恢复演练", arguments, "safekeeping.rehearsed")


@pages.get("/rehearsal/<job_id>")
def rehearsed(job_id: str) -> ResponseReturnValue:
    """What a rehearsal found."""
    return render_template("manage_rehearsal.html", made=jobs.outcome(job_id))


@pages.post("/check")
def check() -> ResponseReturnValue:
    """Check everything."""
    return _start(safekeeping_jobs.CHECK, "核对资料库", {}, "safekeeping.checked")


@pages.get("/check/<job_id>")
def checked(job_id: str) -> ResponseReturnValue:
    """What a check found."""
    return render_template("manage_check.html", problems=jobs.outcome(job_id)["problems"])


@pages.post("/mend")
def mend() -> ResponseReturnValue:
    """Look for what is wrong, and mend what is safe."""
    return _start(safekeeping_jobs.MEND, "检查和修复", {}, "safekeeping.mended")


@pages.get("/mend/<job_id>")
def mended(job_id: str) -> ResponseReturnValue:
    """What was wrong, and what of it has been mended."""
    return render_template("manage_mended.html", made=jobs.outcome(job_id))


@pages.post("/reindex")
def reindex() -> ResponseReturnValue:
    """Make the index anew, and read all dates again first where that is asked for."""
    arguments = {"redate": bool(request.form.get("redate"))}
    title = "重新读日期，重建索引" if arguments["redate"] else "重建索引"
    return _start(safekeeping_jobs.REINDEX, title, arguments, "safekeeping.reindexed")


@pages.get("/reindex/<job_id>")
def reindexed(job_id: str) -> ResponseReturnValue:
    """Back to the desk, with what was done."""
    made = jobs.outcome(job_id)
    flash(
        f"日期已重新读过，索引已重建：{made['articles']} 篇。"
        if made["redated"]
        else f"索引已重建：{made['articles']} 篇。"
    )
    return redirect(url_for("safekeeping.desk"), code=303)


def _start(kind: str, title: str, arguments: object, then: str) -> ResponseReturnValue:
    current.require(Action.MAINTAIN)  # here: a job that may not be done would only say so at its end
    return jobs.follow(jobs.start(kind, title, arguments, back=url_for("safekeeping.desk"), then=then))

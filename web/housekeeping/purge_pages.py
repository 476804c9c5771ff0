"""Removing for good what must not be here: what it would take, a reason, a word typed out, and then long work."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.errors import UsageError
from archive.session import Session
from web.base import current, jobs
from web.base.jobs import Job

pages = Blueprint("purging", __name__, url_prefix="/manage/purge")

PURGE = "purge"
_WORD = "清除"
_APART = re.compile(r"[\s,，、;；]+")


@jobs.kind(PURGE)
def purge(job: Job, session: Session, arguments: Any) -> dict[str, Any]:
    """Purges articles, then the backups that were named. Raises UsageError, NotFound, StorageError, ReadError."""
    ids, reason, files = arguments["ids"], arguments["reason"], arguments["backups"]
    job.tell("清除，重建索引")
    purging, password = session.upkeep.purging, session.upkeep.backups.password()
    purging.purge(ids, reason)
    for number, file in enumerate(files, 1):
        job.tell(f"清除备份 {Path(file).name}", number, len(files))
        purging.purge_backup(Path(file), ids, reason, password)
    return {"articles": len(ids), "backups": len(files)}


@pages.get("")
def form() -> ResponseReturnValue:
    """Which articles, and what purging them would take."""
    ids = _ids(request.args.get("ids", ""))
    session = current.session()
    scopes = session.upkeep.purging.scope(ids)
    folder = session.upkeep.backups.plan().folder
    backups = sorted(str(file) for file in Path(folder).glob("*.zip*")) if folder and Path(folder).is_dir() else []
    return render_template("manage_purge.html", ids=ids, scopes=scopes, backups=backups, word=_WORD)


@pages.post("")
def start() -> ResponseReturnValue:
    """Have it done, once the word has been typed."""
    ids = _ids(request.form.get("ids", ""))
    if request.form.get("sure", "").strip() != _WORD:
        raise UsageError(f"没有清除：要在框里写“{_WORD}”二字。", hint="清除之后不能恢复；确实要清除再写")
    if not ids or not request.form.get("reason", "").strip():
        raise UsageError("没有清除：编号和理由都要写。", hint="退回上一页填好再试")
    files = [line.strip().strip('"') for line in request.form.get("backups", "").splitlines() if line.strip()]
    if missing := [file for file in files if not Path(file).is_file()]:
        raise UsageError("没有清除：找不到这个备份文件。", hint="核对备份文件的完整地址", place=missing[0])
    current.session().upkeep.purging.scope(ids)
    arguments = {"ids": ids, "reason": request.form["reason"].strip(), "backups": files}
    back = url_for("purging.form")
    return jobs.follow(jobs.start(PURGE, "清除", arguments, back=back, then="purging.done", lasting=True))


@pages.get("/<job_id>")
def done(job_id: str) -> ResponseReturnValue:
    """Back to the desk, with what was done."""
    made = jobs.outcome(job_id)
    flash(f"已清除 {made['articles']} 篇，连同 {made['backups']} 个备份里的。别处的备份、拷走的文件请逐个处理。")
    return redirect(url_for("safekeeping.desk"), code=303)


def _ids(text: str) -> list[str]:
    return list(dict.fromkeys(one for one in _APART.split(text) if one))

"""Removing for good what must not be here: what it would take, a reason, a word typed out, and then long work."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.errors import EngineError, QueryError, UsageError
from archive.model.holdings import PurgeScope
from archive.model.records import Genre
from archive.model.search import Search
from archive.purging import is_purged
from archive.session import Session
from web.base import current, jobs
from web.base.job_queue import Job, Lane

pages = Blueprint("purging", __name__, url_prefix="/manage/purge")

PURGE = "purge"
_WORD = "清除"
_MOST_HOLDERS = 20
_APART = re.compile(r"[\s,，、;；]+")


class _Holders(NamedTuple):
    """Other articles with a title in their text: id and title of each; whether there are `more`.

    `asked` is False where they could not be searched; `query` is empty where there is no title to search for.
    """

    query: str
    articles: list[tuple[str, str]]
    more: bool
    asked: bool


@jobs.kind(PURGE, lane=Lane.UPKEEP, lasting=True)
def purge(job: Job, session: Session, arguments: Any) -> dict[str, Any]:
    """Purges articles, then the backups that were named. Raises UsageError, NotFound, StorageError, ReadError."""
    ids, reason, files = arguments["ids"], arguments["reason"], arguments["backups"]
    job.tell("清除，重建索引")
    purging, password = session.upkeep.purging, session.upkeep.backups.password()
    holders = [
        id for one in purging.scope(ids) for id, _ in _holders(session, one, ids).articles
    ]  # while the title is known
    purging.purge(ids, reason)
    for number, file in enumerate(files, 1):
        job.tell(f"清除备份 {Path(file).name}", number, len(files))
        purging.purge_backup(Path(file), ids, reason, password)
    return {"articles": len(ids), "backups": len(files), "holders": list(dict.fromkeys(holders))}


@pages.get("")
def form() -> ResponseReturnValue:
    """Which articles, and what purging them would take."""
    ids = _ids(request.args.get("ids", ""))
    session = current.session()
    scopes = session.upkeep.purging.scope(ids)
    holders = {one.id: _holders(session, one, ids) for one in scopes}
    folder = session.upkeep.backups.plan().folder
    backups = sorted(str(file) for file in Path(folder).glob("*.zip*")) if folder and Path(folder).is_dir() else []
    return render_template("manage_purge.html", ids=ids, scopes=scopes, holders=holders, backups=backups, word=_WORD)


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
    return jobs.follow(jobs.start(PURGE, "清除", arguments, back=back, then="purging.done"))


@pages.get("/<job_id>")
def done(job_id: str) -> ResponseReturnValue:
    """Back to the desk, with what was done."""
    made = jobs.outcome(job_id)
    flash(f"已清除 {made['articles']} 篇，连同 {made['backups']} 个备份里的。别处的备份、拷走的文件请逐个处理。")
    if holders := made.get("holders"):
        flash(f"这些文章里还有清除了的题名，请另行更正：编号 {'、'.join(holders)}。")
    return redirect(url_for("safekeeping.desk"), code=303)


def _holders(session: Session, scope: PurgeScope, ids: list[str]) -> _Holders:
    """The articles that keep the title of one to be purged; those of `ids` go themselves."""
    query = '"' + scope.title.replace('"', '""') + '"'
    if is_purged(session.article(scope.id)):
        return _Holders("", [], more=False, asked=True)
    search, most = Search(text=query), _MOST_HOLDERS + len(ids) + 1
    try:  # contents and covers are in no search that does not ask for them
        found = [session.search(one, limit=most) for one in (search.but(genre=(Genre.MATTER,)), search)]
    except (QueryError, EngineError):  # a title too long or empty; a broken index must not keep it from being purged
        return _Holders(query, [], more=False, asked=False)
    others = list({hit.article: hit.title for one in found for hit in one.hits if hit.article not in ids}.items())
    return _Holders(query, others[:_MOST_HOLDERS], more=len(others) > _MOST_HOLDERS, asked=True)


def _ids(text: str) -> list[str]:
    return list(dict.fromkeys(one for one in _APART.split(text) if one))

"""All hits of a search as a file: at once for what is quickly written, else as a job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from archive.model.errors import NotFound
from archive.search.result_list import FORMATS, write
from archive.session import Session
from web.base import current, jobs
from web.base.job_queue import Job
from web.base.sheet_downloads import download, send
from web.search.search_state import SearchState

pages = Blueprint("results", __name__)

LIST = "result-list"

_AT_ONCE = 5000  # hits, up to which nobody waits long: some seconds


@pages.get("/results<suffix>")
def listed(suffix: str) -> ResponseReturnValue:
    """For Excel, for reference managers, or as citations."""
    if suffix not in FORMATS:
        raise NotFound("没有这种清单。", hint="请从检索页选择清单的格式。")
    state, session = SearchState.read(request.args), current.session()
    if session.search(state.search, limit=0).total <= _AT_ONCE:
        return download(lambda file: _write(session, state, file), _name(suffix))
    arguments = {"asked": state.pairs(), "suffix": suffix}
    return jobs.follow(jobs.start(LIST, "检索结果的清单", arguments, back=state.url, then="results.done"))


@jobs.kind(LIST)
def _job(job: Job, session: Session, arguments: Any) -> object:
    job.tell("逐篇写入清单")
    state = SearchState.read(MultiDict(tuple(pair) for pair in arguments["asked"]))
    suffix = str(arguments["suffix"])
    hits = _write(session, state, job.folder / f"list{suffix}")
    return {"hits": hits, "unit": "篇", "suffix": suffix, "name": _name(suffix)}


def _write(session: Session, state: SearchState, file: Path) -> int:
    """Writes the list; how many hits it has."""
    found = session.result_list(state.search.but(sort=state.order))
    write(found, file)
    return len(found.hits)


@pages.get("/results/<job_id>")
def done(job_id: str) -> ResponseReturnValue:
    """A list that was written, of hits or of places (web/workbench/concordance_page.py)."""
    made, job = jobs.outcome(job_id), _job_here(job_id)
    back = job.back if job else url_for("search.search")
    return render_template("results_done.html", made=made, job_id=job_id, back=back, at_hand=job is not None)


@pages.get("/results/<job_id>/file")
def file(job_id: str) -> ResponseReturnValue:
    """The list as a download."""
    made, job = jobs.outcome(job_id), _job_here(job_id)
    if job is None:
        raise NotFound("这份清单没有留在这里。", hint="回到检索页再存一次")
    return send(job.folder / f"list{made['suffix']}", made["name"])


def _job_here(job_id: str) -> Job | None:
    """The job, as long as its file is kept."""
    try:
        return jobs.jobs().get(job_id)
    except NotFound:
        return None


def _name(suffix: str) -> str:
    return f"检索结果{suffix}"

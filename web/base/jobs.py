"""Long work behind the pages (job_queue.py): by kinds that can be run again, with a page that shows how far it is.

All but what somebody is just watching is also a row of the library's table of jobs, which survives a restart. Work of a
kind that is registered here with its arguments can be run again from that row.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import unquote

from flask import Blueprint, Flask, abort, current_app, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import NotFound, WenshiError
from archive.model.holdings import JobRow
from archive.session import Session
from archive.support import whence
from web.base import current
from web.base.job_queue import OVER, Job, Jobs, Lane, State

pages = Blueprint("jobs", __name__, url_prefix="/jobs")

_KEY, _LIBRARY = "wenshi.jobs", "wenshi.jobs.library"
_AT_ONCE = 1.5  # seconds that somebody waits for a page before the page of the job is shown instead

Work = Callable[[Job, Session, Any], object]
"""What a kind of job does: the job to report to, the session of who asked, the arguments. Returns plain values."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of work that can be run again. `key` tells from the arguments what a job makes; the others as in `Job`.

    One that `goes_on` can be paused: run again, it begins where it was stopped.
    """

    work: Work
    key: Callable[[Any], str]
    lane: Lane
    lasting: bool
    goes_on: bool = False


KINDS: dict[str, JobKind] = {}
"""The kinds of work that can be run again, by name."""


def kind(
    name: str,
    *,
    key: Callable[[Any], str] | None = None,
    lane: Lane = Lane.OTHER,
    lasting: bool = False,
    goes_on: bool = False,
) -> Callable[[Work], Work]:
    """Register a function as the work of a kind of job; without a `key` no job takes another one's place."""

    def register(work: Work) -> Work:
        KINDS[name] = JobKind(work, key or (lambda arguments: secrets.token_hex(8)), lane, lasting, goes_on)
        return work

    return register


def start(name: str, title: str, arguments: object, /, *, back: str, then: str = "", **values: object) -> Job:
    """Have work of a registered kind done for whoever asks.

    `then` is the endpoint that shows the outcome, by job_id and the further `values` of its address.
    """
    asking, wanted, came_from = current.session(), KINDS[name], whence.place()
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]

    def work(job: Job) -> object:
        with app.app_context(), whence.asked_from(came_from):
            return wanted.work(job, current.library().session(asking.actor), arguments)

    job = Job(wanted.key(arguments), title, work, back, kind=name, arguments=arguments, actor=asking.actor)
    job.lane, job.lasting = wanted.lane, wanted.lasting
    job.then = url_for(then, job_id=job.id, **values) if then else ""  # type: ignore[arg-type]
    return jobs().submit(job)


def follow(job: Job) -> ResponseReturnValue:
    """Lead on to the outcome where that is there almost at once, else to the page of the job."""
    end = time.monotonic() + _AT_ONCE
    while not job.over and time.monotonic() < end:
        time.sleep(0.02)
    done = job.state is State.DONE and job.then
    return redirect(job.then if done else url_for("jobs.job", job_id=job.id), code=303)


def outcome(job_id: str) -> Any:
    """What a job of this library has made, as plain values, also after a restart. NotFound while there is nothing.

    Where the table cannot be written (a full disk) it is known as long as the program runs.
    """
    asking = current.session()
    with suppress(NotFound):
        here = jobs().get(job_id)
        if here.kind and here.state is State.DONE and here.actor is not None and here.actor.id == asking.actor.id:
            return json.loads(json.dumps(here.outcome))
    row = asking.jobs.get(job_id)
    if row.state != "done":
        raise NotFound("这件工作没有做完，还没有结果。", hint="到“工作记录”里看它做到哪一步。")
    return json.loads(row.outcome)


def attach(app: Flask, library: Library) -> None:
    """Give the application its jobs; what a program that has ended left unfinished is marked as interrupted."""
    app.extensions[_LIBRARY] = library
    owner = library.session(Actor.local())
    _taken(library)

    def note(job: Job, state: State) -> None:
        """A table that cannot be written for a moment must not end the work."""
        with suppress(WenshiError):
            library.session(job.actor or owner.actor).jobs.save(_row(job, state, owner.actor))

    app.extensions[_KEY] = Jobs(note)


def _row(job: Job, state: State, owner: Actor) -> JobRow:
    actor = job.actor or owner
    ended = next((moment for one, moment in job.moments.items() if one in OVER), "")
    return JobRow(
        id=job.id,
        kind=job.kind,
        title=job.title,
        arguments=json.dumps(job.arguments, ensure_ascii=False),
        owner=actor.id,
        who=actor.name,
        state=state.name.lower(),
        asked=job.moments[State.WAITING],
        words=job.words,
        done=job.done,
        total=job.total,
        began=job.moments.get(State.RUNNING, ""),
        ended=ended,
        message=job.error.message if job.error else "",
        hint=job.error.hint if job.error else "",
        outcome=json.dumps(job.outcome, ensure_ascii=False) if job.kind else "null",
        back=job.back,
        then=job.then,
    )


def ours(app: Flask) -> bool:
    """Whether the long work of the library is done by this application, and not by another program."""
    library: Library = app.extensions[_LIBRARY]
    return library.turn.held() or _taken(library)  # the program that was the one may have ended


def _taken(library: Library) -> bool:
    """Try to be the one; then what programs that have ended left unfinished is marked as interrupted."""
    with suppress(OSError, WenshiError):  # the library is read-only, or its database away
        if library.turn.held() or library.turn.acquire(0):
            library.session(Actor.local()).jobs.interrupt()
            return True
    return False


def counted(app: Flask) -> dict[str, int]:
    """How many jobs of this program there are in each state."""
    held: Jobs = app.extensions[_KEY]
    return held.counted()


def jobs() -> Jobs:
    """The jobs of the application handling this request."""
    return cast(Jobs, current_app.extensions[_KEY])


@pages.get("")
def table() -> ResponseReturnValue:
    """All long work, the newest first."""
    return render_template("jobs.html", rows=current.session().jobs.listed(), states=_words(), kinds=KINDS)


@pages.get("/<job_id>")
def job(job_id: str) -> ResponseReturnValue:
    """How far a job is; leads on to what it made. The page refreshes itself while there is something to wait for."""
    try:
        found = jobs().get(job_id)
    except NotFound:
        return _of_before(current.session().jobs.get(job_id))
    over = found.over  # once: it may end while the page is made
    if found.state is State.DONE and found.then:
        return redirect(found.then, code=303)
    return render_template("job.html", job=found, over=over, ahead=jobs().ahead(found), kind=KINDS.get(found.kind))


def _of_before(row: JobRow) -> ResponseReturnValue:
    """A job of before the program was started."""
    if row.state == "done" and row.then and row.kind:
        return redirect(row.then, code=303)
    return render_template("job_of_before.html", row=row, state=_words()[row.state], kind=KINDS.get(row.kind))


def _words() -> dict[str, str]:
    return {state.name.lower(): state.value for state in State}


@pages.post("/<job_id>/again")
def again(job_id: str) -> ResponseReturnValue:
    """Run a job once more that was interrupted, cancelled or failed, or whose files are gone."""
    row = current.session().jobs.get(job_id)
    if row.kind not in KINDS or row.state in {"waiting", "running"}:
        abort(409, "这件工作不能再做一次。")
    endpoint, values = _shown(row)
    fresh = start(row.kind, row.title, json.loads(row.arguments), back=row.back, then=endpoint, **values)
    return redirect(url_for("jobs.job", job_id=fresh.id), code=303)


def _shown(row: JobRow) -> tuple[str, dict[str, object]]:
    """The endpoint of the page that shows what a job made, and what its address holds besides the job."""
    if not row.then:
        return "", {}
    found, values = current_app.url_map.bind("").match(unquote(row.then), method="GET")
    return str(found), {name: value for name, value in values.items() if name != "job_id"}


@pages.get("/<job_id>/state")
def state(job_id: str) -> ResponseReturnValue:
    """The same for scripts."""
    try:
        found = jobs().get(job_id)
    except NotFound:
        return jsonify(_told(current.session().jobs.get(job_id)))
    ahead = jobs().ahead(found)
    words = f"前面还有 {ahead} 件" if ahead else found.words
    return jsonify(
        state=found.state.name.lower(),
        label=found.state.value,
        words=words,
        done=found.done,
        total=found.total,
        seconds=round(found.seconds, 1),
        over=found.over,
        error=f"{found.error.message}{found.error.hint}" if found.error else "",
        then=found.then,
    )


def _told(row: JobRow) -> dict[str, object]:
    """The same of a job that another program does or did."""
    state = State[row.state.upper()]
    told = {"state": row.state, "label": state.value, "words": row.words, "done": row.done, "total": row.total}
    return told | {"seconds": 0.0, "over": state in OVER, "error": f"{row.message}{row.hint}", "then": row.then}


@pages.post("/<job_id>/stop")
def stop(job_id: str) -> ResponseReturnValue:
    """Cancel a job."""
    try:
        found = jobs().get(job_id)
    except NotFound:
        current.session().jobs.get(job_id)
        abort(409, "这件工作由另一台电脑上的程序在做，这里停不了。等它做完，或请维护者到那台电脑上停。")
    jobs().stop(found)
    return redirect(found.back, code=303)

"""Long work behind the pages: one piece at a time, with progress, so that the computer stays usable.

A job runs in the one worker thread of its application; the others wait in the order they came. What it makes lies in a
folder of its own, which goes when the job is let go of: when newer ones have taken its place, or the program ends.

All but what somebody is just watching is also a row of the library's table of jobs, which survives a restart. Work of a
kind that is registered here with its arguments can be run again from that row.
"""

from __future__ import annotations

import enum
import json
import logging
import secrets
import shutil
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from filelock import FileLock, Timeout
from flask import Blueprint, Flask, abort, current_app, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import NotFound, WenshiError
from archive.model.holdings import JobRow
from archive.session import Session
from archive.support import library_folder, whence
from archive.support.cancellation import Cancelled, cancelled_unless
from web.base import current

pages = Blueprint("jobs", __name__, url_prefix="/jobs")

_KEY = "wenshi.jobs"
_KEPT = 24  # finished jobs whose files are kept
_NOTED = 2.0  # seconds between two notes of progress in the table
_AT_ONCE = 1.5  # seconds that somebody waits for a page before the page of the job is shown instead
_log = logging.getLogger(__name__)


class State(enum.StrEnum):
    """How far a job is. The words are those of the page."""

    WAITING = "等候"
    RUNNING = "正在做"
    DONE = "做好了"
    FAILED = "没有做成"
    STOPPED = "已取消"
    INTERRUPTED = "中断"


_OVER = {State.DONE, State.FAILED, State.STOPPED, State.INTERRUPTED}


@dataclass(slots=True)
class Job:
    """A piece of work. Its `work` is called with the job itself, reports through `tell` and returns `outcome`.

    `key` says what it makes: a newer job with the same key takes its place. `about` is a digest of what it is made
    from, where it is worth asking whether that was made already. `back` is the page it was asked for on, `then` the one
    that shows what it made ("" for the job's own page). With `patience` the job is for one who watches: it comes before
    the others, and is given up when nobody has asked for it for so many seconds. A `lasting` one leaves something
    behind and is not stopped once it runs. `done` of `total` steps are behind it, 0 of 0 where it does not know. Times
    are seconds of the monotonic clock. `kind` and `arguments` (plain values) run it again after a restart; `actor` is
    who asked; `moments` says when (UTC) it came into a state; `note` keeps it in the library's table.
    """

    key: str
    title: str
    work: Callable[[Job], object]
    back: str
    then: str = ""
    about: str = ""
    patience: float = 0.0
    asked: float = field(default_factory=time.monotonic)
    lasting: bool = False
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    folder: Path = Path()
    state: State = State.WAITING
    words: str = ""
    done: int = 0
    total: int = 0
    began: float = 0.0
    ended: float = 0.0
    stopped: bool = False
    error: WenshiError | None = None
    outcome: object = None
    kind: str = ""
    arguments: object = None
    actor: Actor | None = None
    moments: dict[State, str] = field(default_factory=dict)
    note: Note | None = None
    noted: float = 0.0

    def tell(self, words: str, done: int = 0, total: int = 0) -> None:
        """Set the step shown to the user. Raises Cancelled when the job was cancelled."""
        if not self.wanted:
            raise Cancelled
        self.words, self.done, self.total = words, done, total
        if self.note and time.monotonic() - self.noted > _NOTED:
            self.noted = time.monotonic()
            self.note(self, self.state)

    @property
    def wanted(self) -> bool:
        """Whether somebody still waits for it."""
        return not self.stopped and (not self.patience or time.monotonic() - self.asked < self.patience)

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in _OVER

    @property
    def seconds(self) -> float:
        """How long it has been running or ran."""
        return ((self.ended or time.monotonic()) - self.began) if self.began else 0.0


Note = Callable[[Job, State], None]
"""Keeps a job, as it is in a state, in the library's table."""


class Jobs:
    """The jobs of one application; `note` is called with every change of state."""

    def __init__(self, note: Note | None = None) -> None:
        self._note = note
        self._jobs: dict[str, Job] = {}
        self._queue: deque[Job] = deque()
        self._lock = threading.Condition()
        self._worker: threading.Thread | None = None
        self._root: tempfile.TemporaryDirectory[str] | None = None

    def submit(self, job: Job) -> Job:
        """Have a job done; one with the same key that is not over is stopped."""
        with self._lock:
            for other in self._jobs.values():
                if other.key == job.key:
                    self._stop(other)
            if self._root is None:
                self._root = tempfile.TemporaryDirectory(prefix="wenshi-jobs-", ignore_cleanup_errors=True)
            job.folder = Path(self._root.name) / job.id
            job.folder.mkdir()
            self._jobs[job.id] = job
            self._came_into(job, State.WAITING)
            if job.patience:
                self._queue.appendleft(job)
            else:
                self._queue.append(job)
            self._let_go()
            if self._worker is None:
                self._worker = threading.Thread(target=self._run, name="wenshi-jobs", daemon=True)
                self._worker.start()
            self._lock.notify()
        return job

    def get(self, job_id: str) -> Job:
        """A job. Raises NotFound for one that is no longer kept."""
        with self._lock:
            if job_id not in self._jobs:
                hint = "结果只保留一段时间，程序重新启动以后也不再保留；请再做一次。"
                raise NotFound("这件工作已经不在了。", hint=hint)
            return self._jobs[job_id]

    def latest(self, key: str, about: str = "") -> Job | None:
        """The newest job with this key (and, where given, about just this), whatever became of it."""
        with self._lock:
            fitting = (job for job in reversed(self._jobs.values()) if job.key == key and about in ("", job.about))
            found = next(fitting, None)
            if found is not None:
                found.asked = time.monotonic()
            return found

    def ahead(self, job: Job) -> int:
        """How many jobs come before this one."""
        with self._lock:
            if job.state is not State.WAITING:
                return 0
            running = sum(each.state is State.RUNNING for each in self._jobs.values())
            return running + self._queue.index(job) if job in self._queue else running

    def stop(self, job: Job) -> None:
        """Cancel a job: one that waits at once, one that runs at its next step or while it sets type."""
        with self._lock:
            self._stop(job)

    def _stop(self, job: Job) -> None:
        if job.over or (job.lasting and job.state is State.RUNNING):
            return
        job.stopped = True
        if job.state is State.WAITING:
            self._came_into(job, State.STOPPED)
            self._queue.remove(job)

    def _came_into(self, job: Job, state: State) -> None:
        job.moments[state] = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        if self._note and not job.patience:
            job.note = self._note
            self._note(job, state)  # before anybody can see the state and ask the table
        job.state = state

    def _let_go(self) -> None:
        over = [job for job in self._jobs.values() if job.over]
        for job in over[: max(0, len(over) - _KEPT)]:
            del self._jobs[job.id]
            shutil.rmtree(job.folder, ignore_errors=True)

    def _run(self) -> None:
        while True:
            with self._lock:
                while not self._queue:
                    self._lock.wait()
                job = self._queue.popleft()
                job.began = time.monotonic()
                self._came_into(job, State.RUNNING)
            state = self._do(job)
            with self._lock:
                job.ended = time.monotonic()
                self._came_into(job, state)

    def _do(self, job: Job) -> State:
        try:
            job.tell("")
            with cancelled_unless(lambda: job.wanted):
                job.outcome = job.work(job)
        except Cancelled:
            return State.STOPPED
        except WenshiError as error:
            job.error = error
            return State.FAILED
        except Exception:
            # The thread must live on for the other jobs; a defect is reported as one.
            _log.exception("job failed: %s", job.title)
            job.error = WenshiError("系统出错了，这件工作没有做成。", hint="请把时间和做法告诉维护者；详情在日志里。")
            return State.FAILED
        return State.STOPPED if job.stopped else State.DONE


Work = Callable[[Job, Session, Any], object]
"""What a kind of job does: the job to report to, the session of who asked, the arguments. Returns plain values."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of work that can be run again. `key` tells from the arguments what a job makes; `lasting` as in `Job`."""

    work: Work
    key: Callable[[Any], str]
    lasting: bool


KINDS: dict[str, JobKind] = {}
"""The kinds of work that can be run again, by name."""


def kind(name: str, *, key: Callable[[Any], str] | None = None, lasting: bool = False) -> Callable[[Work], Work]:
    """Register a function as the work of a kind of job; without a `key` no job takes another one's place."""

    def register(work: Work) -> Work:
        KINDS[name] = JobKind(work, key or (lambda arguments: secrets.token_hex(8)), lasting)
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

    job = Job(wanted.key(arguments), title, work, back, kind=name, arguments=arguments, lasting=wanted.lasting)
    job.actor = asking.actor
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
    lock = FileLock(library.root / library_folder.JOBS_LOCK)
    app.extensions[f"{_KEY}.lock"] = lock  # held as long as the application lives
    owner = library.session(Actor.local())
    with suppress(Timeout, OSError, WenshiError):  # another program is at work on this library, or it is read-only
        lock.acquire(timeout=0)
        owner.jobs.interrupt()

    def note(job: Job, state: State) -> None:
        """A table that cannot be written for a moment must not end the work."""
        with suppress(WenshiError):
            library.session(job.actor or owner.actor).jobs.save(_row(job, state, owner.actor))

    app.extensions[_KEY] = Jobs(note)


def _row(job: Job, state: State, owner: Actor) -> JobRow:
    actor = job.actor or owner
    ended = next((moment for one, moment in job.moments.items() if one in _OVER), "")
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
    lock: FileLock = app.extensions[f"{_KEY}.lock"]
    return lock.is_locked


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
    return render_template("job.html", job=found, over=over, ahead=jobs().ahead(found), again=found.kind in KINDS)


def _of_before(row: JobRow) -> ResponseReturnValue:
    """A job of before the program was started."""
    if row.state == "done" and row.then and row.kind:
        return redirect(row.then, code=303)
    return render_template("job_of_before.html", row=row, state=_words()[row.state], again=row.kind in KINDS)


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
    found = jobs().get(job_id)
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


@pages.post("/<job_id>/stop")
def stop(job_id: str) -> ResponseReturnValue:
    """Cancel a job."""
    found = jobs().get(job_id)
    jobs().stop(found)
    return redirect(found.back, code=303)

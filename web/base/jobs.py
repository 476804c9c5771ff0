"""Long work behind the pages: one piece at a time, with progress, so that the computer stays usable.

A job runs in the one worker thread of its application; the others wait in the order they came. What it makes lies in a
folder of its own, which goes when the job is let go of: when newer ones have taken its place, or the program ends.
"""

from __future__ import annotations

import enum
import logging
import secrets
import shutil
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, current_app, jsonify, redirect, render_template
from flask.typing import ResponseReturnValue

from archive.model.errors import NotFound, WenshiError
from archive.support.cancellation import Cancelled, cancelled_unless

pages = Blueprint("jobs", __name__, url_prefix="/jobs")

_KEY = "wenshi.jobs"
_KEPT = 24  # finished jobs whose files are kept
_log = logging.getLogger(__name__)


class State(enum.StrEnum):
    """How far a job is. The words are those of the page."""

    WAITING = "等候"
    RUNNING = "正在做"
    DONE = "做好了"
    FAILED = "没有做成"
    STOPPED = "已取消"


_OVER = {State.DONE, State.FAILED, State.STOPPED}


@dataclass(slots=True)
class Job:
    """A piece of work. Its `work` is called with the job itself, reports through `tell` and returns `outcome`.

    `key` says what it makes: a newer job with the same key takes its place. `about` is a digest of what it is made
    from, where it is worth asking whether that was made already. `back` is the page it was asked for on, `then` the one
    that shows what it made ("" for the job's own page). With `patience` the job is for one who watches: it comes before
    the others, and is given up when nobody has asked for it for so many seconds. A `lasting` one leaves something
    behind and is not stopped once it runs. `done` of `total` steps are behind it, 0 of 0 where it does not know. Times
    are seconds of the monotonic clock.
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

    def tell(self, words: str, done: int = 0, total: int = 0) -> None:
        """Say what comes next. Raises Unwanted when the job was cancelled."""
        if not self.wanted:
            raise Cancelled
        self.words, self.done, self.total = words, done, total

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


class Jobs:
    """The jobs of one application."""

    def __init__(self) -> None:
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
        """A job. Raises NotFound for one that was let go of."""
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
            job.state = State.STOPPED
            self._queue.remove(job)

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
                job.state, job.began = State.RUNNING, time.monotonic()
            state = self._do(job)
            with self._lock:
                job.ended = time.monotonic()
                job.state = state

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
            # The thread must live on for the other jobs; a defect is told as one.
            _log.exception("job failed: %s", job.title)
            job.error = WenshiError("系统出错了，这件工作没有做成。", hint="请把时间和做法告诉维护者；详情在日志里。")
            return State.FAILED
        return State.STOPPED if job.stopped else State.DONE


def attach(app: Flask) -> None:
    """Give the application its jobs."""
    app.extensions[_KEY] = Jobs()


def jobs() -> Jobs:
    """The jobs of the application handling this request."""
    return cast(Jobs, current_app.extensions[_KEY])


@pages.get("/<job_id>")
def job(job_id: str) -> ResponseReturnValue:
    """How far a job is; leads on to what it made. The page refreshes itself while there is something to wait for."""
    found = jobs().get(job_id)
    over = found.over  # once: it may end while the page is made
    if found.state is State.DONE and found.then:
        return redirect(found.then, code=303)
    return render_template("job.html", job=found, over=over, ahead=jobs().ahead(found))


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

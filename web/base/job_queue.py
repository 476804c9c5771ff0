"""The queue of long work: a piece of each sort at a time, with progress, so that the computer stays usable.

Each sort of work (`Lane`) has a thread of its own, so that a long import and many short lists do not hold each other
up. Within a sort people take turns, and the jobs of one person wait in the order they came. What a job makes lies in a
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
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from archive.model.access import Actor
from archive.model.errors import NotFound, WenshiError
from archive.support.cancellation import Cancelled, cancelled_unless

_KEPT = 24  # finished jobs whose files are kept
_NOTED = 2.0  # seconds between two notes of progress in the table
_log = logging.getLogger(__name__)


class State(enum.StrEnum):
    """How far a job is. The words are those of the page."""

    WAITING = "等候"
    RUNNING = "正在做"
    DONE = "做好了"
    FAILED = "没有做成"
    STOPPED = "已取消"
    INTERRUPTED = "中断"


class Lane(enum.Enum):
    """The sorts of work that go on beside each other, one job of each at a time."""

    INTAKE = enum.auto()
    UPKEEP = enum.auto()  # backups, checks, indexes, purging: the library as a whole
    OTHER = enum.auto()  # what somebody is waiting for: lists, books, proofs


OVER = frozenset({State.DONE, State.FAILED, State.STOPPED, State.INTERRUPTED})
"""The states after which nothing more happens."""


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
    lane: Lane = Lane.OTHER
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
    def who(self) -> str:
        """The id of who asked; "" for what nobody signed for."""
        return self.actor.id if self.actor else ""

    @property
    def wanted(self) -> bool:
        """Whether somebody still waits for it."""
        return not self.stopped and (not self.patience or time.monotonic() - self.asked < self.patience)

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in OVER

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
        self._queues: dict[Lane, deque[Job]] = {lane: deque() for lane in Lane}
        self._served: dict[tuple[Lane, str], float] = {}  # when a person's last job of a lane began
        self._lock = threading.Condition()
        self._workers: dict[Lane, threading.Thread] = {}
        self._root: tempfile.TemporaryDirectory[str] | None = None

    def submit(self, job: Job) -> Job:
        """Have a job done; one with the same key that is not over is stopped."""
        with self._lock:
            self._enter(job)
            if job.patience:
                self._queues[job.lane].appendleft(job)
            else:
                self._queues[job.lane].append(job)
            self._let_go()
            if job.lane not in self._workers:
                worker = threading.Thread(target=self._run, args=(job.lane,), name="wenshi-jobs", daemon=True)
                self._workers[job.lane] = worker
                worker.start()
            self._lock.notify_all()
        return job

    def keep(self, job: Job, outcome: object) -> Job:
        """Keep what is known already as the outcome of a job that nobody has to wait for; otherwise as `submit`."""
        with self._lock:
            self._enter(job)
            job.outcome, job.began = outcome, time.monotonic()
            job.ended = job.began
            self._came_into(job, State.DONE)
            self._let_go()
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

    def counted(self) -> dict[str, int]:
        """How many of those kept are in each state, by its name in the table."""
        with self._lock:
            found = Counter(job.state for job in self._jobs.values())
        return {state.name.lower(): found[state] for state in State}

    def ahead(self, job: Job) -> int:
        """How many jobs come before this one."""
        with self._lock:
            if job.state is not State.WAITING:
                return 0
            running = sum(each.state is State.RUNNING and each.lane is job.lane for each in self._jobs.values())
            return running + self._turns(job.lane).index(job)

    def stop(self, job: Job) -> None:
        """Cancel a job: one that waits at once, one that runs at its next step or while it sets type."""
        with self._lock:
            self._stop(job)

    def _enter(self, job: Job) -> None:
        for other in self._jobs.values():
            if other.key == job.key:
                self._stop(other)
        if self._root is None:
            self._root = tempfile.TemporaryDirectory(prefix="wenshi-jobs-", ignore_cleanup_errors=True)
        job.folder = Path(self._root.name) / job.id
        job.folder.mkdir()
        self._jobs[job.id] = job
        self._came_into(job, State.WAITING)

    def _stop(self, job: Job) -> None:
        if job.over or (job.lasting and job.state is State.RUNNING):
            return
        job.stopped = True
        if job.state is State.WAITING:
            self._came_into(job, State.STOPPED)
            self._queues[job.lane].remove(job)

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

    def _turns(self, lane: Lane) -> list[Job]:
        """The jobs that wait in a lane in the order they will be done: what is watched, then one of each person."""
        before: Counter[str] = Counter()  # of those who have more than one, the second comes after everybody's first
        turns = []
        for place, job in enumerate(self._queues[lane]):
            round_ = 0 if job.patience else before[job.who]
            before[job.who] += not job.patience
            turns.append((not job.patience, round_, self._served.get((lane, job.who), 0.0), place, job))
        return [turn[-1] for turn in sorted(turns, key=lambda turn: turn[:-1])]

    def _run(self, lane: Lane) -> None:
        while True:
            with self._lock:
                while not self._queues[lane]:
                    self._lock.wait()
                job = self._turns(lane)[0]
                self._queues[lane].remove(job)
                job.began = time.monotonic()
                if not job.patience:
                    self._served[lane, job.who] = job.began
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

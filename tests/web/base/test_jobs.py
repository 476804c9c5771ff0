"""Long work behind the pages: in order, one of each sort at a time, ended when nobody waits, failures told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from archive.model.access import Actor, Rights
from archive.model.errors import ExportError, NotFound
from archive.support.cancellation import raise_if_cancelled
from web.base.job_queue import Job, Jobs, Lane, State


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


@pytest.fixture
def gate(jobs: Jobs) -> Iterator[threading.Event]:
    """Keeps the worker busy until it is set."""
    opened = threading.Event()
    jobs.submit(Job("gate", "门", lambda job: opened.wait(10), "/"))
    yield opened
    opened.set()


def until(ready: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not ready():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def test_jobs_are_done_in_order_one_at_a_time(jobs: Jobs, gate: threading.Event) -> None:
    done: list[str] = []
    made = [jobs.submit(Job(each, each, lambda job: done.append(job.key), "/")) for each in "abc"]
    assert [jobs.ahead(each) for each in made] == [1, 2, 3]
    gate.set()
    until(lambda: made[-1].over)
    assert done == ["a", "b", "c"]
    assert made[0].state is State.DONE


def test_what_is_known_already_is_kept_at_once(jobs: Jobs, gate: threading.Event) -> None:
    old = jobs.submit(Job("same", "旧", lambda job: 1, "/"))
    kept = jobs.keep(Job("same", "新", lambda job: 2, "/"), 3)
    assert old.state is State.STOPPED
    found = jobs.latest("same")
    assert found is kept and found.state is State.DONE and found.outcome == 3


def test_what_is_watched_comes_first(jobs: Jobs, gate: threading.Event) -> None:
    done: list[str] = []
    export = jobs.submit(Job("export", "导出", lambda job: done.append("export"), "/"))
    jobs.submit(Job("pages", "版面", lambda job: done.append("pages"), "/", patience=60))
    gate.set()
    until(lambda: export.over)
    assert done == ["pages", "export"]


def test_a_newer_job_takes_the_place_of_an_older_one(jobs: Jobs, gate: threading.Event) -> None:
    done: list[int] = []
    old = jobs.submit(Job("same", "旧", lambda job: done.append(1), "/"))
    new = jobs.submit(Job("same", "新", lambda job: done.append(2), "/"))
    assert old.state is State.STOPPED
    assert jobs.latest("same") is new
    gate.set()
    until(lambda: new.over)
    assert done == [2]


def endless(job: Job) -> None:
    while True:
        raise_if_cancelled()
        time.sleep(0.01)


def test_running_work_is_ended(jobs: Jobs) -> None:
    job = jobs.submit(Job("endless", "没完", endless, "/"))
    until(lambda: job.state is State.RUNNING)
    jobs.stop(job)
    until(lambda: job.over)
    assert job.state is State.STOPPED


def test_pages_nobody_looks_at_are_given_up(jobs: Jobs) -> None:
    job = jobs.submit(Job("endless", "没完", endless, "/", patience=0.2))
    until(lambda: job.over)
    assert job.state is State.STOPPED


def test_an_edition_once_begun_is_not_stopped(jobs: Jobs) -> None:
    opened = threading.Event()
    job = jobs.submit(Job("edition", "定稿", lambda job: opened.wait(10), "/", lasting=True))
    until(lambda: job.state is State.RUNNING)
    jobs.stop(job)
    opened.set()
    until(lambda: job.over)
    assert job.state is State.DONE


def fail(job: Job) -> None:
    raise ExportError("缺字", hint="换字体。")


def break_down(job: Job) -> None:
    raise ZeroDivisionError


def test_failures_are_told_and_the_worker_goes_on(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    failed = jobs.submit(Job("a", "一", fail, "/"))
    broken = jobs.submit(Job("b", "二", break_down, "/"))
    last = jobs.submit(Job("c", "三", lambda job: "好", "/"))
    until(lambda: last.over)
    assert failed.state is State.FAILED
    assert failed.error is not None and failed.error.message == "缺字"
    assert broken.error is not None and "系统出错" in broken.error.message
    assert "ZeroDivisionError" in caplog.text
    assert last.outcome == "好"


def test_files_of_old_jobs_go(jobs: Jobs) -> None:
    first = jobs.submit(Job("0", "第一", lambda job: (job.folder / "a.txt").write_text("甲"), "/"))
    until(lambda: first.over)
    assert (first.folder / "a.txt").is_file()
    for number in range(1, 30):
        last = jobs.submit(Job(str(number), "又", lambda job: None, "/"))
        until(partial(getattr, last, "over"))
    assert not first.folder.exists()
    with pytest.raises(NotFound):
        jobs.get(first.id)


def test_an_import_and_short_jobs_do_not_wait_for_each_other(jobs: Jobs, gate: threading.Event) -> None:
    imported = jobs.submit(Job("import", "收稿", lambda job: "入库", "/", lane=Lane.INTAKE))
    backup = jobs.submit(Job("backup", "备份", lambda job: "备好", "/", lane=Lane.UPKEEP))
    until(lambda: imported.over and backup.over)
    waiting = jobs.submit(Job("list", "清单", lambda job: None, "/"))
    assert (jobs.ahead(imported), jobs.ahead(waiting)) == (0, 1), "the gate alone is before it"


def test_people_take_turns(jobs: Jobs, gate: threading.Event) -> None:
    done: list[str] = []
    many, other = Actor("many", "甲", Rights.everything()), Actor("other", "乙", Rights.everything())
    asked = [("m1", many), ("m2", many), ("m3", many), ("o1", other), ("o2", other)]
    made = {
        name: jobs.submit(Job(name, name, lambda job: done.append(job.key), "/", actor=actor)) for name, actor in asked
    }
    expected = ["m1", "o1", "m2", "o2", "m3"]
    assert sorted(made, key=lambda name: jobs.ahead(made[name])) == expected
    gate.set()
    until(lambda: all(job.over for job in made.values()))
    assert done == expected

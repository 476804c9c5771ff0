"""Isolated processes: answers as plain values, and an end that is told for whatever a file may do."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.model.errors import ReadError, WenshiError
from archive.support.cancellation import Cancelled, cancelled_unless
from archive.support.isolation import isolated_process, served_calls
from archive.support.isolation.isolated_process import IsolatedDefect, IsolatedProcess, ProcessLost, borrowed
from archive.support.isolation.served_calls import HEAD, HELD, RESULT, progress

pytestmark = pytest.mark.filterwarnings("error")


@dataclass(frozen=True)
class Answer:
    """What a call gives."""

    file: Path
    words: tuple[str, ...]
    error: WenshiError | None = None


@pytest.fixture
def process() -> Iterator[IsolatedProcess]:
    """One process, ended with the test."""
    one = IsolatedProcess()
    yield one
    one.end()


def answer(name: str) -> Answer:
    """An answer with a name that may be no Unicode."""
    return Answer(Path(name), ("水车",), ReadError("读不出", hint="再试", place=name))


def refuse(name: str) -> None:
    """Raises an error of our own."""
    raise ReadError("读不出", hint="再试", place=name)


def swell(megabytes: int) -> int:
    """Takes so much memory."""
    return len(b"x" * (megabytes * 2**20))


def die() -> None:
    """Dies as a library does that aborts."""
    os.abort()


def sleep(seconds: float) -> float:
    """Does nothing for a while."""
    time.sleep(seconds)
    return seconds


def plod(steps: int) -> int:
    """Goes on for a while and says so."""
    for _ in range(steps):
        time.sleep(0.2)
        progress()
    return steps


def spawn(file: str) -> None:
    """Writes its number into a file and goes on sleeping."""
    Path(file).write_text(str(os.getpid()), encoding="ascii")
    time.sleep(60)


def lie(data: bytes) -> None:
    """Answers by hand, as one that a file has taken over would."""
    assert served_calls._answers is not None
    served_calls._answers.write(HEAD.pack(RESULT, HELD.size + len(data)) + HELD.pack(0) + data)
    served_calls._answers.flush()
    time.sleep(60)


def test_answers_are_values_of_the_type_expected(process: IsolatedProcess) -> None:
    found = process.call(answer, "稿\udcff.docx", returns=Answer)
    assert found.file == Path("稿\udcff.docx")
    assert found.words == ("水车",)


def test_errors_of_our_own_come_back(process: IsolatedProcess) -> None:
    with pytest.raises(ReadError) as caught:
        process.call(refuse, "稿.docx", returns=None)
    assert (caught.value.message, caught.value.hint, caught.value.place) == ("读不出", "再试", "稿.docx")
    found = process.call(answer, "稿.docx", returns=Answer)
    assert isinstance(found.error, ReadError)
    assert found.error.place == "稿.docx"


def test_a_defect_brings_its_traceback(process: IsolatedProcess) -> None:
    with pytest.raises(IsolatedDefect, match="ZeroDivisionError"):
        process.call(divmod, 1, 0, returns=Any)


def test_one_process_serves_many_calls(process: IsolatedProcess) -> None:
    first = process.call(os.getpid, returns=int)
    assert first not in (0, os.getpid())
    assert {process.call(os.getpid, returns=int) for _ in range(5)} == {first} == {process.pid}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the limit is that of a job object, or there is none")
def test_memory_is_limited(process: IsolatedProcess) -> None:
    first = process.call(os.getpid, returns=int)
    with pytest.raises((IsolatedDefect, ProcessLost)):
        process.call(swell, 300, returns=int, memory=200 * 2**20)
    assert process.call(swell, 150, returns=int, memory=200 * 2**20) == 150 * 2**20
    assert process.call(os.getpid, returns=int) == first


@pytest.mark.skipif(sys.platform == "win32", reason="there is nothing to tell how much a process holds outside a job")
def test_one_that_has_grown_makes_way() -> None:
    process = IsolatedProcess(grown=1)
    try:
        first = process.call(os.getpid, returns=int)
        assert process.pid is None
        assert process.call(os.getpid, returns=int) != first
    finally:
        process.end()


def test_a_death_is_told_and_the_next_call_served(process: IsolatedProcess) -> None:
    with pytest.raises(ProcessLost) as caught:
        process.call(die, returns=None)
    assert not caught.value.late
    assert process.call(len, "水车", returns=int) == 2


def test_time_is_limited_but_not_for_one_that_goes_on(process: IsolatedProcess) -> None:
    process.call(len, "", returns=int)
    with pytest.raises(ProcessLost) as caught:
        process.call(sleep, 30.0, returns=float, seconds=0.3)
    assert caught.value.late
    process.call(len, "", returns=int)  # started
    assert process.call(plod, 15, returns=int, seconds=2.0) == 15


def test_a_computer_that_sleeps_makes_nobody_late(process: IsolatedProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of Windows goes on meanwhile: here an hour at each look."""
    process.call(len, "", returns=int)  # started
    hours = itertools.count(0.0, 3600.0)
    monkeypatch.setattr(time, "monotonic", lambda: next(hours))
    assert process.call(sleep, 0.6, returns=float, seconds=60.0) == 0.6


def test_what_nobody_waits_for_is_ended(process: IsolatedProcess) -> None:
    started = time.monotonic()
    with cancelled_unless(lambda: False), pytest.raises(Cancelled):
        process.call(sleep, 60.0, returns=float)
    assert time.monotonic() - started < 20
    assert process.pid is None


@pytest.mark.parametrize(
    "data",
    [b"", b"\xc1", b"\xa4text", b"\x93\x01\x02\x03", b"cos\nsystem\n(S'true'\ntR."],
    ids=["nothing", "no MessagePack", "cut short", "another type", "a pickle"],
)
def test_an_answer_of_another_kind_is_none(process: IsolatedProcess, data: bytes) -> None:
    with pytest.raises(ProcessLost):
        process.call(lie, data, returns=Answer)


@pytest.mark.skipif(sys.platform == "win32", reason="whether a process lives cannot be asked with signal 0 there")
def test_it_does_not_outlive_the_one_it_works_for(tmp_path: Path, process: IsolatedProcess) -> None:
    note = tmp_path / "pid"
    lost: list[ProcessLost] = []

    def work() -> None:
        try:
            process.call(spawn, str(note), returns=None)
        except ProcessLost as failure:
            lost.append(failure)

    working = threading.Thread(target=work)
    working.start()
    while not note.is_file() or not note.read_text():
        assert working.is_alive(), f"it never began: {lost}"
        time.sleep(0.02)
    process.end()  # closes the pipe, as the system does for a process that is killed
    working.join(10)
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def test_one_that_is_idle_is_borrowed_again() -> None:
    with borrowed() as one:
        first = one.call(os.getpid, returns=int)
        with borrowed() as other:
            assert other.call(os.getpid, returns=int) != first
    with borrowed() as again:
        assert again in (one, other)
    assert isolated_process._idle


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is of Linux")
def test_no_core_is_left_behind(process: IsolatedProcess) -> None:
    import resource

    assert process.call(resource.getrlimit, resource.RLIMIT_CORE, returns=tuple[int, int])[0] == 0
    assert process.call(signal.getsignal, 2, returns=int) == signal.SIG_IGN  # Ctrl+C

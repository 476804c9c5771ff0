"""Work in several processes: the order, the bounds, processes that die, defects."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from archive.support.isolation.isolated_process import IsolatedDefect
from ingest.pipeline import process_pool
from ingest.pipeline.process_pool import ProcessPool, Task

DIES = "__import__('os')._exit(9)"


def pool_of(processes: int, **task: Any) -> ProcessPool[str, object]:
    """For the values of expressions; `eval` is something every process can be asked for."""
    made: dict[str, Any] = {"work": eval, "returns": Any, "size": len, "lost": lambda item, lost: f"lost {item}"} | task
    pool = ProcessPool[str, object](Task(**made), processes)
    pool.grow(processes)
    return pool


def evaluated(items: Sequence[str], processes: int = 2) -> Generator[object, None, None]:
    with closing(pool_of(processes)) as pool:
        yield from pool.in_order(items)


def test_the_order_is_that_of_the_items() -> None:
    slow_first = ["__import__('time').sleep(0.3) or 0", *map(str, range(1, 20))]
    assert list(evaluated(slow_first)) == list(range(20))


def test_other_processes_do_it() -> None:
    pids = set(evaluated(["__import__('time').sleep(0.2) or __import__('os').getpid()"] * 4))
    assert len(pids) == 2
    assert os.getpid() not in pids


def test_a_process_that_dies_costs_its_item_only() -> None:
    assert list(evaluated(["1", DIES, "3", DIES, "5", "6"])) == [1, f"lost {DIES}", 3, f"lost {DIES}", 5, 6]


def test_an_item_gets_a_second_chance(tmp_path: Path) -> None:
    """As when the machine was short of memory for a moment."""
    path = tmp_path / "tried"
    once = f"(__import__('os').path.exists({str(path)!r}) and 7) or (__import__('os').mkdir({str(path)!r}), {DIES})"
    assert list(evaluated(["1", once, "3"])) == [1, 7, 3]


def test_one_that_takes_too_long_gets_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_pool, "SECONDS", 8.0)
    path = tmp_path / "tries"
    slow = f"(open({str(path)!r}, 'a').write('1'), __import__('time').sleep(60))"
    assert list(evaluated(["1", slow, "3"], 1)) == [1, f"lost {slow}", 3]
    assert path.read_text() == "1"


def test_a_defect_keeps_its_traceback() -> None:
    with closing(evaluated(["1", "[][1]", "3"])) as found:
        assert next(found) == 1
        with pytest.raises(IsolatedDefect, match=r"(?s)_answer.*IndexError"):
            next(found)


@pytest.mark.parametrize(("sizes", "most"), [([1] * 12, 4), ([10] * 12, 1), ([4] * 12, 2)])
def test_what_is_ahead_is_bounded(monkeypatch: pytest.MonkeyPatch, sizes: list[int], most: int) -> None:
    taken: list[str] = []
    monkeypatch.setattr(process_pool, "LOAD", 8)
    real = ProcessPool.take
    monkeypatch.setattr(ProcessPool, "take", lambda self, item: taken.append(item) or real(self, item))
    items = [f"{number}" for number in range(len(sizes))]
    weights = dict(zip(items, sizes, strict=True))
    with closing(pool_of(2, size=weights.__getitem__)) as pool:
        for number, value in enumerate(pool.in_order(items)):
            assert value == number
            assert len(taken) <= number + most


def test_it_grows_where_that_pays() -> None:
    pid = "__import__('time').sleep(0.2) or __import__('os').getpid()"
    with closing(ProcessPool[str, object](Task(eval, Any, len, lambda item, lost: None), 3)) as pool:
        assert len(set(pool.in_order([pid] * 3))) == 1
        pool.grow(9)
        assert len(set(pool.in_order([pid] * 9))) == 3


def test_whoever_stops_ends_those_at_work() -> None:
    started = time.monotonic()
    with closing(pool_of(2)) as pool:
        found = pool.in_order(["__import__('os').getpid()", *["__import__('time').sleep(60)"] * 4])
        assert isinstance(next(found), int)
        processes = [worker._process for worker in pool._workers]
    assert time.monotonic() - started < 30
    assert any(process.ended for process in processes)
    assert all(process.pid is None for process in processes if process.ended)


class Here:
    """Stands for a process: what is asked is done at once."""

    def call(self, function: Any, item: str, **limits: Any) -> object:
        return function(item)

    def end(self) -> None:
        pass


@contextmanager
def struck(moment: int) -> Iterator[list[int]]:
    """Raises KeyboardInterrupt before the body's instruction of that number, those of what it calls counted."""
    counted = [0]

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        frame.f_trace_opcodes = True
        if event == "opcode":
            counted[0] += 1
            if counted[0] == moment:
                sys.settrace(None)
                raise KeyboardInterrupt
        return trace

    sys.settrace(trace)
    try:
        yield counted
    finally:
        sys.settrace(None)


def test_ctrl_c_anywhere_leaves_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """It strikes between two steps of whatever the caller's thread is doing, also within a lock."""
    monkeypatch.setattr(process_pool, "borrowed", lambda: nullcontext(Here()))
    for moment in range(1, 2_000):
        pool = pool_of(2)
        given = pool.in_order(["1"] * 5)
        next(given)
        with suppress(KeyboardInterrupt), struck(moment) as counted:
            list(given)
        end = threading.Thread(target=pool.close, daemon=True)
        end.start()
        end.join(30)
        assert not end.is_alive(), moment
        if counted[0] < moment:
            break
    assert counted[0] > 100

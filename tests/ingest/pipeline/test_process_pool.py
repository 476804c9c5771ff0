"""Work in several processes: the order, the bounds, processes that die, defects."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from ingest.pipeline import process_pool
from ingest.pipeline.process_pool import in_order

DIES = "__import__('os')._exit(9)"


def evaluated(items: Sequence[str], processes: int = 2) -> Generator[object, None, None]:
    """The values of these expressions; `eval` is something every process can be asked for."""
    return in_order(eval, items, processes, size=len, lost=lambda item: f"lost {item}")


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


def test_a_defect_keeps_its_traceback() -> None:
    with closing(evaluated(["1", "[][1]", "3"])) as found:
        assert next(found) == 1
        with pytest.raises(IndexError) as caught:
            next(found)
    assert "_serve" in caught.value.__notes__[0]


@pytest.mark.parametrize(("sizes", "most"), [([1] * 12, 4), ([10] * 12, 1), ([4] * 12, 2)])
def test_what_is_ahead_is_bounded(monkeypatch: pytest.MonkeyPatch, sizes: list[int], most: int) -> None:
    taken: list[str] = []
    monkeypatch.setattr(process_pool, "LOAD", 8)
    real = process_pool._ProcessPool.take
    monkeypatch.setattr(process_pool._ProcessPool, "take", lambda self, item: taken.append(item) or real(self, item))
    items = [f"{number}" for number in range(len(sizes))]
    weights = dict(zip(items, sizes, strict=True))
    with closing(in_order(eval, items, 2, size=weights.__getitem__, lost=str)) as found:
        for number, value in enumerate(found):
            assert value == number
            assert len(taken) <= number + most


def test_whoever_stops_ends_them() -> None:
    started = time.monotonic()
    with closing(evaluated(["__import__('os').getpid()", *["__import__('time').sleep(60)"] * 4])) as found:
        assert next(found) in {process.pid for process in multiprocessing.active_children()}
    assert time.monotonic() - started < 30
    assert not multiprocessing.active_children()

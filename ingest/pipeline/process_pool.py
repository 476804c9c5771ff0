"""Work on files shared out among isolated processes: results in the order of the files, a fault costs one file only.

One process is at work from the beginning, so that this one can store what was read while the next file is being read;
`grow` adds others where that pays.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Generic, NoReturn, TypeVar

from archive.support.cancellation import raise_if_cancelled
from archive.support.isolation.isolated_process import MEMORY, SECONDS, IsolatedProcess, ProcessLost, borrowed

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 2
"""For each process, so many items are taken up before the result of the first of them is called for."""

LOAD = 64 * 2**20
"""Together the items taken up are no larger than this; one alone may be."""

_TRIES = 2  # the first process may have died of something else: of what came before, of a machine short of memory
_LISTENS = 0.25  # seconds between two looks whether the work is still wanted
_SPACE = 12  # bytes of memory that a byte of a file may take; records are read whole
_SPEED = 50_000  # bytes of a file that are read in a second at least


@dataclass(frozen=True, slots=True)
class Task(Generic[T, R]):
    """What is to be done with each item: `work`, which gives a value of the type `returns`.

    `work` is a function or the name of one (see `IsolatedProcess.call`), and is given the item and what is `further`.
    `size` is that of an item in bytes; `lost` gives what stands for the result where the process was lost over it.
    """

    work: Callable[..., R] | str
    returns: Any
    size: Callable[[T], int]
    lost: Callable[[T, ProcessLost], R]
    further: tuple[object, ...] = ()


class ProcessPool(Generic[T, R]):
    """Isolated processes, each with a thread here that hands it items and waits for their results.

    The threads and the caller's share nothing but simple queues: Ctrl+C may strike the caller's thread anywhere, and in
    the middle of a lock that is written in Python (those of Future and ThreadPoolExecutor are) it would leave the lock
    held, and every thread waiting for it for ever.
    """

    def __init__(self, task: Task[T, R], most: int) -> None:
        """At most so many processes; one to begin with."""
        self._task, self._most = task, most
        self._handed: SimpleQueue[_Handed[T, R] | None] = SimpleQueue()
        self._workers: list[_Worker[T, R]] = []
        self._borrowed = ExitStack()
        self.grow(1)

    def grow(self, processes: int) -> None:
        """Has so many processes at work from now on, unless there are more."""
        while len(self._workers) < min(processes, self._most):
            worker = _Worker(self._task, self._handed, self._borrowed.enter_context(borrowed()))
            self._workers.append(worker)
            worker.start()

    def in_order(self, items: Sequence[T]) -> Generator[R, None, None]:
        """The result for each item, in the order of the items.

        What is ahead of the caller is bounded in number (AHEAD) and in size (LOAD). A process that dies is replaced,
        and its item tried once more; one that took too long is not. What `work` raises, is raised here when its turn
        comes. Raises Cancelled.
        """
        taken: deque[tuple[_Handed[T, R], int]] = deque()
        load = following = 0
        while taken or following < len(items):
            while following < len(items):
                weight = self._task.size(items[following])
                if taken and (len(taken) >= AHEAD * len(self._workers) or load + weight > LOAD):
                    break
                taken.append((self.take(items[following]), weight))
                load, following = load + weight, following + 1
            handed, weight = taken.popleft()
            yield handed.result()
            load -= weight

    def take(self, item: T) -> _Handed[T, R]:
        """Hands the item to whoever is free first."""
        handed = _Handed[T, R](item)
        self._handed.put(handed)
        return handed

    def close(self) -> None:
        """Gives the processes back; one that is still at work is ended."""
        for worker in self._workers:
            worker.stop()
        for _ in self._workers:
            self._handed.put(None)
        for worker in self._workers:
            if worker.is_alive():  # it is not where Ctrl+C struck before it had begun
                worker.join()
        self._borrowed.close()


class _Handed(Generic[T, R]):
    """An item handed over, and what comes of it."""

    def __init__(self, item: T) -> None:
        self.item = item
        self._outcome: SimpleQueue[Callable[[], R]] = SimpleQueue()

    def settle(self, work: Callable[[T], R]) -> None:
        """Does the work, and leaves its result or what it raised."""
        try:
            result = work(self.item)
        except Exception as error:  # raised again to whoever asks for the result
            self._outcome.put(partial(_raise, error))
        else:
            self._outcome.put(lambda: result)

    def result(self) -> R:
        """Waits for it; to be asked once. Raises what the work raised, and Cancelled."""
        while True:
            try:
                outcome = self._outcome.get(timeout=_LISTENS)
            except Empty:
                raise_if_cancelled()
            else:
                return outcome()


class _Worker(threading.Thread, Generic[T, R]):
    """Does what is handed over, one item after another, in one process, until it is handed None."""

    def __init__(self, task: Task[T, R], handed: SimpleQueue[_Handed[T, R] | None], process: IsolatedProcess) -> None:
        super().__init__(name="wenshi-pool", daemon=True)
        self._task, self._taken, self._process = task, handed, process
        self._busy = self._stopped = False

    def run(self) -> None:
        while (handed := self._taken.get()) is not None:
            self._busy = True  # before the look whether it has been stopped, as stop() looks the other way round
            if not self._stopped:
                handed.settle(self._do)
            self._busy = False

    def stop(self) -> None:
        """Has it begin nothing more, and ends the process over what it is doing."""
        self._stopped = True
        if self._busy:
            self._process.end()

    def _do(self, item: T) -> R:
        task, size = self._task, self._task.size(item)
        lost = ProcessLost()
        for _ in range(_TRIES):
            try:
                result: R = self._process.call(
                    task.work,
                    item,
                    *task.further,
                    returns=task.returns,
                    memory=MEMORY + _SPACE * size,
                    seconds=SECONDS + size / _SPEED,
                )
            except ProcessLost as error:
                lost = error
                if error.late:
                    break
            else:
                return result
        return task.lost(item, lost)


def _raise(error: Exception) -> NoReturn:
    raise error

"""Work on files shared out among isolated processes: results in the order of the files, a fault costs one file only.

One process is at work from the beginning, so that this one can store what was read while the next file is being read;
`grow` adds others where that pays.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

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
    """Isolated processes, each with a thread here that hands it items and waits for their results."""

    def __init__(self, task: Task[T, R], most: int) -> None:
        """At most so many processes; one to begin with."""
        self._task, self._most = task, most
        self._threads = ThreadPoolExecutor(most, "wenshi-pool")
        self._idle: SimpleQueue[IsolatedProcess] = SimpleQueue()
        self._processes: list[IsolatedProcess] = []
        self._borrowed = ExitStack()
        self.grow(1)

    def grow(self, processes: int) -> None:
        """Has so many processes at work from now on, unless there are more."""
        while len(self._processes) < min(processes, self._most):
            process = self._borrowed.enter_context(borrowed())
            self._processes.append(process)
            self._idle.put(process)

    def in_order(self, items: Sequence[T]) -> Generator[R, None, None]:
        """The result for each item, in the order of the items.

        What is ahead of the caller is bounded in number (AHEAD) and in size (LOAD). A process that dies is replaced,
        and its item tried once more; one that took too long is not. What `work` raises, is raised here when its turn
        comes. Raises Cancelled.
        """
        taken: deque[tuple[Future[R], int]] = deque()
        load = following = 0
        while taken or following < len(items):
            while following < len(items):
                weight = self._task.size(items[following])
                if taken and (len(taken) >= AHEAD * len(self._processes) or load + weight > LOAD):
                    break
                taken.append((self.take(items[following]), weight))
                load, following = load + weight, following + 1
            future, weight = taken.popleft()
            yield _awaited(future)
            load -= weight

    def take(self, item: T) -> Future[R]:
        """Hands the item to whoever is free first."""
        return self._threads.submit(self._do, item)

    def close(self) -> None:
        """Gives the processes back; one that is still at work is ended."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        idle = {self._idle.get_nowait() for _ in range(self._idle.qsize())}
        for process in self._processes:
            if process not in idle:
                process.end()
        self._threads.shutdown()
        self._borrowed.close()

    def _do(self, item: T) -> R:
        task, size = self._task, self._task.size(item)
        lost = ProcessLost()
        for _ in range(_TRIES):
            process = self._idle.get()
            try:
                result: R = process.call(
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
            finally:
                self._idle.put(process)
        return task.lost(item, lost)


def _awaited(future: Future[R]) -> R:
    while True:
        try:
            return future.result(_LISTENS)
        except TimeoutError:
            if future.done():
                raise
            raise_if_cancelled()

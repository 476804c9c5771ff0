"""Work shared out among processes: results in the order of the items, and a process that dies costs one item only.

Processes are spawned, never forked (there is no forking on Windows), so whoever uses this from a script needs the usual
`if __name__ == "__main__"`. Work, items and results are pickled.
"""

from __future__ import annotations

import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 2
"""For each process, so many items are taken up before the result of the first of them is called for."""

LOAD = 64 * 2**20
"""Together the items taken up are no larger than this; one alone may be."""

_SPAWN = get_context("spawn")
_TRIES = 2  # the first process may have died of something else: of what came before, of a machine short of memory
_PATIENCE = 5.0  # seconds a process gets to end


def in_order(
    work: Callable[[T], R],
    items: Sequence[T],
    processes: int,
    *,
    size: Callable[[T], int],
    lost: Callable[[T], R],
) -> Generator[R, None, None]:
    """`work(item)` for each item, done by so many processes; the results come in the order of the items.

    What is ahead of the caller is bounded in number (AHEAD) and in `size` (LOAD). A process that dies (killed, out of
    memory) is replaced; `lost(item)` stands in for an item that two died of. What `work` raises, is raised here when
    its turn comes, with the traceback of its process as a note. Close the iterator to end all processes.
    """
    crew = _ProcessPool(work, lost, processes)
    taken: deque[tuple[Future[R], int]] = deque()
    load = following = 0
    try:
        while taken or following < len(items):
            while following < len(items):
                weight = size(items[following])
                if taken and (len(taken) >= AHEAD * processes or load + weight > LOAD):
                    break
                taken.append((crew.take(items[following]), weight))
                load, following = load + weight, following + 1
            future, weight = taken.popleft()
            yield future.result()
            load -= weight
    finally:
        crew.end()


class _ProcessPool(Generic[T, R]):
    """Processes, each with a thread here that hands it items and waits for their results."""

    def __init__(self, work: Callable[[T], R], lost: Callable[[T], R], processes: int) -> None:
        self._work, self._lost = work, lost
        self._threads = ThreadPoolExecutor(processes, "crew")
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._workers: list[_Worker] = []
        self._ended = False
        for _ in range(processes):
            self._hire()

    def take(self, item: T) -> Future[R]:
        """Hands the item to whoever is free first."""
        return self._threads.submit(self._do, item)

    def end(self) -> None:
        """Ends all processes, whatever they are doing."""
        self._ended = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.end()
        self._threads.shutdown()

    def _hire(self) -> None:
        worker = _Worker(self._work)
        self._workers.append(worker)
        self._idle.put(worker)

    def _do(self, item: T) -> R:
        for _ in range(_TRIES):
            worker = self._idle.get()  # there are as many as threads
            try:
                done, answer = worker.ask(item)
            except (EOFError, OSError):  # OSError: the pipe broke while it was being written to
                worker.end()
                self._hire()  # before looking whether all has ended: so this one is ended with the others
                if self._ended:
                    break
                continue
            self._idle.put(worker)
            if not done:
                raise answer
            result: R = answer
            return result
        return self._lost(item)


class _Worker:
    """One process, started when there is something to do."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self._work = work
        self._started: tuple[Any, Connection] | None = None
        self._ended = False
        self._starting = threading.Lock()

    def ask(self, item: object) -> tuple[bool, Any]:
        """What came of the item: (True, result) or (False, exception). Raises EOFError, OSError where it died."""
        process, connection = self._running()
        connection.send(item)
        # On Windows the pipe outlives a process that died before it took its end.
        if connection not in wait([connection, process.sentinel]):
            raise EOFError
        answer: tuple[bool, Any] = connection.recv()
        return answer

    def _running(self) -> tuple[Any, Connection]:
        with self._starting:
            if self._ended:
                raise EOFError
            if self._started is None:
                ours, theirs = _SPAWN.Pipe()
                process = _SPAWN.Process(target=_serve, args=(theirs,), daemon=True)
                process.start()
                theirs.close()  # so that its death is noticed
                self._started = process, ours
                ours.send(self._work)
            return self._started

    def end(self) -> None:
        """Ends the process at once, and for good; it holds nothing worth keeping."""
        with self._starting:
            self._ended = True
            if self._started is not None:
                process, _ = self._started
                process.terminate()
                process.join(_PATIENCE)


def _serve(connection: Connection) -> None:
    """The life of a process. It ends when the pipe does, so it never outlives the one it works for."""
    # Ctrl+C reaches every process of a console; the one that holds the other end of the pipe decides. Before anything
    # else: receiving the work imports what it needs, which takes a while.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        work = connection.recv()
        while True:
            item = connection.recv()
            try:
                answer = True, work(item)
            except Exception as error:
                error.add_note("".join(traceback.format_exception(error)))
                answer = False, error
            connection.send(answer)
    except EOFError:
        return

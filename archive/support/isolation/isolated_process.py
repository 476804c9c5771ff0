"""A process that does what must not be done here: reading files that may be made to kill whoever reads them.

It serves one call after another, within limits of memory, of processes and of time, and is started again when it has
died or has grown. The call is trusted, the answer is not: it is decoded as the type the caller expects (see
plain_values.py).
"""

from __future__ import annotations

import atexit
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import msgspec

from archive.model.errors import StorageError, WenshiError
from archive.support.cancellation import raise_if_cancelled
from archive.support.interpreter import PYTHON
from archive.support.isolation.plain_values import decoded
from archive.support.isolation.served_calls import (
    CALL,
    DEFECT,
    FAILURE,
    HEAD,
    HELD,
    PROGRESS,
    RESULT,
    received,
)

MEMORY = 768 * 2**20
"""Bytes a call may take, beside those the process holds, unless it asks for more."""

SECONDS = 120.0
"""A call may go on for so long without an answer or a sign of progress, unless it asks for more. Sleep is no time."""

GROWN = 2**30
"""Bytes that a process holds when it makes way for a fresh one, unless it may hold more."""

_LISTENS = 0.25  # seconds between two looks whether the answer is still wanted
_PATIENCE = 2.0  # seconds a process gets to end by itself
_IDLE = 60.0  # seconds after which one that nobody has borrowed is ended
_TYPES = {FAILURE: WenshiError, DEFECT: str}
_START = (
    "import sys; count = int(sys.argv.pop(1)); sys.path[:] = sys.argv[1 : count + 1]; del sys.argv[1 : count + 1]; "
    "from archive.support.isolation.served_calls import serve; serve()"
)


class ProcessLost(Exception):
    """The process died of what it was asked, or (`late`) was ended since it took too long."""

    def __init__(self, late: bool = False) -> None:
        super().__init__("the isolated process took too long" if late else "the isolated process died")
        self.late = late


class IsolatedDefect(Exception):
    """What was called raised something that is not of our family of errors; the message is its traceback."""


class _Running:
    """A process that runs, and a thread that takes up what it says."""

    def __init__(self, modules: tuple[str, ...]) -> None:
        paths = [str(Path(path).absolute()) for path in sys.path]
        command = [*PYTHON, "-c", _START, str(len(paths)), *paths, *modules]
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                creationflags=flags,
            )
        except OSError as error:
            hint = "关闭其他程序后重试；安全软件若拦住了它，请允许它运行"
            raise StorageError("读稿件的程序启动不了", hint=hint) from error
        self.said: SimpleQueue[tuple[bytes, bytes] | None] = SimpleQueue()
        threading.Thread(target=self._listen, name="wenshi-isolated", daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream, suppress(OSError, ValueError, MemoryError):
            while (message := received(stream)) is not None:
                self.said.put(message)
        self.said.put(None)

    def ask(self, call: bytes) -> None:
        """Raises OSError where it cannot be asked any more."""
        assert self.process.stdin is not None
        self.process.stdin.write(HEAD.pack(CALL, len(call)) + call)
        self.process.stdin.flush()

    def end(self) -> None:
        assert self.process.stdin is not None
        with suppress(OSError):
            self.process.stdin.close()  # it ends what it has started, then itself
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class IsolatedProcess:
    """A process for calls, started when there is one, or at once to import `modules`. One call at a time."""

    def __init__(self, *modules: str, grown: int = GROWN) -> None:
        self._modules = modules
        self._grown = grown
        self._lock = threading.Lock()
        self._running: _Running | None = _Running(modules) if modules else None
        self._ended = False

    @property
    def pid(self) -> int | None:
        """The number of the process; None where none runs."""
        running = self._running
        return running.process.pid if running is not None else None

    @property
    def ended(self) -> bool:
        """Whether it has been ended for good."""
        return self._ended

    def call(
        self,
        function: Callable[..., Any] | str,
        *arguments: object,
        returns: Any,
        memory: int = MEMORY,
        seconds: float = SECONDS,
    ) -> Any:
        """What `function` gives of `arguments` in the process, a value of type `returns`.

        It stands in a module, or is named as in `archive.support.workbooks:read_workbook` and not imported here.

        Raises what the function raises of our own errors, IsolatedDefect for anything else it raises, ProcessLost where
        there is no answer, or none of that type, and Cancelled.
        """
        call = pickle.dumps((function, arguments, memory))
        running = self._ready()
        fit = False
        try:
            kind, data = self._answer(running, call, seconds)
            (held,) = HELD.unpack(data[: HELD.size])
            value = decoded(_TYPES.get(kind, returns), data[HELD.size :])
            fit = held < self._grown
        except (msgspec.MsgspecError, struct.error, ValueError, TypeError, OSError) as error:
            raise ProcessLost from error
        finally:
            if not fit:
                self._stop(running)
        if kind == FAILURE:
            raise value
        if kind == DEFECT:
            raise IsolatedDefect(value)
        return value

    def _answer(self, running: _Running, call: bytes, seconds: float) -> tuple[bytes, bytes]:
        # Counted by looks: the clock of Windows goes on while the computer sleeps, and nobody is late for that.
        running.ask(call)
        left = seconds
        while True:
            try:
                message = running.said.get(timeout=_LISTENS)
            except Empty:
                raise_if_cancelled()
                left -= _LISTENS
                if left < 0:
                    raise ProcessLost(late=True) from None
                continue
            if message is None or message[0] not in (RESULT, FAILURE, DEFECT, PROGRESS):
                raise ProcessLost
            if message[0] != PROGRESS:
                return message
            left = seconds

    def _ready(self) -> _Running:
        with self._lock:
            if self._ended:
                raise ProcessLost
            if self._running is None:
                self._running = _Running(self._modules)
            return self._running

    def _stop(self, running: _Running) -> None:
        with self._lock:
            if self._running is running:
                self._running = None
        running.end()

    def end(self) -> None:
        """Ends the process, whatever it is doing, and for good."""
        with self._lock:
            self._ended, running, self._running = True, self._running, None
        if running is not None:
            running.end()


_idle: dict[IsolatedProcess, threading.Timer] = {}
_at_idle = threading.Lock()


def start_early(*modules: str) -> None:
    """Has a process at hand soon that has imported these modules, while other things are being made ready here."""
    _give_back(IsolatedProcess(*modules))


@contextmanager
def borrowed() -> Iterator[IsolatedProcess]:
    """A process of the body's own, one that runs already where there is one; others may borrow it afterwards."""
    process = None
    with _at_idle:
        if _idle:
            process, timer = _idle.popitem()
            timer.cancel()
    process = process or IsolatedProcess()
    try:
        yield process
    finally:
        _give_back(process)


def _give_back(process: IsolatedProcess) -> None:
    timer = threading.Timer(_IDLE, _end, (process,))
    timer.daemon = True
    with _at_idle:
        if not process.ended:
            _idle[process] = timer
            timer.start()


def _end(process: IsolatedProcess) -> None:
    with _at_idle:
        ours = _idle.pop(process, None)
    if ours is not None:
        process.end()


@atexit.register
def _end_all() -> None:
    for process, timer in list(_idle.items()):
        timer.cancel()
        _end(process)

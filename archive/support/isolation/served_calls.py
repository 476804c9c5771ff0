"""The life of an isolated process: it calls what it is asked to, one call after another, until nobody asks any more.

A message is a byte that says what it is, eight bytes of length, and so many bytes. Calls come as pickles, for the one
who asks is trusted; answers go out as plain values (plain_values.py), for this process need not be.
"""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from archive.model.errors import WenshiError
from archive.support.isolation.plain_values import encoded
from archive.support.isolation.process_limits import ProcessLimits

RESULT, FAILURE, DEFECT, PROGRESS, CALL = b"r", b"f", b"d", b"p", b"c"
"""What a message is: the first three are answers."""

HEAD = struct.Struct(">cQ")
HELD = struct.Struct(">Q")
"""What an answer begins with: the bytes the process holds."""

_MOST = 2**31  # bytes of a message
_GRACE = 3.0  # seconds to end what it has started
_answers: IO[bytes] | None = None
_limits: ProcessLimits | None = None


def progress() -> None:
    """Says that the work of this process goes on, so that it is not taken for stuck; elsewhere does nothing."""
    if _answers is not None:
        _send(_answers, PROGRESS)


def allow(memory: int) -> None:
    """Allows the call that is being served so many bytes beside those the process holds; elsewhere does nothing.

    For what is ours, such as the models of the recogniser, and not the file's.
    """
    if _limits is not None:
        _limits.allow(memory)


def serve() -> None:
    """Serves calls that come on standard input, and answers on standard output, until the input ends."""
    global _answers, _limits
    for name in ("SIGINT", "SIGTERM"):  # Ctrl+C reaches every process of a console; the one that asks decides
        signal.signal(getattr(signal, name), signal.SIG_IGN if name == "SIGINT" else lambda *_: sys.exit())
    asked, _answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("r+b") as nothing:  # what a library prints is no answer
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    _limits = ProcessLimits()
    calls: SimpleQueue[bytes | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(asked, calls), daemon=True).start()
    for module in sys.argv[1:]:
        importlib.import_module(module)
    while (call := calls.get()) is not None:
        function, arguments, memory = pickle.loads(call)
        _limits.allow(memory)
        kind, answer = _answer(function, arguments)
        _send(_answers, kind, HELD.pack(_limits.held()) + answer)


def _listen(asked: IO[bytes], calls: SimpleQueue[bytes | None]) -> None:
    """Takes up calls; ends the process once nobody can ask any more, whatever it is doing."""
    while (message := received(asked)) is not None:
        calls.put(message[1])
    calls.put(None)
    os.kill(os.getpid(), signal.SIGTERM)  # what was started (LibreOffice) is ended on the way out, or by the job
    time.sleep(_GRACE)
    os._exit(0)


def _answer(function: Any, arguments: tuple[Any, ...]) -> tuple[bytes, bytes]:
    try:
        return RESULT, encoded(named(function)(*arguments))
    except WenshiError as error:
        return FAILURE, encoded(error)
    except Exception as error:
        return DEFECT, encoded("".join(traceback.format_exception(error)).encode("utf-8", "replace").decode())


def named(function: Callable[..., Any] | str) -> Callable[..., Any]:
    """The function that is called so, module:name, or the one that is given."""
    if not isinstance(function, str):
        return function
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def received(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """The next message, what it is and its bytes; None where there is none, or one nobody would have sent."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, length = HEAD.unpack(head)
    if length > _MOST:
        return None
    data = stream.read(length)
    return (kind, data) if len(data) == length else None


def _send(stream: IO[bytes], kind: bytes, data: bytes = b"") -> None:
    stream.write(HEAD.pack(kind, len(data)) + data)
    stream.flush()

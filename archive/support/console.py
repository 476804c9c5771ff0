"""Standard streams in UTF-8, whatever the code page of the machine.

On Chinese Windows a pipe or a file gets the ANSI code page (GBK), in which 𠮷 and thousands more cannot be written:
printing one would end the program. A console window is fed Unicode by Python itself and needs nothing; only a terminal
of another encoding (a GBK locale, an explicit PYTHONIOENCODING) keeps its own.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def use_utf8() -> None:
    """Make standard output and error safe for every character; call it once, first of all.

    Pipes and files become UTF-8. A terminal of another encoding keeps it, and shows what it lacks as an escape
    (backslash, U, code point) instead of failing. Streams that are absent (pythonw) or replaced by a test stay as is.
    In a bare ASCII locale, where Chinese arguments and file names are lost as well, the program starts itself again in
    Python's UTF-8 mode.
    """
    if codecs.lookup(sys.getfilesystemencoding()).name == "ascii" and sys.executable:
        os.execv(
            sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]
        )  # never on Windows: always UTF-8 there
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="backslashreplace")
        else:
            # Lone surrogates (a file name that is no text) are the only thing UTF-8 cannot write.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def when_input_ends(then: Callable[[], object]) -> None:
    """Calls `then`, in a thread of its own, once standard input has ended: whoever started this program is gone.

    What this program starts gets an empty input of its own: on Windows whoever asks about a pipe that another thread is
    waiting at waits too, and the loading of a library may ask.
    """
    own = os.fdopen(os.dup(0), "rb", buffering=0)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)

    def wait() -> None:
        with own, suppress(OSError):
            while own.read(4096):
                pass
        then()

    threading.Thread(target=wait, name="wenshi-input", daemon=True).start()

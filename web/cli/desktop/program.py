"""The commands of wenshi as processes of their own: the one that serves, and those that are done when they end."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from archive.model.errors import StorageError
from archive.support.files import move
from archive.support.interpreter import PROGRAM

_PATIENCE = 20.0  # seconds for the pages to end by themselves: a write is finished, a job told to stop
_LONGEST = 2**20  # bytes of a log before it makes way for a new one
_NO_WINDOW = 0x08000000
_FLAGS = _NO_WINDOW if sys.platform == "win32" else 0


@dataclass(frozen=True, slots=True)
class Served:
    """A library whose pages are being served. `address` opens them; it carries the key of who may read."""

    library: Path
    address: str
    process: subprocess.Popen[bytes]

    @property
    def page(self) -> str:
        """The address without the key: what may stand in view."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}/"

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def stop(self) -> None:
        """Ends it: its input ends, and with it the pages; where they do not, the process. Nothing stored is lost."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


def serve(library: Path, log: Path) -> Served:
    """Serves a library on a free port of this computer. StorageError with what the program said, where it does not."""
    before = _rotate(log)
    with log.open("ab") as messages:
        process = subprocess.Popen(
            [*PROGRAM, "--library", str(library), "serve", "--port", "0", "--until-input-ends"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=messages,
            creationflags=_FLAGS,
        )
    assert process.stdout is not None
    address = process.stdout.readline().decode("utf-8", "replace").strip()
    served = Served(library, address, process)
    if not address:
        served.stop()
        raise _failed(_said(log, before))
    return served


def run(library: Path, *arguments: str) -> str:
    """Runs a command to its end; what it said, on both outputs. StorageError with that where it failed."""
    ran = subprocess.run(
        [*PROGRAM, "--library", str(library), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        creationflags=_FLAGS,
    )
    said = ran.stdout.decode("utf-8", "replace").strip()
    if ran.returncode:
        raise _failed(said)
    return said


def _failed(said: str) -> StorageError:
    return StorageError(said.removeprefix("错误：") or "程序没有启动起来。按“日志”可以看到经过。")


def _rotate(log: Path) -> int:
    """Has a log that has grown long make way; where the next message will stand, in bytes."""
    log.parent.mkdir(parents=True, exist_ok=True)
    size = log.stat().st_size if log.is_file() else 0
    if size > _LONGEST:
        with suppress(OSError):
            move(log, log.with_suffix(".old.log"))
            return 0
    return size


def _said(log: Path, since: int) -> str:
    with log.open("rb") as stream:
        stream.seek(since)
        return stream.read().decode("utf-8", "replace").strip()

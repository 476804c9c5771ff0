"""An office program in the background: how a batch of files goes through it, and how it is stopped.

Shared by LibreOffice and by whatever else makes a .docx of an older file.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from archive.support.isolation.served_calls import progress
from archive.support.storage_errors import reason

TIMEOUT = 180.0
"""Seconds without a result; 78 articles take LibreOffice 5 on an ordinary machine."""

_POLL = 0.1


class OfficeFailure(Exception):
    """An office program did not do what it was asked to; the message says why, in Chinese."""


class OfficeProgram:
    """A program that converts files, one after another, as a process of its own for each run."""

    __slots__ = ()
    timeout: float
    """Seconds it may go without finishing a file."""

    @property
    def title(self) -> str:
        """What people call it."""
        raise NotImplementedError

    def _command(self, files: Sequence[Path], to: str, folder: Path, profile: Path) -> list[str]:
        """What is started to convert `files` into `folder`; `profile` is an empty folder, there as long as it runs."""
        raise NotImplementedError

    def convert(self, files: Sequence[Path], to: str, folder: Path) -> dict[Path, Path | OfficeFailure]:
        """Converts `files` (with distinct stems) to the format of suffix `to`, in one run, into `folder`.

        Each file gets its result or the reason why there is none. A file that hangs or crashes it is given up,
        and those behind it are tried again. Raises OfficeFailure where it cannot be started at all.
        """
        results: dict[Path, Path | OfficeFailure] = {}
        waiting = list(files)
        while waiting:
            ended = self._run(waiting, to, folder)
            made = {file: target for file in waiting if (target := _result(file, to, folder)).is_file()}
            results.update(made)
            last = max((place for place, file in enumerate(waiting) if file in made), default=-1)
            # They are taken in order: what failed before the last result failed alone, the next one stopped the run.
            tried = len(waiting) if ended == 0 else last + 2
            reason = f"超过 {self.timeout:.0f} 秒没有完成" if ended is None else "没有产生结果"
            for file in waiting[:tried]:
                results.setdefault(file, OfficeFailure(reason))
            waiting = waiting[tried:]
        return results

    def _run(self, files: Sequence[Path], to: str, folder: Path) -> int | None:
        """One run over all files; its exit code, or None where it had to be killed."""
        # On Windows a killed process may still hold its files for a moment; then the profile stays behind.
        with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as profile:
            try:
                process = _start(self._command(files, to, folder, Path(profile)))
            except OSError as error:
                raise OfficeFailure(f"无法启动：{reason(error)}") from error
            try:
                return self._wait(process, [_result(file, to, folder) for file in files])
            finally:
                if process.poll() is None:
                    _kill_tree(process)

    def _wait(self, process: subprocess.Popen[bytes], results: Sequence[Path]) -> int | None:
        """Waits as long as results keep coming; the exit code, or None when none came for `timeout` seconds.

        Counted by looks, since the clock of Windows goes on while the computer sleeps.
        """
        finished, left = 0, self.timeout
        while True:
            try:
                return process.wait(_POLL)
            except subprocess.TimeoutExpired:
                progress()  # it has a limit of its own, which costs one picture or file and not the whole call
                self._while_waiting()
                left -= _POLL
                now = sum(result.is_file() for result in results)
                if now > finished:
                    finished, left = now, self.timeout
                elif left < 0:
                    return None

    def _while_waiting(self) -> None:
        """Called several times a second while it works; what is raised here ends it."""


def _result(file: Path, to: str, folder: Path) -> Path:
    return folder / f"{file.stem}.{to}"


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start in a group of its own: soffice is a script that starts the real program."""
    null = subprocess.DEVNULL
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return subprocess.Popen(command, stdin=null, stdout=null, stderr=null, creationflags=flags)
    return subprocess.Popen(command, stdin=null, stdout=null, stderr=null, start_new_session=True)


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

"""LibreOffice in the background: where it is, how a batch of files goes through it, and how it is stopped.

Shared by reading (old Word formats become .docx) and by setting books (page numbers). Every run has a profile of its
own and a group of its own, so that it never meets a LibreOffice the user has open, and can be ended whole.
"""

from __future__ import annotations

import configparser
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from archive.support.isolation.served_calls import progress
from archive.support.storage_errors import reason

HOW_TO_GET_IT = (
    "安装 LibreOffice（免费，https://zh-cn.libreoffice.org）后再试，Debian 一类的系统用 apt install libreoffice-writer"
)
_TIMEOUT = 180  # seconds without a result; 78 articles take 5 on an ordinary machine
_POLL = 0.1
# No macro runs and nothing a document links to is fetched: an import never reaches out of the house.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


class OfficeFailure(Exception):
    """LibreOffice did not do what it was asked to; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class LibreOffice:
    """An installed LibreOffice, by its program file. `timeout`: seconds it may go without finishing a file."""

    program: Path
    timeout: float = _TIMEOUT

    @classmethod
    def find(cls) -> Self | None:
        """The one on the search path or in its usual place; None without one."""
        for name in ("soffice", "libreoffice"):
            if found := shutil.which(name):
                return cls(Path(found))
        return next((cls(place) for place in _usual_places() if place.is_file()), None)

    def version(self) -> str:
        """Its name, version and build, from the files it keeps them in; what is missing there is left out."""
        folder = self.program.resolve().parent
        product = _setting((folder / "bootstraprc", folder / "bootstrap.ini"), "Bootstrap", "ProductKey")
        build = _setting((folder / "versionrc", folder / "version.ini"), "Version", "buildid")
        return f"{product} {build}".strip()

    def convert(self, files: Sequence[Path], to: str, folder: Path) -> dict[Path, Path | OfficeFailure]:
        """Converts `files` (with distinct stems) to the format of suffix `to`, in one run, into `folder`.

        Each file gets its result or the reason why there is none. A file that hangs or crashes LibreOffice is given up,
        and those behind it are tried again. Raises OfficeFailure where LibreOffice cannot be started at all.
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
            user = Path(profile, "user")
            user.mkdir()
            (user / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
            command = [str(self.program), f"-env:UserInstallation={Path(profile).absolute().as_uri()}"]
            command += ["--headless", "--norestore", "--convert-to", to, "--outdir", str(folder)]
            try:
                process = _start([*command, *map(str, files)])
            except OSError as error:
                raise OfficeFailure(f"无法启动：{reason(error)}") from error
            try:
                return self._wait(process, [_result(file, to, folder) for file in files])
            finally:
                if process.poll() is None:
                    _kill_tree(process)

    def _wait(self, process: subprocess.Popen[bytes], results: Sequence[Path]) -> int | None:
        """Waits as long as results keep coming; the exit code, or None when none came for `timeout` seconds."""
        finished, deadline = 0, time.monotonic() + self.timeout
        while True:
            try:
                return process.wait(_POLL)
            except subprocess.TimeoutExpired:
                progress()  # it has a limit of its own, which costs one picture or file and not the whole call
                self._while_waiting()
                now = sum(result.is_file() for result in results)
                if now > finished:
                    finished, deadline = now, time.monotonic() + self.timeout
                elif time.monotonic() > deadline:
                    return None

    def _while_waiting(self) -> None:
        """Called several times a second while it works; what is raised here ends it."""


def _result(file: Path, to: str, folder: Path) -> Path:
    return folder / f"{file.stem}.{to}"


def _setting(files: Sequence[Path], section: str, key: str) -> str:
    """A value of the first of these files that has it, else ""."""
    for file in files:
        settings = configparser.ConfigParser(interpolation=None)
        with suppress(OSError, configparser.Error):
            settings.read_string(file.read_text("utf-8"))
            return settings.get(section, key, fallback="")
    return ""


def _usual_places() -> list[Path]:
    if sys.platform == "win32":
        roots = (os.environ.get(name) for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"))
        return [Path(root, "LibreOffice", "program", "soffice.exe") for root in roots if root]
    return [
        Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
        Path("/usr/lib/libreoffice/program/soffice"),
        Path("/opt/libreoffice/program/soffice"),
    ]


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

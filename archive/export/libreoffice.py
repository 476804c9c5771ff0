"""LibreOffice as a typesetter in the background: it alone, without Word, can say on which page something falls.

Only the layout is asked for. Re-saving the document through LibreOffice would rewrite every style and field of it, so
the file a reader gets never passes through. Converting to text or ODT computes no pages, converting to PDF does; hence
the detour over a PDF whose text is read back.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]

_TIMEOUT = 180  # seconds; 78 articles take 5 on an ordinary machine


class OfficeFailure(Exception):
    """LibreOffice did not do what it was asked to; the message says why, in Chinese. Callers do without it."""


@dataclass(frozen=True, slots=True)
class LibreOffice:
    """An installed LibreOffice, by its program file."""

    program: Path
    timeout: float = _TIMEOUT

    @classmethod
    def find(cls) -> LibreOffice | None:
        """The one on the search path or in its usual place; None without one."""
        for name in ("soffice", "libreoffice"):
            if found := shutil.which(name):
                return cls(Path(found))
        return next((cls(place) for place in _usual_places() if place.is_file()), None)

    def text_of(self, file: Path) -> str:
        """The text of a document as it stands on its pages. Raises OfficeFailure."""
        # On Windows a killed process may still hold its files for a moment; then a temporary folder stays behind.
        with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
            return "\n".join(pages_of(self.pdf(file, Path(folder))))

    def pdf(self, file: Path, folder: Path) -> Path:
        """Set a document; returns the PDF made of it in `folder`. Raises OfficeFailure."""
        # A profile of its own: with the user's, a LibreOffice that is already open would take the order and ignore it.
        profile = (folder / "profile").absolute().as_uri()
        command = [str(self.program), f"-env:UserInstallation={profile}", "--headless", "--norestore"]
        command += ["--convert-to", "pdf", "--outdir", str(folder), str(file)]
        try:
            process = _start(command)
        except OSError as error:
            raise OfficeFailure(f"无法启动：{error.strerror}") from error
        try:
            process.wait(self.timeout)
        except subprocess.TimeoutExpired:
            raise OfficeFailure(f"超过 {self.timeout:.0f} 秒没有完成") from None
        finally:
            if process.poll() is None:
                _kill_tree(process)
        made = folder / f"{file.stem}.pdf"
        if not made.is_file():
            raise OfficeFailure("没有产生结果")
        return made


def pages_of(pdf: Path) -> list[str]:
    """The text of every page. Raises OfficeFailure."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise OfficeFailure("产生的 PDF 读不出来") from error
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def _usual_places() -> list[Path]:
    if sys.platform == "win32":
        roots = (os.environ.get(name) for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"))
        return [Path(root, "LibreOffice", "program", "soffice.exe") for root in roots if root]
    return [Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"), Path("/opt/libreoffice/program/soffice")]


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

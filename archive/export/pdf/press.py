"""Typst in a process of its own: its memory is given back, a crash stays there, and it can be stopped."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.errors import ExportError

_NO_WINDOW = 0
if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW
_CHILD = Path(__file__).with_name("typeset.py")


class SettingFailed(Exception):
    """Typst refused the document; the message is its own diagnosis, in English.

    `pictures` are the files it cannot read, if it is for them.
    """

    def __init__(self, message: str, pictures: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.pictures = tuple(pictures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run: everything it reads lies below `root`.

    `pictures` are the picture files there, `standards` as Typst names them, `timestamp` is in Unix seconds, `limit` in
    seconds.
    """

    root: Path
    fonts: Path
    output: Path
    pictures: tuple[str, ...]
    standards: tuple[str, ...]
    timestamp: int
    tags: bool
    limit: float


def press(job: Job) -> list[str]:
    """Set `book.typ` in `job.root`; returns Typst's warnings.

    Raises SettingFailed when Typst finds a fault in the document, ExportError when it crashes or takes too long.
    """
    file = job.root / "job.json"
    values = {
        "input": str(job.root / "book.typ"),
        "root": str(job.root),
        "fonts": str(job.fonts),
        "output": str(job.output),
        "pictures": job.pictures,
        "standards": job.standards,
        "timestamp": job.timestamp,
        "tags": job.tags,
    }
    file.write_text(json.dumps(values), encoding="utf-8")
    answer = json.loads(_run([sys.executable, "-P", "-X", "utf8", str(_CHILD), str(file)], job.limit))
    if answer["error"]:
        raise SettingFailed(answer["error"], answer["refused"])
    return list(answer["warnings"])


def _run(command: list[str], limit: float) -> bytes:
    """The standard output of a program that ends well in time."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit,
            creationflags=_NO_WINDOW,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ExportError(
            f"排版超过 {limit:.0f} 秒还没有完成，已停止。", hint="请把书分成几部分导出，或关闭其他程序后再试。"
        ) from error
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ExportError(
            f"排版程序中途退出（代码 {done.returncode}）：{''.join(last) or '没有说明原因'}",
            hint="多半是内存不足：请关闭其他程序后再试，或把书分成几部分导出。",
        )
    return done.stdout

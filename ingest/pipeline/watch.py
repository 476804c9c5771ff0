"""A watched folder: what is dropped in is taken in, then moved to done/ or problem/ with the report beside it."""

from __future__ import annotations

import itertools
import os
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from archive.model.errors import EngineError, LibraryBusy, LibraryDamaged, LibraryNotFound, WenshiError
from archive.support.storage_errors import reason
from ingest.pipeline.report import Report
from ingest.pipeline.sources import DESCRIPTION

DONE, PROBLEM = "done", "problem"
REPORT = ".报告.txt"
INTERVAL = 2.0  # seconds between two looks; a file has to be the same in two of them
_HIDDEN = (".", "~$", "__")
_PARTIAL = (".tmp", ".part", ".crdownload", ".download")  # what copying and downloading programs write to first
_FATAL = (LibraryDamaged, LibraryNotFound, EngineError)  # nothing more can be taken in

Look = tuple[int, int, int]  # how many files, bytes, newest change in nanoseconds


@dataclass(slots=True)
class Watch:
    """Looks after one folder. `take` takes in a file or folder; `tell` hears what becomes of it, in one line."""

    folder: Path
    take: Callable[[Path], Report]
    tell: Callable[[str], None]
    interval: float = INTERVAL
    _seen: dict[Path, Look] = field(default_factory=dict)

    def run(self, stop: threading.Event) -> None:
        """Goes on until `stop` is set. Raises what ends all imports: a library that is damaged or gone."""
        while True:
            self.round()
            if stop.wait(self.interval):
                return

    def round(self) -> None:
        """One look: takes what has not changed since the last one."""
        before, self._seen = self._seen, {}
        for path in self._dropped():
            look = _look(path)
            if look is None:
                continue
            if before.get(path) == look and _is_free(path):
                self._settle(path)
            else:
                self._seen[path] = look

    def _dropped(self) -> list[Path]:
        return sorted(
            path
            for path in self.folder.iterdir()
            if path.name not in (DONE, PROBLEM, DESCRIPTION)
            and not path.name.startswith(_HIDDEN)
            and path.suffix.lower() not in _PARTIAL
        )

    def _settle(self, path: Path) -> None:
        """Takes one in and puts it away. While another program writes to the library it stays for the next look."""
        try:
            report = self.take(path)
            words = [report.as_text(), *(f"错误：{file.error}" for file in report.failed)]
            good = report.exit_code == 0
        except LibraryBusy as error:
            self.tell(f"{path.name}：{error.message}，稍后再试")
            return
        except _FATAL:
            raise
        except WenshiError as error:
            words, good = [f"错误：{error}"], False
        self._put_away(path, "\n".join(words), good)

    def _put_away(self, path: Path, words: str, good: bool) -> None:
        """The report first: if the power fails between the two, the file is looked at again, and is nothing new."""
        folder = self.folder / (DONE if good else PROBLEM)
        try:
            folder.mkdir(exist_ok=True)
            target = _free_name(folder, path)
            target.with_name(target.name + REPORT).write_text(words + "\n", encoding="utf-8")
            path.rename(target)
        except OSError as error:
            self.tell(f"{path.name}：移不走（{reason(error)}），请关闭正在使用它的程序")
            return
        self.tell(f"{path.name}：{'已收入' if good else '有问题'}，移到 {folder.name}/{target.name}")


def _look(path: Path) -> Look | None:
    """What a file or a whole folder looks like now; None where it is gone or cannot be seen."""
    try:
        files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
        states = [file.stat() for file in files]
    except OSError:
        return None
    newest = max((state.st_mtime_ns for state in states), default=0)
    return len(states), sum(state.st_size for state in states), newest


def _is_free(path: Path) -> bool:
    """Whether a file can be opened for writing too: on Windows it cannot while it is being copied."""
    if path.is_dir() or os.name != "nt":
        return True
    try:
        with path.open("r+b"):
            return True
    except OSError:
        return not path.stat().st_mode & stat.S_IWRITE  # one that is read-only for good is not waited for


def _free_name(folder: Path, path: Path) -> Path:
    """The name of `path` in `folder`, numbered where it is taken."""
    names = itertools.chain([path.name], (f"{path.stem} ({number}){path.suffix}" for number in itertools.count(2)))
    targets = (folder / name for name in names)
    return next(t for t in targets if not t.exists() and not t.with_name(t.name + REPORT).exists())

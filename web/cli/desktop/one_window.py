"""One window for one user: a second start hands what it was given to the first, and ends."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from archive.support.files import write_whole

_LOCK, _ASKED = "window.lock", "asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """What another start asks of the one that is running: to show itself, with these files to take in; or to stop."""

    files: list[Path]
    stop: bool = False


class OneWindow:
    """The place where starts of the program meet, in the folder of the window's settings."""

    def __init__(self, settings: Path) -> None:
        self._asked = settings / _ASKED
        self._asked.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(settings / _LOCK)

    def first(self) -> bool:
        """Whether no other is running; from then on this one is, until it ends however it may."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        for left in self._asked.iterdir():  # of a start that nobody answered
            with suppress(OSError):
                left.unlink()
        return True

    def hand_over(self, asked: Asked) -> None:
        """Ask it of the one that is running. Raises StorageError."""
        files = [str(file.absolute()) for file in asked.files]
        text = json.dumps({"files": files, "stop": asked.stop}, ensure_ascii=False)
        write_whole(self._asked / f"{secrets.token_hex(8)}.json", text)

    def asked(self) -> list[Asked]:
        """What other starts have asked for since the last look."""
        found = []
        for request in sorted(self._asked.glob("*.json")):
            with suppress(OSError, ValueError, KeyError, TypeError):
                given = json.loads(request.read_text(encoding="utf-8"))
                found.append(Asked([Path(name) for name in given["files"]], given["stop"]))
                request.unlink()
        return found

    def leave(self) -> None:
        """Let another be the first."""
        self._lock.release()

"""Settings, read once at the edge and passed on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from archive.support.long_paths import ROOM, reachable

LIBRARY_VARIABLE = "WENSHI_LIBRARY"
DEFAULT_LIBRARY = Path("wenshi-library")


def cache_folder() -> Path:
    """The user's own folder for what can be made again; not part of a library, which may come from a stranger."""
    place = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    return (Path(place) if place else Path.home() / ".cache") / "wenshi"


@dataclass(frozen=True, slots=True)
class Config:
    """What a command needs to know. `given` tells whether the user named the library, `acting` as whom it is run: the
    name an account is signed in with, "" for who owns the library's folder.
    """

    library_path: Path
    given: bool
    acting: str = ""

    @classmethod
    def of(cls, named: Path | None, acting: str = "") -> Config:
        """From the `--library` option, else the environment, else ./wenshi-library."""
        if named is not None:
            return cls(reachable(named, ROOM), True, acting)
        variable = os.environ.get(LIBRARY_VARIABLE)
        return cls(reachable(Path(variable or DEFAULT_LIBRARY), ROOM), bool(variable), acting)

"""Where the window keeps what it must remember: for the user who runs it, or beside a program that is carried along."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.support import library_folder
from archive.support.files import why_unwritable, write_whole

LIBRARY = "文史资料库"
SAMPLE = "样例资料库"
PORTABLE = "portable.txt"
"""Where this file lies beside the program, everything is kept there: on a USB stick; a disc is only read."""

_SETTINGS = "window.json"


@dataclass(frozen=True, slots=True)
class Places:
    """`settings` is the folder for the window's own files, `libraries` the one where a first library is made."""

    settings: Path
    libraries: Path

    @classmethod
    def usual(cls, program: Path = Path(sys.executable), environment: Mapping[str, str] = os.environ) -> Places:
        """For the program with this interpreter, which lies in a folder of the program's."""
        beside = program.parent.parent
        carried = (beside / PORTABLE).is_file()
        if carried and why_unwritable(beside) is None:
            return cls(beside / "设置", beside)
        home = Path.home()
        place = Path(environment.get("APPDATA") or environment.get("XDG_CONFIG_HOME") or home / ".config")
        documents = home / "Documents"
        libraries = documents if documents.is_dir() else home
        if carried:  # apart from what an installed program remembers here
            there = (beside / LIBRARY / library_folder.SETTINGS).is_file()
            return cls(place / "wenshi-portable", beside if there else libraries)
        return cls(place / "wenshi", libraries)

    @property
    def log(self) -> Path:
        """What the program had to say, for whoever is asked for help."""
        return self.settings / "文史.log"

    def library(self) -> Path:
        """The library that was open last, or the one to begin with."""
        try:
            given = json.loads((self.settings / _SETTINGS).read_text(encoding="utf-8"))
            return self._absolute(Path(str(given["library"])))
        except (OSError, ValueError, KeyError, TypeError):
            return self.libraries / LIBRARY

    def remember(self, library: Path) -> None:
        """Have this one opened next time. Raises StorageError."""
        self.settings.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"library": str(self._kept(library))}, ensure_ascii=False) + "\n"
        write_whole(self.settings / _SETTINGS, text)

    def _kept(self, library: Path) -> Path:
        """Relative to a program that is carried along: the letter of the drive changes from computer to computer."""
        beside = self.settings.parent
        return library.relative_to(beside) if library.is_relative_to(beside) else library

    def _absolute(self, library: Path) -> Path:
        return self.settings.parent / library


def library_in(chosen: Path) -> Path:
    """The library that a chosen folder is, or is to become; within it where it holds other things."""
    if (chosen / library_folder.SETTINGS).is_file() or not chosen.is_dir() or not any(chosen.iterdir()):
        return chosen
    return chosen / LIBRARY

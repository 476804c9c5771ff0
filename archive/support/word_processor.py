"""Word or WPS in the background, where there is no LibreOffice: both do what Windows hands to them (COM)."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from archive.support import windows_registry
from archive.support.interpreter import PYTHON
from archive.support.office_program import TIMEOUT, OfficeProgram

# The names they are registered by, the likelier first; WPS has had several.
_NAMES = {
    "Word.Application": "Word",
    "KWPS.Application": "WPS",
    "WPS.Application": "WPS",
}
_START = "from archive.support.word_conversion import main; main()"


@dataclass(frozen=True, slots=True)
class WordProcessor(OfficeProgram):
    """An installed Word or WPS, by the name it is registered by.

    It runs on as a program of its own: one that hangs is given up, and stays until somebody closes it.
    """

    name: str
    timeout: float = TIMEOUT

    @classmethod
    def find(cls) -> Self | None:
        """The one that Windows knows; None without one, and on other systems."""
        if importlib.util.find_spec("comtypes") is None:
            return None
        registered = (name for name in _NAMES if windows_registry.values(rf"SOFTWARE\Classes\{name}\CLSID"))
        return next((cls(name) for name in registered), None)

    @property
    def title(self) -> str:
        """What people call it."""
        return _NAMES[self.name]

    def _command(self, files: Sequence[Path], to: str, folder: Path, profile: Path) -> list[str]:
        return [*PYTHON, "-c", _START, self.name, to, str(folder.absolute()), *(str(file.absolute()) for file in files)]

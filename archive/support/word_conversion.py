"""The process that has Word or WPS save files anew, one after another; see word_processor.py. Windows alone runs it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

FORMATS = {"docx": 12}
"""Word's numbers of what it saves (wdFormatXMLDocument)."""

_ASK_NOTHING = 0  # wdAlertsNone
_NO_MACROS = 3  # msoAutomationSecurityForceDisable
_KEEP_NOTHING = 0  # wdDoNotSaveChanges
_NO_PASSWORD = "\u00a0"  # an empty one has Word ask for it in a window that nobody sees


def main() -> None:
    """NAME FORMAT FOLDER FILE…: the arguments of the process."""
    name, to, folder, *files = sys.argv[1:]
    import comtypes.client  # type: ignore[import-not-found]

    application = comtypes.client.CreateObject(name, dynamic=True)
    save_anew(application, [Path(file) for file in files], to, Path(folder))


def save_anew(application: Any, files: Sequence[Path], to: str, folder: Path) -> None:
    """Has an application save `files` in the format of suffix `to` in `folder`, by their stems; what fails is missing.

    Nothing asks, no macro runs, the files themselves are opened for reading alone. What the person at the computer has
    open in it is left alone; where there is nothing, it ends.
    """
    for setting, value in (("Visible", False), ("DisplayAlerts", _ASK_NOTHING), ("AutomationSecurity", _NO_MACROS)):
        with suppress(Exception):  # WPS knows most of them
            setattr(application, setting, value)
    try:
        for file in files:
            with suppress(Exception):  # whatever it is, it is this file's alone
                _save(application, file, folder / f"{file.stem}.{to}", FORMATS[to])
    finally:
        if not application.Documents.Count:
            application.Quit(_KEEP_NOTHING)


def _save(application: Any, file: Path, target: Path, number: int) -> None:
    # In order: no question about the format, for reading alone, not among the files used last, the password.
    document = application.Documents.Open(str(file), False, True, False, _NO_PASSWORD)
    try:
        document.SaveAs(str(target), number)
    finally:
        document.Close(_KEEP_NOTHING)

"""Paths that Windows takes only in another form: from 260 characters on (a folder's from 248) they begin with \\\\?\\.

Nobody types that, and nobody is shown it. Other systems have no such form.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOM = 120
"""Characters that what a library writes below its own folder takes at most, names of unfinished files included."""

_LONGEST = 247
_PLAIN, _SHARE = "\\\\?\\", "\\\\?\\UNC\\"


def reachable(path: Path, room: int = 0) -> Path:
    """The path in a form that can be opened, with `room` characters more below it; as it is where that will do."""
    if sys.platform != "win32":
        return path
    absolute = os.path.normpath(path.absolute())  # that form knows no ".."
    return path if len(absolute) + room <= _LONGEST else Path(extended(absolute))


def extended(path: str) -> str:
    """An absolute path of Windows in the form without a limit."""
    if path.startswith(("\\\\?\\", "\\\\.\\")):
        return path
    return _SHARE + path[2:] if path.startswith("\\\\") else _PLAIN + path


def plain(path: str) -> str:
    """A path as people know it, whichever form it has."""
    if path.startswith(_SHARE):
        return "\\\\" + path.removeprefix(_SHARE)
    return path.removeprefix(_PLAIN)

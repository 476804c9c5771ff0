"""Zip files that say nothing of when or where they were made: the same content gives the same bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO

_MADE = (1980, 1, 1, 0, 0, 0)  # the first moment a zip file knows


def entry(name: str) -> zipfile.ZipInfo:
    """What a member of such a file goes by."""
    found = zipfile.ZipInfo(name, _MADE)
    found.create_system = 0  # otherwise Windows and Linux would differ
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def write_again(source: IO[bytes], file: Path) -> None:
    """Write the members of a zip file to `file`, in their order."""
    with zipfile.ZipFile(source) as made, zipfile.ZipFile(file, "w") as packed:
        for name in made.namelist():
            packed.writestr(entry(name), made.read(name))

"""What programs that were killed left in a library's folder: of no use to anybody, and safe to remove after a day."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

from archive.store.backup import UNFINISHED_BACKUP
from archive.support import library_folder
from archive.support.files import remove

_DAY = 24 * 3600  # seconds; whoever is at work on such a file now has begun later
_UNFINISHED = re.compile(r"\.[0-9a-f]{16}\.tmp|.*\.part")
_FOLDERS = ("", library_folder.BACKUPS, library_folder.STYLES, library_folder.FONTS, library_folder.SPLITS)


def leftovers(root: Path) -> list[Path]:
    """Files half-written and folders of unfinished backups that nobody has touched for a day, in order of name."""
    entries = (entry for name in _FOLDERS if (root / name).is_dir() for entry in sorted((root / name).iterdir()))
    return [entry for entry in entries if _unfinished(entry) and _is_old(entry)]


def _is_old(entry: Path) -> bool:
    try:
        return time.time() - entry.lstat().st_mtime > _DAY
    except FileNotFoundError:  # another program has just finished it
        return False


def _unfinished(entry: Path) -> bool:
    if entry.is_dir():
        return entry.name.startswith(UNFINISHED_BACKUP)
    return _UNFINISHED.fullmatch(entry.name) is not None


def clear_away(entry: Path) -> None:
    """Remove one of `leftovers`. Raises OSError."""
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        remove(entry)

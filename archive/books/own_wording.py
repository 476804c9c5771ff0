"""The office's own list of wording (`wording.csv`): what its books do not say, what instead, and why."""

from __future__ import annotations

import re
from pathlib import Path

from archive.export.proof import UsageRule
from archive.support import library_folder
from archive.support.table_files import own_rows

HEADER = ("不用", "改用", "说明")
_WHY = "本单位的规范用语"


def own_wording(root: Path) -> tuple[UsageRule, ...]:
    """The rules of a library's list, none without one; a row under HEADER each, of which only the first must be filled.

    Nothing is told of where it says already what it should (南关 in 南关街道). Raises StorageError, ReadError.
    """
    file = root / library_folder.WORDING
    rows = own_rows(file) if file.exists() else []
    found = [tuple(cell.strip() for cell in (*row, "", "", "")[:3]) for row in rows]
    return tuple(_rule(*row) for row in found if row[0] and row != HEADER)


def _rule(words: str, instead: str, why: str) -> UsageRule:
    return UsageRule(_pattern(words, instead), instead.replace("\\", r"\\") or None, why or _WHY)


def _pattern(words: str, instead: str) -> re.Pattern[str]:
    before, found, after = instead.partition(words)
    ahead = f"(?<!{re.escape(before)})" if found and before else ""
    behind = f"(?!{re.escape(after)})" if found and after else ""
    return re.compile(f"{ahead}{re.escape(words)}{behind}")

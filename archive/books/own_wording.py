"""The office's own wording (`catalogue/office_wording.py`) as rules of the proof report."""

from __future__ import annotations

import re
from pathlib import Path

from archive.catalogue import office_wording
from archive.catalogue.office_wording import Wording
from archive.export.proof import UsageRule

_WHY = "本单位的规范用语"


def own_wording(root: Path) -> tuple[UsageRule, ...]:
    """The rules of a library's list, none without one.

    Nothing is told of where it says already what it should (南关 in 南关街道). Raises StorageError, ReadError.
    """
    return tuple(_rule(each) for each in office_wording.entries(root))


def _rule(entry: Wording) -> UsageRule:
    right = entry.instead.replace("\\", r"\\") or None
    return UsageRule(_pattern(entry.words, entry.instead), right, entry.why or _WHY)


def _pattern(words: str, instead: str) -> re.Pattern[str]:
    before, found, after = instead.partition(words)
    ahead = f"(?<!{re.escape(before)})" if found and before else ""
    behind = f"(?!{re.escape(after)})" if found and after else ""
    return re.compile(f"{ahead}{re.escape(words)}{behind}")

"""Files that a command is given and asked for: what they may be called, and what of them can be read."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from archive.model.errors import ReadError, UsageError
from archive.support.storage_errors import storage_errors


def require_suffix(file: Path | None, known: Iterable[str]) -> None:
    """Raise UsageError where a file, if one is asked for, is called as none of these suffixes."""
    if file is not None and file.suffix.lower() not in (suffixes := tuple(known)):
        raise UsageError(f"不能写成“{file.suffix or file.name}”", hint=f"文件名以 {'、'.join(suffixes)} 结尾")


def require_table(file: Path | None) -> None:
    """Raise UsageError where a file, if one is asked for, is called neither .xlsx nor .csv."""
    if file is not None and file.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError("这张表只能写成 .xlsx 或 .csv", hint="换一个文件名")


def text_of(file: Path, called: str) -> str:
    """A text in UTF-8 that somebody wrote; - is standard input. `called` is what messages call it.

    Raises StorageError, ReadError.
    """
    try:
        with storage_errors(file, f"{called}打不开"):
            return sys.stdin.read() if str(file) == "-" else file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(f"{called}不是 UTF-8 文本", place=str(file), hint="用记事本另存为 UTF-8") from error

"""Writing a file so that it is either whole or not there."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.model.errors import ExportError, StorageError


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Give a temporary file beside `file`; when the block ends well it takes `file`'s place, else nothing is left.

    Raises StorageError (full disk, missing permission or folder, file in use) and ExportError (`file` is a folder).
    """
    if file.is_dir():
        raise ExportError("这是一个文件夹，不能当作文件写入。", place=str(file), hint="请给出完整的文件名。")
    # Not tempfile: it makes files only their owner can read, and the finished file is an ordinary one.
    temporary = file.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        temporary.open("xb").close()
    except OSError as error:
        raise storage_error(error, file) from error
    try:
        yield temporary
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        temporary.replace(file)
    except OSError as error:
        raise storage_error(error, file) from error
    finally:
        temporary.unlink(missing_ok=True)


def storage_error(error: OSError, file: Path) -> StorageError:
    """The error in words for the person at the screen."""
    place = str(file)
    if error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}:  # Windows knows no quota error
        return StorageError("磁盘已满，文件没有写成。", place=place, hint="请腾出空间，或换一个位置再导出。")
    if isinstance(error, FileNotFoundError):
        return StorageError("目标文件夹不存在，文件没有写成。", place=place, hint="请先建立这个文件夹。")
    if isinstance(error, PermissionError):
        hint = "请换一个有权限的位置；如果文件正在 Word 中打开，请先关闭它。"
        return StorageError("没有权限写入，或文件正被其他程序占用。", place=place, hint=hint)
    return StorageError(f"文件没有写成：{error.strerror or error}", place=place, hint="请检查磁盘和路径后再试。")

"""Whatever goes wrong while a file is worked on becomes an error of that file, so that the others go on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from archive.model.errors import ReadError, WenshiError
from archive.support.isolation.isolated_process import ProcessLost
from archive.support.storage_errors import storage_error

_SIMPLER = "用原来的程序打开，拆成几个文件，或另存为新的文件（文稿存成 .docx）再导入；扫描件请降低分辨率"
_log = logging.getLogger(__name__)


@contextmanager
def faults(name: str) -> Iterator[None]:
    """Raises ReadError or StorageError for anything the body raises that is not of our own family.

    Damaged files make libraries fail in ways that none of them lists (zip, zlib, XML, text encodings, recursion). What
    it was is logged with its traceback (INFO); `name` is what the file is called in the message.
    """
    try:
        yield
    except WenshiError:
        raise
    except (MemoryError, RecursionError) as error:
        raise too_much(name) from error
    except OSError as error:
        raise storage_error(error, name, "读写文件时出错") from error
    except Exception as error:
        _log.info("%s cannot be read", name, exc_info=True)
        hint = "用原来的程序打开，另存为新的文件再导入（文稿存成 .docx）；仍然读不出，请把文件交给维护者"
        raise ReadError(f"文件可能已损坏，读不出（{type(error).__name__}）", place=name, hint=hint) from error


def too_much(name: str, lost: ProcessLost | None = None) -> ReadError:
    """The error for a file that would take more memory or time than a file may, or made its process end."""
    late = lost is not None and lost.late
    what = "读了很久还没有读完，已经停下" if late else "文件太大或结构太复杂，读不下来"
    return ReadError(f"{what}；其余的文件不受影响", place=name, hint=_SIMPLER)

"""Whatever goes wrong while a file is worked on becomes an error of that file, so that the others go on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from archive.model.errors import ReadError, WenshiError
from archive.support.storage_errors import storage_error

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
    except MemoryError as error:
        hint = "关闭其他程序后重试，或把稿件拆成几个文件"
        raise ReadError("内存不够，读不下这个文件", place=name, hint=hint) from error
    except OSError as error:
        raise storage_error(error, name, "读写文件时出错") from error
    except Exception as error:
        _log.info("%s cannot be read", name, exc_info=True)
        hint = "用原来的程序打开，另存为新的文件再导入（文稿存成 .docx）；仍然读不出，请把文件交给维护者"
        raise ReadError(f"文件可能已损坏，读不出（{type(error).__name__}）", place=name, hint=hint) from error

"""What the files of an index raise when they are damaged, or when the disk takes nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from archive.model.errors import EngineError, WenshiError
from archive.support.cancellation import Cancelled
from archive.support.storage_errors import interrupted, storage_errors, takes_nothing

REBUILD = "请运行 wenshi reindex 重建索引；原件和文章不受影响。"


@contextmanager
def failing_loudly(doing: str) -> Iterator[None]:
    """Turn what damaged files raise into an EngineError, and what a disk that takes nothing does into a StorageError.

    Damaged data can raise anything whatever, so anything is taken for damage, too deep a query aside; who mends it
    (`archive/search/mending.py`) finds out whether it was.
    """
    try:
        yield
    except (WenshiError, RecursionError, Cancelled):
        raise
    except Exception as error:
        if interrupted(error):
            raise Cancelled from error
        if takes_nothing(error):
            with storage_errors("", f"{doing}没有做成"):
                raise
        raise EngineError(f"{doing}时出错：{error or type(error).__name__}", hint=REBUILD) from error

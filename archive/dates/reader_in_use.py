"""Whose periods dates are read by in a stretch of work: those of a library, where the work is for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.dates.reader import DateReader

_IN_USE: ContextVar[Callable[[], DateReader] | None] = ContextVar("reader of dates", default=None)


def reader_in_use() -> DateReader:
    """The reader of the work that goes on; outside of any, that of the tables that come with the program."""
    from archive.dates.reader import shipped_reader  # its expressions take half a second to load

    reader = _IN_USE.get()
    return reader() if reader is not None else shipped_reader()


@contextmanager
def reading_dates_by(reader: Callable[[], DateReader] | None) -> Iterator[None]:
    """Has all dates in the body read by what this gives, asked for when the first date is met; None changes nothing."""
    if reader is None:
        yield
        return
    before = _IN_USE.set(reader)
    try:
        yield
    finally:
        _IN_USE.reset(before)


@lru_cache(2)
def reader_of(periods: str) -> DateReader:
    """The reader under an office's own periods, given as the text of their file (see `OfficePeriods.text`)."""
    from archive.dates.office_periods import FILE
    from archive.dates.period_tables import read, shipped
    from archive.dates.reader import DateReader, shipped_reader

    return DateReader(shipped().overridden(read(periods, FILE))) if periods else shipped_reader()

"""The one family of errors: what went wrong, where, and what to do next.

Every class has a `code` (stable, for scripts and logs) and an `exit_code` for the command line (see docs/errors.md).
Command line and web each catch `WenshiError` once; anything else is a defect and keeps its traceback.
"""

from __future__ import annotations

from typing import NamedTuple


class WenshiError(Exception):
    """Base of all expected failures.

    `message` says what happened, `place` where (file, paragraph, query position), `hint` what to do next. All are
    Chinese sentences for the person at the screen; `place` and `hint` may be empty.
    """

    code = "error"
    exit_code = 10

    def __init__(self, message: str, *, hint: str = "", place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.place = place

    def __str__(self) -> str:
        where = f"{self.place}：" if self.place else ""
        then = f"\n  怎么办：{self.hint}" if self.hint else ""
        return f"{where}{self.message}{then}"


class UsageError(WenshiError):
    """A command was called with arguments that do not make sense together."""

    code = "usage"
    exit_code = 2


_AROUND = 40  # characters of a query shown either side of the place


class QueryError(WenshiError):
    """A query that cannot be understood. `position` is the 0-based code point in the query where it goes wrong."""

    code = "query"
    exit_code = 2

    def __init__(self, message: str, *, query: str, position: int, hint: str = "") -> None:
        super().__init__(message, hint=hint, place=f"检索式第 {position + 1} 字")
        self.query = query
        self.position = position

    def __str__(self) -> str:
        # A caret line would need display widths; marking the place inside the text works in every font.
        first, last = max(0, self.position - _AROUND), self.position + _AROUND
        before, after = self.query[first : self.position], self.query[self.position : last]
        marked = f"{'…' if first else ''}{before}▶{after}{'…' if last < len(self.query) else ''}"
        return f"{super().__str__()}\n  检索式：{marked}"


class NearestPeriod(NamedTuple):
    """A period that may have been meant: an `expression` that can be asked for, its days as Julian day numbers
    (inclusive, None where open), and what they are in words, empty where the expression says it.
    """

    expression: str
    start: int | None
    end: int | None
    meaning: str


class PeriodError(WenshiError):
    """A period expression (`--period`) that cannot be understood. `nearest` may have been meant, likeliest first."""

    code = "period"
    exit_code = 2

    def __init__(
        self, message: str, *, hint: str = "", place: str = "", nearest: tuple[NearestPeriod, ...] = ()
    ) -> None:
        super().__init__(message, hint=hint, place=place)
        self.nearest = nearest


class LibraryNotFound(WenshiError):
    """There is no library at that place; opening never creates one by accident."""

    code = "library-not-found"
    exit_code = 10


class LibraryExists(WenshiError):
    """A library is already there and must not be overwritten."""

    code = "library-exists"
    exit_code = 11


class LibraryBusy(WenshiError):
    """Another process is writing; the message names it."""

    code = "library-busy"
    exit_code = 12


class LibraryDamaged(WenshiError):
    """The store contradicts itself or was made by a newer version."""

    code = "library-damaged"
    exit_code = 13


class NotFound(WenshiError):
    """No such article, version, collection, book project or picture."""

    code = "not-found"
    exit_code = 14


class StorageError(WenshiError):
    """The disk is full, or a file or folder cannot be read or written."""

    code = "storage"
    exit_code = 15


class EngineError(WenshiError):
    """The index cannot answer. Never turned into an empty result."""

    code = "engine"
    exit_code = 16


class EngineAway(EngineError):
    """A service that answers searches is away or refuses: nothing of it can be mended from here."""

    code = "engine-away"


class ReadError(WenshiError):
    """A file cannot be read as what it claims to be (damaged, encrypted, not of that kind, too large)."""

    code = "read"
    exit_code = 17


class ExportError(WenshiError):
    """A book cannot be exported; nothing half-written is left behind."""

    code = "export"
    exit_code = 18


class ConfigError(WenshiError):
    """A settings file or the environment says something that cannot be followed."""

    code = "config"
    exit_code = 19


class FieldError(WenshiError):
    """A value that does not fit the descriptive field it is meant for. `field` is the field's name."""

    code = "field"
    exit_code = 23

    def __init__(self, message: str, *, field: str, hint: str = "", place: str = "") -> None:
        super().__init__(message, hint=hint, place=place)
        self.field = field


class Conflict(WenshiError):
    """A correction made on a version of an article that is no longer the newest."""

    code = "conflict"
    exit_code = 20


class NotAllowed(WenshiError):
    """The actor's rights do not cover what was asked to be done. Reading never raises it: it finds nothing instead."""

    code = "not-allowed"
    exit_code = 24

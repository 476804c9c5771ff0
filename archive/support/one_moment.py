"""Whether anything was committed is asked once for a page, not for each of the thirty things a page wants to know."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Answers = dict[Hashable, object]


class _Moment:
    """The answers that stand for a database in the work of one thread; None until it is asked."""

    def __init__(self) -> None:
        self.database: object = None
        self.answers: Answers | None = None


_moment: ContextVar[_Moment | None] = ContextVar("moment", default=None)


@contextmanager
def one_moment() -> Iterator[None]:
    """What this thread asks of a database over the body is remembered as of the time it was first asked.

    It is looked anew whether that still holds when this thread has written, and when an index has answered, which may
    know of later texts: see `look_again`.
    """
    token = _moment.set(_Moment())
    try:
        yield
    finally:
        _moment.reset(token)


def look_again() -> None:
    """What this thread asks next is to be asked of the present state."""
    moment = _moment.get()
    if moment is not None:
        moment.answers = None


def answers_of(database: object, looked: Callable[[], Answers]) -> Answers:
    """What is remembered of a database now; `looked` gives it, and asks whether anything was committed."""
    moment = _moment.get()
    if moment is None:
        return looked()
    if moment.database is not database or moment.answers is None:
        moment.database, moment.answers = database, looked()
    return moment.answers

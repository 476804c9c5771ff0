"""Bounds for the work of one request, so that no visitor keeps the pages from the others.

A page that takes too long is given up with a sentence, for reading only: what changes the library is finished, and what
is known to take long is a job (jobs.py). Requests that send something or have a file made may take only some of the
server's threads; the others are for readers.
"""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack

from flask import Flask, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable

from archive.support.cancellation import Cancelled, cancelled_unless
from archive.support.one_moment import one_moment
from archive.support.whence import asked_from

THREADS = 8
"""Of the server."""

FOR_READERS = 3
"""Threads that are never taken by requests that send something."""

SECONDS = 60.0
"""A page for reading is given up after so many."""

MOST_FIELDS = 20_000
"""Of one form; the table of a volume of a thousand articles has some 6,000."""

MOST_SENT = 2**30
"""Bytes of what is sent in one request that are kept. Each page says in words what it takes, which is less."""

MOST_SENT_TO = {"/manage/rehearsal": 64 * 2**30}
"""The same for pages that take more: a whole backup."""

_PATIENCE = 5.0  # seconds one waits for a thread
_KEY = "wenshi.limits"
_LONG = "这一页做了一分钟还没有做完，已经停下，材料没有改动。缩小范围再试：换更具体的字词，加上时期或集合。"
_BUSY = "同时提交的事太多，这一次没有做。等半分钟，再做一次；已经填写的，退回上一页还在。"


def most_sent(path: str) -> int:
    """Bytes of a request to this path that are kept."""
    return MOST_SENT_TO.get(path, MOST_SENT)


def require_bounded_form() -> None:
    """Refuse a form with more fields than any of ours has."""
    if sum(map(len, request.form.listvalues())) > MOST_FIELDS:
        abort(413, "表单里的项目太多，没有做任何改动。分几次提交。")


def attach(app: Flask) -> None:
    """Bound every request of an application."""
    app.config["MAX_FORM_PARTS"] = MOST_FIELDS
    app.extensions[_KEY] = threading.BoundedSemaphore(THREADS - FOR_READERS)
    app.before_request(_begin)
    app.teardown_request(_end)
    app.register_error_handler(Cancelled, _given_up)


def _begin() -> None:
    limits = g.wenshi_limits = ExitStack()
    limits.enter_context(one_moment())
    limits.enter_context(asked_from(f"网页 {request.remote_addr or ''}".rstrip()))
    if request.method in ("GET", "HEAD"):
        end = time.monotonic() + SECONDS
        limits.enter_context(cancelled_unless(lambda: time.monotonic() < end))
        return
    threads: threading.BoundedSemaphore = current_app.extensions[_KEY]
    if not threads.acquire(timeout=_PATIENCE):
        abort(503, _BUSY)
    limits.callback(threads.release)


def _end(_error: BaseException | None) -> None:
    limits = g.pop("wenshi_limits", None)
    if limits is not None:
        limits.close()


def _given_up(_error: Cancelled) -> ResponseReturnValue:
    _end(None)  # the page that says so has time of its own
    return current_app.handle_http_exception(ServiceUnavailable(_LONG))

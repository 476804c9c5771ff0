"""Pages for reading, made by processes beside the one that owns the library.

Python computes in one thread of a process at a time, so one process serves from one core. The owner keeps the port,
TLS, all bounds of connections, and everything that changes anything: forms, long work, signing in. A page that only
reads is handed to a process that has the library open too; where none is free soon, or one fails, the owner makes it.
Nothing can be stale: each process asks SQLite, as the owner does, whether anything was committed since (see
`Database.remembered`), and the index for its generation.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.exceptions import HTTPException

from archive.library import Library
from archive.support.isolation.isolated_process import IsolatedDefect, IsolatedProcess, ProcessLost
from web.base import limits
from web.base.site import HERE, Site
from web.cli import memory
from web.cli.page_answering import Opening, Page, answer, open_library

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

READ = frozenset(
    {
        "search.search",
        "search.timeline_csv",
        "api.search",
        "api.suggest",
        "reading.article",
        "holdings.collection",
        "holdings.collections",
        "frequencies.show",
        "words.words",
        "quoting.quote",
        "posts.people",
        "posts.person",
        "posts.posts",
        "history.history",
        "history.now",
        "help.chapter",
        "help.contents",
    }
)
"""The endpoints handed over: those that show what is stored, and know nothing of long work or uploads."""

MOST = 8
"""Processes beside the owner."""

_PATIENCE = 1.0  # seconds a page waits for a process
_MEMORY = 2 * 2**30  # bytes that a page may take, and that a process holds when it makes way for a fresh one
_LOADING = 300.0  # seconds without an answer while everything is loaded
_SLACK = 30.0  # seconds beyond those after which a page gives itself up
_TRIES = 3  # starts that may fail in a row
_EACH = 2 * 2**30  # bytes of the computer's memory for each process
_log = logging.getLogger(__name__)


def usual(accounts: bool) -> int:
    """How many processes suit this computer: none for one person alone, else by its cores and its memory."""
    cores = os.cpu_count() or 1
    if not accounts or cores < 2:
        return 0
    return max(0, min(cores, MOST, memory.installed() // _EACH - 1))


class ReadingProcesses:
    """The application as the server calls it, with `count` processes beside this one that make pages for reading.

    `founding` and `site` as for `create_app`.
    """

    def __init__(self, app: Flask, library: Library, count: int, *, founding: bool = False, site: Site = HERE) -> None:
        self._app, self._library = app, library
        secret = {name: str(app.config[name]) for name in ("SECRET_KEY", "SESSION_COOKIE_NAME")}
        self._opening = Opening(library.root.absolute(), founding, site, secret)
        self._addresses = app.url_map.bind("")
        self._all = [IsolatedProcess(grown=_MEMORY) for _ in range(count)]
        self._free: queue.LifoQueue[IsolatedProcess] = queue.LifoQueue()
        self._ready: set[IsolatedProcess] = set()
        self._ended = threading.Event()

    def start(self) -> None:
        """Have them made ready one after another; the owner answers meanwhile."""
        threading.Thread(target=self._open_all, args=(self._all,), name="wenshi-reading", daemon=True).start()

    def end(self) -> None:
        """End them, whatever they are doing."""
        self._ended.set()
        for process in self._all:
            process.end()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """For the server: a page, made by one of the processes or here."""
        page = self._handed_over(environ) if self._ready and self._reads(environ) else None
        if page is None:
            return self._app(environ, start_response)
        for name, level, words in page.logged:
            logging.getLogger(name).log(level, "%s", words)
        for one in page.asked:
            self._library.asked.note(*one)
        start_response(page.status, page.headers)
        return [page.body]

    def _reads(self, environ: WSGIEnvironment) -> bool:
        if environ["REQUEST_METHOD"] != "GET":
            return False
        try:
            endpoint, _ = self._addresses.match(environ.get("PATH_INFO", ""), method="GET")
        except HTTPException:
            return False
        return endpoint in READ

    def _handed_over(self, environ: WSGIEnvironment) -> Page | None:
        """The page; None where it is better made here, also a defect, which is logged where it happens."""
        try:
            process = self._free.get(timeout=_PATIENCE)
        except queue.Empty:
            return None
        plain = {name: value for name, value in environ.items() if isinstance(value, str)}
        fit = False
        try:
            seconds = limits.SECONDS + _SLACK
            page: Page = process.call(answer, plain, returns=Page, memory=_MEMORY, seconds=seconds)
            fit = process.pid is not None  # one that has grown has ended
            return None if page.status.startswith("500") else page
        except (ProcessLost, IsolatedDefect) as failure:
            _log.info("a reading process failed: %s", failure)
            return None
        finally:
            if fit:
                self._free.put(process)
            else:
                self._ready.discard(process)
                arguments = ([process],)
                threading.Thread(target=self._open_all, args=arguments, name="wenshi-reading", daemon=True).start()

    def _open_all(self, processes: Iterable[IsolatedProcess]) -> None:
        for process in processes:
            for _ in range(_TRIES):
                if self._opened(process):
                    self._ready.add(process)
                    self._free.put(process)
                    break
            else:
                if not self._ended.is_set():
                    _log.warning("警告：另开的阅读进程开不了，页面照常由主程序来做，同时打开的人多时会慢一些。")

    def _opened(self, process: IsolatedProcess) -> bool:
        if self._ended.is_set():
            return False
        try:
            return bool(process.call(open_library, self._opening, returns=bool, memory=_MEMORY, seconds=_LOADING))
        except Exception as failure:  # the thread has nobody to tell, and the owner needs none of them
            _log.info("a reading process did not open the library: %s", failure)
            return False

"""Serving the application with waitress: on this machine, to its network over TLS, or to a proxy."""

from __future__ import annotations

import errno
import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from waitress import wasyncore  # type: ignore[import-untyped]  # it ships no types
from waitress.server import create_server  # type: ignore[import-untyped]  # it ships no types

from archive.model.errors import UsageError
from archive.support.storage_errors import storage_error
from web.base.limits import THREADS
from web.cli import connections
from web.cli.reach import Reach
from web.cli.tls import SecureChannel

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

HERE = Reach()
"""This machine alone."""

_QUEUED = threading.Event()  # whether anybody has had to wait since the program began
_TRIED = 50
_TAKEN = {errno.EADDRINUSE, errno.EACCES}  # Windows answers EACCES for ports it keeps for itself


@dataclass(frozen=True, slots=True)
class Server:
    """A server that already listens. `run` returns after `close`, called from another thread, or after Ctrl-C."""

    address: str
    run: Callable[[], None]
    close: Callable[[], None]
    port: int = 0


def bind(app: WSGIApplication, reach: Reach = HERE, port: int = 8000, *, roam: bool = False) -> Server:
    """Listen where `reach` says; port 0 takes any free one, and `roam` the next free one when `port` is taken.

    UsageError when the port is taken.
    """
    for name in ("waitress", "waitress.queue"):
        logging.getLogger(name).addFilter(_told_once)
    # A name may stand for several addresses; the address people type is the one we listen on.
    bare = "127.0.0.1" if reach.host.rstrip(".").lower() == "localhost" else reach.host.strip("[]")
    listening = _listen(bare, port, min(port + _TRIED, 65_535) if roam else port)
    # No server name in answers; the many idle connections of one browser must not use up the threads.
    server = create_server(
        app,
        sockets=[listening],
        threads=THREADS,
        ident=None,
        clear_untrusted_proxy_headers=True,
        connection_limit=connections.MOST
        + 100,  # select on Windows takes 512; those that wait longest make room before
        channel_timeout=connections.SILENT,
        cleanup_interval=1,
        max_request_header_size=2**16,
        **_trusted(reach),
    )
    if reach.certificate:
        server.tls = reach.certificate.context
    connections.bound(server, SecureChannel if reach.certificate else connections.Channel)
    running, taken = _Running(server), int(listening.getsockname()[1])
    return Server(replace(reach, host=bare).address(taken), running.run, running.close, taken)


class _Running:
    """A server of waitress that can be ended from another thread: by its own loop, which may be waiting for files that
    must not be closed under it.
    """

    def __init__(self, server: Any) -> None:
        self._server = server
        self._begun = threading.Event()

    def run(self) -> None:
        """Answers until it is closed or interrupted."""
        self._begun.set()
        try:
            self._server.run()
        finally:
            self._server.task_dispatcher.shutdown()

    def close(self) -> None:
        """Ends it, also before it began."""
        if not self._server._map:
            return
        if self._begun.is_set():
            with suppress(OSError):  # a loop that was awake has ended it before it could be woken
                self._server.trigger.pull_trigger(self._close)
        else:
            self._close()

    def _close(self) -> None:
        wasyncore.close_all(self._server._map, ignore_all=True)


def _trusted(reach: Reach) -> dict[str, object]:
    """What waitress is told of who speaks to it: exactly one proxy is believed, and only these two headers."""
    if reach.proxy:
        headers = {"x-forwarded-for", "x-forwarded-proto"}
        return {"trusted_proxy": reach.proxy, "trusted_proxy_count": 1, "trusted_proxy_headers": headers}
    return {"url_scheme": "https" if reach.certificate else "http"}


def _told_once(record: logging.LogRecord) -> bool:
    """Lets the first of waitress's lines about waiting requests and connections through, in Chinese, and none after it.

    Whatever else it says goes through as it is.
    """
    if record.name == "waitress" and not str(record.msg).startswith("total open connections"):
        return True
    if _QUEUED.is_set():
        return False
    _QUEUED.set()
    record.msg, record.args = "同时打开的页面较多，有的要等一会儿；不用做什么。", ()
    return True


def _listen(host: str, first: int, last: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, last + 1):
        try:
            return socket.create_server((host, port), family=family)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise storage_error(error, "", f"不能在 {host} 的端口 {port} 上提供服务") from error
    ports = f"{first}" if first == last else f"{first}—{last}"
    raise UsageError(f"端口 {ports} 已被别的程序占用。", hint="请用 --port 换一个端口，例如 --port 8765。")

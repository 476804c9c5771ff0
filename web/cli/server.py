"""Serving the application with waitress, on this machine only."""

from __future__ import annotations

import errno
import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from waitress.server import create_server  # type: ignore[import-untyped]  # it ships no types

from archive.model.errors import UsageError
from archive.support.storage_errors import storage_error
from web.base.limits import THREADS
from web.base.security import require_loopback
from web.cli import connections

_QUEUED = threading.Event()  # whether anybody has had to wait since the program began
_TRIED = 50
_TAKEN = {errno.EADDRINUSE, errno.EACCES}  # Windows answers EACCES for ports it keeps for itself


@dataclass(frozen=True, slots=True)
class Server:
    """A server that already listens. `run` returns after `close`, called from another thread, or after Ctrl-C."""

    address: str
    run: Callable[[], None]
    close: Callable[[], None]


def bind(app: Flask, host: str = "127.0.0.1", port: int = 8000, *, roam: bool = False) -> Server:
    """Listen on `host`; port 0 takes any free one, and `roam` the next free one when `port` is taken.

    UsageError when `host` is not loopback or the port is taken.
    """
    require_loopback(host)
    logging.getLogger("waitress.queue").addFilter(_told_once)
    # A name may stand for several addresses; the address people type is the one we listen on.
    bare = "127.0.0.1" if host.rstrip(".").lower() == "localhost" else host.strip("[]")
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
    )
    connections.bound(server)
    shown = f"[{bare}]" if ":" in bare else bare
    return Server(f"http://{shown}:{listening.getsockname()[1]}/", server.run, server.close)


def _told_once(record: logging.LogRecord) -> bool:
    """Lets the first of waitress's lines about waiting requests through, in Chinese, and none after it."""
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

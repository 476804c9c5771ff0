"""Connections that keep the server waiting: those nobody sends anything on, and those on which it comes too slowly.

waitress takes a bounded number of connections and then no more at all, so a hundred that stay half open stop the pages
for everybody. Here the one that has been waiting longest makes room.

It also hangs up in the middle of what is too large, and then a browser shows that the connection is broken. Here what
nobody will look at is received and not kept, so that the page can say what to do.
"""

from __future__ import annotations

import time
from typing import Any

from waitress.buffers import OverflowableBuffer  # type: ignore[import-untyped]  # it ships no types
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.parser import HTTPRequestParser  # type: ignore[import-untyped]

from web.base import limits
from web.cli.refusals import Refusal, Stranger

MOST = 300
"""Connections that are kept; select on Windows takes 512."""

SILENT = 20
"""Seconds a connection may stay open without a word."""

_ENDLESS = 2**62  # bytes of a request that waitress goes on receiving
_WHOLE = 60.0  # seconds for a request to be sent whole, but that a body may be as slow as _SLOWEST
_SLOWEST = 20_000  # bytes a second


class _Body(OverflowableBuffer):  # type: ignore[misc]
    """What is sent with a request, kept up to so many bytes."""

    def __init__(self, overflow: int, most: int) -> None:
        super().__init__(overflow)
        self._most = most
        self._sent = 0

    def __len__(self) -> int:
        return self._sent

    def append(self, data: bytes) -> None:
        self._sent += len(data)
        if self._sent <= self._most:
            super().append(data)


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request of which no more is kept than a page may want."""

    def parse_header(self, header_plus: bytes) -> None:
        """For waitress."""
        super().parse_header(header_plus)
        if self.body_rcv is not None:
            self.body_rcv.buf = _Body(self.adj.inbuf_overflow, limits.most_sent(self.path))


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when it has been waiting for the rest of a request."""

    parser_class = Request
    error_task_class = Refusal

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.waiting_since = time.time()
        super().__init__(*arguments, **options)

    def received(self, data: bytes) -> Any:
        """Takes up what was sent."""
        if self.request is None:
            self.waiting_since = time.time()
        return super().received(data)

    def service(self) -> None:
        """Answers a request; one that does not come from the proxy, where there is one, is refused."""
        proxy = self.server.adj.trusted_proxy
        if proxy and self.addr[0] != proxy and not self.requests[0].error:
            self.requests[0].error = Stranger("")
        super().service()

    @property
    def waits(self) -> bool:
        """Whether nothing is being done for it: the next request has not come, or not whole."""
        return not self.requests

    def is_late(self, now: float) -> bool:
        """Whether the request it is sending has been coming for longer than it may."""
        request = self.request
        if not self.waits or request is None:
            return False
        size = len(request.body_rcv) if request.body_rcv is not None else 0
        return now - self.waiting_since > _WHOLE + size / _SLOWEST


def bound(server: Any, channel_class: type[Channel] = Channel) -> None:
    """Makes a server of waitress close connections that keep it waiting."""
    server.channel_class = channel_class
    server.adj.max_request_body_size = _ENDLESS
    usual = server.maintenance

    def maintenance(now: float) -> None:
        usual(now)
        channels = list(server.active_channels.values())
        for channel in channels:
            channel.will_close = channel.will_close or channel.is_late(now)
        waiting = sorted((one for one in channels if one.waits), key=lambda one: one.waiting_since)
        for channel in waiting[: max(0, len(channels) - MOST)]:
            channel.will_close = True

    server.maintenance = maintenance

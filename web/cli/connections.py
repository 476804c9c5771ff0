"""Connections that keep the server waiting: those nobody sends anything on, and those on which it comes too slowly.

waitress takes a bounded number of connections and then no more at all, so a hundred that stay half open stop the pages
for everybody. Here the one that has been waiting longest makes room.
"""

from __future__ import annotations

import time
from typing import Any

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]  # it ships no types

MOST = 300
"""Connections that are kept; select on Windows takes 512."""

SILENT = 20
"""Seconds a connection may stay open without a word."""

_WHOLE = 60.0  # seconds for a request to be sent whole, but that a body may be as slow as _SLOWEST
_SLOWEST = 20_000  # bytes a second


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when it has been waiting for the rest of a request."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.waiting_since = time.time()
        super().__init__(*arguments, **options)

    def received(self, data: bytes) -> Any:
        """Takes up what was sent."""
        if self.request is None:
            self.waiting_since = time.time()
        return super().received(data)

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


def bound(server: Any) -> None:
    """Makes a server of waitress close connections that keep it waiting."""
    server.channel_class = Channel
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

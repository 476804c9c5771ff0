"""What the server says of itself."""

from __future__ import annotations

import logging

import pytest

from web.cli import server


def test_8_waiting_requests_are_told_once_and_in_chinese(caplog: pytest.LogCaptureFixture) -> None:
    server._QUEUED.clear()
    queue = logging.getLogger("waitress.queue")
    queue.addFilter(server._told_once)
    try:
        for depth in range(3):
            queue.warning("Task queue depth is %d", depth)
    finally:
        queue.removeFilter(server._told_once)
    assert [record.getMessage() for record in caplog.records] == ["同时打开的页面较多，有的要等一会儿；不用做什么。"]

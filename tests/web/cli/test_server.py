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


def test_8_connections_too_many_are_told_in_chinese_and_other_lines_stay(caplog: pytest.LogCaptureFixture) -> None:
    server._QUEUED.clear()
    logger = logging.getLogger("waitress")
    logger.addFilter(server._told_once)
    try:
        logger.warning("total open connections reached the connection limit, no longer accepting new connections")
        logger.warning("server accept() threw an exception")
    finally:
        logger.removeFilter(server._told_once)
    told = [record.getMessage() for record in caplog.records]
    assert told == ["同时打开的页面较多，有的要等一会儿；不用做什么。", "server accept() threw an exception"]

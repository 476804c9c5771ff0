"""Connections that stay half open or send too slowly do not keep the pages from the others."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

from web.base import limits
from web.cli import connections
from web.cli.connections import Channel
from web.cli.server import bind

# waitress may still look at its sockets while they are being closed.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")


@pytest.fixture
def place() -> Iterator[tuple[str, int]]:
    """Where a server with one page listens."""
    app = Flask("page")
    app.config["MAX_CONTENT_LENGTH"] = 1000
    app.get("/")(lambda: "水车")
    app.post("/", endpoint="sent")(lambda: str(len(request.form["a"])))
    app.register_error_handler(RequestEntityTooLarge, lambda _: ("太大", 413))
    server = bind(app, port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    split = urlsplit(server.address)
    yield str(split.hostname), int(split.port or 0)
    server.close()
    thread.join(10)


def page(place: tuple[str, int]) -> str:
    connection = http.client.HTTPConnection(*place, timeout=20)
    connection.request("GET", "/")
    words = connection.getresponse().read().decode()
    connection.close()
    return words


def test_half_open_connections_leave_room(place: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST", 20)
    with ExitStack() as opened:
        held = []
        for number in range(110):
            one = opened.enter_context(socket.create_connection(place, timeout=10))
            one.sendall(b"GET / HTTP/1.1\r\n" if number % 2 else b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n1")
            held.append(one)
        assert page(place) == "水车"
        time.sleep(2.5)  # twice as long as between two looks
        closed = sum(_closed(one) for one in held)
        assert closed >= 110 - 20 - 1
        assert page(place) == "水车"


def _closed(one: socket.socket) -> bool:
    one.settimeout(0.05)
    try:
        return one.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def channel(since: float, sent: int | None, requests: int = 0) -> Channel:
    one = Channel.__new__(Channel)
    body = None if sent is None else b"x" * sent
    one.waiting_since, one.requests = since, [None] * requests
    one.request = SimpleNamespace(body_rcv=body)
    return one


@pytest.mark.parametrize(
    ("seconds", "sent", "slow"),
    [(30, None, False), (61, None, True), (61, 0, True), (61, 200_000, False), (200, 200_000, True)],
)
def test_a_request_has_its_time(seconds: int, sent: int | None, slow: bool) -> None:
    assert channel(1000.0, sent).is_late(1000.0 + seconds) is slow


def test_one_that_is_being_answered_is_left_alone() -> None:
    assert not channel(0.0, None, requests=1).is_late(1e6)


@pytest.mark.parametrize("size", [900, 5000, 3_000_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_what_is_too_large_is_answered_in_words(
    place: tuple[str, int], monkeypatch: pytest.MonkeyPatch, size: int, chunked: bool
) -> None:
    """Not by a connection that breaks while it is still being sent; and the next request comes on the same one."""
    monkeypatch.setattr(limits, "MOST_SENT", 2000)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection = http.client.HTTPConnection(*place, timeout=20)
    body = b"a=" + b"b" * size
    connection.request("POST", "/", iter([body]) if chunked else body, form, encode_chunked=chunked)
    answer = connection.getresponse()
    assert answer.read().decode() == (str(size) if size < 1000 else "太大")
    connection.request("GET", "/")
    assert connection.getresponse().read().decode() == "水车"
    connection.close()

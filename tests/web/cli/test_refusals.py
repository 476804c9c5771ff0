"""What the server refuses before the pages see it is a small page in Chinese."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask

from web.cli.server import bind


@pytest.fixture
def place() -> Iterator[tuple[str, int]]:
    """Where a server with one page that fails listens."""
    app = Flask("page")

    def broken(_environ: object, _start: object) -> list[bytes]:
        raise RuntimeError("broken")

    app.wsgi_app = broken  # type: ignore[assignment]
    server = bind(app, port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    split = urlsplit(server.address)
    yield str(split.hostname), int(split.port or 0)
    server.close()
    thread.join(10)


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        (b"GARBAGE\r\n\r\n", b"400", "看不懂这个请求"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nbroken\r\n\r\n", b"400", "看不懂这个请求"),
        (b"GET /?q=" + b"a" * 65_600 + b" HTTP/1.1\r\n\r\n", b"431", "地址太长"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", b"501", "不能这样提交"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"500", "系统出错了"),
    ],
)
def test_each_refusal_says_what_to_do(place: tuple[str, int], sent: bytes, status: bytes, words: str) -> None:
    with socket.create_connection(place, timeout=20) as one:
        one.sendall(sent)
        answer = b""
        while piece := one.recv(65_536):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split(b" ")[1] == status
    assert "text/html; charset=utf-8" in head.decode() and "nosniff" in head.decode()
    assert f"<h1>{words}</h1>" in body.decode() and "waitress" not in answer.decode().lower()

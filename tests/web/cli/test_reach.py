"""Others than this machine get to the pages only with accounts and over TLS; a proxy is believed exactly."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask, request

from archive.model.errors import UsageError
from web.base import security
from web.base.site import Site
from web.cli.reach import Reach, reach
from web.cli.server import bind

FILE = Path("a.pem")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.5", "example.com"])
def test_the_network_needs_a_certificate(host: str) -> None:
    with pytest.raises(UsageError, match="没有证书") as refused:
        reach(host, None, None, "", ())
    assert "wenshi certificate" in refused.value.hint and "127.0.0.1" in refused.value.hint


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("127.0.0.1", FILE, None, "", ()), "要一起给"),
        (("127.0.0.1", None, None, "", ("a.lan",)), "--name"),
        (("127.0.0.1", None, None, "127.0.0.1", ()), "主机名"),
        (("127.0.0.1", None, None, "nginx", ("a.lan",)), "代理的地址"),
        (("127.0.0.1", None, None, "10.0.0.0/8", ("a.lan",)), "代理的地址"),
        (("127.0.0.1", FILE, FILE, "127.0.0.1", ("a.lan",)), "不能一起用"),
    ],
)
def test_what_does_not_go_together_is_refused(
    options: tuple[str, Path | None, Path | None, str, tuple[str, ...]], words: str
) -> None:
    with pytest.raises(UsageError, match=words) as refused:
        reach(*options)
    assert refused.value.hint


def test_the_network_needs_accounts_and_this_machine_does_not() -> None:
    Reach().require_accounts(False)
    for open_to_all in (Reach("0.0.0.0"), reach("127.0.0.1", None, None, "127.0.0.1", ("a.lan",))):
        open_to_all.require_accounts(True)
        with pytest.raises(UsageError, match="还没有账号"):
            open_to_all.require_accounts(False)


def test_the_address_is_one_that_can_be_opened() -> None:
    assert Reach("::1").address(8000) == "http://[::1]:8000/"
    assert Reach("0.0.0.0", site=Site(("pc.lan",))).address(8000) == "http://pc.lan:8000/"
    assert reach("127.0.0.1", None, None, "::1", ("wenshi.example.cn",)).address(8000) == "https://wenshi.example.cn/"


@contextmanager
def running(proxy: str, folder: Path) -> Iterator[http.client.HTTPConnection]:
    app = Flask("pages")
    to = reach("127.0.0.1", None, None, proxy, ("wenshi.example.cn",))
    security.protect(app, folder, to.site)
    app.get("/")(lambda: f"{request.scheme} {request.remote_addr}")
    server = bind(app, to, 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        yield connection
    finally:
        connection.close()
        server.close()
        thread.join(10)


def answer(connection: http.client.HTTPConnection, **headers: str) -> tuple[int, str]:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", "/", headers={"Host": "wenshi.example.cn"} | given)
    found = connection.getresponse()
    return found.status, found.read().decode()


def test_the_proxy_is_believed_and_its_last_word_only(tmp_path: Path) -> None:
    with running("127.0.0.1", tmp_path) as connection:
        told = {"X_Forwarded_Proto": "https", "X_Forwarded_For": "6.6.6.6, 192.168.1.9"}
        assert answer(connection, **told) == (200, "https 192.168.1.9")
        assert answer(connection, **told | {"X_Forwarded_Host": "evil.example"})[0] == 200
        assert answer(connection, **told | {"Host": "evil.example"})[0] == 403
        status, words = answer(connection)
        assert status == 403 and "https" in words


def test_nobody_else_is_answered(tmp_path: Path) -> None:
    with running("192.0.2.7", tmp_path) as connection:
        status, words = answer(connection, X_Forwarded_Proto="https", X_Forwarded_For="192.0.2.7")
        assert status == 403 and "指定的代理" in words


def test_the_address_shown_is_where_it_is(tmp_path: Path) -> None:
    server = bind(Flask("test"), Reach("localhost"), 0)
    assert urlsplit(server.address).hostname == "127.0.0.1"
    server.close()

"""TLS: a certificate of one's own, connections that hang or speak plainly, and certificates that cannot be used."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, request

from archive.model.errors import ConfigError, UsageError
from web.cli import connections, own_certificate, tls
from web.cli.reach import reach
from web.cli.server import bind

LARGE = 3_000_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a certificate."""
    folder = tmp_path_factory.mktemp("certificate")
    own_certificate.make(["127.0.0.1", "Wenshi-PC.lan"], folder)
    return folder


@contextmanager
def running(made: Path) -> Iterator[tuple[str, int]]:
    """Where a server with a few pages listens over TLS."""
    app = Flask("pages")
    app.add_url_rule("/", "small", lambda: f"{request.scheme} 水车")
    app.add_url_rule("/large", "large", lambda: "水" * LARGE)
    app.add_url_rule("/sent", "sent", lambda: str(len(request.get_data())), methods=["POST"])
    to = reach("127.0.0.1", made / own_certificate.CERTIFICATE, made / own_certificate.KEY, "", ())
    server = bind(app, to, 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    split = urlsplit(server.address)
    assert split.scheme == "https"
    try:
        yield str(split.hostname), int(split.port or 0)
    finally:
        server.close()
        thread.join(10)


def asked(made: Path, place: tuple[str, int], path: str = "/", body: bytes | None = None) -> str:
    context = ssl.create_default_context(cafile=made / own_certificate.AUTHORITY)
    connection = http.client.HTTPSConnection(*place, timeout=20, context=context)
    connection.request("GET" if body is None else "POST", path, body)
    answer = connection.getresponse()
    words = answer.read().decode()
    connection.close()
    assert answer.status == 200, words
    return words


def test_pages_large_and_small_go_both_ways(made: Path) -> None:
    with running(made) as place:
        assert asked(made, place) == "https 水车"
        assert len(asked(made, place, "/large")) == LARGE
        assert asked(made, place, "/sent", b"x" * LARGE) == str(LARGE)


def test_a_browser_that_does_not_know_the_authority_is_told_by_tls(made: Path) -> None:
    with running(made) as place, pytest.raises(ssl.SSLCertVerificationError):
        connection = http.client.HTTPSConnection(*place, timeout=20, context=ssl.create_default_context())
        connection.request("GET", "/")


def test_plain_http_is_led_to_https(made: Path) -> None:
    with running(made) as place:
        connection = http.client.HTTPConnection(*place, timeout=20)
        connection.request("GET", "/large?q=%E6%B0%B4")
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Location"]) == (308, f"https://127.0.0.1:{place[1]}/large?q=%E6%B0%B4")
        assert "请打开 https://" in answer.read().decode()
        connection.close()


def test_handshakes_that_never_end_leave_room(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST", 20)
    with running(made) as place, ExitStack() as opened:
        for number in range(60):
            one = opened.enter_context(socket.create_connection(place, timeout=10))
            one.sendall((b"", b"\x16", b"\x16\x03\x01\x02\x00\x01", b"\x16" + b"\xff" * 40)[number % 4])
        assert asked(made, place) == "https 水车"


def certificate(folder: Path) -> tuple[Path, Path]:
    own_certificate.make(["wenshi.lan"], folder)
    return folder / own_certificate.CERTIFICATE, folder / own_certificate.KEY


def test_it_is_for_the_names_asked_for_and_for_no_others(made: Path) -> None:
    found = tls.certificate(made / own_certificate.CERTIFICATE, made / own_certificate.KEY)
    assert found.names == ("wenshi-pc.lan", "127.0.0.1")
    assert found.warning == ""
    assert not found.until - datetime.now(UTC) > timedelta(days=own_certificate.DAYS)


def test_only_its_owner_may_read_the_key(made: Path) -> None:
    if os.name == "nt":
        pytest.skip("Windows keeps no such marks: a file is its user's by the folder it lies in")
    assert not (made / own_certificate.KEY).stat().st_mode & 0o077


Spoil = Callable[[Path, Path], None]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda file, key: file.unlink(), "没有证书文件"),
        (lambda file, key: key.unlink(), "没有证书的私钥文件"),
        (lambda file, key: file.write_text("不是证书", encoding="utf-8"), "用不了"),
        (lambda file, key: key.write_bytes(b"\x00\xff" * 50), "用不了"),
        (lambda file, key: key.write_bytes(file.read_bytes()), "用不了"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, spoil: Spoil, words: str) -> None:
    file, key = certificate(tmp_path)
    spoil(file, key)
    with pytest.raises(ConfigError, match=words) as refused:
        tls.certificate(file, key)
    assert refused.value.hint


@pytest.mark.parametrize(("days", "words"), [(-5, "不在里面"), (own_certificate.DAYS + 1, "不在里面"), (810, "")])
def test_its_days_are_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, words: str) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=days)

    file, key = certificate(tmp_path)
    monkeypatch.setattr(tls, "datetime", Later)
    if words:
        with pytest.raises(ConfigError, match=words):
            tls.certificate(file, key)
    else:
        assert "天到期" in tls.certificate(file, key).warning


@pytest.mark.parametrize("name", ["", "水车", "a b", "a/b", "-" + "a" * 300, "*.lan"])
def test_a_name_that_cannot_be_certified_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="不能写进证书"):
        own_certificate.make([name], tmp_path)


def test_an_authority_for_addresses_vouches_for_no_name(tmp_path: Path) -> None:
    from cryptography import x509

    for names, wanted in ((["192.168.1.7"], {"invalid", "192.168.1.7/32"}), (["pc.lan"], {"pc.lan", "0.0.0.0/32"})):
        own_certificate.make(names, tmp_path)
        root = x509.load_pem_x509_certificate((tmp_path / own_certificate.AUTHORITY).read_bytes())
        only = root.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
        assert {str(one.value) for one in only or ()} == wanted

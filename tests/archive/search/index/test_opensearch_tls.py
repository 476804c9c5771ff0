"""OpenSearch behind a proxy that encrypts and asks for a password, as clusters are guarded; and what goes wrong.

Node and proxy are real; `make test-cluster` starts the node and names it, the proxy is a few lines here.
"""

from __future__ import annotations

import base64
import http.client
import os
import secrets
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ConfigError, EngineAway
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.store import Store
from archive.store.folder import Settings
from web.cli import own_certificate

NODE = os.environ.get("WENSHI_TEST_OPENSEARCH", "")
pytestmark = pytest.mark.skipif(not NODE, reason="no OpenSearch is named: make test-cluster")

LOCAL = Actor.local()
PASSWORD = "渡口的水车"


class Proxy(ThreadingHTTPServer):
    """Hands requests on to the node from who knows the password; `trouble` is a status to answer instead."""

    daemon_threads = True
    password = PASSWORD
    trouble = 0
    slow = 0.0

    def handle_error(self, *_: Any) -> None:
        """A client that does not trust the certificate hangs up, which is no fault."""


class _Hand(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _pass_on(self) -> None:
        proxy: Any = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        wanted = base64.b64encode(f"wenshi:{proxy.password}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {wanted}":
            return self._answer(401, b"Unauthorized", "text/plain")
        if proxy.trouble:
            return self._answer(proxy.trouble, b"{}", "application/json")
        time.sleep(proxy.slow)
        with closing(http.client.HTTPConnection(NODE.removeprefix("http://"), timeout=120)) as node:
            kind = {"Content-Type": self.headers["Content-Type"]} if "Content-Type" in self.headers else {}
            node.request(self.command, self.path, body, kind)
            found = node.getresponse()
            return self._answer(found.status, found.read(), found.headers.get("Content-Type", ""))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass_on

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[tuple[Proxy, Path]]:
    """A proxy with a certificate of the office's own, and the folder in which its authority lies."""
    own_certificate.make(("127.0.0.1",), tmp_path / "tls")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "tls" / own_certificate.CERTIFICATE, tmp_path / "tls" / own_certificate.KEY)
    server = Proxy(("127.0.0.1", 0), _Hand)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server, tmp_path / "tls"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def root(proxy: tuple[Proxy, Path], tmp_path: Path) -> Path:
    """A library with one text, which is found through the proxy."""
    server, tls = proxy
    login = tls / "login.toml"
    login.write_text(
        f'user = "wenshi"\npassword = "{PASSWORD}"\nca = "{own_certificate.AUTHORITY}"\n', encoding="utf-8"
    )
    hosts = [f"https://127.0.0.1:{server.server_address[1]}"]
    options = {"hosts": hosts, "index": f"t{secrets.token_hex(6)}", "copies": 0, "credentials": str(login)}
    Store.create(tmp_path / "清水", Settings(engine="opensearch", options={"opensearch": options})).close()
    with Library.open(tmp_path / "清水") as library:
        _take_in(library, tmp_path, "水车在河边转。")
        assert library.session(LOCAL).search(Search(text="水车")).total == 1
    return tmp_path / "清水"


def _take_in(library: Library, folder: Path, words: str) -> None:
    session = library.session(LOCAL)
    session.save_collection(Collection("c", "集"))
    original = folder / f"{secrets.token_hex(4)}.txt"
    original.write_text(words, encoding="utf-8")
    blocks = (Block.plain(Kind.TITLE, words[:4]), Block.plain(Kind.PARAGRAPH, words))
    session.add(original, original.name, [Article(collection="c", blocks=blocks)], [])


@contextmanager
def _away(root: Path, folder: Path, told: str) -> Iterator[None]:
    """Searching is told so; what is read from the store, and what is taken in meanwhile, is as it was.

    After the body it is put right, and what was taken in is found.
    """
    with Library.open(root) as library:
        session = library.session(LOCAL)
        with pytest.raises(EngineAway) as caught:
            session.search(Search(text="水车"))
        assert told in caught.value.message and "阅读不受影响" in caught.value.hint
        assert session.article("1").title == "水车在河" and session.collections()[0].title == "集"
        assert library.parts_answering() == {"store": True, "search": False, "files": True}
        _take_in(library, folder, "停着的时候收的一篇。")
        assert session.article("2").title == "停着的时"
    yield
    with Library.open(root) as library:
        assert library.session(LOCAL).search(Search(text="停着的时候")).total == 1


def test_opensearch_guarded_by_a_password_over_tls(root: Path) -> None:
    for file in root.rglob("*"):
        assert not file.is_file() or PASSWORD.encode() not in file.read_bytes()


def test_opensearch_whose_password_was_changed(root: Path, proxy: tuple[Proxy, Path], tmp_path: Path) -> None:
    proxy[0].password = "changed"
    with _away(root, tmp_path, "不认这个用户或密码"):
        proxy[0].password = PASSWORD


def test_opensearch_half_down(root: Path, proxy: tuple[Proxy, Path], tmp_path: Path) -> None:
    proxy[0].trouble = 503
    with _away(root, tmp_path, "有一部分不在，答不全"):
        proxy[0].trouble = 0


def test_opensearch_whose_certificate_nobody_vouches_for(root: Path, proxy: tuple[Proxy, Path], tmp_path: Path) -> None:
    authority = proxy[1] / own_certificate.AUTHORITY
    good = authority.read_bytes()
    own_certificate.make(("127.0.0.1",), tmp_path / "other")
    authority.write_bytes((tmp_path / "other" / own_certificate.AUTHORITY).read_bytes())
    with _away(root, tmp_path, "连不上检索服务"):
        authority.write_bytes(good)


def test_opensearch_that_answers_late(root: Path, proxy: tuple[Proxy, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.search.index.opensearch_client._SECONDS", 1)
    proxy[0].slow = 3
    with Library.open(root) as library:
        with pytest.raises(EngineAway, match="太慢"):
            library.session(LOCAL).search(Search(text="水车"))
        assert library.session(LOCAL).article("1").title == "水车在河"


def test_opensearch_that_takes_nothing_in_since_its_disk_is_full(root: Path, tmp_path: Path) -> None:
    """Its watermark makes indexes read-only; finding goes on."""
    with Library.open(root) as library:
        session, engine = library.session(LOCAL), library._engine
        client: Any = engine._engine._client  # type: ignore[attr-defined]
        block = "index.blocks.read_only_allow_delete"
        client.opensearch.indices.put_settings(index=client.alias, body={block: True})
        _take_in(library, tmp_path, "停着的时候收的一篇。")
        assert session.search(Search(text="水车")).total == 1 and session.article("2").title == "停着的时"
        client.opensearch.indices.put_settings(index=client.alias, body={block: None})
    with Library.open(root) as library:
        assert library.session(LOCAL).search(Search(text="停着的时候")).total == 1


def test_opensearch_whose_login_cannot_be_read(root: Path, proxy: tuple[Proxy, Path]) -> None:
    (proxy[1] / "login.toml").unlink()
    with pytest.raises(ConfigError, match="读不出登录检索服务用的文件"):
        Library.open(root)

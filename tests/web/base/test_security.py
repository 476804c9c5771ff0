"""Only this machine is served."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from archive.model.errors import UsageError
from archive.support import library_folder
from web.base import security
from web.cli.server import bind


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "LOCALHOST.", "::1", "[::1]"])
def test_loopback(host: str) -> None:
    security.require_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "", "192.168.1.5", "localhost.evil.example", "example.com", "[", "127.1"]
)
def test_everything_else_is_refused_with_the_reason(host: str) -> None:
    with pytest.raises(UsageError, match="账号") as refused:
        security.require_loopback(host)
    assert "127.0.0.1" in refused.value.hint


def test_binding_refuses_the_network() -> None:
    with pytest.raises(UsageError, match="账号"):
        bind(Flask("test"), "0.0.0.0", 0)


def test_a_taken_port_is_named_and_the_next_one_found() -> None:
    first = bind(Flask("test"), port=0)
    port = int(first.address.rstrip("/").rpartition(":")[2])
    try:
        with pytest.raises(UsageError, match=f"端口 {port}"):
            bind(Flask("test"), port=port)
        second = bind(Flask("test"), "localhost", port, roam=True)
        second.close()
        assert second.address.startswith("http://127.0.0.1:") and second.address != first.address
    finally:
        first.close()


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    keys = set()
    for name in ("one", "two"):
        app = Flask(name)
        security.protect(app, tmp_path)
        keys.add(app.config["SECRET_KEY"])
    assert len(keys) == 1 and len(keys.pop()) == 64
    assert [file.name for file in tmp_path.iterdir()] == [library_folder.WEB_KEY]


def test_an_empty_key_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / library_folder.WEB_KEY).write_text("", encoding="ascii")
    app = Flask("test")
    security.protect(app, tmp_path)
    assert app.config["SECRET_KEY"]


def test_a_key_that_cannot_be_kept_serves_this_run_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = Flask("test")
    security.protect(app, tmp_path / "missing")
    assert len(app.config["SECRET_KEY"]) == 64
    assert library_folder.WEB_KEY in caplog.text

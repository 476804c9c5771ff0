"""By which names the pages are reached, where they listen, and the key that signs what browsers hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from archive.model.errors import UsageError
from archive.support import library_folder
from web.base import security
from web.base.site import HERE, Site
from web.cli.reach import Reach
from web.cli.server import bind


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "LOCALHOST.", "::1", "[::1]"])
def test_this_machine_is_always_covered(host: str) -> None:
    assert HERE.covers(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "", "192.168.1.5", "localhost.evil.example", "example.com", "[", "127.1"]
)
def test_everything_else_is_not_unless_it_was_named(host: str) -> None:
    assert not HERE.covers(host) and not Site(("wenshi.example.cn", "*.lan")).covers(host)


@pytest.mark.parametrize("host", ["wenshi.example.cn", "WENSHI.example.cn.", "pc.lan", "fd00::7", "[fd00::7]"])
def test_names_are_covered(host: str) -> None:
    assert Site(("wenshi.example.cn", "*.lan", "fd00::7")).covers(host)


@pytest.mark.parametrize("host", ["lan", "a.pc.lan", "example.cn", "a.wenshi.example.cn"])
def test_a_star_stands_for_one_part(host: str) -> None:
    assert not Site(("wenshi.example.cn", "*.lan")).covers(host)


def test_a_taken_port_is_named_and_the_next_one_found() -> None:
    first = bind(Flask("test"), port=0)
    port = int(first.address.rstrip("/").rpartition(":")[2])
    try:
        with pytest.raises(UsageError, match=f"端口 {port}"):
            bind(Flask("test"), port=port)
        second = bind(Flask("test"), Reach("localhost"), port, roam=True)
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

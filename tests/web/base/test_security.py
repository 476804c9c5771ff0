"""By which names the pages are reached, where they listen, and the key that signs what browsers hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, Rule
from werkzeug.routing.converters import NumberConverter

from archive.library import Library
from archive.model.errors import UsageError
from archive.support import library_folder
from web.app import create_app
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


def test_every_form_must_carry_its_token(library: Library) -> None:
    """Also those that are yet to be written: whatever takes a POST refuses one without the token, before it looks."""
    app = create_app(library)
    client = app.test_client()
    client.get("/collections")
    rules = list(app.url_map.iter_rules())
    programs = [rule for rule in rules if rule.rule.startswith("/api/v1/")]
    # Harvesters may post their questions, and change nothing by it.
    forms = [rule for rule in rules if rule not in programs and rule.endpoint != "harvest.oai"]
    assert not {"PUT", "DELETE", "PATCH"} & {method for rule in forms for method in rule.methods or ()}
    changing = [(rule, "POST") for rule in forms if "POST" in (rule.methods or ())]
    assert len(changing) > 40
    for rule, method in changing:
        answer = client.open(_address(app, rule, method), method=method, data={"token": "made up"})
        assert answer.status_code == 403 and "已经过期" in answer.text, rule
    for rule in programs:
        for method in {"POST", "PUT", "PATCH", "DELETE"} & set(rule.methods or ()):
            answer = client.open(_address(app, rule, method), method=method, json={})
            assert answer.status_code == 401, (rule, method)  # a browser's cookie changes nothing there


def _address(app: Flask, rule: Rule, method: str) -> str:
    given = {name: _example(converter) for name, converter in rule._converters.items()}
    return app.url_map.bind("").build(rule.endpoint, given, method=method)


def _example(converter: BaseConverter) -> object:
    """Something that stands in an address where it is converted so."""
    if isinstance(converter, AnyConverter):
        return next(iter(converter.items))
    return 1 if isinstance(converter, NumberConverter) else "1"

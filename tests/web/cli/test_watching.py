"""What watchers are given: every answer as a line of JSON and as figures, and never a word that was typed."""

from __future__ import annotations

import importlib.util
import json
import logging
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from archive.library import Library
from archive.model.errors import ConfigError
from web.app import create_app
from web.cli import watching
from web.cli.watching import JsonLines, Watched, Watching

SECRET = "水车转不停"
INSTALLED = importlib.util.find_spec("prometheus_client") is not None


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Flask, Library]]:
    with Library.create(tmp_path / "library") as library:
        yield create_app(library), library


def test_every_answer_is_a_line_without_what_was_asked(
    served: tuple[Flask, Library], capsys: pytest.CaptureFixture[str]
) -> None:
    app, library = served
    with ExitStack() as until:
        client = Client(Watching(log_json=True).over(app, app, library, until))
        assert client.get(f"/api/v1/search?q={SECRET}").status_code == 200
        assert client.get(f"/article/{SECRET}").status_code == 404
        assert client.get(f"/{SECRET}").status_code == 404
        client.post("/intake", data={"title": SECRET})
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert [(line["page"], line["method"], line["status"]) for line in lines] == [
        ("api.search", "GET", 200),
        ("reading.article", "GET", 404),
        ("none", "GET", 404),
        ("intake.receive", "POST", 403),
    ]
    assert all(line["seconds"] >= 0 and line["at"].endswith("Z") for line in lines)
    assert SECRET not in written and "%" not in written


def test_a_page_that_fails_is_counted_as_one(served: tuple[Flask, Library]) -> None:
    told: list[watching.Answered] = []

    def broken(*_: object) -> list[bytes]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        Client(Watched(broken, served[0], [told.append])).get("/")
    assert [(one.page, one.status) for one in told] == [("search.search", 500)]


def test_a_warning_is_one_line(served: tuple[Flask, Library]) -> None:
    record = logging.LogRecord("archive.store", logging.WARNING, "", 1, "磁盘\n快满了：%d", (3,), None)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "磁盘\n快满了：3" and json.loads(line)["level"] == "warning"


def test_nothing_is_put_around_what_nobody_watches(served: tuple[Flask, Library]) -> None:
    app, library = served
    with ExitStack() as until:
        assert Watching().over(app, app, library, until) is app


@pytest.mark.skipif(INSTALLED, reason="wenshi[cluster] is installed")
def test_without_the_extra_it_is_said_what_to_install(served: tuple[Flask, Library]) -> None:
    app, library = served
    with ExitStack() as until, pytest.raises(ConfigError, match="没有装全") as told:
        Watching(metrics=0).over(app, app, library, until)
    assert "wenshi[cluster]" in told.value.hint


@pytest.mark.skipif(not INSTALLED, reason="wenshi[cluster] is not installed: make test-cluster")
def test_figures_are_those_of_prometheus(served: tuple[Flask, Library]) -> None:
    app, library = served
    with watching.metrics(app, library, 0) as (tell, port):
        Client(Watched(app, app, [tell])).get(f"/api/v1/search?q={SECRET}")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
            figures = answer.read().decode("utf-8")
    assert 'wenshi_answer_seconds_count{method="GET",page="api.search",status="200"} 1.0' in figures
    assert 'wenshi_part_up{part="store"} 1.0' in figures and 'wenshi_part_up{part="files"} 1.0' in figures
    assert 'wenshi_jobs{state="waiting"} 0.0' in figures and SECRET not in figures

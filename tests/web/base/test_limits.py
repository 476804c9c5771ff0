"""The work of one request is bounded: time, fields, threads."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.library import Library
from archive.support.cancellation import raise_if_cancelled
from web.app import create_app
from web.base import limits


@pytest.fixture
def app(library: Library) -> Flask:
    app = create_app(library)
    app.add_url_rule("/looks", "looks", view_func=lambda: raise_if_cancelled() or "看完了")
    app.add_url_rule("/writes", "writes", view_func=lambda: raise_if_cancelled() or "写完了", methods=["POST"])
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def sent(client: FlaskClient, path: str, **form: str) -> str:
    client.get("/intake")
    with client.session_transaction() as login:
        token = login["token"]
    return client.post(path, data={"token": token, **form}).text


def test_a_page_that_takes_too_long_is_given_up(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/looks").text == "看完了"
    monkeypatch.setattr(limits, "SECONDS", -1.0)
    answer = client.get("/looks")
    assert answer.status_code == 503
    assert "缩小范围" in answer.text
    assert client.get("/?q=水车").status_code == 503  # a search comes to it by itself


def test_what_changes_the_library_is_finished(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", -1.0)
    app = client.application
    token = "t"
    with client.session_transaction() as login:
        login["token"] = token
    assert app is not None
    assert client.post("/writes", data={"token": token}).text == "写完了"


def test_the_next_request_has_its_own_time(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as short:
        short.setattr(limits, "SECONDS", -1.0)
        assert client.get("/looks").status_code == 503
    assert client.get("/looks").text == "看完了"


def test_a_form_has_so_many_fields(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_FIELDS", 10)
    assert sent(client, "/writes", **{f"a{number}": "1" for number in range(9)}) == "写完了"
    assert "项目太多" in sent(client, "/writes", **{f"a{number}": "1" for number in range(10)})


def test_some_threads_are_for_readers(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_PATIENCE", 0.01)
    threads: threading.BoundedSemaphore = app.extensions[limits._KEY]
    taken = 0
    while threads.acquire(blocking=False):
        taken += 1
    assert taken == limits.THREADS - limits.FOR_READERS
    assert "太多" in sent(client, "/writes")
    assert client.get("/looks").text == "看完了"
    threads.release()
    assert sent(client, "/writes") == "写完了"
    assert sent(client, "/writes") == "写完了"  # it was given back

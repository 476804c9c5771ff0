"""Writing by API, with a token: the same as the session does, refused where the session refuses."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import Scope
from archive.model.records import Article, Block, Collection, Kind
from archive.session import Session
from web.app import create_app
from web.base.jobs import jobs

TEXT = "1931年，河边有水车。"
Ask = Callable[..., TestResponse]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as created:
        session = created.session(Actor.local())
        session.save_collection(Collection("c", "文史资料"))
        file = tmp_path / "a.txt"
        file.write_text("a", encoding="utf-8")
        blocks = (Block.plain(Kind.TITLE, "水车"), Block.plain(Kind.PARAGRAPH, TEXT))
        session.add(file, file.name, [Article(id="a1", collection="c", blocks=blocks)], ())
        yield created


@pytest.fixture
def session(library: Library) -> Session:
    return library.session(Actor.local())


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


@pytest.fixture
def ask(client: FlaskClient, session: Session) -> Ask:
    """Ask with a token of all scopes, or of those given."""

    def ask(method: str, address: str, sent: object = None, scopes: tuple[Scope, ...] = tuple(Scope)) -> TestResponse:
        _, secret = session.tokens.make("程序", scopes)
        headers = {"Authorization": f"Bearer {secret}"}
        return client.open(f"/api/v1{address}", method=method, json=sent, headers=headers)

    return ask


def rewrite(text: str, before: str = TEXT, version: int = 0) -> dict[str, Any]:
    edit = {"do": "rewrite", "block": 1, "before": before, "texts": [text]}
    return {"edits": [edit], "reason": "错字", "version": version}


def test_a_correction_is_a_new_version(ask: Ask, session: Session) -> None:
    answer = ask("POST", "/articles/a1/corrections", rewrite("1931年，河上有水车。"))
    assert answer.status_code == 200 and answer.get_json()["version"] == 2
    assert session.article("a1").blocks[1].text == "1931年，河上有水车。"
    assert session.versions("a1")[-1].who == "本机" and session.versions("a1")[-1].reason == "错字"
    late = ask("POST", "/articles/a1/corrections", rewrite("别的", version=1))
    assert late.status_code == 409 and session.article("a1").version == 2


def test_without_the_scope_nothing_is_changed(ask: Ask, session: Session) -> None:
    for scope in set(Scope) - {Scope.CORRECT}:
        answer = ask("POST", "/articles/a1/corrections", rewrite("别的"), (scope,))
        assert answer.status_code == 403 and "更正、著录" in answer.get_json()["hint"]
    assert session.article("a1").version == 1


def test_what_is_sent_has_a_form(ask: Ask, client: FlaskClient, session: Session) -> None:
    wrong: tuple[object, ...] = (
        [], {}, {"edits": []}, {**rewrite("x"), "quark": 1}, {**rewrite("x"), "edits": [{"do": "quark"}]},
    )  # fmt: skip
    for sent in wrong:
        answer = ask("POST", "/articles/a1/corrections", sent)
        assert answer.status_code == 400, sent
        assert "`" not in answer.get_json()["detail"]
    _, secret = session.tokens.make("程序", [Scope.CORRECT])
    headers = {"Authorization": f"Bearer {secret}"}
    for body, kind, status in ((b"{", "application/json", 400), (b"x=1", "application/x-www-form-urlencoded", 415)):
        answer = client.post("/api/v1/articles/a1/corrections", data=body, content_type=kind, headers=headers)
        assert answer.status_code == status and answer.mimetype == "application/problem+json"


def test_descriptions_and_dates(ask: Ask, session: Session) -> None:
    answer = ask("PATCH", "/articles/a1/fields", {"fields": {"栏目": "水利"}, "reason": "补录"})
    assert answer.status_code == 200 and session.article("a1").section == "水利"
    assert ask("PATCH", "/articles/a1/fields", {"fields": {"没有的": "x"}, "reason": "补录"}).status_code == 422
    place = {"block": 1, "start": 0, "end": 5, "reason": "核对"}
    told = ask("POST", "/articles/a1/dates", {**place, "expression": "1932年"}).get_json()["dates"]
    assert told[0]["period"]["start"] == "1932-01-01"
    assert ask("POST", "/articles/a1/dates", place).get_json() == {"dates": []}


def test_labels_cards_and_a_compilation(ask: Ask, session: Session) -> None:
    place = {"block": 1, "start": 0, "end": 5}
    assert ask("PUT", "/articles/a1/labels", {**place, "label": "保留"}, (Scope.READ,)).status_code == 204
    assert ask("PUT", "/articles/a1/labels", {**place, "label": "别的"}).status_code == 422
    made = ask("POST", "/cards", {"article": "a1", **place})
    assert made.status_code == 201 and made.get_json()["written"] == "1931年"
    key = made.get_json()["key"]
    changed = ask("PUT", f"/cards/{key}", {"note": "待查", "checked": "存疑"})
    assert changed.get_json()["said"]["note"] == "待查" and session.cards.get(key).card.said.checked == "存疑"
    assert ask("POST", "/compilations", {"name": "水利"}).status_code == 201
    assert ask("POST", "/compilations", {"name": "水利"}).status_code == 409
    told = ask("POST", "/compilations/水利/cards", {"cards": [key]}).get_json()
    assert [one["cards"] for one in told["events"]] == [[key]]
    assert ask("POST", "/compilations/水利/cards", {"cards": [key], "revision": 1}).status_code == 409
    assert ask("DELETE", f"/cards/{key}").status_code == 204
    assert ask("GET", f"/cards/{key}").status_code == 404


def done(client: FlaskClient, answer: TestResponse) -> Any:
    """What a job is in the end."""
    assert answer.status_code == 202, answer.text
    id = answer.get_json()["id"]
    with client.application.app_context():
        work = jobs().get(id)
        end = time.monotonic() + 300
        while not work.over and time.monotonic() < end:
            time.sleep(0.02)
    return client.get(f"/api/v1/jobs/{id}").get_json()


def test_a_file_is_taken_in(client: FlaskClient, session: Session) -> None:
    _, secret = session.tokens.make("程序", [Scope.IMPORT])
    headers = {"Authorization": f"Bearer {secret}"}
    text = "渡口旧事\n\n黄河边上的渡口，有羊皮筏子。".encode()

    def sent(**parameters: str) -> TestResponse:
        kind = "application/octet-stream"
        return client.post("/api/v1/imports", query_string=parameters, data=text, content_type=kind, headers=headers)

    work = done(client, sent(name="渡口.txt", collection="c", mode="article"))
    assert work["state"] == "done" and work["outcome"]["files"][0]["ids"], json.dumps(work, ensure_ascii=False)
    id = work["outcome"]["files"][0]["ids"][0]
    assert "羊皮筏子" in session.article(id).blocks[-1].text and session.article(id).collection == "c"
    assert sent(name="渡口.txt", collection="none").status_code == 404
    assert sent(name="").status_code == sent().status_code == 400
    wrong = client.post("/api/v1/imports?name=a.txt", json={}, headers=headers)
    assert wrong.status_code == 415


def test_a_book_is_made(ask: Ask, client: FlaskClient, session: Session) -> None:
    assert ask("POST", "/books", {"name": "一辑", "articles": ["a1"], "title": "水车集"}).status_code == 201
    assert ask("GET", "/books").get_json() == {"books": ["一辑"]}
    project = ask("GET", "/books/一辑").get_json()
    assert project["parts"][0]["items"][0]["article"] == "a1"
    changed = ask("PUT", "/books/一辑", {**project, "editor": "本会"})
    assert changed.status_code == 200 and session.books.project("一辑").editor == "本会"
    assert ask("PUT", "/books/一辑", project).status_code == 409
    assert ask("POST", "/books/一辑/exports", {"forms": ["quark"]}).status_code == 422
    work = done(client, ask("POST", "/books/一辑/exports", {"forms": ["txt"]}))
    (name,) = work["outcome"]["names"]
    with client.get(f"/api/v1/jobs/{work['id']}/files/{name}") as answer:
        assert answer.status_code == 200 and "河边有水车" in answer.data.decode("utf-8-sig")
    assert client.get(f"/api/v1/jobs/{work['id']}/files/别的.txt").status_code == 404
    assert client.get("/api/v1/jobs").get_json()["jobs"][0]["id"] == work["id"]


def test_the_same_words_are_looked_for(ask: Ask, client: FlaskClient) -> None:
    assert done(client, ask("POST", "/same-words", {}))["outcome"] == {"scope": "", "chains": 0}
    assert client.get("/api/v1/same-words").get_json()["moment"]
    assert ask("POST", "/same-words", {"scope": "没有"}).status_code == 404

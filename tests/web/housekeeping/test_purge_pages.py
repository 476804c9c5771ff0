"""Purging in the browser: what it would take, a reason and a word typed out."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind
from web.app import create_app

LOCAL = Actor.local()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "清水") as created:
        session = created.session(LOCAL)
        session.save_collection(Collection("c", "集"))
        file = tmp_path / "稿.txt"
        file.write_text("稿", encoding="utf-8")
        drafts = [Article(collection="c", blocks=(Block.plain(Kind.TITLE, title),)) for title in ("某某", "水车")]
        session.add(file, file.name, drafts, [])
        yield created


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def send(client: FlaskClient, **form: object) -> TestResponse:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/manage").text)
    assert found
    answer = client.post("/manage/purge", data={"token": found[1], **form})
    end = time.monotonic() + 30
    while answer.status_code == 303 or "data-job=" in answer.text:
        assert time.monotonic() < end, answer.text
        answer = client.get(answer.headers.get("Location", answer.request.path))
        time.sleep(0.02)
    return answer


def test_what_it_would_take_is_shown_first(client: FlaskClient) -> None:
    assert "清除，不能恢复" not in client.get("/manage/purge").text
    page = client.get("/manage/purge?ids=1").text
    assert "某某" in page and "原件 稿.txt" in page and "另外 1 篇保留文字" in page
    assert client.get("/manage/purge?ids=77").status_code == 404


def test_it_is_done(client: FlaskClient, library: Library, tmp_path: Path) -> None:
    backup = tmp_path / "a.zip"
    library.session(LOCAL).backup(backup)
    page = send(client, ids="1", reason="依规定", sure="清除", backups=str(backup))
    assert "已清除 1 篇，连同 1 个备份里的" in page.text
    assert library.session(LOCAL).article("1").title == "（已清除）"
    assert client.get("/articles/1").status_code in (404, 410)


@pytest.mark.parametrize(
    "wrong",
    [{"sure": ""}, {"sure": "是"}, {"reason": " "}, {"ids": ""}, {"backups": "/没有.zip"}, {"ids": "77"}],
)
def test_not_by_mistake(client: FlaskClient, library: Library, wrong: dict[str, str]) -> None:
    page = send(client, **({"ids": "1", "reason": "依规定", "sure": "清除", "backups": ""} | wrong))
    assert page.status_code in (400, 404)
    assert library.session(LOCAL).article("1").title == "某某"

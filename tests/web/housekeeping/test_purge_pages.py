"""Purging in the browser: what it would take, a reason and a word typed out."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import EngineError
from archive.model.records import Article, Block, Collection, Genre, Kind
from archive.session import Session
from web.app import create_app
from web.base.jobs import KINDS
from web.housekeeping.purge_pages import PURGE
from web.housekeeping.safekeeping_jobs import REINDEX

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


def article(title: str, text: str = "文", genre: Genre | None = None) -> Article:
    made = Article(collection="c", blocks=(Block.plain(Kind.TITLE, title), Block.plain(Kind.PARAGRAPH, text)))
    return replace(made, genre=genre) if genre else made


def add(library: Library, tmp_path: Path, name: str, *articles: Article) -> None:
    (tmp_path / name).write_text(name, encoding="utf-8")
    library.session(LOCAL).add(tmp_path / name, name, articles, [])


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
    library.session(LOCAL).upkeep.backups.make(backup)
    page = send(client, ids="1", reason="依规定", sure="清除", backups=str(backup))
    assert "已清除 1 篇，连同 1 个备份里的" in page.text
    assert library.session(LOCAL).article("1").title == "（已清除）"
    gone = client.get("/article/1")
    assert gone.status_code == 410
    assert "此篇已清除" in gone.text and "理由：依规定" in gone.text and "撤下" not in gone.text
    assert re.search(r"已于 \d{4}-\d\d-\d\d \d\d:\d\d 清除", gone.text)
    client.get("/manage")  # what is said there once
    library.session(LOCAL).withdraw("2", "作者要求")
    assert "已经撤下" in client.get("/article/2").text


def test_no_link_leads_to_an_original_that_is_gone(client: FlaskClient, library: Library, tmp_path: Path) -> None:
    add(library, tmp_path, "另.txt", article("另一篇"))
    assert client.get("/imports").text.count("/original") == 2
    library.session(LOCAL).upkeep.purging.purge(["1"], "依规定")
    for address in ("/imports", "/imports/1", "/imports/2", "/article/2"):
        page = client.get(address)
        assert page.status_code == 200
        for link in re.findall(r'href="([^"]*/originals?/[^"]*)"', page.text):
            with client.get(link) as answer:
                assert answer.status_code == 200, link
    listed, one = client.get("/imports").text, client.get("/imports/1").text
    assert (listed.count("原件已清除"), listed.count(">原件</a>")) == (1, 1)
    assert "原件已清除" in one and "已撤下" not in one and "原件还在" not in one
    assert ">原件</a>" in client.get("/imports/2").text


def test_who_still_holds_the_title_is_named(client: FlaskClient, library: Library, tmp_path: Path) -> None:
    title = "记“水”车 OR 某某"
    contents = article("目录", f"{title}……5", genre=Genre.MATTER)
    add(
        library,
        tmp_path,
        "辑.txt",
        article(title),
        contents,
        article("答某", f"读{title}有感"),
        article("无关", "某某"),
    )
    page = client.get("/manage/purge?ids=3").text
    assert "不会改动" in page and "各处提到它的地方" not in page
    assert [one for one in ("4 目录", "5 答某", "6 无关") if f">{one}</a>" in page] == ["4 目录", "5 答某"]
    assert ">5 答某</a>" not in client.get("/manage/purge?ids=3+5").text.split("仍在")[1].split("</p>")[0]
    assert "没有找到它的题名" in client.get("/manage/purge?ids=6").text
    assert "请另行更正：编号 4、5。" in send(client, ids="3", reason="依规定", sure="清除", backups="").text
    again = client.get("/manage/purge?ids=3").text
    assert (
        "仍在" not in again and "没有找到" not in again and "没能检索" not in again
    )  # the tombstone's own is no title


def test_no_more_than_twenty_are_named(client: FlaskClient, library: Library, tmp_path: Path) -> None:
    add(library, tmp_path, "辑.txt", *(article(f"第{number}篇", "水车记事") for number in range(21)))
    add(library, tmp_path, "记.txt", article("水车记事"))
    page = client.get("/manage/purge?ids=24").text
    named = page.split("仍在")[1].split("</p>")[0]
    assert named.count("/article/") == 20 and "只列前 20 篇" in named and "/?q=%22" in named


def test_a_title_with_nothing_to_search_for(client: FlaskClient, library: Library, tmp_path: Path) -> None:
    add(library, tmp_path, "点.txt", article('"'), article("……"))
    for id in ("3", "4"):
        assert client.get(f"/manage/purge?ids={id}").status_code == 200


def test_a_broken_index_keeps_nothing_from_being_purged(
    client: FlaskClient, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise EngineError("索引坏了")

    monkeypatch.setattr(Session, "search", broken)
    assert "没能检索" in client.get("/manage/purge?ids=1").text
    assert "已清除 1 篇" in send(client, ids="1", reason="依规定", sure="清除", backups="").text


@pytest.mark.parametrize(
    "wrong",
    [{"sure": ""}, {"sure": "是"}, {"reason": " "}, {"ids": ""}, {"backups": "/没有.zip"}, {"ids": "77"}],
)
def test_not_by_mistake(client: FlaskClient, library: Library, wrong: dict[str, str]) -> None:
    page = send(client, **({"ids": "1", "reason": "依规定", "sure": "清除", "backups": ""} | wrong))
    assert page.status_code in (400, 404)
    assert library.session(LOCAL).article("1").title == "某某"


def test_once_begun_it_is_finished() -> None:
    assert KINDS[PURGE].lasting
    assert KINDS[PURGE].lane is KINDS[REINDEX].lane, "never beside another piece of upkeep"

"""What stands in several articles, in the browser: looked for, shown, written; without scripts."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind
from web.app import create_app

TEXT = "民国二十三年春，县长王德全召集<四乡>绅士，议修河堤。自杏园堡至官渡口，凡十二里，费银三千余元。"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    (file := tmp_path / "a.txt").write_text("原稿", encoding="utf-8")
    with Library.create(tmp_path / "library") as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "文集"))
        texts = (TEXT, TEXT.replace("，", "、"), TEXT.replace("三千", "三万"), "无关的一段话，说的是庙会上的事情。")
        drafts = [
            Article(
                collection="c",
                number=at,
                blocks=(Block.plain(Kind.TITLE, f"<i>{at}"), Block.plain(Kind.PARAGRAPH, text)),
            )
            for at, text in enumerate(texts, 1)
        ]
        session.add(file, file.name, drafts, ())
        yield create_app(library).test_client()


def test_looked_for_and_shown(client: FlaskClient) -> None:
    shown = client.get("/reuse").text
    assert "找一遍" in shown and client.get("/reuse/table.xlsx").status_code == 404
    token = re.search(r'name="token" value="([^"]+)"', shown)
    assert token
    assert client.post("/reuse", data={"token": token[1], "scope": "没有"}).status_code == 404
    at_once = client.post("/reuse", data={"token": token[1]}, follow_redirects=True)
    assert at_once.status_code == 200
    for _ in range(200):
        text = client.get("/reuse").text
        if "第 1 串" in text:
            break
        time.sleep(0.05)
    assert "2 种文字" in text and "&lt;i&gt;1" in text and "<i>1" not in text and "庙会" not in text
    assert "/article/1/same/1" in text and "没有在一百篇以上都有的话" in text
    assert "没有找到" in client.get("/reuse?article=4").text and "第 1 串" in client.get("/reuse?article=2").text
    assert client.get("/reuse/table.xlsx").data.startswith(b"PK")
    assert "三万余元" in client.get("/reuse/table.csv").data.decode("utf-8-sig")
    assert client.get("/reuse/table.pdf").status_code == 404

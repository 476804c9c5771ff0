"""Scopes, saved searches, history, frequencies and kept addresses in the browser."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind
from tests.given_names import give
from web.app import create_app

LOCAL = Actor.local()


def put(library: Library, folder: Path, name: str, *texts: str) -> None:
    session = library.session(LOCAL)
    session.save_collection(Collection("c", "河湾文史"))
    file = folder / name
    file.write_text(name, encoding="utf-8")
    articles = [
        Article(collection="c", number=n, blocks=(Block.plain(Kind.TITLE, text[:3]), Block.plain(Kind.PARAGRAPH, text)))
        for n, text in enumerate(texts)
    ]
    session.add(file, file.name, articles, ())


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as library:
        give(library, "类别,规范名\n人物,李明\n")
        put(library, tmp_path, "a.txt", "李明造水车。", "修水渠。", "水车与甘草，1952年。")
        yield library


@pytest.fixture
def app(library: Library) -> Flask:
    return create_app(library)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def page(client: FlaskClient, path: str, **args: str) -> str:
    answer = client.get(f"{path}?{urlencode(args)}" if args else path)
    text = html.unescape(answer.text)
    answer.close()  # what is noted after a page is noted then
    assert answer.status_code == 200, text
    return text


def send(client: FlaskClient, path: str, **form: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/?q=水车").text)
    assert found
    answer = client.post(path, data={"token": found[1], **form}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def total(text: str) -> int:
    found = re.search(r"共 <b>(\d+)</b> 篇", text)
    assert found
    return int(found[1])


def test_a_scope_is_made_chosen_and_named(client: FlaskClient) -> None:
    text = send(client, "/searches/save", q="水车", name="水车文", **{"as": "rule"})
    assert "按条件随资料库增减，现有 2 篇" in text
    assert "已建工作集“固定”，2 篇" in send(client, "/searches/save", q="水车", name="固定", **{"as": "fixed"})
    found = page(client, "/", q="甘草", scope="水车文")
    assert total(found) == 1 and "工作集：水车文" in found and "<option selected>水车文</option>" in found
    assert total(page(client, "/", q="水渠 OR 甘草", scope="固定")) == 1
    listed = page(client, "/results.csv", q="甘草", scope="水车文")
    assert "工作集“水车文”，2 篇" in listed
    assert total(page(client, "/", q="水", scope="固定")) == 2
    send(client, "/searches/scope", name="固定", id="2", do="add")
    assert total(page(client, "/", q="水", scope="固定")) == 3
    send(client, "/searches/scope", name="固定", id="2", do="drop")
    assert total(page(client, "/", q="水", scope="固定")) == 2
    assert "已移除" in send(client, "/searches/remove", name="固定", what="scope")
    assert client.get("/?q=水&scope=固定").status_code == 404


def test_what_is_new_in_a_saved_search(client: FlaskClient, library: Library, tmp_path: Path) -> None:
    assert "没有变化" in send(client, "/searches/save", q="水车", name="水车", **{"as": "search"})
    put(library, tmp_path, "b.txt", "两架水车。", "没有。")
    assert "新增 1 篇" in page(client, "/searches")
    listed = page(client, "/searches/new", name="水车")
    assert "两架水</a>" in listed and listed.count("<li>") == 1
    assert "没有变化" in send(client, "/searches/looked", name="水车")
    assert "已移除" in send(client, "/searches/remove", name="水车", what="search")


@pytest.mark.parametrize("words", ["飞机", "李明造飞机的水渠在哪里"], ids=["nothing", "nearest"])
def test_a_search_that_finds_nothing_is_saved_and_told_of_later(
    words: str, client: FlaskClient, library: Library, tmp_path: Path
) -> None:
    text = page(client, "/", q=words)
    assert total(text) == 0 and 'value="search">保存检索' in text and 'value="fixed"' not in text
    assert f'name="q" value="{words}"' in text.partition('class="keep"')[2]
    assert "其后库中没有变化" in page(client, re.findall(r'<a href="([^"]+)"[^>]*>固定地址', text)[0])
    assert "没有变化" in send(client, "/searches/save", q=words, name="等着", **{"as": "search"})
    put(library, tmp_path, "b.txt", words)
    assert "新增 1 篇" in page(client, "/searches")


def test_history_is_kept_cleared_and_switched_off(client: FlaskClient) -> None:
    page(client, "/", q="水车", period="1952年")
    page(client, "/", q="甘草")
    text = page(client, "/searches")
    assert text.index(">甘草</a>") < text.index("水车；时期 1952年（成文或文中）")
    assert "甘草</a>" not in send(client, "/searches/history", do="clear").partition("检索历史</h2>")[2]
    send(client, "/searches/history", do="stop")
    page(client, "/", q="水渠")
    assert "水渠</a>" not in page(client, "/searches")


def test_a_kept_address_says_what_changed_since(client: FlaskClient, library: Library, tmp_path: Path) -> None:
    kept = re.search(r'<a href="([^"]+)"[^>]*>固定地址', page(client, "/", q="水车"))
    assert kept and "at=" in kept[1]
    assert "其后库中没有变化" in page(client, kept[1])
    earlier = re.sub("at=[^&]+", "at=2020-01-01T00%3A00%3A00Z", kept[1])
    told = page(client, earlier)
    assert "其后库中新增 3 篇、改动 0 篇、撤下 0 篇，其中属于这个结果的" in told and "新增 2 篇：" in told
    assert client.get("/?q=水车&at=昨天").status_code == 400


def test_people_are_a_facet(client: FlaskClient) -> None:
    text = page(client, "/", q="水车")
    assert "<h2>人物</h2>" in text and "person=%E6%9D%8E%E6%98%8E" in text
    assert total(page(client, "/", q="水车", person="李明")) == 1


def test_frequencies_with_their_denominators(client: FlaskClient, tmp_path: Path) -> None:
    text = page(client, "/frequencies", q="水车", by="decade")
    assert "成文日期不详" in text and "分母是范围内" in text
    rows = list(csv.reader(io.StringIO(client.get("/frequencies.csv?q=水车").data.decode("utf-8-sig"))))
    told = dict(row for row in rows if len(row) == 2)
    assert told["检索式"] == "水车" and told["范围"] == "全库，3 篇、27 字"
    assert rows[-1] == ["合计", "3", "27", "2", "3", f"{10_000 * 3 / 27:.2f}"]
    file = tmp_path / "rates.xlsx"
    file.write_bytes(client.get("/frequencies.xlsx?q=水车&by=volume").data)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["频次", "检索"]
    assert client.get("/frequencies?q=水车&by=phase").status_code == 400


def test_the_axes_and_what_has_no_date(client: FlaskClient) -> None:
    text = page(client, "/", q="水车", **{"in": "text"})
    assert re.search(r'in=text"[^>]* aria-current="true">文中所述', text)
    undated = re.search(r'<a class="undated" href="([^"]+)"', text)
    assert undated and "无日期<br>1 篇" in text
    assert total(page(client, undated[1])) == 1

"""Cards in the browser: made, listed, narrowed, changed, thrown away; what was typed comes back with an error."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.edits import Rewrite
from web.app import create_app

LOCAL = Actor.local()
PLACE = "/article/1/card/1/4/17-22"


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def sent(client: FlaskClient, page: str, **form: str) -> str:
    """What is shown after the form of a page was sent."""
    token = re.search(r'name="token" value="([^"]+)"', client.get(page).text)
    assert token
    return client.post(page, data={"token": token[1], **form}, follow_redirects=True).text


def test_a_card_from_the_cradle_to_the_grave(client: FlaskClient, library: Library) -> None:
    assert "光绪三十年" in client.get(PLACE).text
    text = sent(client, PLACE, classes="水利；器物\n<b>年代</b>", note="<script>1</script>待查")
    assert "卡片做好了" in text and "原位" in text and "&lt;script&gt;" in text and "&lt;b&gt;年代" in text
    assert "<script>1" not in text
    session = library.session(LOCAL)
    (card,) = session.cards.listed()
    assert card.card.said.classes == ("水利", "器物", "<b>年代</b>")
    assert "光绪三十年" in client.get("/cards?class=器物").text
    assert "没有这样的卡片" in client.get("/cards?class=无").text
    held = session.article("1").blocks[4].text
    session.correct("1", [Rewrite(4, held, (held.replace("光绪三十年", "光绪三十一年"),))], "错字")
    text = client.get("/cards?condition=待核").text
    assert "请对照原文核实" in text and 'href="/article/1?block=4&amp;v=1#b4"' in text
    assert "已保存" in sent(client, "/cards/1", classes="水利", note="改过")
    assert "改过" in client.get("/cards.csv").data.decode("utf-8-sig")
    assert client.get("/cards.xlsx").data.startswith(b"PK") and client.get("/cards.pdf").status_code == 404
    assert "已删去" in sent(client, "/cards/1", do="remove")
    assert client.get("/cards/1").status_code == 404


def test_what_was_typed_comes_back(client: FlaskClient) -> None:
    text = sent(client, PLACE, classes="长" * 61, note="写了很久的话")
    assert "每个最多 60 字" in text and "写了很久的话</textarea>" in text and "长" * 61 in text


def test_there_is_no_card_of_nothing(client: FlaskClient) -> None:
    assert client.get("/article/1/card/1/4/5-5").status_code == 404
    assert client.get("/article/1/card/1/400/0-5").status_code == 404


def test_what_the_words_tell_is_filled_in_and_a_card_has_all_its_fields(client: FlaskClient, library: Library) -> None:
    article = library.session(LOCAL).article("1")
    start = article.blocks[4].text.index("光绪三十")
    place = f"/article/1/card/{article.version}/4/{start}-{start + 12}"
    assert 'name="dated" value="光绪三十' in client.get(place).text
    fields = {"dated": "光绪三十年", "persons": "王明；李大山", "places": "清水", "checked": "已核实", "uses": "第三章"}
    text = sent(client, place, **fields)
    key = library.session(LOCAL).cards.find()[0].key
    assert "光绪三十年（1904年" in text and "王明</a>、" in text and "已核实" in text and "第三章" in text
    assert "王明" in client.get("/cards?name=王明&period=1904年&checked=已核实&sort=date").text
    assert "没有这样的卡片" in client.get("/cards?period=1958年").text
    assert client.get("/cards?period=不知何时").status_code == 400
    assert "wrong-box" in sent(client, f"/cards/{key}", **{**fields, "meant": "不知何时"})
    sent(client, f"/cards/{key}", **{**fields, "persons": "王明"})
    text = client.get(f"/cards/{key}").text
    assert "<td>王明；李大山</td><td>王明</td>" in text
    assert client.get("/cards.docx").data.startswith(b"PK")


def test_a_table_is_looked_over_and_then_taken(client: FlaskClient, library: Library) -> None:
    sent(client, PLACE, classes="水利")
    session = library.session(LOCAL)
    key = session.cards.find()[0].key
    token = re.search(r'name="token" value="([^"]+)"', client.get("/cards/table").text)
    assert token

    def upload(words: str) -> str:
        file = (io.BytesIO(words.encode()), "t.csv")
        return client.post("/cards/table", data={"token": token[1], "table": file}).text

    assert "第 2 行：没有第 99 张卡片" in upload("编号,类目\n99,水")
    assert "没有要改的" in upload(f"编号,类目\n{key},水利")
    text = upload(f"编号,类目\n{key},水利；<b>")
    assert "<mark>水利；&lt;b&gt;</mark>" in text
    assert session.cards.get(key).card.said.classes == ("水利",)
    rows = re.search(r'name="rows" value="([^"]+)"', text)
    assert rows
    data = {"token": token[1], "rows": unescape(rows[1]), "do": "take"}
    assert "改了 1 张" in client.post("/cards/table", data=data, follow_redirects=True).text
    assert session.cards.get(key).card.said.classes == ("水利", "<b>")
    for broken in ("[1]", "{", "[[", ""):
        assert client.post("/cards/table", data={**data, "rows": broken}).status_code == 400

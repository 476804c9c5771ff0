"""Words of a paragraph typed instead of marked: on to the quotation, the date, the report, the search."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from web.app import create_app

PAGE = "/article/1/words/4"


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


@pytest.mark.parametrize(
    ("do", "leads"),
    [
        ("quote", "/article/1/quote/1/4/17-22"),
        ("card", "/article/1/card/1/4/17-22"),
        ("date", "/article/1/date/4/17-22"),
        ("report", "/article/1/report/4?start=17&end=22"),
        ("name", "/names/new?preferred=光绪三十年&read=1&block=4"),
        ("search", "/?q=%22光绪三十年%22"),
    ],
)
def test_words_lead_to_what_a_selection_leads_to(client: FlaskClient, do: str, leads: str) -> None:
    answer = client.get(PAGE, query_string={"words": "光绪三十年", "do": do})
    assert answer.status_code == 302
    assert unquote(answer.location) == unquote(leads)
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize(("words", "says"), [("水车", "有 3 处"), ("火车", "没有“火车”"), ("", "没有写")])
def test_what_stands_there_not_once_is_asked_again(client: FlaskClient, words: str, says: str) -> None:
    answer = client.get(PAGE, query_string={"words": words, "do": "quote"})
    assert answer.status_code == 400 and says in answer.text
    assert f"\n{words}</textarea>" in answer.text


def test_the_paragraph_s_own_pages_lead_there(client: FlaskClient) -> None:
    for page in ("edit", "report"):
        assert f'href="{PAGE}"' in client.get(f"/article/1/{page}/4").text
    assert client.get("/article/1/words/400").status_code == 404


def test_a_name_need_not_stand_once(client: FlaskClient, library: Library) -> None:
    answer = client.get(PAGE, query_string={"words": "水车", "do": "name"}, follow_redirects=True)
    assert 'name="preferred" value="水车"' in answer.text
    assert client.get("/names/new?read=1&block=4&preferred=水车").text.count("回到文章") == 1
    token = re.findall(r'name="token" value="([^"]+)"', answer.text)[0]
    form = {"token": token, "do": "save", "kind": "地名", "preferred": "水车", "q": "水车", "read": "1", "block": "4"}
    saved = client.post("/names/new", data=form, follow_redirects=True)
    assert "已保存“水车”" in saved.text and 'href="/article/1?block=4#b4"' in saved.text
    assert "水车" in [name.preferred for name in library.session(Actor.local()).authority().names]

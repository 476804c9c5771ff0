"""What a request may say: exactly what is described; everything else is refused as a problem in plain Chinese."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.model.search import Search
from web.api.description import description
from web.api.operation import OPERATIONS
from web.api.parameters import SEARCH_WORDS
from web.base import rates

_CHINESE = re.compile("[一-鿿].*[一-鿿]", re.DOTALL)
_INSIDE = re.compile(r"Traceback|Error\b|Exception|\.py|None|wenshi |msgspec|`")


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/kwic?limit=0", 400, "limit"),
        ("/kwic?limit=99999", 400, "limit"),
        ("/kwic?limit=x", 400, "整数"),
        ("/kwic?limit=1&limit=2", 400, "不止一次"),
        ("/kwic?quark=1", 400, "没有“quark”这个参数"),
        ("/kwic?in=never", 400, "never"),
        ("/kwic?vague=perhaps", 400, "true 或 false"),
        ("/kwic?decade=x", 400, "decade"),
        ("/kwic?key=quark", 400, "key"),
        ("/kwic?q=((", 422, "括号"),
        ("/kwic?period=某年", 422, "某年"),
        ("/kwic?step=quark", 422, "一步筛选"),
        ("/kwic?scope=没有", 404, "工作集"),
        ("/kwic?cursor=quark", 422, "cursor"),
        ("/kwic?cursor=Mi4wMDAwMDAwMDAwMDAwMDAw", 422, "cursor"),
        ("/period", 400, "text"),
        ("/names/99999999999999999999", 404, "编号"),
        ("/names/x", 404, "没有"),
        ("/articles/none/blocks/1/same-words", 404, "没有"),
        ("/nothing", 404, "没有"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(client: FlaskClient, address: str, status: int, words: str) -> None:
    answer = client.get(f"/api/v1{address}")
    told = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    assert told.keys() == {"type", "title", "status", "detail", "hint", "code"} and told["status"] == status
    assert words in told["detail"] and _CHINESE.search(told["title"]) and _CHINESE.search(told["detail"])
    assert not _INSIDE.search(told["detail"] + told["hint"])


def test_a_cursor_fits_no_other_list(client: FlaskClient) -> None:
    following = client.get("/api/v1/kwic?q=水车&limit=1").get_json()["next"]
    assert client.get(following).status_code == 200
    assert client.get(following.replace("limit=1", "limit=3")).status_code == 200
    other = following.replace("q=%E6%B0%B4%E8%BD%A6", "q=%E5%A0%A4")
    assert other != following and client.get(other).status_code == 422


def test_what_only_reads_says_so(client: FlaskClient) -> None:
    answer = client.delete("/api/v1/kwic")
    assert answer.status_code in (401, 405) and answer.mimetype == "application/problem+json"


def test_a_tag_saves_the_answer(client: FlaskClient) -> None:
    first = client.get("/api/v1/names")
    again = client.get("/api/v1/names", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_who_asks_too_often_waits(app: Flask) -> None:
    rates.attach(app, 3)
    try:
        client = app.test_client()
        seen = [client.get("/api/v1/names") for _ in range(4)]
    finally:
        rates.attach(app)
    assert [one.status_code for one in seen] == [200, 200, 200, 429]
    assert [one.headers["RateLimit-Remaining"] for one in seen] == ["2", "1", "0", "0"]
    assert 1 <= int(seen[3].headers["Retry-After"]) <= 61 and "一分钟" in seen[3].get_json()["detail"]


def test_all_is_described(client: FlaskClient) -> None:
    told = client.get("/api/v1/openapi.json").get_json()
    assert told == json.loads(json.dumps(description())) and told["openapi"] == "3.1.0"
    described = [one for path in told["paths"].values() for one in path.values()]
    assert len(described) == len(OPERATIONS) > 15
    assert not [one["operationId"] for one in described if not _CHINESE.search(one["summary"])]
    asked = [(one["operationId"], each) for one in described for each in one["parameters"] if each["in"] == "query"]
    assert not [(name, each["name"]) for name, each in asked if not _CHINESE.search(each["description"])]
    assert SEARCH_WORDS.keys() == {one.name for one in dataclasses.fields(Search)}

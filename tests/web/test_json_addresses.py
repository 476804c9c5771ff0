"""What pages ask for in JSON: any parameters at all end in an answer or a sentence in plain Chinese.

What other programs ask is under /api/: see tests/web/api.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.library import Library
from archive.model.access import Actor
from archive.model.holdings import JobRow
from archive.model.records import Article, Block, Collection, Kind
from web.app import create_app

LOCAL = Actor.local()

ADDRESSES = {
    "health.state": "/health",
    "jobs.state": "/jobs/{}/state",
    "book_output.manifest": "/books/一辑/output/edition/{}.json",
    "book_preview.state": "/books/{}/preview/state",
    "scans.lines": "/article/1/scan/{}/lines",
    "scans.region": "/article/1/scan/{}/region",
}
"""Where JSON comes from; `{}` may be anything."""

NAMES = (
    "q", "page", "period", "in", "collection", "author", "section", "decade", "sort", "scope", "person", "place",
    "as_written", "vague", "open", "at", "of", "genre", "volume", "read", "status",
)  # fmt: skip
TYPED = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["水车", "1930年代", "-1", "0", "9" * 40, "水 NEAR/3 车", "((", "\x00", "a" * 3000, "*", "1930..", "text"]
    ),
)
ASKED = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), st.text(min_size=1, max_size=6)), TYPED), max_size=6)
_CHINESE = re.compile("[一-鿿].*[一-鿿]", re.DOTALL)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("json")
    with Library.create(folder / "library") as library:
        session = library.session(LOCAL)
        session.save_collection(Collection("c", "文史资料"))
        file = folder / "a.txt"
        file.write_text("a", encoding="utf-8")
        blocks = (Block.plain(Kind.TITLE, "水车"), Block.plain(Kind.PARAGRAPH, "1931年，河边有水车。"))
        session.add(file, file.name, [Article(collection="c", blocks=blocks)], ())
        session.books.create("一辑", [session.article("1")])
        session.jobs.save(JobRow("j", "", "收稿", "null", "local", "本机", "done", ""))
        yield create_app(library)


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_every_address_that_answers_in_json_is_asked(app: Flask) -> None:
    def answers(endpoint: str) -> bool:
        return any(word in inspect.getsource(app.view_functions[endpoint]) for word in ("jsonify(", "application/json"))

    rules = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    pages = {one for one in rules if one != "static" and not one.startswith("api.")}
    assert {one for one in pages if answers(one)} == ADDRESSES.keys()


@pytest.mark.parametrize("endpoint", ADDRESSES)
@settings(max_examples=40)
@given(
    asked=ASKED,
    part=st.one_of(st.sampled_from(["1", "0", "一辑", "j", "9" * 30]), st.text("甲a1-. %\x01", min_size=1, max_size=9)),
)
def test_any_parameters_end_in_an_answer_or_a_sentence(
    endpoint: str, asked: list[tuple[str, str]], part: str, client: FlaskClient
) -> None:
    if endpoint == "book_preview.state" and part == "一辑":
        part = "没有"  # or a book is set
    address = ADDRESSES[endpoint].format(part)
    answer = client.get(address, query_string=asked)
    assert answer.status_code in (200, 303, 308, 400, 404), (address, asked)
    if answer.status_code == 200:
        assert answer.mimetype == "application/json" and answer.get_json() is not None
    elif answer.status_code >= 400:
        assert _CHINESE.search(answer.text)


@pytest.mark.parametrize("address", ["/api", "/api/", "/api/nothing", "/api/v1/search/", "/api/v1/search/x"])
def test_what_is_not_there_is_said_in_json_too(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    if address != "/api":
        assert answer.mimetype == "application/problem+json" and _CHINESE.search(answer.get_json()["detail"])

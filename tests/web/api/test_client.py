"""The client over a real connection, held against the session whose names it has."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import web.api.client
from archive.model.accounts import Scope
from archive.model.search import Search
from archive.session import Session
from archive.workbench.steps import Arranged
from tests.web.browser import served
from web.api.client import ApiError, Client


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as found:
        yield found


@pytest.fixture
def library(address: str, session: Session) -> Client:
    return Client(address, session.tokens.make("客户端", list(Scope))[1])


def test_it_answers_what_the_session_does(library: Client, session: Session) -> None:
    found = library.search(text="水车", limit=1)
    assert found["total"] == session.search(Search(text="水车")).total
    assert [one["id"] for one in library.hits(text="水车", limit=1)] == [
        one.article for one in session.search(Search(text="水车")).hits
    ]
    rows = list(session.concordances.rows(Search(text="水车"), [], Arranged(("right2",))))
    told = list(library.concordances.rows(text="水车", key=["right2"], limit=2))
    assert [(one["article"], one["start"]) for one in told] == [(one.article, one.start) for one in rows]
    assert [one["id"] for one in library.listing("c")] == [one.id for one in session.listing("c")]
    assert library.article("a1")["title"] == session.article("a1").title
    assert [one["version"] for one in library.versions("a1")] == [one.version for one in session.versions("a1")]
    assert len(library.mentions("a1")) == len(session.mentions("a1"))
    assert (
        library.original(session.article("a1").original)
        == session.original(session.article("a1").original)[0].read_bytes()
    )
    assert library.period("1931年")["start"] == "1931-01-01"
    assert library.suggest("shuic")[0]["text"].startswith("水车")
    assert [one["preferred"] for one in library.names.all()] == [one.preferred for one in session.names.all()]
    assert library.concordances.same_words("a1", 1)["nodes"]
    assert [one["key"] for one in library.cards.find(**{"class": "水利"})] == [one.key for one in session.cards.find()]


def test_it_writes(library: Client, session: Session) -> None:
    text = session.article("a3").blocks[1].text
    edit = {"do": "rewrite", "block": 1, "before": text, "texts": [text + "又记。"]}
    assert library.correct("a3", [edit], "补录")["version"] == 2
    library.concordances.label("a3", (1, 0, 4), "待查")
    assert library.describe("a3", {"栏目": "水利"}, "补录")["section"] == "水利"


def test_a_refusal_says_why(library: Client, address: str) -> None:
    with pytest.raises(ApiError, match="没有编号") as refused:
        library.article("没有的")
    assert refused.value.status == 404 and refused.value.code == "not-found"
    with pytest.raises(ApiError) as refused:
        Client(address, "wenshi_none").search()
    assert refused.value.status == 401


def test_it_needs_nothing_but_python() -> None:
    tree = ast.parse(Path(web.api.client.__file__).read_text(encoding="utf-8"))
    imported = {one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)} | {
        each.name for one in ast.walk(tree) if isinstance(one, ast.Import) for each in one.names
    }
    assert imported and all((name or "").partition(".")[0] in sys.stdlib_module_names for name in imported)

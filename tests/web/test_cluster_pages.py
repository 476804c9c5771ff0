"""The pages of a library found by a cluster are those of the same library in a folder: the sample, moved to OpenSearch.

`make test-cluster` starts a node and names it; without one these tests are skipped.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive import agreement
from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind
from archive.store import Store
from archive.store.folder import Settings
from web.app import create_app
from web.cli.demo import build

NODE = os.environ.get("WENSHI_TEST_OPENSEARCH", "")
pytestmark = pytest.mark.skipif(not NODE, reason="no OpenSearch is named: make test-cluster")

Sides = tuple[FlaskClient, FlaskClient]


def _quiet(*_: object) -> None:
    """Nobody looks."""


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """The sample in a folder, and found by a cluster."""
    folder = tmp_path_factory.mktemp("cluster")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("WENSHI_OPENSEARCH", NODE)
        patched.setattr(agreement, "STRINGS", 20)
        with build(folder / "样例") as here:
            assert here.move(folder / "远", "opensearch", f"t{secrets.token_hex(6)}", _quiet).whole
            with Library.open(folder / "远") as there:
                yield create_app(here).test_client(), create_app(there).test_client()


def _page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r'name="token" value="[^"]*"', "", answer.text)


@pytest.mark.parametrize(
    "address",
    [
        "/concordance?q=水车",
        "/concordance?q=水车&period=民国",
        "/concordance/groups?q=水车&group=collection",
        "/concordance/collocates?q=水车",
        "/concordance.csv?q=羊皮筏*",
        "/frequencies?q=水车",
        "/terms?words=水车，羊皮筏子",
        "/names",
        "/names/1",
        "/names/2",
    ],
)
def test_pages_of_opensearch_are_those_of_a_folder(sides: Sides, address: str) -> None:
    assert _page(sides[1], address) == _page(sides[0], address)


def test_same_words_by_opensearch_are_those_of_a_folder(sides: Sides) -> None:
    """Of the first paragraphs in which a word stands."""
    found = json.loads(_page(sides[0], "/api/v1/search?q=水车"))
    assert found["total"] > 3
    for hit in found["hits"][:5]:
        address = f"/article/{hit['id']}/same/1"
        assert _page(sides[1], address) == _page(sides[0], address)


def test_suggestions_by_opensearch_are_those_of_a_folder_without_words(sides: Sides) -> None:
    """Titles, sections and names; what words stand in texts it cannot list."""
    here, there = (json.loads(_page(side, "/api/v1/suggest?q=水")) for side in sides)
    assert there == [one for one in here if one["source"] != "word"] != []


def test_pages_tell_which_part_is_away_and_reading_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the lists of a collection, its titles and the text; what comes in meanwhile is kept and waits."""
    monkeypatch.delenv("WENSHI_OPENSEARCH", raising=False)  # which would be the node of the tests above
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        options = {"hosts": [f"http://127.0.0.1:{nobody.getsockname()[1]}"], "index": "away"}
    Store.create(tmp_path / "库", Settings(engine="opensearch", options={"opensearch": options})).close()
    file = tmp_path / "水车.txt"
    file.write_text("水车", encoding="utf-8")
    blocks = (Block.plain(Kind.TITLE, "水车记"), Block.plain(Kind.PARAGRAPH, "水车在河边转。"))
    with Library.open(tmp_path / "库") as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "文史"))
        session.add(file, file.name, [Article(collection="c", blocks=blocks)], ())
        client = create_app(library).test_client()
        asked = client.get("/?q=水车")
        assert (asked.status_code, "检索服务" in asked.text, "阅读不受影响" in asked.text) == (503, True, True)
        assert "水车记" in client.get("/collection/c").text
        assert "水车在河边转" in client.get("/article/1").text
        assert client.get("/health").json == {"files": True, "search": False, "store": True}

"""The pages of a library found by a cluster are those of the same library in a folder: the sample, moved to OpenSearch.

`make test-cluster` starts a node and names it; without one these tests are skipped.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from archive import agreement
from archive.library import Library
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

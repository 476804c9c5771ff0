"""Publishing from the browser: into a folder of the office's, or as a file to take along."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from web.app import create_app


@pytest.fixture
def client(library: Library) -> FlaskClient:
    app = create_app(library)
    app.config["TESTING"] = True
    return app.test_client()


def token(client: FlaskClient) -> str:
    return client.get("/publish").text.partition('name="token" value="')[2].partition('"')[0]


def published(client: FlaskClient, **given: object) -> str:
    """The page at the end of it."""
    answer = client.post("/publish", data={"token": token(client), **given})
    while "/jobs/" in answer.headers["Location"]:
        job = answer.headers["Location"].rpartition("/")[2]
        state = client.get(f"/jobs/{job}/state").json
        if state and state["over"]:
            return client.get(f"/publish/{job}").text
    return client.get(answer.headers["Location"]).text


def test_a_file_to_take_along(client: FlaskClient):
    page = published(client, collection=["volume3", "annals"], title="清水文史", form="epub")
    assert "34 篇" in page
    address = page.partition('class="button" href="')[2].partition('"')[0]
    with zipfile.ZipFile(BytesIO(client.get(address, buffered=True).data)) as packed:
        names = packed.namelist()
        assert {"index.html", "find.html", "books/1.epub", "books/2.epub", "search/directory.js"} <= set(names)
        assert "清水文史" in packed.read("index.html").decode()


def test_a_folder_of_the_office(client: FlaskClient, tmp_path: Path):
    page = published(client, collection="annals", folder=str(tmp_path / "网页"))
    assert "双击 index.html" in page and (tmp_path / "网页" / "index.html").is_file()
    assert "这次写了 0 个文件" in published(client, collection="annals", folder=str(tmp_path / "网页"))


def test_what_is_missing_is_said(client: FlaskClient):
    page = client.get("/publish").text
    assert "公开 31 篇" in page and "公开 3 篇" in page
    for given, words in (
        ({}, "至少选一个文集"),
        ({"collection": "annals", "base": "ftp://x"}, "网址“ftp://x”不对"),
    ):
        answer = client.post("/publish", data={"token": token(client), **given})
        assert answer.status_code == 400 and words in answer.text

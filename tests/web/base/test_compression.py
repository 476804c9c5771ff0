"""What is compressed, and what is left alone."""

from __future__ import annotations

import gzip

from werkzeug import Response

from archive.library import Library
from archive.model.access import Actor
from archive.model.edits import Rewrite
from web.app import create_app


def test_pages_and_style_sheets_are_compressed_for_browsers_that_accept_it(library: Library) -> None:
    client = create_app(library).test_client()
    for address in ("/", "/static/wenshi.css", "/api/v1/search?q=水车"):
        with client.get(address) as plain, client.get(address, headers={"Accept-Encoding": "gzip, br"}) as packed:
            read(plain, packed, address)
    with client.get("/static/wenshi.css") as first:
        tag = first.headers["ETag"]
    with client.get("/static/wenshi.css", headers={"Accept-Encoding": "gzip", "If-None-Match": tag}) as again:
        assert again.status_code == 304


def read(plain: Response, packed: Response, address: str) -> None:
    assert packed.headers["Content-Encoding"] == "gzip", address
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert len(packed.data) < len(plain.data) / 2
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    if address != "/":  # which holds a token of its own
        assert gzip.decompress(packed.data) == plain.data


def test_errors_are_compressed_too(library: Library) -> None:
    client = create_app(library).test_client()
    for address in ("/nowhere", "/?q=%28", "/article/none"):
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code >= 400 and answer.headers["Content-Encoding"] == "gzip", address
        assert "</html>" in gzip.decompress(answer.data).decode()
        assert "ETag" not in answer.headers, "an error is not kept"


def test_a_page_is_sent_again_only_when_it_reads_otherwise(library: Library) -> None:
    client = create_app(library).test_client()
    session = library.session(Actor.local())
    article = next(iter(session.articles("volume3"))).id
    address, accepting = f"/article/{article}", {"Accept-Encoding": "gzip"}
    client.get(address)  # the visitor has a token from now on
    tag = client.get(address, headers=accepting).headers["ETag"]
    same = client.get(address, headers={**accepting, "If-None-Match": tag})
    assert same.status_code == 304 and not same.data
    now = session.article(article)
    session.correct(article, [Rewrite(2, now.blocks[2].text, (f"{now.blocks[2].text}又。",))], "补录")
    changed = client.get(address, headers={**accepting, "If-None-Match": tag})
    assert changed.status_code == 200 and "又。" in gzip.decompress(changed.data).decode()
    client.get("/?q=水车")
    assert client.get("/?q=水车", headers={"If-None-Match": tag}).status_code == 200


def test_downloads_of_tables_go_out(library: Library) -> None:
    client = create_app(library).test_client()
    for address in ("/results.csv?q=水车", "/results.xlsx?q=水车", "/timeline.csv"):
        with client.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.status_code == 200 and answer.data, address

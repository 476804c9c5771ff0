"""What is compressed, and what is left alone."""

from __future__ import annotations

import gzip

from werkzeug import Response

from archive.library import Library
from web.app import create_app


def test_pages_and_style_sheets_are_compressed_for_browsers_that_accept_it(library: Library) -> None:
    client = create_app(library).test_client()
    for address in ("/", "/static/wenshi.css", "/api/search?q=水车"):
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

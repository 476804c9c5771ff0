"""Addresses that are remembered are those that Flask gives, below every path under which the pages are reached."""

from __future__ import annotations

from typing import Any

from flask import url_for

from archive.library import Library
from web.app import create_app
from web.base import addresses

ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search.search", {}),
    ("reading.article", {"article_id": "1"}),
    ("reading.article", {"article_id": "1", "v": 1}),
    ("reading.article", {"article_id": "1", "v": True}),
    ("help.chapter", {"chapter": "检索", "_anchor": "一"}),
    ("reading.article", {"article_id": "1", "section": ["甲", "乙"]}),
)


def test_they_are_flasks(library: Library) -> None:
    app = create_app(library)
    for root in ("", "/wenshi", ""):
        with app.test_request_context("/", base_url=f"http://localhost{root}"):
            for endpoint, values in ASKED:
                assert addresses.url_for(endpoint, **values) == url_for(endpoint, **values)
            assert url_for("search.search") == f"{root}/"

"""The API as one blueprint: all its operations, and what describes them."""

from __future__ import annotations

from flask import Response

from web.api import cards, concordance, elsewhere, long_work, names, reading, searching, writing
from web.api.description import as_json
from web.api.operation import api
from web.base import rates

__all__ = ["TOPICS", "pages"]

TOPICS = (searching, reading, concordance, elsewhere, names, cards, writing, long_work)
"""The modules with operations."""

pages = api
pages.before_request(rates.refused)
pages.after_request(rates.told)


@api.get("/openapi.json")
def openapi() -> Response:
    """All operations as OpenAPI 3.1."""
    return as_json()

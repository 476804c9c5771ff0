"""The recipes of docs/api.md for R and for Power Query: what they ask is answered with what they take out of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from archive.model.accounts import Scope
from archive.session import Session

DOCS = Path(__file__).resolve().parents[3] / "docs" / "api.md"


def recipe(language: str) -> tuple[str, list[str]]:
    """The address that a recipe begins with, up to the word, and the columns of its table."""
    found = re.search(rf"```{language}\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    begin = re.search(r'"(/api/v1/kwic\?[^"]*q=)"', found[1])
    columns = re.search(r'[({]((?:"\w+"(?:, )?){3,})[)}]', found[1])
    assert begin and columns
    assert "next" in found[1] and "rows" in found[1]
    return begin[1], re.findall(r'"(\w+)"', columns[1])


@pytest.mark.parametrize("language", ["r", "powerquery"])
def test_what_a_recipe_takes_is_there_page_after_page(language: str, app: Flask, session: Session) -> None:
    begin, columns = recipe(language)
    _, secret = session.tokens.make(language, [Scope.READ])
    client, headers = app.test_client(), {"Authorization": f"Bearer {secret}"}
    following, rows = begin.replace("limit=500", "limit=1") + "水车", []
    while following is not None:
        page = client.get(following, headers=headers).get_json()
        rows += page["rows"]
        following = page["next"]
        assert following is None or following.startswith("/api/v1/kwic?")  # what the recipes put the server before
    assert len(rows) > 2 and all(set(columns) <= row.keys() for row in rows)
    whole = client.get(begin + "水车", headers=headers).get_json()
    assert (whole["rows"], whole["next"]) == (rows, None)

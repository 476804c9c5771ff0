"""Book projects as values: what their written form may say, and what it is refused for."""

from __future__ import annotations

import json

import pytest

from archive.model.errors import UsageError
from archive.model.project import Edit, Item, Matter, Part, Project, as_json, checked_name, from_json

FULL = Project(
    name="渡口旧闻",
    revision=3,
    title="黄河渡口旧闻",
    front=(Matter(title="前言", text="甲\n乙", signature="编者"),),
    parts=(
        Part(
            title="水利",
            note="按",
            items=(
                Item(article="7", version=2, digest="d" * 64, first=2, last=5, byline="", source=None),
                Item(article="8", version=1, digest="e" * 64, edits=(Edit(1, 0, 2, "旧字", "新字"),)),
            ),
        ),
    ),
    indexes=("人物",),
    ignored=("指纹",),
)


def test_the_written_form_keeps_everything() -> None:
    assert from_json(as_json(FULL)) == FULL


def test_what_is_left_out_has_its_default() -> None:
    project = from_json('{"name": "书", "parts": [{"items": [{"article": "1", "version": 1, "digest": "x"}]}]}')
    (item,) = project.items
    assert item.whole and item.byline is None and project.house == "16开" and project.contents


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "JSON"),
        ("[]", "书稿"),
        ('{"title": "没有名称"}', "书稿"),
        ('{"name": "书", "tilte": "错字"}', "tilte"),
        ('{"name": "书", "contents": "yes"}', "书稿.contents"),
        ('{"name": "书", "revision": true}', "书稿.revision"),
        ('{"name": "书", "parts": {}}', "书稿.parts"),
        (
            '{"name": "书", "parts": [{"items": [{"article": 1, "version": 1, "digest": ""}]}]}',
            "parts[0].items[0].article",
        ),
        ('{"name": "书", "parts": [{"items": [{"article": "1"}]}]}', "parts[0].items[0]"),
    ],
)
def test_a_wrong_form_is_refused_naming_the_place(text: str, place: str) -> None:
    with pytest.raises(UsageError) as caught:
        from_json(text)
    assert place in str(caught.value)


@pytest.mark.parametrize("name", ["", "  ", "甲/乙", "甲\\乙", "甲\n乙", "..", "长" * 81, "NUL", "con"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(UsageError):
        checked_name(name)


def test_a_name_loses_only_outer_spaces() -> None:
    assert checked_name(" 渡口　旧闻·二 ".replace("　", "·")) == "渡口·旧闻·二"


def test_json_is_for_people() -> None:
    assert "黄河渡口旧闻" in as_json(FULL) and json.loads(as_json(FULL))["parts"][0]["title"] == "水利"

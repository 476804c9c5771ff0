"""Numbers as text, and the lists a browser reads them from."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from archive.model.records import Article, Block, Kind
from web.edition.literal_index import LiteralIndex
from web.edition.numbers_as_text import STEP, packed, unpacked


@given(st.lists(st.one_of(st.integers(0, 200), st.integers(0, 100 * STEP)), max_size=50))
def test_ascending_numbers_come_back(differences: list[int]):
    numbers = []
    at = 0
    for each in differences:
        at += each
        numbers.append(at)
    text = packed(numbers)
    assert unpacked(text) == numbers
    assert json.loads(f'"{text}"') == text
    assert text.encode("utf-8").decode("utf-8") == text  # no half of a pair


def called(script: str) -> list[object]:
    """The values that a script hands over."""
    inside = script.removesuffix(");\n").partition("(")[2]
    return list(json.loads(f"[{inside}]"))


def test_a_phrase_stands_where_its_characters_follow_each_other():
    index = LiteralIndex()
    blocks = (
        Block.plain(Kind.TITLE, "水車"),
        Block.plain(Kind.PARAGRAPH, "车 水马龙"),
        Block.plain(Kind.COMMENT, "批注"),
    )
    index.add(Article(collection="c", blocks=blocks, id="7"), "文集")
    files = dict(index.files())
    lists: dict[str, str] = {}
    for name, script in files.items():
        if name.startswith("list-"):
            _, told = called(script)
            assert isinstance(told, dict)
            lists.update(told)
    # Folded (車 is 车), the space between Han characters is no place, one place stands empty between two blocks.
    assert {each: unpacked(lists[each]) for each in "水车马龙"} == {"水": [0, 4], "车": [1, 3], "马": [5], "龙": [6]}
    assert "批" not in lists
    (directory,) = called(files["directory.js"])
    assert isinstance(directory, dict)
    assert directory["texts"] == [["7", "水車", "文集", 0, 0]]
    assert unpacked(directory["starts"]) == [0, 3, 8]
    assert directory["cuts"] == {"1": [1, 1]}
    assert "車车" in directory["fold"]
    assert called(files["piece-0.js"]) == [0, ["水車", "车 水马龙", ""]]

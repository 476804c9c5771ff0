"""Dataclasses from JSON: what fits, and what is said of what does not."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from archive.model.decoding import decoded, parsed
from archive.model.errors import UsageError


class Colour(enum.StrEnum):
    RED = "红"
    BLUE = "蓝"


@dataclass(frozen=True)
class Inner:
    number: int
    on: bool = False


@dataclass(frozen=True)
class Outer:
    name: str
    colour: Colour = Colour.RED
    inner: Inner | None = None
    several: tuple[Inner, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)


def test_everything_has_its_type() -> None:
    inner, several = '{"number": 1}', '[{"number": 2, "on": true}]'
    text = f'{{"name": "甲", "colour": "蓝", "inner": {inner}, "several": {several}, "words": {{"a": "b"}}}}'
    assert decoded(Outer, parsed(text, "文件"), "文件") == Outer(
        "甲", Colour.BLUE, Inner(1), (Inner(2, True),), {"a": "b"}
    )
    assert decoded(Outer, {"name": "甲", "inner": None}, "文件") == Outer("甲")


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        ([], "文件", "对象"),
        ({}, "文件", "缺少"),
        ({"name": 1}, "文件.name", "应是文字"),
        ({"name": "甲", "color": "红"}, "文件", "color"),
        ({"name": "甲", "colour": "绿"}, "文件.colour", "红、蓝"),
        ({"name": "甲", "inner": {"number": True}}, "文件.inner.number", "应是整数"),
        ({"name": "甲", "several": [{"number": 1}, {"number": "2"}]}, "文件.several[1].number", "应是整数"),
        ({"name": "甲", "several": {}}, "文件.several", "列表"),
        ({"name": "甲", "words": {"a": 1}}, "文件.words.a", "应是文字"),
    ],
)
def test_a_mistake_is_told_with_its_place(data: object, place: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        decoded(Outer, data, "文件", "看说明。")
    assert (caught.value.place, caught.value.hint) == (place, "看说明。")


@pytest.mark.parametrize("text", ["", "{", '{"a": 1,}', "[" * 100_000])
def test_what_is_no_json(text: str) -> None:
    with pytest.raises(UsageError, match="不是有效的 JSON"):
        parsed(text, "文件")

"""What is highlighted: spans in stored text, whatever folding did."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.records import Article, Block, Kind
from archive.search import matching
from archive.search.matching import Prepared, near, places
from archive.search.parser import parse
from archive.search.query import Phrase, Reach
from archive.text import folding
from archive.text.excerpts import WIDTH, excerpt
from archive.text.spans import Span, joined


def marked(query: str, *texts: str, written: bool = False) -> list[list[str]]:
    """The highlighted pieces of each paragraph (the title is 题)."""
    blocks = (Block.plain(Kind.TITLE, "题"), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
    article = Article(collection="c", blocks=blocks)
    tree = parse(query, as_written=written)
    found = places(tree, Prepared(article), written=written)
    return [[texts[index][start:end] for start, end in found.get(index + 1, ())] for index in range(len(texts))]


@pytest.mark.parametrize(
    ("query", "text", "pieces"),
    [
        ("刘勇", "老劉　勇说，刘勇来了", ["劉　勇", "刘勇"]),
        ("光绪", "光　緖三十年", ["光　緖"]),
        ("沙坡头治沙", "沙坡头治沙站，沙坡头，治沙", ["沙坡头治沙"]),
        ("沙坡头治沙", "沙坡头的治沙", []),
        ("沙坡头 坡头", "沙坡头", ["沙坡头"]),
        ("沙坡 坡头", "沙坡头", ["沙坡头"]),
        ("甲 -乙", "甲乙", ["甲"]),
        ("甲 OR 丙", "甲乙", ["甲"]),
        ("刘?勇", "刘 小勇刘大勇", ["刘 小勇", "刘大勇"]),
        ("刘*勇", "刘刘勇", ["刘刘勇"]),
        ("羊皮 NEAR/2 筏", "羊皮和筏，很远很远的羊皮", ["羊皮", "筏"]),
        ("哈哈 NEAR/0 啊", "哈哈哈啊", ["哈哈", "啊"]),
        ("羊皮 NEAR/句 筏", "羊皮。羊皮的大大的筏！筏", ["羊皮", "筏"]),
        ("舍利 EXCEPT 舍利弗", "舍利弗的舍利，舍利弗", ["舍利"]),
        ("人人 EXCEPT 三人人", "三人人人人", ["人人"]),
        ("人人 EXCEPT 人人", "人人", ["人人"]),
        ('"刘　"', "刘　勇，老刘", ["刘", "刘"]),
        ("人人", "人人人人人", ["人人", "人人"]),
        ("正文:河", "黄河", ["河"]),
        ("标题:河", "黄河", []),
        ("作者:河", "黄河", []),
        ("𠮷", "a𠮷b", ["𠮷"]),
    ],
)
def test_places(query: str, text: str, pieces: list[str]) -> None:
    assert marked(query, text) == [pieces]


def test_as_written_marks_only_what_is_written() -> None:
    assert marked("光緒", "光緒、光绪", written=True) == [["光緒"]]
    assert marked('"刘 "', "刘 勇", written=True) == [["刘 "]]


@pytest.mark.parametrize(
    ("left", "right", "reach", "found"),
    [
        ([(0, 2)], [(4, 6)], 2, [(0, 2), (4, 6)]),
        ([(4, 6)], [(0, 2)], 2, [(0, 2), (4, 6)]),
        ([(0, 2)], [(5, 6)], 2, []),
        ([(0, 2)], [(0, 2)], 9, []),
        ([(0, 3)], [(2, 4)], 0, [(0, 3), (2, 4)]),
        ([(0, 9)], [(2, 3)], 0, [(0, 9), (2, 3)]),
        ([(0, 1), (20, 21)], [(18, 19)], 1, [(18, 19), (20, 21)]),
    ],
)
def test_near_goes_both_ways_and_needs_two_places(
    left: list[Span], right: list[Span], reach: int, found: list[Span]
) -> None:
    assert near(left, right, reach, "甲" * 30) == found


@given(st.text("甲乙。", max_size=30), st.integers(0, 4))
def test_near_is_what_comparing_every_pair_gives(text: str, reach: int) -> None:
    spans = [(at, at + 1) for at, char in enumerate(text) if char == "甲"]
    others = [(at, at + 2) for at in range(len(text) - 1) if text[at] == "乙"]
    for far in (reach, Reach.SENTENCE):
        pairs = [(one, other) for one in spans for other in others if one != other and _within(one, other, far, text)]
        assert near(spans, others, far, text) == sorted({span for pair in pairs for span in pair})


def _within(one: Span, other: Span, reach: int | Reach, text: str) -> bool:
    first, second = sorted((one, other))
    between = text[first[1] : second[0]]
    return len(between) <= reach if isinstance(reach, int) else "。" not in between


SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)).map(lambda pair: (pair[0], pair[0] + pair[1])))


@given(SPANS)
def test_joined_covers_the_same_characters(spans: list[Span]) -> None:
    result = list(joined(spans))
    assert {at for span in spans for at in range(*span)} == {at for span in result for at in range(*span)}
    assert all(one[1] <= other[0] for one, other in pairwise(result))


@given(st.text("天地。\n", max_size=400), st.data())
def test_an_excerpt_shows_the_first_place(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = excerpt(text, [(start, end)])
    assert 0 <= first <= start
    assert end <= last <= len(text)
    assert last - first <= max(WIDTH, end - first)


def test_blocks_that_lack_a_character_are_not_folded_and_no_place_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    folded: list[str] = []
    real = folding.fold
    monkeypatch.setattr(matching, "fold", lambda text: folded.append(text) or real(text))
    texts = ("光绪三十年", "光緖　三十年", "沙坡头", "ＡＢＣ光\u200b緒", "绪光")
    blocks = (Block.plain(Kind.TITLE, "题"), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
    found = places(Phrase("光緒"), Prepared(Article(id="1", collection="c", blocks=blocks)))
    assert found == {1: ((0, 2),), 2: ((0, 2),), 4: ((3, 6),)}
    assert folded == [texts[0], texts[1], texts[3], texts[4]]

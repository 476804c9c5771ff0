"""What is highlighted: spans in stored text, whatever folding did."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.records import Article, Block, Kind
from archive.search.matching import Prepared, Span, joined, near_pairs, places
from archive.search.parser import parse
from archive.text.excerpts import WIDTH, excerpt
from archive.text.folding import fold
from archive.text.segmentation import Segmenter, make_segmenter


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return make_segmenter()


def marked(segmenter: Segmenter, query: str, *texts: str, written: bool = False) -> list[list[str]]:
    """The highlighted pieces of each paragraph (the title is 题)."""
    blocks = (Block.plain(Kind.TITLE, "题"), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
    article = Article(collection="c", blocks=blocks)
    tree = parse(query, lambda text: segmenter.words(fold(text).text), as_written=written)
    found = places(tree, Prepared(article), written=written)
    return [[texts[index][start:end] for start, end in found.get(index + 1, ())] for index in range(len(texts))]


@pytest.mark.parametrize(
    ("query", "text", "pieces"),
    [
        ("刘勇", "老劉　勇说，刘勇来了", ["劉　勇", "刘勇"]),
        ("光绪", "光　緖三十年", ["光　緖"]),
        ("沙坡头治沙", "沙坡头治沙站，沙坡头，治沙", ["沙坡头治沙"]),
        ("沙坡头治沙", "沙坡头的治沙", ["沙坡头", "治沙"]),
        ("沙坡头 坡头", "沙坡头", ["沙坡头"]),
        ("沙坡 坡头", "沙坡头", ["沙坡头"]),
        ("甲 -乙", "甲乙", ["甲"]),
        ("甲 OR 丙", "甲乙", ["甲"]),
        ("刘?勇", "刘 小勇刘大勇", ["刘 小勇", "刘大勇"]),
        ("刘*勇", "刘刘勇", ["刘刘勇"]),
        ("羊皮 NEAR/2 筏", "羊皮和筏，很远很远的羊皮", ["羊皮", "筏"]),
        ("人人", "人人人人人", ["人人", "人人"]),
        ("正文:河", "黄河", ["河"]),
        ("标题:河", "黄河", []),
        ("作者:河", "黄河", []),
        ("𠮷", "a𠮷b", ["𠮷"]),
    ],
)
def test_places(segmenter: Segmenter, query: str, text: str, pieces: list[str]) -> None:
    assert marked(segmenter, query, text) == [pieces]


def test_as_written_marks_only_what_is_written(segmenter: Segmenter) -> None:
    assert marked(segmenter, "光緒", "光緒、光绪", written=True) == [["光緒"]]
    assert marked(segmenter, '"刘 "', "刘 勇", written=True) == [["刘 "]]


def test_near_pairs_go_both_ways_and_need_two_places() -> None:
    assert list(near_pairs([(0, 2)], [(4, 6)], 2)) == [((0, 2), (4, 6))]
    assert list(near_pairs([(4, 6)], [(0, 2)], 2)) == [((4, 6), (0, 2))]
    assert list(near_pairs([(0, 2)], [(5, 6)], 2)) == []
    assert list(near_pairs([(0, 2)], [(0, 2)], 9)) == []
    assert list(near_pairs([(0, 3)], [(2, 4)], 0)) == [((0, 3), (2, 4))]


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

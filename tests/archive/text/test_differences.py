"""Side by side: nothing lost on either side, differences where they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.text.differences import Pair, differences

PARAGRAPHS = st.lists(st.text("水车黄河。，", max_size=12), max_size=6)


def test_a_changed_character_in_a_changed_place() -> None:
    left = ["水车", "光绪三十年，刘勇造水车一架。", "后来坏了。"]
    right = ["水车", "光绪三十二年，刘勇造水车二架。", "新添的一段。", "后来坏了。"]
    assert differences(left, right) == (
        Pair(0, 0),
        Pair(1, 1, ((11, 12),), ((4, 5), (12, 13))),
        Pair(None, 2, (), ((0, 6),)),
        Pair(2, 3),
    )


def test_paragraphs_find_their_partner_across_one_that_is_new() -> None:
    left = ["河水上涨，渡口停航三日。", "麦子熟了，家家开镰。"]
    right = ["全是新写的话，与谁都不像。", "河水大涨，渡口停航五日。", "麦子黄了，家家开镰。"]
    assert [(pair.left, pair.right) for pair in differences(left, right)] == [(None, 0), (0, 1), (1, 2)]


def test_a_lone_equal_character_between_differences_is_chance() -> None:
    assert differences(["甲乙的丙丁，黄河水车"], ["戊己的庚辛，黄河水车"]) == (Pair(0, 0, ((0, 5),), ((0, 5),)),)


def test_many_changed_paragraphs_stand_in_order() -> None:
    left = [f"第{n}段原先的话" for n in range(40)]
    right = [f"第{n}段改过的话语" for n in range(30)]
    pairs = differences(left, right)
    assert [pair.left for pair in pairs] == list(range(40))
    assert [pair.right for pair in pairs] == [*range(30), *[None] * 10]


@given(PARAGRAPHS, PARAGRAPHS)
def test_every_paragraph_once_and_the_rest_is_the_same(left: list[str], right: list[str]) -> None:
    pairs = differences(left, right)
    assert [pair.left for pair in pairs if pair.left is not None] == list(range(len(left)))
    assert [pair.right for pair in pairs if pair.right is not None] == list(range(len(right)))
    for pair in pairs:
        if pair.left is None or pair.right is None:
            assert not pair.equal
            continue
        assert without(left[pair.left], pair.left_spans) == without(right[pair.right], pair.right_spans)
        assert pair.equal == (left[pair.left] == right[pair.right])


def without(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    assert list(spans) == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text

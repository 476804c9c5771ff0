"""Places that follow corrections: through changed words, split and joined paragraphs, twins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.anchors import CONTEXT, Course, Place, anchored, standing

OLD = ["题", "光绪三十年修水车，民国二年重修。", "后来停了。", "完"]


def place_of(texts: list[str], words: str) -> Place:
    index = next(number for number, text in enumerate(texts) if words in text)
    start = texts[index].index(words)
    return index, start, start + len(words)


@pytest.mark.parametrize(
    "new",
    [
        ["题", "据县志，光绪三十年造水车，民国二年又重修。", "后来停了。", "完"],
        ["题", "光绪三十年修水车，", "民国二年重修。", "后来停了。", "完"],
        ["题", "光绪三十年修水车，民国二年重修。后来停了。", "完"],
        ["新题", "新的一段。", "光绪三十年修水车，民国二年重修。", "完"],
        ["题", "民国二年重修。", "光绪三十年修"],
    ],
)
def test_a_place_stays_on_its_characters(new: list[str]) -> None:
    place = Course(OLD, new).place(place_of(OLD, "民国二年"))
    assert place == place_of(new, "民国二年")


def test_changed_characters_have_no_place() -> None:
    assert Course(OLD, ["题", "光绪三十年修水车，民国三年重修。", *OLD[2:]]).place(place_of(OLD, "民国二年")) is None
    assert (
        Course(OLD, ["题", "光绪三十年修水车，民国", "二年重修。", *OLD[2:]]).place(place_of(OLD, "民国二年")) is None
    )
    assert Course(OLD, OLD).place((9, 0, 1)) is None
    assert Course(OLD, OLD).place((0, 0, 5)) is None


def test_a_block_goes_where_most_of_it_went() -> None:
    split = ["题", "光绪三十年修水车，民国二年", "重修。", "后来停了。", "完"]
    assert [Course(OLD, split).block(index) for index in range(4)] == [0, 1, 3, 4]
    assert Course(OLD, ["题", "完"]).block(1) is None
    assert Course(OLD, split).unchanged(1) is None
    assert Course(OLD, split).unchanged(2) == 3


def test_of_equal_cells_each_stays_itself() -> None:
    cells = ["题", "是", "是", "是"]
    assert [Course(cells, ["题", "头", "是", "是", "是"]).block(index) for index in (1, 2, 3)] == [2, 3, 4]
    assert Course(cells, [*cells, "表注"]).place((2, 0, 1)) == (2, 0, 1)


texts = st.lists(st.text("甲乙，。", max_size=8), min_size=1, max_size=5)


@given(texts, texts, st.data())
def test_what_a_course_finds_reads_the_same(before: list[str], after: list[str], data: st.DataObject) -> None:
    course = Course(before, after)
    block = data.draw(st.integers(0, len(before) - 1))
    start = data.draw(st.integers(0, len(before[block])))
    end = data.draw(st.integers(start, len(before[block])))
    found = course.place((block, start, end))
    if found is not None:
        assert after[found[0]][found[1] : found[2]] == before[block][start:end]
    there = course.unchanged(block)
    assert there is None or after[there] == before[block]


@given(texts, st.data())
def test_nothing_moves_where_nothing_changed(before: list[str], data: st.DataObject) -> None:
    block = data.draw(st.integers(0, len(before) - 1))
    course = Course(before, before)
    assert course.unchanged(block) == block
    if before[block]:
        assert course.place((block, 0, len(before[block]))) == (block, 0, len(before[block]))


def test_an_anchor_holds_where_it_reads_the_same() -> None:
    text = f"{'甲' * 30}光绪三十年{'乙' * 30}"
    anchor = anchored([text], (0, 30, 35))
    assert (len(anchor.before), len(anchor.after)) == (CONTEXT, CONTEXT)
    assert standing(anchor, [(0, "无"), (1, "先" + text)]) == (1, 31, 36)
    assert standing(anchor, [(0, text.replace("光绪", "道光"))]) is None

"""Texts with gaps: the same places as by a regular expression, and no text that takes for ever."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search.gaps import Gapped
from archive.search.index.literal import SECTION, SEPARATOR

APART = SECTION + SEPARATOR
PARTS = st.lists(st.sampled_from(["哈", "哈哈", "呀", "哈呀", "."]), min_size=2, max_size=4)
GAPS = st.sampled_from([(0, 10), (1, 1), (1, 11), (2, 2), (0, 20)])
TEXTS = st.lists(st.sampled_from(["哈", "呀", ".", "甲", SEPARATOR, SECTION]), max_size=30).map("".join)


@given(parts=PARTS, gaps=st.lists(GAPS, min_size=3, max_size=3), text=TEXTS)
def test_the_places_are_those_of_a_regular_expression(parts: list[str], gaps: list[tuple[int, int]], text: str) -> None:
    between = [f"[^{APART}]{{{least},{most}}}?" for least, most in gaps[: len(parts) - 1]]
    pattern = re.escape(parts[0]) + "".join(gap + re.escape(part) for gap, part in zip(between, parts[1:], strict=True))
    finder = Gapped(parts, gaps[: len(parts) - 1], APART)
    assert list(finder.places(text)) == [found.span() for found in re.finditer(pattern, text)]
    assert list(finder.every_place(text)) == [found.span(1) for found in re.finditer(f"(?=({pattern}))", text)]
    assert finder.stands_in(text) == (re.search(pattern, text) is not None)


@pytest.mark.parametrize("stars", [12, 400])
def test_dots_of_a_table_of_contents_are_no_trap(stars: int) -> None:
    finder = Gapped(["…"] * stars + ["呀"], [(0, 10)] * stars, APART)
    dots = "…" * 5000
    assert not finder.stands_in(f"呀{dots}12{SEPARATOR}呀")
    assert list(finder.places(f"甲{dots}呀")) == [(1 + 5000 - 11 * stars, 5002)]

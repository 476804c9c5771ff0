"""Spans made one where they overlap, as a set of characters says it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archive.text.spans import joined

spans = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)))


@given(spans, st.booleans())
def test_the_same_characters_in_order_and_apart(given_spans: list[tuple[int, int]], touching: bool) -> None:
    result = joined(given_spans, touching)
    assert {at for span in result for at in range(*span)} == {at for span in given_spans for at in range(*span)}
    for (_, end), (start, _) in pairwise(result):
        assert end < start or (end == start and not touching)


def test_touching_spans_stay_two_unless_asked() -> None:
    assert joined([(2, 4), (0, 2), (3, 3)]) == ((0, 2), (2, 4))
    assert joined([(2, 4), (0, 2), (3, 3)], touching=True) == ((0, 4),)

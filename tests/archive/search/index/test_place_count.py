"""Places are counted in whole matching texts as they would be block by block."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.search import Search
from archive.search.index import place_count
from archive.search.index.literal import SECTION, SEPARATOR
from archive.search.index.place_count import finder
from archive.search.parser import parse
from archive.search.query import EVERYTHING, Query


@pytest.mark.parametrize("asked", ["水车 车水", "水 OR 水车", "车车 水车车"])
@given(text=st.text(f"水车{SECTION}{SEPARATOR}", max_size=40))
def test_texts_that_share_a_character(asked: str, text: str) -> None:
    query = Query(tree=parse(asked), search=Search(text=asked))
    leaves = list(place_count._leaves(query.tree))
    assert list(finder(query)(text)) == list(place_count._in_text(text, leaves, False))
    assert place_count._way(query)[0](text) == len(list(finder(query)(text)))


def test_nothing_is_counted_where_no_words_are_asked_for() -> None:
    assert place_count._way(Query(tree=EVERYTHING, search=Search()))[1] == 0

"""Every state of the search page has an address, and every address a state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask, url_for
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from archive.model.errors import UsageError
from archive.model.search import FacetCount, Passage, PeriodIn, Search, Sort
from web.reading.leaves import place_url
from web.search.hit_view import telling
from web.search.search_page import paging
from web.search.search_state import SearchState

words = st.text(min_size=1, max_size=8).map(str.strip)
values = st.lists(words.filter(bool), max_size=2, unique=True).map(tuple)
searches = st.builds(
    Search,
    text=words,
    period=words,
    period_in=st.sampled_from(PeriodIn),
    within=st.booleans(),
    vague=st.booleans(),
    as_written=st.booleans(),
    collection=values,
    section=values,
    author=values,
    decade=st.lists(st.integers(-300, 2030), max_size=2, unique=True).map(tuple),
    sort=st.sampled_from(Sort),
)
states = st.builds(SearchState, searches, st.integers(1, 999))


@pytest.fixture(scope="module")
def app() -> Flask:
    """The addresses of two pages."""
    app = Flask("pages")
    app.add_url_rule("/", "search.search", lambda: "")
    app.add_url_rule("/article/<article_id>", "reading.article", lambda article_id: "")
    return app


@given(states, st.sampled_from(["collection", "section", "author", "decade"]), values, st.data())
def test_all_choices_at_once_lead_where_each_does(
    app: Flask, state: SearchState, facet: str, others: tuple[str, ...], data: st.DataObject
) -> None:
    present = [str(value) for value in getattr(state.search, facet)]
    offered = [str(year) for year in range(1950, 1953)] if facet == "decade" else others
    counts = [FacetCount(value, value, 1) for value in data.draw(st.permutations([*present, *offered]))]
    with app.test_request_context():
        found = [(each.counted, each.url, each.on) for each in state.choices(facet, counts)]
        assert found == [(one, state.choose(facet, one.value).url, one.value in present) for one in counts]


@given(states, st.text("0-9aZ_.:~水 ?#%", min_size=1), st.none() | st.integers(0, 900))
def test_a_reading_page_has_the_address_of_its_route(
    app: Flask, state: SearchState, article: str, block: int | None
) -> None:
    carried: dict[str, Any] = {**state.carried}
    with app.test_request_context():
        if block is None:
            assert state.reading(article) == url_for("reading.article", article_id=article, **carried)
        else:
            assert state.reading(article, block) == place_url(article, block, **carried)


def read(pairs: Iterable[tuple[str, str]]) -> SearchState:
    return SearchState.read(MultiDict(list(pairs)))


@given(states)
def test_an_address_leads_back_to_its_state(state: SearchState) -> None:
    assert read(state.pairs()) == state


@given(searches)
def test_a_search_is_read_back_from_its_pairs(search: Search) -> None:
    assert Search.read(search.pairs()) == search


def test_the_plain_address_is_empty() -> None:
    assert SearchState().pairs() == []


def test_any_change_begins_at_the_first_page() -> None:
    state = SearchState(Search(text="水车"), page=4)
    assert state.choose("decade", "1950") == SearchState(Search(text="水车", decade=(1950,)))
    assert state.turned(5) == SearchState(Search(text="水车"), page=5)


def test_a_value_chosen_twice_is_given_up() -> None:
    both = SearchState().choose("author", "甲").choose("author", "乙")
    assert both.search.author == ("甲", "乙")
    assert both.choose("author", "甲").search.author == ("乙",)


def test_a_listing_without_a_question_follows_the_volumes() -> None:
    assert SearchState().order is Sort.SOURCE
    assert SearchState(Search(text="水车")).order is Sort.RELEVANCE
    assert SearchState(Search(sort=Sort.DATE_UP)).order is Sort.DATE_UP


@pytest.mark.parametrize(
    "bad", [("sort", "price"), ("in", "space"), ("decade", "五十"), ("page", "-1"), ("page", "²"), ("page", "0")]
)
def test_a_value_not_offered_is_refused(bad: tuple[str, str]) -> None:
    with pytest.raises(UsageError):
        read([bad])


@pytest.mark.parametrize(
    ("page", "total", "line"),
    [
        (1, 0, (1,)),
        (1, 20, (1,)),
        (1, 21, (1, 2)),
        (1, 200, (1, 2, 3, None, 10)),
        (5, 200, (1, 2, 3, 4, 5, 6, 7, None, 10)),
        (10, 200, (1, None, 8, 9, 10)),
    ],
)
def test_the_line_of_pages(page: int, total: int, line: tuple[int | None, ...]) -> None:
    assert paging(page, total) == line


def passage(block: int, text: str, *words: str) -> Passage:
    spans = tuple((text.index(word), text.index(word) + len(word)) for word in words)
    return Passage(block, text, spans, (0, len(text)))


def test_the_passages_shown_cover_all_words_of_the_question() -> None:
    found = [
        passage(1, "渡船", "船"),
        passage(2, "船和筏", "船"),
        passage(3, "船", "船"),
        passage(4, "黄河", "黄河"),
        passage(5, "黄河的船", "黄河", "船"),
    ]
    assert [each.block for each in telling(found)] == [1, 2, 5]
    assert [each.block for each in telling(found[:4])] == [1, 2, 4]
    dated = [Passage(block, "1958年", (), (0, 5), ((0, 5),)) for block in (6, 7, 8)]
    assert [each.block for each in telling([*dated, *found])] == [1, 5, 6]

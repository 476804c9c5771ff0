"""What goes into the database as JSON comes back equal."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.records import Block, Cell, Issue, Kind, Person, Role, Run, Style
from archive.store import codec

texts = st.text(max_size=20)
styles = st.builds(Style, st.integers(0, 127))
runs = st.builds(Run, texts, styles, texts, texts)
counts = st.integers(0, 99)
cells = st.builds(Cell, counts, counts, counts, st.integers(1, 9), st.integers(1, 9), st.booleans())
blocks = st.builds(
    Block,
    st.sampled_from(Kind),
    st.lists(runs, max_size=4).map(tuple),
    st.integers(0, 9),
    texts,
    st.none() | cells,
    st.sampled_from(["", "ab" * 32]),
    st.sampled_from(["", "12", "xii"]),
)


@given(st.lists(blocks, max_size=5).map(tuple))
def test_blocks_come_back_equal(given: tuple[Block, ...]) -> None:
    encoded = codec.encode_blocks(given)
    assert codec.decode_blocks(encoded) == given
    assert codec.encode_blocks(codec.decode_blocks(encoded)) == encoded


@given(st.lists(st.builds(Person, texts, st.sampled_from(Role)), max_size=4).map(tuple))
def test_people_come_back_equal(given: tuple[Person, ...]) -> None:
    assert codec.decode_people(codec.encode_people(given)) == given


@given(st.lists(st.tuples(texts, texts), max_size=4).map(tuple))
def test_fields_come_back_equal(given: tuple[tuple[str, str], ...]) -> None:
    assert codec.decode_fields(codec.encode_fields(given)) == given


@given(st.lists(st.builds(Issue, texts, texts, texts, counts), max_size=4).map(tuple))
def test_issues_come_back_equal(given: tuple[Issue, ...]) -> None:
    assert codec.decode_issues(codec.encode_issues(given)) == given


@given(st.lists(blocks, max_size=3).map(tuple), st.lists(blocks, max_size=3).map(tuple))
def test_digests_are_equal_exactly_for_equal_blocks(one: tuple[Block, ...], other: tuple[Block, ...]) -> None:
    same = codec.digest(codec.encode_blocks(one)) == codec.digest(codec.encode_blocks(other))
    assert same == (one == other)


def test_no_runs_differ_from_one_empty_run() -> None:
    bare, empty = (Block(Kind.FIGURE),), (Block(Kind.FIGURE, (Run(""),)),)
    assert codec.decode_blocks(codec.encode_blocks(bare)) == bare
    assert codec.decode_blocks(codec.encode_blocks(empty)) == empty


def test_every_style_and_kind_is_known() -> None:
    every = tuple(Block(kind, (Run("字", style),)) for kind in Kind for style in Style)
    assert codec.decode_blocks(codec.encode_blocks(every)) == every


def test_the_encoding_never_changes() -> None:
    """Digests of everything kept so far depend on it."""
    given = (
        Block.plain(Kind.TITLE, "题"),
        Block(Kind.PARAGRAPH, (Run("𠮷", Style.BOLD), Run("", note="1"), Run("字", ruby="zì")), level=2),
        Block(Kind.CELL, (Run("格"),), cell=Cell(0, 1, 2, 1, 3, True)),
        Block(Kind.FIGURE, label="图", picture="ab"),
    )
    assert codec.encode_blocks(given) == (
        '[{"k":"title","t":"题"},{"k":"paragraph","r":[["𠮷",1],["",0,"1"],["字",0,"","zì"]],"l":2},'
        '{"k":"cell","t":"格","c":[0,1,2,1,3,true]},{"k":"figure","n":"图","p":"ab"}]'
    )


def test_half_a_surrogate_pair_is_refused_rather_than_changed() -> None:
    with pytest.raises(UnicodeEncodeError):
        codec.digest(codec.encode_blocks((Block.plain(Kind.TITLE, "题\ud842"),)))


def test_line_ends_and_control_characters_stay() -> None:
    given = (Block.plain(Kind.TITLE, "题\u2028\x00\x0b\r\n\t\u3000"),)
    encoded = codec.encode_blocks(given)
    assert codec.decode_blocks(encoded) == given
    assert json.loads(encoded)[0]["t"] == given[0].text

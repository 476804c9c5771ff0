"""The literal index alone: what it remembers of folding, and its transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.model.records import Article, Block, Kind
from archive.search.index.literal import LiteralIndex


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "literal.sqlite"


@pytest.fixture
def index(file: Path) -> Iterator[LiteralIndex]:
    """An empty index."""
    with closing(LiteralIndex(file, create=True)) as made:
        yield made


def put(index: LiteralIndex, *texts: str) -> None:
    """An article a text, with the text as its title."""
    index.begin(write=True)
    for text in texts:
        index.put(Article(id=text, collection="c", blocks=(Block.plain(Kind.TITLE, text),)), ())
    index.commit()


@pytest.mark.parametrize(
    ("text", "changed", "same"),
    [
        ("刘　勇赶车", "刘勇", "勇赶"),  # the pair round a dropped space, and no other one
        ("刘　　勇赶车", "刘勇", "赶车"),
        ("忆刘 勇", "忆刘勇", "忆刘"),
        ("光緒年", "光绪", "光年"),  # the character that another one was folded to
        ("Ａ组", "a", "组"),
        ("刘 a勇", "", "刘a"),  # a space beside Latin is no padding
    ],
)
def test_it_remembers_what_folding_changed(file: Path, index: LiteralIndex, text: str, changed: str, same: str) -> None:
    with closing(LiteralIndex(file)) as reader:
        assert not reader.varies(changed)
        put(index, text)
        reader.refresh()
        for each in (index, reader):
            assert each.varies(changed) == bool(changed)
            assert not each.varies(same)
    with closing(LiteralIndex(file)) as reopened:
        assert reopened.varies(changed) == bool(changed)


def test_it_remembers_what_others_changed(file: Path, index: LiteralIndex) -> None:
    """Two programs write in turn, and neither looks anything up in between."""
    with closing(LiteralIndex(file)) as second:
        put(index, "刘　勇")
        put(second, "光緒")
        put(index, "水车")
    with closing(LiteralIndex(file)) as reopened:
        assert reopened.varies("刘勇")
        assert reopened.varies("绪")


def test_a_writer_is_alone_before_it_has_written(file: Path, index: LiteralIndex) -> None:
    index.begin(write=True)
    with (
        closing(sqlite3.connect(file, timeout=0)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")
    index.roll_back()


def test_a_reader_keeps_nobody_from_writing(file: Path, index: LiteralIndex) -> None:
    put(index, "水车")
    with closing(LiteralIndex(file)) as reader:
        reader.begin()
        assert reader.count() == 1
        put(index, "筏子")
        assert reader.count() == 1
        reader.roll_back()
        assert reader.count() == 2

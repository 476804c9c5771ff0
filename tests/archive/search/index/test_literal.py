"""The literal index alone: what it remembers of folding, and its transactions."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest

from archive.model.records import Article, Block, Kind
from archive.search.index import fts_occurrences
from archive.search.index.fts_occurrences import tokens
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


@pytest.mark.parametrize("texts", [("中𠮷文", "文中"), ("𠮷", "吉"), ("a中", "aaaa"), ("断\ud83d", "断")], ids=str)
def test_every_character_is_one_token(index: LiteralIndex, texts: tuple[str, str]) -> None:
    for text in texts:
        assert len(tokens(text).split()) == len(text)
    pairs = {text[at : at + 2] for text in texts for at in range(len(text))}
    assert len({token for text in texts for token in tokens(text).split()}) == len(pairs)


def test_where_a_text_stands_and_how_often_is_what_its_characters_say(index: LiteralIndex) -> None:
    """Characters of both planes, some of which begin with the digits of others, and texts of one to four."""
    characters = "刘勇\uf000\U000f0000𠮷1 。"
    draw = random.Random(7)
    texts = sorted({"".join(draw.choices(characters, k=draw.randint(1, 12))).strip() for _ in range(60)} - {""})
    put(index, *texts)
    for length in (1, 2, 3, 4):
        for wanted in map("".join, product(characters, repeat=length)):
            assert index.standing(wanted, written=True) == {index.key(text) for text in texts if wanted in text}
            if length <= 2:
                places = sum(text.count(wanted) for text in texts)
                known = index.standing_times(wanted, written=True)
                assert known == places or (known is None and len(set(wanted)) < length)


def test_what_waits_to_be_written_is_one_with_what_is(index: LiteralIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles put, replaced and replaced again, in one transaction and in several, some written out in between."""
    draw = random.Random(5)
    standing: dict[str, str] = {}
    for waiting in (1, 30, 10_000):
        monkeypatch.setattr(fts_occurrences, "_WAITING", waiting)
        index.begin(write=True)
        for _ in range(40):
            id = f"{draw.randrange(12)}"
            standing[id] = "".join(draw.choices("刘勇赶车𠮷", k=9))
            index.put(Article(id=id, collection="c", blocks=(Block.plain(Kind.TITLE, standing[id]),)), ())
        index.commit()
        for pair in map("".join, product("刘勇赶车𠮷", repeat=2)):
            expected = {index.key(id) for id, text in standing.items() if pair in text}
            index.refresh()
            assert index.standing(pair, written=True) == expected
        index.begin(write=True)
        assert list(index.faults()) == []
        index.roll_back()


def test_what_waits_is_forgotten_with_the_transaction(index: LiteralIndex) -> None:
    put(index, "刘勇赶车")
    index.begin(write=True)
    index.put(Article(id="刘勇赶车", collection="c", blocks=(Block.plain(Kind.TITLE, "水利"),)), ())
    index.roll_back()
    put(index, "别的")
    index.refresh()
    assert len(index.standing("刘勇", written=True)) == 1
    assert not index.standing("水利", written=True)


def test_texts_at_hand_stay_there_but_for_those_put_since(file: Path, index: LiteralIndex) -> None:
    put(index, "刘勇赶车", "水利")
    with closing(LiteralIndex(file)) as reader:
        keys = [index.key("刘勇赶车") or 0, index.key("水利") or 0]
        before, last = dict(reader.matching_texts(keys, written=False)), reader.last_put()
        index.begin(write=True)
        index.put(Article(id="刘勇赶车", collection="c", blocks=(Block.plain(Kind.TITLE, "筏子"),)), ())
        index.commit()
        changed = reader.put_since(last)
        assert changed == {keys[0]}
        reader.refresh(changed)
        after = dict(reader.matching_texts(keys, written=False))
        assert after == {keys[0]: "筏子", keys[1]: "水利"}
        assert after[keys[1]] is before[keys[1]]

"""The engine for a large machine, beyond the contract that test_contract.py holds it to."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.search.index.embedded import EmbeddedEngine
from archive.search.query import Near, Phrase, Query, Wildcard
from archive.support.library_folder import INDEX, SETTINGS
from archive.text.folding import fold, fold_query
from archive.text.segmentation import make_segmenter
from tests.archive.search.index.engines import make

pytest.importorskip("tantivy")

ALL = Rights.everything()


def article(id: str, *texts: str) -> Article:
    return Article(
        id=id,
        collection="c",
        blocks=(Block.plain(Kind.TITLE, "题"), *(Block.plain(Kind.PARAGRAPH, text) for text in texts)),
    )


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedEngine:
    made = make("tantivy", tmp_path / "index", make_segmenter())
    assert isinstance(made, EmbeddedEngine)
    return made


def put(engine: EmbeddedEngine, *articles: Article) -> None:
    with engine.batch() as batch:
        for one in articles:
            batch.put(one, ())


def test_every_string_of_real_texts_is_found_where_it_stands(engine: EmbeddedEngine, shared_data: Path) -> None:
    lines = (shared_data / "sample" / "vol1_prose_78.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [article(str(number), *json.loads(line)["text"].splitlines()) for number, line in enumerate(lines)]
    assert engine.rebuild((one, ()) for one in texts) == len(texts)
    folded = {one.id: [fold(text).text for _, text in one.units()] for one in texts}
    chance = random.Random(18)
    for _ in range(200):
        text = chance.choice([text for _, text in chance.choice(texts).units() if len(text) > 9])
        start = chance.randrange(len(text) - 8)
        asked = text[start : start + chance.choice((1, 2, 3, 4, 8))]
        if wanted := fold_query(asked):
            expected = {id for id, blocks in folded.items() if any(wanted in block for block in blocks)}
            assert engine.ids(Query(tree=Phrase(asked)), ALL) == expected, asked


def test_texts_far_apart_are_looked_for_by_themselves(engine: EmbeddedEngine) -> None:
    put(
        engine,
        article("near", "羊皮" + "一" * 70 + "筏"),
        article("far", "羊皮" + "一" * 90 + "筏"),
        article("no", "羊皮"),
    )
    assert engine.ids(Query(tree=Near(Phrase("羊皮"), Phrase("筏"), 80)), ALL) == {"near"}
    gap = Wildcard(("羊皮", "筏"), ((70, 70),))
    assert engine.ids(Query(tree=gap), ALL) == {"near"}


def test_what_was_replaced_is_deleted_by_the_next_batch(engine: EmbeddedEngine) -> None:
    for text in ("水车", "枸杞", "甘草"):
        put(engine, article("a", text))
    assert engine.sound() and not engine.damage()
    assert engine.ids(Query(tree=Phrase("水车")), ALL) == frozenset()
    assert engine.ids(Query(tree=Phrase("甘草")), ALL) == {"a"}


def test_a_state_that_sqlite_does_not_know_is_unsound(engine: EmbeddedEngine) -> None:
    put(engine, article("a", "水车"))
    pair = engine._current()
    pair.words.begin()
    pair.words.put(99, "筏", new=True)
    pair.words.commit()
    pair.literal.roll_back()
    assert not engine.sound()


def test_a_damaged_file_is_told(engine: EmbeddedEngine, tmp_path: Path) -> None:
    put(engine, article("a", "水车"))
    engine.close()
    (file,) = (tmp_path / "index").glob("g*/characters/*.idx")
    content = bytearray(file.read_bytes())
    content[0] ^= 1
    file.write_bytes(content)
    assert "characters/" in engine.damage()


@pytest.mark.parametrize(("first", "second"), [("embedded", "tantivy"), ("tantivy", "embedded")])
def test_a_library_changes_its_engine_by_one_line(first: str, second: str, tmp_path: Path) -> None:
    root = tmp_path / "library"
    Library.create(root).close()
    file = root / SETTINGS
    usual = file.read_text(encoding="utf-8")
    file.write_text(f'{usual}engine = "{first}"\n', encoding="utf-8")
    original = tmp_path / "a.txt"
    original.write_text("a", encoding="utf-8")
    with Library.open(root) as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "文集"))
        session.add(original, "a.txt", [article("", "水车")], ())
    file.write_text(f'{usual}engine = "{second}"\n', encoding="utf-8")
    with Library.open(root) as library:
        assert library.session(Actor.local()).search(Search(text="水车")).total == 1
    (made,) = (root / INDEX).glob("g*")
    assert (made / "characters").is_dir() == (second == "tantivy")

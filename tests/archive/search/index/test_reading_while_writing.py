"""Readers do not wait for who writes or checks."""

from __future__ import annotations

import threading
from pathlib import Path

from archive.model.access import Rights
from archive.model.records import Article, Block, Kind
from archive.model.search import Search
from archive.search.index.embedded import EmbeddedEngine
from archive.search.parser import parse
from archive.search.query import Query
from archive.text.segmentation import make_segmenter


def article(id: str) -> Article:
    blocks = (Block.plain(Kind.TITLE, "水车"), Block.plain(Kind.PARAGRAPH, "黄河边的水车。"))
    return Article(collection="c", blocks=blocks, id=id)


def test_a_search_is_answered_while_a_batch_is_being_written(tmp_path: Path) -> None:
    engine, rights = EmbeddedEngine(tmp_path, make_segmenter()), Rights.everything()
    with engine.batch() as batch:
        batch.put(article("1"), [])
    query = Query(tree=parse("水车"), search=Search(text="水车"))
    counted: list[int] = []
    with engine.batch() as batch:
        batch.put(article("2"), [])
        reader = threading.Thread(target=lambda: counted.append(engine.count(query, rights)), daemon=True)
        reader.start()
        reader.join(20)
        assert counted == [1], "of the state before"
    assert engine.count(query, rights) == 2
    engine.close()

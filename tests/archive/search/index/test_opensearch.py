"""The engine on a cluster, beyond the contract that test_contract.py holds it to."""

from __future__ import annotations

import json
import os
import random
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.errors import ConfigError, EngineAway, QueryError
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search, Sort
from archive.search.index import opensearch_query
from archive.search.query import Except, Phrase, Query
from archive.support.library_folder import SETTINGS
from archive.text.folding import fold, fold_query
from archive.text.segmentation import make_segmenter
from tests.archive.search.index.engines import CLUSTER, make, missing

pytestmark = pytest.mark.skipif(bool(missing("opensearch")), reason=missing("opensearch"))

ALL = Rights.everything()


def article(id: str, *texts: str) -> Article:
    return Article(
        id=id,
        collection="c",
        blocks=(Block.plain(Kind.TITLE, "题"), *(Block.plain(Kind.PARAGRAPH, text) for text in texts)),
    )


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Any]:
    made = make("opensearch", tmp_path / "index", make_segmenter())
    yield made
    made.close()


def put(engine: Any, *articles: Article) -> None:
    with engine.batch() as batch:
        for one in articles:
            batch.put(one, ())


def test_every_string_of_real_texts_is_found_where_it_stands(engine: Any, shared_data: Path) -> None:
    lines = (shared_data / "sample" / "vol1_prose_78.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [article(str(number), *json.loads(line)["text"].splitlines()) for number, line in enumerate(lines)]
    assert engine.rebuild((one, ()) for one in texts) == len(texts)
    folded = {one.id: [fold(text).text for _, text in one.units()] for one in texts}
    chance = random.Random(18)
    for _ in range(100):
        text = chance.choice([text for _, text in chance.choice(texts).units() if len(text) > 9])
        start = chance.randrange(len(text) - 8)
        asked = text[start : start + chance.choice((1, 2, 3, 4, 8))]
        if wanted := fold_query(asked):
            expected = {id for id, blocks in folded.items() if any(wanted in block for block in blocks)}
            assert engine.ids(Query(tree=Phrase(asked)), ALL) == expected, asked


def test_pages_far_down_follow_those_before(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put(engine, *(article(str(number), "水车" * (1 + number % 3)) for number in range(1, 31)))
    for sort in Sort:
        query = Query(tree=Phrase("水车"), search=Search(sort=sort))
        whole = [one.article for one in engine.search(query, ALL, limit=30).found]
        with monkeypatch.context() as patched:
            patched.setattr("archive.search.index.opensearch._PAGES", 4)
            patched.setattr("archive.search.index.opensearch_client._READ", 3)
            deep = [one.article for one in engine.search(query, ALL, limit=7, offset=11).found]
        assert deep == whole[11:18]


def test_facets_of_many_values_are_whole(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put(engine, *(Article(id=str(n), collection=f"c{n % 7}", blocks=article("x", "水车").blocks) for n in range(20)))
    asked = Query(tree=Phrase("水车"))
    whole = engine.search(asked, ALL, limit=1).facets
    monkeypatch.setattr("archive.search.index.opensearch_asking._VALUES", 2)
    assert engine.search(asked, ALL, limit=1).facets == whole


def test_what_takes_too_many_texts_is_refused(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put(engine, *(article(str(number), "舍利弗，舍利") for number in range(5)))
    asked = Query(tree=Except(Phrase("舍利"), (Phrase("舍利弗"),)))
    assert engine.count(asked, ALL) == 5
    monkeypatch.setattr("archive.search.index.opensearch.LOOKED_AT", 4)
    with pytest.raises(QueryError, match="太多"):
        engine.count(asked, ALL)
    assert opensearch_query.LOOKED_AT == 2000


def test_another_mapping_is_unsound(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put(engine, article("a", "水车"))
    assert engine.sound()
    monkeypatch.setattr("archive.search.index.opensearch_documents.LAYOUT", "0")
    assert not engine.sound()


def test_an_index_that_only_reads_says_so(engine: Any) -> None:
    """As OpenSearch makes one when its disk is nearly full."""
    put(engine, article("a", "水车"))
    indices, alias = engine._client.opensearch.indices, engine._client.alias
    block = {"index.blocks.read_only_allow_delete": True}
    indices.put_settings(index=alias, body=block)
    try:
        assert engine.count(Query(tree=Phrase("水车")), ALL) == 1
        with pytest.raises(EngineAway, match="只能读"):
            put(engine, article("b", "水车"))
    finally:
        indices.put_settings(index=alias, body={"index.blocks.read_only_allow_delete": None})


def library(root: Path, hosts: list[str], more: str = "") -> None:
    if not root.exists():
        Library.create(root).close()
    file = root / SETTINGS
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith(("format", "name"))]
    lines += ['engine = "opensearch"', "[opensearch]", f"hosts = {json.dumps(hosts)}", f'index = "{root.name}"', more]
    file.write_text("\n".join([*lines, "copies = 0\n"]), encoding="utf-8")


def nowhere() -> str:
    """An address where nobody answers."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{one.getsockname()[1]}"


def test_a_library_works_on_while_the_cluster_is_away_and_catches_up(tmp_path: Path) -> None:
    root = tmp_path / f"test-{os.getpid()}-away"
    library(root, os.environ[CLUSTER].split())
    original = tmp_path / "a.txt"
    original.write_text("a", encoding="utf-8")
    with Library.open(root) as here:
        session = here.session(Actor.local())
        session.save_collection(Collection("c", "文集"))
        session.add(original, "a.txt", [article("", "水车")], ())
        assert session.search(Search(text="水车")).total == 1
    library(root, [nowhere()])
    with Library.open(root) as here:
        session = here.session(Actor.local())
        with pytest.raises(EngineAway, match="连不上"):
            session.search(Search(text="水车"))
        assert session.article("1").title == "题"
        original.write_text("b", encoding="utf-8")
        session.add(original, "b.txt", [article("", "水车和筏")], ())
        assert here._store.pending() == ("2",)
    library(root, os.environ[CLUSTER].split())
    with Library.open(root) as here:
        assert here.session(Actor.local()).search(Search(text="筏")).total == 1
        here._engine._engine._client.opensearch.indices.delete(index=f"{root.name}-*")  # type: ignore[attr-defined]


def test_an_index_of_another_version_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word to anybody; what it was made of is in the store."""
    root = tmp_path / f"test-{os.getpid()}-older"
    library(root, os.environ[CLUSTER].split())
    original = tmp_path / "a.txt"
    original.write_text("a", encoding="utf-8")
    with Library.open(root) as here:
        here.session(Actor.local()).save_collection(Collection("c", "文集"))
        here.session(Actor.local()).add(original, "a.txt", [article("", "水车")], ())
    monkeypatch.setattr("archive.search.index.opensearch_documents.LAYOUT", "0")
    with Library.open(root) as here:
        engine: Any = here._engine
        assert engine.sound() and here.session(Actor.local()).search(Search(text="水车")).total == 1
        assert here.session(Actor.local()).check() == ()
        engine._engine._client.opensearch.indices.delete(index=f"{root.name}-*")


def test_who_signs_in_stands_in_a_file_of_its_own(tmp_path: Path) -> None:
    root = tmp_path / "library"
    library(root, [nowhere()], 'credentials = "login.toml"')
    with pytest.raises(ConfigError, match="读不出"):
        Library.open(root)
    (root / "login.toml").write_text('user = "a"\npasswort = "b"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="passwort"):
        Library.open(root)

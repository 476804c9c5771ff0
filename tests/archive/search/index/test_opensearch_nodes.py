"""Three nodes, one of which is killed while two readers ask: every answer is whole, or an error."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.model.access import Rights
from archive.model.errors import EngineError
from archive.model.records import Article, Block, Kind
from archive.search.index.registry import ENGINES, Needs
from archive.search.query import Phrase, Query
from archive.text.segmentation import make_segmenter

HOME = "WENSHI_TEST_OPENSEARCH_HOME"
pytestmark = pytest.mark.skipif(HOME not in os.environ, reason=f"no OpenSearch here: {HOME} (make test-cluster)")


def _nodes() -> Any:
    """The module that starts nodes."""
    file = Path(__file__).parents[4] / "scripts" / "opensearch_node.py"
    spec = importlib.util.spec_from_file_location("opensearch_node", file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that the nodes, which run as somebody else, can reach; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="wenshi-nodes-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def test_opensearch_answers_whole_or_not_at_all_when_a_node_is_killed(folder: Path) -> None:
    count = 300
    texts = [
        Article(id=str(n), collection="c", blocks=(Block.plain(Kind.TITLE, "题"), Block.plain(Kind.PARAGRAPH, "水车")))
        for n in range(count)
    ]
    nodes = _nodes()
    short = nodes.SHORT_LIVED
    with nodes.Cluster(Path(os.environ[HOME]), folder / "three", nodes=3, heap="384m", options=short) as cluster:
        hosts = [node.address for node in cluster.nodes]
        options = {"hosts": hosts, "index": "three", "shards": 3, "copies": 1}
        engine: Any = ENGINES["opensearch"](Needs(folder, make_segmenter(), lambda ids: [], options))
        engine.rebuild((text, ()) for text in texts)
        engine._client.opensearch.cluster.health(index="three", params={"wait_for_status": "green"})
        wrong: list[int] = []
        told: list[str] = []
        right = [0]
        stop = threading.Event()

        def ask() -> None:
            while not stop.is_set():
                try:
                    found = engine.count(Query(tree=Phrase("水车")), Rights.everything())
                except EngineError as error:
                    told.append(error.message)
                    continue
                if found == count:
                    right[0] += 1
                else:
                    wrong.append(found)

        readers = [threading.Thread(target=ask) for _ in range(2)]
        for reader in readers:
            reader.start()

        def answered(more: int) -> bool:
            wanted, until = right[0] + more, time.monotonic() + 180
            while right[0] < wanted and time.monotonic() < until:
                time.sleep(0.2)
            return right[0] >= wanted

        before = answered(20)
        cluster.nodes[2].kill()
        after = answered(50)
        stop.set()
        for reader in readers:
            reader.join()
        engine.close()
        assert wrong == []
        assert before and after, told[:3]

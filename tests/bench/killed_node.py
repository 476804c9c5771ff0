"""OpenSearch on three nodes, one of them killed under load: how many searches, how many wrong, how many loud errors.

`python tests/bench/killed_node.py --millions 1` starts the nodes here, builds the index with one copy, has readers ask
strings cut out of the texts and holds every answer against a plain search of them. The node dies as by a power cut and
comes back later. Seconds are of the wall: they depend on the machine, the counts must not.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from engines import ALL, Texts, questions

from archive.model.errors import EngineError
from archive.search.index.registry import ENGINES, Needs
from archive.search.query import Phrase, Query
from archive.text.folding import fold, fold_query
from archive.text.segmentation import make_segmenter

_SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
_STRINGS = 100


@dataclass
class Answers:
    """What readers were answered in one stretch of time."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0  # seconds between two right answers of all readers together


class Readers:
    """Threads that ask for the numbers of texts without pause."""

    def __init__(self, engine: Any, totals: dict[str, int], count: int) -> None:
        self._engine, self._totals = engine, totals
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._answers, self._last = Answers(), time.monotonic()
        self._threads = [threading.Thread(target=self._ask, args=(at,)) for at in range(count)]

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def during(self, seconds: float) -> Answers:
        """What they are answered from now on for so long."""
        with self._lock:
            self._answers, self._last = Answers(), time.monotonic()
        time.sleep(seconds)
        with self._lock:
            self._answers.longest = max(self._answers.longest, time.monotonic() - self._last)
            return self._answers

    def _ask(self, at: int) -> None:
        strings = list(self._totals)
        while not self._stop.is_set():
            at += 1
            text = strings[at % len(strings)]
            try:
                found = self._engine.count(Query(tree=Phrase(text)), ALL)
            except EngineError as error:
                with self._lock:
                    self._answers.errors[error.message] += 1
                continue
            with self._lock:
                if found == self._totals[text]:
                    self._answers.right += 1
                    self._answers.longest = max(self._answers.longest, time.monotonic() - self._last)
                    self._last = time.monotonic()
                else:
                    self._answers.wrong.append(f"{text}: {found}")


def _totals(found: Texts) -> dict[str, int]:
    """How many texts have each of some strings, by looking at all of them."""
    literal = (node.text for _, node in questions(found, 18) if isinstance(node, Phrase))
    totals = dict.fromkeys(islice(literal, _STRINGS), 0)
    wanted = [(text, fold_query(text)) for text in totals]
    for article in found:
        blocks = "\0".join(fold(text).text for _, text in article.units())
        for text, folded in wanted:
            totals[text] += folded in blocks
    return totals


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=float, default=1)
    parser.add_argument("--readers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=30, help="of each stretch")
    parser.add_argument("--heap", default="512m")
    given = parser.parse_args()
    sys.path.insert(0, str(_SCRIPTS))
    from opensearch_node import Cluster, fetched

    shared = Path(os.environ.get("WENSHI_SHARED_DATA", "../shared/data"))
    with tempfile.TemporaryDirectory(prefix="wenshi-killed-") as place:
        folder = Path(place)
        folder.chmod(0o755)
        found = Texts(folder / "texts.jsonl", shared, int(given.millions * 1e6))
        totals = _totals(found)
        home = fetched(_SCRIPTS.parent / ".venv" / "cluster")
        with Cluster(home, folder / "cluster", 3, given.heap) as cluster:
            hosts = [node.address for node in cluster.nodes]
            options = {"hosts": hosts, "index": "killed", "shards": 3, "copies": 1}
            engine: Any = ENGINES["opensearch"](Needs(folder / "index", make_segmenter(), found.dated, options))
            engine.rebuild((one, ()) for one in found)
            client = engine._client.opensearch
            _until_green(client)
            print(f"{len(found):,} texts, {found.characters:,} characters, {given.readers} readers")
            with Readers(engine, totals, given.readers) as readers:
                _print("three nodes", readers.during(given.seconds))
                cluster.nodes[2].kill()
                _print("just after one was killed", readers.during(given.seconds))
                _print("two nodes", readers.during(given.seconds))
                print(f"  the cluster says {client.cluster.health()['status']}")
                cluster.nodes[2].start()
                cluster.wait()
                _print("the third has come back", readers.during(given.seconds))
                _print(f"all copies made after {_until_green(client):.0f} s more", readers.during(given.seconds))
            engine.close()


def _until_green(client: Any) -> float:
    began = time.monotonic()
    client.cluster.health(params={"wait_for_status": "green", "timeout": "300s"}, request_timeout=310)
    return time.monotonic() - began


def _print(what: str, answers: Answers) -> None:
    errors = "; ".join(f"{count} × {message}" for message, count in answers.errors.items()) or "none"
    print(f"{what}: {answers.right} right, {len(answers.wrong)} wrong, {sum(answers.errors.values())} loud errors")
    print(f"  longest without a right answer {answers.longest:.1f} s; errors: {errors}", flush=True)
    for one in answers.wrong[:5]:
        print(f"  wrong: {one}")


if __name__ == "__main__":
    main()

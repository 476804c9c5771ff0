"""Engines side by side: building, size, memory, what a search takes, and whether 200 strings are found exactly.

`python tests/bench/engines.py tantivy --millions 10` on the dated news of the shared data; more than there are come
again with other ids and a salt in every paragraph, so that no two texts are alike. The texts lie in a file, as they do
in a store, so that the memory is that of the engine. For `opensearch` nodes are started here (`--nodes`), or named
(`--hosts`); their processor time, memory and files are counted where they run on this computer. All times are of
processors, one engine a run, but for the column of what somebody waits. `--json` gives the figures to growth.py.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path
from typing import Any

from archive.model.access import Rights
from archive.model.records import Article, Block, Kind, Mention
from archive.search.index.engine import Engine
from archive.search.index.registry import ENGINES, Needs
from archive.search.query import And, Near, Node, Or, Phrase, Query, Wildcard
from archive.text.folding import fold, fold_query
from archive.text.segmentation import make_segmenter

ALL = Rights.everything()
STRINGS = 200
_SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
_NONE: tuple[Mention, ...] = ()


class Texts(Sequence[Article]):
    """Articles in a file, read one at a time."""

    def __init__(self, file: Path, shared: Path, characters: int) -> None:
        self._file = file
        self._places: list[int] = []
        self.characters = 0
        with file.open("wb") as stream:
            for title, paragraphs, salt in _news(shared):
                if self.characters >= characters:
                    break
                self._places.append(stream.tell())
                stream.write(json.dumps([title, paragraphs, salt], ensure_ascii=False).encode() + b"\n")
                self.characters += len(title) + sum(map(len, paragraphs))

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, at: Any) -> Any:
        with self._file.open("rb") as stream:
            stream.seek(self._places[at])
            return _article(at, json.loads(stream.readline()))

    def __iter__(self) -> Iterator[Article]:
        with self._file.open("rb") as stream:
            for at, line in enumerate(stream):
                yield _article(at, json.loads(line))

    def dated(self, ids: Any) -> list[tuple[Article, tuple[Mention, ...]]]:
        """What a store would be asked."""
        return [(self[int(id) - 1], _NONE) for id in ids]


def _news(shared: Path) -> Iterator[tuple[str, list[str], int]]:
    with lzma.open(shared / "bench" / "news_dated.jsonl.xz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for again in count():
        salt = f"（{again}）" if again else ""
        for record in records:
            yield record["title"] or "题", [f"{text}{salt}" for text in record["text"].splitlines() if text], again


def _article(at: int, row: list[Any]) -> Article:
    title, paragraphs, again = row
    blocks = [Block.plain(Kind.TITLE, title), *(Block.plain(Kind.PARAGRAPH, text) for text in paragraphs)]
    return Article(id=str(at + 1), collection=f"c{again}", blocks=tuple(blocks))


def questions(found: Texts, seed: int) -> Iterator[tuple[str, Node]]:
    """Endless questions of every class, cut out of the texts."""
    chance = random.Random(seed)

    def cut(size: int) -> str:
        while True:
            article: Article = chance.choice(found)
            text = chance.choice([text for _, text in article.units()])
            at = chance.randrange(max(1, len(text) - size))
            if len(fold_query(text[at : at + size])) == size:
                return text[at : at + size]

    while True:
        for size in (1, 2, 3, 4, 6, 8):
            yield ("one character" if size == 1 else "2-8 characters"), Phrase(cut(size))
        yield "OR", Or((Phrase(cut(2)), Phrase(cut(2))))
        yield "AND", And((Phrase(cut(2)), Phrase(cut(2))))
        yield "NEAR", Near(Phrase(cut(2)), Phrase(cut(2)), 10)
        yield "*", Wildcard((cut(2), cut(2)), ((0, 10),))


def inexact(engine: Engine, found: Texts, seed: int) -> int:
    """Of STRINGS strings how many are not found in just the articles where they stand."""
    literal = (node for _, node in questions(found, seed) if isinstance(node, Phrase))
    asked = [node.text for node in islice(literal, STRINGS)]
    expected: dict[str, set[str]] = {text: set() for text in asked}
    wanted = [(text, fold_query(text)) for text in asked]
    for article in found:
        blocks = "\0".join(fold(text).text for _, text in article.units())  # which stands in no string
        for text, folded in wanted:
            if folded in blocks:
                expected[text].add(article.id)
    return sum(engine.ids(Query(tree=Phrase(text)), ALL) != ids for text, ids in expected.items())


class Nodes:
    """The processes beside this one that an engine works in."""

    def __init__(self, processes: Sequence[int] = (), folder: Path | None = None) -> None:
        self._processes, self._folder = processes, folder

    def seconds(self) -> float:
        """Of processors, together."""
        ticks = 0
        for process in self._processes:
            fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Bytes they hold, together."""
        pages = sum(int(Path(f"/proc/{one}/statm").read_text(encoding="ascii").split()[1]) for one in self._processes)
        return pages * resource.getpagesize()

    def bytes(self) -> int:
        """Of their indexes."""
        return _bytes(self._folder / "cluster") if self._folder else 0


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("indices/**/index/*") if file.is_file())


@contextmanager
def _nodes(count: int, folder: Path, heap: str) -> Iterator[tuple[list[str], Nodes]]:
    sys.path.insert(0, str(_SCRIPTS))
    from opensearch_node import Cluster, fetched

    folder.chmod(0o755)
    with Cluster(fetched(_SCRIPTS.parent / ".venv" / "cluster"), folder / "cluster", count, heap) as cluster:
        running = [node.process.pid for node in cluster.nodes if node.process is not None]
        yield [node.address for node in cluster.nodes], Nodes(running, folder)


def measured(name: str, given: argparse.Namespace, hosts: list[str], beside: Nodes, folder: Path) -> dict[str, Any]:
    """The figures of one engine at one size."""
    shared = Path(os.environ.get("WENSHI_SHARED_DATA", "../shared/data"))
    found = Texts(folder / "texts.jsonl", shared, int(given.millions * 1e6))
    options: dict[str, Any] = {"hosts": hosts, "index": "bench", "copies": 0, "shards": max(1, given.nodes)}
    engine = ENGINES[name](Needs(folder / "index", make_segmenter(), found.dated, options))

    def spent() -> float:
        return time.process_time() + beside.seconds()

    began, waited = spent(), time.monotonic()
    engine.rebuild((one, _NONE) for one in found)
    figures: dict[str, Any] = {"engine": name, "texts": len(found), "characters": found.characters}
    figures |= {"built": spent() - began, "built_waiting": time.monotonic() - waited}
    own = sum(file.stat().st_size for file in (folder / "index").rglob("*") if file.is_file())
    figures["bytes"] = own + beside.bytes()
    taken: dict[str, list[tuple[float, float]]] = {}
    for kind, node in islice(questions(found, 5), given.questions):
        began, waited = spent(), time.monotonic()
        engine.search(Query(tree=node), ALL, limit=20)
        taken.setdefault(kind, []).append((spent() - began, time.monotonic() - waited))
    figures["classes"] = {kind: _row(times) for kind, times in taken.items()}
    figures["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    figures["memory_beside"] = beside.memory()
    figures["inexact"] = inexact(engine, found, 7)
    engine.close()
    return figures


def _row(times: list[tuple[float, float]]) -> dict[str, float]:
    """Milliseconds: of processors (median, p99), and waited."""
    row = {}
    for name, one in (("", sorted(spent for spent, _ in times)), ("_waiting", sorted(waited for _, waited in times))):
        row[f"median{name}"] = statistics.median(one) * 1000
        row[f"p99{name}"] = one[min(len(one) - 1, len(one) * 99 // 100)] * 1000
    return row


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=sorted(ENGINES))
    parser.add_argument("--millions", type=float, default=1)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--hosts", default="")
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--heap", default="1g")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wenshi-engines-") as place:
        folder = Path(place)
        if given.engine == "opensearch" and not given.hosts:
            with _nodes(given.nodes, folder, given.heap) as (hosts, beside):
                figures = measured(given.engine, given, hosts, beside, folder)
        else:
            figures = measured(given.engine, given, given.hosts.split(), Nodes(), folder)
    if given.json:
        print(json.dumps(figures))
        return
    characters = figures["characters"]
    print(f"{given.engine}: {figures['texts']:,} texts, {characters:,} characters")
    print(f"built in {figures['built']:.1f} s of processors ({figures['built_waiting']:.0f} s waited)")
    print(f"{figures['bytes'] / characters:.2f} bytes a character")
    print(f"memory: {figures['memory'] // 2**20} MB, of nodes {figures['memory_beside'] // 2**20} MB")
    for kind, row in figures["classes"].items():
        print(f"{kind}: {row['median']:.1f} / {row['p99']:.1f} ms (waited {row['median_waiting']:.1f})")
    print(f"{figures['inexact']} of {STRINGS} strings not exact")


if __name__ == "__main__":
    main()

"""Engines side by side: building, size, memory, what a search takes, and whether 200 strings are found exactly.

`python tests/bench/engines.py tantivy --millions 10` on the dated news of the shared data; more than there are come
again with other ids and a salt in every paragraph, so that no two texts are alike. For `opensearch` give --hosts; then
the time of its own processes is not counted. Times are of this process's processor, one engine a run.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
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


def texts(folder: Path, characters: int) -> Iterator[Article]:
    """Articles of so many characters together."""
    left = characters
    with lzma.open(folder / "bench" / "news_dated.jsonl.xz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for number in count():
        again, at = divmod(number, len(records))
        salt = f"（{again}）" if again else ""
        paragraphs = [f"{text}{salt}" for text in records[at]["text"].splitlines() if text]
        blocks = [Block.plain(Kind.TITLE, records[at]["title"] or "题")]
        blocks += [Block.plain(Kind.PARAGRAPH, text) for text in paragraphs]
        article = Article(id=str(number + 1), collection=f"c{again}", blocks=tuple(blocks))
        yield article
        left -= article.characters
        if left <= 0:
            return


def questions(found: list[Article], seed: int) -> Iterator[tuple[str, Node]]:
    """Endless questions of every class, cut out of the texts."""
    chance = random.Random(seed)

    def cut(size: int) -> str:
        while True:
            text = chance.choice([text for _, text in chance.choice(found).units()])
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


def exact(engine: Engine, found: list[Article], seed: int) -> int:
    """Of STRINGS strings how many are not found in just the articles where they stand."""
    folded = {one.id: [fold(text).text for _, text in one.units()] for one in found}
    wrong = 0
    literal = (node for _, node in questions(found, seed) if isinstance(node, Phrase))
    for node in islice(literal, STRINGS):
        wanted = fold_query(node.text)
        expected = {id for id, blocks in folded.items() if any(wanted in block for block in blocks)}
        wrong += engine.ids(Query(tree=node), ALL) != expected
    return wrong


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=sorted(ENGINES))
    parser.add_argument("--millions", type=float, default=1)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--hosts", default="")
    given = parser.parse_args()
    shared = Path(os.environ.get("WENSHI_SHARED_DATA", "../shared/data"))
    found = list(texts(shared, int(given.millions * 1e6)))
    held = {one.id: one for one in found}
    said: tuple[Mention, ...] = ()
    characters = sum(one.characters for one in found)
    with tempfile.TemporaryDirectory() as place:
        options: dict[str, Any] = {"hosts": given.hosts.split(), "index": "bench", "copies": 0}
        needs = Needs(Path(place) / "index", make_segmenter(), lambda ids: [(held[id], said) for id in ids], options)
        engine = ENGINES[given.engine](needs)
        began = time.process_time()
        engine.rebuild((one, said) for one in found)
        built = time.process_time() - began
        size = sum(file.stat().st_size for file in Path(place).rglob("*") if file.is_file())
        print(f"{given.engine}: {len(found):,} texts, {characters:,} characters")
        print(f"built in {built:.1f} s, {size / characters:.2f} bytes a character")
        taken: dict[str, list[float]] = {}
        for name, node in islice(questions(found, 5), given.questions):
            began = time.process_time()
            engine.search(Query(tree=node), ALL, limit=20)
            taken.setdefault(name, []).append((time.process_time() - began) * 1000)
        for name, times in taken.items():
            ordered = sorted(times)
            high = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
            print(f"{name}: {statistics.median(times):.1f} / {high:.1f} ms (median / p99 of {len(times)})")
        print(f"memory of the process with all texts: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
        print(f"{exact(engine, found, 7)} of {STRINGS} strings not exact")
        engine.close()


if __name__ == "__main__":
    main()

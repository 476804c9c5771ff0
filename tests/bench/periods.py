"""The period queries with answers by the record's own date (retrieval/R5): agreement and latency.

    python tests/bench/periods.py

The records are luxun_diary and laws (10,936 texts), judged by overlap of their `date`. Texts are left out of the index:
neither the answers nor the time of a search by date depend on them.
"""

from __future__ import annotations

import json
import lzma
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from archive import dates
from archive.model.access import Rights
from archive.model.errors import PeriodError
from archive.model.records import Article, Block, Kind, Period
from archive.model.search import PeriodIn, Search
from archive.search.index.embedded import EmbeddedEngine
from archive.search.query import EVERYTHING, Query
from archive.text.segmentation import make_segmenter

DATA = Path(os.environ.get("WENSHI_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
ANSWERS = DATA / "retrieval" / "R5_period_dev.qrels"
QUERIES = DATA / "retrieval" / "R5_period_dev.queries.tsv"


def main() -> int:
    expected: defaultdict[str, set[str]] = defaultdict(set)
    for line in ANSWERS.read_text(encoding="utf-8").splitlines():
        query, _, article, relevance = line.split()
        if relevance != "0":
            expected[query].add(article)
    with tempfile.TemporaryDirectory() as folder:
        engine = EmbeddedEngine(Path(folder), make_segmenter())
        count = engine.rebuild((article, ()) for name in ("luxun_diary", "laws") for article in dated(name))
        ask(engine, "1900年", 1)  # load what is loaded once
        right = 0
        times = []
        lines = QUERIES.read_text(encoding="utf-8").splitlines()
        for line in lines:
            number, text = line.split("\t", 1)
            started = time.perf_counter()
            ask(engine, text, 20)
            times.append((time.perf_counter() - started) * 1000)
            found = ask(engine, text, count)
            right += found == expected[number]
            if found != expected[number]:
                missing, more = len(expected[number] - found), len(found - expected[number])
                print(f"{number} {text}: {missing} missing, {more} too many of {len(expected[number])}")
        engine.close()
    print(f"{count} records, {len(lines)} queries: {right} answered exactly")
    slow = statistics.quantiles(times, n=100)[98]
    print(f"a page of 20: median {statistics.median(times):.2f} ms, p99 {slow:.1f} ms")
    return 0 if right == len(lines) else 1


def dated(name: str) -> list[Article]:
    with lzma.open(DATA / "bench" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [
            Article(
                id=record["id"],
                collection=name,
                blocks=(Block.plain(Kind.TITLE, record["title"]),),
                date=own_date(record.get("date", "")),
            )
            for record in map(json.loads, lines)
        ]


def own_date(text: str) -> Period | None:
    """None for the few impossible ones (1917-11-31): such a record is found by no period."""
    try:
        return dates.shipped_reader().parse(text) if text else None
    except PeriodError:
        return None


def ask(engine: EmbeddedEngine, text: str, limit: int) -> set[str]:
    period = dates.shipped_reader().parse(text)
    query = Query(tree=EVERYTHING, search=Search(period_in=PeriodIn.DATE), period=period)
    return {found.article for found in engine.search(query, Rights.everything(), limit=limit).found}


if __name__ == "__main__":
    sys.exit(main())

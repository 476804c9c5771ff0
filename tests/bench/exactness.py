"""The 300 literal queries with complete answers (retrieval/R4): recall and precision, searching as written.

    python tests/bench/exactness.py

Takes in the JSON Lines of sample/ as records and asks each query in quotes. The answers count articles, not titles, so
hits whose only places are in the title are left out. Recall and precision are over all (query, article) pairs; both
must be exactly 1.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from archive.library import Library
from archive.model.access import Actor
from archive.model.search import Search
from ingest.pipeline.importer import ingest
from ingest.splitting.split import Mode

LOCAL = Actor.local()

DATA = Path(os.environ.get("WENSHI_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
ANSWERS = DATA / "retrieval" / "R4_exact_substring_sample.qrels"
QUERIES = DATA / "retrieval" / "R4_exact_substring_sample.queries.tsv"
SAMPLES = (
    "vol1_prose_78",
    "vol2_regulations_78",
    "gazetteer_ningxia_trad",
    "chronicle_xixia",
    "diary_luxun_1912_1916",
    "orglist_gansu_officials",
)


def main() -> int:
    expected: defaultdict[str, set[str]] = defaultdict(set)
    for line in ANSWERS.read_text(encoding="utf-8").splitlines():
        query, _, article, relevance = line.split()
        if relevance != "0":
            expected[query].add(article)
    right = found = wanted = 0
    times = []
    with tempfile.TemporaryDirectory() as folder, Library.create(Path(folder) / "library") as library:
        for name in SAMPLES:
            ingest(library.session(LOCAL), [DATA / "sample" / f"{name}.jsonl"], collection_id=name, as_=Mode.RECORDS)
        for line in QUERIES.read_text(encoding="utf-8").splitlines():
            number, text = line.split("\t", 1)
            started = time.perf_counter()
            got = ask(library, text)
            times.append((time.perf_counter() - started) * 1000)
            right, found, wanted = right + len(got & expected[number]), found + len(got), wanted + len(expected[number])
            if got != expected[number]:
                print(f"{number} {text!r}: missing {expected[number] - got}, too many {got - expected[number]}")
    print(f"queries {len(times)}, answers {wanted}: recall {right / wanted:.6f}, precision {right / found:.6f}")
    print(f"with all places of all hits: median {statistics.median(times):.2f} ms, worst {max(times):.1f} ms")
    return 0 if right == found == wanted else 1


def ask(library: Library, text: str) -> set[str]:
    """The ids of the articles where the text stands in a block other than the title."""
    quoted = '"' + text.replace('"', '""') + '"'
    hits = library.session(LOCAL).search(Search(text=quoted, as_written=True), limit=1_000_000).hits
    return {hit.article for hit in hits if any(passage.block for passage in hit.passages)}


if __name__ == "__main__":
    sys.exit(main())

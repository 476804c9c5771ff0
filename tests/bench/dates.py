"""How well and how fast date expressions are read.

    python tests/bench/dates.py [SHARED_DATA]

Accuracy on the labelled sentences of `periods/gold_dev.tsv` (an expression counts when a reading that overlaps it has
exactly its interval; a false positive is a reading that meets no labelled expression), speed in characters per second
of processor time on the samples, one core, the best of three runs.
"""

from __future__ import annotations

import csv
import json
import os
import platform
import sys
import time
from collections import defaultdict
from pathlib import Path

from archive.dates import Extracted, iso, shipped_reader

SAMPLES = ("vol1_prose_78", "vol2_regulations_78", "chronicle_xixia", "diary_luxun_1912_1916", "gazetteer_ningxia_trad")


def main() -> None:
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("WENSHI_SHARED_DATA")
    shared = Path(given) if given else Path(__file__).resolve().parents[3] / "shared" / "data"
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores")
    started = time.process_time()
    shipped_reader().extract("1958年")
    print(f"first use (tables and patterns): {time.process_time() - started:.2f} s")
    accuracy(shared / "periods" / "gold_dev.tsv")
    for name in SAMPLES:
        speed(shared / "sample" / f"{name}.jsonl")


def accuracy(path: Path) -> None:
    sentences = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            sentences[row["ctx_year"], row["sentence"]].append(row)
    right = total = wrong = 0
    for (year, sentence), rows in sentences.items():
        found = shipped_reader().extract(sentence, year=int(year) if year else None)
        dates = [row for row in rows if row["expression"] and row["start"] != "NONE"]
        total += len(dates)
        for row in dates:
            if any(_meets(one, row) and _days(one) == (row["start"], row["end"]) for one in found):
                right += 1
            else:
                print("  missed:", row["expression"], "in", sentence[:40])
        wrong += sum(not any(_meets(one, row) for row in dates) for one in found)
    print(f"labelled expressions exactly right: {right} of {total} ({right / total:.3f}); false positives: {wrong}")


def _meets(found: Extracted, row: dict[str, str]) -> bool:
    first = int(row["offset"])
    return found.start < first + len(row["expression"]) and found.end > first


def _days(found: Extracted) -> tuple[str, str]:
    start, end = found.period.start, found.period.end
    return ("" if start is None else iso(start), "" if end is None else iso(end))


def speed(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    characters = sum(map(len, texts))
    best, expressions = float("inf"), 0
    for _ in range(3):
        started = time.process_time()
        expressions = sum(len(shipped_reader().extract(text)) for text in texts)
        best = min(best, time.process_time() - started)
    print(f"{path.stem}: {characters:,} characters, {expressions} expressions, {characters / best:,.0f} characters/s")


if __name__ == "__main__":
    main()

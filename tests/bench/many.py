"""A folder of a thousand single-article Word files: the whole import, and what two processes would gain in reading.

    python tests/bench/many.py [RECORDS.jsonl] [--files N]

The texts are twelve paragraphs each out of the records. Reading includes dividing and the second count; storing and
indexing belong to the one writer whatever reads.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import docx

from archive.library import Library
from archive.records import Collection
from ingest import gate
from ingest.duplicates import open_duplicates
from ingest.pipeline import ingest
from ingest.readers import registry
from ingest.report import FileReport, reconcile
from ingest.split import Mode, split

DATA = Path(os.environ.get("WENSHI_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
PARAGRAPHS = 12


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("records", type=Path, nargs="?", default=DATA / "sample" / "vol1_prose_78.jsonl")
    options.add_argument("--files", type=int, default=1000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        material = Path(folder) / "material"
        write(given.records, given.files, material)
        with Library.create(Path(folder) / "library") as library, open_duplicates(library) as duplicates:
            started = time.perf_counter()
            report = ingest(library, [material], collection_id="many", comparison=duplicates)
            print(f"whole import of {len(report.files)} files: {time.perf_counter() - started:.1f} s")
        for name in ("read", "split", "store"):
            print(f"  {name}: {sum(file.seconds.get(name, 0.0) for file in report.files):.1f} s")
        print(f"  index: {report.index_seconds:.1f} s")
        files = sorted(material.iterdir())
        one, two = reading(files, 1), reading(files, 2)
        print(f"reading alone: {one:.1f} s in one process, {two:.1f} s in two ({one / two:.2f} times faster)")


def write(records: Path, count: int, folder: Path) -> None:
    folder.mkdir()
    texts = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
    for number in range(count):
        record = texts[number % len(texts)]
        paragraphs = record["text"].split("\n")
        first = number * 7 % max(1, len(paragraphs) - PARAGRAPHS)
        document = docx.Document()
        document.add_heading(f"{record['title']}{number}", 1)
        for paragraph in paragraphs[first : first + PARAGRAPHS]:
            document.add_paragraph(paragraph)
        document.save(str(folder / f"{number:05}.docx"))


def reading(files: list[Path], processes: int) -> float:
    started = time.perf_counter()
    if processes == 1:
        total = sum(map(read, files))
    else:
        with ProcessPoolExecutor(processes) as pool:
            total = sum(pool.map(read, files, chunksize=20))
    assert total
    return time.perf_counter() - started


def read(file: Path) -> int:
    manuscript = registry.read(file, file.name)
    articles = split(manuscript, Collection("many", "许多单篇"), Mode.AUTO).articles
    report = FileReport(file.name, characters_in=manuscript.characters_in)
    reconcile(report, articles)
    gate.check("docx", file, articles, report)
    return sum(article.characters for article in articles)


if __name__ == "__main__":
    main()

"""A folder of a thousand single-article Word files, taken in by one process and by several that read.

    python tests/bench/many.py [RECORDS.jsonl] [--files N] [--processes 1 2 …] [--start-up]

The texts are twelve paragraphs each out of the records. Every import is a process of its own, so that its memory is its
own: the peak of the one that stores, and of the largest of those that read (Linux). `read`, `split` and `count` are the
seconds of all files together, in whatever process. `--start-up` measures how many files it takes until several
processes pay.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import docx

from archive.library import Library
from archive.model.access import Actor
from ingest.duplicates.likeness import open_duplicates
from ingest.pipeline.file_import import AUTOMATIC
from ingest.pipeline.importer import ingest

LOCAL = Actor.local()

DATA = Path(os.environ.get("WENSHI_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
PARAGRAPHS = 12
FEWER = (25, 50, 100, 200, 400)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("records", type=Path, nargs="?", default=DATA / "sample" / "vol1_prose_78.jsonl")
    options.add_argument("--files", type=int, default=1000)
    options.add_argument("--processes", type=int, nargs="+", default=[1, 2, AUTOMATIC], help="0: automatic")
    options.add_argument("--start-up", action="store_true")
    options.add_argument("--one", type=Path, nargs=2, help=argparse.SUPPRESS)  # material, library: one measurement
    given = options.parse_args()
    if given.one:
        material, library = given.one
        measure(material, library, given.processes[0])
        return
    with tempfile.TemporaryDirectory() as folder:
        for count in FEWER if given.start_up else [given.files]:
            material = Path(folder) / f"material{count}"
            write(given.records, count, material)
            for processes in given.processes:
                library = Path(folder) / f"library{count}-{processes}"
                arguments = ["--one", str(material), str(library), "--processes", str(processes)]
                subprocess.run([sys.executable, __file__, *arguments], check=True)


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


def measure(material: Path, folder: Path, processes: int) -> None:
    with Library.create(folder) as library, open_duplicates(library.session(LOCAL)) as duplicates:
        started = time.perf_counter()
        report = ingest(
            library.session(LOCAL), [material], collection_id="many", comparison=duplicates, processes=processes
        )
        took = time.perf_counter() - started
    assert not report.failed
    count = len(report.files)
    steps = {
        step: sum(file.seconds.get(step, 0.0) for file in report.files)
        for step in ("read", "split", "count", "compare", "store")
    }
    said = "  ".join(f"{step} {seconds:.1f}" for step, seconds in {**steps, "index": report.index_seconds}.items())
    name = f"{processes} process{'es' if processes > 1 else ''} reading" if processes else "automatic"
    print(f"{count} files, {name}: {took:.1f} s, {count / took:.0f} files a second ({said}); {machine()}", flush=True)


def machine() -> str:
    """What it took of the machine: less depends on what else goes on there than of the seconds by the clock."""
    if sys.platform == "win32":
        return "memory not measured"
    import resource

    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    busy = f"{own.ru_utime + own.ru_stime:.1f} s of processor and {others.ru_utime + others.ru_stime:.1f} s in others"
    return f"{busy}; peak {own.ru_maxrss // 1024} MB, of a reading process {others.ru_maxrss // 1024} MB"


if __name__ == "__main__":
    main()

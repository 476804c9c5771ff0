"""Measure what importing costs now against an earlier state of the project, for every format.

    git worktree add ../before TAG
    python tests/bench/import_speed.py VOLUME.jsonl OFFICES.csv --before ../before [--formats txt docx …] [--rounds 5]

The texts of VOLUME (records as `wenshi ingest` takes them) are set in every format, lists (csv, xlsx) are the rows of
OFFICES, which has a heading. Each file is imported by the command, each time into a new library, by both states in
turn, both in this environment. Processor seconds of the command with all processes it starts; medians.

`whole`: a file of some hundred thousand characters. `start`: one of a sentence, what a command costs before it reads.
`rate` is the ratio of the two states without that start: above 1 is slower than before.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import docx
import openpyxl

from archive.support.libreoffice import LibreOffice

HERE = Path(__file__).resolve().parents[2]
CONVERTED = ("doc", "rtf", "odt", "pdf", "html", "epub")
FORMATS = ("docx", *CONVERTED, "txt", "jsonl", "csv", "xlsx")
_SENTENCE = {"title": "大旱", "author": "", "text": "民国二十三年大旱。"}

Record = Mapping[str, Any]


def _records(file: Path) -> list[Record]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def made(
    folder: Path, name: str, volume: Sequence[Record], rows: Sequence[Sequence[str]], formats: Sequence[str]
) -> dict[str, Path]:
    """The records and rows in these formats, by suffix."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {suffix: folder / f"{name}.{suffix}" for suffix in FORMATS}
    document = docx.Document()
    for record in volume:
        document.add_heading(str(record["title"]), 1)
        for line in (str(record.get("author") or ""), *str(record["text"]).split("\n")):
            if line.strip():
                document.add_paragraph(line)
    document.save(str(files["docx"]))
    texts = [f"{one['title']}\n{one.get('author') or ''}\n{one['text']}\n" for one in volume]
    files["txt"].write_text("\n".join(texts), encoding="utf-8")
    lines = [
        json.dumps({key: one.get(key) or "" for key in ("title", "author", "text")}, ensure_ascii=False)
        for one in volume
    ]
    files["jsonl"].write_text("\n".join(lines), encoding="utf-8")
    with files["csv"].open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(files["xlsx"])
    office = LibreOffice.find()
    for suffix in [one for one in CONVERTED if one in formats and office]:
        result = office.convert([files["docx"]], suffix, folder)[files["docx"]] if office else None
        if not isinstance(result, Path):
            print(f"{suffix}: {result}", file=sys.stderr)
            continue
        files[suffix] = result
    return {suffix: file for suffix, file in files.items() if file.exists()}


def installed(checkout: Path, folder: Path) -> Path:
    """A folder that makes a checkout a distribution with its commands, without installing anything."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    about = folder / "wenshi-0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: wenshi\nVersion: 0\n", encoding="utf-8")
    commands = project["entry-points"]["wenshi.commands"]
    listed = "".join(f"{name} = {place}\n" for name, place in commands.items())
    (about / "entry_points.txt").write_text(f"[wenshi.commands]\n{listed}", encoding="utf-8")
    (folder / "main.txt").write_text(project["scripts"]["wenshi"], encoding="utf-8")
    return folder


def seconds(checkout: Path, about: Path, file: Path, mode: str) -> float:
    """Processor seconds of one import into a new library, by the code of a checkout."""
    module, _, name = (about / "main.txt").read_text(encoding="utf-8").partition(":")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [sys.executable, "-c", f"import sys; from {module} import {name} as main; sys.exit(main())"]
        given = ["--library", f"{folder}/library", "ingest", str(file), "--yes", "--processes", "1", "--as", mode]
        paths = os.pathsep.join((str(checkout), str(about)))
        ran = subprocess.Popen(
            [*command, *given],
            env={**os.environ, "PYTHONPATH": paths},
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said = ran.stdout.read() if ran.stdout else b""
        _, status, usage = os.wait4(ran.pid, 0)
        ran.returncode = os.waitstatus_to_exitcode(status)
        if ran.returncode:
            raise SystemExit(f"{file.name}: {said.decode('utf-8', 'replace')[-400:]}")
        return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Prints one line a format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("volume", type=Path)
    parser.add_argument("offices", type=Path)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--formats", nargs="*", default=FORMATS, choices=FORMATS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--times", type=int, default=1, help="so many times the records in one file")
    given = parser.parse_args()
    volume = _records(given.volume) * given.times
    with given.offices.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = csv.reader(stream)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        states = [
            (root.resolve(), installed(root, folder / name)) for name, root in (("before", given.before), ("now", HERE))
        ]
        small = made(folder / "small", "start", [_SENTENCE], [head, *rows[:1]], given.formats)
        large = made(folder / "large", "whole", volume, [head, *rows * given.times], given.formats)
        print(f"{'format':8}{'before':>9}{'now':>9}{'start before':>14}{'now':>9}{'rate':>8}")
        for suffix in [one for one in given.formats if one in large and one in small]:
            mode = "roster" if suffix in ("csv", "xlsx") else "records" if suffix == "jsonl" else "article"
            found: dict[tuple[int, str], list[float]] = {}
            for _ in range(given.rounds):
                for size, files in (("whole", large), ("start", small)):
                    for at, (root, about) in enumerate(states):
                        found.setdefault((at, size), []).append(seconds(root, about, files[suffix], mode))
            middle = {key: statistics.median(values) for key, values in found.items()}
            before, now = ((middle[at, "whole"], middle[at, "start"]) for at in (0, 1))
            rate = (now[0] - now[1]) / max(0.01, before[0] - before[1])
            print(f"{suffix:8}{before[0]:>9.2f}{now[0]:>9.2f}{before[1]:>14.2f}{now[1]:>9.2f}{rate:>8.2f}", flush=True)


if __name__ == "__main__":
    main()

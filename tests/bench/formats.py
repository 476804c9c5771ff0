"""Measure reading: characters a second and peak memory, for every format.

    python tests/bench/formats.py VOLUME.docx [--scan PAGE.jpg]

The volume is set in every other format by LibreOffice first (not measured). Each format is then read by a process of
its own: three times, the median counts; the peak is that of the process with everything it has loaded. For formats
that pass through LibreOffice the time holds the conversion; LibreOffice's own memory is not in the figure.
Characters: read, stored, and accounted for by issues.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from archive.model.records import Collection
from archive.support.libreoffice import LibreOffice
from ingest.pipeline.sources import Source
from ingest.pipeline.staging import prepared
from ingest.readers import recogniser, registry
from ingest.splitting.split import Mode, split
from ingest.text.characters import stored_characters

FORMATS = ("doc", "rtf", "odt", "pdf", "epub", "html", "txt")
RUNS = 3


def measure(file: Path) -> dict[str, float | int | str]:
    """Reads `file` RUNS times in this process."""
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        with prepared([Source(file, file.name, Collection("bench", "bench"), Mode.AUTO)]) as ready:
            (one,) = ready
            if one.fault is not None or not one.form:
                raise SystemExit(str(one.fault))
            manuscript = registry.named(one.form).read(one.reading, file.name)
        seconds.append(time.perf_counter() - started)
    blocks = [block for article in split(manuscript, Collection("bench", "bench")).articles for block in article.blocks]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "characters": manuscript.characters_in,
        "stored": stored_characters(blocks),
        "issues": sum(issue.characters for issue in manuscript.issues),
        "seconds": statistics.median(seconds),
        "peak": peak / (2**20 if sys.platform == "darwin" else 2**10),
    }


def files_of(volume: Path, folder: Path) -> list[Path]:
    """The volume in every format, and as a zip archive of itself."""
    office = LibreOffice.find()
    found = [volume]
    for suffix in FORMATS if office else ():
        made = office.convert([volume], suffix, folder)[volume] if office else None
        if isinstance(made, Path):
            found.append(made)
        else:
            print(f"{suffix}: {made}", file=sys.stderr)
    archive = folder / f"{volume.stem}.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(volume, volume.name)
    return [*found, archive]


def main() -> None:
    """Prints one line a format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("volume", type=Path)
    parser.add_argument("--scan", type=Path)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(measure(given.volume)))
        return
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    print(f"{'format':8}{'characters':>12}{'stored':>10}{'issues':>8}{'seconds':>9}{'characters/s':>14}{'peak MB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        files = files_of(given.volume.resolve(), Path(folder))
        if given.scan and recogniser.installed():
            files.append(given.scan.resolve())
        for file in files:
            ran = subprocess.run(
                [sys.executable, __file__, str(file), "--child"], capture_output=True, encoding="utf-8", check=False
            )
            if ran.returncode:
                print(f"{file.suffix[1:]:8}{ran.stderr.strip()[-100:]}")
                continue
            found = json.loads(ran.stdout)
            rate = found["characters"] / found["seconds"]
            print(
                f"{file.suffix[1:]:8}{found['characters']:>12}{found['stored']:>10}{found['issues']:>8}"
                f"{found['seconds']:>9.2f}{rate:>14,.0f}{found['peak']:>9.0f}"
            )


if __name__ == "__main__":
    main()

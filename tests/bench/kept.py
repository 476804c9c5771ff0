"""The share of characters kept or explained, per format, over folders of files.

    python tests/bench/kept.py FOLDER… [--most MEGABYTES]

Every file that some format recognises is read as an import reads it (archives by their members, old formats by
LibreOffice), divided and counted both ways. Printed for each format: files read, characters read, stored, explained by
issues; the share (stored + explained) / read; and how many files were refused, or held because a count did not come
out, by name. White space is no character. Files larger than so many megabytes are left out (default 20), and so is what
is no manuscript (.toml, .py, .tsv, .md of this project's kind, packed data).
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from archive.model.records import Collection  # noqa: E402
from ingest.pipeline.file_reading import read  # noqa: E402
from ingest.pipeline.sources import Source  # noqa: E402
from ingest.pipeline.staging import prepared  # noqa: E402
from ingest.splitting.division import Division  # noqa: E402
from ingest.splitting.split import Mode  # noqa: E402
from ingest.text.account import UnaccountedError  # noqa: E402
from ingest.text.characters import stored_characters  # noqa: E402

_LEFT_OUT = frozenset({".toml", ".py", ".tsv", ".md", ".xz", ".trec", ".qrels"})
_MEGABYTE = 2**20


def files_of(folders: list[Path], most: int) -> Iterator[Path]:
    """The files below the folders, in the order of their names."""
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.suffix.lower() not in _LEFT_OUT and file.stat().st_size <= most * _MEGABYTE:
                yield file


def main() -> None:
    """Prints one line a format, then the files that were not taken in."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=20)
    given = parser.parse_args()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    left: list[str] = []
    for file in files_of(given.folders, given.most):
        with prepared([Source(file, file.name, Collection("kept", "kept"), Mode.AUTO)]) as ready:
            for one in ready:
                reading = read(one, Division())
                form = one.source.file.suffix.lower().lstrip(".") or "?"
                report = reading.report
                if report.error is not None:
                    held = isinstance(report.error, UnaccountedError)
                    counts[form]["held" if held else "refused"] += 1
                    left.append(f"{'held' if held else 'refused'}: {one.source.name}: {report.error.message}")
                    continue
                stored = sum(stored_characters(article.blocks) for article in reading.articles)
                counts[form].update(files=1, read=report.characters_in, stored=stored, explained=report.accounted)
    print(f"{'format':8}{'files':>7}{'read':>11}{'stored':>11}{'explained':>11}{'share':>9}{'refused':>9}{'held':>6}")
    for form, count in sorted(counts.items()):
        share = (count["stored"] + count["explained"]) / count["read"] if count["read"] else 1.0
        numbers = "".join(f"{count[key]:>11}" for key in ("read", "stored", "explained"))
        print(f"{form:8}{count['files']:>7}{numbers}{share:>9.4f}{count['refused']:>9}{count['held']:>6}")
    print("\n".join(left))


if __name__ == "__main__":
    main()

"""How long a book takes as EPUB, TEI, DocuXML, Markdown and text: python tests/bench/formats_out.py [FILE.jsonl].

The book is the one of pdf.py: notes, pictures, an index of 300 names. Printed are seconds, peak memory of a process
that does nothing else (the texts in memory are most of it), size, and how many characters are missing when the file is
read again, for 10, 78 and 300 texts. On Linux.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from export import DEFAULT, articles_of
from pdf import SIZES, book

from archive.export import EXPORTERS

FORMS = ("epub", "tei", "docuxml", "md", "txt")


def one(file: Path, form: str, many: int) -> None:
    """Write one book and print its line; in a process of its own, so that memory is its own."""
    import resource

    with tempfile.TemporaryDirectory() as folder:
        whole = book(articles_of(file), many, Path(folder))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        target = Path(folder) / f"book{EXPORTERS[form].suffix}"
        start, worked = time.perf_counter(), time.process_time()
        EXPORTERS[form].write(whole, target)
        seconds, worked = time.perf_counter() - start, time.process_time() - worked
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = target.stat().st_size / 1e6
        lost = lost_characters(whole, form, target)
    line = f"{form:8}{many:4} texts{seconds:7.2f} s (processor {worked:.2f}){peak:6.0f} MB (before {before:.0f})"
    print(f"{line}{size:8.2f} MB  lost {lost}", flush=True)


def lost_characters(whole: object, form: str, file: Path) -> int:
    """Characters of the book that are not found in the file, counted as the tests do."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "archive" / "export"))
    import test_nothing_lost as reading  # type: ignore[import-not-found]

    expected = Counter(reading.unbroken("".join(reading.words_of(whole))))
    return sum((expected - Counter(reading.unbroken(reading.READERS[form](file)))).values())


def main(file: Path) -> None:
    """Print the table."""
    print(f"{platform.platform()}, Python {platform.python_version()}")
    for form in FORMS:
        for many in SIZES:
            subprocess.run([sys.executable, __file__, str(file), form, str(many)], check=True)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        one(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    else:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)

"""How long a book takes to write for Word: python tests/bench/word.py [FILE.jsonl] (records with title, author, text).

The book is that of pdf.py: a footnote in every fifth paragraph, a picture in every text, an index of 300 names; here
it has front matter and a list of pictures as well. Printed are seconds (by the clock, of the processor) and peak memory
without LibreOffice and the size of the file, for 10, 78 and 300 texts; up to 78 also seconds with LibreOffice counting
the pages and the pages. On Linux.
"""

from __future__ import annotations

import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import replace
from pathlib import Path

from export import DEFAULT, articles_of
from pdf import SIZES, book

from archive.export import Chapter
from archive.export.office_layout import OfficeLayout, pages_of
from archive.export.word.word_exporter import WordExporter
from archive.model.records import Genre

_LARGEST_SET = 78  # texts


def one(file: Path, many: int) -> None:
    """Write one book and print its line; in a process of its own, so that memory is its own."""
    with tempfile.TemporaryDirectory() as name:
        whole = book(articles_of(file), many, Path(name))
        first = next(whole.chapters).article
        front = Chapter(replace(first, genre=Genre.MATTER, blocks=first.blocks[:3]))
        whole = replace(whole, front=(front,), picture_list=True)
        target = Path(name) / "book.docx"
        before = peak()
        start, used = time.perf_counter(), time.process_time()
        WordExporter(fill=False).write(whole, target)
        seconds, used = time.perf_counter() - start, time.process_time() - used
        characters = sum(chapter.article.characters for chapter in whole.chapters)
        with zipfile.ZipFile(target) as package:
            fields = len(re.findall(rb"PAGEREF", package.read("word/document.xml")))
        print(
            f"{many:5} texts {characters:9,} characters {seconds:6.2f} s ({used:.2f})"
            f"  {peak():4.0f} MB ({before:.0f} before)"
            f"  {target.stat().st_size / 1e6:5.1f} MB file  {fields:6,} page references",
            end="",
            flush=True,
        )
        if many <= _LARGEST_SET and (office := OfficeLayout.find()):
            start = time.perf_counter()
            WordExporter().write(whole, target)
            filled = time.perf_counter() - start
            pages = len(pages_of(office.pdf(target, Path(name))))
            print(f"  with LibreOffice {filled:6.1f} s  {pages:5} pages", end="")
        print(flush=True)


def peak() -> float:
    """Megabytes this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(file: Path) -> None:
    """Print the table."""
    print(f"{platform.platform()}, Python {platform.python_version()}")
    for many in SIZES:
        subprocess.run([sys.executable, __file__, str(file), str(many)], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        one(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)

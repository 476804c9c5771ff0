"""How long a book takes to set as PDF: python tests/bench/pdf.py [FILE.jsonl] (records with title, author, text).

The records become a book with a footnote in every tenth paragraph, a picture in every text and an index of 300 names.
Printed are seconds by the clock and of all processors, peak memory of the program and of the child process, pages and
size, for 10, 78 and 300 texts, and for a proof of 78. On Linux.
"""

from __future__ import annotations

import datetime
import os
import platform
import random
import re
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from export import DEFAULT, articles_of

from archive.export import Book, make_book
from archive.export.book import Heading, Index
from archive.model.records import Article, Block, Kind, Run

MADE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
SIZES = (10, 78, 300)


def photograph(folder: Path, width: int = 1200, height: int = 800) -> Path:
    """A picture as hard to compress as a scanned photograph."""
    noise = random.Random(1)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + bytes(noise.randrange(120, 136) for _ in range(width)) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    file = folder / "photograph.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return file


def furnished(article: Article) -> Article:
    """The article with notes and a picture."""
    blocks: list[Block] = []
    notes: list[Block] = []
    for number, block in enumerate(article.blocks):
        if number % 10 == 9:
            label = str(len(notes) + 1)
            blocks.append(replace(block, runs=(*block.runs, Run("", note=label))))
            notes.append(Block.plain(Kind.NOTE, f"见本会档案第{label}卷。{block.text[:40]}", label=label))
        else:
            blocks.append(block)
    picture = (Block.plain(Kind.FIGURE, "照片", picture="photograph"), Block.plain(Kind.CAPTION, article.title))
    return replace(article, blocks=(*blocks[:4], *picture, *blocks[4:], *notes))


def index_of(articles: Sequence[Article], many: int = 300) -> Index:
    """Strings of four characters as names."""
    text = "\n".join(block.text for article in articles for block in article.blocks)
    found = Counter(re.findall("[\u4e00-\u9fff]{4}", text))
    names = sorted(name for name, count in found.items() if 3 <= count <= 60)[:many]
    return Index("索引", tuple(Heading(name, (name,), name[0]) for name in names))


def book(articles: Sequence[Article], many: int, folder: Path) -> Book:
    """`many` texts; beyond what there is they are taken again."""
    taken = [articles[number % len(articles)] for number in range(many)]
    photo = photograph(folder)
    made = make_book([furnished(each) for each in taken], title="文史资料", made=MADE, pictures=lambda _: (photo, ""))
    return replace(made, indexes=(index_of(articles),), draft=True)


def one(file: Path, many: int, proof: bool) -> None:
    """Set one book and print its line; in a process of its own, so that memory is its own."""
    import resource
    import time

    import pypdfium2  # type: ignore[import-untyped]

    from archive.export.pdf.pdf_exporter import PdfExporter

    with tempfile.TemporaryDirectory() as name:
        whole = book(articles_of(file), many, Path(name))
        target = Path(name) / "book.pdf"
        start, before = time.perf_counter(), sum(os.times()[:4])
        PdfExporter(proof=proof).write(whole, target)
        seconds, worked = time.perf_counter() - start, sum(os.times()[:4]) - before
        own, child = (
            resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        pages, size = len(pypdfium2.PdfDocument(target)), target.stat().st_size / 1e6
    label = f"{many} texts{', proof' if proof else ''}"
    print(
        f"{label:18}{seconds:7.2f} s, work {worked:7.2f} s {own:6.0f} + {child:5.0f} MB{pages:6} pages {size:7.2f} MB",
        flush=True,
    )


def main(file: Path) -> None:
    """Print the table."""
    print(f"{platform.platform()}, Python {platform.python_version()}")
    for many, proof in (*((many, False) for many in SIZES), (78, True)):
        subprocess.run([sys.executable, __file__, str(file), str(many), str(int(proof))], check=True)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        one(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "1")
    else:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)

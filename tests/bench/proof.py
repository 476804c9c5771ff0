"""How long reading the proofs of a book takes, and what is told: `python tests/bench/proof.py RECORDS.jsonl…`

RECORDS are JSON Lines with `title` and `text`; all of one file become one book. Prints per book: characters, seconds
(the first run loads the tables, so the second one counts), peak memory on top of the book, findings by severity and by
check.
"""

from __future__ import annotations

import json
import sys
import time
import tracemalloc
from pathlib import Path

from archive.catalogue.authority import Authority, Name, NameKind
from archive.export import make_book
from archive.export.book import Book
from archive.export.proof import proof
from archive.model.records import Article, Block, Kind

SURNAMES = "李王张刘陈杨赵黄周吴"
GIVEN = "建国文秀怀远守义一鸣学良映奎"


def book_of(file: Path) -> Book:
    """Every record as an article of paragraphs."""
    articles = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        record = json.loads(line)
        paragraphs = (Block.plain(Kind.PARAGRAPH, text) for text in record["text"].split("\n") if text.strip())
        blocks = (Block.plain(Kind.TITLE, record["title"]), *paragraphs)
        articles.append(Article(collection="bench", id=str(number), number=number, blocks=blocks, source=file.name))
    return make_book(articles, title=file.stem)


def names() -> Authority:
    """A thousand made-up people, so that names cost what they cost an office."""
    people = (first + one + other for first in SURNAMES for one in GIVEN for other in GIVEN)
    return Authority(tuple(Name(NameKind.PERSON, person, (person[1:],)) for person in people))


def main() -> None:
    authority = names()
    for file in map(Path, sys.argv[1:]):
        book = book_of(file)
        proof(book, authority)
        start, used = time.perf_counter(), time.process_time()
        report = proof(book, authority)
        seconds, used = time.perf_counter() - start, time.process_time() - used
        tracemalloc.start()
        proof(book, authority)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{file.name}: {report.characters} characters, {seconds:.2f} s ({used:.2f} s of CPU), ", end="")
        print(f"peak {peak / 1e6:.0f} MB; ", end="")
        print(", ".join(f"{severity.value} {count}" for severity, count in report.severities.items()))
        for code, count in report.counts.items():
            print(f"    {code} {count}")


if __name__ == "__main__":
    main()

"""How long a book takes to write: python tests/bench/export.py [FILE.jsonl] (records with title, author, text).

Prints medians of seconds for each format, without and with LibreOffice counting the pages, and the growth of Word with
the size of the book.
"""

from __future__ import annotations

import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from archive.export import EXPORTERS, Exporter, make_book
from archive.export.office_layout import OfficeLayout
from archive.export.word.word_exporter import WordExporter
from archive.model.records import Article, Block, Kind, Person

DEFAULT = Path(__file__).resolve().parents[3] / "shared" / "data" / "sample" / "vol2_regulations_78.jsonl"


def articles_of(file: Path) -> list[Article]:
    """The records as articles in sections of ten."""
    articles = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        record = json.loads(line)
        lines = [line.strip() for line in record["text"].split("\n") if line.strip()]
        blocks = [Block.plain(Kind.TITLE, record["title"]), *(Block.plain(Kind.PARAGRAPH, line) for line in lines)]
        section = f"栏目{(number - 1) // 10 + 1}"
        people = (Person(record.get("author") or "佚名"),)
        articles.append(
            Article(collection="bench", number=number, section=section, people=people, blocks=tuple(blocks))
        )
    return articles


def median(action: Callable[[], object], rounds: int) -> float:
    """Seconds, after one round that is not counted."""
    action()
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def measure(exporter: Exporter, articles: list[Article], rounds: int = 5) -> str:
    """Seconds and size of one format."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"book{exporter.suffix}"
        seconds = median(lambda: exporter.write(make_book(articles), file), rounds)
        return f"{seconds:6.2f} s  {file.stat().st_size / 1e6:6.2f} MB"


def main(file: Path) -> None:
    """Print the table."""
    articles = articles_of(file)
    characters = sum(article.characters for article in articles)
    print(f"{platform.platform()}, Python {platform.python_version()}")
    print(f"{len(articles)} articles, {characters:,} characters")
    for name in ("md", "txt"):
        print(f"{name:24}{measure(EXPORTERS[name], articles)}")
    for times in (1, 2, 4):
        print(f"{f'docx × {times}':24}{measure(WordExporter(fill=False), articles * times)}")
    if OfficeLayout.find():
        print(f"{'docx with LibreOffice':24}{measure(WordExporter(), articles, rounds=3)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)

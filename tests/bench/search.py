"""Latency, size and memory of search on real material, and the figures of the whole way from file to searchable.

    python tests/bench/search.py                    # the Word volume and ten million characters of news
    python tests/bench/search.py --volume FILE.docx --news FILE.jsonl[.xz] --articles N

Prints Markdown tables: median and 99th percentile over the queries, wall time in milliseconds, one process, queries
drawn from the texts with a fixed seed, each asked once (nothing is answered from a cache of results).
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from archive import dates
from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind, Period, Person, Precision
from archive.model.search import PeriodIn, Search
from archive.search import indexing
from archive.search.index.embedded import EmbeddedEngine
from archive.session import file_digest
from archive.text.folding import fold
from archive.text.segmentation import make_segmenter

LOCAL = Actor.local()

DATA = Path(os.environ.get("WENSHI_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
SEED = 20
Question = TypeVar("Question")
QUERIES = 300


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--volume", type=Path, default=DATA / "sample" / "docx" / "vol2_styled.docx")
    options.add_argument("--news", type=Path, default=DATA / "bench" / "news_dated.jsonl.xz")
    options.add_argument("--articles", type=int, default=10**9, help="at most so many news texts")
    given = options.parse_args()
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
    with tempfile.TemporaryDirectory() as folder:
        volume(given.volume, Path(folder) / "volume")
        news(given.news, given.articles, Path(folder) / "news")
    print(f"\npeak memory of this process: {peak_megabytes()} MB")


def volume(file: Path, root: Path) -> None:
    from ingest.pipeline.importer import ingest

    started = time.perf_counter()
    with Library.create(root) as library:
        report = ingest(library.session(LOCAL), [file], collection_id="volume")
        seconds = time.perf_counter() - started
        count = library.session(LOCAL).search(Search(text="")).total
        print(
            f"## {file.name}\n\nfrom file to searchable: {seconds:.2f} s, {count} articles, peak {peak_megabytes()} MB"
        )
        steps = {**report.files[0].seconds, "index": report.index_seconds}
        print("by step:", ", ".join(f"{name} {taken:.2f} s" for name, taken in steps.items()))
        started = time.perf_counter()
        library.session(LOCAL).reindex()
        print(f"indexing alone: {time.perf_counter() - started:.2f} s\n")
        measure(library, list(library.session(LOCAL).articles()))


def news(file: Path, most: int, root: Path) -> None:
    """Ten million characters straight into store and index (dates in the texts are not extracted here)."""
    articles = [article for article, _ in zip(records(file), range(most), strict=False)]
    characters = sum(article.characters for article in articles)
    segmenter = make_segmenter()
    started = time.perf_counter()
    for article in articles:
        for _, text in article.units():
            segmenter.index_words(fold(text).text)
    segmenting = time.perf_counter() - started
    engine = EmbeddedEngine(root, segmenter)
    started = time.perf_counter()
    engine.rebuild((article, ()) for article in articles)
    building = time.perf_counter() - started
    engine.close()
    megabytes = sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) / 1e6
    print(f"\n## {len(articles)} news texts, {characters:,} characters\n")
    print(f"index: {building:.1f} s, of which folding and segmentation {segmenting:.1f} s; {megabytes:.0f} MB")
    shutil.rmtree(root)
    with Library.create(root / "library") as library:
        fill(library, articles, root)
        print(f"peak {peak_megabytes()} MB\n")
        measure(library, articles)


def fill(library: Library, articles: Sequence[Article], folder: Path) -> None:
    library.session(LOCAL).save_collection(Collection("news", "新闻"))
    original = folder / "news.jsonl"
    original.write_text("news", encoding="utf-8")
    library._store.accept(
        original, "news.jsonl", file_digest(original), [(article, ()) for article in articles], (), (), who="本机"
    )
    indexing.index_pending(library._store, library._engine)


def records(file: Path) -> Iterator[Article]:
    opener = lzma.open if file.suffix == ".xz" else open
    with opener(file, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            record = json.loads(line)
            day = dates.day(*date.fromisoformat(record["date"][:10]).timetuple()[:3])
            paragraphs = (Block.plain(Kind.PARAGRAPH, text) for text in record["text"].splitlines() if text.strip())
            yield Article(
                id=f"{number}",
                collection="news",
                number=number,
                blocks=(Block.plain(Kind.TITLE, record["title"]), *paragraphs),
                people=(Person(record["author"]),),
                date=Period(day, day, Precision.DAY),
            )


def measure(library: Library, articles: Sequence[Article]) -> None:
    draw = random.Random(SEED)
    texts = [text for article in articles for _, text in article.units() if len(text) > 20]

    def cut(length: int) -> str:
        while True:
            text = draw.choice(texts)
            start = draw.randrange(len(text) - length)
            if (found := text[start : start + length]).strip() and '"' not in found:
                return found

    def words() -> str:
        return " ".join(draw.choice(common) for _ in range(draw.randint(1, 2)))

    segmenter = library._segmenter
    common = list(dict.fromkeys(w for text in texts[:400] for w in segmenter.index_words(text) if len(w) > 1))
    literal = library._engine._current().literal  # type: ignore[attr-defined]
    print("| what | median ms | p99 ms | median articles found |\n|---|---|---|---|")
    for length in (1, 2, 3, 4, 6):
        needles = [fold(cut(length)).text for _ in range(QUERIES)]
        row(f"literal lookup, {length} characters", needles, lambda text: len(literal.standing(text, written=False)))
    quoted = [f'"{cut(draw.randint(2, 8))}"' for _ in range(QUERIES)]
    row(
        "literal search, page of 20 with passages",
        quoted,
        lambda text: library.session(LOCAL).search(Search(text=text)).total,
    )
    row(
        "the same, as written",
        quoted,
        lambda text: library.session(LOCAL).search(Search(text=text, as_written=True)).total,
    )
    row(
        "ranked words (one or two), page of 20",
        [words() for _ in range(QUERIES)],
        lambda q: library.session(LOCAL).search(Search(text=q)).total,
    )
    spans = [(year, year + draw.choice((0, 0, 9))) for year in (draw.randint(1900, 2024) for _ in range(QUERIES))]
    periods = [f"{first}..{last}" if last > first else f"{first}年" for first, last in spans]
    row(
        "period alone, page of 20",
        periods,
        lambda text: library.session(LOCAL).search(Search(text="", period=text)).total,
    )
    row(
        "word with period of the own date",
        list(zip([words() for _ in periods], periods, strict=True)),
        lambda pair: library.session(LOCAL).search(Search(text=pair[0], period=pair[1], period_in=PeriodIn.DATE)).total,
    )


def row(what: str, questions: Sequence[Question], ask: Callable[[Question], int]) -> None:
    for question in questions[:3]:
        ask(question)  # open files, load what is loaded once
    times, totals = [], []
    for question in questions:
        started = time.perf_counter()
        totals.append(ask(question))
        times.append((time.perf_counter() - started) * 1000)
    ninety_ninth = statistics.quantiles(times, n=100)[98]
    print(
        f"| {what} | {statistics.median(times):.2f} | {ninety_ninth:.1f} | {statistics.median(totals):.0f} |",
        flush=True,
    )


def peak_megabytes() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()

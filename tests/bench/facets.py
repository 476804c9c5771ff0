"""How long the counts beside a list of hits take at ten million characters: facets, names, frequencies, over time.

    python tests/bench/facets.py [--articles N] [--index FOLDER]

Prints a Markdown table: the median of 15 runs in milliseconds of processor time, for words that stand in very many
articles and for rare ones. `--index` keeps the index for the next run. The texts are dated news; every tenth also tells
of a decade.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from search import DATA, records

from archive import dates
from archive.model.access import Rights
from archive.model.records import Article, Mention, Period, Precision
from archive.model.search import Search, Source
from archive.search.index.embedded import EmbeddedEngine
from archive.search.parser import parse
from archive.search.query import Counted, Or, Phrase, Query
from archive.text.segmentation import make_segmenter

READER = Rights.everything().in_use
RUNS = 15


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--news", type=Path, default=DATA / "bench" / "news_dated.jsonl.xz")
    options.add_argument("--articles", type=int, default=10**9, help="at most so many news texts")
    options.add_argument("--index", type=Path, help="folder of the index; made where it is not there")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = given.index or Path(folder) / "index"
        engine = EmbeddedEngine(root, make_segmenter())
        if not engine.sound():
            engine.rebuild(dated(islice(records(given.news), given.articles)))
        measure(engine)
        engine.close()


def dated(articles: Iterable[Article]) -> Iterator[tuple[Article, tuple[Mention, ...]]]:
    """The articles, every tenth with a mention of its decade."""
    for number, article in enumerate(articles):
        told = Period(dates.day(1950, 1, 1), dates.day(1959, 12, 31), Precision.DECADE)
        yield article, (Mention(1, 0, 1, told, "made"),) if number % 10 == 0 else ()


def measure(engine: EmbeddedEngine) -> None:
    names = drawn(engine)
    print(f"{engine.info().articles} articles\n\n| asked | articles | ms |\n|---|---:|---:|")
    for text in ("的", "中国", "上海 北京", "羊皮筏"):
        query = Query(tree=parse(text), search=Search(text=text))
        found = engine.count(query, READER)
        report(f"{text}: a page with facets", found, partial(engine.search, query, READER, limit=20))
        report(f"{text}: over time", found, partial(engine.timeline, query, READER))
        for many in (300, 2000):
            counted = Counted(names[:many])
            report(f"{text}: {many} names, the first time", found, partial(engine.counts, query, READER, counted), 1)
            report(f"{text}: {many} names", found, partial(engine.counts, query, READER, counted))
        report(f"{text}: per 10,000 characters", found, partial(engine.tallies, query, READER))
        within = replace(query, conditions=(("scope", Query(tree=parse("上海"))),))
        report(
            f"{text}: a page within a scope",
            engine.count(within, READER),
            partial(engine.search, within, READER, limit=20),
        )


def drawn(engine: EmbeddedEngine) -> tuple[Or, ...]:
    """Strings of three characters out of titles, as if they were names."""
    draw = random.Random(20)
    titles = [text for source, text, _ in engine.strings() if source is Source.TITLE and len(text) > 8]
    at = [(draw.choice(titles), draw.randrange(6)) for _ in range(2000)]
    return tuple(Or((Phrase(title[start : start + 3]),)) for title, start in at)


def report(what: str, found: int, ask: Callable[[], object], runs: int = RUNS) -> None:
    taken = []
    for _ in range(runs):
        started = time.process_time()
        ask()
        taken.append(time.process_time() - started)
    print(f"| {what} | {found} | {1000 * statistics.median(taken):.1f} |")


if __name__ == "__main__":
    main()

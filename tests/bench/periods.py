"""The period queries with answers by the record's own date (retrieval/R5): agreement and latency.

    python tests/bench/periods.py

The records are luxun_diary and laws (10,936 texts), judged by overlap of their `date`. Texts are left out of the index:
neither the answers nor the time of a search by date depend on them. Ten queries differ from the answers by one record
each: two records have their date in full-width figures, and one has an impossible date (1917-11-31).

    python tests/bench/periods.py --agreement

1,920 questions, searches and timelines, over the dates in the text of the samples, by every choice of where a period
looks: the engine against the one that looks at each date.
"""

from __future__ import annotations

import json
import lzma
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from itertools import product
from pathlib import Path

from archive import dates
from archive.model.access import Rights
from archive.model.errors import PeriodError
from archive.model.records import Article, Block, Kind, Period
from archive.model.search import PeriodIn, Search
from archive.search.index.embedded import EmbeddedEngine
from archive.search.index.engine import Engine
from archive.search.index.memory import MemoryEngine
from archive.search.query import EVERYTHING, Query
from archive.text.segmentation import make_segmenter

DATA = Path(os.environ.get("WENSHI_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
ANSWERS = DATA / "retrieval" / "R5_period_dev.qrels"
QUERIES = DATA / "retrieval" / "R5_period_dev.queries.tsv"


EXPRESSIONS = """
1001..1050 1038年 1038年10月 1044 1081年秋 1099.. ..1000 11世纪 11世纪40年代 景祐元年 庆历四年 庆历年间 元丰四年九月
绍圣 元符元年 崇宁 大观三年 政和年间 宣和元年 西夏 北宋 1000-01-01 1119-05-05 1002年3月 1227 1912 1913年1月 1914年秋
1915 1916-05-05 民国三年 民国 清末 1930年代 1936年 抗战时期 19世纪 20世纪 公元前 公元1年..2000
""".split()  # noqa: SIM905 – as people would type them
CHOICES = (False, True)
_TEXTS = 250  # of each sample: the engine that looks at each date is slow


def agreement() -> int:
    """Ask both engines every question; how many answers differ."""
    reader, rights = dates.shipped_reader(), Rights.everything()
    articles = []
    for name in ("chronicle_xixia", "diary_luxun_1912_1916", "vol1_prose_78"):
        lines = (DATA / "sample" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        for number, record in enumerate(map(json.loads, lines[:_TEXTS])):
            blocks = (Block.plain(Kind.TITLE, record["title"] or "无题"), Block.plain(Kind.PARAGRAPH, record["text"]))
            date = own_date(record.get("date") or "")
            article = Article(id=f"{name}-{number}", collection=name, blocks=blocks, date=date)
            articles.append((article, reader.mentions(blocks, date=date)))
    print(f"{len(articles)} texts with {sum(len(mentions) for _, mentions in articles):,} dates in them")
    asked = differing = 0
    with tempfile.TemporaryDirectory() as folder:
        engine, oracle = EmbeddedEngine(Path(folder), make_segmenter()), MemoryEngine()
        for one in (engine, oracle):
            one.rebuild(articles)
        for text, where, within, vague, unended in product(EXPRESSIONS, PeriodIn, CHOICES, CHOICES, CHOICES):
            search = Search(period_in=where, within=within, vague=vague, open=unended)
            query = Query(tree=EVERYTHING, search=search, period=reader.parse(text))
            got, expected = (found(one, query, len(articles)) for one in (engine, oracle))
            asked += 2
            differing += (got != expected) + (engine.timeline(query, rights) != oracle.timeline(query, rights))
        engine.close()
    print(f"{asked:,} questions: {differing} answered differently")
    return differing


def found(engine: Engine, query: Query, limit: int) -> set[str]:
    return {one.article for one in engine.search(query, Rights.everything(), limit=limit).found}


def main() -> int:
    if "--agreement" in sys.argv:
        return 1 if agreement() else 0
    expected: defaultdict[str, set[str]] = defaultdict(set)
    for line in ANSWERS.read_text(encoding="utf-8").splitlines():
        query, _, article, relevance = line.split()
        if relevance != "0":
            expected[query].add(article)
    with tempfile.TemporaryDirectory() as folder:
        engine = EmbeddedEngine(Path(folder), make_segmenter())
        count = engine.rebuild((article, ()) for name in ("luxun_diary", "laws") for article in dated(name))
        ask(engine, "1900年", 1)  # load what is loaded once
        right = 0
        times = []
        lines = QUERIES.read_text(encoding="utf-8").splitlines()
        for line in lines:
            number, text = line.split("\t", 1)
            started = time.perf_counter()
            ask(engine, text, 20)
            times.append((time.perf_counter() - started) * 1000)
            answer = ask(engine, text, count)
            right += answer == expected[number]
            if answer != expected[number]:
                missing, more = len(expected[number] - answer), len(answer - expected[number])
                print(f"{number} {text}: {missing} missing, {more} too many of {len(expected[number])}")
        engine.close()
    print(f"{count} records, {len(lines)} queries: {right} answered exactly")
    slow = statistics.quantiles(times, n=100)[98]
    print(f"a page of 20: median {statistics.median(times):.2f} ms, p99 {slow:.1f} ms")
    return 0 if right == len(lines) else 1


def dated(name: str) -> list[Article]:
    with lzma.open(DATA / "bench" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [
            Article(
                id=record["id"],
                collection=name,
                blocks=(Block.plain(Kind.TITLE, record["title"]),),
                date=own_date(record.get("date", "")),
            )
            for record in map(json.loads, lines)
        ]


def own_date(text: str) -> Period | None:
    """None for the few impossible ones (1917-11-31): such a record is found by no period."""
    try:
        return dates.shipped_reader().parse(text) if text else None
    except PeriodError:
        return None


def ask(engine: EmbeddedEngine, text: str, limit: int) -> set[str]:
    period = dates.shipped_reader().parse(text)
    query = Query(tree=EVERYTHING, search=Search(period_in=PeriodIn.DATE), period=period)
    return found(engine, query, limit)


if __name__ == "__main__":
    sys.exit(main())

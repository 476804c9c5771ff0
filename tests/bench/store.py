"""How fast the store takes in and gives back, and in how much memory.

    python tests/bench/store.py

Made-up texts of the size of a volume (78 articles, 460,000 characters) and of a bulk move (20,000 records of 500).
Prints medians in milliseconds.
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from archive.model.records import Article, Block, Collection, Kind, Mention, Period, Precision
from archive.store import Store

LINE = "光绪三十年春，知县某倡修渠道，引黄河水溉田万余亩，乡民称便；民国二十三年复加疏浚，至今利赖之。"


def drafts(count: int, characters: int) -> list[tuple[Article, list[Mention]]]:
    """`count` articles of about `characters` each in paragraphs of 150, two mentions of dates a paragraph."""
    paragraph = Block.plain(Kind.PARAGRAPH, (LINE * 4)[:150])
    size = max(1, characters // 150)
    dated = [
        Mention(block, start, start + 5, Period(2416000, 2416400, Precision.YEAR, "光绪三十年"), "era")
        for block in range(1, size + 1)
        for start in (0, 48)
    ]
    return [
        (
            Article(
                collection="c", number=number, blocks=(Block.plain(Kind.TITLE, f"第{number}篇"), *[paragraph] * size)
            ),
            dated,
        )
        for number in range(1, count + 1)
    ]


def timed(name: str, work: Callable[[], object], rounds: int = 1) -> None:
    """Print the median of `rounds` runs."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    print(f"{name:44}{statistics.median(taken):10.1f} ms")


def peak() -> float:
    """The most memory this process has held so far, in MB; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Run everything in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder, Store.create(Path(folder) / "library") as store:
        store.save_collection(Collection("c", "文集"), who="本机")

        def accept(name: str, articles: list[tuple[Article, list[Mention]]]) -> None:
            file = Path(folder) / name
            file.write_text(name, encoding="utf-8")
            store.accept(file, name, hashlib.sha256(file.read_bytes()).hexdigest(), articles, [], [], who="本机")

        volume = drafts(78, 5900)
        for number in range(5):
            timed("accept 78 articles, 460,000 characters", partial(accept, f"volume{number}", volume))
        ids = [str(number) for number in range(1, 21)]
        timed("read 20 articles of 6,000 characters", lambda: store.articles(ids), 50)
        timed("read one article", lambda: store.article("7"), 50)
        timed("read all with mentions, 2.3 M characters", lambda: sum(1 for _ in store.each()), 3)
        many = drafts(20_000, 500)
        before = peak()
        timed("accept 20,000 records of 500 characters", lambda: accept("records", many))
        print(f"{'its memory beyond the articles themselves':44}{peak() - before:10.1f} MB")
        timed("check", lambda: store.check("本机"))
        timed("backup", lambda: store.backup(Path(folder) / "backup.zip"))
        store.close()
        timed("open", lambda: Store.open(store.root).close(), 20)


if __name__ == "__main__":
    main()

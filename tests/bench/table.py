"""The whole table of speed in one run: ours, tantivy, FTS5 alone, Whoosh with ChineseAnalyzer, a plain scan.

    python tests/bench/table.py --millions 1                  # or several sizes: --millions 1 10 30
    python tests/bench/table.py --millions 10 --keep FOLDER   # libraries are kept there and used again
    python tests/bench/table.py --millions 1 --check          # fails when a committed ratio is more than 20% worse
    python tests/bench/table.py --millions 1 --commit         # notes the ratios that --check compares with

Medians and 99th percentiles in milliseconds of processor time, each question asked once, drawn from the texts with a
fixed seed. A ratio is our median in medians of a plain scan of the same texts, which says how fast the machine is.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import corpus
from readers import readers
from rivals import DEEP, RIVALS, Text

from archive import dates
from archive.cli import main as cli
from archive.library import Library
from archive.model.access import Actor
from archive.model.search import PeriodIn, Search, Sort
from archive.search import answering
from web.cli.reading_processes import usual

RATIOS = Path(__file__).with_name("ratios.json")
TOLERANCE = 1.2
QUERIES = 120
MOST = 8_000.0  # milliseconds for one kind of question; after that twenty are enough
PAGE = 20

Ask = Callable[..., int]
Times = tuple[float, float]


class Ours:
    """The questions as a session answers them."""

    name = "ours"

    def __init__(self, library: Library) -> None:
        answering._KEPT = 0  # of questions drawn twice the second is to cost what the first did
        self._library = library
        self._session = library.session(Actor.local())

    def _page(self, search: Search, offset: int = 0) -> int:
        return self._session.search(search, limit=PAGE, offset=offset).total

    def literal(self, text: str) -> int:
        query = self._session._query(Search(text=_quoted(text)))
        return self._library._engine.count(query, Actor.local().rights)

    def page(self, text: str) -> int:
        return self._page(Search(text=_quoted(text)))

    def deep_page(self, text: str) -> int:
        return self._page(Search(text=_quoted(text)), DEEP)

    def everything(self) -> int:
        return self._page(Search(sort=Sort.SOURCE))

    def both(self, one: str, other: str) -> int:
        return self._page(Search(text=f"{_quoted(one)} {_quoted(other)}"))

    def either(self, one: str, other: str) -> int:
        return self._page(Search(text=f"{_quoted(one)} OR {_quoted(other)}"))

    def near(self, one: str, other: str) -> int:
        return self._page(Search(text=f"{_quoted(one)} NEAR/10 {_quoted(other)}"))

    def wildcard(self, one: str, other: str) -> int:
        return self._page(Search(text=f"{one}*{other}"))

    def own_period(self, first: int, last: int) -> int:
        return self._page(Search(period=_period(first, last), period_in=PeriodIn.DATE))

    def period(self, first: int, last: int) -> int:
        return self._page(Search(period=_period(first, last)))

    def word_in_own_period(self, text: str, first: int, last: int) -> int:
        return self._page(Search(text=_quoted(text), period=_period(first, last), period_in=PeriodIn.DATE))

    def word_in_period(self, text: str, first: int, last: int) -> int:
        return self._page(Search(text=_quoted(text), period=_period(first, last)))

    def facets(self, text: str) -> int:
        return len(self._session.search(Search(text=_quoted(text)), limit=0).facets)

    def timeline(self, text: str) -> int:
        return self._session.timeline(Search(text=_quoted(text))).total

    def looser(self, text: str) -> int:
        return self._page(Search(text=text))

    question = looser

    def suggestion(self, text: str) -> int:
        return len(self._session.suggest(text, Search()))


def _quoted(text: str) -> str:
    return f'"{text}"'


def _period(first: int, last: int) -> str:
    return f"{dates.year_of(first)}..{dates.year_of(last)}"


class Drawn:
    """Questions drawn from the texts."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._draw = random.Random(20)
        self._lines = [line for one in texts for line in one.text.split("\n") if len(line) > 40]
        self._frequent = _frequent(self._lines[:4000])

    def cut(self, shortest: int, longest: int) -> str:
        while True:
            line = self._draw.choice(self._lines)
            length = self._draw.randint(shortest, longest)
            start = self._draw.randrange(len(line) - length)
            found = line[start : start + length]
            if found.isalnum() and not found.isascii():
                return found

    def word(self) -> str:
        return self.cut(2, 4)

    def frequent(self) -> str:
        return self._draw.choice(self._frequent)

    def days(self) -> tuple[int, int]:
        """A year, five or ten years; half of them in those that the news tell of."""
        year = self._draw.choice((self._draw.randint(1880, 2008), self._draw.randint(2009, 2022)))
        return dates.day(year, 1, 1), dates.day(year + self._draw.choice((0, 0, 4, 9)), 12, 31)

    def close(self) -> tuple[str, str]:
        text = self.cut(10, 12)
        return text[:2], text[-2:]


def _frequent(lines: Sequence[str]) -> list[str]:
    """The 40 most frequent pairs of characters."""
    from collections import Counter

    pairs = Counter(line[at : at + 2] for line in lines for at in range(len(line) - 1))
    return [pair for pair, _ in pairs.most_common(200) if pair.isalnum() and not pair.isascii()][:40]


WORK: tuple[tuple[str, str, Callable[[Drawn], tuple[object, ...]]], ...] = (
    ("literal 2–8 characters, ids", "literal", lambda drawn: (drawn.cut(2, 8),)),
    ("same, page of 20 with passages", "page", lambda drawn: (drawn.cut(2, 8),)),
    ("one character, page of 20", "page", lambda drawn: (drawn.cut(1, 1),)),
    ("two words AND", "both", lambda drawn: (drawn.word(), drawn.frequent())),
    ("two words OR", "either", lambda drawn: (drawn.word(), drawn.frequent())),
    ("NEAR/10", "near", lambda drawn: drawn.close()),
    ("wildcard", "wildcard", lambda drawn: drawn.close()),
    ("period alone, any date", "period", lambda drawn: drawn.days()),
    ("period alone, own date", "own_period", lambda drawn: drawn.days()),
    ("word + period, any date", "word_in_period", lambda drawn: (drawn.frequent(), *drawn.days())),
    ("word + period, own date", "word_in_own_period", lambda drawn: (drawn.frequent(), *drawn.days())),
    ("facet counts of one character", "facets", lambda drawn: (drawn.cut(1, 1),)),
    ("frequent word, page 1", "page", lambda drawn: (drawn.frequent(),)),
    ("frequent word, page 100", "deep_page", lambda drawn: (drawn.frequent(),)),
    ("browse all", "everything", lambda drawn: ()),
    ("timeline of a frequent word", "timeline", lambda drawn: (drawn.frequent(),)),
    ("term with a looser reading beside", "looser", lambda drawn: (drawn.cut(4, 6),)),
    ("question of 20 characters", "question", lambda drawn: (f"{drawn.cut(9, 9)}和{drawn.cut(8, 8)}为何？",)),
    ("suggestion", "suggestion", lambda drawn: (drawn.cut(1, 2),)),
)
"""(what is measured, the method that answers, what it is asked)."""


def measured(ask: Ask, questions: Sequence[tuple[object, ...]]) -> Times:
    """(median, 99th percentile) in ms of processor time."""
    for question in questions[:3]:
        ask(*question)  # open files, load what is loaded once
    gc.collect()
    gc.freeze()  # as `wenshi serve` does once warm: no question waits while all of it is searched for garbage
    gc.set_threshold(cli._NEW_OBJECTS)
    times: list[float] = []
    for question in questions:
        if sum(times) > MOST and len(times) >= 20:
            break
        started = time.process_time()
        ask(*question)
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def library_of(characters: int, folder: Path) -> float | None:
    """Take the corpus in as an office would, dates and all; seconds of processor time, None where it is there."""
    if (folder / "library" / "library.toml").exists():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "corpus.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for record in corpus.records(characters):
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
    before = os.times()
    for command in (["init"], ["ingest", str(file), "--as", "records", "--collection", "news", "--yes"]):
        subprocess.run([*WENSHI, "--library", str(folder / "library"), *command], check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


WENSHI = [sys.executable, "-c", "from archive.cli.main import main; main()"]


def texts_of(characters: int) -> list[Text]:
    """The corpus as rivals take it."""
    found = []
    for record in corpus.records(characters):
        day = date.fromisoformat(record["date"])
        number = dates.day(day.year, day.month, day.day)
        text = f"{record['title']}\n{record['text']}"
        found.append(Text(number, day.year // 10 * 10, record["author"], text))
    return found


def cold_start(root: Path) -> str:
    """`wenshi search` from nothing: seconds of processor time (median of five) and peak memory.

    With what Python has compiled kept, as every installation keeps it: the first run, which writes it, is not counted.
    """
    spent, peak = [], 0
    command = [sys.executable, "-c", _PEAK, *WENSHI, "--library", str(root), "search", "人民", "--limit", "5"]
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for at in range(6):
            before = os.times()
            child = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
            after = os.times()
            if at:
                own, system = after.children_user - before.children_user, after.children_system - before.children_system
                spent.append(own + system)
                peak = max(peak, int(child.stderr.strip().split()[-1]))
    return f"{statistics.median(spent):.2f} s, {peak // 1024} MB"


_PEAK = """
import subprocess, sys
try:
    import resource
except ImportError:
    resource = None
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if resource else 0, file=sys.stderr)
"""


def memory() -> int:
    """Megabytes this process holds now; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024


def run(millions: float, keep: Path, rivals: Sequence[str]) -> dict[str, Times]:
    """Print one table; our figures by what is measured."""
    characters = int(millions * 1_000_000)
    folder = keep / f"{millions:g}"
    imported = library_of(characters, folder)
    texts = texts_of(characters)
    print(f"\n## {sum(len(one.text) for one in texts):,} characters in {len(texts):,} texts\n", flush=True)
    drawn = Drawn(texts)
    questions = [[make(drawn) for _ in range(QUERIES)] for _, _, make in WORK]
    figures: dict[str, list[Times | None]] = {}
    builds: list[str] = []
    with Library.open(folder / "library") as library:
        before = memory()
        figures["ours"] = _all(Ours(library), questions)
        held = memory() - before
        started = time.process_time()
        library.session(Actor.local()).reindex()
        builds.append(f"ours {time.process_time() - started:.1f} s (memory of the queries {held} MB)")
    for kind in RIVALS:
        if kind.name in rivals:
            # A process each: an index of ours, once open, lets Whoosh read nothing but indexes of ours.
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
                built, figures[kind.name] = apart.submit(_rival, kind, texts, questions).result()
            builds.append(f"{kind.name} {built:.1f} s")
    print("| work | " + " | ".join(figures) + " |\n|---" * 1 + "|---" * len(figures) + "|")
    for at, (what, _, _) in enumerate(WORK):
        print(f"| {what} | " + " | ".join(_shown(column[at]) for column in figures.values()) + " |")
    print(f"\nBuild: {'; '.join(builds)}.")
    if imported is not None:
        print(f"Import as records, dates and all: {imported:.0f} s of processor time.")
    print(f"Cold `wenshi search`: {cold_start(folder / 'library')}.")
    for beside in sorted({0, usual(accounts=True)}):  # for one person alone, and for several
        print(f"Web, {beside} beside the owner: {readers(folder / 'library', WENSHI, beside)}.", flush=True)
    scan = figures.get(RIVALS[-1].name, [None])[0]
    unit = scan[0] if scan else 1.0
    return {what: (one[0] / unit, one[1]) for (what, _, _), one in zip(WORK, figures["ours"], strict=True) if one}


def _rival(kind: Any, texts: list[Text], questions: Sequence[Sequence[tuple[object, ...]]]) -> tuple[float, list[Any]]:
    """(seconds of processor time to build, what `_all` gives)."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        started = time.process_time()
        rival = kind(Path(temporary) / "index", texts)
        built = time.process_time() - started
        return built, _all(rival, questions)


def _all(engine: Any, questions: Sequence[Sequence[tuple[object, ...]]]) -> list[Times | None]:
    found: list[Times | None] = []
    for (what, method, _), asked in zip(WORK, questions, strict=True):
        ask: Ask | None = getattr(engine, method, None)
        found.append(ask and measured(ask, asked))
        print(f"{engine.name}: {what}: {_shown(found[-1])}", file=sys.stderr, flush=True)
    return found


def _shown(times: Times | None) -> str:
    if times is None:
        return "–"
    median, slowest = times
    return f"{median:.2g} / {slowest:.2g}" if slowest < 10 else f"{median:.2g} / {slowest:.0f}"


def check(millions: float, found: dict[str, Times]) -> int:
    """Compare with what is committed; the number of works that are more than 20% worse."""
    committed = json.loads(RATIOS.read_text(encoding="utf-8"))[f"{millions:g}"]
    worse = 0
    for what, (ratio, _) in found.items():
        if what in committed and ratio > TOLERANCE * committed[what]:
            worse += 1
            print(f"worse: {what}: {ratio:.3f} of a scan, committed {committed[what]:.3f}")
    return worse


def commit(millions: float, found: dict[str, Times]) -> None:
    """Note the ratios of this size."""
    held = json.loads(RATIOS.read_text(encoding="utf-8")) if RATIOS.exists() else {}
    held[f"{millions:g}"] = {what: round(ratio, 4) for what, (ratio, _) in found.items()}
    RATIOS.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    """See the module."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--millions", type=float, nargs="+", default=[1.0])
    options.add_argument("--keep", type=Path)
    options.add_argument("--rivals", nargs="*", default=[kind.name for kind in RIVALS])
    options.add_argument("--check", action="store_true")
    options.add_argument("--commit", action="store_true")
    given = options.parse_args()
    keep = given.keep or Path(tempfile.mkdtemp())
    print(f"{date.today()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python ", end="")
    print(f"{platform.python_version()}: `python {' '.join(['tests/bench/table.py', *sys.argv[1:]])}`")
    worse = 0
    try:
        for millions in given.millions:
            found = run(millions, keep, given.rivals)
            worse += check(millions, found) if given.check else 0
            if given.commit:
                commit(millions, found)
    finally:
        if given.keep is None:
            shutil.rmtree(keep, ignore_errors=True)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())

"""Killed at any moment, a library is whole: the articles of a file are all there or none, with their original."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.model.records import Collection
from archive.store import Store

ROUNDS = 40
PER_FILE = 12
# Loads the program once and forks a worker for each number it reads, so that a round costs no start-up.
WORK = """
import hashlib, os, sys
from pathlib import Path
from archive.model.records import Article, Block, Kind, Mention, Period, Picture, Precision
from archive.store import Store

root, told, per_file = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
dated = [Mention(1, 0, 2, Period(1, 2, Precision.DAY, "某日"), "day")] * 5

def take_in(store, number):
    file = root.parent / "稿.txt"
    file.write_text(f"{number}" * 3000, encoding="utf-8")
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    image = str(number).encode()
    picture = Picture(hashlib.sha256(image).hexdigest(), image, "image/png")
    blocks = (Block.plain(Kind.TITLE, f"第{number}篇"), Block.plain(Kind.PARAGRAPH, "某日" * 2000))
    article = Article(collection="wsz", blocks=(*blocks, Block(Kind.FIGURE, picture=picture.sha256)))
    stored = store.accept(file, f"{number}.txt", sha256, [(article, dated)] * per_file, [], [picture], "本机")
    with told.open("a", encoding="utf-8") as out:
        out.write(sha256 + "\\n")
    if number % 3 == 0:
        store.revise(stored[0], dated, "改", "编辑")

for line in sys.stdin:
    worker = os.fork()
    if not worker:
        with Store.open(root) as store:
            for number in range(int(line), int(line) + 100_000):
                take_in(store, number)
        os._exit(0)
    print(worker, flush=True)
    os.waitpid(worker, 0)
    print("dead", flush=True)
"""


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[Callable[[int, int, float], None]]:
    """Lets a process take in files numbered from `first`, and kills it so many seconds after so many were done.

    Counting from finished imports, a slow machine is killed at the same moments as a fast one.
    """
    if not hasattr(os, "fork"):
        pytest.skip("needs fork: starting a Python for every kill would take minutes")
    told = tmp_path / "told"
    command = [sys.executable, "-X", "utf8", "-c", WORK, str(tmp_path / "library"), str(told), str(PER_FILE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        talk, hear = process.stdin, process.stdout

        def kill(first: int, imports: int, seconds: float) -> None:
            enough = told.stat().st_size + imports * 65
            talk.write(f"{first}\n")
            worker = int(hear.readline())
            deadline = time.monotonic() + 30
            while told.stat().st_size < enough and time.monotonic() < deadline:
                time.sleep(0.001)
            time.sleep(seconds)
            os.kill(worker, signal.SIGKILL)
            assert hear.readline() == "dead\n"

        yield kill
        process.kill()


def test_a_process_killed_at_any_moment_leaves_a_whole_library(
    tmp_path: Path, killed: Callable[[int, int, float], None]
) -> None:
    with Store.create(tmp_path / "library") as store:
        store.save_collection(Collection("wsz", "文史资料"), who="本机")
    (tmp_path / "told").touch()
    chance = random.Random(2024)
    for attempt in range(ROUNDS):
        killed(attempt * 100_000, attempt % 3, chance.uniform(0, 0.03))
        # A line cut short by the kill was not told.
        told = {line for line in (tmp_path / "told").read_text(encoding="utf-8").split("\n") if len(line) == 64}
        with Store.open(tmp_path / "library") as store:
            examine(store, told)
    assert len(told) >= ROUNDS - 1, "as many as were waited for"


def examine(store: Store, told: set[str]) -> None:
    """`told` are the originals whose import was reported as done."""
    # A killed import may leave files nobody refers to; nothing else may be wrong.
    assert {problem.code for problem in store.check("本机")} <= {"original-extra", "picture-extra"}
    articles = [(article, len(dated)) for article, dated in store.each()]
    assert all(count == 5 for _, count in articles)
    assert set(Counter(article.original for article, _ in articles).values()) <= {PER_FILE}
    assert told <= {entry.original for entry in store.imports()}
    assert set(store.pending()) == {article.id for article, _ in articles}
    with store.writing("清理", "试写", timeout=5):
        assert not list((store.root / "originals").glob("incoming/*")), "what was half-copied is swept away"

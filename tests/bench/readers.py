"""Fifty readers without pauses: how many requests a second a served library answers, and how long they wait.

python tests/bench/readers.py LIBRARY [PROCESSES…]    # so many beside the owner, in turn; otherwise none
"""

from __future__ import annotations

import http.client
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

READERS, SECONDS, WARM = 50, 15, 15
_WORDS = (
    "经济",
    "人民",
    "发展",
    "黄河",
    "治沙",
    "水利",
    "铁路",
    "教育",
    "疫情",
    "会议",
    "农业",
    "国务院",
    "宁夏",
    "粮食",
)


def addresses(draw: random.Random) -> str:
    """What readers open, mixed: searches, pages of hits, periods, texts, the front page."""
    word, other = quote(draw.choice(_WORDS)), quote(draw.choice(_WORDS))
    year = draw.randint(1890, 2010)
    kinds = (
        f"/?q={word}", f"/?q={word}+{other}", f"/?q={word}&page={draw.randint(1, 9)}", f"/?q={word}&period={year}",
        f"/?q={word}+OR+{other}", f"/article/0-{draw.randint(1, 1000)}", f"/article/0-{draw.randint(1, 1000)}?q={word}",
        "/", f"/?q={quote(draw.choice('水土山人大中'))}",
    )  # fmt: skip
    return draw.choice(kinds)


def let_in(address: str) -> str:
    """The cookie that a browser holds after opening the printed address."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    connection.request("GET", parts.path)
    cookie = (connection.getresponse().getheader("Set-Cookie") or "").partition(";")[0]
    connection.close()
    return cookie


def _read(address: str, cookie: str, number: int, until: float, found: list[float], failures: list[str]) -> None:
    draw = random.Random(number)
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    while time.monotonic() < until:
        started = time.monotonic()
        page = addresses(draw)
        try:
            connection.request("GET", page, headers={"Accept-Encoding": "gzip", "Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                failures.append(f"{answer.status} {page}")
        except OSError as error:
            failures.append(f"{error} {page}")
            connection.close()
        found.append(time.monotonic() - started)


def _ask(address: str, queue: multiprocessing.Queue[tuple[list[float], list[str]]]) -> None:
    cookie = let_in(address)
    found: list[float] = []
    failures: list[str] = []
    until = time.monotonic() + SECONDS
    given = ((address, cookie, number, until, found, failures) for number in range(READERS))
    threads = [threading.Thread(target=_read, args=one) for one in given]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put((found, failures))


def readers(root: Path, wenshi: Sequence[str], processes: int = 0) -> str:
    """Serve the library from so many processes beside the owner and ask; the figures in words."""
    command = [*wenshi, "--library", str(root), "serve", "--port", "0", "--readers", str(processes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            # What is loaded once is loaded: what follows is no longer that of the first visitors.
            _read(address, let_in(address), -1, time.monotonic() + WARM * (1 + processes), [], [])
            queue: multiprocessing.Queue[tuple[list[float], list[str]]] = multiprocessing.Queue()
            before, started = _spent(server.pid), time.monotonic()
            client = multiprocessing.Process(target=_ask, args=(address, queue))
            client.start()
            found, failures = queue.get()
            client.join()
            seconds, spent = time.monotonic() - started, _spent(server.pid) - before
        finally:
            server.terminate()
    waits = statistics.quantiles(found, n=100)
    failed = f", {len(failures)} failed ({failures[0]})" if failures else ""
    return (
        f"{len(found) / seconds:.0f} requests a second with {READERS} readers, {1000 * spent / len(found):.1f} ms of"
        f" processor time each, waits {waits[49]:.2f} s median, {waits[98]:.1f} s p99{failed}"
    )


def _spent(pid: int) -> float:
    """Seconds of processor time of a process and its children so far; 0 where the system does not tell."""
    try:
        ticks = os.sysconf("SC_CLK_TCK")
        total = 0
        for folder in Path("/proc").glob("[0-9]*"):
            values = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(folder.name) == pid:
                total += sum(map(int, values[11:15]))  # with that of children that have ended
            elif int(values[1]) == pid:
                total += sum(map(int, values[11:13]))
        return total / ticks
    except (AttributeError, OSError, ValueError):
        return 0.0


if __name__ == "__main__":
    for number in map(int, sys.argv[2:] or ["0"]):
        asked = readers(Path(sys.argv[1]), [sys.executable, "-c", "from archive.cli.main import main; main()"], number)
        print(f"{number} beside the owner: {asked}", flush=True)

"""Fifty readers: how many requests a second a served library answers, and how long they wait.

python tests/bench/readers.py LIBRARY [PROCESSES…]    # so many beside the owner, in turn; otherwise none
python tests/bench/readers.py LIBRARY 2 --pause 3 --import VOLUME.docx    # as an office reads, while a volume comes in
python tests/bench/readers.py LIBRARY 2 --pause 3 --editors 20 --import VOLUME.docx    # and so many correct texts

With an import or editors the library is written to: give it a copy.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

READERS, SECONDS, WARM = 50, 15, 15
LONG = 60  # seconds of asking with pauses
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


def _read(
    address: str, cookie: str, number: int, until: float, found: list[float], failures: list[str], pause: float = 0
) -> None:
    """Ask until then, `pause` seconds on the average between two pages: people read what they opened."""
    draw = random.Random(number)
    time.sleep(draw.uniform(0, pause))
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
        time.sleep(draw.uniform(0.5, 1.5) * pause)


def _edit(
    address: str, cookie: str, number: int, until: float, found: list[float], failures: list[str], pause: float
) -> None:
    """Correct a text of one's own again and again: the form is opened, a character added, saved. Saving is timed."""
    draw = random.Random(number)
    page = f"/article/0-{2000 + number}/edit/1"
    time.sleep(draw.uniform(0, pause))
    while time.monotonic() < until:
        status, form, set_cookie = _sent(address, cookie, page)
        cookie = set_cookie or cookie  # which holds the token of one's forms
        if status != 200:
            failures.append(f"{status} {page}")
            return
        held = {name: unescape(value) for name, value in re.findall(r'name="(token|version)" value="([^"]*)"', form)}
        text = unescape(form.partition('name="text"')[2].partition(">")[2].partition("</textarea>")[0]).strip("\n")
        started = time.monotonic()
        status, _, _ = _sent(address, cookie, page, {**held, "text": f"{text}改", "do": "save"})
        found.append(time.monotonic() - started)
        if status != 303:
            failures.append(f"{status} {page} when saving")
        time.sleep(draw.uniform(0.5, 1.5) * pause)


def _sent(address: str, cookie: str, page: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
    """The status of an answer, its text and the cookie it sets; 0 where there is none."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST" if form else "GET", page, urlencode(form) if form else None, headers)
        answer = connection.getresponse()
        set_cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        return answer.status, answer.read().decode(), set_cookie
    except OSError as error:
        return 0, str(error), ""
    finally:
        connection.close()


Timed = tuple[list[float], list[float], list[str], float]
"""How long pages took, how long saving took, what was not answered as it should be, and processor time of asking."""


def _ask(address: str, queue: multiprocessing.Queue[Timed], pause: float, editors: int) -> None:
    cookie = let_in(address)
    read: list[float] = []
    saved: list[float] = []
    failures: list[str] = []
    until = time.monotonic() + (SECONDS if not pause else LONG)
    threads = [
        *(
            threading.Thread(target=_read, args=(address, cookie, one, until, read, failures, pause))
            for one in range(READERS)
        ),
        *(
            threading.Thread(target=_edit, args=(address, cookie, one, until, saved, failures, 10 * pause))
            for one in range(editors)
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.put((read, saved, failures, time.process_time()))


def readers(
    root: Path,
    wenshi: Sequence[str],
    processes: int = 0,
    pause: float = 0,
    brought: Sequence[str] = (),
    editors: int = 0,
) -> str:
    """Serve the library from so many processes beside the owner and ask; the figures in words.

    `pause` seconds lie between the pages of a reader; the files `brought` are taken in at the same time, and so many
    `editors` correct texts.
    """
    command = [*wenshi, "--library", str(root), "serve", "--port", "0", "--readers", str(processes)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            # What is loaded once is loaded: what follows is no longer that of the first visitors.
            _read(address, let_in(address), -1, time.monotonic() + WARM * (1 + processes), [], [])
            queue: multiprocessing.Queue[Timed] = multiprocessing.Queue()
            before, started = _spent(server.pid), time.monotonic()
            client = multiprocessing.Process(target=_ask, args=(address, queue, pause, editors))
            client.start()
            with _importing(root, wenshi, brought) as beside:
                found, saved, failures, own = queue.get()
                told = beside()
            client.join()
            seconds, spent = time.monotonic() - started, _spent(server.pid) - before
        finally:
            server.terminate()
    waits = statistics.quantiles(found, n=100)
    failed = f", {len(failures)} failed ({failures[0]})" if failures else ""
    return (
        f"{len(found) / seconds:.0f} requests a second with {READERS} readers, {1000 * spent / len(found):.1f} ms of"
        f" processor time each (and {1000 * own / len(found):.1f} of who asks), waits {1000 * waits[49]:.0f} ms median,"
        f" {1000 * waits[98]:.0f} ms p99"
        f"{_of_editors(saved, editors)}{failed}{told}"
    )


def _of_editors(saved: Sequence[float], editors: int) -> str:
    if not saved:
        return ""
    return (
        f"; {editors} editors saved {len(saved)} times, {1000 * statistics.median(saved):.0f} ms median,"
        f" {1000 * max(saved):.0f} ms at most"
    )


@contextmanager
def _importing(root: Path, wenshi: Sequence[str], brought: Sequence[str]) -> Iterator[Callable[[], str]]:
    """Files taken in by a process of its own while the block runs; what gives how far that was."""
    if not brought:
        yield lambda: ""
        return
    command = [*wenshi, "--library", str(root), "ingest", *brought, "--yes"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield lambda: ", beside an import" + (" that went on" if process.poll() is None else " that had ended")
        process.wait()


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


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("processes", type=int, nargs="*", default=[0])
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between the pages of a reader")
    parser.add_argument("--import", dest="brought", action="append", default=[], help="a file to take in meanwhile")
    parser.add_argument("--editors", type=int, default=0, help="so many people correct texts meanwhile")
    given = parser.parse_args()
    wenshi = [sys.executable, "-c", "from archive.cli.main import main; main()"]
    for number in given.processes:
        asked = readers(given.library, wenshi, number, given.pause, given.brought, given.editors)
        print(f"{number} beside the owner: {asked}", flush=True)


if __name__ == "__main__":
    _main()

"""A server in use for a long time: eight readers and one who takes in files, with memory, descriptors and errors.

    python tests/bench/soak.py [--minutes 30] [--readers 8] [--errors FILE]

The library is that of the sample collections. Readers search, turn pages and open articles at random; the importer
sends a folder's worth of small files after another by the form of the page, among them one in ten that is damaged, and
waits for each import as its page does. Once a minute: requests, the slowest of a hundred, resident memory of the server
and of the largest process it started, open descriptors, errors (answers of 500 and above other than 503, files that
were refused, requests that failed), processor seconds of the server for a request, those of the latest minute apart.
They grow with the library: each import is worked on by the same process, and one request in twenty is the list of all
hits of a word that stands in everything sent. What the server says goes to a file, with its stack where it crashes;
where it ends early, its exit code and its last words are printed. Linux, since it looks into /proc.
"""

from __future__ import annotations

import argparse
import http.client
import io
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import docx

WORDS = ("水车", "黄河", "民国", "县政协", "学校", "渡口", "1958年", "抗战", "干旱", "修渠", "羊毛", "戏班")
WENSHI = Path(sys.executable).with_name("wenshi")
_ERRORS = Path(tempfile.gettempdir(), "soak-errors.txt")


@dataclass
class Seen:
    """What came of the requests so far."""

    seconds: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    taken_in: int = 0
    gone: bool = False  # the server
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Door:
    """Where the server listens, and the cookie of a browser that opened the printed address."""

    port: int
    cookie: str


def opened(address: str) -> Door:
    """What the printed address opens."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=90)
    connection.request("GET", parts.path)
    cookie = (connection.getresponse().getheader("Set-Cookie") or "").partition(";")[0]
    connection.close()
    return Door(parts.port or 80, cookie)


@dataclass(frozen=True)
class Answer:
    """The text of an answer, "" where a request failed, and where it leads."""

    text: str
    leads_to: str = ""


def asked(
    door: Door, path: str, seen: Seen, body: bytes | None = None, headers: dict[str, str] | None = None
) -> Answer:
    """One request."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=90)
    try:
        connection.request("POST" if body is not None else "GET", path, body, {"Cookie": door.cookie} | (headers or {}))
        answer = connection.getresponse()
        given = Answer(answer.read().decode("utf-8", "replace"), answer.getheader("Location", ""))
        refused = (answer.status >= 500 and answer.status != 503) or (body is not None and answer.status >= 400)
        fault = f"{answer.status} {path.partition('?')[0]}" if refused else ""
    except (OSError, http.client.HTTPException) as error:
        given, fault = Answer(""), f"{type(error).__name__} {path.partition('?')[0]}"
    finally:
        connection.close()
    with seen.lock:
        seen.seconds.append(time.perf_counter() - started)
        if fault:
            seen.faults[fault] += 1
    return given


def read(door: Door, seen: Seen, end: float, seed: int) -> None:
    """Search, look at a few of what is found, look elsewhere."""
    chance = random.Random(seed)
    while time.monotonic() < end and not seen.gone:
        page = asked(door, f"/?q={quote(chance.choice(WORDS))}&page={chance.choice((1, 1, 2))}", seen).text
        articles = re.findall(r'href="(/article/[^"?#]+)', page)
        for address in chance.sample(articles, min(2, len(articles))):
            asked(door, address, seen)
            time.sleep(chance.random())
        asked(door, chance.choice(("/", "/collections", "/books", "/help", "/results.csv?q=%E6%B0%B4")), seen)
        time.sleep(chance.random())


def take_in(door: Door, seen: Seen, end: float) -> None:
    """Send small files by the form, one in ten of them damaged."""
    number = 0
    while time.monotonic() < end and not seen.gone:
        connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=90)
        connection.request("GET", "/intake", headers={"Cookie": door.cookie})
        answer = connection.getresponse()
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        token = re.search(r'name="token" value="([^"]+)"', answer.read().decode())
        connection.close()
        if token is None:
            continue
        files = [(f"{number + more:05}.docx", _document(number + more)) for more in range(5)]
        number += 5
        body = _form({"token": token[1], "title": f"新收{number}"}, files)
        headers = {"Content-Type": "multipart/form-data; boundary=soak", "Cookie": cookie}
        leads_to = asked(door, "/intake", seen, body, headers).leads_to
        while leads_to.startswith("/jobs/") and time.monotonic() < end:
            time.sleep(1)
            if '"over":true' in asked(door, f"{leads_to}/state", seen).text.replace(" ", ""):
                break
        with seen.lock:
            seen.taken_in += len(files)
        time.sleep(2)


def _document(number: int) -> bytes:
    made = docx.Document()
    made.add_heading(f"第{number}篇来稿", 1)
    for paragraph in range(8):
        made.add_paragraph(f"{1900 + number % 80}年，水车在黄河边转了{paragraph}回，浇着两岸的菜园。" * 6)
    stream = io.BytesIO()
    made.save(stream)
    data = bytearray(stream.getvalue())
    if number % 10 == 0:
        data[len(data) // 3 : len(data) // 3 + 200] = bytes(200)
    return bytes(data)


def _form(fields: dict[str, str], files: list[tuple[str, bytes]]) -> bytes:
    parts = [f'--soak\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()]
    for name, data in files:
        head = f'--soak\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + data + b"\r\n")
    return b"".join([*parts, b"--soak--\r\n"])


def resident(pid: int) -> float:
    """Megabytes of a process; 0 where it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    except OSError:
        return 0.0
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


def processor(pid: int) -> float:
    """Seconds of processor time of a process and of those it started that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes it started."""
    return [
        int(one) for task in Path(f"/proc/{pid}/task").glob("*/children") for one in task.read_text("ascii").split()
    ]


def main() -> int:
    """Prints a line a minute, and the sum."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--errors", type=Path, default=_ERRORS, help="where the server says what goes wrong")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        subprocess.run([WENSHI, "--library", library, "demo", "--build-only"], check=True, capture_output=True)
        command = [str(WENSHI), "--library", str(library), "serve", "--port", "0"]
        environment = os.environ | {"PYTHONFAULTHANDLER": "1"}
        with given.errors.open("wb") as errors:
            served = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment)
        try:
            assert served.stdout is not None
            door = opened(served.stdout.readline().decode().strip())
            went_wrong = measure(served.pid, door, given.minutes, given.readers)
            early = served.poll()
        finally:
            served.terminate()
            served.wait()
        if early is not None:
            print(f"the server ended early: exit code {early} (minus the signal that ended it)")
            print(given.errors.read_text("utf-8", "replace")[-4000:])
        return 1 if went_wrong or early is not None else 0


def measure(pid: int, door: Door, minutes: float, readers: int) -> int:
    """Readers and importer at work for so long, or until the server is gone."""
    seen, largest = Seen(), 0.0
    end = time.monotonic() + 60 * minutes
    threads = [threading.Thread(target=read, args=(door, seen, end, seed)) for seed in range(readers)]
    threads.append(threading.Thread(target=take_in, args=(door, seen, end)))
    for thread in threads:
        thread.start()
    print(f"{'minute':>6}{'requests':>10}{'taken in':>10}{'median':>9}{'p99':>9}{'server MB':>11}{'largest child':>15}"
          f"{'files':>7}{'errors':>8}{'cpu each':>10}{'latest':>9}")  # fmt: skip
    spent = before = processor(pid)
    asked_before = 0
    started = said = time.monotonic()
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.5)
        largest = max([largest, *(resident(one) for one in children(pid))])
        if time.monotonic() - said >= 60 or time.monotonic() > end:
            said = time.monotonic()
            with seen.lock:
                seconds, faults, taken = list(seen.seconds), seen.faults.total(), seen.taken_in
            latest = sorted(seconds[-2000:]) or [0.0]
            seen.gone = not resident(pid)
            if seen.gone:
                break
            files, now = len(list(Path(f"/proc/{pid}/fd").iterdir())), processor(pid)
            print(
                f"{(said - started) / 60:>6.1f}{len(seconds):>10}{taken:>10}{statistics.median(latest):>8.2f}s"
                f"{latest[int(len(latest) * 0.99) - 1]:>8.2f}s{resident(pid):>11.0f}{largest:>15.0f}"
                f"{files:>7}{faults:>8}{(now - spent) / max(1, len(seconds)):>9.3f}s"
                f"{(now - before) / max(1, len(seconds) - asked_before):>8.3f}s",
                flush=True,
            )
            before, asked_before = now, len(seconds)
            if said > end:
                break
    for thread in threads:
        thread.join()
    found = re.search(r'"total":\s*(\d+)', asked(door, f"/api/v1/search?q={quote('篇来稿')}", seen).text)
    print(f"{found[1] if found else 0} of the files sent are found by a search")
    for fault, count in seen.faults.most_common():
        print(f"{count} x {fault}")
    return 1 if seen.faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""Requests a second that the JSON API answers, over HTTP, asked by several programs at once.

    python tests/bench/api_speed.py LIBRARY [--askers 8] [--seconds 10]

LIBRARY is opened as usual: give a copy. Programs with a token ask for pages of hits, texts, concordances, suggestions
and periods, mixed, each over one connection that stays open; the limit of requests a minute is lifted. Printed are
answers a second, the wait (median and p99) and processor time an answer, both sides together.
"""

from __future__ import annotations

import argparse
import http.client
import random
import statistics
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import Scope
from tests.web.browser import served
from web.app import create_app
from web.base import rates

_WORDS = [
    "经济",
    "人民",
    "发展",
    "黄河",
    "治沙",
    "水利",
    "铁路",
    "教育",
    "会议",
    "农业",
    "国务院",
    "宁夏",
    "粮食",
    "水车",
]


def address(draw: random.Random, ids: list[str]) -> str:
    """What programs ask for."""
    word, year = quote(draw.choice(_WORDS)), draw.randint(1890, 2010)
    return "/api/v1" + draw.choice(
        (
            f"/search?q={word}", f"/search?q={word}&period={year}", f"/search?q={word}&limit=50",
            f"/kwic?q={word}&limit=100", f"/articles/{draw.choice(ids)}", f"/articles/{draw.choice(ids)}/dates",
            f"/suggest?q={word}", f"/period?text={year}", "/collections",
        )
    )  # fmt: skip


def ask(site: str, secret: str, ids: list[str], number: int, end: float, waits: list[float], bad: list[str]) -> None:
    """One program, until the end."""
    draw = random.Random(number)
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
    while time.perf_counter() < end:
        path, begun = address(draw, ids), time.perf_counter()
        connection.request("GET", path, headers={"Authorization": f"Bearer {secret}"})
        answer = connection.getresponse()
        answer.read()
        waits.append(time.perf_counter() - begun)
        if answer.status != 200:
            bad.append(f"{answer.status} {path}")
    connection.close()


def main() -> int:
    """Ask, and say how it went; 1 where an answer was not 200."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("--askers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    asked = parser.parse_args()
    with Library.open(asked.library) as library:
        session = library.session(Actor.local())
        ids = [one.id for one in session.listing(limit=1_000)]
        _, secret = session.tokens.make("速度", [Scope.READ])
        app = create_app(library, locked=True)
        rates.attach(app, 10**9)
        with served(app) as site:
            for warm in (True, False):
                waits: list[float] = []
                bad: list[str] = []
                processor, begun = time.process_time(), time.perf_counter()
                end = begun + (3 if warm else asked.seconds)
                several = [
                    threading.Thread(target=ask, args=(site, secret, ids, number, end, waits, bad))
                    for number in range(asked.askers)
                ]
                for one in several:
                    one.start()
                for one in several:
                    one.join()
                took, used = time.perf_counter() - begun, time.process_time() - processor
    waits.sort()
    print(
        f"{asked.askers} askers: {len(waits) / took:.0f} a second, median {statistics.median(waits) * 1000:.0f} ms, "
        f"p99 {waits[int(len(waits) * 0.99)] * 1000:.0f} ms, {used / len(waits) * 1000:.1f} ms of processor time each"
    )
    for each in bad[:10]:
        print(each)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

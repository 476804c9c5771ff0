"""What each kind of page costs: milliseconds of processor time in one process, without a server.

    python tests/bench/page_cost.py LIBRARY          # one made by table.py --keep

To compare two states of the program, run both in turn on copies of one library: a busy machine is never alike.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from readers import _WORDS, addresses

from archive.library import Library
from archive.model.access import Actor
from web.app import create_app

ASKED = 24


def kinds(articles: list[str], draw: random.Random) -> dict[str, Callable[[], str]]:
    """The address of a page of each kind, another one each time."""

    def word() -> str:
        return quote(draw.choice(_WORDS))

    return {
        "front page": lambda: "/",
        "page of hits": lambda: f"/?q={word()}",
        "later page of hits": lambda: f"/?q={word()}&page={draw.randint(2, 9)}",
        "text": lambda: f"/article/{draw.choice(articles)}",
        "text with words marked": lambda: f"/article/{draw.choice(articles)}?q={word()}",
        "suggestion": lambda: f"/api/v1/suggest?q={word()}",
        "contents of a collection": lambda: "/collection/news",
        "mixed": lambda: addresses(draw),
    }


def main() -> None:
    """See the module."""
    draw = random.Random(5)
    with Library.open(Path(sys.argv[1])) as library:
        client = create_app(library).test_client()
        articles = [one.id for one in library.session(Actor.local()).listing(limit=1000)]
        for name, address in kinds(articles, draw).items():
            spent = []
            for number in range(3 + ASKED):
                page, started = address(), time.process_time()
                answer = client.get(page, headers={"Accept-Encoding": "gzip"})
                if answer.status_code != 200:
                    sys.exit(f"{page}: {answer.status_code}")
                if number >= 3:
                    spent.append((time.process_time() - started) * 1000)
            print(f"| {name} | {statistics.median(spent):.1f} / {max(spent):.0f} |", flush=True)


if __name__ == "__main__":
    main()

"""What Zotero takes from a text's page, asked of its own translation server.

    python tests/bench/zotero.py LIBRARY [--server http://127.0.0.1:1969] [--count 20]

The server (github.com/zotero/translation-server, AGPL, a program of its own) must run on this machine. The texts of the
library are served as in a reading room; each is taken once by its translator for embedded metadata and held against
what the library knows: title, authors, the volume, pages, year. Exits 1 where one differs.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from archive.library import Library
from archive.model.accounts import public_reader
from archive.model.records import Article, Collection
from tests.web.browser import served
from web.base import rates
from web.edition.lists import text_page
from web.edition.publishing import Wanted
from web.edition.reading_room import ReadingRoom, create_room
from web.reading.citation_data import citation_tags


def taken(server: str, page: str) -> dict[str, object]:
    """The entry that the server makes of a page."""
    asked = urllib.request.Request(f"{server}/web", page.encode(), {"Content-Type": "text/plain"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        found: list[dict[str, object]] = json.load(answer)
    return found[0]


def differing(entry: dict[str, object], article: Article, collection: Collection) -> Iterator[str]:
    """What is not as the library has it."""
    tags = citation_tags(article, collection)
    told: dict[str, str] = dict(tags)
    creators = entry.get("creators", [])
    assert isinstance(creators, list)
    names = [one.get("name") or one.get("lastName", "") + one.get("firstName", "") for one in creators]
    pages = "-".join(told[name] for name in ("citation_firstpage", "citation_lastpage") if name in told)
    year = re.match(r"-?\d+", told.get("citation_publication_date", ""))
    for name, is_, wanted in (
        ("type", entry.get("itemType"), "bookSection"),
        ("title", entry.get("title"), " ".join(told["citation_title"].split())),  # Zotero's blanks are narrow ones
        ("authors", names, [content for name, content in tags if name == "citation_author"]),
        ("book", entry.get("bookTitle"), collection.title),
        ("volume", entry.get("volume", ""), told.get("citation_volume", "")),
        ("pages", entry.get("pages", ""), pages),
        ("year", str(entry.get("date", ""))[: len(year[0]) if year else None], year[0] if year else ""),
    ):
        if is_ != wanted:
            yield f"{name}: {is_!r} for {wanted!r}"


def main() -> int:
    """Take some, and say what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("--server", default="http://127.0.0.1:1969")
    parser.add_argument("--count", type=int, default=20)
    asked = parser.parse_args()
    with Library.open(asked.library) as library, tempfile.TemporaryDirectory(prefix="wenshi-site-") as folder:
        ReadingRoom(library, Path(folder), Wanted(title="文史资料", forms=(), served=True)).renew()
        app = create_room(Path(folder), library)
        rates.attach(app, 10**9)
        session = library.session(public_reader())
        articles = list(session.articles())
        chosen = articles[:: max(1, len(articles) // asked.count)][: asked.count]
        known = {one.id: one for one in session.collections()}
        wrong = 0
        with served(app) as address:
            for article in chosen:
                entry = taken(asked.server, f"{address}/{text_page(article.id)}")
                told = list(differing(entry, article, known[article.collection]))
                wrong += bool(told)
                for each in told:
                    print(f"{article.id} {article.title}: {each}")
        print(f"{len(chosen)} taken, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

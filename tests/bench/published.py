"""A reading edition of one volume: python tests/bench/published.py [--texts 78] [--characters 460000] [--queries 60].

The volume is made of the news of the shared data (see corpus.py), joined to texts of one length. Printed are processor
seconds and bytes of `wenshi publish` without books, for a first time and again; what a phone loads and how soon it
paints and finds, in headless Chromium with a processor four times slower and 1.6 Mbit/s with 150 ms a round trip, cold
each time; and whether each search finds the places that the library finds. On a machine with Chromium.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import platform
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from corpus import records
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import public_reader
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.session import Session
from tests.web.browser import chromium, sized, wait
from web.edition.publishing import Wanted, publish
from web.edition.site_folder import SiteFolder

LATENCY, BYTES_A_SECOND, SLOWER = 150, 1_600_000 // 8, 4
_PAINT = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_LOADED = (
    "return performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
    ".reduce((sum, each) => sum + each.transferSize, 0)"
)
_FIND = (
    "const [asked, done] = arguments, begun = performance.now(); "
    "wenshi.find(asked).then((found) => done([performance.now() - begun, found.length,"
    " found.reduce((sum, each) => sum + each.places.length, 0)]))"
)
_TYPED = (
    "const [asked, done] = arguments, begun = performance.now(); "
    "wenshi.find(asked).then(() => done(performance.now() - begun))"
)


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files without a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is told."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=78)
    parser.add_argument("--characters", type=int, default=460_000)
    parser.add_argument("--queries", type=int, default=60)
    asked = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        with Library.create(folder / "library") as library:
            fill(library, asked.texts, asked.characters, folder)
            session = library.session(public_reader())
            for turn in ("first", "again"):
                begun = time.process_time()
                made = publish(session, session.collections(), Wanted(forms=()), SiteFolder(folder / "site"))
                seconds = time.process_time() - begun
                print(
                    f"{turn}: {made.texts} texts, {made.characters:,} characters, {seconds:.1f} s, "
                    f"{made.bytes:,} bytes in {made.files} files, {made.written} written"
                )
            parts = [file.stat().st_size for file in (folder / "site" / "search").iterdir()]
            print(f"index: {sum(parts):,} bytes in {len(parts)} files, largest {max(parts):,}")
            with served(folder / "site") as address, chromium(folder / "profile") as browser:
                on_a_phone(browser, address, session, asked.queries)


def fill(library: Library, texts: int, characters: int, folder: Path) -> None:
    """One volume of so many texts of about one length."""
    session = library.session(Actor.local())
    session.save_collection(Collection("volume", "文史资料选辑"))
    each, paragraphs, articles = characters // texts, list[str](), list[Article]()
    for record in records(characters + characters // 10):
        paragraphs += record["text"].split("\n")
        if sum(map(len, paragraphs)) >= each and len(articles) < texts:
            blocks = (
                Block.plain(Kind.TITLE, record["title"]),
                *(Block.plain(Kind.PARAGRAPH, text) for text in paragraphs if text),
            )
            articles.append(Article(collection="volume", blocks=blocks, number=len(articles) + 1))
            paragraphs.clear()
    source = folder / "volume.txt"
    source.write_text("volume", encoding="utf-8")
    session.add(source, source.name, articles, [])


class served:
    """A folder at an address of this machine while the block runs."""

    def __init__(self, folder: Path) -> None:
        handler = functools.partial(Quiet, directory=str(folder))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}/"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def on_a_phone(browser: Chrome, address: str, session: Session, queries: int) -> None:
    """Slow down, then open pages and search."""
    sized(browser, 390, 844)
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    network = {
        "offline": False,
        "latency": LATENCY,
        "downloadThroughput": BYTES_A_SECOND,
        "uploadThroughput": BYTES_A_SECOND,
    }
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", network)
    longest = max(session.listing("volume"), key=lambda entry: entry.characters)
    for name, path in (("contents", "index.html"), ("text", f"texts/{longest.id}.html"), ("search", "find.html")):
        paints, loaded = [], 0
        for _ in range(5):
            cold(browser)
            browser.get(address + path)
            wait(browser, lambda: browser.execute_script(_PAINT))
            paints.append(float(browser.execute_script(_PAINT)))
            loaded = int(browser.execute_script(_LOADED))
        print(f"{name}: first paint {statistics.median(paints):.0f} ms (median of 5), {loaded:,} bytes")
    search(browser, address, session, list(drawn(session, queries)))


def cold(browser: Chrome) -> None:
    """Nothing is kept of what was loaded before."""
    browser.execute_cdp_cmd("Network.clearBrowserCache", {})
    browser.execute_cdp_cmd(
        "Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "service_workers,cache_storage"}
    )


def drawn(session: Session, queries: int) -> Iterator[str]:
    """Strings of one to eight characters out of the texts."""
    chance = random.Random(1)
    texts = [block.text for article in session.articles() for block in article.blocks if len(block.text) > 20]
    while queries:
        text = chance.choice(texts)
        start = chance.randrange(len(text) - 8)
        cut = text[start : start + chance.choice((1, 2, 2, 3, 4, 6, 8))]
        if cut.isalnum():
            queries -= 1
            yield cut


def search(browser: Chrome, address: str, session: Session, asked: list[str]) -> None:
    """Each question as a page from nothing, again once its lists are there, and typed into a page that has none yet."""
    wrong, finding, whole, typed, loaded = 0, [], [], [], []
    for each in asked:
        cold(browser)
        browser.get(f"{address}find.html?q={quote(each)}")
        wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#found[data-ready]"))
        whole.append(float(browser.execute_script("return performance.now()")))
        loaded.append(int(browser.execute_script(_LOADED)))
        milliseconds, texts, places = browser.execute_async_script(_FIND, each)
        finding.append(float(milliseconds))
        found = session.search(Search(text=each), limit=1000)
        expected = sum(
            len(spans)
            for hit in found.hits
            for spans in session.places(session.article(hit.article), Search(text=each)).values()
        )
        wrong += (texts, places) != (found.total, expected)
        cold(browser)
        browser.get(f"{address}find.html?q=㐀")  # which has the directory loaded, and one list
        wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#found[data-ready]"))
        typed.append(float(browser.execute_async_script(_TYPED, each)))
    for name, values in (
        ("page of hits from nothing", whole),
        ("typed into an open page, places found", typed),
        ("again once its lists are there", finding),
    ):
        print(f"{name}: {statistics.median(values):.0f} ms, p99 {sorted(values)[int(len(values) * 0.99)]:.0f} ms")
    print(f"loaded for a page of hits: {statistics.median(loaded):,.0f} bytes, at most {max(loaded):,}")
    print(f"wrong numbers: {wrong} of {len(asked)}")


if __name__ == "__main__":
    main()

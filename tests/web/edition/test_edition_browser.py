"""The pages of an edition in a browser: opened from a folder, and kept for reading without a connection."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from archive.library import Library
from archive.model.accounts import public_reader
from archive.model.search import Search
from tests.web.accessibility import faults
from tests.web.browser import WIDTHS, chromium, needs_browser, sized, wait
from web.edition.publishing import Wanted, publish
from web.edition.site_folder import SiteFolder

pytestmark = needs_browser

_COUNTS = """
const [asked, done] = arguments;
(async () => {
  const told = [];
  for (const each of asked) {
    const found = await wenshi.find(each);
    told.push(Object.fromEntries(found.map(({ text, places }) => [wenshi.text(text)[0], places])));
  }
  return told;
})().then(done, (failure) => done(String(failure)));
"""


@pytest.fixture(scope="module")
def site(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edition") / "site"
    session = library.session(public_reader())
    publish(session, session.collections(), Wanted(title="清水文史", forms=()), SiteFolder(folder))
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


def questions(library: Library) -> list[str]:
    """Strings out of the texts, long and short, in other forms, and some that stand nowhere."""
    chance = random.Random(20)
    texts = [block.text for article in library.session(public_reader()).articles() for block in article.blocks]
    cut = []
    for _ in range(60):
        text = chance.choice(texts)
        start = chance.randrange(len(text))
        cut.append(text[start : start + chance.choice((1, 1, 2, 2, 3, 5, 9))])
    plain = [each for each in cut if each.isalnum()]
    return [*plain, "水車", "１９５８年", "水车 治沙", "水车 治沙 没有的词", "人人", "不在这里", "天车", "h2o"]


def test_search_in_the_browser_finds_what_the_library_finds(browser: Chrome, site: Path, library: Library):
    session = library.session(public_reader())
    asked = questions(library)
    browser.get((site / "find.html").as_uri())
    browser.set_script_timeout(60)
    told = browser.execute_async_script(_COUNTS, asked)
    assert isinstance(told, list), told
    assert sum(map(bool, told)) > 30
    for text, found in zip(asked, told, strict=True):
        search = Search(text=text)
        hits = {hit.article for hit in session.search(search, limit=100).hits}
        assert set(found) == hits, text
        for article_id in hits:
            places = session.places(session.article(article_id), search)
            spans = [[block, *span] for block, each in sorted(places.items()) for span in each]
            assert found[article_id] == spans, (text, article_id)


def test_a_hit_leads_to_its_marked_place(browser: Chrome, site: Path):
    browser.get(f"{(site / 'find.html').as_uri()}?q={quote('治沙的办法')}")
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".texts-found p a"))
    browser.find_element(By.CSS_SELECTOR, ".texts-found p a").click()
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "mark.hit.here"))
    assert "".join(each.text for each in browser.find_elements(By.CSS_SELECTOR, "mark.hit")) == "治沙的办法"
    assert "1 处" in browser.find_element(By.CSS_SELECTOR, "#found").text


@pytest.mark.parametrize(("width", "height"), WIDTHS.values(), ids=WIDTHS)
def test_nobody_is_kept_out(browser: Chrome, site: Path, width: int, height: int):
    text = max((site / "texts").glob("*.html"), key=lambda page: page.stat().st_size)
    sized(browser, width, height)
    found = {}
    for page in ("index.html", f"find.html?q={quote('水车')}", "years.html", "years/1950.html", f"texts/{text.name}"):
        browser.get(f"{site.as_uri()}/{page}")
        if "find" in page:
            wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#found[data-ready]"))
        if told := faults(browser, width):
            found[page] = told
    assert not found


def test_what_was_kept_is_read_without_a_connection(browser: Chrome, site: Path):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/"
        browser.get(address + "index.html")
        button = browser.find_element(By.CSS_SELECTOR, "#keep button")
        wait(browser, button.is_displayed)
        button.click()
        wait(browser, lambda: "存好了" in browser.find_element(By.CSS_SELECTOR, "#keep [role=status]").text)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    browser.get(f"{address}find.html?q={quote('水车')}")
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".texts-found li"))
    box = browser.find_element(By.ID, "q")  # the next question is answered on the same page
    box.clear()
    box.send_keys("没有的词", Keys.ENTER)
    wait(browser, lambda: "没有“没有的词”" in browser.find_element(By.ID, "told").text)
    browser.back()
    wait(browser, lambda: "篇" in browser.find_element(By.ID, "told").text)
    browser.get(address)
    assert "清水文史" in browser.find_element(By.TAG_NAME, "h1").text

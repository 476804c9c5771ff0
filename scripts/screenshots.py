"""Photograph the pages: those of the documents anew, or every kind of page to be looked at.

    .venv/bin/python scripts/screenshots.py              # docs/images/*.png that show pages
    .venv/bin/python scripts/screenshots.py --look DIR   # every page at desk and phone width, dark, without JavaScript

The pages are those of the sample library, in headless Chromium (`make tests` installs it), so that everybody gets the
same pictures from the same version. pdf-pages.png is made by book_sheets.py; word.png shows a book in Word and is
made by hand.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from archive.library import Library
from archive.model.access import Actor
from web.app import create_app
from web.cli.demo import build
from web.cli.server import bind

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-default-apps", "--disable-sync", "--no-first-run", "--force-prefers-reduced-motion",
    "--hide-scrollbars",
)  # fmt: skip
DESK, PHONE = (1280, 900), (390, 844)
HIT = "/?q=" + quote("水车 黄河")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--look", type=Path, metavar="DIR")
    options.add_argument("--only", default="", help="only pages whose name holds this")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, build(Path(folder) / "library") as library, served(library) as site:
        if given.look is None:
            documents(library, site)
        else:
            given.look.mkdir(parents=True, exist_ok=True)
            look(library, site, given.look, given.only)


# -- the pictures of the documents


def documents(library: Library, site: str) -> None:
    """The pictures of docs/images, each of its own size."""
    session = library.session(Actor.local())
    found = session.search(_words("水车 黄河")).hits[0].article
    book = session.books.names()[0]
    with browser() as driver:
        picture(driver, site + "/", IMAGES / "home.png", (1280, 1100))
        picture(driver, site + HIT, IMAGES / "search.png")
        picture(driver, site + "/?q=" + quote("水车") + "&period=" + quote("光绪年间"), IMAGES / "periods.png")
        reading = f"{site}/article/{found}?q={quote('水车 黄河')}"
        picture(driver, reading, IMAGES / "reading.png")
        picture(driver, reading, IMAGES / "phone.png", PHONE, scale=2)
        picture(driver, f"{site}/article/{found}", IMAGES / "correcting.png", then=correcting)
        picture(driver, f"{site}/books/{quote(book)}", IMAGES / "book.png", (1280, 980))


def correcting(driver: Chrome) -> None:
    """Open the form on the third paragraph and show what would change."""
    block = driver.find_elements(By.CSS_SELECTOR, "article p.block .amend[href*='/edit/']")[3]
    driver.execute_script("arguments[0].click()", block)
    area = WebDriverWait(driver, 10).until(lambda page: page.find_element(By.CSS_SELECTOR, "form.correct textarea"))
    text = area.get_attribute("value") or ""
    area.clear()
    area.send_keys(text.replace("，", "、", 1) + "（据手稿补）")
    driver.execute_script("arguments[0].click()", driver.find_element(By.CSS_SELECTOR, "button[value=preview]"))
    WebDriverWait(driver, 10).until(lambda page: page.find_elements(By.CSS_SELECTOR, ".preview"))
    driver.execute_script("document.querySelector('form.correct').scrollIntoView({block: 'center'})")


# -- every page, to be looked at


def look(library: Library, site: str, folder: Path, only: str) -> None:
    """Every page at four settings; the name of a picture says which."""
    pages = {name: address for name, address in addresses(library).items() if only in name}
    settings = (("desk", DESK, "light", True), ("phone", PHONE, "light", True), ("dark", DESK, "dark", True),
                ("plain", DESK, "light", False))  # fmt: skip
    for setting, size, scheme, scripted in settings:
        with browser(scripted=scripted) as driver:
            features = [{"name": "prefers-color-scheme", "value": scheme}]
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
            for name, address in pages.items():
                picture(driver, site + address, folder / f"{name}-{setting}.png", size, whole=True)
    with browser() as driver:
        for name in ("search", "reading", "replace"):
            if name in pages:
                driver.get(site + pages[name])
                printed = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})
                (folder / f"{name}.pdf").write_bytes(base64.b64decode(printed["data"]))


def addresses(library: Library) -> dict[str, str]:
    """The pages by a name for their pictures."""
    session = library.session(Actor.local())
    collections = {each.kind: each.id for each in session.collections()}
    found = session.search(_words("水车 黄河")).hits[0].article
    book = quote(session.books.names()[0])
    item = next(iter(session.books.project(session.books.names()[0]).items)).article
    volume = collections.get("volume", next(iter(collections.values())))
    return {
        "home": "/",
        "search": HIT,
        "concordance": "/concordance?q=" + quote("水车") + "&key=right5&step=" + quote("-right2:黄"),
        "groups": "/concordance/groups?q=" + quote("水车") + "&by=right2&by=decade",
        "nothing": "/?q=" + quote("没有这样的话"),
        "reading": f"/article/{found}?q={quote('水车')}",
        "amending": f"/article/{found}?amend=1",
        "correct": f"/article/{found}/edit/2",
        "authors": f"/article/{found}/edit/authors",
        "history": f"/article/{found}/history",
        "fields": f"/article/{found}/fields",
        "collections": "/collections",
        "contents": f"/collection/{volume}",
        "chronicle": f"/collection/{collections.get('chronicle', volume)}",
        "intake": "/intake",
        "books": "/books",
        "book": f"/books/{book}",
        "book-item": f"/books/{book}/text/{item}",
        "book-output": f"/books/{book}/output",
        "add": f"/add-to-book?id={found}",
        "replace": f"/replace?collection={volume}&words={quote('水车')}&folded=1",
        "manage": "/manage",
        "manage-collections": "/manage/collections",
        "names": "/manage/names",
        "periods": "/manage/periods",
        "jobs": "/jobs",
        "help": "/help",
        "error": "/nowhere",
    }


# -- inner workings


def _words(text: str):  # type: ignore[no-untyped-def]
    from archive.model.search import Search

    return Search(text=text)


def picture(
    driver: Chrome,
    address: str,
    file: Path,
    size: tuple[int, int] = DESK,
    *,
    scale: int = 1,
    whole: bool = False,
    then: Callable[[Chrome], None] | None = None,
) -> None:
    """Photograph a page; `whole` to its end, but at most five screens."""
    width, height = size
    metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.get(address)
    if then:
        then(driver)
    if whole:
        full = int(driver.execute_script("return document.documentElement.scrollHeight"))
        metrics["height"] = min(max(full, height), 5 * height)
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    taken = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    file.write_bytes(base64.b64decode(taken["data"]))
    print(file)


@contextmanager
def browser(*, scripted: bool = True) -> Iterator[Chrome]:
    """Headless Chromium; without JavaScript where that is asked for."""
    binary = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver_file = shutil.which("chromedriver")
    if not binary or not driver_file:
        raise SystemExit("chromium and chromedriver are not installed (apt install chromium chromium-driver)")
    options = ChromeOptions()
    options.binary_location = binary
    for argument in ARGUMENTS:
        options.add_argument(argument)
    if not scripted:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    driver = Chrome(options=options, service=Service(driver_file))
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def served(library: Library) -> Iterator[str]:
    """The library on a free port."""
    server = bind(create_app(library), port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.address.rstrip("/")
    finally:
        server.close()
        thread.join(10)


if __name__ == "__main__":
    main()

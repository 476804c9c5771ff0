"""Looking after a library in a real browser, on a desk and on a phone."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.common.exceptions import WebDriverException  # of a page that is being replaced
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from archive.library import Library
from archive.model.access import Actor
from web.app import create_app
from web.cli.server import bind

LOCAL = Actor.local()
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not installed")
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


@pytest.fixture(params=[1280, 390])
def driver(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (*QUIET, "--disable-component-update", f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(argument)
    opened = Chrome(options=options, service=Service(DRIVER))
    metrics = {"width": request.param, "height": 900, "deviceScaleFactor": 1, "mobile": request.param < 500}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    yield opened
    opened.quit()


@pytest.fixture
def site(library: Library) -> Iterator[str]:
    server = bind(create_app(library), port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.address.rstrip("/")
    server.close()
    thread.join(10)


def test_collections_backup_and_help(driver: Chrome, site: str, library: Library) -> None:
    def wait(ready: Callable[[], object]) -> None:
        WebDriverWait(driver, 20, 0.05, (WebDriverException,)).until(lambda _: ready())

    def press(words: str) -> None:
        (button,) = (each for each in driver.find_elements(By.TAG_NAME, "button") if each.text == words)
        driver.execute_script("arguments[0].click()", button)

    def fits() -> bool:
        return bool(driver.execute_script("return document.documentElement.scrollWidth <= innerWidth"))

    driver.get(site)
    assert fits()
    driver.get(f"{site}/manage")
    assert fits()
    press("现在备份")
    wait(lambda: "备份做好了" in driver.title)
    driver.get(f"{site}/manage/collections/annals")
    assert fits()
    driver.execute_script("window.confirm = () => true")
    Select(driver.find_element(By.ID, "merge-to")).select_by_index(1)
    press("合并")
    wait(lambda: "合并文集" in driver.page_source)
    assert [each.id for each in library.session(LOCAL).collections()] == ["volume3"]
    driver.get(f"{site}/manage/changes")
    driver.find_element(By.CSS_SELECTOR, ".works button").click()
    wait(lambda: "恢复原样" in driver.page_source)
    assert len(library.session(LOCAL).collections()) == 2
    driver.get(f"{site}/help?q=备份")
    driver.find_element(By.CSS_SELECTOR, ".works a").click()
    wait(lambda: driver.find_elements(By.CSS_SELECTOR, ".manual"))
    assert fits()

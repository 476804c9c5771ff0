"""Looking after a library in a real browser, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from archive.library import Library
from archive.model.access import Actor
from tests.web.browser import chromium, needs_browser, served, sized, wait
from web.app import create_app

LOCAL = Actor.local()
pytestmark = needs_browser


@pytest.fixture(params=[1280, 390])
def driver(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Chrome]:
    with chromium(tmp_path / "profile") as opened:
        yield sized(opened, request.param)


@pytest.fixture
def site(library: Library) -> Iterator[str]:
    with served(create_app(library)) as address:
        yield address


def test_collections_backup_and_help(driver: Chrome, site: str, library: Library) -> None:
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
    wait(driver, lambda: "备份做好了" in driver.title)
    driver.get(f"{site}/manage/collections/annals")
    assert fits()
    driver.execute_script("window.confirm = () => true")
    Select(driver.find_element(By.ID, "merge-to")).select_by_index(1)
    press("合并")
    wait(driver, lambda: "合并文集" in driver.page_source)
    assert [each.id for each in library.session(LOCAL).collections()] == ["volume3"]
    driver.get(f"{site}/manage/changes")
    driver.find_element(By.CSS_SELECTOR, ".works button").click()
    wait(driver, lambda: "恢复原样" in driver.page_source)
    assert len(library.session(LOCAL).collections()) == 2
    driver.get(f"{site}/help?q=备份")
    driver.find_element(By.CSS_SELECTOR, ".works a").click()
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".manual"))
    assert fits()

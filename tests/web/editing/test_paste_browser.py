"""What Word copies, pasted into a form by the clipboard and the keys that people use: text comes, nothing runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Kind
from tests.web.browser import WIDTHS, chromium, needs_browser, served, sized, wait
from tests.web.editing import word_clipboard
from web.app import create_app

LOCAL = Actor.local()
pytestmark = needs_browser
# The web's own way of filling the clipboard cleans HTML; what a program puts there is not clean.
CLIPBOARD = """
const [html, text] = arguments;
window.held = "";
document.addEventListener("copy", (event) => {
  event.clipboardData.setData("text/html", html);
  event.clipboardData.setData("text/plain", text);
  event.preventDefault();
}, { once: true });
document.addEventListener("paste", (event) => (window.held = event.clipboardData.getData("text/html")), { once: true });
"""
PASTED = (
    "水车在1956年5月3日修好，日夜不停。",
    "工钱另算。",
    "·\t先扎边；",
    "·\t后扎心。",
    "年份\t亩数",
    "1958年\t三百<script>document.title=1</script>",
)


@pytest.fixture(scope="module")
def site(library: Library) -> Iterator[str]:
    with served(create_app(library)) as address:
        yield address


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("browser")) as driver:
        yield driver


@pytest.fixture(params=WIDTHS)
def browser(request: pytest.FixtureRequest, chrome: Chrome) -> Chrome:
    return sized(chrome, *WIDTHS[request.param])


@pytest.fixture
def article(library: Library) -> Article:
    """The long article, its text as it came in."""
    session = library.session(LOCAL)
    found = next(each for each in session.articles("volume3") if each.number == 1)
    return session.corrections.restore(found.id, 1, "")


def paste(driver: Chrome, field: WebElement) -> None:
    """Copy what Word copies and paste it in place of all that stands in a field, by the keys for it."""
    driver.execute_script(CLIPBOARD, word_clipboard.HTML, word_clipboard.TEXT)
    field.click()
    for key in "acv":
        ActionChains(driver).key_down(Keys.CONTROL).send_keys(key).key_up(Keys.CONTROL).perform()
    wait(driver, lambda: driver.execute_script("return window.held"), why="nothing pasted")
    held = driver.execute_script("return window.held")
    assert "mso-list" in held and "<script>" in held  # it was offered all of it


def save(driver: Chrome) -> None:
    button = driver.find_element(By.CSS_SELECTOR, 'form.correct button[value="save"]')
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    wait(driver, lambda: "已保存" in driver.find_element(By.CSS_SELECTOR, ".saved").text)


def test_paragraphs_come_as_paragraphs_and_nothing_else(
    browser: Chrome, site: str, library: Library, article: Article
) -> None:
    browser.get(f"{site}/article/{article.id}?amend=1")
    link = browser.find_element(By.CSS_SELECTOR, "#b4 .amend")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", link)
    link.click()
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "form.correct.in-place"))
    paste(browser, browser.find_element(By.CSS_SELECTOR, "form.correct textarea[name=text]"))
    save(browser)
    assert browser.title.startswith("清水县水车与治沙旧事")
    blocks = library.session(LOCAL).article(article.id).blocks
    assert tuple(block.text for block in blocks[4:10]) == PASTED
    assert all(block.kind is Kind.PARAGRAPH and all(not run.style for run in block.runs) for block in blocks[4:10])


def test_a_title_stays_one_line(browser: Chrome, site: str, library: Library, article: Article) -> None:
    browser.get(f"{site}/article/{article.id}/edit/0")
    paste(browser, browser.find_element(By.CSS_SELECTOR, "form.correct textarea[name=text]"))
    save(browser)
    title = library.session(LOCAL).article(article.id).title
    assert title == " ".join(PASTED)
    assert browser.title == f"{title} · 文史".replace("\t", " ")


def test_what_goes_into_a_cell_stays_in_it(browser: Chrome, site: str, library: Library, article: Article) -> None:
    browser.get(f"{site}/article/{article.id}/edit/14")
    paste(browser, browser.find_element(By.CSS_SELECTOR, "form.correct textarea[name=text]"))
    save(browser)
    blocks = library.session(LOCAL).article(article.id).blocks
    assert tuple(block.text for block in blocks[14:20]) == PASTED
    assert {block.cell for block in blocks[14:20]} == {article.blocks[14].cell} != {None}
    assert blocks[20:] == article.blocks[15:]

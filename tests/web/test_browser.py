"""The pages in a real browser: with JavaScript, without it, and at the width of a phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import docx
import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from archive.library import Library
from archive.model.access import Actor
from tests.web.browser import WIDTHS, chromium, needs_browser, served, sized, wait
from web.app import create_app

LOCAL = Actor.local()

pytestmark = needs_browser


@pytest.fixture(scope="module")
def site(library: Library) -> Iterator[str]:
    """The address of a running server, without its final slash."""
    with served(create_app(library)) as address:
        yield address


@contextmanager
def open_browser(folder: Path, *, scripts: bool = True) -> Iterator[Chrome]:
    """A browser that keeps its downloads in the folder and notes what it asks for."""
    downloads = folder / "downloads"
    downloads.mkdir()
    preferences = {"download.default_directory": str(downloads)}
    logs = {"performance": "ALL", "browser": "ALL"}
    with chromium(folder / "profile", scripts=scripts, preferences=preferences, logs=logs) as driver:
        driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})
        yield driver


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with open_browser(tmp_path_factory.mktemp("browser")) as driver:
        yield driver


@pytest.fixture(scope="module")
def plain_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser in which JavaScript is switched off."""
    with open_browser(tmp_path_factory.mktemp("plain"), scripts=False) as driver:
        yield driver


def phone(driver: Chrome) -> None:
    metrics = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def one(driver: Chrome, selector: str) -> WebElement:
    return driver.find_element(By.CSS_SELECTOR, selector)


def in_view(driver: Chrome, element: WebElement) -> bool:
    """Whether the element stands within the window."""
    box = element.rect
    # The rectangle of a W3C element is relative to the page, so the scroll offset has to come off.
    scrolled = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssVisualViewport"]
    top = box["y"] - scrolled["pageY"]
    return bool(top >= 0 and top + box["height"] <= scrolled["clientHeight"])


def shown_place(driver: Chrome) -> str:
    """What the bar between the places says, e.g. 第 2 / 9 处; "" when no bar is shown."""
    return "".join(bar.text for bar in driver.find_elements(By.CSS_SELECTOR, ".hop") if bar.is_displayed())


def article_id(library: Library) -> str:
    return next(each.id for each in library.session(LOCAL).articles("volume3") if each.number == 1)


def search_and_open(driver: Chrome, site: str, words: str) -> None:
    """Type a query on the first page and open the first paragraph found."""
    driver.get(site + "/")
    box = one(driver, "#q")
    box.send_keys(words, Keys.ENTER)
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".passage mark"))
    one(driver, ".passage a").click()
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "mark.hit"))


def gathered(driver: Chrome, name: str) -> None:
    """Press the button of the reading page for the first time, name the new book, and come back to the page."""
    before = driver.current_url.partition("#")[0]
    one(driver, ".desk .choose button").click()
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "#name"))
    one(driver, "#name").send_keys(name, Keys.ENTER)
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".badge"))
    assert driver.current_url.partition("#")[0] == before
    assert one(driver, "#book-link .badge").text == "1"
    assert "在书稿里" in one(driver, ".desk .choose button").text


def exported(driver: Chrome, downloads: Path) -> Path:
    """From the book's page to its Word file: wait for the whole file."""
    driver.find_element(By.LINK_TEXT, "导出与付印").click()
    one(driver, 'button[value="docx"]').click()
    wait(driver, lambda: driver.find_elements(By.PARTIAL_LINK_TEXT, ".docx"), 120)
    driver.find_element(By.PARTIAL_LINK_TEXT, ".docx").click()
    wait(driver, lambda: list(downloads.glob("*.docx")))
    return next(downloads.glob("*.docx"))


def downloads_of(driver: Chrome) -> Path:
    return Path(driver.capabilities["chrome"]["userDataDir"]).parent / "downloads"


def test_from_a_question_to_a_book(browser: Chrome, site: str) -> None:
    search_and_open(browser, site, "治沙")
    asked = parse_qs(urlsplit(browser.current_url).query, keep_blank_values=True)
    assert asked.keys() == {"block", "q"}, "empty fields stay out of the address"
    assert urlsplit(browser.current_url).fragment.startswith("b")
    wait(browser, lambda: in_view(browser, one(browser, "mark.hit.here")))
    before = shown_place(browser)

    body = one(browser, "body")
    body.send_keys("n")
    wait(browser, lambda: shown_place(browser) != before)
    second = shown_place(browser)
    wait(browser, lambda: in_view(browser, one(browser, "mark.hit.here")))
    body.send_keys("p")
    wait(browser, lambda: shown_place(browser) == before)
    one(browser, ".hop.here a[rel=next]").click()
    wait(browser, lambda: shown_place(browser) == second)

    gathered(browser, "治沙旧事")
    one(browser, ".desk .choose button").click()  # out again, and in again, without leaving the place
    count = "return document.querySelector('#book-link .badge').textContent"
    wait(browser, lambda: browser.execute_script(count) == "0")
    one(browser, ".desk .choose button").click()
    wait(browser, lambda: browser.execute_script(count) == "1")
    one(browser, "#book-link").click()
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".items li[data-at]"))
    file = exported(browser, downloads_of(browser))
    assert file.name == "治沙旧事.docx"
    assert "参加治沙的有四百多人" in "\n".join(each.text for each in docx.Document(str(file)).paragraphs)


def test_the_same_without_javascript(plain_browser: Chrome, site: str) -> None:
    driver = plain_browser
    search_and_open(driver, site, "治沙")
    assert not driver.find_elements(By.CSS_SELECTOR, "html.js")
    assert shown_place(driver).startswith("上一处")  # the paragraph in the address shows its own place
    driver.execute_script("scrollTo(0, 0)")
    one(driver, ".first-hit").click()
    wait(driver, lambda: "第 1 /" in shown_place(driver))
    one(driver, "mark:target + .hop a[rel=next]").click()
    wait(driver, lambda: "第 2 /" in shown_place(driver))
    assert in_view(driver, one(driver, "mark:target"))

    gathered(driver, "治沙旧事二")
    one(driver, "#book-link").click()
    file = exported(driver, downloads_of(driver))
    assert docx.Document(str(file)).paragraphs


def test_facets_and_pages_without_javascript(plain_browser: Chrome, site: str) -> None:
    plain_browser.get(site + "/?q=" + quote("水车"))
    plain_browser.find_element(By.PARTIAL_LINK_TEXT, "人物春秋").click()
    wait(plain_browser, lambda: one(plain_browser, "#count").text == "共 10 篇、10 处")
    one(plain_browser, ".chips a").click()
    wait(plain_browser, lambda: one(plain_browser, "#count").text != "共 10 篇、10 处")
    plain_browser.find_element(By.LINK_TEXT, "下一页").click()
    wait(plain_browser, lambda: one(plain_browser, ".hits").get_attribute("start") == "21")


def test_a_permalink_shows_its_paragraph(browser: Chrome, site: str, library: Library) -> None:
    browser.get(f"{site}/article/{article_id(library)}?v=1#b25")
    target = one(browser, "#b25")
    wait(browser, lambda: in_view(browser, target))
    link = target.find_element(By.CSS_SELECTOR, "a.permalink")
    assert link.get_attribute("href") == browser.current_url


def test_a_note_opens_beside_its_sign(browser: Chrome, site: str, library: Library) -> None:
    browser.get(f"{site}/article/{article_id(library)}")
    sign = one(browser, ".ref a")
    sign.click()
    wait(browser, lambda: "以木为轮" in one(browser, ".pop").text)
    one(browser, "body").send_keys(Keys.ESCAPE)
    wait(browser, lambda: not browser.find_elements(By.CSS_SELECTOR, ".pop"))


def test_the_citation_is_copied(browser: Chrome, site: str, library: Library) -> None:
    allowed = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    browser.execute_cdp_cmd("Browser.grantPermissions", {"permissions": allowed, "origin": site})
    browser.get(f"{site}/article/{article_id(library)}")
    one(browser, ".record [data-copy]").click()
    wait(browser, lambda: "已复制" in one(browser, ".toast").text)
    copied = browser.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == one(browser, "#citation").text
    assert copied.startswith("马德山口述; 李文华整理. 清水县水车与治沙旧事[G]//")


def test_a_bar_sets_the_period(plain_browser: Chrome, site: str) -> None:
    plain_browser.get(site + "/?q=" + quote("集市") + "&in=date")
    one(plain_browser, '.bars a[aria-label^="1960"]').click()
    wait(plain_browser, lambda: one(plain_browser, "#count").text == "共 10 篇、10 处")
    assert one(plain_browser, "#period").get_attribute("value") == "1960年代"
    assert len(plain_browser.find_elements(By.CSS_SELECTOR, ".bars a.chosen")) == 10
    one(plain_browser, '.bars a[aria-label^="1963"]').click()
    wait(plain_browser, lambda: one(plain_browser, "#count").text == "共 1 篇、1 处")


def test_dragging_over_bars_sets_the_period(browser: Chrome, site: str) -> None:
    browser.get(site + "/?q=" + quote("集市") + "&in=date")
    bars = browser.find_elements(By.CSS_SELECTOR, ".bars a .reach")
    assert len(bars) == 4
    ActionChains(browser).move_to_element(bars[2]).click_and_hold().move_to_element(bars[1]).release().perform()
    wait(browser, lambda: "period=" in browser.current_url)
    assert one(browser, "#period").get_attribute("value") == "1960年..1979年"
    assert one(browser, "#count").text == "共 20 篇、20 处"


def test_dates_are_hidden_and_shown_and_stay_so(browser: Chrome, site: str, library: Library) -> None:
    address = f"{site}/article/{article_id(library)}"
    browser.get(address)
    assert "dotted" in one(browser, "a.date").value_of_css_property("text-decoration")
    one(browser, ".switch").click()
    wait(browser, lambda: "none" in one(browser, "a.date").value_of_css_property("text-decoration"))
    browser.get(address)
    assert "none" in one(browser, "a.date").value_of_css_property("text-decoration")
    one(browser, ".switch").click()
    wait(browser, lambda: "dotted" in one(browser, "a.date").value_of_css_property("text-decoration"))


def test_a_date_is_corrected_and_taken_back_without_javascript(
    plain_browser: Chrome, site: str, library: Library
) -> None:
    driver = plain_browser
    driver.get(f"{site}/article/{article_id(library)}")
    one(driver, "#b4 a.date").click()
    one(driver, "#expression").send_keys("光绪二十年")
    one(driver, "#reason").send_keys("据县志", Keys.ENTER)
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".decisions"))
    assert "1894年" in (one(driver, "#b4 a.date").get_attribute("title") or "")
    one(driver, ".decisions button").click()
    wait(driver, lambda: not driver.find_elements(By.CSS_SELECTOR, ".decisions"))
    assert "1904年" in (one(driver, "#b4 a.date").get_attribute("title") or "")


def test_selected_text_can_be_made_a_date(browser: Chrome, site: str, library: Library) -> None:
    browser.get(f"{site}/article/{article_id(library)}?q=" + quote("祖父"))
    browser.execute_script(
        """
        const block = document.getElementById("b2");
        const range = document.createRange();
        range.setStart(block.querySelector("b").firstChild, 0);  // behind a note reference and a marked place
        range.setEnd(block.querySelector("b").firstChild, 2);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        """
    )
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".offers-here"))
    browser.find_element(By.LINK_TEXT, "这是日期").click()
    wait(browser, lambda: one(browser, "h1").text == "总管")
    assert "这里没有当作日期" in one(browser, "main").text


def test_the_text_cannot_run_scripts(browser: Chrome, site: str, library: Library) -> None:
    browser.get(f"{site}/article/{article_id(library)}")
    assert browser.title == "清水县水车与治沙旧事 · 文史"


PAGES = (
    "/",
    "/?q={q}&period=1950-1960",
    "/?q=%28",
    "/article/{id}?q={q}",
    "/article/{id}/date/4/25-30",
    "/article/{id}/fields",
    "/article/{id}/edit/2",
    "/article/{id}/history?a=1&b=1",
    "/article/{id}/report/2",
    "/article/{id}/quote/1/2/0-5",
    "/replace?collection=volume3&words=水车",
    "/reports",
    "/article/{id}/like",
    "/diff/{id}/{id}",
    "/proof/dates",
    "/collections",
    "/collection/volume3",
    "/collection/volume3/posts",
    "/collection/volume3/people",
    "/collection/volume3/fields",
    "/collection/annals",
    "/books",
    "/add-to-book?id={id}",
    "/nowhere",
)


def addresses(site: str, library: Library) -> list[str]:
    return [site + each.format(q=quote("治沙"), id=article_id(library)) for each in PAGES]


def test_no_page_scrolls_sideways_on_a_phone(browser: Chrome, site: str, library: Library) -> None:
    phone(browser)
    try:
        for address in addresses(site, library):
            browser.get(address)
            width = browser.execute_script("return document.documentElement.scrollWidth")
            assert width <= 390, f"{address}: {width}"
    finally:
        sized(browser, *WIDTHS["desk"])


def test_contents_unfold_on_a_phone_without_javascript(plain_browser: Chrome, site: str, library: Library) -> None:
    phone(plain_browser)
    try:
        plain_browser.get(f"{site}/article/{article_id(library)}")
        headings = one(plain_browser, ".desk .headings")
        assert not headings.is_displayed()
        plain_browser.find_element(By.XPATH, "//nav[@class='desk']//summary[text()='目录']").click()
        wait(plain_browser, headings.is_displayed)
        headings.find_element(By.PARTIAL_LINK_TEXT, "治沙").click()
        wait(plain_browser, lambda: "#b" in plain_browser.current_url)
    finally:
        sized(plain_browser, *WIDTHS["desk"])


def test_the_whole_way_by_keyboard(browser: Chrome, site: str) -> None:
    browser.get(site + "/collections")
    one(browser, "body").send_keys(Keys.TAB)
    skip = browser.switch_to.active_element
    assert skip.text == "跳到正文" and skip.is_displayed()
    skip.send_keys(Keys.ENTER)
    wait(browser, lambda: browser.switch_to.active_element.get_attribute("id") == "main")


def test_describing_on_a_phone(browser: Chrome, site: str, library: Library) -> None:
    article = next(each for each in library.session(LOCAL).articles("volume3") if each.number == 31)
    phone(browser)
    try:
        browser.get(f"{site}/article/{article.id}")
        link = browser.find_element(By.LINK_TEXT, "著录")
        browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", link)
        link.click()
        wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "form.fields"))
        one(browser, '[name="field.关键词"]').send_keys("集市\n枸杞")
        one(browser, '[name="field.所涉年代"]').send_keys("猴年马月")
        one(browser, ".fields .go").click()
        wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".field.wrong .doubts"))
        wrong = one(browser, '[name="field.所涉年代"]')
        assert browser.switch_to.active_element == wrong and in_view(browser, wrong)
        assert one(browser, '[name="field.关键词"]').get_attribute("value") == "集市\n枸杞"
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
        wrong.clear()
        wrong.send_keys("1981年")
        one(browser, ".fields .go").click()
        wait(browser, lambda: "1981年" in one(browser, ".record").text)
        assert [value for name, value in library.session(LOCAL).article(article.id).fields if name == "关键词"] == [
            "集市",
            "枸杞",
        ]
    finally:
        sized(browser, *WIDTHS["desk"])


def test_two_articles_stand_one_under_the_other_on_a_phone(plain_browser: Chrome, site: str, library: Library) -> None:
    left, right = (each.id for each in library.session(LOCAL).articles("volume3") if each.number in (30, 31))
    plain_browser.get(f"{site}/diff/{left}/{right}")
    cells = [one(plain_browser, f".diff tr:has(td.left mark):has(td.right mark) .{side}") for side in ("left", "right")]
    assert cells[0].rect["y"] == cells[1].rect["y"]
    one(plain_browser, ".only").click()
    equal = plain_browser.find_elements(By.CSS_SELECTOR, ".diff .equal")
    wait(plain_browser, lambda: not any(row.is_displayed() for row in equal))
    phone(plain_browser)
    try:
        assert cells[0].rect["y"] + cells[0].rect["height"] <= cells[1].rect["y"]
        assert plain_browser.execute_script("return document.documentElement.scrollWidth") <= 390
    finally:
        sized(plain_browser, *WIDTHS["desk"])


def test_nothing_leaves_this_machine_and_nothing_is_refused(browser: Chrome, site: str, library: Library) -> None:
    browser.get("about:blank")
    for kind in ("performance", "browser"):
        browser.get_log(kind)  # begin with an empty log
    for address in addresses(site, library):
        browser.get(address)
    entries = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [each["params"]["request"]["url"] for each in entries if each["method"] == "Network.requestWillBeSent"]
    assert len(asked) > len(PAGES)  # style sheet, script and picture are among them
    assert {urlsplit(url).hostname for url in asked if not url.startswith(("about:", "chrome"))} == {"127.0.0.1"}
    complaints = [entry["message"] for entry in browser.get_log("browser")]
    # The two pages that answer 400 and 404 on purpose are reported by the browser, nothing else is.
    assert [each for each in complaints if "status of 40" not in each] == []

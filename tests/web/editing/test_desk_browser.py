"""The reading page as a desk in a real browser, at the width of a desk and of a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from archive.catalogue.authority import NameKind
from archive.library import Library
from archive.model.access import Actor
from archive.model.edits import Rewrite
from tests.web.browser import WIDTHS, chromium, needs_browser, served, sized, wait
from web.app import create_app

LOCAL = Actor.local()

pytestmark = needs_browser


@pytest.fixture(scope="module")
def site(library: Library) -> Iterator[str]:
    with served(create_app(library)) as address:
        yield address


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("browser")) as driver:
        yield driver


@pytest.fixture(scope="module")
def plain_chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser in which JavaScript is switched off."""
    with chromium(tmp_path_factory.mktemp("plain"), scripts=False) as driver:
        yield driver


@pytest.fixture(params=WIDTHS)
def browser(request: pytest.FixtureRequest, chrome: Chrome) -> Chrome:
    return sized(chrome, *WIDTHS[request.param])


@pytest.fixture(params=WIDTHS)
def plain_browser(request: pytest.FixtureRequest, plain_chrome: Chrome) -> Chrome:
    return sized(plain_chrome, *WIDTHS[request.param])


def one(driver: Chrome, selector: str) -> WebElement:
    return driver.find_element(By.CSS_SELECTOR, selector)


def press(driver: Chrome, selector: str) -> None:
    driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", one(driver, selector))
    one(driver, selector).click()


def open_panel(driver: Chrome, name: str) -> None:
    driver.find_element(By.XPATH, f"//nav[@class='desk']//summary[starts-with(normalize-space(), '{name}')]").click()


def select(driver: Chrome, block: int, start: int, end: int) -> None:
    """Select characters of the first text in a paragraph."""
    driver.execute_script(
        """
        const block = document.getElementById("b" + arguments[0]);
        block.scrollIntoView({ block: "center" });
        const range = document.createRange();
        range.setStart(block.firstChild, arguments[1]);
        range.setEnd(block.firstChild, arguments[2]);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        """,
        block, start, end,
    )  # fmt: skip
    wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ".offers-here"))


@pytest.fixture
def article(library: Library) -> str:
    """The long article, its text as it came in."""
    session = library.session(LOCAL)
    found = next(each for each in session.articles("volume3") if each.number == 1)
    session.corrections.restore(found.id, 1, "")
    return found.id


def text(library: Library, article: str, block: int) -> str:
    return library.session(LOCAL).article(article).blocks[block].text


def test_a_wrong_character_is_corrected_where_it_stands(
    browser: Chrome, site: str, library: Library, article: str
) -> None:
    browser.get(f"{site}/article/{article}")
    select(browser, 2, 0, 2)
    browser.find_element(By.LINK_TEXT, "改字").click()
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "form.correct.in-place"))
    area = one(browser, "form.correct textarea")
    assert browser.switch_to.active_element == area
    assert (
        browser.execute_script(
            "return arguments[0].value.slice(arguments[0].selectionStart, arguments[0].selectionEnd)", area
        )
        == "我家"
    )
    area.send_keys("他家")
    press(browser, 'button[value="preview"]')
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".preview"))
    assert one(browser, ".preview .change").text.startswith("我他家住在清水县")
    press(browser, 'button[value="save"]')
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".saved"))
    assert "已保存" in one(browser, ".saved").text
    assert text(library, article, 2).startswith("他家住在清水县城南")
    assert one(browser, "#b2 b").text == "总管"
    assert browser.execute_script("return document.documentElement.scrollWidth") <= browser.execute_script(
        "return innerWidth"
    )


def test_the_same_without_javascript(plain_browser: Chrome, site: str, library: Library, article: str) -> None:
    driver = plain_browser
    driver.get(f"{site}/article/{article}")
    open_panel(driver, "更正与历史")
    one(driver, "label[for=amending]").click()
    press(driver, "#b2 .amend")
    area = one(driver, "textarea[name=text]")
    area.clear()
    area.send_keys("我家住在柳树湾。")
    one(driver, 'button[value="preview"]').click()
    wait(driver, lambda: one(driver, ".preview").is_displayed())
    assert one(driver, "textarea[name=text]").get_attribute("value") == "我家住在柳树湾。"
    one(driver, 'button[value="save"]').click()
    wait(driver, lambda: "已保存" in one(driver, ".saved").text)
    assert text(library, article, 2) == "我家住在柳树湾。"
    driver.get(f"{site}/article/{article}/history")
    one(driver, 'button[name="version"][value="1"]').click()
    wait(driver, lambda: text(library, article, 2).startswith("我家住在清水县城南的柳树湾，门前"))


def test_nothing_typed_is_lost(browser: Chrome, site: str, library: Library, article: str) -> None:
    browser.get(f"{site}/article/{article}/edit/4")
    browser.execute_script("localStorage.clear()")
    browser.get(f"{site}/article/{article}/edit/4")
    one(browser, "textarea[name=text]").send_keys("写到一半")
    browser.get(f"{site}/article/{article}/edit/4")
    one(browser, ".draft button").click()
    wait(browser, lambda: "写到一半" in (one(browser, "textarea[name=text]").get_attribute("value") or ""))
    browser.execute_script("window.fetch = () => Promise.reject(new TypeError('offline'))")
    press(browser, 'button[value="save"]')
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".wrong-box.lost"))
    assert "您写的还在这里" in one(browser, ".wrong-box.lost").text
    assert "写到一半" in (one(browser, "textarea[name=text]").get_attribute("value") or "")
    browser.execute_script("localStorage.clear()")


def test_two_people_see_both_texts(browser: Chrome, site: str, library: Library, article: str) -> None:
    browser.get(f"{site}/article/{article}/edit/4")
    held = text(library, article, 4)
    library.session(LOCAL).correct(article, [Rewrite(4, held, (held.replace("老人说", "老人讲"),))], "错字")
    one(browser, "textarea[name=text]").send_keys("完。")
    press(browser, 'button[value="save"]')
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".beside"))
    assert "老人讲" in one(browser, ".beside").text and "完。" in one(browser, ".beside").text
    assert "完。" in (one(browser, "textarea[name=text]").get_attribute("value") or "")


def test_the_bar_is_always_at_hand(browser: Chrome, site: str, article: str) -> None:
    browser.get(f"{site}/article/{article}?q=%E6%B2%BB%E6%B2%99")
    browser.execute_script("scrollTo(0, document.body.scrollHeight)")
    for name in ("目录", "字号", "明暗", "引用", "更正与历史"):
        open_panel(browser, name)
        panel = one(browser, ".desk details[open] .panel")
        assert panel.is_displayed()
        assert 0 <= browser.execute_script("return arguments[0].getBoundingClientRect().top", panel) < 900
        open_panel(browser, name)
    one(browser, ".desk a.item").click()
    wait(browser, lambda: "/?q=" in browser.current_url)


def test_what_a_reader_likes_holds_on(browser: Chrome, site: str, article: str) -> None:
    browser.get(f"{site}/article/{article}")
    before = one(browser, ".text").value_of_css_property("font-size")
    open_panel(browser, "字号")
    one(browser, '.desk button[name="size"][value="huge"]').click()
    wait(browser, lambda: one(browser, ".text").value_of_css_property("font-size") > before)
    open_panel(browser, "明暗")
    one(browser, '.desk button[name="scheme"][value="night"]').click()
    wait(browser, lambda: browser.execute_script("return document.documentElement.dataset.scheme") == "night")
    one(browser, '.desk button[name="setting"]').click()
    mode = "return getComputedStyle(document.querySelector('.sheet')).writingMode"
    wait(browser, lambda: browser.execute_script(mode) == "vertical-rl")
    assert browser.find_elements(By.CSS_SELECTOR, ".sheet .tcy")
    browser.get(f"{site}/article/{article}")
    assert browser.execute_script("return {...document.documentElement.dataset}") == {
        "size": "huge", "setting": "vertical", "scheme": "night",
    }  # fmt: skip
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    one(browser, '.desk button[name="setting"]').click()
    browser.delete_all_cookies()


def test_a_sentence_is_quoted_and_looked_for(browser: Chrome, site: str, article: str) -> None:
    browser.get(f"{site}/article/{article}")
    select(browser, 4, 0, 2)
    browser.find_element(By.LINK_TEXT, "引用此句").click()
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "#quotation"))
    assert "“水车”" in one(browser, "#quotation").text
    browser.get(f"{site}/article/{article}")
    select(browser, 4, 0, 2)
    browser.find_element(By.LINK_TEXT, "查同样的话").click()
    wait(browser, lambda: one(browser, "#q").get_attribute("value") == '"水车"')


def test_a_name_is_entered_from_where_it_stands(browser: Chrome, site: str, library: Library, article: str) -> None:
    browser.get(f"{site}/article/{article}")
    select(browser, 4, 0, 2)
    browser.find_element(By.LINK_TEXT, "这是人名/地名").click()
    wait(browser, lambda: one(browser, "#preferred").get_attribute("value") == "水车")
    Select(one(browser, "#kind")).select_by_visible_text("地名")
    press(browser, 'button[value="save"]')
    wait(browser, lambda: "已保存“水车”" in one(browser, "main").text)
    (name,) = (each for each in library.session(LOCAL).authority().names if each.preferred == "水车")
    assert name.kind is NameKind.PLACE
    browser.find_element(By.PARTIAL_LINK_TEXT, "回到文章").click()
    wait(browser, lambda: browser.current_url.endswith("#b4"))
    library.session(LOCAL).names.remove(name.record)


def test_a_selection_becomes_a_card(browser: Chrome, site: str, library: Library, article: str) -> None:
    browser.get(f"{site}/article/{article}")
    select(browser, 4, 0, 2)
    browser.find_element(By.LINK_TEXT, "做卡片").click()
    wait(browser, lambda: browser.find_elements(By.ID, "note"))
    one(browser, "#classes").send_keys("水利；器物")
    one(browser, "#note").send_keys("又名天车")
    press(browser, "form.correct button.go")
    wait(browser, lambda: "卡片做好了" in one(browser, "main").text)
    assert "又名天车" in one(browser, "article.reported").text
    held = next(library.session(LOCAL).cards.listed())
    assert (held.card.written, held.card.said.classes) == ("水车", ("水利", "器物"))


def test_words_are_replaced_and_put_back(browser: Chrome, site: str, library: Library, article: str) -> None:
    browser.get(f"{site}/replace?collection=volume3&words=%E4%BA%A9%E5%9C%B0&instead=%E5%9E%A7%E5%9C%B0")
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
    press(browser, ".places button.go")
    wait(browser, lambda: "已保存" in one(browser, "main").text)
    assert "三百垧地" in text(library, article, 4)
    press(browser, ".done button")
    wait(browser, lambda: "已撤销，" in one(browser, "main").text)
    assert "三百亩地" in text(library, article, 4)

"""The pages before and around signing in, in a real browser: axe finds nothing, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding
from archive.workflow import passwords
from tests.web.accessibility import faults
from tests.web.browser import WIDTHS, chromium, needs_browser, served, sized, wait
from web.app import create_app
from web.base import door

pytestmark = needs_browser
PASSWORD = "黄河边上水车转不停"
NAME = "欧阳清水"  # as long as most names get


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with pytest.MonkeyPatch.context() as patch, chromium(tmp_path_factory.mktemp("browser")) as driver:
        patch.setattr(passwords, "_MEMORY", 64)
        yield driver


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest, browser: Chrome) -> int:
    sized(browser, *WIDTHS[request.param])
    browser.delete_all_cookies()
    return WIDTHS[request.param][0]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as created:
        yield created


def fills(driver: Chrome, **typed: str) -> None:
    """Fill in fields by their ids and send the form."""
    for id, words in typed.items():
        driver.find_element(By.ID, id).send_keys(words)
    driver.find_element(By.CSS_SELECTOR, "main button.go").click()


def test_the_first_account_is_made_and_more(browser: Chrome, library: Library, width: int) -> None:
    app = create_app(library, founding=True)
    with served(app) as site:
        browser.get(site)
        assert "还没有管理员" in browser.title or "启动时的地址" in browser.title
        assert not faults(browser, width)
        browser.get(f"{site}/{door.path(app)}")
        assert not faults(browser, width)
        fills(browser, name=NAME, login="ouyang", password=PASSWORD, again=PASSWORD + "。")
        wait(browser, lambda: "不一样" in browser.find_element(By.TAG_NAME, "main").text)
        assert not faults(browser, width)
        fills(browser, password=PASSWORD, again=PASSWORD)
        wait(browser, lambda: browser.current_url.endswith("/accounts"))
        assert not faults(browser, width)


def test_pages_for_who_has_an_account(browser: Chrome, library: Library, width: int) -> None:
    accounts = library.session(Actor.local()).accounts
    accounts.found("ouyang", NAME, PASSWORD)
    accounts.add("li", "李四", [Holding(AccountRole.READER)])
    with served(create_app(library)) as site:
        browser.get(f"{site}/manage")
        assert browser.current_url.startswith(f"{site}/login")
        assert not faults(browser, width)
        fills(browser, login="ouyang", password="不对的密码")
        wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "[role=alert]"))
        assert not faults(browser, width)
        fills(browser, password=PASSWORD)
        wait(browser, lambda: browser.current_url.endswith("/manage"))
        for page in ("/", "/manage", "/me", "/me/password", "/accounts", "/accounts/li", "/collections"):
            browser.get(site + page)
            assert not faults(browser, width), page


def test_a_browser_without_the_printed_address(browser: Chrome, library: Library, width: int) -> None:
    with served(create_app(library, locked=True)) as site:
        browser.get(site)
        assert browser.find_element(By.TAG_NAME, "h1").text == "先打开启动时的地址"
        assert not faults(browser, width)

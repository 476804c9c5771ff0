"""Book projects in a real browser: order by dragging and by keyboard, without JavaScript, pages that follow changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from archive.export.fonts import choose, font_folders, read_catalogue
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ExportError
from archive.model.project import Part, Project
from archive.model.records import Article
from tests.web.browser import chromium, needs_browser, served, sized, wait
from web.app import create_app

LOCAL = Actor.local()

pytestmark = needs_browser

NAME = "渡口旧闻"
BOOK = f"/books/{quote(NAME)}"


@pytest.fixture(scope="module")
def site(library: Library) -> Iterator[str]:
    with served(create_app(library)) as address:
        yield address


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("scripted"), logs={"browser": "ALL"}) as driver:
        yield driver


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("plain"), scripts=False) as driver:
        yield driver


@pytest.fixture(scope="module")
def articles(library: Library) -> list[Article]:
    return sorted(library.session(LOCAL).articles("volume3"), key=lambda each: each.number)


@pytest.fixture
def project(library: Library, articles: list[Article]) -> Iterator[Project]:
    """Two parts of three articles each: 水车旧事 and five visits to the market."""
    made = library.session(LOCAL).books.create(NAME, articles[:6])
    items = list(made.items)
    parts = (Part(title="上编", items=tuple(items[:3])), Part(title="下编", items=tuple(items[3:])))
    yield library.session(LOCAL).books.save(Project(**{**_fields(made), "parts": parts}))
    library.session(LOCAL).books.remove(NAME)


def _fields(project: Project) -> dict[str, Any]:
    return {name: getattr(project, name) for name in Project.__slots__}


def one(driver: Chrome, selector: str) -> WebElement:
    return driver.find_element(By.CSS_SELECTOR, selector)


def order(library: Library) -> list[list[int]]:
    """The numbers of the articles in each part."""
    return [
        [library.session(LOCAL).article(item.article).number for item in part.items]
        for part in library.session(LOCAL).books.project(NAME).parts
    ]


def shown(driver: Chrome) -> list[str]:
    return [each.text for each in driver.find_elements(By.CSS_SELECTOR, ".items .what > a")]


def drag(driver: Chrome, held: WebElement, target: WebElement, *, below: bool = False) -> None:
    """As a hand does it: pressed, moved in steps, let go in the upper or lower half of the target."""
    height = target.rect["height"]
    at = int(height / 2) - 4
    chain = ActionChains(driver, duration=80).move_to_element(held).click_and_hold().move_by_offset(4, 4)
    chain.move_to_element_with_offset(target, 0, at if below else -at).move_by_offset(1, 1).release().perform()


def row(driver: Chrome, part: int, item: int) -> WebElement:
    return one(driver, f'li[data-at="{part} {item}"]')


def press(driver: Chrome, value: str) -> None:
    one(driver, f'button[value="{value}"]').send_keys(Keys.ENTER)


def focused(driver: Chrome) -> str:
    return driver.switch_to.active_element.get_attribute("value") or ""


def no_complaints(driver: Chrome) -> None:
    assert [each["message"] for each in driver.get_log("browser") if each["level"] == "SEVERE"] == []


class TestDragging:
    @pytest.fixture(autouse=True)
    def opened(self, scripted: Chrome, site: str, project: Project) -> Iterator[None]:
        sized(scripted, 1280, 1600)
        scripted.get(site + BOOK)
        yield
        no_complaints(scripted)
        sized(scripted, 1280, 900)

    def test_within_a_part(self, scripted: Chrome, library: Library) -> None:
        drag(scripted, row(scripted, 0, 0), row(scripted, 0, 2), below=True)
        wait(scripted, lambda: order(library) == [[2, 3, 1], [4, 5, 6]])
        wait(scripted, lambda: "移到“上编”第 3 篇" in str(one(scripted, "#live").get_attribute("textContent")))

    def test_into_another_part(self, scripted: Chrome, library: Library) -> None:
        drag(scripted, row(scripted, 0, 1), row(scripted, 1, 1))
        wait(scripted, lambda: order(library) == [[1, 3], [4, 2, 5, 6]])
        wait(scripted, lambda: shown(scripted)[3].endswith("之2"))

    def test_into_an_empty_part(self, scripted: Chrome, library: Library, project: Project) -> None:
        one(scripted, 'input[name="new-part"]').send_keys("附录", Keys.ENTER)
        wait(scripted, lambda: len(scripted.find_elements(By.CSS_SELECTOR, "section.part")) == 3)
        drag(scripted, row(scripted, 1, 2), one(scripted, "li.empty"))
        wait(scripted, lambda: order(library) == [[1, 2, 3], [4, 5], [6]])

    def test_a_part(self, scripted: Chrome, library: Library) -> None:
        headings = scripted.find_elements(By.CSS_SELECTOR, "section.part h2")
        drag(scripted, headings[1], headings[0])
        wait(scripted, lambda: order(library) == [[4, 5, 6], [1, 2, 3]])

    def test_let_go_outside_nothing_changes(self, scripted: Chrome, library: Library) -> None:
        drag(scripted, row(scripted, 0, 0), one(scripted, ".top .brand"))
        wait(scripted, lambda: shown(scripted)[0].endswith("旧事"))
        assert order(library) == [[1, 2, 3], [4, 5, 6]]


class TestKeyboard:
    @pytest.fixture(autouse=True)
    def opened(self, scripted: Chrome, site: str, project: Project) -> None:
        scripted.get(site + BOOK)

    def test_the_focus_goes_with_the_article(self, scripted: Chrome, library: Library) -> None:
        press(scripted, "down 0 1")
        wait(scripted, lambda: focused(scripted) == "down 0 2")
        scripted.switch_to.active_element.send_keys(Keys.ENTER)
        wait(scripted, lambda: focused(scripted) == "down 1 0")
        wait(scripted, lambda: "移到“下编”第 1 篇，共 4 篇" in str(one(scripted, "#live").get_attribute("textContent")))
        assert order(library) == [[1, 3], [2, 4, 5, 6]]

    def test_at_the_top_the_other_button_takes_over(self, scripted: Chrome, library: Library) -> None:
        press(scripted, "up 0 1")
        wait(scripted, lambda: focused(scripted) == "down 0 0")
        assert order(library)[0] == [2, 1, 3]

    def test_to_another_part_by_the_dialog(self, scripted: Chrome, library: Library) -> None:
        one(scripted, 'a[data-pick="0 0"]').send_keys(Keys.ENTER)
        wait(scripted, lambda: one(scripted, "#to-part").get_attribute("open"))
        Select(one(scripted, "#to")).select_by_visible_text("下编")
        one(scripted, "#to-part button").send_keys(Keys.ENTER)
        wait(scripted, lambda: order(library) == [[2, 3], [4, 5, 6, 1]])

    def test_escape_closes_the_dialog(self, scripted: Chrome, library: Library) -> None:
        one(scripted, 'a[data-pick="0 0"]').send_keys(Keys.ENTER)
        wait(scripted, lambda: one(scripted, "#to-part").get_attribute("open"))
        scripted.switch_to.active_element.send_keys(Keys.ESCAPE)
        wait(scripted, lambda: not one(scripted, "#to-part").get_attribute("open"))
        assert order(library) == [[1, 2, 3], [4, 5, 6]]

    def test_taking_back(self, scripted: Chrome, library: Library) -> None:
        press(scripted, "out 0 0")
        wait(scripted, lambda: order(library) == [[2, 3], [4, 5, 6]])
        wait(scripted, lambda: one(scripted, ".undo-line button").is_enabled())
        one(scripted, ".undo-line button").send_keys(Keys.ENTER)
        wait(scripted, lambda: order(library) == [[1, 2, 3], [4, 5, 6]])

    def test_somebody_else_was_quicker(self, scripted: Chrome, library: Library, project: Project) -> None:
        library.session(LOCAL).books.save(
            Project(**{**_fields(library.session(LOCAL).books.project(NAME)), "title": "别人改的"})
        )
        press(scripted, "out 0 0")
        wait(scripted, lambda: "刚刚在别的页面改过" in one(scripted, ".said").text)
        assert one(scripted, "h1").text == "别人改的"
        assert order(library) == [[1, 2, 3], [4, 5, 6]]


class TestWithoutScripts:
    def test_order(self, plain: Chrome, site: str, library: Library, project: Project) -> None:
        plain.get(site + BOOK)
        press(plain, "down 0 2")
        wait(plain, lambda: order(library) == [[1, 2], [3, 4, 5, 6]])
        wait(plain, lambda: focused(plain) == "down 1 0")
        assert "移到“下编”第 1 篇" in one(plain, ".said").text

    def test_to_another_part(self, plain: Chrome, site: str, library: Library, project: Project) -> None:
        plain.get(site + BOOK)
        one(plain, 'a[data-pick="0 0"]').click()
        Select(one(plain, "#to")).select_by_visible_text("下编")
        one(plain, "#to-part button").click()
        wait(plain, lambda: order(library) == [[2, 3], [4, 5, 6, 1]])

    def test_a_change_of_a_paragraph(self, plain: Chrome, site: str, library: Library, project: Project) -> None:
        article = next(project.items).article
        plain.get(f"{site}{BOOK}/text/{article}?edit=4")
        field = one(plain, "#b4 textarea")
        assert field.get_attribute("value").startswith("水车在我们这里")
        field.send_keys(Keys.HOME, "那架")
        one(plain, '#b4 button[value="edit 4"]').click()
        wait(plain, lambda: one(plain, "#b4 .new mark").text == "那架")

    def test_a_download(self, plain: Chrome, site: str, project: Project) -> None:
        plain.get(f"{site}{BOOK}/output")
        one(plain, 'form:not(:has([name="draft"])) > .acts button[value="txt"]').click()
        wait(plain, lambda: plain.find_elements(By.CSS_SELECTOR, ".files a"), 30)
        assert one(plain, ".files a").text == f"{NAME}.txt"

    def test_the_proof_report(self, plain: Chrome, site: str, project: Project) -> None:
        plain.get(f"{site}{BOOK}/proof")
        wait(plain, lambda: plain.find_elements(By.CSS_SELECTOR, ".finding-filter"), 30)


def test_a_download_shows_its_progress(scripted: Chrome, site: str, project: Project) -> None:
    scripted.get(f"{site}{BOOK}/output")
    one(scripted, 'form:not(:has([name="draft"])) > .acts button[value="docx"]').click()
    wait(scripted, lambda: scripted.find_elements(By.CSS_SELECTOR, ".files a"), 60)
    assert one(scripted, ".files a").text == f"{NAME}.docx"


@pytest.mark.parametrize("path", ["", "/data", "/matter", "/preview", "/proof", "/output", "/text"])
def test_nothing_is_wider_than_a_phone(scripted: Chrome, site: str, project: Project, path: str) -> None:
    sized(scripted, 390, 844)
    try:
        scripted.get(site + BOOK + (f"/text/{next(project.items).article}" if path == "/text" else path))
        assert scripted.execute_script("return document.documentElement.scrollWidth") <= 390
    finally:
        sized(scripted, 1280, 900)


@pytest.fixture
def fonts(library: Library) -> None:
    try:
        choose(read_catalogue(font_folders()), library.session(LOCAL).books.house("16开").fonts)
    except ExportError as error:
        pytest.skip(f"no Chinese font on this machine: {error.message}")


@pytest.mark.usefixtures("fonts")
class TestPages:
    def picture(self, driver: Chrome) -> str:
        leaves = driver.find_elements(By.CSS_SELECTOR, ".leaves img")
        drawn = leaves and driver.execute_script("return arguments[0].complete && arguments[0].naturalWidth", leaves[0])
        return str(leaves[0].get_attribute("src")) if drawn else ""

    def test_they_follow_a_change(self, scripted: Chrome, site: str, library: Library, project: Project) -> None:
        scripted.get(f"{site}{BOOK}/text/{next(project.items).article}")
        scripted.get_log("browser")  # what the pages before complained of
        wait(scripted, lambda: self.picture(scripted), 60)
        before = self.picture(scripted)
        scripted.execute_script("window.same = true")
        one(scripted, "#b4 a[data-stay]").click()
        wait(scripted, lambda: scripted.find_elements(By.CSS_SELECTOR, "#b4 textarea"))
        one(scripted, "#b4 textarea").send_keys("添上一句。")
        one(scripted, '#b4 button[value="edit 4"]').click()
        wait(scripted, lambda: scripted.find_elements(By.CSS_SELECTOR, "#b4.changed"))
        wait(scripted, lambda: self.picture(scripted) not in ("", before), 60)
        assert scripted.execute_script("return window.same")
        no_complaints(scripted)

    def test_what_is_typed_elsewhere_stays(self, scripted: Chrome, site: str, project: Project) -> None:
        scripted.get(f"{site}{BOOK}/text/{next(project.items).article}")
        one(scripted, "#lines summary").click()
        one(scripted, "#note").send_keys("还没保存的按语")
        one(scripted, "#b4 a[data-stay]").click()
        wait(scripted, lambda: scripted.find_elements(By.CSS_SELECTOR, "#b4 textarea"))
        one(scripted, '#b4 button[value="omit 4"]').click()
        wait(scripted, lambda: scripted.find_elements(By.CSS_SELECTOR, "#b4.changed"))
        assert one(scripted, "#note").get_attribute("value") == "还没保存的按语"
        # By keyboard: while the pages beside it are drawn, a button may move away from under the pointer.
        one(scripted, '#lines button[value="lines"]').send_keys(Keys.ENTER)
        wait(scripted, lambda: "改了编者按" in one(scripted, ".said").text)
        assert one(scripted, "#note").get_attribute("value") == "还没保存的按语"

    def test_they_turn(self, scripted: Chrome, site: str, project: Project) -> None:
        scripted.get(f"{site}{BOOK}/preview?of=part-0")
        where = (By.CSS_SELECTOR, "[data-where]")
        wait(scripted, lambda: "第 1 面，共" in scripted.find_element(*where).text, 60)
        one(scripted, "body").send_keys(Keys.ARROW_RIGHT)
        wait(scripted, lambda: "第 2、3 面" in scripted.find_element(*where).text)
        one(scripted, '[data-turn="-1"]').click()
        wait(scripted, lambda: "第 1 面" in scripted.find_element(*where).text)

    def test_without_scripts(self, plain: Chrome, site: str, project: Project) -> None:
        plain.get(f"{site}{BOOK}/preview?of=part-0")
        wait(plain, lambda: plain.find_elements(By.CSS_SELECTOR, ".leaves img"), 60)
        one(plain, '[data-turn="1"]').click()
        wait(plain, lambda: "第 2、3 面" in one(plain, "[data-where]").text)

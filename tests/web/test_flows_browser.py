"""The flows of a new user from beginning to end, at the width of a desk and of a phone, as a hand would click them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from archive.library import Library
from archive.model.access import Actor
from archive.model.search import Search
from tests.web.browser import chromium, needs_browser, served, sized, wait
from web.app import create_app

LOCAL = Actor.local()
pytestmark = needs_browser
TEXT = "光绪三十年有了第一架水车，轮高五丈，日夜不停，可以浇三百亩地。修水车的木匠从兰州请来。"


class User:
    """Somebody at a browser, who presses what can be seen."""

    def __init__(self, driver: Chrome, site: str) -> None:
        self.driver, self.site = driver, site

    def goes(self, address: str) -> None:
        self.driver.get(self.site + address)
        self.fits()

    def fits(self) -> None:
        wide = self.driver.execute_script("return document.documentElement.scrollWidth > innerWidth")
        assert not wide, self.driver.current_url

    def sees(self, words: str) -> None:
        def there() -> bool:
            return words in self.driver.find_element(By.TAG_NAME, "body").text

        wait(self.driver, there, 90, words)
        self.fits()

    def until(self, ready: Callable[[], object]) -> None:
        wait(self.driver, ready)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def fills(self, selector: str, words: str) -> None:
        field = self.one(selector)
        field.clear()
        field.send_keys(words)

    def presses(self, words: str) -> None:
        """A button, link or summary that shows just these words."""
        kinds = "//*[self::button or self::a or self::summary or self::label]"
        texts = f"[normalize-space(.)={words!r} or starts-with(normalize-space(.), {words!r})]"

        def shown() -> list[WebElement]:
            return [each for each in self.driver.find_elements(By.XPATH, kinds + texts) if each.is_displayed()]

        wait(self.driver, shown, why=f"nothing to press: {words}")
        self.clicks(shown()[0])

    def clicks(self, element: WebElement) -> None:
        script = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})"
        self.driver.execute_script(script, element)
        element.click()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as created:
        yield created


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def user(empty: Library, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[User]:
    preferences = {
        "download.default_directory": str(tmp_path / "downloads"),
        "plugins.always_open_pdf_externally": True,
    }
    with served(create_app(empty)) as site, chromium(tmp_path / "profile", preferences=preferences) as driver:
        yield User(sized(driver, request.param), site)


def messy(folder: Path) -> Path:
    """A volume as offices send it: titles by hand, blanks for lay-out, a table, a note typed into the text."""
    word_file = docx.Document()
    word_file.add_paragraph("清水县文史资料　第八辑")
    for number, title in enumerate(("水车旧事", "渡　　口", "羊毛的路"), 1):
        word_file.add_paragraph("")
        heading = word_file.add_paragraph()
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = heading.add_run(title)
        run.bold, run.font.size = True, Pt(18)
        author = word_file.add_paragraph("张三")
        author.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for part in range(6):
            word_file.add_paragraph(f"　　{TEXT}这是第{number}篇的第{part}段。" + "渠水不停。" * 12)
        table = word_file.add_table(2, 2)
        for row, cells in zip(table.rows, (("年份", "亩数"), ("1958年", "三百")), strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    file = folder / "第八辑 终稿(2).docx"
    word_file.save(str(file))
    return file


def take_in(user: User, file: Path) -> None:
    user.goes("/intake")
    user.one("#file").send_keys(str(file))
    user.fills("#title", "清水文史第八辑")
    user.clicks(user.one(".receive button.go"))
    user.until(lambda: user.driver.find_elements(By.CSS_SELECTOR, "form.split, .received"))
    if user.driver.find_elements(By.CSS_SELECTOR, "form.split"):
        user.fits()
        user.presses("确认收入")
    user.sees("收稿结果")


def test_from_an_empty_library_to_a_printed_book(user: User, empty: Library, tmp_path: Path) -> None:
    user.goes("/")
    user.sees("三步就能用起来")
    user.presses("去收稿")
    user.until(lambda: user.driver.find_elements(By.ID, "file"))
    take_in(user, messy(tmp_path))
    titles = [article.title for article in empty.session(LOCAL).articles()]
    assert "水车旧事" in titles
    user.presses("水车旧事")
    user.until(lambda: user.driver.find_elements(By.CSS_SELECTOR, "article.text"))
    user.fits()
    correct_a_character(user, empty)
    gather(user)
    user.presses("导出与付印")
    user.sees("可以付印")
    user.clicks(user.one("button[value=pdf]"))
    user.sees("水车集.pdf")
    user.presses("水车集.pdf")
    user.until(lambda: list((tmp_path / "downloads").glob("*.pdf")))
    (file,) = (tmp_path / "downloads").glob("*.pdf")
    assert file.read_bytes().startswith(b"%PDF")


def correct_a_character(user: User, library: Library) -> None:
    user.presses("更正与历史")
    user.presses("逐段更正")
    amend = "article p.block[id^=b] > .amend[href*='/edit/']"
    user.until(lambda: len(user.driver.find_elements(By.CSS_SELECTOR, amend)) > 1)
    user.clicks(user.driver.find_elements(By.CSS_SELECTOR, amend)[1])
    user.until(lambda: user.driver.find_elements(By.CSS_SELECTOR, "form.correct textarea"))
    area = user.one("form.correct textarea[name=text]")
    area.send_keys(Keys.CONTROL, Keys.END)
    area.send_keys("补一句。")
    user.presses("看看改了什么")
    user.sees("改动")
    assert user.one(".preview ins").text == "补一句。"
    user.presses("保存")
    user.sees("已保存，现在是第 2 版")
    assert library.session(LOCAL).search(Search(text="补一句")).total == 1


def gather(user: User) -> None:
    """Two texts gathered, one from the reading page and one from the contents, and put into another order."""
    user.clicks(user.one(".desk .choose button"))
    user.until(lambda: user.driver.find_elements(By.ID, "name"))
    user.fits()
    user.fills("#name", "水车集")
    user.presses("建立并加入")
    user.until(lambda: user.driver.find_elements(By.CSS_SELECTOR, "#book-link .badge"))
    user.presses("目录")
    user.presses("全书目录")
    user.sees("选文章加入书稿")
    user.presses("选文章加入书稿")
    user.one(".titles .pick input")
    boxes = [each for each in user.driver.find_elements(By.CSS_SELECTOR, ".titles .pick input") if each.is_enabled()]
    user.clicks(boxes[-1])
    user.presses("把打勾的加入书稿")
    user.until(lambda: user.one("#book-link .badge").text == "2")
    user.clicks(user.one("#book-link"))
    user.until(lambda: len(user.driver.find_elements(By.CSS_SELECTOR, ".items li[data-at]")) == 2)
    user.fits()
    before = [each.text for each in user.driver.find_elements(By.CSS_SELECTOR, ".items .what > a")]
    user.clicks(user.one("button[title^='下移：']"))
    user.until(
        lambda: [each.text for each in user.driver.find_elements(By.CSS_SELECTOR, ".items .what > a")] == before[::-1]
    )


def test_an_import_is_undone_and_brought_back(user: User, empty: Library, tmp_path: Path) -> None:
    take_in(user, messy(tmp_path))
    user.driver.execute_script("window.confirm = () => true")
    count = empty.session(LOCAL).count()
    user.presses("撤回这次收稿")
    user.sees("撤回")
    user.until(lambda: empty.session(LOCAL).count() == 0)
    user.goes("/?q=水车")
    user.sees("没有找到")
    user.goes("/imports")
    user.presses("第八辑 终稿(2).docx")
    user.until(lambda: "/imports/" in user.driver.current_url)
    user.fits()
    user.presses("恢复")
    user.until(lambda: empty.session(LOCAL).count() == count)


def test_a_collection_gets_another_name_and_the_tables_an_entry(user: User, empty: Library, tmp_path: Path) -> None:
    take_in(user, messy(tmp_path))
    user.goes("/manage")
    user.presses("文集")
    user.until(lambda: user.driver.find_elements(By.CSS_SELECTOR, ".works a"))
    user.presses("清水文史第八辑")
    user.until(lambda: user.driver.find_elements(By.ID, "description"))
    user.fills("#title", "清水县文史资料第八辑")
    user.clicks(user.one("form.receive button.go"))
    user.sees("已保存")
    assert [one.title for one in empty.session(LOCAL).collections()] == ["清水县文史资料第八辑"]
    user.goes("/names/new")
    user.driver.execute_script("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    Select(user.one("select[name=kind]")).select_by_visible_text("人物")
    user.fills("[name=preferred]", "张三")
    user.clicks(user.one("form:has([name=preferred]) button.go"))
    user.sees("已保存“张三”")
    user.goes("/manage/periods")
    user.fills("#names-p0", "本县解放")
    user.fills("#start-p0", "1949-09-19")
    user.clicks(user.one("form:has(#names-p0) button.go"))
    user.sees("已保存“本县解放”")
    assert empty.session(LOCAL).period("本县解放").start is not None


def test_a_backup_is_made_and_rehearsed(user: User, empty: Library, tmp_path: Path) -> None:
    take_in(user, messy(tmp_path))
    user.goes("/manage")
    user.presses("现在备份")
    user.sees("备份做好了")
    user.clicks(user.one("a[href$='/file']"))
    user.until(lambda: list((tmp_path / "downloads").glob("*.zip")))
    (file,) = (tmp_path / "downloads").glob("*.zip")
    user.goes("/manage")
    user.one("form[action$='/rehearsal'] input[type=file]").send_keys(str(file))
    user.clicks(user.one("form[action$='/rehearsal'] button"))
    user.sees("恢复演练")
    user.until(lambda: "rehearsal" in user.driver.current_url and "篇" in user.one("main").text)
    user.fits()

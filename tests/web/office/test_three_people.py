"""An office at work from an empty library on: a manuscript comes in, three people review it, then readers see it.

Three browsers; in two of them somebody signs out and another signs in. At a desk with scripts, on a phone without.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select

from archive.library import Library
from archive.model.access import Actor
from archive.workflow import passwords
from tests.web.browser import WIDTHS, chromium, needs_browser, served, sized
from tests.web.test_flows_browser import User
from web.app import create_app
from web.base import door

pytestmark = needs_browser
LOCAL = Actor.local()
OWN = "渠水流过村头的旧磨坊"
PEOPLE = (
    ("王编辑", "wang", "编辑"),
    ("李主任", "li", "复审"),
    ("陈副主席", "chen", "终审"),
    ("赵读者", "zhao", "读者"),
)
TEXT = "光绪三十年，村里有了第一架水车，日夜不停。修水车的木匠从兰州请来，姓段。"
RECORD = "/registers/文史稿件/one/1"


class Colleague(User):
    """Somebody of the office at a browser."""

    def signs_in(self, login: str, first: str) -> None:
        """With the first password, which is changed at once."""
        self.goes("/login")
        self.fills("#login", login)
        self.fills("#password", first)
        self.clicks(self.one("main button.go"))
        self.until(lambda: self.driver.find_elements(By.ID, "old"))
        self.fills("#old", first)
        self.fills("#password", OWN)
        self.fills("#again", OWN)
        self.clicks(self.one("main button.go"))
        self.sees("密码已经改好")

    def signs_out(self) -> None:
        self.goes("/me")
        self.presses("退出登录")
        self.sees("没有账号，或忘了密码")

    def finds(self, path: str) -> WebElement:
        return self.driver.find_element(By.XPATH, path)

    def types(self, within: str, label: str, words: str) -> None:
        """Into the box that a label names; of a list it is chosen."""
        path = f"{within}//label[starts-with(normalize-space(.), {label!r})]"
        named = next(one for one in self.driver.find_elements(By.XPATH, path) if one.is_displayed())
        box = self.driver.find_element(By.ID, named.get_attribute("for") or "")
        if box.tag_name == "select":
            Select(box).select_by_visible_text(words)
        else:
            box.clear()
            box.send_keys(words)

    def opens_step(self, to: str, record: str = RECORD) -> str:
        """The path of the form of a step, unfolded."""
        self.goes(record)
        path = f"//section[contains(@class, 'next')]/details[summary[starts-with(normalize-space(.), {to!r})]]"
        if not self.finds(path).get_attribute("open"):
            self.clicks(self.finds(f"{path}/summary"))
        return path

    def steps(self, to: str, record: str = RECORD, told: str = "", **typed: str) -> None:
        """Take a step, with these boxes filled in; `told` is what the page says after it."""
        path = self.opens_step(to, record)
        for label, words in typed.items():
            self.types(path, label, words)
        self.clicks(self.finds(f"{path}//button[contains(@class, 'go')]"))
        self.sees(told or f"已走到“{to}”")


@dataclass(frozen=True)
class Office:
    """Three browsers at one library, and the link that makes its first account."""

    first: Colleague
    second: Colleague
    third: Colleague
    link: str
    library: Library


@pytest.fixture(params=[("desk", True), ("phone", False)], ids=["desk", "phone-without-scripts"])
def office(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(passwords, "_MEMORY", 64)
    width, scripts = request.param
    with ExitStack() as open_ones:
        library = open_ones.enter_context(Library.create(tmp_path / "library"))
        app = create_app(library, founding=True)
        site = open_ones.enter_context(served(app))

        def somebody(number: int) -> Colleague:
            driver: Chrome = open_ones.enter_context(chromium(tmp_path / f"profile{number}", scripts=scripts))
            return Colleague(sized(driver, *WIDTHS[width]), site)

        yield Office(somebody(1), somebody(2), somebody(3), f"/{door.path(app)}", library)


def test_from_a_manuscript_to_its_readers(office: Office, tmp_path: Path) -> None:
    passwords_of = accounts_are_made(office)
    editor, head = office.second, office.third
    editor.signs_in("wang", passwords_of["wang"])
    manuscript_comes_in(editor, tmp_path)
    editor.steps("初审", told="没有“李主仁”这个人的账号", 交给谁办="李主仁")
    editor.steps("初审", 交给谁办="王编辑", 期限="2099-12-10")
    editor.goes("/")
    editor.sees("2099-12-10")  # what is to be done
    passage_is_commented_and_corrected(editor)
    editor.steps("复审", told="还不能到“复审”：要写初审意见；要写拟办")
    editor.steps("复审", 初审意见="亲历，可用", 拟办="修改后采用", 交给谁办="李主任")

    head.signs_in("li", passwords_of["li"])
    head.goes("/")
    head.clicks(head.finds("//nav//a[contains(., '李主任')]"))
    head.sees("交给您办：来稿登记簿")
    head.steps("退修", 具体意见="请补木匠的名字")
    editor.steps("初审", 修回日期="2026-12-20")
    editor.steps("复审", 初审意见="已补", 拟办="采用")
    head.steps("备用", 理由="本辑已满", 复查年份="2027")
    head.steps("初审", 新选题="水利专辑")
    editor.steps("复审", 初审意见="同前", 拟办="采用")
    sent_to_two_offices(head)
    head.steps("终审", 复审意见="可用", 交给谁办="陈副主席")
    head.signs_out()

    reader = office.first
    reader.signs_out()
    reader.signs_in("zhao", passwords_of["zhao"])
    reader.goes("/")
    reader.sees("现在还没有您能看的文章")
    reader.goes("/article/1")
    reader.sees("没有编号为“1”的文章")
    leader = office.third
    leader.signs_in("chen", passwords_of["chen"])
    leader.goes("/")
    leader.presses("水车旧事")
    leader.sees("现在：终审")
    leader.steps("采用", 终审意见="采用", 拟入辑次="第九辑")
    reader.goes("/article/1")
    reader.sees("没有编号为“1”的文章")
    leader.steps("发布", 发布意见="同意")
    reader.goes("/article/1")
    reader.sees("段木匠单名一个福字")
    assert "审稿" not in reader.one("main").text
    the_book_is_signed(editor, leader, office.library)


def accounts_are_made(office: Office) -> dict[str, str]:
    """The first passwords, by login."""
    administrator = office.first
    administrator.goes("/")
    administrator.sees("还没有管理员")
    administrator.goes(office.link)
    for box, words in (("#name", "张秘书长"), ("#login", "zhang"), ("#password", OWN), ("#again", OWN)):
        administrator.fills(box, words)
    administrator.presses("建账号并登录")
    administrator.sees("建一个账号")
    found = {}
    for name, login, role in PEOPLE:
        administrator.goes("/accounts")
        administrator.fills("#name", name)
        administrator.fills("#login", login)
        administrator.clicks(administrator.one(f"input[name=role][value={role}]"))
        administrator.clicks(administrator.one("main button.go"))
        administrator.sees(f"{name}的首次密码")
        found[login] = administrator.one(".first-password").text
    office.second.goes(office.link)
    office.second.sees("这个链接已经用过")
    return found


def manuscript_comes_in(editor: Colleague, folder: Path) -> None:
    word_file = docx.Document()
    for words in ("水车旧事", "张老汉口述　周生整理", f"　　{TEXT}", "　　1958年修了电灌站，水车渐渐停转。"):
        word_file.add_paragraph(words)
    word_file.save(str(folder / "水车旧事.docx"))
    editor.goes("/intake")
    editor.one("#file").send_keys(str(folder / "水车旧事.docx"))
    editor.fills("#title", "清水文史第九辑")
    editor.clicks(editor.one(".receive button.go"))
    editor.sees("收稿结果")
    editor.presses("水车旧事")
    editor.sees("修水车的木匠")
    editor.clicks(editor.finds("//a[contains(., '审稿')]"))
    editor.sees("现在：来稿")


def passage_is_commented_and_corrected(editor: Colleague) -> None:
    editor.goes("/article/1/edit/2")
    editor.presses("只写批注")
    editor.sees("批哪几个字")
    editor.types("//main", "批哪几个字", "姓段")
    editor.types("//main", "意见", "名字能不能问到")
    editor.presses("记下批注")
    editor.sees("批注已经记下")
    assert "起 " not in editor.one(".trace").text, "what only the program needs is not shown"
    editor.goes("/article/1/edit/2")
    editor.one("form.correct textarea[name=text]").send_keys(Keys.CONTROL, Keys.END)
    editor.one("form.correct textarea[name=text]").send_keys("段木匠单名一个福字。")
    editor.presses("保存")
    editor.sees("已保存，现在是第 2 版")


def sent_to_two_offices(head: Colleague) -> None:
    """In parallel, each with its letter; it comes back when all have answered."""
    path = head.opens_step("送审")
    head.clicks(head.finds(f"{path}//details/summary"))
    for row, (name, letter) in enumerate((("县委党史办", "清政文〔2026〕3号"), ("统战部", "清政文〔2026〕4号"))):
        for field, words in (("单位", name), ("送出日期", "2026-12-22"), ("函号", letter)):
            head.finds(f"{path}//*[@name='r-送审-n{row}-{field}']").send_keys(words)
    head.clicks(head.finds(f"{path}//button[contains(@class, 'go')]"))
    head.sees("已走到“送审”")
    path = head.opens_step("复审")
    head.finds(f"{path}//*[@name='r-送审-0-意见']").send_keys("史实无误")
    head.clicks(head.finds(f"{path}//button[contains(@class, 'go')]"))
    head.sees("还不能到“复审”")
    held = head.finds(f"{path}//*[@name='r-送审-0-意见']")
    assert held.get_attribute("value") == "史实无误", "what was typed comes back"
    head.finds(f"{path}//*[@name='r-送审-1-意见']").send_keys("同意")
    head.clicks(head.finds(f"{path}//button[contains(@class, 'go')]"))
    head.sees("已走到“复审”")


def the_book_is_signed(editor: Colleague, leader: Colleague, library: Library) -> None:
    """From 齐清定 to 付印; the last to sign is not one who compiles. A change takes the signatures away."""
    editor.goes("/add-to-book?id=1")
    editor.fills("#name", "第九辑")
    editor.presses("建立并加入")
    editor.sees("第九辑")
    record = "/registers/书稿校次/one/第九辑"
    for to, typed in (
        ("一校", {}), ("改样", {"差错数": "3"}), ("核红", {}), ("通读", {}),
        ("清样", {"通读意见": "可", "差错数": "0"}),
    ):  # fmt: skip
        editor.steps(to, record, **typed)
    editor.steps("付印", record, told="已签字，还要别人签", 印数="500")
    path = leader.opens_step("付印", record)
    leader.clicks(leader.finds(f"{path}//button[contains(@class, 'go')]"))
    leader.sees("已签字，还要别人签")
    leader.signs_out()
    third = leader
    third.goes("/login")
    third.fills("#login", "li")
    third.fills("#password", OWN)
    third.clicks(third.one("main button.go"))
    third.sees("李主任")
    third.steps("付印", record)
    third.presses("与第 1 次对照")
    third.sees("第 1 次与第 2 次")
    editor.goes("/books/第九辑/data")
    editor.fills("#subtitle", "水利专辑")
    editor.clicks(editor.one("main button.go"))
    editor.until(lambda: library.session(LOCAL).books.project("第九辑").subtitle == "水利专辑")
    third.goes(record)
    third.sees("签字已经作废，退回“清样”")

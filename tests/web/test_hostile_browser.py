"""What people paste, mistype and lose: script in every field, endless titles, a connection that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from archive.catalogue.office_wording import Wording
from archive.dates.office_entries import OfficePeriod
from archive.library import Library
from archive.model.access import Actor
from archive.model.cards import CardFields
from archive.model.name_records import NameForm, NameKind, NameRecord
from archive.model.project import Matter
from archive.model.records import Article, Block, Cell, Collection, Kind, Person
from archive.model.search import Search
from tests.web.browser import chromium, needs_browser, served, wait
from web.app import create_app

LOCAL = Actor.local()
pytestmark = needs_browser
EVIL = "\"'><script>window.ran=1</script><img src=x onerror='window.ran=1'>{{7*7}}"
SHORT = "\"'><img src=x onerror='window.ran=1'>"  # where no more is taken
ENDLESS = (EVIL, "长" * 10_000, "a" * 10_000)  # titles: the last breaks nowhere
BOOK = "坏书"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library with script in every field that people fill in."""
    folder = tmp_path_factory.mktemp("hostile")
    original = folder / "original.txt"
    original.write_text("原件", encoding="utf-8")
    with Library.create(folder / "library") as created:
        session = created.session(LOCAL)
        session.save_collection(
            Collection("c", EVIL, description=EVIL, volume=EVIL, place=EVIL, kind="volume", year="1986")
        )
        articles = [
            Article(
                collection="c",
                number=number,
                section=EVIL,
                volume=EVIL,
                source=EVIL,
                people=(Person(EVIL),),
                fields=(("关键词", EVIL), (EVIL, EVIL)),
                blocks=(
                    Block.plain(Kind.TITLE, title),
                    Block.plain(Kind.PARAGRAPH, f"水车{EVIL}"),
                    Block.plain(Kind.PARAGRAPH, "a" * 3000),
                    Block.plain(Kind.CELL, EVIL, cell=Cell(0, 0, 0)),
                    Block.plain(Kind.CELL, "a" * 300, cell=Cell(0, 0, 1)),
                    Block.plain(Kind.CAPTION, EVIL),
                ),
            )
            for number, title in enumerate(ENDLESS, 1)
        ]
        session.add(original, f"{EVIL}.txt".replace("/", ""), articles, ())
        session.names.put(NameRecord(NameKind.PERSON, EVIL, (NameForm(EVIL + "二"),), "", EVIL))
        session.upkeep.put_period(OfficePeriod((EVIL,), "1949-09-19", source=EVIL))
        session.upkeep.put_wording(Wording(EVIL, EVIL, EVIL))
        session.corrections.report("1", (1, 0, 2), EVIL, 1)
        session.cards.make(
            "1",
            (1, 0, 2),
            said=CardFields(classes=(SHORT,), note=EVIL, dated=SHORT, persons=(SHORT,), places=(SHORT,), uses=SHORT),
        )
        session.scopes.save(SHORT, articles=["1"])
        session.searches.save(SHORT, Search(text=f"水车 {EVIL[2:]}"))
        session.workflow.fill("文史稿件", "1", {"备注": EVIL})
        book = session.books.create(BOOK, list(session.articles()), title=EVIL, editor=EVIL, imprint=EVIL)
        front = (Matter(title=EVIL, text=EVIL, signature=EVIL),)
        parts = tuple(replace(part, title=EVIL, note=EVIL) for part in book.parts)
        session.books.save(replace(book, front=front, parts=parts))
        session.workflow.fill("书稿校次", BOOK, {"备注": EVIL})
        yield created


@pytest.fixture(scope="module")
def site(hostile: Library) -> Iterator[str]:
    with served(create_app(hostile)) as address:
        yield address


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


PAGES = (
    "/", "/?page=1", "/?q=水车", f"/?q={quote(EVIL)}", f"/?q=水车&period={quote(EVIL)}", "/article/1", "/article/2",
    "/article/3", "/article/1?amend=1&q=水车", "/article/1/edit/1", "/article/1/edit/3", "/article/1/edit/authors",
    "/article/1/fields", "/article/1/history", "/article/2/like", "/article/1/report/1", "/article/1/quote/1/1/0-9",
    "/diff/1/2", "/collections", "/collection/c", "/collection/c/fields", f"/replace?collection=c&words={quote(EVIL)}",
    "/reports", "/imports", "/imports/1", "/intake", "/books", f"/books/{quote(BOOK)}", f"/books/{quote(BOOK)}/data",
    f"/books/{quote(BOOK)}/matter", f"/books/{quote(BOOK)}/matter/front/0", f"/books/{quote(BOOK)}/text/1",
    f"/books/{quote(BOOK)}/output", "/add-to-book?id=1&id=2&id=3", "/manage", "/manage/collections",
    "/manage/collections/c", "/names", "/names/1", "/names/1/edit",
    "/names/1/history", "/names/1/merge?into=1", "/manage/periods", "/manage/wording",
    f"/help?q={quote(EVIL)}", f"/{quote(EVIL, safe='')}",
    "/cards", f"/cards?class={quote(SHORT)}", "/searches", f"/searches/new?name={quote(SHORT)}",
    f"/searches/scope?name={quote(SHORT)}", f"/?q=水车&scope={quote(SHORT)}", f"/terms?terms={quote(EVIL)}%0A水车",
    "/concordance?q=水车", f"/concordance?q={quote(EVIL)}", "/concordance/volumes?q=水车",
    "/concordance/collocates?q=水车&least=1&articles=1", "/concordance/groups?q=水车&by=right2&by=volume",
    f"/frequencies?q={quote(EVIL)}", "/frequencies?q=水车&by=section", "/article/1/same/1", "/article/1/words/1",
    "/article/1/card/1/1/0-2", "/article/1/comment/1", "/article/1/date/1/0-2", "/registers", "/registers/文史稿件",
    f"/registers/文史稿件?q={quote(EVIL)}", "/registers/文史稿件/one/1", "/registers/书稿校次", "/to-do", "/openings",
    "/manage/audit", f"/manage/audit?who={quote(EVIL)}", "/manage/changes", "/manage/purge?ids=1", "/jobs",
    "/collection/c/posts", "/collection/c/people", f"/collection/c/person?name={quote(EVIL)}", "/proof/dates",
)  # fmt: skip


def test_nothing_of_it_runs_and_no_page_is_torn(driver: Chrome, site: str) -> None:
    torn = []
    for page in PAGES:
        for width in (390, 1280):
            metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            if width == 390:
                driver.get(site + page)
            if driver.execute_script("return document.documentElement.scrollWidth > innerWidth"):
                torn.append((page, width, driver.execute_script("return document.documentElement.scrollWidth")))
        assert driver.execute_script("return window.ran") is None, page
        assert "{{7*7}}" in driver.page_source or "49" not in driver.title, page
    assert not torn


@pytest.mark.parametrize(
    ("page", "field", "button"),
    [
        ("/article/1/fields", "[name='field.来源']", ".fields .go"),
        ("/article/1/edit/1", "form.correct textarea[name=text]", "button[value=save]"),
        ("/article/1/edit/authors", "form.correct textarea[name=text]", "button[value=save]"),
        ("/article/1/report/1", "textarea", "main form button.go"),
        ("/manage/periods", "#names-p0", "form:has(#names-p0) .go"),
        (f"/books/{quote(BOOK)}/matter/front/0", "textarea[name=text]", "main form button.go"),
    ],
)
def test_a_lost_connection_loses_nothing(driver: Chrome, site: str, page: str, field: str, button: str) -> None:
    driver.get(site + page)
    driver.execute_script("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    typed = driver.find_element(By.CSS_SELECTOR, field)
    typed.clear()
    typed.send_keys("断线时写的")
    driver.execute_cdp_cmd("Network.enable", {})
    offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    try:
        driver.execute_script("arguments[0].click()", driver.find_element(By.CSS_SELECTOR, button))
        wait(
            driver,
            lambda: (
                "连不上" in driver.find_element(By.TAG_NAME, "body").text
                or "没有连上" in driver.find_element(By.TAG_NAME, "body").text
            ),
        )
        assert driver.find_element(By.CSS_SELECTOR, field).get_attribute("value") == "断线时写的"
    finally:
        online = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        driver.execute_cdp_cmd("Network.emulateNetworkConditions", online)
        driver.execute_script("localStorage.clear(); window.onbeforeunload = null")
        driver.get("about:blank")

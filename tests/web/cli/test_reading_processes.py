"""Pages made by processes beside the owner: the same pages, of the same state, for the same people."""

from __future__ import annotations

import logging
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding
from archive.model.errors import StorageError
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.model.search import Search
from archive.support.isolation.isolated_process import IsolatedProcess
from archive.workflow import passwords
from web.app import create_app
from web.base import door
from web.cli import memory
from web.cli.page_answering import Page
from web.cli.reading_processes import READ, ReadingProcesses, usual

LOCAL = Actor.local()
OWN = "黄河边上水车转不停"
TEXT = Article(
    collection="volume3", blocks=(Block.plain(Kind.TITLE, "渡口"), Block.plain(Kind.PARAGRAPH, "羊皮筏子。")), number=1
)
PAGES = (
    "/",
    "/?q=水车",
    "/?q=水车&page=2&period=1958年",
    "/timeline.csv?q=水车",
    "/api/v1/search?q=水车",
    "/api/v1/suggest?q=水",
    "/article/{id}",
    "/article/{id}?q=水车",
    "/article/{id}/words/0",
    "/article/{id}/history",
    "/article/{id}/now",
    "/collections",
    "/collection/volume3",
    "/collection/volume3/people",
    "/frequencies?q=水车",
    "/help",
    "/help/search",
    "/article/none",
    "/?q=“水车",
)


@contextmanager
def serving(library: Library, count: int) -> Iterator[ReadingProcesses]:
    """Pages of a library from so many processes, once all are ready."""
    app = create_app(library, locked=True)
    pages = ReadingProcesses(app, library, count)
    pages.start()
    try:
        until(lambda: len(pages._ready) == count)
        yield pages
    finally:
        pages.end()


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def pages(library: Library) -> Iterator[ReadingProcesses]:
    with serving(library, 2) as made:
        yield made


@pytest.fixture
def browser(pages: ReadingProcesses) -> Client:
    """One that has opened the printed address."""
    made = Client(pages)
    assert made.get("/" + door.path(pages._app)).status_code in (302, 303)
    return made


def of_each(pages: ReadingProcesses, browser: Client, address: str) -> list[TestResponse]:
    """The page as each process makes it, in any order; those of the owner do not count."""
    made, all_free = [], [pages._free.get(timeout=60) for _ in pages._all]
    for process in all_free:
        pages._free.put(process)
        made.append(browser.get(address))
        assert pages._free.get(timeout=60) is process
    for process in all_free:
        pages._free.put(process)
    return made


@pytest.fixture
def by_the_owner(pages: ReadingProcesses, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the owner answers from now on."""
    seen: list[str] = []
    real = pages._app

    def noted(environ: dict[str, str], start: object) -> object:
        seen.append(environ["PATH_INFO"])
        return real(environ, start)  # type: ignore[arg-type]

    monkeypatch.setattr(pages, "_app", noted)
    return seen


def test_every_endpoint_that_is_handed_over_is_one(pages: ReadingProcesses) -> None:
    shown = {rule.endpoint for rule in pages._app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert shown >= READ


def test_the_pages_are_those_of_the_owner(
    pages: ReadingProcesses, browser: Client, library: Library, by_the_owner: list[str]
) -> None:
    wells = library.session(LOCAL).search(Search(text="天车")).hits[0].article
    browser.get("/")  # from here on the visitor has a secret, which the pages carry
    for address in (page.format(id=wells) for page in PAGES):
        first, second = of_each(pages, browser, address)
        assert by_the_owner == [], address
        with reading_processes_off(pages):
            own = browser.get(address)
        by_the_owner.clear()
        for one in (first, second):
            assert (one.status, one.data) == (own.status, own.data), address
            assert headers(one) == headers(own), address


def headers(answer: TestResponse) -> set[tuple[str, str]]:
    """All that do not tell of the moment."""
    return {(name, value) for name, value in answer.headers if name not in ("Date", "Set-Cookie")}


@contextmanager
def reading_processes_off(pages: ReadingProcesses) -> Iterator[None]:
    ready, pages._ready = pages._ready, set()
    yield
    pages._ready = ready


def test_a_change_is_seen_by_every_process_at_once(pages: ReadingProcesses, browser: Client, library: Library) -> None:
    session = library.session(LOCAL)
    file = library.root.parent / "渡口.txt"
    file.write_text("渡口\n羊皮筏子。", encoding="utf-8")
    (article,) = session.add(file, file.name, [TEXT], []).articles
    for word in ("牛皮大船", "杨木方舟", "柴油汽船"):
        for one in of_each(pages, browser, "/?q=" + word):
            assert "没有找到" in one.text
        present = session.article(article.id)
        changed = (present.blocks[0], Block.plain(Kind.PARAGRAPH, f"改用{word}。"))
        session.corrections.revise(replace(present, blocks=changed), "试")
        for one in of_each(pages, browser, "/?q=" + word):
            assert "没有找到" not in one.text and article.id in one.text
        for one in of_each(pages, browser, f"/article/{article.id}"):
            assert f"改用{word}" in one.text
    session.withdraw(article.id, "试")
    assert [one.status_code for one in of_each(pages, browser, f"/article/{article.id}")] == [410, 410]
    for one in of_each(pages, browser, "/?q=柴油汽船"):
        assert "没有找到" in one.text


def test_who_has_not_opened_the_address_is_let_in_by_none(pages: ReadingProcesses) -> None:
    assert [one.status_code for one in of_each(pages, Client(pages), "/?q=水车")] == [401, 401]


def test_what_was_asked_is_noted_by_the_owner(pages: ReadingProcesses, browser: Client, library: Library) -> None:
    searches = library.session(LOCAL).searches
    searches.clear()
    of_each(pages, browser, "/?q=枸杞")
    of_each(pages, browser, "/?q=甘草")
    assert [one.search.text for one in searches.history()] == ["甘草", "枸杞"]
    of_each(pages, browser, "/?q=水车")
    searches.clear()
    assert searches.history() == ()


def test_what_changes_anything_or_belongs_to_long_work_stays_with_the_owner(
    pages: ReadingProcesses, browser: Client, by_the_owner: list[str]
) -> None:
    others = ["/jobs", "/manage", "/intake", "/books", "/searches", "/nothing", "/static/wenshi.css"]
    for address in others:
        browser.get(address).close()
    browser.post("/", data={})
    browser.head("/")
    assert by_the_owner == [*others, "/", "/"]


def test_a_defect_is_answered_and_logged_by_the_owner(
    pages: ReadingProcesses, browser: Client, by_the_owner: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Page("500 INTERNAL SERVER ERROR", [], b"", [], [("web", logging.WARNING, "一次就够")])
    monkeypatch.setattr(IsolatedProcess, "call", lambda *_, **__: broken)
    assert browser.get("/").status_code == 200
    assert by_the_owner == ["/"]


def test_warnings_are_logged_by_the_owner(
    pages: ReadingProcesses, browser: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    said = Page("200 OK", [], "好".encode(), [], [("archive.search.mending", logging.WARNING, "索引坏了 100%")])
    monkeypatch.setattr(IsolatedProcess, "call", lambda *_, **__: said)
    assert browser.get("/").text == "好"
    assert ("archive.search.mending", logging.WARNING, "索引坏了 100%") in caplog.record_tuples


def test_one_that_dies_is_replaced_and_nobody_notices(
    pages: ReadingProcesses, browser: Client, by_the_owner: list[str]
) -> None:
    before = {process.pid for process in pages._all}
    for process in pages._all:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGTERM)
    for _ in range(4):
        assert "水车" in browser.get("/?q=水车").text
    assert 1 <= len(by_the_owner) <= 4
    until(lambda: len(pages._ready) == 2)
    by_the_owner.clear()
    assert [one.status_code for one in of_each(pages, browser, "/?q=水车")] == [200, 200]
    assert by_the_owner == [] and not before & {process.pid for process in pages._all}


def test_where_none_can_be_started_the_owner_does_it_all(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> object:
        raise StorageError("读稿件的程序启动不了")

    monkeypatch.setattr(IsolatedProcess, "call", fails)
    pages = ReadingProcesses(create_app(library), library, 1)
    pages.start()
    until(lambda: "另开的阅读进程开不了" in caplog.text)
    assert "水车" in Client(pages).get("/?q=水车").text


def test_rights_and_sign_ins_are_those_of_the_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_MEMORY", 64)
    file = tmp_path / "a.txt"
    file.write_text("原稿", encoding="utf-8")
    with Library.create(tmp_path / "library") as library:
        owner = library.session(LOCAL)
        owner.save_collection(Collection("c", "文集"))
        blocks = (Block.plain(Kind.TITLE, "水车"),)
        text = Article(collection="c", number=1, blocks=blocks, access=Access.INTERNAL, status=Status.RELEASED)
        owner.add(file, file.name, [text], ())
        owner.accounts.found("zhang", "张三", OWN)
        _, first = owner.accounts.add("li", "李四", [Holding(AccountRole.RESEARCHER)])
        with serving(library, 2) as pages:
            browser = Client(pages)
            browser.post("/login", data={"token": secret(browser, "/login"), "login": "li", "password": first})
            form = {"token": secret(browser, "/me/password"), "old": first, "password": OWN, "again": OWN}
            assert browser.post("/me/password", data=form).status_code == 303
            seen = [one.status_code for one in of_each(pages, browser, "/article/1")]
            owner.accounts.set_roles("li", [Holding(AccountRole.READER)])
            less = [one.status_code for one in of_each(pages, browser, "/article/1")]
            owner.accounts.disable("li")
            none = [(one.status_code, (one.location or "")[:6]) for one in of_each(pages, browser, "/article/1")]
    assert (seen, less, none) == ([200, 200], [404, 404], [(303, "/login")] * 2)


def secret(browser: Client, page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', browser.get(page).text)
    assert found, page
    return found[1]


@pytest.mark.parametrize(
    ("accounts", "cores", "gigabytes", "expected"),
    [(False, 8, 64, 0), (True, 1, 64, 0), (True, 2, 2, 0), (True, 2, 4, 1), (True, 2, 8, 2), (True, 4, 6, 2),
     (True, 64, 256, 8), (True, 4, 0, 0), (True, None, 64, 0)],
)  # fmt: skip
def test_how_many_suit_a_computer(
    monkeypatch: pytest.MonkeyPatch, accounts: bool, cores: int | None, gigabytes: int, expected: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(memory, "installed", lambda: gigabytes * 2**30)
    assert usual(accounts) == expected


def test_the_memory_of_this_computer_is_known() -> None:
    assert 2**28 < memory.installed() < 2**50

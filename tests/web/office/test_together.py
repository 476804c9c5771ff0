"""Several people at once: two on one article learn of each other; what is handed over is told, with its sender."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding
from archive.model.edits import Rewrite
from archive.model.errors import FieldError
from archive.model.records import Article, Block, Collection, Kind
from archive.workflow.stepping import AskedStep
from web.app import create_app

LOCAL = Actor.local()
PASSWORD = "一句很长很长的话"
PEOPLE = (
    ("zhang", "张主任", AccountRole.ADMINISTRATOR),
    ("wang", "王编辑", AccountRole.EDITOR),
    ("li", "李编辑", AccountRole.EDITOR),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as made:
        session = made.session(LOCAL)
        session.save_collection(Collection("c", "集"))
        file = tmp_path / "a.txt"
        file.write_text("a", encoding="utf-8")
        blocks = (Block.plain(Kind.TITLE, "水车"), Block.plain(Kind.PARAGRAPH, "河边有水车。"))
        session.add(file, "a.txt", [Article(collection="c", blocks=blocks)], ())
        for login, name, role in PEOPLE:
            _, first = session.accounts.add(login, name, [Holding(role)])
            made.session(session.accounts.get(login).actor).accounts.change_password(first, PASSWORD)
        yield made


def signed_in(library: Library, login: str) -> FlaskClient:
    client = create_app(library).test_client()
    token = client.get("/login").text.split('name="token" value="')[1].split('"')[0]
    assert client.post("/login", data={"token": token, "login": login, "password": PASSWORD}).status_code == 303
    return client


def test_two_on_one_article_learn_of_each_other(library: Library) -> None:
    wang, li = signed_in(library, "wang"), signed_in(library, "li")
    assert "也打开了这一篇" not in wang.get("/article/1/edit/1").text
    assert "王编辑也打开了这一篇" in li.get("/article/1/edit/1").text
    assert "李编辑也打开了这一篇" in wang.get("/article/1/fields").text
    page = wang.get("/article/1/edit/1").text
    token = page.split('name="token" value="')[1].split('"')[0]
    form = {"token": token, "version": "1", "text": "河边有木水车。", "do": "save"}
    assert wang.post("/article/1/edit/1", data=form).status_code == 303
    assert "也打开了这一篇" not in li.get("/article/1/edit/1").text, "who saved has gone"


def test_who_is_not_to_see_it_learns_nothing(library: Library) -> None:
    session = library.session(LOCAL)
    session.withdraw("1", "试")
    session.accounts.set_roles("li", [Holding(AccountRole.READER)])
    signed_in(library, "wang").get("/article/1/fields")
    answer = signed_in(library, "li").get("/article/1/edit/1")
    assert answer.status_code in (403, 404) and "王编辑" not in answer.text


def test_what_is_handed_over_is_told_with_its_sender(library: Library) -> None:
    wang = library.session(library.session(LOCAL).accounts.get("wang").actor)
    wang.workflow.add("来稿登记簿", {"题名": "水车旧事", "收到日期": "2026-03-01"})
    record = wang.workflow.records("来稿登记簿")[0]
    wang.workflow.take("来稿登记簿", record.number, AskedStep(to="初审", assignee="李编辑"))
    li = signed_in(library, "li")
    assert 'aria-label="1 条新消息"' in li.get("/").text
    page = li.get("/me").text
    assert f"交给您办：来稿登记簿 {record.number}《水车旧事》，初审" in page and "王编辑，" in page
    assert li.get(f"/registers/文史稿件/one/{record.number}").status_code == 200


def test_nothing_is_handed_to_whom_nobody_is(library: Library) -> None:
    wang = library.session(library.session(LOCAL).accounts.get("wang").actor)
    record = wang.workflow.add("来稿登记簿", {"题名": "水车旧事"})
    with pytest.raises(FieldError, match="没有“李编缉”这个人的账号") as refused:
        wang.workflow.take("来稿登记簿", record.number, AskedStep(to="初审", assignee="李编缉"))
    assert "张主任、李编辑、王编辑" in refused.value.hint
    assert wang.workflow.record("来稿登记簿", record.number).state == "来稿"
    assert wang.workflow.take("来稿登记簿", record.number, AskedStep(to="初审", assignee="li")).assignee == "李编辑"
    page = signed_in(library, "wang").get(f"/registers/文史稿件/one/{record.number}").text
    assert '<option value="李编辑">' in page.partition('<datalist id="colleagues">')[2]


def test_who_waits_too_long_is_told_who_does_what(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.store.lock.PATIENCE", 0.1)
    wang = signed_in(library, "wang")
    page = wang.get("/article/1/edit/1").text
    token = page.split('name="token" value="')[1].split('"')[0]
    form = {"token": token, "version": "1", "text": "河边有木水车。", "do": "save"}
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with library.session(library.session(LOCAL).accounts.get("li").actor).writing("收入稿件"):
            holding.set()
            done.wait(30)

    other = threading.Thread(target=hold)
    other.start()
    assert holding.wait(30)
    try:
        answer = wang.post("/article/1/edit/1", data=form)
    finally:
        done.set()
        other.join()
    assert answer.status_code == 503 and "李编辑（收入稿件）" in answer.text and "河边有木水车。" in answer.text
    assert "等做完再试" in answer.text and "进程" not in answer.text
    assert wang.post("/article/1/edit/1", data=form).status_code == 303


def test_who_reported_an_error_is_told_what_became_of_it(library: Library) -> None:
    people = library.session(LOCAL).accounts
    li, wang = (library.session(people.get(one).actor) for one in ("li", "wang"))
    key = li.corrections.report("1", (1, 0, 2), "应是河旁", 1)
    wang.correct("1", [Rewrite(1, "河边有水车。", ("河旁有水车。",))], "照报错改")
    wang.corrections.settle(key, "已改")
    assert [(one.who, one.words) for one in li.notices.listed()] == [("王编辑", "您报的错处理好了：已改")]

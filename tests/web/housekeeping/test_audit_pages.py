"""The audit log as a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding
from archive.model.records import Article, Block, Collection, Kind
from web.app import create_app

LOCAL = Actor.local()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as made:
        session = made.session(LOCAL)
        session.save_collection(Collection("c", "集"))
        file = tmp_path / "a.txt"
        file.write_text("a", encoding="utf-8")
        session.add(file, "a.txt", [Article(collection="c", blocks=(Block.plain(Kind.TITLE, "水车"),))], ())
        yield made


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def test_entries_are_narrowed_and_handed_out(client: FlaskClient, library: Library) -> None:
    session = library.session(LOCAL)
    session.books.create("审计", [session.article(session.listing()[0].id)])
    page = client.get("/manage/audit").text
    assert "建立书稿" in page and "收稿" in page and str(session.upkeep.log.end()) in page
    narrowed = client.get("/manage/audit?action=project&subject=审计").text
    assert "建立书稿" in narrowed and "<td>收稿</td>" not in narrowed
    assert "没有这样的记录" in client.get("/manage/audit?who=无此人").text
    assert "没有这样的记录" in client.get("/manage/audit?since=2999-01-01").text
    wrong = client.get("/manage/audit?since=昨天")
    assert "看不懂日期" in wrong.text and 'value="昨天"' in wrong.text
    sheet = client.get("/manage/audit/记录.csv?action=project")
    assert "审计" in sheet.text and "记录到此为止" in sheet.text and "收稿" not in sheet.text
    assert client.get("/manage/audit/记录.xlsx").status_code == 200


@pytest.mark.parametrize(("role", "code"), [(AccountRole.EDITOR, 200), (AccountRole.READER, 403)])
def test_who_does_not_maintain_sees_only_what_they_may_do(library: Library, role: AccountRole, code: int) -> None:
    accounts = library.session(LOCAL).accounts
    accounts.add("zhang", "张三", [Holding(AccountRole.ADMINISTRATOR)])
    _, first = accounts.add("li", "李四", [Holding(role)])
    own = library.session(accounts.get("li").actor).accounts
    own.change_password(first, "一句很长很长的话")
    client = create_app(library).test_client()
    token = client.get("/login").text.split('name="token" value="')[1].split('"')[0]
    client.post("/login", data={"token": token, "login": "li", "password": "一句很长很长的话"})
    assert client.get("/manage/audit").status_code == 403
    desk = client.get("/manage")
    assert desk.status_code == code
    if code == 200:
        assert "登记簿" in desk.text and "文集" in desk.text and "操作记录" not in desk.text and "备份" not in desk.text

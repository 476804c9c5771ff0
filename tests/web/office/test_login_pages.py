"""Signing in to the pages, and what people may open there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding
from archive.model.records import Access, Article, Block, Collection, Kind
from archive.workflow import passwords
from web.app import create_app
from web.base import door

PASSWORD = "黄河边上水车转不停"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(passwords, "_MEMORY", 64)
    file = tmp_path / "a.txt"
    file.write_text("原稿", encoding="utf-8")
    with Library.create(tmp_path / "library") as created:
        owner = created.session(Actor.local())
        owner.save_collection(Collection("c", "文集"))
        drafts = [
            Article(collection="c", number=n, blocks=(Block.plain(Kind.TITLE, f"水车{n}"),), access=access)
            for n, access in ((1, Access.OPEN), (2, Access.RESTRICTED))
        ]
        owner.add(file, file.name, drafts, ())
        yield created


@pytest.fixture
def accounts(library: Library) -> Library:
    accounts = library.session(Actor.local()).accounts
    accounts.found("zhang", "张三", PASSWORD)
    accounts.add("li", "李四", [Holding(AccountRole.READER)])
    return library


def secret(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get(page).text)
    assert found, page
    return found[1]


def sign_in(client: FlaskClient, login: str, password: str, then: str = "/") -> object:
    form = {"token": secret(client, "/login"), "login": login, "password": password, "next": then}
    return client.post("/login", data=form)


def test_without_accounts_nobody_signs_in(library: Library) -> None:
    client = create_app(library).test_client()
    assert client.get("/").status_code == 200
    assert client.get("/login").status_code == 303


@pytest.mark.parametrize("path", ["/", "/article/1", "/collections", "/accounts", "/me", "/jobs", "/没有"])
def test_with_accounts_every_page_asks(accounts: Library, path: str) -> None:
    answer = create_app(accounts).test_client().get(path)
    assert answer.status_code == 303 and answer.location.startswith("/login")
    assert answer.headers["Cache-Control"] == "no-store"


def test_signing_in_leads_to_what_was_wanted(accounts: Library) -> None:
    client = create_app(accounts).test_client()
    assert sign_in(client, "zhang", "不对的密码").status_code == 401  # type: ignore[attr-defined]
    assert client.get("/").status_code == 303
    answer = sign_in(client, "zhang", PASSWORD, "/article/1")
    assert (answer.status_code, answer.location) == (303, "/article/1")  # type: ignore[attr-defined]
    assert "张三" in client.get("/").text
    assert client.post("/logout", data={"token": secret(client, "/me")}).status_code == 303
    assert client.get("/").status_code == 303


@pytest.mark.parametrize("then", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:1"])
def test_next_is_a_page_of_ours(accounts: Library, then: str) -> None:
    answer = sign_in(create_app(accounts).test_client(), "zhang", PASSWORD, then)
    assert answer.location == "/"  # type: ignore[attr-defined]


def test_forged_and_ended_cookies_are_nobodys(accounts: Library) -> None:
    app = create_app(accounts)
    client = app.test_client()
    sign_in(client, "zhang", PASSWORD)
    name = app.config["SESSION_COOKIE_NAME"]
    held = client.get_cookie(name)
    assert held is not None
    for forged in (held.value[:-4] + "AAAA", "x", ""):
        client.set_cookie(name, forged)
        assert client.get("/").status_code == 303
    client.set_cookie(name, held.value)
    assert client.get("/").status_code == 200
    owner = accounts.session(Actor.local()).accounts
    owner.end_login(owner.logins("zhang")[0].id, "zhang")
    assert client.get("/").status_code == 303


def test_a_first_password_is_changed_before_anything_else(accounts: Library) -> None:
    first = accounts.session(Actor.local()).accounts.reset_password("li")
    client = create_app(accounts).test_client()
    sign_in(client, "li", first)
    assert client.get("/").location == "/me/password"
    form = {"token": secret(client, "/me/password"), "old": first, "password": PASSWORD, "again": PASSWORD}
    assert client.post("/me/password", data=form).status_code == 303
    assert client.get("/").status_code == 200


def test_readers_see_what_is_theirs_and_roles_change_at_once(accounts: Library) -> None:
    owner = accounts.session(Actor.local()).accounts
    first = owner.reset_password("li")
    client = create_app(accounts).test_client()
    sign_in(client, "li", first)
    accounts.session(owner.get("li").actor).accounts.change_password(first, PASSWORD)
    sign_in(client, "li", PASSWORD)
    assert client.get("/article/2").status_code == client.get("/article/99").status_code == 404
    assert client.get("/accounts").status_code == 403
    owner.set_roles("li", [Holding(AccountRole.ADMINISTRATOR)])
    assert client.get("/article/2").status_code == 200 and client.get("/accounts").status_code == 200
    owner.disable("li")
    assert client.get("/article/1").status_code == 303


def test_the_first_account_by_a_link_that_works_once(library: Library) -> None:
    app = create_app(library, founding=True)
    client = app.test_client()
    assert client.get("/").status_code == 401
    page = f"/{door.path(app)}"
    assert client.get("/welcome/0123").status_code == 401
    form = {"token": secret(client, page), "login": "zhang", "name": "张三", "password": PASSWORD, "again": PASSWORD}
    assert client.post(page, data=form | {"again": "别的"}).status_code == 400
    assert client.post(page, data=form).location == "/accounts"
    assert client.get("/accounts").status_code == 200
    assert app.test_client().get(page).status_code == 401


def test_a_locked_door_opens_to_the_printed_address(library: Library) -> None:
    app = create_app(library, locked=True)
    client, other = app.test_client(), app.test_client()
    assert other.get("/open/wrong").status_code == 401
    assert client.get(f"/{door.path(app)}").status_code == 303
    assert client.get("/article/1").status_code == 200
    refused = other.get("/article/1")
    assert refused.status_code == 401 and "水车" not in refused.text and "整行复制" in refused.text


def test_the_browser_one_sits_at_is_told_from_others(accounts: Library) -> None:
    app = create_app(accounts)
    elsewhere, here = app.test_client(), app.test_client()
    for client in (elsewhere, here):
        sign_in(client, "zhang", PASSWORD)
    page = here.get("/me").text
    assert page.count("就是这里") == 1 and page.count("退出这一处") == 1


def test_administrators_manage_accounts(accounts: Library) -> None:
    client = create_app(accounts).test_client()
    sign_in(client, "zhang", PASSWORD)
    token = secret(client, "/accounts")
    made = client.post("/accounts", data={"token": token, "login": "wang", "name": "王五", "role": "编辑"})
    assert made.status_code == 200 and "首次密码" in made.text
    assert client.post("/accounts", data={"token": token, "login": "wang", "role": "编辑"}).status_code == 400
    roles = {"token": token, "role": "初审", "more-role": "编辑", "more-collection": "c"}
    assert client.post("/accounts/wang/roles", data=roles).status_code == 303
    assert "编辑：文集" in client.get("/accounts/wang").text
    assert client.post("/accounts/wang/closed", data={"token": token, "do": "disable"}).status_code == 303
    assert client.post("/accounts/zhang/closed", data={"token": token, "do": "disable"}).status_code == 409
    assert client.get("/accounts/nobody").status_code == 404

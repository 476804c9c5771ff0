"""Programs come in with a token; browsers may read with what they hold, and change nothing through the API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding, Scope
from archive.model.records import Access, Article, Block, Collection, Kind
from archive.workflow import passwords
from tests.web.test_buttons_by_rights import signed_in, token
from web.app import create_app

LOCAL = Actor.local()


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(passwords, "_MEMORY", 64)
    with Library.create(tmp_path / "library") as created:
        session = created.session(LOCAL)
        session.save_collection(Collection("c", "文史资料"))
        for name, access in (("open", Access.OPEN), ("shut", Access.RESTRICTED)):
            file = tmp_path / f"{name}.txt"
            file.write_text(name, encoding="utf-8")
            blocks = (Block.plain(Kind.TITLE, f"水车{name}"), Block.plain(Kind.PARAGRAPH, "河边有水车。"))
            session.add(file, file.name, [Article(id=name, collection="c", blocks=blocks, access=access)], ())
        yield created


@pytest.fixture
def app(library: Library) -> Flask:
    return create_app(library, locked=True)


def with_token(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def of(library: Library, login: str, role: AccountRole, *scopes: Scope) -> dict[str, str]:
    """The header of a program of somebody new."""
    accounts = library.session(LOCAL).accounts
    if not accounts.listed():
        accounts.add("first", "第一位", [Holding(AccountRole.ADMINISTRATOR)])
    _, first = accounts.add(login, login, [Holding(role)])
    library.session(accounts.get(login).actor).accounts.change_password(first, f"{login} 想的一句话也够长")
    return with_token(library.session(accounts.get(login).actor).tokens.make("程序", scopes)[1])


def test_without_anything_nobody_is_let_in(app: Flask) -> None:
    client = app.test_client()
    for headers in ({}, with_token("wenshi_none"), {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer"}):
        answer = client.get("/api/v1/kwic?q=水车", headers=headers)
        assert answer.status_code == 401 and answer.mimetype == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_where_nobody_signs_in_a_token_of_the_owners_does(library: Library, app: Flask) -> None:
    _, secret = library.session(LOCAL).tokens.make("统计", [])
    answer = app.test_client().get("/api/v1/kwic?q=水车", headers=with_token(secret))
    assert answer.status_code == 200 and answer.get_json()["articles"] == 2


def test_it_sees_what_the_person_sees(library: Library, app: Flask) -> None:
    reader, editor = of(library, "du", AccountRole.READER), of(library, "bian", AccountRole.EDITOR)
    client = app.test_client()
    assert client.get("/api/v1/kwic?q=水车", headers=reader).get_json()["articles"] == 1
    assert client.get("/api/v1/kwic?q=水车", headers=editor).get_json()["articles"] == 2
    hidden, nothing = (
        client.get(f"/api/v1/articles/{name}/blocks/1/same-words", headers=reader) for name in ("shut", "none")
    )
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.text.replace("shut", "…") == nothing.text.replace("none", "…")


def test_it_opens_no_pages(library: Library, app: Flask) -> None:
    headers = of(library, "bian", AccountRole.ADMINISTRATOR, *Scope)
    for address in ("/", "/me/tokens", "/accounts"):
        assert app.test_client().get(address, headers=headers).headers.get("Location", "").startswith("/login")


def test_scopes_are_asked_for(library: Library, app: Flask) -> None:
    client = app.test_client()
    reading, compiling = (
        of(library, "a", AccountRole.EDITOR, Scope.READ), of(library, "b", AccountRole.EDITOR, Scope.COMPILE),
    )  # fmt: skip
    assert client.get("/api/v1/compilations", headers=reading).get_json() == {"compilations": []}
    assert client.get("/api/v1/compilations/x", headers=reading).status_code == 403
    assert client.get("/api/v1/compilations/x", headers=compiling).status_code == 404


def test_answers_to_programs_may_be_kept_and_asked_for_again(library: Library, app: Flask) -> None:
    headers, client = of(library, "du", AccountRole.READER), app.test_client()
    first = client.get("/api/v1/kwic?q=水车", headers=headers)
    again = client.get("/api/v1/kwic?q=水车", headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and "private" in first.headers["Cache-Control"]


def test_a_browser_reads_but_changes_nothing_through_the_api(library: Library) -> None:
    client = signed_in(library, create_app(library), [Holding(AccountRole.ADMINISTRATOR)])
    assert client.get("/api/v1/kwic?q=水车").status_code == 200
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(client, method)("/api/v1/kwic")
        assert answer.status_code == 401 and "令牌" in answer.get_json()["detail"]


# -- the pages


def posted(client: FlaskClient, address: str, **form: object) -> str:
    answer = client.post(address, data={"token": token(client, "/me/tokens"), **form}, follow_redirects=True)
    return answer.text


def test_made_once_shown_and_ended_on_the_page(library: Library) -> None:
    client = signed_in(library, create_app(library), [Holding(AccountRole.ADMINISTRATOR)])
    shown = posted(client, "/me/tokens", name="统计", scope=["correct"], days="30")
    secret = shown.split("<code>")[1].split("</code>")[0]
    assert library.holder(secret) is not None and "更正、著录" in shown
    listed = client.get("/me/tokens").text
    assert "统计" in listed and secret not in listed
    id = listed.split("/me/tokens/")[1].split("/end")[0]
    assert "已经停用" in posted(client, f"/me/tokens/{id}/end")
    assert library.holder(secret) is None and "<b>统计</b>" not in client.get("/me/tokens").text


def test_what_is_wrong_is_said_on_the_page_and_nothing_is_lost(library: Library) -> None:
    client = signed_in(library, create_app(library), [Holding(AccountRole.READER)])
    shown = posted(client, "/me/tokens", name="长" * 70, scope=["compile"], days="30")
    assert "令牌要有个名字" in shown and "长" * 70 in shown and 'value="compile" checked' in shown


def test_an_administrator_ends_those_of_others_and_nobody_else_does(library: Library) -> None:
    headers = of(library, "wang", AccountRole.EDITOR)
    app = create_app(library)
    client = signed_in(library, app, [Holding(AccountRole.ADMINISTRATOR)])
    id = client.get("/accounts/wang").text.split("/accounts/wang/tokens/")[1].split("/end")[0]
    library.session(LOCAL).accounts.set_roles("somebody", [Holding(AccountRole.EDITOR)])
    assert (
        client.post(f"/accounts/wang/tokens/{id}/end", data={"token": token(client, "/me/tokens")}).status_code == 403
    )
    library.session(LOCAL).accounts.set_roles("somebody", [Holding(AccountRole.ADMINISTRATOR)])
    assert "已经停用" in posted(client, f"/accounts/wang/tokens/{id}/end")
    assert app.test_client().get("/api/v1/kwic", headers=headers).status_code == 401

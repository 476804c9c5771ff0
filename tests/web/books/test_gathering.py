"""Texts gathered for a book from results, the reading page and contents: one button, one way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from archive.books.service import item_of
from archive.library import Library
from archive.model.access import Actor
from archive.model.project import Part
from web.app import create_app

LOCAL = Actor.local()
NAME = "治沙旧事"


@pytest.fixture(scope="module")
def app(library: Library) -> Flask:
    return create_app(library)


@pytest.fixture
def client(app: Flask, library: Library) -> Iterator[FlaskClient]:
    yield app.test_client()
    books = library.session(LOCAL).books
    for name in books.names():
        books.remove(name)


@pytest.fixture
def ids(library: Library) -> list[str]:
    return [each.id for each in library.session(LOCAL).articles("volume3")]


def send(client: FlaskClient, path: str, *ids: str, **form: str) -> TestResponse:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/?q=水车").text)
    assert found
    return client.post(path, data=MultiDict([("token", found[1]), *(("id", each) for each in ids), *form.items()]))


def held(library: Library, name: str = NAME) -> list[str]:
    return [item.article for item in library.session(LOCAL).books.project(name).items]


def test_the_first_button_asks_which_book_and_the_next_ones_do_not(
    client: FlaskClient, library: Library, ids: list[str]
) -> None:
    asked = send(client, "/add-to-book", ids[0], next="/?q=x#r-1")
    assert asked.status_code == 200 and "建一部书稿" in asked.text and f'value="{ids[0]}"' in asked.text
    made = send(client, "/add-to-book", ids[0], name=NAME, next="/?q=x#r-1")
    assert (made.status_code, made.location) == (303, "/?q=x#r-1")
    for each in (ids[2], ids[1], ids[0]):
        assert send(client, "/add-to-book", each, next="/?q=x").location == "/?q=x"
    assert held(library) == [ids[0], ids[2], ids[1]]
    text = client.get(f"/article/{ids[2]}").text
    assert "再按一次移出" in text and f'aria-label="“{NAME}”有 3 篇"' in text


def test_pressed_again_it_takes_the_text_out(client: FlaskClient, library: Library, ids: list[str]) -> None:
    send(client, "/add-to-book", ids[0], ids[1], name=NAME)
    assert send(client, "/add-to-book/remove", ids[0], next="/?q=x").location == "/?q=x"
    assert held(library) == [ids[1]]
    assert send(client, "/add-to-book/remove", ids[0]).status_code == 404
    assert "撤销" in client.get(f"/books/{NAME}").text


def test_what_was_worked_on_is_not_taken_out_by_the_button(
    client: FlaskClient, library: Library, ids: list[str]
) -> None:
    send(client, "/add-to-book", ids[0], name=NAME)
    books = library.session(LOCAL).books
    project = books.project(NAME)
    item = replace(item_of(library.session(LOCAL).article(ids[0])), note="编者按")
    books.save(replace(project, parts=(Part(items=(item,)),)))
    answer = send(client, "/add-to-book/remove", ids[0], next="/?q=x")
    assert "/books/" in answer.location
    assert "没有移出" in client.get(answer.location).text
    assert held(library) == [ids[0]]


def test_a_text_goes_under_its_own_section_where_the_book_has_one(
    client: FlaskClient, library: Library, ids: list[str]
) -> None:
    session = library.session(LOCAL)
    section = session.article(ids[0]).section
    session.books.save(
        replace(session.books.create(NAME, []), parts=(Part(title="别的"), Part(title=section), Part(title="末尾")))
    )
    send(client, "/add-to-book", ids[0], book=NAME)
    assert [len(part.items) for part in session.books.project(NAME).parts] == [0, 1, 0]


def test_from_the_contents_ticked_ones_or_the_whole(client: FlaskClient, library: Library, ids: list[str]) -> None:
    assert f'form="gather" name="id" value="{ids[0]}"' in client.get("/collection/volume3").text
    assert send(client, "/add-to-book", collection="volume3").status_code == 200  # which book?
    send(client, "/add-to-book", ids[3], ids[1], name=NAME, next="/collection/volume3")
    assert held(library) == [ids[3], ids[1]]
    assert f'value="{ids[3]}" disabled checked' in client.get("/collection/volume3").text
    assert send(client, "/add-to-book", next="/collection/volume3").status_code == 400  # nothing ticked
    send(client, "/add-to-book", collection="volume3")
    assert sorted(held(library)) == sorted(ids) and held(library)[:2] == [ids[3], ids[1]]


def test_another_book_gets_what_follows(client: FlaskClient, library: Library, ids: list[str]) -> None:
    send(client, "/books", name=NAME)
    send(client, "/books", name="另一部")
    send(client, "/add-to-book", ids[0], next="/")
    send(client, "/add-to-book", book=NAME, next="/")
    send(client, "/add-to-book", ids[1], next="/")
    assert (held(library, "另一部"), held(library)) == ([ids[0]], [ids[1]])
    assert client.get("/books").text.count("正在往这一部里加") == 1
    library.session(LOCAL).books.remove(NAME)
    assert "建立并加入" in send(client, "/add-to-book", ids[2]).text  # the book is gone: asked again


def test_it_stays_across_restarts(client: FlaskClient, library: Library, ids: list[str]) -> None:
    send(client, "/add-to-book", ids[0], name=NAME)
    restarted = create_app(library).test_client()
    cookie = client.get_cookie(str(restarted.application.config["SESSION_COOKIE_NAME"]))
    assert cookie is not None and cookie.http_only and cookie.same_site == "Lax"
    restarted.set_cookie(cookie.key, cookie.value)
    send(restarted, "/add-to-book", ids[1])
    assert held(library) == [ids[0], ids[1]]


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", ""])
def test_a_form_never_leads_elsewhere(client: FlaskClient, ids: list[str], to: str) -> None:
    assert send(client, "/add-to-book", ids[0], name="a", next=to).location == "/books/a"


@pytest.mark.parametrize("path", ["/add-to-book", "/add-to-book/remove"])
def test_a_form_without_the_token_changes_nothing(
    client: FlaskClient, library: Library, ids: list[str], path: str
) -> None:
    send(client, "/add-to-book", ids[0], name=NAME)
    answer = client.post(path, data={"token": "guess", "id": ids[0], "name": "b"})
    assert answer.status_code == 403 and "已经过期" in answer.text
    assert held(library) == [ids[0]] and library.session(LOCAL).books.names() == (NAME,)


def test_an_article_that_is_not_there(client: FlaskClient) -> None:
    assert send(client, "/add-to-book", "none", name=NAME).status_code == 404

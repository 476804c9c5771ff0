"""What cannot be taken back is asked about by the server where there are no scripts to ask."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from web.app import create_app


def hidden(text: str, form: str) -> dict[str, str]:
    """The hidden fields of a form as a browser without scripts sends them."""
    whole = re.search(rf'<form[^>]*action="{form}".*?</form>', text, re.S)
    assert whole, form
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', whole[0]))


def sent(client: FlaskClient, page: str, form: str) -> tuple[str, dict[str, str]]:
    """What is answered to a form of a page sent without scripts, and the fields of the question in it."""
    answer = client.post(form, data=hidden(client.get(page).text, form))
    assert answer.status_code == 200 and "请再看一眼" in answer.text
    return answer.text, dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text))


def test_a_book_is_deleted_only_after_yes(library: Library) -> None:
    session, client = library.session(Actor.local()), create_app(library).test_client()
    session.books.create("book", list(session.articles())[:1])
    text, kept = sent(client, "/books/book", "/books/book/remove")
    assert "删除书稿“book”" in text and 'href="/books/book"' in text  # the way back
    assert session.books.names() == ("book",)
    assert "ask" not in kept and client.post("/books/book/remove", data=kept).status_code == 303
    assert not session.books.names()


def test_with_scripts_the_page_has_asked(library: Library) -> None:
    session, client = library.session(Actor.local()), create_app(library).test_client()
    session.books.create("other", list(session.articles())[:1])
    fields = hidden(client.get("/books/other").text, "/books/other/remove")
    fields.pop("ask")  # it stands in <noscript>
    assert client.post("/books/other/remove", data=fields).status_code == 303

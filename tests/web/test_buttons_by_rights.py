"""What the pages offer somebody is what they may do.

As each role, every page that links lead to is opened, one for each shape of address, and every form on it is sent with
something typed. An answer may ask for more words or say that nothing changed, but never that it is not theirs to do.
The other way round, whatever a role may do is offered to it on some page.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding
from archive.model.procedures import RowChange
from archive.model.records import Article, Block, Collection, Kind, Person, Status
from web.app import create_app

LOCAL = Actor.local()
PASSWORD = "一句很长很长的话"
TYPED = "改"  # into every box, since a form that changes nothing is refused to nobody
MOST = 400  # pages of one role
FINAL = frozenset(  # after these there is nobody to ask
    ("office.sign_out", "office.set_closed", "office.end_login", "office.reset_password", "office.end_their_login")
)

REFUSED = (401, 403, 405)
NO = (*REFUSED, 404)
Forms = dict[tuple[str, ...], tuple[str, MultiDict[str, str]]]
"""Forms that may be sent, where to and with what, by the shape of the address."""

WHO = {
    **{str(role): [Holding(role)] for role in AccountRole},
    "一个文集的编辑": [Holding(AccountRole.RESEARCHER), Holding(AccountRole.EDITOR, "c")],
    "一个文集的终审": [Holding(AccountRole.READER), Holding(AccountRole.FINAL_REVIEW, "d")],
}


class Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, MultiDict[str, str]]] = []
        self.buttons: list[tuple[int, str, str]] = []
        self._typing: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what may be followed or sent."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self.forms.append((given.get("method", "get").lower(), given.get("action", ""), MultiDict()))
        elif tag in ("textarea", "select") and self.forms and given.get("name"):
            self._typing = [given["name"], "", ""]
        elif tag == "option" and self._typing:
            chosen = "selected" in given or not self._typing[2]
            self._typing[1:] = [given.get("value", "\0"), "x"] if chosen else self._typing[1:]
        elif tag == "input" and self.forms and given.get("name"):
            kind = given.get("type", "text")
            if (kind not in ("checkbox", "radio") or "checked" in given) and kind != "file":
                typed = TYPED if kind in ("text", "search") else ""
                self.forms[-1][2].add(given["name"], given.get("value", "") + typed)
        elif tag == "button" and self.forms and given.get("name"):
            self.buttons.append((len(self.forms) - 1, given["name"], given.get("value", "")))

    def handle_data(self, data: str) -> None:
        """What stands in a text box, or the value of an option that says none."""
        if self._typing and (not self._typing[2] or self._typing[1].startswith("\0")):
            self._typing[1] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        """Add what was typed or chosen."""
        if tag == "option" and self._typing and self._typing[1].startswith("\0"):
            self._typing[1] = self._typing[1][1:]
        if tag in ("textarea", "select") and self._typing:
            name, value, _ = self._typing
            self.forms[-1][2].add(name, value + (TYPED if tag == "textarea" else ""))
            self._typing = None


def furnished(root: Path) -> Library:
    """A library in which there is something for everybody to do, with its administrator."""
    made = Library.create(root / "library")
    session = made.session(LOCAL)
    standing = ((Status.RELEASED, "c"), (Status.FIRST_REVIEW, "c"), (Status.FINAL_REVIEW, "c"), (Status.RELEASED, "d"))
    for number, (status, collection) in enumerate(standing, 1):
        session.save_collection(Collection(collection, f"文史资料{collection}"))
        file = root / f"{number}.txt"
        file.write_text(str(number), encoding="utf-8")
        words = f"{1930 + number}年，河边有水车，张三修过，李四也修过。"
        blocks = (Block.plain(Kind.TITLE, f"水车之{number}"), Block.plain(Kind.PARAGRAPH, words))
        article = Article(collection=collection, blocks=blocks, status=status, people=(Person("张三"),), number=number)
        session.add(file, file.name, [article], ())
    session.corrections.report("1", (1, 0, 2), "应是别的", 1)
    session.workflow.fill("文史稿件", "2", {"备注": "细看"})
    session.workflow.add("提案", {"案由": "修渠", "提案人": "张三"}, [RowChange("承办", -1, {"单位": "水利局"})])
    session.books.create("一辑", [session.article("1")])
    session.workflow.fill("书稿校次", "一辑", {"印数": "500"})
    session.accounts.add("boss", "主任", [Holding(AccountRole.ADMINISTRATOR)])
    return made


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with furnished(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Forms:
    """The forms that an administrator is offered."""
    with furnished(tmp_path_factory.mktemp("everything")) as made:
        app = create_app(made)
        return crawled(app, signed_in(made, app, [Holding(AccountRole.ADMINISTRATOR)]))[1]


def signed_in(library: Library, app: Flask, holdings: list[Holding]) -> FlaskClient:
    accounts = library.session(LOCAL).accounts
    _, first = accounts.add("somebody", "某人", holdings)
    library.session(accounts.get("somebody").actor).accounts.change_password(first, PASSWORD)
    client = app.test_client()
    sent = {"token": token(client, "/login"), "login": "somebody", "password": PASSWORD}
    assert client.post("/login", data=sent).status_code == 303
    return client


def token(client: FlaskClient, address: str) -> str:
    return client.get(address).text.split('name="token" value="')[1].split('"')[0]


def shape(app: Flask, address: str, method: str = "GET") -> tuple[str, ...]:
    """What tells one kind of address from another: the page, and what its query asks about."""
    parts = urlsplit(address)
    try:
        endpoint, values = app.url_map.bind("localhost").match(unquote(parts.path), method=method)
    except HTTPException:
        return ("", parts.path)
    kinds = [str(values[one]) for one in ("name", "collection_id", "article_id", "which") if one in values]
    return (endpoint, *kinds, "?" if any(value for _, value in parse_qsl(parts.query)) else "")


def crawled(app: Flask, client: FlaskClient) -> tuple[dict[str, str], Forms]:
    """What is refused, by address and with the page it stood on; and the forms to be sent, by shape."""
    waiting: list[tuple[str, str, tuple[int, ...]]] = [("/", "", NO)]
    seen: set[tuple[str, ...]] = set()
    refused: dict[str, str] = {}
    forms: Forms = {}
    while waiting and len(seen) < MOST:
        address, source, wrong = waiting.pop(0)
        kind = shape(app, address)
        if kind in seen:
            continue
        seen.add(kind)
        answer = asked(client.get(address))
        if answer.status_code in wrong:
            refused[address] = f"{answer.status_code}，在 {source}"
        if answer.status_code in (302, 303):
            waiting.append((urljoin(address, answer.headers["Location"]), source, NO))
        if answer.mimetype != "text/html":
            continue
        page = Page(answer.text)
        waiting += [(each, address, NO) for one in page.links if (each := ours(address, one))]
        for number, (method, action, fields) in enumerate(page.forms):
            where = ours(address, action or address)
            sent = [fields.copy()]
            for at, name, value in page.buttons:
                if at == number:
                    sent.append(MultiDict([*fields.items(multi=True), (name, value)]))
            for values in sent:
                if method == "post":
                    given = (values.get("do", ""), values.get("to", ""))
                    forms.setdefault((*shape(app, where, "POST"), *given), (where, values))
                else:
                    query = "&".join(f"{name}={value}" for name, value in values.items(multi=True) if value)
                    waiting.append((f"{urlsplit(where).path}?{query}", address, REFUSED))
    return refused, forms


def asked(answer: TestResponse) -> TestResponse:
    """An answer that has been read to its end."""
    answer.get_data()
    answer.close()
    return answer


def ours(base: str, link: str) -> str:
    """An address of the pages without its fragment; "" for anything else."""
    whole = urlsplit(urljoin(f"http://localhost{base}", link))
    if whole.netloc != "localhost":
        return ""
    return whole.path + (f"?{whole.query}" if whole.query else "")


@pytest.mark.parametrize("who", WHO)
def test_what_is_offered_may_be_done_and_nothing_else_may(library: Library, everything: Forms, who: str) -> None:
    app = create_app(library)
    client = signed_in(library, app, WHO[who])
    refused, forms = crawled(app, client)
    assert len(forms) > 2 and len(everything) > 100
    mine = token(client, "/me")
    hidden = []
    for kind in sorted(everything.keys() - forms.keys()):
        where, fields = everything[kind]
        if kind[0] not in FINAL and answered(client, where, MultiDict({**fields.to_dict(), "token": mine})) < 400:
            hidden.append(f"{where} {dict(fields)}")
    for kind in sorted(forms):
        where, fields = forms[kind]
        if kind[0] not in FINAL and answered(client, where, fields) in REFUSED:
            refused[f"{where} {dict(fields)}"] = "不让做"
    assert refused == {}
    assert hidden == []


def answered(client: FlaskClient, where: str, fields: MultiDict[str, str]) -> int:
    """The status of what comes of a form, that of a refusal where it only stands on the page."""
    answer = asked(client.post(where, data=fields))
    return 403 if "的权限" in answer.text else answer.status_code

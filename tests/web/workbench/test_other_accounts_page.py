"""Other accounts in the browser: offered with what speaks for them, and put into the event they tell of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.name_records import NameKind, NameRecord
from archive.model.records import Article, Block, Collection, Kind
from web.app import create_app

TEXTS = (
    "1934年5月，王大川率队攻克柳树湾。",
    "<i>那年</i>五月十二日，就是1934年5月12日，王大川带着我们打进了寨子。",
    "1934年5月，柳树湾大旱。",
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "文集"))
        (file := tmp_path / "a.txt").write_text("稿", encoding="utf-8")
        blocks = [
            (Block.plain(Kind.TITLE, f"篇{at}"), Block.plain(Kind.PARAGRAPH, text)) for at, text in enumerate(TEXTS, 1)
        ]
        session.add(file, file.name, [Article(collection="c", number=n, blocks=b) for n, b in enumerate(blocks)], ())
        for name in (NameRecord(NameKind.PERSON, "王大川"), NameRecord(NameKind.PLACE, "柳树湾")):
            session.names.put(name)
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def sent(client: FlaskClient, page: str, **form: object) -> str:
    token = re.search(r'name="token" value="([^"]+)"', client.get(page).text)
    assert token
    return client.post(page, data={"token": token[1], **form}, follow_redirects=True).text


def test_an_event_gets_the_account_that_was_found(client: FlaskClient, library: Library) -> None:
    session = library.session(Actor.local())
    key = session.cards.make("1", (1, 0, len(TEXTS[0])))
    session.compilations.save(session.compilations.create("战事").with_cards([key]))
    event = client.get("/compilations/战事/event/1").text
    found = re.search(r'href="([^"]+)">找别处的记载', event)
    assert found
    page = found[1].replace("&amp;", "&")
    text = client.get(page).text
    assert "<b>1</b> 处" in text and "都有：王大川" in text and "那里“1934年5月12日”" in text
    assert "&lt;i&gt;那年" in text and "大旱" not in text
    assert "还没有选哪几处" in sent(client, page)
    text = sent(client, page, place="2:1")
    assert "放进这件事 1 种记载" in text and "2 种记载" in text
    assert len(session.compilations.get("战事").event(1).cards) == 2
    assert "放进这件事 0 种记载" in sent(client, page, place="2:1")  # it is there already


def test_from_a_text_into_a_new_compilation(client: FlaskClient, library: Library) -> None:
    text = sent(client, "/article/1/accounts/1", place="2:1")
    assert "2 张卡片" in text and 'name="together" value="1" checked' in text
    assert client.get("/article/1/accounts/9").status_code == 404


def test_nothing_found_says_what_is_needed(client: FlaskClient, library: Library) -> None:
    library.session(Actor.local()).names.remove(1)
    assert "别处没有找到" in client.get("/article/1/accounts/1").text
    library.session(Actor.local()).names.remove(2)
    assert "写进名称表" in client.get("/article/1/accounts/1").text


def test_a_name_nobody_has_decided_is_told(client: FlaskClient, library: Library) -> None:
    library.session(Actor.local()).names.put(NameRecord(NameKind.PERSON, "王大川", (), "1920—2000"))
    text = client.get("/article/1/accounts/1").text
    assert "“王大川”还没有定是谁" in text

"""长编 in the browser: made, filled, moved, compared, remarked on, written, made into other things; without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Genre, Kind
from archive.session import Session
from web.app import create_app

LOCAL = Actor.local()
TEXTS = (
    "民国二十三年三月，修河堤十二里，费银三千元。",
    "1934年3月，修河堤十五里。",
    "1956年5月，选举王明为<县长>。1957年，选举李大山为县长。",
)
PAGE = "/compilations/水利"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        session.save_collection(Collection("c", "清水文史"))
        session.save_collection(Collection("d", "大事记"))
        (file := tmp_path / "a.txt").write_text("原稿", encoding="utf-8")
        blocks = [
            (Block.plain(Kind.TITLE, f"篇{at}"), Block.plain(Kind.PARAGRAPH, text)) for at, text in enumerate(TEXTS)
        ]
        session.add(
            file, file.name, [Article(collection="c", blocks=one, number=at) for at, one in enumerate(blocks, 1)], ()
        )
        for number, text in enumerate(TEXTS, 1):
            session.cards.make(str(number), (1, 0, len(text)))
        yield session


@pytest.fixture
def client(session: Session) -> FlaskClient:
    library = Library.open(session.root)
    return create_app(library).test_client()


def sent(client: FlaskClient, page: str, to: str = "", **form: object) -> str:
    """What is shown after the form of a page was sent."""
    shown = client.get(page).text
    token, revision = (re.search(rf'name="{name}" value="([^"]+)"', shown) for name in ("token", "revision"))
    assert token
    data = {"token": token[1], **({"revision": revision[1]} if revision else {}), **form}
    return client.post(to or page, data=data, follow_redirects=True).text


def test_from_cards_to_a_compilation_and_on(client: FlaskClient, session: Session) -> None:
    assert "还没有长编" in client.get("/compilations").text
    assert "选中的放进长编" in client.get("/cards").text
    assert "还没有选放进哪一部" in sent(client, "/into-compilation/cards?card=1", card=["1"])
    text = sent(client, "/into-compilation/cards?card=1&card=2&card=3", card=["1", "2", "3"], new="水利")
    assert "放进去 3 张" in text and "未归篇目" in text and "&lt;县长&gt;" in text and "<县长>" not in text
    assert ">河工</a>" in sent(client, PAGE, do="heading", title="河工")
    sent(client, PAGE, do="heading", title="堤", under="1")
    text = sent(client, PAGE, do="under", event=["1", "2"], under="2")
    assert text.index('id="h2"') < text.index("十五里")
    text = sent(client, PAGE, do="join", event=["1", "2"])
    assert "2 种记载" in text and '<span class="differs">十二里</span>' in text
    assert "请刷新页面后再改" in sent(client, PAGE, do="order:hand", revision="1")
    assert "还没有选是哪几件事" in sent(client, PAGE, do="take-out")
    assert "全由人排" in sent(client, PAGE, do="order:hand")
    sent(client, PAGE, do="move:out:2")
    assert [one.level for one in session.compilations.get("水利").headings] == [1, 1]
    assert "长编的" in sent(client, PAGE, do="没有")


def test_an_event_is_compared_and_remarked_on(client: FlaskClient, session: Session) -> None:
    session.compilations.save(session.compilations.create("水利").with_heading("一").with_cards([1, 2], together=True))
    page = f"{PAGE}/event/1"
    assert "<td>十二里</td><td>十五里</td>" in client.get(page).text
    assert "取第一说&lt;b&gt;" in sent(client, page, do="remark", kind="考异", text="取第一说<b>")
    assert "要写 1 至" in sent(client, page, do="remark", kind="按语", text=" ")
    text = sent(client, page, do="save", title="修堤", date="不知何时", under="0")
    assert "wrong-box" in text and 'value="不知何时"' in text
    sent(client, page, do="save", title="修堤", date="1935年", under="1", doubtful="1")
    event = session.compilations.get("水利").event(1)
    assert (event.title, event.date, event.heading, event.doubtful) == ("修堤", "1935年", 1, True)
    sent(client, page, do="unremark:0")
    sent(client, page, do="part:2")
    assert [one.cards for one in session.compilations.get("水利").events] == [(1,), (2,)]
    assert client.get(f"{PAGE}/event/9").status_code == 404


def test_what_is_made_of_it(client: FlaskClient, session: Session) -> None:
    session.compilations.save(session.compilations.create("水利").with_heading("清水县政府").with_cards([1, 2, 3], 1))
    for suffix, head in ((".docx", b"PK"), (".xlsx", b"PK"), (".csv", b"\xef\xbb\xbf")):
        assert client.get(f"{PAGE}/file{suffix}").data.startswith(head)
    assert client.get(f"{PAGE}/file.pdf").status_code == 404
    assert "做成大事记 3 条" in sent(client, PAGE, f"{PAGE}/make", do="chronicle", collection="d")
    assert "上次做成以后没有改过" in sent(client, PAGE, f"{PAGE}/make", do="chronicle", collection="d")
    assert "做成组织史 1 条" in sent(client, PAGE, f"{PAGE}/make", do="roster", collection="d")
    made = [session.article(one.id).genre for one in session.listing("d")]
    assert sorted(made) == sorted([Genre.ENTRY] * 3 + [Genre.TERM])
    sent(client, PAGE, f"{PAGE}/make", do="project", name="水利书")
    assert len(list(session.books.project("水利书").items)) == 3
    assert client.post(f"{PAGE}/make", data={}).status_code == 403  # without the token of a form
    assert "已删去，卡片都在" in sent(client, PAGE, do="remove-all")
    assert client.get(PAGE).status_code == 404


def test_a_whole_concordance_goes_in_at_once(client: FlaskClient, session: Session) -> None:
    assert "/into-compilation/places?q=" in client.get("/concordance?q=选举").text
    text = sent(client, "/into-compilation/places?q=选举", new="任职")
    assert "放进去 2 张" in text
    text = sent(client, "/into-compilation/places?q=选举", target="任职:0", unit="paragraph")
    assert "放进去 1 张" in text  # the whole paragraph, which is another card

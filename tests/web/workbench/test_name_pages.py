"""Records of people, places and bodies in the browser: entered, changed, merged, removed, as a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import Conflict
from archive.model.name_records import FormType, NameForm, NameKind, NameRecord, Statement
from archive.model.records import Article, Block, Collection, Kind
from web.app import create_app

LOCAL = Actor.local()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as library:
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def send(client: FlaskClient, path: str, **form: object) -> TestResponse:
    token = re.findall(r'name="token" value="([^"]+)"', client.get("/names/new").text)[0]
    data = {"token": token, **form}
    return client.post(path, data=data, follow_redirects=True, content_type="multipart/form-data")


def test_a_record_is_entered_with_all_it_has(client: FlaskClient, library: Library) -> None:
    page = send(
        client, "/names/new", kind="人物", preferred="张　学良", dates="1901—2001", note="将领", reason="县志",
        form_type=["字", "别名"], form=["汉卿", "少帅；张副司令"],
        what=["生", "生", "任职"], when=["1901-06-03", "1900", "1928—1931"], text=["台安", "", "司令长官"],
        source=["年谱", "墓志", ""], identifiers="CBDB 3211",
    )  # fmt: skip
    (one,) = library.session(LOCAL).names.all()
    assert (one.preferred, one.dates, one.note, one.version) == ("张学良", "1901—2001", "将领", 1)
    assert one.forms == (NameForm("汉卿", FormType.COURTESY), NameForm("少帅"), NameForm("张副司令"))
    assert one.statements[1] == Statement("生", "1900", "", "墓志")
    for words in ("已保存", "1901-06-03", "墓志", "几说并存", "司令长官", "3211", "汉卿"):
        assert words in page.text
    history = client.get("/names/1/history").text
    assert "第 1 版　添加" in history and "县志" in history and "本机" in history


def test_what_was_typed_stays_with_an_error(client: FlaskClient) -> None:
    page = send(client, "/names/new", kind="地名", preferred="固原", belonged=["1949—1929"], parent=["甘肃省"])
    assert page.status_code == 400
    for words in ("起讫颠倒", 'value="固原"', 'value="甘肃省"', 'value="1949—1929"'):
        assert words in page.text
    page = send(client, "/names/new", kind="地名", preferred="固原", dates="1950—", identifiers="CHGIS hvd_80245")
    assert page.status_code == 400 and "不在 hvd_80245 的年份里" in page.text


def test_the_same_one_is_not_entered_twice(client: FlaskClient, library: Library) -> None:
    for _ in range(2):
        page = send(client, "/names/new", kind="人物", preferred="周大河")
    assert page.status_code == 400 and "已经有“周大河”（编号 1）" in page.text
    assert "名称表里已经有" in client.get("/names/new?preferred=周大河").text
    send(client, "/names/new", kind="人物", preferred="周大河", note="船工")
    assert len(library.session(LOCAL).names.all()) == 2
    page = client.get("/names/form?form=周大河")
    assert all(f'href="/names/{number}"' in page.text for number in (1, 2))


def test_two_who_change_one_record_are_told(library: Library) -> None:
    names = library.session(LOCAL).names
    key = names.put(NameRecord(NameKind.PERSON, "周大河"))
    held = names.get(key)
    names.put(NameRecord(NameKind.PERSON, "周大河", note="甲", key=key, version=held.version))
    with pytest.raises(Conflict):
        names.put(NameRecord(NameKind.PERSON, "周大河", note="乙", key=key, version=held.version))


def test_a_removed_record_comes_back(client: FlaskClient, library: Library) -> None:
    names = library.session(LOCAL).names
    key = names.put(NameRecord(NameKind.PERSON, "周大河"))
    send(client, f"/names/{key}/edit", do="remove")
    assert names.all() == () and "已经删去" in client.get(f"/names/{key}").text
    assert library.session(LOCAL).authority().names == ()
    send(client, f"/names/{key}/restore", version="1")
    assert [one.preferred for one in names.all()] == ["周大河"]
    assert [one.done for one in names.versions(key)] == ["添加", "删去", "恢复第 1 版"]


def test_a_merged_number_leads_on_and_says_why(client: FlaskClient, library: Library) -> None:
    names = library.session(LOCAL).names
    first = names.put(NameRecord(NameKind.PERSON, "周大河", statements=(Statement("生", "1898", "", "县志"),)))
    other = names.put(NameRecord(NameKind.PERSON, "周老汉", (NameForm("老周"),), "1899—", "船工"))
    assert send(client, f"/names/{other}/merge", into="周大河", chosen=str(first)).status_code == 400, (
        "without a reason"
    )
    send(client, f"/names/{other}/merge", into="周大河", chosen=str(first), reason="籍贯、职务相同")
    page = client.get(f"/names/{other}")
    assert page.status_code == 301 and page.location == f"/names/{first}?merged={other}"
    assert "籍贯、职务相同" in client.get(page.location).text
    (one,) = names.all()
    assert (one.aliases, one.dates, one.note) == (("周老汉", "老周"), "1899—", "船工")
    third = names.put(NameRecord(NameKind.PERSON, "周河"))
    names.merge(first, third, "同一人")
    leads = names.redirect(other)
    assert leads is not None and leads.into.key == third and leads.reason == "籍贯、职务相同"
    assert names.merged() == {third: (first, other)}
    assert names.found(str(other)).key == third
    assert any(entry.action == "name" and "同一人" in entry.detail for entry in library.session(LOCAL).audit())


def test_a_place_tells_what_it_belonged_to_in_a_year(client: FlaskClient) -> None:
    send(client, "/names/new", kind="地名", preferred="中卫县", identifiers="CHGIS hvd_80245 (1736—1911)",
         belonged=["1913—1928", "1929—1949", "1958—"], parent=["朔方道", "宁夏省", "宁夏回族自治区"])  # fmt: skip
    send(client, "/names/new", kind="地名", preferred="朔方道", belonged=["1913—1927"], parent=["甘肃省"])
    assert "1920 年：中卫县属朔方道，属甘肃省。" in client.get("/names/1?year=1920").text
    assert "1928 年：中卫县属朔方道。" in client.get("/names/1?year=1928").text
    page = client.get("/names/1?year=1955").text
    assert "1955 年的隶属没有记载" in page and "1955 年不适用" in page, "an identifier outside its years is told"
    assert "不适用" not in client.get("/names/1?year=1800").text
    assert 'href="/names/1"' in client.get("/names/2").text, "what belonged to it is listed"


def test_a_table_goes_out_and_comes_in(client: FlaskClient, library: Library) -> None:
    send(client, "/names/new", kind="人物", preferred="周大河", form=["大河"], form_type=["字"], what=["任职"],
         when=["1956"], text=["船工|队长"], source=["县志"])  # fmt: skip
    before = library.session(LOCAL).names.all()
    for suffix in (".csv", ".xlsx"):
        sent = client.get(f"/names/table{suffix}").data
        page = send(client, "/names/import", file=(BytesIO(sent), f"表{suffix}"), do="look")
        assert "新增 0 条，改动 0 条" in page.text, "nothing was lost on the way"
    table = "类别,规范名,说明\n人物,周大河,修船\n地名,柳树湾,\n".encode()
    page = send(client, "/names/import", file=(BytesIO(table), "表.csv"), do="look")
    assert "新增 1 条，改动 1 条" in page.text and library.session(LOCAL).names.all() == before
    held = re.findall(r"<textarea name=\"held\" hidden>(.*?)</textarea>", page.text, re.DOTALL)[0]
    send(client, "/names/import", held=held, do="take")
    first, other = library.session(LOCAL).names.all()
    assert (first.note, first.forms, other.preferred) == ("修船", before[0].forms, "柳树湾")
    page = send(client, "/names/import", file=(BytesIO("类别,规范名\n人名,某\n".encode()), "表.csv"), do="look")
    assert "类别“人名”不认识" in page.text and "收进来" not in page.text


def test_lists_are_narrowed(client: FlaskClient) -> None:
    for kind, name, note in (("人物", "周大河", "船工"), ("地名", "柳树湾", "")):
        send(client, "/names/new", kind=kind, preferred=name, note=note)
    assert "柳树湾" not in client.get("/names?kind=人物").text
    assert "周大河" in client.get("/names?q=船工").text
    assert "名称表是空的" not in client.get("/names?q=没有").text


@pytest.fixture
def held(library: Library, tmp_path: Path) -> str:
    """A text that names 李明 twice and 李明山 once; its id."""
    session = library.session(LOCAL)
    session.save_collection(Collection("c", "文集"))
    (tmp_path / "a.txt").write_text("稿", encoding="utf-8")
    texts = ("1934年船工李明修水车。", "李明山看李明。")
    blocks = (Block.plain(Kind.TITLE, "水车记"), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
    (made,) = session.add(tmp_path / "a.txt", "a.txt", [Article(collection="c", blocks=blocks)], ()).articles
    for one in (
        NameRecord(NameKind.PERSON, "李明", (), "1890—1950", "船工"),
        NameRecord(NameKind.PERSON, "李明", (), "1920—"),
        NameRecord(NameKind.PERSON, "李明山"),
    ):
        session.names.put(one)
    return made.id


def test_names_in_a_text_lead_to_who_is_meant(client: FlaskClient, held: str) -> None:
    text = client.get(f"/article/{held}").text
    assert '<a class="name" href="/names/3">李明山</a>' in text
    assert text.count('class="name doubtful"') == 2, "several go by 李明: the link leads to all of them"
    page = send(client, "/names/queue/decide", form="李明", record="1", do="clued", reason="船工")
    assert (
        "将要指认 1 处" in page.text and "船工李明" not in client.get("/names/queue/form?form=李明&standing=已定").text
    )
    places = re.findall(r'<textarea name="places" hidden>(.*?)</textarea>', page.text, re.DOTALL)[0]
    page = send(client, "/names/queue/decide", form="李明", record="1", standing="已定", places=places, do="decide")
    assert "已定 1 处" in page.text and "撤销刚才这一次" in page.text
    assert '<a class="name" href="/names/1">李明</a>' in client.get(f"/article/{held}").text
    batch = re.findall(r'name="batch" value="(\d+)"', page.text)[0]
    assert "已撤销 1 处" in send(client, "/names/queue/undo", form="李明", batch=batch).text
    assert '<a class="name" href="/names/1">' not in client.get(f"/article/{held}").text


def test_a_page_has_mentions_that_open_their_paragraph(client: FlaskClient, held: str) -> None:
    page = client.get("/names/1").text
    assert (
        "见于 1 篇" in page and f'href="/article/{held}?block=1#b1"' in page
    ) or f'href="/article/{held}#b1"' in page
    assert "段中 1934 年在 1890—1950 之内" in page
    assert "同名的还有" in page
    queue = client.get("/names/queue").text
    assert "/names/queue/form?form=%E6%9D%8E%E6%98%8E" in queue
    assert "没有选怎样定" in send(client, "/names/queue/decide", form="李明", do="look").text


def test_a_name_chosen_in_a_search_leads_to_its_record(client: FlaskClient, held: str) -> None:
    assert "的资料" not in client.get("/?q=水车").text
    page = client.get("/?q=水车&person=李明山").text
    assert "“李明山”的资料" in page and "/names/form?form=" in page

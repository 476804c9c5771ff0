"""Taking in files through the pages: what is clear at once, volumes by their split table, faults without a trace."""

from __future__ import annotations

import re
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from flask.testing import FlaskClient
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import LibraryBusy
from archive.model.records import Collection, Manuscript
from archive.session import Session
from archive.support import library_folder
from archive.support.library_folder import INCOMING
from ingest.readers import registry
from ingest.readers.ooxml import word_file
from ingest.text.characters import stored_characters
from tests.web.browser import chromium, needs_browser, served, sized, wait
from web.app import create_app
from web.intake import inbox, upload_pages
from web.intake.inbox import shown_name

LOCAL = Actor.local()

TEXT = "水车在黄河边转了几百年，浇着两岸的菜园和麦田，老人们都还记得那吱呀的声音，也记得修车的木匠。" * 3


def volume(signed: bool = True) -> bytes:
    """Three articles by their lay-out, the contents name a fourth; the second heading is no article of its own."""
    word_file = docx.Document()

    def centred(words: str) -> None:
        paragraph = word_file.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(words).bold = True

    for page, title in enumerate(("水车记", "渡船", "丢了的", "羊毛的路"), 1):
        word_file.add_paragraph(f"{title}……………（{page}）")
    for title in ("水车记", "渡船", "羊毛的路"):
        centred(title)
        if signed:
            centred("张三")
        word_file.add_paragraph(f"{title}：{TEXT}")
        word_file.add_paragraph(TEXT)
    stream = BytesIO()
    word_file.save(stream)
    return stream.getvalue()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as created:
        created.session(LOCAL).save_collection(Collection("old", "旧集"))
        yield created


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def send(client: FlaskClient, path: str, **form: object) -> TestResponse:
    """Post a form with the visitor's token."""
    found = re.search(r'name="token" value="([^"]+)"', client.get("/intake").text)
    assert found
    return settled(client, client.post(path, data={"token": found[1], **form}, content_type="multipart/form-data"))


def settled(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """The answer at the end of a job that an answer leads to."""
    end = time.monotonic() + 20
    while answer.status_code == 303 and answer.headers["Location"].startswith(("/jobs/", "/intake/report/")):
        assert time.monotonic() < end, "the job does not end"
        address = answer.headers["Location"]
        answer = client.get(address)
        while "data-job=" in answer.text:
            time.sleep(0.05)
            answer = client.get(address)
    return answer


def upload(client: FlaskClient, *files: tuple[str, bytes], **form: object) -> TestResponse:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/intake").text)
    assert found
    data = MultiDict({"token": found[1], **form})
    for name, content in files:
        data.add("file", (BytesIO(content), name))
    return settled(client, client.post("/intake", data=data, content_type="multipart/form-data"))


def fields(page: str) -> dict[str, str]:
    """What the form of a split table would send back unchanged."""
    found = {
        name: value
        for tag in re.findall(r"<input[^>]+>", page)
        if (name := _attribute(tag, "name")) and "-" in name and (value := _attribute(tag, "value")) is not None
    }
    for name, options in re.findall(r'<select name="(state-\d+)">(.*?)</select>', page):
        chosen = re.search(r"<option selected>([^<]+)", options)
        assert chosen
        found[name] = chosen[1]
    return found


def _attribute(tag: str, name: str) -> str | None:
    found = re.search(rf' {name}="([^"]*)"', tag)
    return found and found[1]


def row_of(form: dict[str, str], title: str) -> int:
    return next(int(name.removeprefix("title-")) for name, value in form.items() if value == title)


def titles(library: Library) -> list[str]:
    return [article.title for article in library.session(LOCAL).articles()]


def incoming(library: Library) -> list[Path]:
    folder = library.root / library_folder.INCOMING
    return list(folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def held(client: FlaskClient) -> str:
    """The address of a volume that waits."""
    answer = upload(client, ("第八辑.docx", volume()), title="清水文史")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_an_article_goes_in_at_once(client: FlaskClient, library: Library) -> None:
    answer = upload(client, ("水车.txt", f"水车记\n\n{TEXT}".encode()), title="来稿 一")
    assert answer.status_code == 200
    (article,) = library.session(LOCAL).articles()
    assert article.collection == "来稿-一"
    assert f'href="/article/{article.id}">水车记</a>' in answer.text
    assert re.search(r"读到 (\d+) = 收入 \1 \+ 说明 0", answer.text)
    assert "没有标题样式，把第一行“水车记”当作题名，请核对" in answer.text
    assert not incoming(library)


def test_the_same_file_again_is_nothing_new(client: FlaskClient, library: Library) -> None:
    for _ in range(2):
        answer = upload(client, ("水车.txt", f"水车记\n\n{TEXT}".encode()), collection="old")
    assert "以前已经收入（1 篇）" in answer.text
    assert titles(library) == ["水车记"]


def test_a_file_gives_a_new_collection_its_name(client: FlaskClient, library: Library) -> None:
    upload(client, ("水车 旧事.txt", f"水车记\n\n{TEXT}".encode()))
    assert library.session(LOCAL).collection("水车-旧事").title == "水车 旧事"


def test_a_volume_shows_its_table_first(client: FlaskClient, library: Library, held: str) -> None:
    page = client.get(held).text
    assert titles(library) == []
    assert "请先看一看，排在前面" in page
    form = fields(page)
    assert [form[f"title-{n}"] for n in range(1, 5)][1:] == ["水车记", "渡船", "羊毛的路"]
    assert form[f"authors-{row_of(form, '渡船')}"] == "张三"
    assert "把握不足" not in page
    opened = send(client, held, open=str(row_of(form, "渡船")), **form).text
    assert "从此另起" in opened
    assert fields(opened) == form
    assert "收稿" in client.get("/").text


def test_confirmed_as_it_stands(client: FlaskClient, library: Library, held: str) -> None:
    form = fields(client.get(held).text)
    answer = send(client, held, do="take", **form)
    assert answer.status_code == 200
    assert titles(library)[1:] == ["水车记", "渡船", "羊毛的路"]
    assert "收入 <b>4</b> 篇" in answer.text
    assert not incoming(library)
    assert client.get(held).status_code == 404


def test_a_piece_is_set_beside_what_the_library_holds(client: FlaskClient, library: Library) -> None:
    upload(client, ("旧稿.txt", f"老水车\n\n水车记：{TEXT}{TEXT}那时没有修车的铁匠。".encode()), collection="old")
    held = upload(client, ("第八辑.docx", volume()), title="清水文史").headers["Location"]
    page = client.get(held).text
    links = re.findall(r'href="([^"]+/diff/\d+/1)">对照：第 (\d) 篇《水车记》与馆藏《老水车》', page)
    assert links
    compared = client.get(links[0][0]).text
    assert "来稿" in compared
    assert "<mark>" in compared
    assert client.get(f"{held}/diff/99/1").status_code == 404
    assert titles(library) == ["老水车"]


def test_a_row_leads_to_what_the_library_holds_of_it(client: FlaskClient, library: Library) -> None:
    upload(client, ("旧稿.txt", f"老渡船\n\n渡船：{TEXT}{TEXT}那时没有修船的木匠。".encode()), collection="old")
    held = upload(client, ("第八辑.docx", volume()), title="清水文史").headers["Location"]
    form = fields(client.get(held).text)
    form[f"state-{row_of(form, '水车记')}"] = "并入上篇"
    form[f"order-{row_of(form, '渡船')}"] = "9"
    page = send(client, held, do="show", **form).text
    (row,) = re.findall(r'<li id="row-\d"(?:(?!</li>\s*<li id).)*?value="渡船".*?class="known">(.*?)</div>', page, re.S)
    (link,) = re.findall(r'href="([^"]+)">与馆藏《老渡船》相同 \d+%（以较短的一篇计），对照', row)
    assert link.endswith("/diff/3/1")
    assert "渡船：" in client.get(link).text


@pytest.fixture
def locked(client: FlaskClient) -> str:
    """The address of a volume with a password, which was given when it came."""
    msoffcrypto = pytest.importorskip("msoffcrypto", reason="msoffcrypto-tool is not installed: no locked Word files")
    stream = BytesIO()
    msoffcrypto.OfficeFile(BytesIO(volume())).encrypt("清水1984", stream)
    answer = upload(client, ("第八辑.docx", stream.getvalue()), title="清水文史", password="清水1984")
    assert answer.status_code == 303
    return answer.headers["Location"]


def restarted(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def test_a_locked_file_without_its_password_is_told_where_to_write_it(client: FlaskClient) -> None:
    msoffcrypto = pytest.importorskip("msoffcrypto", reason="msoffcrypto-tool is not installed: no locked Word files")
    stream = BytesIO()
    msoffcrypto.OfficeFile(BytesIO(volume())).encrypt("清水1984", stream)
    page = upload(client, ("第八辑.docx", stream.getvalue()), title="清水").text
    assert "文件加了密码，没有密码读不出" in page
    assert "把密码填在“密码”一栏" in page
    assert "--password" not in page


def test_the_password_is_asked_for_again_after_a_restart(client: FlaskClient, library: Library, locked: str) -> None:
    form = fields(client.get(locked).text)
    mine = row_of(form, "渡船")
    send(client, locked, do="show", **form | {f"title-{mine}": "老渡船"})
    again = restarted(library)
    page = again.get(locked)
    assert (page.status_code, "请给出密码" in page.text) == (200, True)
    wrong = send(again, f"{locked}/password", password="清水1985", at=f"{locked}/diff/2/1")
    assert (wrong.status_code, "密码不对" in wrong.text) == (400, True)
    assert f'name="at" value="{locked}/diff/2/1"' in wrong.text
    right = send(again, f"{locked}/password", password="清水1984", at=locked)
    assert (right.status_code, right.headers["Location"]) == (303, locked)
    assert fields(again.get(locked).text)[f"title-{mine}"] == "老渡船"
    assert not [file for file in library.root.rglob("*") if file.is_file() and "清水1984".encode() in file.read_bytes()]


def test_what_was_typed_over_a_restart_is_not_lost(client: FlaskClient, library: Library, locked: str) -> None:
    form = fields(client.get(locked).text)
    form[f"title-{row_of(form, '渡船')}"] = "老渡船"
    again = restarted(library)
    page = send(again, locked, do="take", **form)
    assert "刚才填写的也还在" in page.text
    assert titles(library) == []
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
    assert send(again, locked, **hidden | {"password": "清水1984"}).status_code == 200
    assert titles(library)[1:] == ["水车记", "老渡船", "羊毛的路"]


def test_a_locked_manuscript_is_dropped_without_its_password(library: Library, locked: str) -> None:
    again = restarted(library)
    elsewhere = send(again, f"{locked}/password", password="清水1984", at="https://example.org/")
    assert elsewhere.headers["Location"] == locked
    assert send(restarted(library), locked, do="drop").status_code == 303
    assert not incoming(library)


def test_corrections_decide(client: FlaskClient, library: Library, held: str) -> None:
    form = fields(client.get(held).text)
    form[f"state-{row_of(form, '羊毛的路')}"] = "并入上篇"
    mine = row_of(form, "渡船")
    form |= {f"title-{mine}": "老渡船", f"authors-{mine}": "李四（口述）；王五（整理）", f"section-{mine}": "旧事"}
    again = send(client, held, do="show", **form)
    assert "已改" in again.text
    assert titles(library) == []
    assert fields(client.get(held).text)[f"title-{mine}"] == "老渡船"  # kept for another day
    send(client, held, do="take", **fields(again.text))
    *_, last = library.session(LOCAL).articles()
    assert (last.title, last.section) == ("老渡船", "旧事")
    assert [(person.name, person.role) for person in last.people] == [("李四", "口述"), ("王五", "整理")]
    assert "羊毛的路：" in "".join(block.text for block in last.blocks)


def test_another_boundary_is_cut_at_a_block(client: FlaskClient, library: Library, held: str) -> None:
    form = fields(client.get(held).text)
    mine = row_of(form, "渡船")
    block = int(form[f"first-{mine}"]) + 3
    page = send(client, held, cut=str(block), **form).text
    added = fields(page)
    assert added[f"first-{mine + 1}"] == str(block)
    assert "新加" in page
    added[f"title-{mine + 1}"] = "渡船之二"
    send(client, held, do="take", **added)
    assert titles(library)[1:] == ["水车记", "渡船", "渡船之二", "羊毛的路"]


@pytest.mark.parametrize("moved", [("羊毛的路", 2), ("水车记", 4)])
def test_a_number_moves_a_row(client: FlaskClient, library: Library, held: str, moved: tuple[str, int]) -> None:
    title, to = moved
    form = fields(client.get(held).text)
    form[f"order-{row_of(form, title)}"] = str(to)
    send(client, held, do="take", **form)
    assert titles(library)[to - 1] == title


def test_a_mistake_is_shown_at_its_row_and_nothing_is_lost(client: FlaskClient, library: Library, held: str) -> None:
    form = fields(client.get(held).text)
    mine = row_of(form, "渡船")
    form |= {f"first-{mine}": "9999", f"title-{mine}": "<b>老渡船</b>"}
    answer = send(client, held, do="take", **form)
    assert answer.status_code == 400
    assert f'id="error-{mine}">“从第几段起” 9999 不在这份稿件里' in answer.text
    assert 'value="&lt;b&gt;老渡船&lt;/b&gt;"' in answer.text
    assert titles(library) == []


def test_the_table_goes_out_and_comes_back(client: FlaskClient, library: Library, held: str) -> None:
    form = fields(client.get(held).text)
    out = send(client, held, do="download", **form)
    assert out.headers["Content-Disposition"].startswith("attachment")
    edited = out.get_data(as_text=True).replace("\t渡船\t", "\t老渡船\t")
    page = send(client, held, do="table", table=(BytesIO(edited.encode("utf-16")), "改.tsv"), **form)
    assert page.status_code == 200, page.text
    send(client, held, do="take", **fields(page.text))
    assert "老渡船" in titles(library)


def test_a_table_of_another_file_is_refused(client: FlaskClient, held: str) -> None:
    form = fields(client.get(held).text)
    out = send(client, held, do="download", **form).get_data(as_text=True)
    wrong = re.sub(r"#文件\t[0-9a-f]{8}", "#文件\t00000000", out)
    page = send(client, held, do="table", table=(BytesIO(wrong.encode()), "改.tsv"), **form)
    assert page.status_code == 400
    assert "这张表属于另一个文件" in page.text
    assert fields(page.text) == form


def test_dropped_without_a_trace(client: FlaskClient, library: Library, held: str) -> None:
    assert "第八辑.docx" in client.get("/intake").text
    assert send(client, held, do="drop").status_code == 303
    assert not incoming(library)
    assert titles(library) == []


def test_a_text_layer_is_set_aside_from_the_table_or_from_the_first(client: FlaskClient, library: Library) -> None:
    held = upload(client, ("第八辑.docx", volume()), title="清水文史").headers["Location"]
    (item,) = inbox.waiting(library.root)
    assert not item.source.recognise_again
    send(client, held, do="show", **fields(client.get(held).text))
    assert item.table.is_file()
    assert send(client, held, do="again").headers["Location"] == held
    assert item.source.recognise_again
    assert not item.table.is_file()
    upload(client, ("第九辑.docx", volume(signed=False)), title="清水文史二", recognise_again="1")
    assert all(each.source.recognise_again for each in inbox.waiting(library.root))


def test_what_is_in_the_library_already_is_told(client: FlaskClient, held: str) -> None:
    send(client, held, do="take", **fields(client.get(held).text))
    again = upload(client, ("又.docx", volume(signed=False)), title="又一集")
    page = client.get(again.headers["Location"]).text
    assert "有重复的文字" in page
    assert "《渡船》" in page


def test_the_same_file_in_another_collection_counts_every_text(client: FlaskClient) -> None:
    word_file, stream = docx.Document(), BytesIO()
    for number in range(10):
        word_file.add_heading(f"第{number}号水车", level=1)
        word_file.add_paragraph("".join(chr(0x4E00 + number * 300 + each) for each in range(200)) + "。")
    word_file.save(stream)
    first = upload(client, ("第九辑.docx", stream.getvalue()), title="第一集").headers["Location"]
    send(client, first, do="take", **fields(client.get(first).text))
    again = upload(client, ("第九辑.docx", stream.getvalue()), title="又一集")
    page = client.get(again.headers["Location"]).text
    assert page.count("对照：第") == 10
    assert '<details class="notice warn"><summary>有重复的文字，请看是否还要收（10 处）' in page, "closed, being long"
    assert "同一份文件已经收入“第一集”" in page


def test_after_a_restart_the_volume_is_read_again(library: Library, held: str) -> None:
    page = create_app(library).test_client().get(held)
    assert page.status_code == 200
    assert "羊毛的路" in page.text


def test_an_archive_is_opened(client: FlaskClient, library: Library) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("水车.txt", f"水车记\n\n{TEXT}")
        archive.writestr("第八辑.docx", volume())
        archive.writestr("图.png", b"\x89PNG")
    page = upload(client, ("来稿.zip", stream.getvalue()), title="一包")
    assert titles(library) == ["水车记"]
    assert "来稿.zip/图.png" not in [article.title for article in library.session(LOCAL).articles()]
    assert "不是文稿，跳过" in page.text
    assert "第八辑.docx</a>" in page.text
    assert len(incoming(library)) == 1


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of Word leaves out the last paragraph, and its own account does not know of it."""

    def read(file: Path, name: str) -> Manuscript:
        manuscript = word_file.read(file, name)
        blocks = manuscript.blocks[:-1]
        return replace(manuscript, blocks=blocks, layouts=(), characters_in=stored_characters(blocks))

    forms = [replace(form, read=read) if form.name == "docx" else form for form in registry.FORMATS]
    monkeypatch.setattr(registry, "FORMATS", tuple(forms))


def short() -> bytes:
    word_file = docx.Document()
    for words in ("老水车", TEXT, "修车的木匠<姓罗>"):
        word_file.add_paragraph(words)
    stream = BytesIO()
    word_file.save(stream)
    return stream.getvalue()


def mail() -> bytes:
    """A mail with a manuscript attached to it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "甲 <a@example.org>", "乙 <b@example.org>", "来稿"
    message.set_content("随信寄上稿件，请审阅。")
    message.add_attachment(short(), maintype="application", subtype="octet-stream", filename="附稿.docx")
    return message.as_bytes()


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("zipped", [False, True])
def test_a_manuscript_attached_to_a_mail_is_taken_in_by_itself(
    client: FlaskClient, library: Library, zipped: bool
) -> None:
    data, name = mail(), "信.eml"
    if zipped:
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w") as made:
            made.writestr("坏.docx", b"PK\x03\x04 broken")
            made.writestr("信.eml", data)
        data, name = stream.getvalue(), "稿.zip"
    upload(client, (name, data), collection="old")
    assert len(titles(library)) == 2


@pytest.mark.usefixtures("careless", "in_this_process")
class TestShortfall:
    """A file whose characters do not add up waits for its editor's word."""

    @pytest.fixture
    def address(self, client: FlaskClient) -> str:
        answer = upload(client, ("水车.docx", short()), collection="old")
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def test_both_counts_and_what_is_missing_are_shown(
        self, client: FlaskClient, library: Library, address: str
    ) -> None:
        page = client.get(address).text
        assert "修车的木匠&lt;姓罗&gt;" in page
        assert "word/document.xml" in page
        assert re.search(r"缺</th><td>7 个汉字", page)
        waiting = client.get("/intake").text
        assert f'href="{address}">水车.docx</a>' in waiting
        assert "字数对不上" in waiting
        assert titles(library) == []

    def test_a_damaged_note_beside_a_file_does_not_stop_the_page(
        self, client: FlaskClient, library: Library, address: str
    ) -> None:
        (note,) = (library.root / INCOMING).glob("*/about.json")
        for damaged in (b"\xff\xfe{", b'{"name": 3}', b""):
            note.write_bytes(damaged)
            assert f'href="{address}">名称已损坏的来稿.docx</a>' in client.get("/intake").text
            assert client.get(address).status_code == 200
        next(note.parent.glob("manuscript*")).unlink()
        assert client.get("/intake").status_code == 200

    def test_released_with_reason_and_name(self, client: FlaskClient, library: Library, address: str) -> None:
        counts = re.search(r'name="counts" value="([^"]+)"', client.get(address).text)
        assert counts
        for half in ({}, {"reason": "可以不要"}, {"who": "张三"}):
            refused = send(client, address, counts=counts[1], **half)
            assert refused.status_code == 400
            assert "还没有写理由和经手人" in refused.text
        assert titles(library) == []
        answer = send(client, address, counts=counts[1], reason="木匠的<一段>\n可以不要", who="张三")
        assert answer.status_code == 200, answer.text
        assert titles(library) == ["老水车"]
        assert "张三决定仍然收入，理由：木匠的&lt;一段&gt; 可以不要" in answer.text
        assert not incoming(library)

    def test_other_counts_than_those_shown(self, client: FlaskClient, library: Library, address: str) -> None:
        answer = send(client, address, counts="9/1", reason="可以不要", who="张三")
        assert "放行写的是 9/1" in answer.text
        assert titles(library) == []
        assert len(incoming(library)) == 1

    def test_nothing_is_released_by_taking_in_a_volume(self, client: FlaskClient, library: Library) -> None:
        table = upload(client, ("第八辑.docx", volume()), title="清水文史").headers["Location"]
        answer = send(client, table, do="take", **fields(client.get(table).text))
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"{table}/held"
        page = client.get(answer.headers["Location"]).text
        assert "回到分篇表" in page
        assert titles(library) == []
        counts = re.search(r'name="counts" value="([^"]+)"', page)
        assert counts
        send(client, f"{table}/held", counts=counts[1], reason="可以不要", who="张三")
        assert titles(library)[1:] == ["水车记", "渡船", "羊毛的路"]

    def test_repaired_meanwhile(
        self, client: FlaskClient, library: Library, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        forms = [replace(form, read=word_file.read) if form.name == "docx" else form for form in registry.FORMATS]
        monkeypatch.setattr(registry, "FORMATS", tuple(forms))
        assert "字数已经对得上" in client.get(address).text
        send(client, address)
        assert titles(library) == ["老水车"]

    def test_dropped(self, client: FlaskClient, library: Library, address: str) -> None:
        send(client, address.removesuffix("/held"), do="drop")
        assert not incoming(library)


def test_a_file_that_cannot_be_read_says_what_to_do(client: FlaskClient, library: Library) -> None:
    page = upload(client, ("坏.docx", b"PK\x03\x04 nothing"), ("水车.txt", f"水车记\n\n{TEXT}".encode()))
    assert "没有收入：" in page.text
    assert "怎么办：" in page.text
    assert titles(library) == ["水车记"]
    assert not incoming(library)


@pytest.mark.parametrize(
    ("form", "words"),
    [({"mode": "novel"}, "没有这种读法"), ({"collection": "none"}, "没有这个文集"), ({"title": "old"}, "已经有")],
)
def test_a_wrong_form_is_refused(client: FlaskClient, library: Library, form: dict[str, str], words: str) -> None:
    answer = upload(client, ("水车.txt", TEXT.encode()), **form)
    assert answer.status_code == 400
    assert words in answer.text
    assert not incoming(library)
    assert upload(client).status_code == 400


def test_a_busy_library_takes_nothing(
    client: FlaskClient, library: Library, held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise LibraryBusy("另一个程序正在写入。", hint="等它写完再试")

    form = fields(client.get(held).text)
    form[f"title-{row_of(form, '渡船')}"] = "老渡船"
    monkeypatch.setattr(Session, "writing", busy)
    answer = send(client, held, do="take", **form)
    assert "另一个程序正在写入" in answer.text
    assert "再做一次" in answer.text
    assert fields(client.get(held).text) == form
    assert "另一个程序正在写入" in upload(client, ("水车.txt", TEXT.encode())).text
    assert len(incoming(library)) == 2
    assert titles(library) == []


def test_what_a_restart_interrupted_is_done_again(
    client: FlaskClient, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work stands still when the program ends; the next one finds it and goes on with it."""
    begun, ended = threading.Event(), threading.Event()

    def stuck(*_: object, **__: object) -> None:
        begun.set()
        ended.wait(20)
        raise LibraryBusy("程序结束了")

    with monkeypatch.context() as patched:
        patched.setattr(Session, "writing", stuck)
        found = re.search(r'name="token" value="([^"]+)"', client.get("/intake").text)
        assert found
        data = {"token": found[1], "title": "来稿", "file": (BytesIO(f"水车记\n\n{TEXT}".encode()), "水车.txt")}
        address = client.post("/intake", data=data, content_type="multipart/form-data").headers["Location"]
        assert begun.wait(10)
        assert "正在做" in client.get("/jobs").text
        library.turn.release()  # as the system does when a program ends
        library._store._database.runner += 1  # and the next one is another
        again = restarted(library)
    try:
        assert "中断" in again.get("/jobs").text
        page = again.get(address).text
        assert "中断" in page
        assert "接着做" in page
        assert titles(library) == []
        done = send(again, f"{address}/again")
        assert "收入 <b>1</b> 篇" in done.text
        assert titles(library) == ["水车记"]
        assert not incoming(library)
    finally:
        ended.set()


def test_an_import_is_undone_from_its_report_and_brought_back(client: FlaskClient, library: Library) -> None:
    text = f"水车记\n\n{TEXT}".encode()
    page = upload(client, ("水车.txt", text), title="来稿", volume="第八辑", year="1986年", place="清水县").text
    made = library.session(LOCAL).collection("来稿")
    assert (made.volume, made.year, made.place) == ("第八辑", "1986年", "清水县")
    (undo,) = re.findall(r'action="(/imports/\d+/undo)"', page)
    assert send(client, undo).headers["Location"] == "/imports"
    assert titles(library) == []
    assert "撤下 1 篇" in client.get("/imports").text
    assert client.get("/article/1").status_code == 410
    assert "恢复这次收稿" in client.get("/imports/1").text
    send(client, "/imports/1/restore")
    assert titles(library) == ["水车记"]
    send(client, undo)
    upload(client, ("水车.txt", text), collection="来稿")
    assert [one.id for one in library.session(LOCAL).articles()] == ["2"]
    assert send(client, "/imports/99/undo").status_code == 404


def test_the_same_texts_are_left_out_before_anything_is_stored(client: FlaskClient, library: Library) -> None:
    upload(client, ("水车.txt", f"水车记\n\n{TEXT}".encode()), collection="old")
    page = upload(client, ("又.txt", f"水车记\n\n　　{TEXT}\n".encode()), title="又一集", skip_same="1").text
    assert "馆藏里都有文字完全相同的，没有再收" in page
    assert re.search(r"读到 (\d+) = 收入 0 \+ 说明 \1", page)
    assert titles(library) == ["水车记"]
    assert len(library.session(LOCAL).imports()) == 1
    upload(client, ("又.txt", f"水车记\n\n　　{TEXT}\n".encode()), title="又一集")
    assert titles(library) == ["水车记", "水车记"]


def test_too_much_at_once(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_pages, "LARGEST", 2**12)
    answer = upload(client, ("大.txt", b"a" * 2**12))
    assert answer.status_code == 413
    assert "这次超过了，什么也没有收" in answer.text


def test_more_than_other_forms_may_send(client: FlaskClient, library: Library) -> None:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/intake").text)
    assert found
    head = "Content-Disposition: form-data; name="
    parts = [
        f'{head}"token"\r\n\r\n{found[1]}',
        f'{head}"file"; filename="a.txt"\r\n\r\n水车记\n\n{"水车转。" * 100_000}',
    ]
    # Written out by hand: the test client leaves the file open in which it would build so long a form.
    body = "".join(f"--edge\r\n{part}\r\n" for part in parts) + "--edge--\r\n"
    answer = settled(
        client, client.post("/intake", data=body.encode(), content_type="multipart/form-data; boundary=edge")
    )
    assert answer.status_code == 200, answer.text
    assert titles(library) == ["水车记"]


def test_forms_of_elsewhere_are_refused(client: FlaskClient, library: Library, held: str) -> None:
    assert client.post("/intake", data={"file": (BytesIO(b"x"), "a.txt")}).status_code == 403
    assert client.post(held, data={"do": "drop"}).status_code == 403
    assert len(incoming(library)) == 1


@pytest.mark.parametrize("token", ["0" * 24, "..", "%2e%2e", "x", "0" * 23 + "/"])
def test_only_tokens_made_here_name_a_folder(client: FlaskClient, token: str) -> None:
    assert client.get(f"/intake/{token}").status_code == 404


def test_names_are_shown_without_their_folders() -> None:
    assert shown_name("C:\\稿\\..\\第八辑.docx") == "第八辑.docx"
    assert shown_name("../../etc/pass\nwd") == "passwd"
    assert shown_name("..") == "未命名"


@pytest.mark.browser
def test_the_table_of_a_whole_volume_is_light(client: FlaskClient) -> None:
    """78 articles of some twelve paragraphs each."""
    manuscript = docx.Document()
    for number in range(1, 79):
        manuscript.add_heading(f"第{number}架水车的来历和修造", 1)
        manuscript.add_paragraph("张三")
        for part in range(12):
            manuscript.add_paragraph(f"{number}之{part}：{TEXT}")
    stream = BytesIO()
    manuscript.save(stream)
    page = client.get(upload(client, ("第九辑.docx", stream.getvalue()), title="清水").headers["Location"])
    assert "成 78 篇" in page.text
    assert len(page.data) < 200_000


@pytest.mark.parametrize("width", [1280, 390])
@needs_browser
def test_in_a_browser(library: Library, tmp_path: Path, width: int) -> None:
    file = tmp_path / "第八辑.docx"
    file.write_bytes(volume())
    with served(create_app(library)) as site, chromium(tmp_path / "profile") as driver:
        correct_and_take(sized(driver, width), site, file)
        driver.get(f"{site}/?q=羊毛的路")
        assert "老渡船" in [found.text for found in driver.find_elements(By.CSS_SELECTOR, ".result h3")]
    assert titles(library)[1:] == ["水车记", "老渡船"]


def correct_and_take(driver: Chrome, site: str, file: Path) -> None:
    """Sends the volume, renames a row, joins the next to it and confirms."""

    def wait_for(words: str, selector: str) -> None:
        wait(driver, lambda: words in [each.text for each in driver.find_elements(By.CSS_SELECTOR, selector)])

    def open_row(number: int) -> None:
        """Shows a row with its fields, at its place on the page, unless it stands among the doubtful ones."""
        if found := driver.find_elements(By.CSS_SELECTOR, f"#row-{number}.closed button"):
            driver.execute_script("arguments[0].click()", found[0])
            wait(driver, lambda: driver.find_elements(By.CSS_SELECTOR, f"#row-{number} select"))
            assert driver.execute_script("return location.hash") == f"#row-{number}"

    driver.get(f"{site}/intake")
    driver.find_element(By.ID, "file").send_keys(str(file))
    driver.find_element(By.ID, "title").send_keys("清水文史")
    driver.find_element(By.CSS_SELECTOR, ".receive button.go").click()
    wait_for("核对分篇", "h1")
    (field,) = driver.find_elements(By.CSS_SELECTOR, '.rows input[name^="title-"][value="渡船"]')
    row = int(field.get_attribute("name").removeprefix("title-"))
    open_row(row)
    title = driver.find_element(By.NAME, f"title-{row}")
    title.clear()
    title.send_keys("老渡船\n")  # the return key shows the table again and takes nothing in
    wait_for("已改", f"#row-{row} .sure")
    open_row(row + 1)
    Select(driver.find_element(By.NAME, f"state-{row + 1}")).select_by_visible_text("并入上篇")
    driver.find_element(By.CSS_SELECTOR, ".split .acts button.go").click()
    wait_for("收稿结果", "h1")


def test_a_folder_comes_without_what_is_hidden_in_it(client: FlaskClient, library: Library) -> None:
    kept = ("旧稿/甲.txt", f"水车记\n\n{TEXT}".encode())
    answer = upload(client, kept, ("旧稿/~$甲.docx", b"lock"), ("旧稿/.git/乙.txt", b"x"), title="旧稿")
    assert titles(library) == ["水车记"]
    assert "~$" not in answer.text and "乙" not in answer.text


@needs_browser
def test_a_folder_is_dropped_on_the_page(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "旧稿"
    (folder / "里面").mkdir(parents=True)
    for name in ("甲.txt", "里面/乙.txt", "~$甲.docx"):
        (folder / name).write_text(TEXT, encoding="utf-8")
    with served(create_app(library)) as site, chromium(tmp_path / "profile") as driver:
        driver.get(f"{site}/intake")
        data = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            driver.execute_cdp_cmd("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})
        names = "return [...document.getElementById('file').files].map((each) => each.name).sort()"
        wait(driver, lambda: driver.execute_script(names))
        assert driver.execute_script(names) == ["乙.txt", "甲.txt"]
        assert driver.find_element(By.ID, "title").get_attribute("value") == "旧稿"


def test_what_is_near_is_compared_before_it_is_stored(client: FlaskClient, library: Library) -> None:
    upload(client, ("甲.txt", f"水车记\n\n{TEXT}".encode()), collection="old")
    near = ("乙.txt", f"水车记\n\n{TEXT}又过了十年，水车拆了。".encode())
    far = ("丙.txt", f"渡船\n\n{'渡船从湾里开出。' * 20}".encode())
    listed = upload(client, near, far, collection="old").text
    assert titles(library) == ["水车记", "渡船"] and "等您核对" in listed and "乙.txt" in listed
    (address,) = re.findall(r'<ul class="waiting">\s*<li><a href="([^"]+)"', listed)
    page = client.get(address).text
    assert "馆藏里有与它相近的文章，所以还没有收" in page
    (beside,) = set(re.findall(r'href="([^"]+/diff/1/[^"]+)"', page))
    assert "<mark>又过了十年，水车拆了。</mark>" in client.get(beside).text
    send(client, address, do="drop")
    assert titles(library) == ["水车记", "渡船"] and incoming(library) == []
    address = upload(client, near, collection="old").headers["Location"]
    alone = client.get(address).text
    assert "核对来稿" in alone
    settled(client, send(client, address, **fields(alone), do="take"))
    assert titles(library) == ["水车记", "渡船", "水车记"]
    again = upload(client, near, collection="old").text
    assert "以前已经收入" in again, "the same file is no news"


def test_too_many_files_are_not_called_too_large(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_pages, "_FORM_PARTS", 3)
    many = {f"field{number}": "a" for number in range(5)}  # files would do as well, but werkzeug drops them unclosed
    answer = client.post("/intake", data=many, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "一次最多交 3 个文件和栏目" in answer.text and "MB，" not in answer.text

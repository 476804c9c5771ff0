"""Descriptions in a form and as a table; two articles side by side; one person's posts."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import (
    Access,
    Article,
    Block,
    Cell,
    Collection,
    Declared,
    FieldKind,
    Genre,
    Kind,
    Person,
    Role,
    Status,
)
from web.app import create_app
from web.reading.comparison_pages import pieces

LOCAL = Actor.local()

plain = Block.plain

CANAL = (
    "光绪三十年，知县召集乡绅议修南渠，按亩摊工，自上游石门开口，引水三十里到城下，渠成之日全城欢腾，"
    "沿渠栽柳两千余株，至今仍有老树存活。渠口设水则一座，由乡约轮流看守，每岁清明放水，霜降封口，历数十年不废。"
)
COPY = CANAL.replace("三十里", "四十里").replace("历数十年不废", "数十年未尝停废")


def articles() -> list[Article]:
    return [
        Article(
            collection="c",
            blocks=(
                plain(Kind.TITLE, "南渠记"),
                plain(Kind.PARAGRAPH, CANAL),
                plain(Kind.PARAGRAPH, "两地同有的一段。"),
            ),
            people=(Person("马德山", Role.NARRATOR),),
            fields=(("旧库编目", "甲\n乙；丙"),),
        ),
        Article(
            collection="c",
            blocks=(
                plain(Kind.TITLE, "修渠旧事"),
                plain(Kind.PARAGRAPH, COPY),
                plain(Kind.PARAGRAPH, "两地同有的一段。"),
            ),
        ),
        Article(collection="c", blocks=(plain(Kind.TITLE, "短讯"), plain(Kind.PARAGRAPH, "<b>水</b>到了。"))),
    ]


def term(title: str, *lines: tuple[str, str, str]) -> Article:
    cells = [
        plain(Kind.CELL, text, cell=Cell(0, row, column, header=not row))
        for row, line in enumerate((("职务", "姓名", "任期"), *lines))
        for column, text in enumerate(line)
    ]
    return Article(collection="roster", blocks=(plain(Kind.TITLE, title), *cells), genre=Genre.TERM)


DECLARED = (
    Declared("案号", FieldKind.NUMBER),
    Declared("办法", FieldKind.CHOICE, choices=("面商", "函复", "会办"), repeatable=True),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as library:
        second = term("政协清水县第二届委员会（1959年3月—1962年3月）", ("主席", "石涛", "1959.3—1962.3"))
        first = term(
            "政协清水县第一届委员会（1956年6月—1959年3月）",
            ("主席", "郭振河", "1956.6—1959.3"),
            ("副主席", "石涛", "1956.6—1958.4"),
        )
        for collection, drafts in (
            (Collection("c", "文集", fields=DECLARED), articles()),
            (Collection("roster", "组织史", kind="roster"), [second, first]),
        ):
            library.session(LOCAL).save_collection(collection)
            file = tmp_path / collection.id
            file.write_text(collection.id, encoding="utf-8")
            library.session(LOCAL).add(file, file.name, drafts, [])
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def called(library: Library, title: str) -> Article:
    return next(each for each in library.session(LOCAL).articles() if each.title == title)


@pytest.fixture
def canal(library: Library) -> Article:
    return called(library, "南渠记")


def form_of(text: str) -> dict[str, str | list[str]]:
    """Everything the form of an article would send if “保存” were pressed."""
    body = text[text.index('<form class="fields"') :]
    sent: dict[str, list[str]] = {}
    pattern = (
        r'<input[^>]*? name="(?P<input>[^"]+)" value="(?P<value>[^"]*)"(?P<rest>[^>]*)>'
        r'|<textarea[^>]* name="(?P<area>[^"]+)"[^>]*>\n(?P<text>[^<]*)</textarea>'
        r'|<select[^>]* name="(?P<select>[^"]+)"[^>]*>(?P<options>.*?)</select>'
    )
    for found in re.finditer(pattern, body, re.DOTALL):
        if found["select"]:
            chosen = re.search(r"<option selected>([^<]*)<", found["options"])
            sent.setdefault(html.unescape(found["select"]), []).append(chosen[1] if chosen else "")
        elif found["area"]:
            sent.setdefault(html.unescape(found["area"]), []).append(html.unescape(found["text"]).replace("\n", "\r\n"))
        elif 'type="checkbox"' not in found[0] or "checked" in found["rest"]:
            sent.setdefault(html.unescape(found["input"]), []).append(html.unescape(found["value"]))
    return {name: values if len(values) > 1 else values[0] for name, values in sent.items()}


def save(client: FlaskClient, article: Article, form: dict[str, str | list[str]], **typed: str) -> TestResponse:
    changed = {f"field.{name}" if name != "reason" else name: value for name, value in typed.items()}
    return client.post(f"/article/{article.id}/fields", data={**form, **changed})


def opened(client: FlaskClient, article: Article) -> dict[str, str | list[str]]:
    return form_of(client.get(f"/article/{article.id}/fields").text)


class TestForm:
    def test_the_reading_page_leads_to_it_and_it_has_every_field(
        self, client: FlaskClient, library: Library, canal: Article
    ) -> None:
        assert f'href="/article/{canal.id}/fields">著录' in client.get(f"/article/{canal.id}").text
        text, form = client.get(f"/article/{canal.id}/fields").text, opened(client, canal)
        for one in library.session(LOCAL).field_definitions(canal):
            assert f"field.{one.name}" in form, one.name
        assert form["field.口述者"] == "马德山" and form["field.开放标识"] == "公开"
        assert "本文集的项" in text and 'href="/help/metadata"' in text
        assert "DA/T" not in text and "DC " not in text  # which standard a field answers to stands in that chapter

    def test_what_is_typed_is_stored_with_the_reason(
        self, client: FlaskClient, library: Library, canal: Article
    ) -> None:
        answer = save(
            client, canal, opened(client, canal), 关键词="水利\r\n南渠", 作者="甲、乙", 案号="１２", reason="补录"
        )
        assert (answer.status_code, answer.location) == (303, f"/article/{canal.id}")
        now = library.session(LOCAL).article(canal.id)
        assert [value for name, value in now.fields if name == "关键词"] == ["水利", "南渠"]
        assert [person.name for person in now.people if person.role is Role.AUTHOR] == ["甲", "乙"]
        assert ("案号", "12") in now.fields
        assert library.session(LOCAL).versions(canal.id)[-1].reason == "补录"

    def test_what_is_not_touched_stays_letter_for_letter(
        self, client: FlaskClient, library: Library, canal: Article
    ) -> None:
        assert save(client, canal, opened(client, canal)).status_code == 303
        assert library.session(LOCAL).article(canal.id) == canal
        save(client, canal, opened(client, canal), 档号="X-1")
        assert ("旧库编目", "甲\n乙；丙") in library.session(LOCAL).article(canal.id).fields

    def test_choices(self, client: FlaskClient, library: Library, canal: Article) -> None:
        form = opened(client, canal)
        form["field.办法"] = ["", "面商", "会办"]
        assert save(client, canal, form, 开放标识="内部").status_code == 303
        now = library.session(LOCAL).article(canal.id)
        assert now.access is Access.INTERNAL
        assert [value for name, value in now.fields if name == "办法"] == ["面商", "会办"]
        form = opened(client, canal)
        assert form["field.办法"] == ["", "面商", "会办"]
        form["field.办法"] = ""
        save(client, canal, form)
        assert not [value for name, value in library.session(LOCAL).article(canal.id).fields if name == "办法"]

    def test_a_withdrawn_article_is_put_back_here(self, client: FlaskClient, library: Library, canal: Article) -> None:
        answer = save(client, canal, opened(client, canal), 稿件状态="撤下")
        assert answer.location == f"/article/{canal.id}/fields"
        assert client.get(f"/article/{canal.id}").status_code == 410
        assert "已经撤下" in client.get(f"/article/{canal.id}/fields").text
        assert save(client, canal, opened(client, canal), 稿件状态="发布").location == f"/article/{canal.id}"
        assert library.session(LOCAL).article(canal.id).status is Status.RELEASED

    def test_wrong_values_are_told_at_their_fields_and_nothing_typed_is_lost(
        self, client: FlaskClient, library: Library, canal: Article
    ) -> None:
        form = opened(client, canal)
        answer = save(client, canal, form, 成文日期="猴年马月", 题名="", 档号='"><i>', reason="试")
        assert answer.status_code == 400
        assert library.session(LOCAL).article(canal.id) == canal
        again = form_of(answer.text)
        assert (again["field.成文日期"], again["field.档号"], again["reason"]) == ("猴年马月", '"><i>', "试")
        assert "有 2 处不能保存" in answer.text and "“题名”不能为空" in answer.text
        assert re.search(
            r'name="field.成文日期"[^>]*aria-invalid="true" aria-describedby="fault-(\d+)" autofocus', answer.text
        )
        assert '"><i>' not in answer.text
        assert save(client, canal, again, 成文日期="1985年", 题名="南渠记").status_code == 303

    def test_somebody_was_quicker(self, client: FlaskClient, library: Library, canal: Article) -> None:
        form = opened(client, canal)
        library.session(LOCAL).describe(canal.id, {"档号": "A-1", "关键词": ["旧"]}, "别人")
        answer = save(client, canal, form, 关键词="水利")
        assert answer.status_code == 409
        assert "已有人改过" in answer.text and "别人已改成：旧" in answer.text
        again = form_of(answer.text)
        assert (again["field.关键词"], again["field.档号"], again["version"]) == ("水利", "A-1", "2")
        assert save(client, canal, again).status_code == 303
        assert {("档号", "A-1"), ("关键词", "水利")} <= set(library.session(LOCAL).article(canal.id).fields)

    def test_a_status_set_meanwhile_is_a_conflict_too(
        self, client: FlaskClient, library: Library, canal: Article
    ) -> None:
        form = opened(client, canal)
        library.session(LOCAL).describe(canal.id, {"稿件状态": "终审"}, "别人")
        assert save(client, canal, form, 稿件状态="初审").status_code == 409
        assert save(client, canal, form, 档号="B-2").status_code == 303
        now = library.session(LOCAL).article(canal.id)
        assert now.status.value == "终审" and ("档号", "B-2") in now.fields

    def test_no_such_article(self, client: FlaskClient) -> None:
        assert client.get("/article/none/fields").status_code == 404


def token(client: FlaskClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/collection/c/fields").text)
    assert found
    return found[1]


def upload(client: FlaskClient, rows: list[list[str]], name: str = "改过.csv") -> TestResponse:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    table = (io.BytesIO(out.getvalue().encode("utf-8-sig")), name)
    return client.post("/collection/c/fields", data={"token": token(client), "table": table})


def exported(client: FlaskClient) -> list[list[str]]:
    answer = client.get("/collection/c/fields.csv")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def put(rows: list[list[str]], title: str, name: str, value: str) -> None:
    next(row for row in rows[1:] if title in row)[rows[0].index(name)] = value


class TestTable:
    def test_it_is_handed_out_as_csv_and_as_excel(self, client: FlaskClient) -> None:
        assert 'href="/collection/c/fields">' in client.get("/collection/c").text
        rows = exported(client)
        assert rows[0][:4] == ["编号", "版本", "文集", "题名"] and len(rows) == 4
        sheet = load_workbook(io.BytesIO(client.get("/collection/c/fields.xlsx").data)).active
        assert sheet is not None and [cell.value for cell in sheet[1]] == rows[0]
        assert client.get("/collection/none/fields.csv").status_code == 404

    def test_looked_over_first_then_taken_in(self, client: FlaskClient, library: Library, canal: Article) -> None:
        rows = exported(client)
        put(rows, "南渠记", "档号", "A-7")
        put(rows, "短讯", "关键词", "水；渠")
        answer = upload(client, rows)
        assert answer.status_code == 200
        assert "将改动 <b>2</b> 篇，共 <b>2</b> 处" in answer.text and "<mark>A-7</mark>" in answer.text
        assert library.session(LOCAL).article(canal.id) == canal
        changes = re.search(r'name="changes" value="([^"]+)"', answer.text)
        assert changes
        form = {"token": token(client), "changes": html.unescape(changes[1]), "reason": "按表"}
        answer = client.post("/collection/c/fields/take", data=form, follow_redirects=True)
        assert "已改动 2 篇" in answer.text
        assert ("档号", "A-7") in library.session(LOCAL).article(canal.id).fields
        assert library.session(LOCAL).versions(canal.id)[-1].reason == "按表"
        # The same page confirmed again: those versions are gone, nothing is changed.
        assert client.post("/collection/c/fields/take", data=form).status_code == 409

    def test_faults_are_listed_by_row_and_cannot_be_confirmed(self, client: FlaskClient) -> None:
        rows = exported(client)
        put(rows, "短讯", "案号", "十二")
        answer = upload(client, rows)
        assert answer.status_code == 400
        assert re.search(r"<td>4</td><td>案号</td><td>“案号”应是数字", answer.text)
        assert 'name="changes"' not in answer.text

    @pytest.mark.parametrize(("rows", "told"), [([["题名"], ["南渠记"]], "没有“编号”一栏"), ([], "没有")])
    def test_what_is_no_such_table(self, client: FlaskClient, rows: list[list[str]], told: str) -> None:
        answer = upload(client, rows)
        assert answer.status_code == 400 and told in answer.text

    def test_a_form_without_its_file_or_changes(self, client: FlaskClient) -> None:
        answer = client.post("/collection/c/fields", data={"token": token(client)})
        assert answer.status_code == 400 and "没有选择文件" in answer.text
        for bad in ("", "[]", "{", "[[1]]", '[["a", 1, 2]]'):
            answer = client.post("/collection/c/fields/take", data={"token": token(client), "changes": bad})
            assert answer.status_code == 400, bad

    def test_an_unchanged_table_has_nothing_to_confirm(self, client: FlaskClient) -> None:
        answer = upload(client, exported(client))
        assert answer.status_code == 200 and "没有要改的" in answer.text


class TestComparing:
    def test_side_by_side(self, client: FlaskClient, library: Library, canal: Article) -> None:
        other = called(library, "修渠旧事")
        text = client.get(f"/diff/{canal.id}/{other.id}").text
        assert "<mark>三</mark>十里" in text and "<mark>四</mark>十里" in text
        share = re.search(r"文字相同 <b>(\d+)%</b>", text)
        assert share and 50 < int(share[1]) < 100
        assert "共 4 段，3 段有出入" in text and text.count('<tr class="equal">') == 1
        assert f'href="/article/{other.id}?block=1#b1"' in text

    def test_the_same_text_says_so(self, client: FlaskClient, canal: Article) -> None:
        assert "文字相同。" in client.get(f"/diff/{canal.id}/{canal.id}").text

    def test_text_stays_text(self, client: FlaskClient, library: Library, canal: Article) -> None:
        text = client.get(f"/diff/{called(library, '短讯').id}/{canal.id}").text
        assert "&lt;b&gt;" in text and "<b>水" not in text

    def test_like_ones_are_listed_and_lead_to_the_comparison(
        self, client: FlaskClient, library: Library, canal: Article
    ) -> None:
        other = called(library, "修渠旧事")
        assert f'href="/article/{canal.id}/like"' in client.get(f"/article/{canal.id}").text
        assert f'href="/diff/{canal.id}/{other.id}">修渠旧事' in client.get(f"/article/{canal.id}/like").text
        assert "太短" in client.get(f"/article/{called(library, '短讯').id}/like").text
        library.session(LOCAL).withdraw(other.id, "重复")
        assert "没有别的文章" in client.get(f"/article/{canal.id}/like").text
        assert client.get(f"/diff/{canal.id}/{other.id}").status_code == 410

    def test_a_like_one_is_found_in_its_present_text(
        self, client: FlaskClient, library: Library, canal: Article
    ) -> None:
        other = called(library, "修渠旧事")
        client.get(f"/article/{canal.id}/like")
        blocks = (other.blocks[0], plain(Kind.PARAGRAPH, "完全另写的一篇，说的是民国年间城里的商号与字号，" * 4))
        library.session(LOCAL).corrections.revise(replace(other, blocks=blocks), "重写")
        assert "没有别的文章" in client.get(f"/article/{canal.id}/like").text

    @pytest.mark.parametrize(
        ("spans", "wanted"),
        [
            ((), [("甲乙丙丁", False)]),
            (((0, 1), (2, 4)), [("甲", True), ("乙", False), ("丙丁", True)]),
            (((1, 2),), [("甲", False), ("乙", True), ("丙丁", False)]),
        ],
    )
    def test_pieces(self, spans: tuple[tuple[int, int], ...], wanted: list[tuple[str, bool]]) -> None:
        assert list(pieces("甲乙丙丁", spans)) == wanted


class TestPeople:
    def test_from_the_chart_to_one_person(self, client: FlaskClient, library: Library) -> None:
        assert 'href="/collection/roster/people"' in client.get("/collection/roster/posts").text
        text = html.unescape(client.get("/collection/roster/people").text)
        found = re.search(r'href="([^"]+)">石涛</a><span class="count">2<', text)
        assert found
        text = client.get(found[1]).text
        assert [text.index("1956.6—1958.4"), text.index("1959.3—1962.3")] == sorted(
            [text.index("1956.6—1958.4"), text.index("1959.3—1962.3")]
        )
        first = called(library, "政协清水县第一届委员会（1956年6月—1959年3月）")
        assert re.search(rf'href="/article/{first.id}\?block=\d+#b\d+">政协清水县第一届', text)
        assert client.get("/collection/roster/person?name=石濤").status_code == 200
        for nobody in ("?name=无此人", ""):
            assert client.get(f"/collection/roster/person{nobody}").status_code == 404

    def test_as_a_workbook(self, client: FlaskClient) -> None:
        book = load_workbook(io.BytesIO(client.get("/collection/roster/posts.xlsx").data))
        assert book.sheetnames == ["按机构", "按人"]
        assert [row[0] for row in book["按人"].iter_rows(values_only=True)] == ["姓名", "石涛", "石涛", "郭振河"]


def test_what_an_article_is_described_by_is_asked_for_by_name(client: FlaskClient, canal: Article) -> None:
    assert "以及本库自己的 案号: 办法:" in client.get("/").text
    assert "没有找到" in client.get("/?q=案号:12").text
    save(client, canal, opened(client, canal), 案号="12", reason="登记")
    found = client.get("/?q=案号：12").text
    assert "案号含“12”" in found
    assert f'href="/article/{canal.id}' in found

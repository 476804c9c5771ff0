"""Registers in the browser: entering, steps with what they need, Excel, what is to be done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import Account, AccountRole, Holding
from archive.model.edits import Rewrite
from archive.model.errors import NotAllowed
from archive.model.procedures import RowChange
from archive.model.project import Matter, Project
from archive.model.records import Article, Block, Collection, Kind, Status
from archive.workflow.stepping import AskedStep
from web.app import create_app

LOCAL = Actor.local()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        session.save_collection(Collection("c", "来稿"))
        file = tmp_path / "a.txt"
        file.write_text("稿", encoding="utf-8")
        blocks = (Block.plain(Kind.TITLE, "渡口的灯"), Block.plain(Kind.PARAGRAPH, "灯亮到后半夜。"))
        session.add(file, file.name, [Article(collection="c", blocks=blocks, status=Status.RECEIVED)], ())
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def send(client: FlaskClient, path: str, **form: object) -> str:
    token = re.search(r'name="token" value="([^"]+)"', client.get("/manage").text)
    assert token
    return client.post(path, data={"token": token[1], **form}, follow_redirects=True).text


def test_a_proposal_is_entered_and_goes_on(client: FlaskClient, library: Library) -> None:
    told = send(client, "/registers/提案/new", **{"v-案由": "修渠", "v-提案人": ""})
    assert "要写提案人" in told and 'value="修渠"' in told
    told = send(client, "/registers/提案/new", **{"v-案由": "修渠", "v-提案人": "张三", "v-提案人电话": "139"})
    number = library.session(LOCAL).workflow.records("提案")[0].number
    assert f"已登记：{number}" in told and "139" in told
    page = f"/registers/提案/one/{number}"
    assert "要写审查意见" in send(client, page, do="step", to="立案", seen="1")
    told = send(client, page, do="step", to="立案", opinion="属实", signer="孙立", seen="1")
    assert "已走到“立案”" in told and "孙立（本机代录）" in told
    assert "刚刚有人在这一份上走了一步" in send(
        client, page, do="step", to="撤案", opinion="撤", seen="1", **{"v-提案人书面凭据": "有"}
    )
    cells = {"r-承办-n0-单位": "水务局", "r-承办-n1-单位": "", "v-交办日期": "2026-03-01", "due": "2026-06-01"}
    assert "已走到“交办”" in send(client, page, do="step", to="交办", seen="2", **cells)
    send(client, page, do="fill", seen="3", **{"r-承办-0-单位": "水利局", "v-附议人": "李四"})
    record = library.session(LOCAL).workflow.record("提案", number)
    assert record.of_group("承办") == ((0, {"单位": "水利局"}),) and record.values["附议人"] == "李四"
    assert "水利局" not in client.get("/registers/提案?q=水务局").text
    assert number in client.get("/registers/提案?q=水利局&state=交办").text
    assert "2026-06-01" in client.get("/to-do").text and "我的待办" in client.get("/").text


def test_a_register_leaves_and_returns_as_a_workbook(client: FlaskClient, library: Library) -> None:
    workflow = library.session(LOCAL).workflow
    workflow.add(
        "提案", {"案由": "修渠", "提案人": "张三", "提案人电话": "139"}, [RowChange("承办", -1, {"单位": "甲"})]
    )
    sheet = client.get("/registers/提案/sheet.xlsx").data
    told = send(client, "/registers/提案/sheet", table=(BytesIO(sheet), "提案.xlsx"))
    assert "新登记 0 份，改动 0 份，没有变化 1 份" in told
    assert "登记簿没有这些栏：别的" in send(
        client, "/registers/提案/sheet", table=(BytesIO("案由,提案人,别的\n修桥,李四,1\n".encode()), "提案.csv")
    )
    assert "新登记 1 份" in send(
        client, "/registers/提案/sheet", table=(BytesIO("案由,提案人,收到日期\n修桥,李四,春上\n".encode()), "提案.csv")
    )
    assert workflow.records("提案")[1].values["收到日期"] == "春上"


def test_the_reading_page_leads_to_the_review(client: FlaskClient) -> None:
    assert "/registers/文史稿件/one/1" in client.get("/article/1").text or "%E6%96%87" in client.get("/article/1").text
    told = send(client, "/registers/文史稿件/one/1", do="step", to="初审", seen="0")
    assert "已走到“初审”" in told and "渡口的灯" in told


def test_the_signature_on_a_book_falls_with_any_change(client: FlaskClient, library: Library) -> None:
    session = library.session(LOCAL)
    session.books.create("十三辑", [session.article("1")])
    workflow = session.workflow
    for to, given in (
        ("一校", {}), ("改样", {"values": {"差错数": "2"}}), ("核红", {}), ("通读", {}),
        ("清样", {"opinion": "可", "values": {"差错数": "0"}}),
    ):  # fmt: skip
        workflow.take("书稿校次", "十三辑", AskedStep(to=to, **given))
    page = "/registers/书稿校次/one/十三辑"
    assert "已签字，还要别人签" in send(
        client, page, do="step", to="付印", post="编辑", signer="甲", **{"v-印数": "500"}
    )
    book = session.books.project("十三辑")
    book = session.books.save(prefaced(book))
    told = send(client, page, do="step", to="付印", post="主任", signer="乙", **{"v-印数": "500"})
    assert "已签字，还要别人签" in told  # the first one signed another book
    for post, signer in (("编辑", "甲"), ("分管领导", "丙")):
        told = send(client, page, do="step", to="付印", post=post, signer=signer)
    assert "已走到“付印”" in told
    assert workflow.record("书稿校次", "十三辑").state == "付印"
    session.books.save(prefaced(book, "又改"))
    assert "签字已经作废，退回“清样”" in client.get(page).text
    assert workflow.record("书稿校次", "十三辑").state == "清样"
    told = send(client, page, do="step", to="改样", opinion="重校")
    assert "签字以后书稿改过，签字作废" in told
    shown = client.get("/registers/书稿校次/proofs/1/5/十三辑").text
    assert "前言" in shown and "第 1 次与第 5 次" in shown


def prefaced(book: Project, words: str = "前言里的话") -> Project:
    return replace(book, front=(Matter(title="前言", text=words),))


def test_a_comment_follows_its_passage(client: FlaskClient, library: Library) -> None:
    session = library.session(LOCAL)
    assert "这一段里没有这几个字" in send(client, "/article/1/comment/1", words="没有", opinion="哪里")
    told = send(client, "/article/1/comment/1", words="后半夜", opinion="是哪一年？")
    assert "是哪一年？" in told and "#b1" in told
    session.correct("1", [Rewrite(1, "灯亮到后半夜。", ("渡口在柳树湾。", "灯亮到后半夜。"))], "补")
    assert "#b2" in client.get("/registers/文史稿件/one/1").text
    session.correct("1", [Rewrite(2, "灯亮到后半夜。", ("灯亮到天明。",))], "改")
    assert "这几个字后来改过" in client.get("/registers/文史稿件/one/1").text


def test_only_who_may_release_lets_readers_see(library: Library, tmp_path: Path) -> None:
    editor = library.session(Account("e", "e", "编辑甲", (Holding(AccountRole.EDITOR),)).actor)
    with pytest.raises(NotAllowed):
        editor.describe("1", {"稿件状态": "发布"}, "发")
    file = tmp_path / "b.txt"
    file.write_text("另一篇", encoding="utf-8")
    blocks = (Block.plain(Kind.TITLE, "磨坊"), Block.plain(Kind.PARAGRAPH, "磨坊在河边。"))
    (came,) = editor.add(file, file.name, [Article(collection="c", blocks=blocks)], ()).articles
    assert came.status is Status.RECEIVED

"""Procedures in the browser: forms for what the file says, faults in plain words, and only then the new way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from archive.library import Library
from archive.model.access import Actor
from archive.workflow.procedure_draft import ProcedureDraft
from archive.workflow.procedure_file import read
from archive.workflow.procedure_table import ProcedureTable, shipped
from web.app import create_app
from web.office import procedure_form

PAGE = "/procedures/文史稿件"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as library:
        yield library


@pytest.fixture
def client(library: Library) -> FlaskClient:
    return create_app(library).test_client()


def send(client: FlaskClient, path: str, **form: object) -> str:
    token = re.search(r'name="token" value="([^"]+)"', client.get("/manage").text)
    assert token
    return client.post(path, data={"token": token[1], **form}, follow_redirects=True).text


@pytest.mark.parametrize("name", [one.name for one in shipped()])
def test_every_form_gives_back_what_it_shows(name: str, tmp_path: Path) -> None:
    draft = ProcedureDraft.of(name, ProcedureTable(tmp_path).text(name))
    for part in procedure_form.PARTS:
        shown = procedure_form.boxes(draft, part)
        for at, entry in enumerate(draft.entries(part)):
            values = procedure_form.values_of(part, entry)
            form = MultiDict[str, str]()
            for box in shown:
                value = values.get(box.key)
                if isinstance(value, list) and box.kind == "ticks":
                    form.setlist(box.key, value)
                elif isinstance(value, list):
                    form[box.key] = ("、" if box.kind == "names" else "\n").join(value)
                elif value:
                    form[box.key] = str(value)
            same = draft.changed(part, at, procedure_form.entry_of(part, procedure_form.typed(form, shown)))
            assert same.faults() == () and read(same.text, name) == read(draft.text, name), (part, entry)


def test_a_state_and_its_steps_are_added_in_forms(client: FlaskClient, library: Library) -> None:
    told = send(client, f"{PAGE}/state/new", name="专家审", status="复审", days="20")
    assert "没有哪一步走得到“专家审”" in told
    assert "还不能启用" in send(client, PAGE, do="use")
    for source, to in (("复审", "专家审"), ("专家审", "复审")):
        told = send(client, f"{PAGE}/step/new", **{"from": source, "to": to, "posts": "主任", "opinion": "理由"})
    assert "还没有启用：大家仍照原来的走" in told
    assert "已经启用" in send(client, PAGE, do="use")
    made = library.session(Actor.local()).workflow.procedure("文史稿件")
    state = made.state("专家审")
    assert state is not None and state.days == 20 and made.transitions[-1].opinion == "理由"


def test_what_is_wrong_is_told_in_the_words_of_the_form(client: FlaskClient) -> None:
    told = send(client, f"{PAGE}/state/new", name="", status="复审", days="许多")
    assert "“名称”要写一段文字" in told or "缺少“名称”" in told
    told = send(client, f"{PAGE}/state/new", name="专家审", status="复审", days="许多")
    assert "“期限”要写天数" in told and 'value="许多"' in told
    told = send(client, f"{PAGE}/step/new", **{"from": "复审", "to": "发布", "posts": "主任"})
    assert "勾上“读者从此看得到”" in told and "releases" not in told


def test_what_would_be_lost_is_refused_with_what_to_do(client: FlaskClient, library: Library) -> None:
    library.session(Actor.local()).workflow.add("提案", {"案由": "修渠", "提案人": "张三", "附议人": "李四"})
    names = [one.name for one in library.session(Actor.local()).workflow.procedure("提案").fields]
    send(client, f"/procedures/提案/field/{names.index('附议人')}", do="remove")
    told = send(client, "/procedures/提案", do="use")
    assert "“附议人”有 1 份填过，不能去掉" in told and "可以改它的名称" in told
    assert "没有启用的改动已经放弃" in send(client, "/procedures/提案", do="drop")


def test_a_step_all_must_sign_and_a_field_of_marks(client: FlaskClient, library: Library) -> None:
    posts = MultiDict([("from", "终审"), ("to", "采用"), ("posts", "主任"), ("posts", "分管领导"), ("all", "1")])
    token = re.search(r'name="token" value="([^"]+)"', client.get("/manage").text)
    assert token
    steps = library.session(Actor.local()).workflow.procedure("文史稿件").transitions
    at = next(at for at, one in enumerate(steps) if one.to == "采用")
    client.post(f"{PAGE}/step/{at}", data=MultiDict([*posts.items(multi=True), ("token", token[1])]))
    send(client, f"{PAGE}/field/new", name="题材", kind="可勾几个", choices="工业\n农业", by_class="1")
    assert "已经启用" in send(client, PAGE, do="use")
    made = library.session(Actor.local()).workflow.procedure("文史稿件")
    assert made.transitions[at].signed_by == ("主任", "分管领导")
    field = made.field("题材")
    assert field is not None and field.several and field.choices == ("工业", "农业")


def test_a_new_register_begins_like_another(client: FlaskClient) -> None:
    assert "没有写名称" in send(client, "/procedures", name=" ", like="征稿")
    assert "已经有叫“提案”" in send(client, "/procedures", name="提案", like="征稿")
    assert "已照样子建好" in send(client, "/procedures", name="口述采访", like="征稿")
    assert "还没有启用" in client.get("/procedures").text
    assert "已经启用" in send(client, "/procedures/口述采访", do="use")
    assert "口述采访" in client.get("/registers").text
    assert client.get("/procedures/没有这个").status_code == 404
    assert client.get("/procedures/提案/state/99").status_code == 404

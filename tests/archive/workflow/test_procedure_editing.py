"""Procedures changed entry by entry: what is named follows, what is missing is told, and records lose nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import Account, AccountRole, Holding
from archive.model.errors import ConfigError, Conflict, FieldError, NotAllowed, UsageError
from archive.session import Session
from archive.workflow.procedure_draft import ProcedureDraft
from archive.workflow.procedure_file import read
from archive.workflow.procedure_table import shipped
from archive.workflow.stepping import AskedStep

NAME = "提案"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Library.create(tmp_path / "library") as library:
        yield library.session(Actor.local())


def place(draft: ProcedureDraft, table: str, name: str) -> int:
    return [one.get("name") for one in draft.entries(table)].index(name)


@pytest.mark.parametrize("name", [one.name for one in shipped()])
def test_what_forms_write_is_the_same_procedure(session: Session, name: str) -> None:
    draft = session.procedures.draft(name)
    assert read(draft.text, name) == session.workflow.procedure(name) and not draft.faults()


@pytest.mark.parametrize(("table", "name", "now"), [("post", "督办", "督查"), ("rows", "承办", "办理单位")])
def test_a_new_name_is_followed_wherever_it_stands(session: Session, table: str, name: str, now: str) -> None:
    draft = session.procedures.draft(NAME)
    at = place(draft, table, name)
    draft = draft.changed(table, at, {**draft.entry(table, at), "name": now})
    assert not draft.faults() and f'"{name}"' not in draft.text and f'"{name}.' not in draft.text


def test_records_follow_renamed_states_and_fields(session: Session) -> None:
    made = session.workflow.add(NAME, {"案由": "修渠", "提案人": "张三", "提案人电话": "139"})
    editing = session.procedures
    for table, name, now in (("state", "登记", "收到"), ("field", "案由", "题目"), ("field", "提案人电话", "电话")):
        draft = editing.draft(NAME)
        at = place(draft, table, name)
        editing.change(NAME, table, at, {**draft.entry(table, at), "name": now})
    assert session.workflow.record(NAME, made.number).state == "登记", "not in use yet"
    editing.use(NAME)
    record = session.workflow.record(NAME, made.number)
    assert (record.state, record.values["题目"]) == ("收到", "修渠")
    assert session.workflow.private(record) == {"电话": "139"}
    assert session.workflow.steps(record)[-1].opinion == "流程里改了名称"
    assert not editing.draft(NAME).begun
    session.workflow.take(NAME, made.number, AskedStep(to="立案", opinion="属实"))


def test_nothing_that_a_record_holds_is_dropped(session: Session) -> None:
    session.workflow.add(NAME, {"案由": "修渠", "提案人": "张三", "附议人": "李四"})
    editing = session.procedures
    text = editing.draft(NAME).text
    with pytest.raises(Conflict, match="“附议人”有 1 份填过，不能去掉"):
        editing.save(text.replace('[[field]]\nname = "附议人"\n', ""))
    with pytest.raises(Conflict, match="不能改成个人信息"):
        editing.save(text.replace('name = "附议人"\n', 'name = "附议人"\nprivate = true\n'))
    with pytest.raises(Conflict, match="“登记”里还有 1 份"):
        editing.save(text.replace('"登记"]', '"新到"]').replace('name = "登记"', 'name = "新到"'))
    assert not session.workflow.procedure(NAME).own


def test_a_draft_tells_what_is_missing_and_the_old_way_goes_on(session: Session) -> None:
    editing = session.procedures
    draft = editing.change("文史稿件", "state", None, {"name": "专家审", "status": "复审"})
    assert [one.message for one in draft.faults()] == ["没有哪一步走得到“专家审”"]
    with pytest.raises(UsageError, match="没有哪一步走得到“专家审”"):
        editing.use("文史稿件")
    for step in (
        {"from": ["复审"], "to": "专家审", "who": ["主任"]},
        {"from": ["专家审"], "to": "复审", "who": ["主任"]},
    ):
        editing.change("文史稿件", "step", None, step)
    assert session.workflow.procedure("文史稿件").state("专家审") is None
    assert editing.use("文史稿件").state("专家审") is not None
    assert session.workflow.procedure("文史稿件").own


def test_an_entry_that_is_wrong_in_itself_is_not_kept(session: Session) -> None:
    editing = session.procedures
    with pytest.raises(FieldError) as told:
        editing.change(NAME, "number", 0, {"field": "登记号", "form": "号"})
    assert told.value.field == "form" and not editing.draft(NAME).begun


def test_entries_move_and_go_and_the_draft_is_forgotten(session: Session) -> None:
    editing = session.procedures
    first = editing.draft(NAME).entry("field", 0)
    assert editing.move(NAME, "field", 0, 1).entry("field", 1) == first
    assert first not in editing.remove(NAME, "field", 1).entries("field")
    editing.drop(NAME)
    assert editing.draft(NAME).entry("field", 0) == first


def test_a_register_of_ones_own_is_made_like_another(session: Session) -> None:
    editing = session.procedures
    editing.begin("口述采访", "征稿")
    assert "口述采访" not in [one.name for one in session.workflow.procedures()]
    editing.use("口述采访")
    assert session.workflow.add("口述采访", {session.workflow.procedure("口述采访").fields[0].name: "渡口"}).number
    for taken in ("口述采访", "提案登记簿"):
        with pytest.raises(UsageError, match="已经有叫"):
            editing.begin(taken, "征稿")


def test_only_who_maintains_the_library_changes_procedures(session: Session) -> None:
    other = Account("e", "e", "编辑甲", (Holding(AccountRole.EDITOR),)).actor
    with Library.open(session.root) as library, pytest.raises(NotAllowed):
        library.session(other).procedures.draft(NAME)


def test_a_change_put_into_use_stands_in_the_log(session: Session) -> None:
    session.procedures.change(NAME, "state", 0, {**session.procedures.draft(NAME).entry("state", 0), "days": 9})
    session.procedures.use(NAME)
    assert any(one.action == "procedure" and one.subject == NAME for one in session.audit())


@pytest.mark.parametrize(("written", "words"), [(b'name = "\n', "第 1 行"), ("名称".encode("gb18030"), "UTF-8")])
def test_of_a_file_that_nobody_can_read_it_is_told_where_it_is_wrong(
    session: Session, written: bytes, words: str
) -> None:
    file = session.procedures.table.file(NAME)
    file.parent.mkdir()
    file.write_bytes(written)
    with pytest.raises(ConfigError) as caught:
        session.procedures.draft(NAME)
    assert words in str(caught.value) and "提案.toml" in caught.value.place

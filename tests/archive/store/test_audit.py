"""Who did what, when, from where: a chain in which a change, a gap and, by an earlier end, a cut tail show."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.model.holdings import AuditFilter, AuditHead
from archive.store import Store
from archive.store.backup import audit_head
from archive.support.whence import asked_from


@pytest.fixture
def held(store: Store, draft: Callable[..., object], file: Callable[..., tuple[Path, str, str]]) -> Store:
    with asked_from("192.168.1.7"):
        store.accept(*file(), [draft(), draft()], [], [], "张编辑")  # type: ignore[list-item]
    store.revise(store.article("1"), [], "改", "李编辑")
    return store


def change(store: Store, statement: str) -> None:
    if store._database.one_file:
        with closing(sqlite3.connect(store.root / "archive.sqlite")) as connection, connection:
            connection.execute(statement)
    else:
        with store._database.writing() as written:
            written.exec_driver_sql(statement)


def faults(store: Store, *statements: str) -> list[str]:
    for statement in statements:
        change(store, statement)
    return [one.message for one in store.check("本机") if one.code == "audit"]


def test_who_did_what_from_where(held: Store) -> None:
    entry = held.audit(1, AuditFilter(who="张编辑"))[0]
    assert (entry.action, entry.place) == ("accept", "192.168.1.7")
    assert [one.action for one in held.audit(None, AuditFilter(subject="1"))] == ["revise"]
    today = held.audit(1)[0].when[:10]
    assert len(held.audit(None, AuditFilter(since=today, until=today))) == len(held.audit(None))
    assert held.audit(None, AuditFilter(until="2001-01-01")) == ()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE audit SET who = '别人' WHERE key = 2", "第 2 条被改过"),
        ("UPDATE audit SET place = '' WHERE key = 2", "第 2 条被改过"),
        ("UPDATE audit SET detail = '无事' WHERE key = 2", "第 2 条的说明被改过"),
        ("UPDATE audit SET detail = '（已清除）', salt = '' WHERE key = 2", "第 2 条的说明被去掉了"),
        ("DELETE FROM audit WHERE key = 2", "第 2 至 2 条不见了"),
    ],
)
def test_a_change_and_a_gap_show(held: Store, statement: str, told: str) -> None:
    assert faults(held) == []
    assert told in faults(held, statement)[0]


def test_a_cut_tail_shows_against_a_backup(held: Store, tmp_path: Path) -> None:
    held.backup(tmp_path / "copy.zip")
    held.backup(tmp_path / "locked.zip", "密码一二三四")
    end = audit_head(tmp_path / "copy.zip")
    assert end == audit_head(tmp_path / "locked.zip", "密码一二三四") == held.audit_head()
    assert end is not None and held.audit_holds(end) and held.audit_holds(AuditHead(0, ""))
    held.revise(held.article("2"), [], "再改", "编辑")
    assert held.audit_holds(end), "what was added since is no cut"
    assert faults(held, "DELETE FROM audit WHERE key >= 3") == [], "it does not show from within"
    assert not held.audit_holds(end)


def test_purging_leaves_the_chain_whole(held: Store) -> None:
    held.purge("1", "管理员", "依规定")
    assert faults(held) == []
    assert "改" not in [one.detail for one in held.audit(None, AuditFilter(subject="1"))]

"""Decisions on dates are kept, replaced and taken back together with the mentions that follow from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.model.date_decisions import Decision
from archive.model.errors import NotFound
from archive.model.records import Collection, Mention, Period, Precision
from archive.store import Store, upgrade

YEAR = Period(2417942, None, Precision.YEAR, "1908年以来")
SET = Decision(1, 0, "一九五八年秋", "", "开始治沙。", YEAR, "笔误")
REJECTED = Decision(1, 0, "一九五八年秋", "", "开始治沙。", None, "是书名")
MENTION = Mention(1, 0, 6, Period(2417942, None, Precision.YEAR, "一九五八年秋"), "editor")


@pytest.fixture
def held(store: Store, draft: Callable[..., Any], file: Callable[..., tuple[Path, str, str]]) -> Store:
    store.accept(*file(), [draft(), draft()], [], [], "本机")
    store.indexed(store.pending())
    return store


def test_a_decision_is_read_back_as_it_was_made(held: Store) -> None:
    held.decide("1", SET, [MENTION], "编辑甲")
    (kept,) = held.decisions("1")
    assert (kept.who, kept.when[:2], kept.key) == ("编辑甲", "20", 1)
    assert (
        Decision(**{name: getattr(kept, name) for name in Decision.__slots__} | {"key": 0, "who": "", "when": ""})
        == SET
    )
    assert held.mentions("1") == (MENTION,)
    assert held.pending() == ("1",)
    entry = held.audit(1)[0]
    assert (entry.action, entry.subject, entry.who) == ("date", "1", "编辑甲")
    assert "1908年以来" in entry.detail
    assert held.decisions("2") == ()


def test_a_rejection_has_no_days(held: Store) -> None:
    held.decide("1", REJECTED, [], "编辑甲")
    assert held.decisions("1")[0].period is None
    assert held.mentions("1") == ()


def test_one_in_place_of_another(held: Store) -> None:
    held.decide("1", SET, [MENTION], "编辑甲")
    held.decide("1", REJECTED, [], "编辑乙", instead_of=[1])
    assert [(kept.key, kept.period) for kept in held.decisions("1")] == [(2, None)]


def test_taken_back(held: Store) -> None:
    before = held.mentions("1")
    held.decide("1", REJECTED, [], "编辑甲")
    held.undecide("1", 1, before, "编辑甲")
    assert held.decisions("1") == ()
    assert held.mentions("1") == before
    held.decide("1", REJECTED, [], "编辑甲")
    assert held.decisions("1")[0].key == 2, "a page that still shows the first cannot take back the second"


@pytest.mark.parametrize(("article", "key"), [("1", 9), ("2", 1), ("77", 1)])
def test_what_is_not_there_cannot_be_taken_back(held: Store, article: str, key: int) -> None:
    held.decide("1", REJECTED, [], "编辑甲")
    with pytest.raises(NotFound):
        held.undecide(article, key, [], "编辑甲")
    assert len(held.decisions("1")) == 1


def test_a_decision_that_cannot_be_kept_changes_nothing(held: Store) -> None:
    before = held.mentions("1")
    with pytest.raises(NotFound):
        held.decide("1", SET, [MENTION], "编辑甲", instead_of=[7])
    with pytest.raises(NotFound):
        held.decisions("77")
    assert (held.decisions("1"), held.mentions("1"), held.pending()) == ((), before, ())


def test_mentions_are_replaced_all_at_once(held: Store) -> None:
    before = held.mentions("2")
    with pytest.raises(NotFound):
        held.replace_mentions([("1", []), ("77", [])], who="本机")
    assert held.mentions("1") == before
    held.replace_mentions([("1", []), ("2", [MENTION, MENTION])], who="本机")
    assert (held.mentions("1"), held.mentions("2")) == ((), (MENTION, MENTION))
    assert held.pending() == ("1", "2")
    assert held.audit(1)[0].action == "redate"


def test_older_versions_keep_their_mentions(held: Store) -> None:
    held.revise(held.article("1"), [MENTION], "改", "编辑")
    held.replace_mentions([("1", [])], who="本机")
    with held._database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT version, rule FROM mentions WHERE article = 1").all()
    assert rows == [(1, "season")]


def test_what_the_dates_were_read_with(held: Store) -> None:
    assert held.read_with() == ""
    held.note_read_with("ab")
    held.note_read_with("cd")
    assert held.read_with() == "cd"


SINCE_THE_FIRST = """
DROP TABLE projects;
DROP TABLE editions;
DROP TABLE date_decisions;
DROP TABLE error_reports;
DROP TABLE reuse_runs;
DROP TABLE page_proofs;
DROP TABLE tokens;
DROP TABLE compilations;
DROP TABLE card_changes;
DROP TABLE cards;
DROP TABLE name_decisions;
DROP TABLE name_versions;
DROP TABLE name_records;
DROP TABLE bulk_changed;
DROP TABLE bulk_changes;
DROP TABLE jobs;
DROP TABLE scopes;
DROP TABLE saved_searches;
DROP TABLE asked_searches;
DROP TABLE no_history;
DROP TABLE private_values;
DROP TABLE record_steps;
DROP TABLE work_records;
DROP TABLE place_labels;
DROP TABLE account_roles;
DROP TABLE logins;
DROP TABLE accounts;
DROP TABLE login_attempts;
DROP TABLE notices;
DROP TABLE at_work;
ALTER TABLE versions DROP COLUMN seal;
ALTER TABLE audit DROP COLUMN place;
ALTER TABLE audit DROP COLUMN salt;
ALTER TABLE audit DROP COLUMN detail_digest;
ALTER TABLE audit DROP COLUMN digest;
ALTER TABLE collections DROP COLUMN permit;
ALTER TABLE collections DROP COLUMN access;
ALTER TABLE collections DROP COLUMN year;
ALTER TABLE collections DROP COLUMN position;
ALTER TABLE collections DROP COLUMN removed;
CREATE TABLE first_articles (
    "key" INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
    collection TEXT NOT NULL REFERENCES collections (id), number INTEGER NOT NULL,
    status TEXT NOT NULL, access TEXT NOT NULL
);
INSERT INTO first_articles SELECT "key", id, version, collection, number, status, access FROM articles;
DROP TABLE articles;
ALTER TABLE first_articles RENAME TO articles;
CREATE INDEX articles_by_place ON articles (collection, number, "key");
DROP TABLE made_with;
ALTER TABLE collections DROP COLUMN fields;
CREATE TABLE selections (name TEXT, position INTEGER, article INTEGER, PRIMARY KEY (name, position));
UPDATE alembic_version SET version_num = '0001';
"""
"""Takes a database back to what the first schema was."""


def test_a_library_of_the_first_schema_is_upgraded_after_a_backup(
    tmp_path: Path, draft: Callable[..., Any], file: Callable[..., tuple[Path, str, str]]
) -> None:
    with Store.create(tmp_path / "library") as first:
        first.save_collection(Collection("wsz", "文史资料"), "本机")
        first.accept(*file(), [draft(), draft()], [], [], "本机")
        first.revise(first.article("2"), [], "改", "编辑")
        before = list(first.each())
    with closing(sqlite3.connect(tmp_path / "library" / "archive.sqlite")) as connection:
        connection.executescript(SINCE_THE_FIRST)
    with Store.open(tmp_path / "library") as opened:
        assert list(opened.each()) == before
        assert opened.audit(1)[0].detail == f"0001 → {upgrade.REVISION}"
        assert opened.decisions("1") == ()
        assert opened.bulk_changes.articles_of(opened.imports()[0].key) == ("1", "2")
        opened.decide("1", SET, [MENTION], "编辑甲")
        assert opened.check("本机") == ()
    (copy,) = (tmp_path / "library" / "backups").iterdir()
    assert copy.name.startswith("archive-0001-")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (2,)
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'date_decisions'").fetchall()


def test_decisions_and_own_periods_travel_in_backups(held: Store, tmp_path: Path) -> None:
    held.decide("1", SET, [MENTION], "编辑甲")
    (held.root / "periods.toml").write_text("# 坏的 [", encoding="utf-8")
    (held.root / "periods.good.toml").write_text("# 好的", encoding="utf-8")
    assert held.backup(tmp_path / "copy.zip") == ()
    with Store.restore(tmp_path / "copy.zip", tmp_path / "second") as second:
        assert second.decisions("1") == held.decisions("1")
        assert (second.root / "periods.toml").read_text(encoding="utf-8") == "# 坏的 ["
        assert (second.root / "periods.good.toml").read_text(encoding="utf-8") == "# 好的"

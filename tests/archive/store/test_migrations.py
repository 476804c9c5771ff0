"""Every library can be opened by every later version, and going there is safe."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from archive.model.errors import LibraryDamaged
from archive.model.project import Project
from archive.store import Store, schema, upgrade

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"


def upgrade():
    op.add_column("collections", sa.Column("county", sa.Text(), nullable=False, server_default="某县"))
    {then}
"""


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the program one revision newer than it is; `then` is a statement that ends the migration."""

    def make(then: str) -> None:
        folder = tmp_path / "migrations"
        if not folder.exists():
            shutil.copytree(upgrade.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        text = NEXT.format(before=REVISION, then=then)
        (folder / "versions" / "r9999_next.py").write_text(text, encoding="utf-8")
        monkeypatch.setattr(upgrade, "MIGRATIONS", folder)
        monkeypatch.setattr(upgrade, "REVISION", "9999")
        monkeypatch.setattr("archive.store.store.REVISION", "9999")

    return make


REVISION = upgrade.REVISION
# A table that revision 0008 has done away with.
SINCE_0017 = ("page_proofs", "tokens", "reuse_runs", "compilations", "name_decisions", "name_versions", "name_records")
SINCE_0011 = (
    "private_values", "record_steps", "work_records", "place_labels", "at_work", "card_changes", "cards", *SINCE_0017,
)  # fmt: skip
SINCE_0010 = ("account_roles", "logins", "accounts", "login_attempts", "notices", *SINCE_0011)
SINCE_0009 = ("scopes", "saved_searches", "asked_searches", "no_history", *SINCE_0010)
"""Tables that older libraries do not have."""
SINCE_SEALS = (
    ("articles", "seal"),
    ("versions", "seal"),
    *(("audit", one) for one in ("place", "salt", "detail_digest", "digest")),
    *(("collections", one) for one in ("permit", "access")),
    ("jobs", "runner"),
)
"""Columns that older libraries do not have."""


def drop(connection: Connection, *tables: str) -> None:
    for table in tables:
        connection.exec_driver_sql(f"DROP TABLE {table}")
    for table, column in SINCE_SEALS:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")


SELECTIONS = "CREATE TABLE selections (name TEXT, position INTEGER, article INTEGER, PRIMARY KEY (name, position))"


def columns(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return {row[1] for row in connection.execute("PRAGMA table_info(collections)")}


def test_the_newest_revision_is_the_one_the_program_wants() -> None:
    config = Config()
    config.set_main_option("script_location", str(upgrade.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_migrations_lead_to_the_schema_in_use(store: Store) -> None:
    with store._database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []


def test_an_older_library_is_copied_and_then_upgraded(
    store: Store, newer: Callable[[str], None], draft: Callable[..., Any], file: Callable[..., tuple[Path, str, str]]
) -> None:
    """The migration rebuilds a table that others refer to, the most dangerous thing one can do."""
    store.accept(*file(), [draft(), draft()], [], [], who="本机")
    store.revise(store.article("2"), [], "改", "编辑")
    before = list(store.each())
    store.close()
    newer("pass")
    with Store.open(store.root) as opened:
        assert list(opened.each()) == before
        assert len(opened.versions("2")) == 2
        assert opened.check("本机") == ()
        assert [collection.id for collection in opened.collections(None)] == ["wsz"]
        assert opened.audit(1)[0].action == "migrate"
        assert opened.audit(1)[0].detail == f"{REVISION} → 9999"
    assert "county" in columns(store.root / "archive.sqlite")
    (copy,) = (store.root / "backups").iterdir()
    assert copy.name.startswith(f"archive-{REVISION}-")
    assert "county" not in columns(copy)
    with Store.open(store.root):
        assert len(list((store.root / "backups").iterdir())) == 1, "once is enough"


def test_a_migration_that_fails_changes_nothing(store: Store, newer: Callable[[str], None]) -> None:
    store.close()
    newer("raise ZeroDivisionError")
    with pytest.raises(ZeroDivisionError):
        Store.open(store.root)
    assert "county" not in columns(store.root / "archive.sqlite")
    newer("pass")
    with Store.open(store.root) as opened:
        assert opened.collection("wsz").title == "文史资料"


def test_a_migration_that_breaks_references_is_given_up(store: Store, newer: Callable[[str], None]) -> None:
    store.close()
    newer("op.execute('INSERT INTO pending VALUES (77)')")
    with pytest.raises(LibraryDamaged, match="pending"):
        Store.open(store.root)
    assert "county" not in columns(store.root / "archive.sqlite")
    newer("pass")
    with Store.open(store.root) as opened, opened._database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1, "on again for everybody else"


def test_a_library_of_a_newer_version_is_left_alone(store: Store) -> None:
    store.close()
    with closing(sqlite3.connect(store.root / "archive.sqlite")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = (store.root / "archive.sqlite").read_bytes()
    with pytest.raises(LibraryDamaged, match="更新版本") as caught:
        Store.open(store.root)
    assert "新版" in caught.value.hint
    assert (store.root / "archive.sqlite").read_bytes() == before
    assert list((store.root / "backups").iterdir()) == []


def test_who_is_a_person_in_older_libraries(
    store: Store, draft: Callable[..., Any], file: Callable[..., tuple[Path, str, str]]
) -> None:
    """Records of older versions named what was done in the place of who did it."""
    store.accept(*file(), [draft()], [], [], who="收入稿件")
    store.revise(store.article("1"), [], "改", "编辑")
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE audit SET who = '建立资料库' WHERE action = 'collection'")
        connection.exec_driver_sql(SELECTIONS)
        drop(connection, *SINCE_0009)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0006'")
    store.close()
    with Store.open(store.root) as opened:
        assert [version.who for version in opened.versions("1")] == ["本机", "编辑"]
        assert [one.who for one in opened.imports()] == ["本机"]
        assert [(one.who, one.action) for one in opened.audit()] == [
            ("程序", "migrate"),
            ("编辑", "revise"),
            ("本机", "accept"),
            ("程序", "collection"),
        ]


def test_selections_of_older_libraries_are_book_projects(
    store: Store, draft: Callable[..., Any], file: Callable[..., tuple[Path, str, str]]
) -> None:
    """In their order, with the present version of each text; a name that cannot be, or was made up, gets another."""
    store.accept(*file(), [draft(), draft(), draft()], [], [], who="本机")
    now = store.revise(store.article("3"), [], "改", "编辑")
    store.projects.save(Project(name="治沙", title="早有的一部"), "本机")
    with store._database.writing() as connection:
        connection.exec_driver_sql(SELECTIONS)
        for name in ("治沙", "渠/上", "basket-0123456789ab", "水车"):
            connection.exec_driver_sql("INSERT INTO selections VALUES (?, 0, 3), (?, 1, 1)", (name, name))
        drop(connection, *SINCE_0009)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0007'")
    store.close()
    with Store.open(store.root) as opened:
        assert sorted(opened.projects.names()) == ["水车", "治沙", "治沙2", "选编", "选编2"]
        assert opened.projects.get("治沙").title == "早有的一部"
        for name in ("水车", "治沙2", "选编", "选编2"):
            items = list(opened.projects.get(name).items)
            assert [(item.article, item.version) for item in items] == [("3", now.version), ("1", 1)]
            assert [item.digest for item in items] == [opened.article("3").digest, opened.article("1").digest]
        assert opened.check("本机") == ()

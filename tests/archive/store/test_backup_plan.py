"""When backups are due, which are kept, and how the plan stands in library.toml."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.model.errors import UsageError
from archive.model.holdings import BackupOutcome, BackupPlan
from archive.store import backup_plan
from archive.store.backup_plan import due, file_name, surplus

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLAN = BackupPlan("/backups", 24, 7, 4, 12)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "清水"
    folder.mkdir()
    (folder / "library.toml").write_text('format = 1\nname = "清水"\n\n[other]\nkept = true\n', encoding="utf-8")
    return folder


def test_the_plan_stands_in_the_settings(root: Path) -> None:
    assert backup_plan.read_plan(root) == BackupPlan()
    for hours in (24, 12):
        backup_plan.write_plan(root, BackupPlan('D:\\备份 "2"', hours), None)
        assert backup_plan.read_plan(root) == BackupPlan('D:\\备份 "2"', hours)
    found = tomllib.loads((root / "library.toml").read_text(encoding="utf-8"))
    assert (found["format"], found["other"]) == (1, {"kept": True})
    backup_plan.write_plan(root, BackupPlan(), None)
    assert "backup" not in (root / "library.toml").read_text(encoding="utf-8")
    assert tomllib.loads((root / "library.toml").read_text(encoding="utf-8"))["other"] == {"kept": True}


def test_the_password_is_kept_until_it_is_taken_off(root: Path) -> None:
    for password, then in (("水车", "水车"), (None, "水车"), ("", "")):
        backup_plan.write_plan(root, PLAN, password)
        assert backup_plan.planned_password(root) == then


@pytest.mark.parametrize("text", ["[backup]\nhours = 'often'", "[backup]\nfolder = 3", "not toml", "backup = 1"])
def test_a_plan_that_cannot_be_understood_is_none(root: Path, text: str) -> None:
    (root / "library.toml").write_text(text, encoding="utf-8")
    assert backup_plan.read_plan(root) == BackupPlan()


@pytest.mark.parametrize("wrong", [{"hours": 0}, {"daily": -1}, {"monthly": 5000}])
def test_a_plan_has_bounds(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        BackupPlan("/x", **wrong)


def test_the_newest_of_each_day_week_and_month_is_kept(root: Path) -> None:
    moments = [datetime(2026, 3, 31, 12) - timedelta(hours=12 * number) for number in range(2 * 400)]
    names = [file_name(root, moment, number % 2 == 0) for number, moment in enumerate(moments)]
    kept = [name for name in names if name not in surplus(names, root, PLAN)]
    days = [name.split("-")[1] for name in kept]
    assert days[:7] == [f"202603{day}" for day in range(31, 24, -1)]
    assert "20260322" in days and "20260315" in days  # Sundays, the last days of their weeks
    assert "20260228" in days and "20250430" in days and "20250331" not in days
    assert len(kept) == len(set(days)) == 7 + 2 + 11
    assert all(name.split("-")[2].startswith("12") for name in kept)


def test_what_is_not_of_this_library_stays(root: Path) -> None:
    names = ["别的-20200101-000000.zip", "清水-笔记.zip", "清水-20200101-000000.zip.part", "清水-20260101-000000.zip"]
    assert surplus(names, root, BackupPlan("/x", daily=0, weekly=0, monthly=0)) == []


def at(hours: float, fault: str = "") -> BackupOutcome:
    return BackupOutcome(f"{NOW - timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}", "a.zip", fault)


@pytest.mark.parametrize(
    ("noted", "then"),
    [
        ([], True),
        ([at(25)], True),
        ([at(23)], False),
        ([at(0.5, "磁盘满了"), at(30)], False),
        ([at(1.5, "磁盘满了"), at(30)], True),
        ([at(2, "磁盘满了"), at(3)], False),
        ([at(-50), at(25)], True),
    ],
)
def test_due(noted: list[BackupOutcome], then: bool) -> None:
    assert due(PLAN, noted, NOW) is then
    assert not due(BackupPlan(), noted, NOW)


@pytest.mark.parametrize("head", ["[ backup ]", "[backup] # 每天", "[backup]  "])
def test_a_table_written_by_hand_is_taken_for_the_plan(root: Path, head: str) -> None:
    settings = root / "library.toml"
    settings.write_text(
        f'format = 1\nstore = "sqlite"\n\n{head}\nhours = 5\n\n[other]\nkept = true\n', encoding="utf-8"
    )
    backup_plan.write_plan(root, PLAN, None)
    assert backup_plan.read_plan(root) == PLAN
    found = tomllib.loads(settings.read_text(encoding="utf-8"))
    assert (found["format"], found["store"], found["other"]) == (1, "sqlite", {"kept": True})

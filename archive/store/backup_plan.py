"""When and where backups are made by themselves, which of them are kept, and how the last ones went.

The plan is the table [backup] of `library.toml`; its password lies beside it in a file of its own, which no backup
contains. What became of the last backups is noted in `backups.json`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from archive.model.decoding import decoded
from archive.model.errors import UsageError
from archive.model.holdings import BackupOutcome, BackupPlan
from archive.store.folder import with_tables
from archive.support import library_folder
from archive.support.files import replacing, write_whole
from archive.support.storage_errors import storage_errors

SUFFIX, SEALED_SUFFIX = ".zip", ".zip.sealed"
_MOMENT = "%Y%m%d-%H%M%S"
_NOTED = 20  # backups whose outcome is remembered
_AGAIN = timedelta(hours=1)  # after one that failed


def read_plan(root: Path) -> BackupPlan:
    """The plan of a library; one without a folder where there is none, or none that can be understood."""
    try:
        found = tomllib.loads((root / library_folder.SETTINGS).read_text(encoding="utf-8")).get("backup", {})
        return decoded(BackupPlan, found, "backup")
    except (OSError, ValueError, UsageError):
        return BackupPlan()


def write_plan(root: Path, plan: BackupPlan, password: str | None) -> None:
    """Keep a plan; a `password` of None leaves the one there is, an empty one removes it. Raises StorageError."""
    settings = root / library_folder.SETTINGS
    with storage_errors(settings):
        text = settings.read_text(encoding="utf-8")
    write_whole(settings, with_tables(text, {"backup": asdict(plan) if plan.folder else {}}))
    key = root / library_folder.BACKUP_KEY
    if password:
        with replacing(key) as fresh:
            fresh.chmod(0o600)  # before there is anything in it
            fresh.write_text(password, encoding="utf-8")
    elif password is not None:
        key.unlink(missing_ok=True)


def planned_password(root: Path) -> str:
    """The password of the plan; "" where backups are not locked."""
    key = root / library_folder.BACKUP_KEY
    return key.read_text(encoding="utf-8") if key.is_file() else ""


def file_name(root: Path, moment: datetime, sealed: bool) -> str:
    """What a backup of this library made at a moment is called: name-20260301-120000.zip."""
    return f"{root.resolve().name}-{moment:{_MOMENT}}{SEALED_SUFFIX if sealed else SUFFIX}"


def surplus(names: Iterable[str], root: Path, plan: BackupPlan) -> list[str]:
    """Those of the names of a folder that are backups of this library and need not be kept; the newest always is."""
    pattern = re.compile(rf"{re.escape(root.resolve().name)}-(\d{{8}}-\d{{6}})(?:{re.escape(SEALED_SUFFIX)}|\.zip)")
    dated = sorted(
        ((datetime.strptime(found[1], _MOMENT), name) for name in names if (found := pattern.fullmatch(name))),
        reverse=True,
    )
    kept = {name for _, name in dated[:1]}
    rules: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (plan.daily, lambda moment: moment.date()),
        (plan.weekly, lambda moment: moment.isocalendar()[:2]),
        (plan.monthly, lambda moment: (moment.year, moment.month)),
    )
    for most, stretch in rules:
        newest: dict[object, str] = {}
        for moment, name in dated:
            newest.setdefault(stretch(moment), name)
        kept.update(list(newest.values())[:most])
    return [name for _, name in dated if name not in kept]


def outcomes(root: Path) -> list[BackupOutcome]:
    """How the last backups went, the latest first."""
    try:
        rows = json.loads((root / library_folder.BACKUP_NOTES).read_text(encoding="utf-8"))
        return [BackupOutcome(str(row["when"]), str(row["file"]), str(row["fault"])) for row in rows]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def note(root: Path, outcome: BackupOutcome) -> None:
    """Remember an outcome. Raises StorageError."""
    rows = [asdict(one) for one in (outcome, *outcomes(root))][:_NOTED]
    write_whole(root / library_folder.BACKUP_NOTES, json.dumps(rows, ensure_ascii=False, indent=1))


def due(plan: BackupPlan, noted: list[BackupOutcome], now: datetime) -> bool:
    """Whether the next backup of a plan is to be made; a moment in the future (a clock set back) does not count."""
    if not plan.folder:
        return False
    past = [one for one in noted if one.moment <= now]
    made = next((one.moment for one in past if not one.fault), None)
    if made is not None and now - made < timedelta(hours=plan.hours):
        return False
    return not (past and past[0].fault and now - past[0].moment < _AGAIN)

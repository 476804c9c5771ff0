"""Backups as one actor meets them: made by hand or by the plan, checked, kept by a rule: `session.upkeep.backups`."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.model.access import Actor
from archive.model.errors import StorageError, UsageError, WenshiError
from archive.model.holdings import BackupCondition, BackupOutcome, BackupPlan, Problem
from archive.store import Store, backup_plan
from archive.store.lock import now as moment_now
from archive.support.files import remove

_OLD = 2  # times the hours of the plan, after which a backup is called old
_OLD_BY_HAND = timedelta(days=30)  # without a plan
_log = logging.getLogger(__name__)


class Backups:
    """The backups of a library, for who maintains it."""

    def __init__(self, store: Store, actor: Actor) -> None:
        """For `Upkeep` only, which asks for the right."""
        self._store = store
        self._actor = actor

    def plan(self) -> BackupPlan:
        """When and where backups are made by themselves."""
        return backup_plan.read_plan(self._store.root)

    def password(self) -> str:
        """What those of the plan are locked with; "" where they are not."""
        return backup_plan.planned_password(self._store.root)

    def file_name(self, now: datetime) -> str:
        """What a backup made now is called."""
        return backup_plan.file_name(self._store.root, now, bool(self.password()))

    def save_plan(self, plan: BackupPlan, password: str | None = None) -> None:
        """Keep a plan; a password of None leaves the one there is, an empty one takes the lock off.

        Raises UsageError for a folder that is not there or lies in the library, StorageError.
        """
        if plan.folder:
            folder = Path(plan.folder)
            if not folder.is_absolute() or not folder.is_dir():
                hint = "填这台电脑上已有的文件夹的完整地址，例如 D:\\备份 或移动硬盘上的文件夹"
                raise UsageError("没有这个文件夹。", hint=hint, place=plan.folder)
            if folder.resolve().is_relative_to(self._store.root.resolve()):
                hint = "另选一个文件夹，最好在另一块硬盘上"
                raise UsageError("备份不能存在资料库自己的文件夹里。", hint=hint, place=plan.folder)
        with self._store.writing(self._actor.name, "安排备份"):
            backup_plan.write_plan(self._store.root, plan, password)

    def make(self, file: Path, password: str = "", *, noted: bool = True, neutral: bool = False) -> tuple[Problem, ...]:
        """Write a backup, locked where there is a password, and check it by reading it again.

        One for a download is `noted` when it is handed out; a `neutral` one needs no database to be read. The problems
        are files that were damaged in the library
        already. Raises StorageError, and ReadError for what was written and cannot be read again; it is noted too.
        """
        when = moment_now()
        try:
            problems = self._store.backup(file, password, neutral=neutral)
            self._store.check_backup(file, password)
        except WenshiError as fault:
            self._note(BackupOutcome(when, str(file), fault.message))
            raise
        if noted:
            self._note(BackupOutcome(when, str(file)))
        with suppress(WenshiError):  # a library that cannot be written to, or is being written to, is backed up too
            self._store.note(self._actor.name, "backup", file.name)
        return problems

    def handed_out(self, name: str) -> None:
        """Note that somebody took a backup away."""
        self._note(BackupOutcome(moment_now(), name))

    def make_planned(self, now: datetime | None = None) -> tuple[Path, tuple[Problem, ...]]:
        """Make the next backup of the plan, and remove those that need not be kept: the file, and as `make`.

        Raises UsageError without a plan.
        """
        plan = self.plan()
        if not plan.folder:
            raise UsageError("没有安排自动备份。", hint="在“管理”里填备份的文件夹，或用 wenshi backup --plan 文件夹")
        file = Path(plan.folder) / self.file_name(now or datetime.now())
        problems = self.make(file, self.password())
        for name in backup_plan.surplus([each.name for each in file.parent.iterdir()], self._store.root, plan):
            with suppress(OSError):  # a scanner may hold it; the next time it goes
                remove(file.parent / name)
                _log.info("backup %s is no longer kept", name)
        return file, problems

    def due(self, now: datetime | None = None) -> bool:
        """Whether the next backup of the plan is to be made."""
        return backup_plan.due(self.plan(), backup_plan.outcomes(self._store.root), now or datetime.now(UTC))

    def condition(self, now: datetime | None = None) -> BackupCondition:
        """When the last backup was made, and whether that is long ago or the last one failed."""
        now, plan = now or datetime.now(UTC), self.plan()
        noted = backup_plan.outcomes(self._store.root)
        made = next((one for one in noted if not one.fault), None)
        failed = noted[0] if noted and noted[0].fault else None
        patience = timedelta(hours=_OLD * plan.hours) if plan.folder else _OLD_BY_HAND
        return BackupCondition(made, failed, made is None or now - made.moment > patience)

    def _note(self, outcome: BackupOutcome) -> None:
        with suppress(StorageError):  # of a library on a disk that is full or read-only backups are made all the same
            backup_plan.note(self._store.root, outcome)

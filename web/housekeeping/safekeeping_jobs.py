"""Backup, rehearsal of a restore, check and rebuilding of the index as long work."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archive.library import Library
from archive.model.errors import UsageError
from archive.model.holdings import Problem
from archive.session import Session
from archive.support.files import remove
from web.base import jobs
from web.base.job_queue import Job, Lane
from web.base.wording import for_pages

BACKUP, PLANNED, REHEARSAL, CHECK, REINDEX, MEND = "backup", "planned-backup", "rehearsal", "check", "reindex", "mend"
PRESERVE = "preserve"


@jobs.kind(BACKUP, lane=Lane.UPKEEP)
def backup(job: Job, session: Session, arguments: Any) -> dict[str, Any]:
    """Writes a backup into the folder asked for, or the job's own for a download. Raises UsageError, StorageError."""
    folder = Path(arguments["folder"]) if arguments["folder"] else job.folder
    if not folder.is_absolute() or not folder.is_dir():
        hint = "填这台电脑上已有的文件夹的完整地址，例如 D:\\备份 或移动硬盘上的文件夹"
        raise UsageError("没有这个文件夹，没有备份。", hint=hint, place=arguments["folder"])
    file = folder / arguments["name"]
    job.tell("写备份文件，再读一遍")
    backups = session.upkeep.backups
    problems = backups.make(file, backups.password(), noted=bool(arguments["folder"]))
    return _made(file, arguments["folder"], problems)


@jobs.kind(PLANNED, lane=Lane.UPKEEP)
def planned(job: Job, session: Session, arguments: Any) -> dict[str, Any]:
    """Writes the next backup of the plan, and removes those that need not be kept. Raises UsageError, StorageError."""
    job.tell("写备份文件，再读一遍")
    file, problems = session.upkeep.backups.make_planned()
    return _made(file, str(file.parent), problems)


def _made(file: Path, folder: str, problems: Sequence[Problem]) -> dict[str, Any]:
    values = [_values(one) for one in problems]
    return {"file": file.name, "folder": folder, "size": file.stat().st_size, "problems": values}


@jobs.kind(PRESERVE, lane=Lane.UPKEEP)
def preserve(job: Job, session: Session, arguments: Any) -> dict[str, Any]:
    """Lays the library down for decades in the folder asked for. Raises UsageError, StorageError."""
    folder = Path(arguments["folder"])
    if not folder.is_absolute() or not folder.parent.is_dir():
        hint = "填这台电脑上文件夹的完整地址，例如 E:\\长期保存；上一级文件夹要已经有了"
        raise UsageError("没有写文件夹的完整地址，什么也没有写。", hint=hint, place=arguments["folder"])
    laid = session.upkeep.preservation.lay_down(
        folder, lambda done, total: job.tell("写文章和原件", done, total), bagged=arguments["bagged"]
    )
    problems = [_values(one) for one in laid.problems]
    return {"folder": str(folder), "objects": laid.objects, "changed": laid.changed, "problems": problems}


@jobs.kind(REHEARSAL, lane=Lane.UPKEEP)
def rehearse(job: Job, session: Session, arguments: Any) -> dict[str, Any]:
    """Restores a backup into a folder that is removed again, checks it, and compares its texts with the library's."""
    file = Path(arguments["file"])
    if not file.is_file():
        raise UsageError("备份文件不在了。", hint="重新选择备份文件，再演练一次", place=file.name)
    try:
        with tempfile.TemporaryDirectory(prefix="wenshi-rehearsal-", ignore_cleanup_errors=True) as folder:
            job.tell("恢复到临时文件夹", 1, 4)
            password = session.upkeep.backups.password()
            with Library.restore(file, Path(folder) / "library", password) as restored:
                again = restored.session(session.actor)
                job.tell("核对恢复出来的内容", 2, 4)
                problems = again.check()
                job.tell("与现在的资料库比较", 3, 4)
                then, now = _readable(again), _readable(session)
    finally:
        if arguments["ours"]:
            remove(file)
    known = session.digests()
    return {
        "articles": len(then),
        "now": len(now),
        "same": sum(now.get(article) == digest for article, digest in then.items()),
        "changed": sum(article in now and now[article] != digest for article, digest in then.items()),
        "newer": sum(article not in then for article in now),
        "gone": sum(article in known and article not in now for article in then),
        "strange": sum(article not in known for article in then),
        "problems": [_values(one) for one in problems],
    }


def _readable(session: Session) -> dict[str, str]:
    """The digests of the articles that can be read: not of those withdrawn, rejected or purged."""
    digests = session.digests()
    return {one.id: digests[one.id] for one in session.listing() if one.id in digests}


@jobs.kind(CHECK, lane=Lane.UPKEEP)
def check(job: Job, session: Session, arguments: Any) -> dict[str, Any]:
    """Compares everything with its checksums, and the index with the texts."""
    job.tell("核对原件、图片、文章和索引")
    return {"problems": [_values(one) for one in session.check()]}


@jobs.kind(REINDEX, lane=Lane.UPKEEP)
def reindex(job: Job, session: Session, arguments: Any) -> dict[str, Any]:
    """Makes the index anew; reads all dates again first where that is asked for."""

    def progress(done: int, total: int) -> None:
        job.tell("重新读日期", done, total)

    job.tell("重建索引")
    redated = arguments["redate"]
    return {"articles": session.reindex(redate=redated, progress=progress), "redated": redated}


@jobs.kind(MEND, lane=Lane.UPKEEP)
def mend(job: Job, session: Session, arguments: Any) -> dict[str, Any]:
    """Looks at folder, disk, clock and index, and mends what is safe."""
    job.tell("检查文件夹、磁盘和索引")
    found = session.upkeep.diagnosis(mend=True)
    return {
        "mended": [_values(one.problem) for one in found if one.mended],
        "problems": [_values(one.problem) for one in found if not one.mended],
    }


def _values(problem: Problem) -> dict[str, str]:
    return {"place": problem.place, "message": for_pages(problem.message), "hint": for_pages(problem.hint)}

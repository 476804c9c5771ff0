"""Bringing the schema of a library's database up to date, without ever risking what it holds."""

from __future__ import annotations

import logging
from pathlib import Path

from archive.model.errors import ConfigError, LibraryDamaged, WenshiError
from archive.store.database import Database
from archive.store.lock import now
from archive.store.neutral_tables import write_tables
from archive.support.storage_errors import storage_errors

log = logging.getLogger(__name__)

REVISION = "0023"
"""The schema this version works with: the newest revision in `migrations/versions/`."""

MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(database: Database, backups: Path, revision: str = "") -> str:
    """Bring the schema to `revision`, or else REVISION, in one transaction; returns what it was, empty for none.

    A database that holds something is first copied to `backups/archive-REVISION-MOMENT.sqlite`. The originals need no
    copy: no migration touches them. Raises LibraryDamaged, and touches nothing, when a newer version made it. To be
    called by the one writer.
    """
    # Imported here: alembic costs a tenth of a second, and a library that is up to date never needs it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    before, revision = database.revision(), revision or REVISION
    if before == revision:
        return before
    config = Config()
    # ConfigParser reads a % in a folder's name as the start of a substitution.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if stranger := {before or revision, revision} - known:
        raise _too_new(min(stranger), database.place)
    if before:
        _copy(database, backups, before)
    with database.migrating() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    log.info("schema of %s: %s, before: %s", database.place, revision, before or "none")
    return before


def _copy(database: Database, backups: Path, revision: str) -> None:
    with storage_errors(backups):
        backups.mkdir(exist_ok=True)
    stamp = now().replace(":", "").replace("-", "")
    if database.one_file:
        database.copy(backups / f"archive-{revision}-{stamp}.sqlite")
        return
    with database.reading() as connection:
        write_tables(database, connection, backups / f"archive-{revision}-{stamp}")


def not_upgraded(revision: str, place: str) -> WenshiError:
    """The error for a database of several machines that another version made, newer or older."""
    if revision > REVISION:
        return _too_new(revision, place)
    hint = "停下各台电脑上的文史，都装上新版，在一台上运行一次 wenshi upgrade，再启动"
    return ConfigError(
        f"这个资料库是旧版建立的（数据格式 {revision}，本程序 {REVISION}），还没有升级", hint=hint, place=place
    )


def _too_new(revision: str, place: str) -> LibraryDamaged:
    return LibraryDamaged(
        f"这个资料库是用更新版本的文史建立的（数据格式 {revision}，本程序到 {REVISION}）",
        hint="请安装新版文史后再打开；不要用旧版改动它",
        place=place,
    )

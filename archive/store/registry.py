"""The table of databases, by the names that `library.toml` may give, with the lock of who writes to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive.model.errors import ConfigError
from archive.store.database import Database
from archive.store.folder import Settings
from archive.store.lock import FileMutex, Mutex
from archive.store.sqlite_database import SqliteDatabase
from archive.support import library_folder

Opened = tuple[Database, Mutex]


def _sqlite(root: Path, _settings: Settings) -> Opened:
    return SqliteDatabase(root / library_folder.DATABASE), FileMutex(root)


def _postgresql(root: Path, settings: Settings) -> Opened:
    try:
        from archive.store.postgres_database import postgres_database
    except ImportError as missing:
        hint = "安装附加部分 wenshi[cluster]"
        raise ConfigError(f"数据库“postgresql”没有装全（缺 {missing.name}）", place=str(root), hint=hint) from missing
    database = postgres_database(root, settings.options.get("postgresql", {}))
    return database, database.mutex()


DATABASES: dict[str, Callable[[Path, Settings], Opened]] = {"sqlite": _sqlite, "postgresql": _postgresql}


def database_of(root: Path, settings: Settings) -> Opened:
    """The database of a library in this folder, which its settings name. Raises ConfigError."""
    if settings.store not in DATABASES:
        hint = f"把 {library_folder.SETTINGS} 的 store 改成其中一种：{'、'.join(DATABASES)}"
        raise ConfigError(f"没有“{settings.store}”这种存放方式", place=str(root / library_folder.SETTINGS), hint=hint)
    return DATABASES[settings.store](root, settings)

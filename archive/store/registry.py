"""The tables of databases, with the lock of who writes to them, and of places for files, by the names that
`library.toml` may give.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.model.errors import ConfigError
from archive.store.database import Database
from archive.store.folder import Settings
from archive.store.lock import FileMutex, Mutex
from archive.store.machines import Alone, Machines
from archive.store.originals import FolderVault, Vault
from archive.store.sqlite_database import SqliteDatabase
from archive.support import library_folder


@dataclass(frozen=True, slots=True)
class Opened:
    """A database, the lock of who writes to it, that of who does its long work, and the machines that serve it."""

    database: Database
    mutex: Mutex
    turn: Mutex
    machines: Machines


Vaults = tuple[Vault, Vault]


def _sqlite(root: Path, _settings: Settings) -> Opened:
    turn = FileMutex(root, library_folder.JOBS_LOCK)
    return Opened(SqliteDatabase(root / library_folder.DATABASE), FileMutex(root), turn, Alone())


def _postgresql(root: Path, settings: Settings) -> Opened:
    try:
        from archive.store.postgres_database import postgres_database
        from archive.store.shared_files import SharedFiles
    except ImportError as missing:
        raise _not_installed("数据库“postgresql”", root, missing) from missing
    database = postgres_database(root, settings.options.get("postgresql", {}))
    return Opened(database, database.mutex(), database.turn(), SharedFiles(root, database))


def _not_installed(what: str, root: Path, missing: ImportError) -> ConfigError:
    return ConfigError(f"{what}没有装全（缺 {missing.name}）", place=str(root), hint="安装附加部分 wenshi[cluster]")


DATABASES: dict[str, Callable[[Path, Settings], Opened]] = {"sqlite": _sqlite, "postgresql": _postgresql}


def database_of(root: Path, settings: Settings) -> Opened:
    """The database of a library in this folder, which its settings name. Raises ConfigError."""
    if settings.store not in DATABASES:
        hint = f"把 {library_folder.SETTINGS} 的 store 改成其中一种：{'、'.join(DATABASES)}"
        raise ConfigError(f"没有“{settings.store}”这种存放方式", place=str(root / library_folder.SETTINGS), hint=hint)
    return DATABASES[settings.store](root, settings)


def _folder(root: Path, _settings: Settings) -> Vaults:
    return FolderVault(root / library_folder.ORIGINALS), FolderVault(root / library_folder.PICTURES)


def _s3(root: Path, settings: Settings) -> Vaults:
    try:
        from archive.store.s3_vault import s3_vaults
    except ImportError as missing:
        raise _not_installed("存放原件和图片的“s3”", root, missing) from missing
    return s3_vaults(root, settings.options.get("s3", {}))


VAULTS: dict[str, Callable[[Path, Settings], Vaults]] = {"folder": _folder, "s3": _s3}


def vaults_of(root: Path, settings: Settings) -> Vaults:
    """Where the originals and the pictures of a library lie, which its settings name. Raises ConfigError."""
    if settings.files not in VAULTS:
        hint = f"把 {library_folder.SETTINGS} 的 files 改成其中一种：{'、'.join(VAULTS)}"
        raise ConfigError(
            f"没有“{settings.files}”这种存放原件的地方", place=str(root / library_folder.SETTINGS), hint=hint
        )
    return VAULTS[settings.files](root, settings)

"""The table of stores, by the names that `library.toml` may give."""

from __future__ import annotations

from pathlib import Path

from archive.model.errors import ConfigError
from archive.store.folder import Settings, read_settings, require_files
from archive.store.store import Store
from archive.support.library_folder import SETTINGS
from archive.support.storage_errors import storage_errors

STORES: dict[str, type[Store]] = {"sqlite": Store}


def store_of(root: Path) -> type[Store]:
    """The store that a library's settings name, the usual one where there are none yet.

    Raises ConfigError, LibraryDamaged.
    """
    with storage_errors(root):
        require_files(root)
    name = read_settings(root).store
    if name not in STORES:
        hint = f"把 {SETTINGS} 的 store 改成其中一种：{'、'.join(STORES)}"
        raise ConfigError(f"没有“{name}”这种存放方式", place=str(root / SETTINGS), hint=hint)
    return STORES[name]


def usual_store() -> type[Store]:
    """The store of new libraries."""
    return STORES[Settings().store]

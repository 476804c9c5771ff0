"""The settings of a library, `library.toml`: whether a folder is one, and of which format."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.model.errors import ConfigError, LibraryDamaged, LibraryNotFound
from archive.store.lock import now
from archive.support import library_folder
from archive.support.files import never_ends, write_whole
from archive.support.storage_errors import storage_errors

_BEFORE_TABLE = re.compile(r"^(?=\[)", re.M)

FORMAT = 1
"""Of the folder's layout, written to `library.toml`. The schema of the database has a revision of its own."""


def write_settings(root: Path, settings: Settings) -> None:
    """Write `library.toml`, in one step: a folder that has it is a whole library."""
    name = json.dumps(root.resolve().name, ensure_ascii=False)  # a JSON string is a TOML string
    text = f'# 文史资料库。请勿改动 format。\nformat = {FORMAT}\nname = {name}\ncreated = "{now()}"\n'
    if settings != USUAL:
        text = _changed(text, settings.named(), settings.options)
    write_whole(root / library_folder.SETTINGS, text)


def moved_settings(root: Path, names: Mapping[str, str], options: Mapping[str, Mapping[str, Any]]) -> str:
    """The text of a library's `library.toml` for where it is moved to: `names` are those of its store, engine, files.

    `options` are tables in place of those it has, gone where they are empty. The rest stays as it is written.
    """
    settings = root / library_folder.SETTINGS
    with storage_errors(settings):
        return _changed(settings.read_text(encoding="utf-8"), names, options)


def moved_store(address: str, options: Mapping[str, Mapping[str, Any]]) -> tuple[str, dict[str, Mapping[str, Any]]]:
    """The store for where a library is moved to, and its table in `library.toml`: PostgreSQL at an address, else usual.

    Who signs in there is taken from the table that the library has already.
    """
    if not address:
        return USUAL.store, {"postgresql": {}}
    return "postgresql", {"postgresql": {**options.get("postgresql", {}), "address": address}}


def moved_files(place: str, options: Mapping[str, Mapping[str, Any]]) -> tuple[str, dict[str, Mapping[str, Any]]]:
    """Where originals and pictures lie when a library is moved, and its table: a place (s3://…), else the folder.

    How that store is reached is taken from the table that the library has already. Raises ConfigError where two
    libraries would share a place.
    """
    if not place:
        return USUAL.files, {"s3": {}}
    before = options.get("s3", {})
    if before.get("place") == place:
        hint = "另起一个名称，例如 s3://桶/第二个"
        raise ConfigError("原来的资料库也用这个地方，两个资料库不能共用", hint=hint, place=place)
    return "s3", {"s3": {**before, "place": place}}


def _changed(text: str, names: Mapping[str, str], options: Mapping[str, Mapping[str, Any]]) -> str:
    head, *tables = _BEFORE_TABLE.split(text)
    kept = [line for line in head.splitlines() if not re.match(r"(store|engine|files)\s*=", line)]
    kept += [f"{name} = {_toml(value)}" for name, value in names.items()]
    return with_tables("".join(("\n".join(kept), "\n", *tables)), options)


def with_tables(text: str, options: Mapping[str, Mapping[str, Any]]) -> str:
    """The text of a `library.toml` with these tables in place of those of their names; gone where they are empty."""
    head, *tables = _BEFORE_TABLE.split(text)
    tables = [table for table in tables if table[1:].split("]")[0].strip() not in options]
    for name, values in options.items():
        lines = "".join(f"{key} = {_toml(value)}\n" for key, value in values.items())
        tables += [f"[{name}]\n{lines}"] if lines else []
    return "\n".join(f"{part.rstrip()}\n" for part in (head, *tables))


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)  # text, numbers and lists of them are written alike


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of `library.toml`: store, engine and where files lie by their names in the tables of each (see
    registry.py); `options` are the tables of these names, with what each wants to know.
    """

    store: str = "sqlite"
    engine: str = "embedded"
    files: str = "folder"
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def named(self) -> dict[str, str]:
        """The names, as they stand in `library.toml`."""
        return {"store": self.store, "engine": self.engine, "files": self.files}


USUAL = Settings()


def settings_in(text: str) -> Settings:
    """The settings that a `library.toml` of this text has. Raises ValueError."""
    found = tomllib.loads(text)
    options = {name: value for name, value in found.items() if isinstance(value, dict)}
    store, engine, files = (str(found.get(name, usual)) for name, usual in USUAL.named().items())
    return Settings(store, engine, files, options)


def read_settings(root: Path) -> Settings:
    """The settings of a library; the usual ones where there is no file yet. `require_library` reports what is wrong."""
    try:
        return settings_in((root / library_folder.SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return USUAL


def require_files(root: Path) -> None:
    """Raises LibraryDamaged where a device or a pipe stands in the place of a file: reading it might never end."""
    for entry in root.iterdir() if root.is_dir() else ():
        if never_ends(entry):
            hint = "这不是本程序放的；把它移走，再用备份里的同名文件补上"
            raise LibraryDamaged(f"资料库里的“{entry.name}”不是文件", hint=hint, place=str(root))


def require_library(root: Path) -> None:
    """Raises LibraryNotFound when `root` is no library, LibraryDamaged when part of one or one of a newer version."""
    settings, database = root / library_folder.SETTINGS, root / library_folder.DATABASE
    if not settings.exists() and (root / library_folder.RESTORING).exists():
        hint = "再运行一次 wenshi restore，会接着从头恢复"
        raise LibraryDamaged("恢复备份时中断了，还不是完整的资料库", hint=hint, place=str(root))
    if (root / library_folder.TABLES).exists():
        hint = "再运行一次同样的 wenshi move，会接着搬；原来的资料库没有改动"
        raise LibraryDamaged("搬到这里时中断了，还不是完整的资料库", hint=hint, place=str(root))
    if not settings.exists() and not database.exists():
        raise LibraryNotFound(
            "这里没有资料库", hint="用 wenshi init 建立，或用 --library 指明所在文件夹", place=str(root)
        )
    if not settings.exists():
        raise LibraryDamaged(
            "资料库没有建完，或 library.toml 不见了", hint="运行 wenshi init 补齐，已有的内容不会改动", place=str(root)
        )
    try:
        found = tomllib.loads(settings.read_text(encoding="utf-8"))["format"]
    except (ValueError, KeyError) as failure:
        hint = f"用文字编辑器把它改成一行：format = {FORMAT}"
        raise LibraryDamaged("library.toml 读不懂", hint=hint, place=str(settings)) from failure
    if found != FORMAT:
        raise LibraryDamaged(
            f"这个资料库是用更新版本的文史建立的（格式 {found}，本程序到 {FORMAT}）",
            hint="请安装新版文史后再打开；不要用旧版改动它",
            place=str(settings),
        )
    if not database.exists() and read_settings(root).store == USUAL.store:
        raise LibraryDamaged("数据库 archive.sqlite 不见了", hint="用 wenshi restore 从备份恢复", place=str(root))

"""Who signs in at a server, and by which certificates: a file of its own, never `library.toml`, which travels."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from archive.model.errors import ConfigError

_FILES = frozenset({"ca", "certificate", "key"})


def read_credentials(file: Path, known: Iterable[str], server: str, table: str) -> dict[str, str]:
    """The values of such a TOML file; ca, certificate and key are files beside it.

    `server` and `table` (of library.toml) say in messages whose it is: 检索服务, opensearch. Raises ConfigError.
    """
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        hint = f"检查 library.toml 里 [{table}] 的 credentials 一行的文件名，以及文件的权限"
        raise ConfigError(f"读不出登录{server}用的文件", place=str(file), hint=hint) from failure
    if unknown := found.keys() - set(known):
        hint = f"只能有这些：{'、'.join(sorted(known))}"
        message = f"登录{server}用的文件里有不认识的项：{'、'.join(sorted(unknown))}"
        raise ConfigError(message, place=str(file), hint=hint)
    return {name: str(file.parent / str(value)) if name in _FILES else str(value) for name, value in found.items()}

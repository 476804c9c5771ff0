"""The table of engines, by the names that `library.toml` may give."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.model.errors import ConfigError
from archive.search.index.embedded import EmbeddedEngine
from archive.search.index.engine import Engine, Texts
from archive.search.index.memory import MemoryEngine
from archive.support import library_folder
from archive.text.segmentation import Segmenter

_HOSTS = "WENSHI_OPENSEARCH"


@dataclass(frozen=True, slots=True)
class Needs:
    """What engines are made of: a folder for their files, a segmenter, the texts of the store, and what `library.toml`
    says in the engine's own table.
    """

    folder: Path
    segmenter: Segmenter
    texts: Texts
    options: Mapping[str, Any] = field(default_factory=dict)


def _tantivy(needs: Needs) -> Engine:
    try:
        from archive.search.index.tantivy_parts import tantivy_engine
    except ImportError as missing:
        raise _not_installed("tantivy", "tantivy", missing) from missing
    return tantivy_engine(needs.folder, needs.segmenter)


def _opensearch(needs: Needs) -> Engine:
    """The addresses may also come from the environment, parted by blanks, so that machines can differ."""
    try:
        from archive.search.index.opensearch import OpenSearchEngine
        from archive.search.index.opensearch_client import Client, settings_of
    except ImportError as missing:
        raise _not_installed("opensearch", "cluster", missing) from missing
    options = dict(needs.options)
    if hosts := os.environ.get(_HOSTS, "").split():
        options["hosts"] = hosts
    given = settings_of(options, needs.folder.parent / library_folder.SETTINGS)
    client = Client(given, str(options.get("index", "wenshi")))
    shards, copies = int(options.get("shards", 1)), int(options.get("copies", 1))
    return OpenSearchEngine(client, needs.segmenter, needs.texts, shards, copies)


def _not_installed(engine: str, extra: str, missing: ImportError) -> ConfigError:
    hint = f"安装附加部分 wenshi[{extra}]，或把 library.toml 的 engine 改回 embedded"
    return ConfigError(f"检索引擎“{engine}”没有装全（缺 {missing.name}）", place=library_folder.SETTINGS, hint=hint)


ENGINES: dict[str, Callable[[Needs], Engine]] = {
    "embedded": lambda needs: EmbeddedEngine(needs.folder, needs.segmenter),
    "memory": lambda needs: MemoryEngine(),
    "opensearch": _opensearch,
    "tantivy": _tantivy,
}
"""How each engine is made. Raises ConfigError where an extra or a setting is missing."""


def engine_of(name: str, needs: Needs) -> Engine:
    """The engine of that name. Raises ConfigError."""
    if name not in ENGINES:
        hint = f"把 library.toml 的 engine 改成其中一种：{'、'.join(ENGINES)}"
        raise ConfigError(f"没有“{name}”这种检索引擎", place=library_folder.SETTINGS, hint=hint)
    return ENGINES[name](needs)

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

_HOSTS, _INDEX = "WENSHI_OPENSEARCH", "wenshi"


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
    client = Client(given, str(options.get("index", _INDEX)))
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


ELSEWHERE = frozenset({"opensearch"})
"""The engines whose index does not lie in the library's folder."""


def moved_options(
    engine: str, index: str, before: str, options: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The tables of `library.toml` that a library needs which is moved from the engine `before` to another one.

    Raises ConfigError where two libraries would share an index.
    """
    if engine not in ENGINES:
        raise _unknown(engine)
    if engine not in ELSEWHERE:
        if index:
            raise ConfigError(f"引擎“{engine}”的索引在资料库的文件夹里，没有名称", hint="去掉 --index")
        return {}
    given = dict(options.get(engine, {}))
    taken = str(given.get("index", _INDEX))
    if engine == before and index in ("", taken):
        raise ConfigError(f"原来的资料库也用索引“{taken}”，两个资料库不能共用", hint="用 --index 给新的另起一个名称")
    return {engine: given | ({"index": index} if index else {})}


def _unknown(engine: str) -> ConfigError:
    hint = f"把 library.toml 的 engine 改成其中一种：{'、'.join(ENGINES)}"
    return ConfigError(f"没有“{engine}”这种检索引擎", place=library_folder.SETTINGS, hint=hint)


def engine_of(name: str, needs: Needs) -> Engine:
    """The engine of that name. Raises ConfigError."""
    if name not in ENGINES:
        raise _unknown(name)
    return ENGINES[name](needs)

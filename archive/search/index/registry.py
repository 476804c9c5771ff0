"""The table of engines, by the names that `library.toml` may give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive.model.errors import ConfigError
from archive.search.index.embedded import EmbeddedEngine
from archive.search.index.engine import Engine
from archive.search.index.memory import MemoryEngine
from archive.support import library_folder
from archive.text.segmentation import Segmenter


def _tantivy(folder: Path, segmenter: Segmenter) -> Engine:
    try:
        from archive.search.index.tantivy_parts import tantivy_engine
    except ImportError as missing:
        raise _not_installed("tantivy", "tantivy", missing) from missing
    return tantivy_engine(folder, segmenter)


def _not_installed(engine: str, extra: str, missing: ImportError) -> ConfigError:
    hint = f"安装附加部分 wenshi[{extra}]，或把 library.toml 的 engine 改回 embedded"
    return ConfigError(f"检索引擎“{engine}”没有装全（缺 {missing.name}）", place=library_folder.SETTINGS, hint=hint)


ENGINES: dict[str, Callable[[Path, Segmenter], Engine]] = {
    "embedded": EmbeddedEngine,
    "memory": lambda folder, segmenter: MemoryEngine(),
    "tantivy": _tantivy,
}
"""How each engine is made: (folder for its files, segmenter) → engine. Raises ConfigError where an extra is missing."""


def engine_of(name: str, folder: Path, segmenter: Segmenter) -> Engine:
    """The engine of that name. Raises ConfigError."""
    if name not in ENGINES:
        hint = f"把 library.toml 的 engine 改成其中一种：{'、'.join(ENGINES)}"
        raise ConfigError(f"没有“{name}”这种检索引擎", place=library_folder.SETTINGS, hint=hint)
    return ENGINES[name](folder, segmenter)

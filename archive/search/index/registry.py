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

ENGINES: dict[str, Callable[[Path, Segmenter], Engine]] = {
    "embedded": EmbeddedEngine,
    "memory": lambda folder, segmenter: MemoryEngine(),
}
"""How each engine is made: (folder for its files, segmenter) → engine."""


def engine_of(name: str, folder: Path, segmenter: Segmenter) -> Engine:
    """The engine of that name. Raises ConfigError."""
    if name not in ENGINES:
        hint = f"把 library.toml 的 engine 改成其中一种：{'、'.join(ENGINES)}"
        raise ConfigError(f"没有“{name}”这种检索引擎", place=library_folder.SETTINGS, hint=hint)
    return ENGINES[name](folder, segmenter)

"""Chinese words by jieba's dictionary: for ranking and for splitting questions, never for deciding what occurs.

Two implementations of the same dictionary and algorithm share the work: rjieba (compiled, about twenty times faster)
wherever it can be installed, jieba (pure Python) elsewhere. They differ on some Latin strings, so an index records the
signature of the one that made it and is read with the same one. See docs/dependencies.md for the measurements.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path
from typing import Protocol

_WORD = re.compile(r"\w")


class Segmenter(Protocol):
    """Cuts folded text into words. `signature` names implementation, version and user words."""

    signature: str

    def words(self, text: str) -> list[str]:
        """The words of `text` in order; every character but white space is in one of them, punctuation too."""
        ...

    def index_words(self, text: str) -> list[str]:
        """For ranking: without punctuation, with the shorter words inside long ones too (jieba's search mode)."""
        ...


def user_words(file: Path) -> tuple[str, ...]:
    """The office's own words: the first column of each line (jieba's "word frequency tag" works too); `#` comments.

    No file, no words.
    """
    if not file.exists():
        return ()
    lines = (line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines())
    return tuple(line.split()[0] for line in lines if line and not line.startswith("#"))


def make_segmenter(words: Iterable[str] = (), *, cache: Path | None = None, prefer: str = "") -> Segmenter:
    """The segmenter for these user words: rjieba if it is installed (or `prefer` names the other).

    `cache` is a folder of the library's own for jieba's dictionary cache; jieba's default place is shared and writable
    by everybody.
    """
    own = tuple(sorted(set(words)))
    if prefer != "jieba" and util.find_spec("rjieba"):
        return _compiled(own)
    return _Pure(own, cache)


def _signature(name: str, own: tuple[str, ...]) -> str:
    digest = hashlib.sha256("\n".join(own).encode()).hexdigest()[:12]
    return f"{name} {metadata.version(name)} {digest}"


class _Compiled:
    """rjieba; every instance has a dictionary of its own, which nothing changes once it is made."""

    def __init__(self, own: tuple[str, ...]) -> None:
        import rjieba

        self._jieba = rjieba.Jieba()
        for word in own:
            self._jieba.add_word(word, None, None)
        self.signature = _signature("rjieba", own)

    def words(self, text: str) -> list[str]:
        return [word for word in self._jieba.cut(text) if not word.isspace()]

    def index_words(self, text: str) -> list[str]:
        return [word for word in self._jieba.cut_for_search(text) if _WORD.search(word)]


@lru_cache(4)
def _compiled(own: tuple[str, ...]) -> _Compiled:
    """One for all libraries with the same own words: a dictionary takes .1 s to load and 35 MB."""
    return _Compiled(own)


class _Pure:
    """jieba, with its dictionary cache in the library's folder."""

    def __init__(self, own: tuple[str, ...], cache: Path | None) -> None:
        import jieba  # type: ignore[import-untyped]

        jieba.setLogLevel(logging.WARNING)
        self._jieba = jieba.Tokenizer()
        if cache is not None:
            cache.mkdir(parents=True, exist_ok=True)
            self._jieba.tmp_dir = str(cache)
        for word in own:
            self._jieba.add_word(word)
        self.signature = _signature("jieba", own)

    def words(self, text: str) -> list[str]:
        return [word for word in self._jieba.cut(text) if not word.isspace()]

    def index_words(self, text: str) -> list[str]:
        return [word for word in self._jieba.cut_for_search(text) if _WORD.search(word)]

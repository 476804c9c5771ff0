"""Chinese words by jieba's dictionary: for ranking and for splitting questions, never for deciding what occurs.

Two implementations of the same dictionary and algorithm share the work: rjieba (compiled, about twenty times faster)
wherever it can be installed, jieba (pure Python) elsewhere. They differ on some Latin strings, so an index records the
signature of the one that made it and is read with the same one. See docs/dependencies.md for the measurements.
"""

from __future__ import annotations

import hashlib
import logging
import re
import tempfile
from collections.abc import Iterable
from functools import cached_property, lru_cache
from importlib import metadata, util
from pathlib import Path
from typing import Any, Protocol

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

    No file, no words. In UTF-8 or GB18030, as an office's editor writes it; bytes that are no text in either are no
    obstacle to anything else.
    """
    if not file.exists():
        return ()
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    lines = (line.strip() for line in text.splitlines())
    return tuple(line.split()[0] for line in lines if line and not line.startswith("#"))


def make_segmenter(words: Iterable[str] = (), *, cache: Path | None = None, prefer: str = "") -> Segmenter:
    """The segmenter for these user words: rjieba if it is installed (or `prefer` names the other).

    `cache` is a folder of the user's own for jieba's dictionary cache; jieba's default place is shared and writable by
    everybody, and what it finds there it loads. Where `cache` cannot be made the dictionary is read each time.
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
        self._own = own
        self.signature = _signature("rjieba", own)

    @cached_property
    def _jieba(self) -> Any:
        """Read when the first text is cut: .1 s and 35 MB that a page of no words does without.

        Imported, rjieba has read its dictionary already; only words of one's own want another one.
        """
        import rjieba

        if not self._own:
            return rjieba
        jieba = rjieba.Jieba()
        for word in self._own:
            jieba.add_word(word, None, None)
        return jieba

    def words(self, text: str) -> list[str]:
        return [word for word in self._jieba.cut(text) if not word.isspace()]

    def index_words(self, text: str) -> list[str]:
        return [word for word in self._jieba.cut_for_search(text) if word.isalnum() or _WORD.search(word)]


@lru_cache(4)
def _compiled(own: tuple[str, ...]) -> _Compiled:
    """One for all libraries with the same own words: a dictionary takes .1 s to load and 35 MB."""
    return _Compiled(own)


class _Pure:
    """jieba, with its dictionary cache in a folder of the user's own."""

    def __init__(self, own: tuple[str, ...], cache: Path | None) -> None:
        import jieba  # type: ignore[import-untyped]

        jieba.setLogLevel(logging.WARNING)
        self._jieba = jieba.Tokenizer()
        self._jieba.tmp_dir = _made(cache) if cache is not None else tempfile.mkdtemp(prefix="wenshi-jieba-")
        for word in own:
            self._jieba.add_word(word)
        self.signature = _signature("jieba", own)

    def words(self, text: str) -> list[str]:
        return [word for word in self._jieba.cut(text) if not word.isspace()]

    def index_words(self, text: str) -> list[str]:
        return [word for word in self._jieba.cut_for_search(text) if word.isalnum() or _WORD.search(word)]


def _made(cache: Path) -> str:
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return tempfile.mkdtemp(prefix="wenshi-jieba-")
    return str(cache)

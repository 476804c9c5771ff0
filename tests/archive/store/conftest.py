"""A small library to work on, and drafts to put into it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.model.records import Article, Block, Collection, Kind, Mention, Period, Precision
from archive.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new library with one collection, `wsz`."""
    with Store.create(tmp_path / "library") as made:
        made.save_collection(Collection("wsz", "文史资料"), "本机")
        yield made


@pytest.fixture
def draft() -> Callable[..., tuple[Article, list[Mention]]]:
    """Makes an article of a title and one paragraph with one mention of a date; fields as given."""

    def make(
        title: str = "沙坡头治沙记", text: str = "一九五八年秋开始治沙。", **fields: object
    ) -> tuple[Article, list[Mention]]:
        blocks = (Block.plain(Kind.TITLE, title), Block.plain(Kind.PARAGRAPH, text))
        date = Period(2436448, 2436538, Precision.SEASON, "一九五八年秋")
        article = Article(**{"collection": "wsz", "blocks": blocks} | fields)  # type: ignore[arg-type]
        return article, [Mention(1, 0, 6, date, "season", 0.9)]

    return make


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., tuple[Path, str, str]]:
    """Makes a file to take in: (path, name, SHA-256)."""

    def make(content: str = "原稿", name: str = "原稿.txt") -> tuple[Path, str, str]:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path, name, hashlib.sha256(path.read_bytes()).hexdigest()

    return make

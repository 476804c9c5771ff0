"""A small library to work on, and drafts to put into it."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import pytest

from archive.model.records import Article, Block, Collection, Kind, Mention, Period, Precision
from archive.store import Store
from archive.store.folder import USUAL, Settings

SERVER = os.environ.get("WENSHI_TEST_POSTGRESQL", "")


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of PostgreSQL in which all migrations have run, for others to be made after; "" without a server."""
    if not SERVER:
        yield ""
        return
    with fresh_database(SERVER) as settings:
        Store.create(tmp_path_factory.mktemp("schema") / "library", settings).close()
        yield settings.options["postgresql"]["address"].rsplit("/", 1)[1]


@pytest.fixture
def store(tmp_path: Path, schema: str) -> Iterator[Store]:
    """A new library with one collection, `wsz`; in PostgreSQL where WENSHI_TEST_POSTGRESQL names a server."""
    with (
        fresh_database(SERVER, schema) if SERVER else nullcontext(USUAL) as settings,
        Store.create(tmp_path / "library", settings) as made,
    ):
        made.save_collection(Collection("wsz", "文史资料"), "本机")
        yield made


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what is about SQLite's own file where the library is in PostgreSQL."""
    if SERVER:
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(pytest.mark.skip(reason="about SQLite's own file"))


@contextmanager
def fresh_database(server: str, like: str = "template1") -> Iterator[Settings]:
    """A database of PostgreSQL made after another one, an empty one unless that is named; gone afterwards."""
    import pg8000.dbapi

    name = f"t{secrets.token_hex(8)}"
    host, port = server.split("@")[1].strip("/").split(":")
    with closing(pg8000.dbapi.connect("wenshi", host=host, port=int(port), database="postgres")) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        try:
            yield Settings("postgresql", options={"postgresql": {"address": f"{server}{name}"}})
        finally:
            connection.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")


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

"""The edition of a library as it is now: what is handed out, and how it keeps up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.cli.main import cli
from archive.library import Library
from archive.model.errors import NotFound, UsageError
from tests.web.conftest import LOCAL, fill
from web.base import rates
from web.cli import serve_commands
from web.cli.reach import Reach, reach
from web.cli.server import Server
from web.edition.publishing import Wanted
from web.edition.reading_room import ReadingRoom, create_room


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as created:
        fill(created, tmp_path)
        yield created


@pytest.fixture
def room(own: Library, tmp_path: Path) -> ReadingRoom:
    return ReadingRoom(own, tmp_path / "site", Wanted(title="清水文史", forms=()))


def test_it_follows_the_library(own: Library, room: ReadingRoom, tmp_path: Path):
    made = room.renew()
    assert made and made.texts == 34
    assert room.renew() is None  # nothing changed
    client = create_room(tmp_path / "site", own).test_client()
    session = own.session(LOCAL)
    first = session.listing("volume3")[0]
    assert first.title in client.get(f"/texts/{first.id}.html", buffered=True).text
    session.withdraw(first.id, "有误")
    made = room.renew()
    assert made and made.gone == 1
    answer = client.get(f"/texts/{first.id}.html", buffered=True)
    assert "已经撤下" in answer.text and first.title not in answer.text
    assert "no-cache" in answer.headers["Cache-Control"]  # nobody reads on what is gone
    for each in session.listing("volume3") + session.listing("annals"):
        session.withdraw(each.id, "")
    with pytest.raises(NotFound, match="还没有"):
        room.renew()


def test_only_files_of_the_edition_are_handed_out(own: Library, room: ReadingRoom, tmp_path: Path):
    room.renew()
    client = create_room(tmp_path / "site", own).test_client()
    assert client.get("/", buffered=True).status_code == 200
    assert client.get("/find.html?q=1", buffered=True).status_code == 200
    for path in (
        "/../library/archive.sqlite",
        "/%2e%2e/library/library.toml",
        "/texts/",
        "/api/v1/articles",
        "/manage",
    ):
        answer = client.get(path, buffered=True)
        assert answer.status_code == 404 and "没有这一页" in answer.text, path
    assert client.post("/", buffered=True).status_code == 405
    policy = client.get("/", buffered=True).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "Set-Cookie" not in client.get("/", buffered=True).headers


def test_who_asks_too_often_waits(own: Library, room: ReadingRoom, tmp_path: Path):
    room.renew()
    app = create_room(tmp_path / "site", own)
    rates.attach(app, a_minute=3)
    client = app.test_client()
    answers = [client.get("/", buffered=True) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert "秒再看" in answers[-1].text
    assert client.get("/", environ_base={"REMOTE_ADDR": "192.0.2.7"}, buffered=True).status_code == 200


def test_the_command_serves_it_without_accounts_or_certificate(
    own: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    served = []

    def bind(app: object, to: Reach, port: int) -> Server:
        def run() -> None:
            served.append((to.host, app.test_client().get("/", buffered=True).status_code))  # type: ignore[attr-defined]

        return Server(to.address(port), run, lambda: None, port)

    monkeypatch.setattr(serve_commands, "bind", bind)
    serve_commands.run_room(own, reach("0.0.0.0", None, None, "", (), public=True), 8080)
    assert served == [("0.0.0.0", 200)]
    with pytest.raises(UsageError, match="没有证书"):
        reach("0.0.0.0", None, None, "", ())
    call = ["--library", str(own.root), "serve", "--public", "--accounts"]
    with pytest.raises(UsageError, match="--public"):
        cli.main(call, standalone_mode=False)

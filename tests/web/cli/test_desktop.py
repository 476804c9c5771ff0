"""The window of the desktop, without the window: what its buttons do, with real programs behind them."""

from __future__ import annotations

import errno
import http.client
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ReadError, StorageError
from archive.model.search import Search
from web.cli.desktop import dropped_files, program
from web.cli.desktop.desk import Desk
from web.cli.desktop.one_window import Asked, OneWindow
from web.cli.desktop.places import LIBRARY, PORTABLE, Places, library_in
from web.cli.desktop.windowless import Windowless


@pytest.fixture
def places(tmp_path: Path) -> Places:
    documents = tmp_path / "文档"
    documents.mkdir()
    return Places(tmp_path / "设置", documents)


class Person:
    """Who sits at the window: what was said, and what the browser opened."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.opened: list[str] = []


@pytest.fixture
def person() -> Person:
    return Person()


@pytest.fixture
def desk(places: Places, person: Person) -> Iterator[Desk]:
    made = Desk(places, person.told.append, person.opened.append)
    yield made
    made.stop()


def asked(address: str) -> int:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    connection.request("GET", parts.path or "/")
    status = connection.getresponse().status
    connection.close()
    return status


def test_from_nothing_to_a_text_taken_in(desk: Desk, person: Person, places: Places, tmp_path: Path) -> None:
    file = tmp_path / "水车 记“一”.txt"
    file.write_text("水车记\n水车在黄河边转了几百年。\n", encoding="utf-8")
    desk.begin([file])
    library = places.libraries / LIBRARY
    assert desk.running
    assert places.library() == library
    assert [urlsplit(address).path.split("/")[1] for address in person.opened] == ["open", "open"]
    assert person.opened[1].startswith(person.opened[0] + "?next=")
    assert asked(person.opened[0]) == 303
    assert asked(desk.served.page) == 401, "the address in view lets nobody in"
    with Library.open(library) as opened:
        end = time.monotonic() + 120
        while not (total := opened.session(Actor.local()).search(Search(text="黄河边转了")).total):
            assert time.monotonic() < end, person.told
            time.sleep(0.2)
    assert total == 1
    desk.stop()
    assert not desk.running


def test_a_backup_says_where(desk: Desk, person: Person, places: Places, tmp_path: Path) -> None:
    desk.begin([])
    away = tmp_path / "U盘"
    away.mkdir()
    desk.back_up(away)
    (made,) = away.iterdir()
    assert person.told[-1] == f"备份好了：{made}"
    desk.back_up(tmp_path / "没有")
    assert "怎么办" in person.told[-1]


def test_what_cannot_be_opened_is_said(desk: Desk, person: Person, places: Places) -> None:
    library = places.libraries / LIBRARY
    program.run(library, "init")
    (library / "archive.sqlite").write_bytes(b"nothing of the kind" * 100)
    desk.begin([])
    assert not desk.running
    assert person.opened == []
    assert "怎么办" in person.told[-1]
    desk.show()
    assert "另选资料库" in person.told[-1]


def test_files_that_cannot_be_read(desk: Desk, person: Person, tmp_path: Path) -> None:
    desk.begin([])
    desk.take_in([tmp_path / "没有.docx"])
    assert "没有.docx" in person.told[-1]
    with pytest.raises(ReadError, match="是文件夹"):
        dropped_files.send(desk.served.address, [tmp_path])


def test_pages_end_with_the_window(desk: Desk) -> None:
    """Also where it was killed: its end closes the input of the pages."""
    desk.begin([])
    served = desk.served
    served.process.stdin.close()
    assert served.process.wait(60) == 0


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="没有资料库"):
        program.serve(tmp_path / "没有", tmp_path / "log")


def test_one_window_for_one_user(tmp_path: Path) -> None:
    first, second = OneWindow(tmp_path), OneWindow(tmp_path)
    assert first.first()
    assert not second.first()
    second.hand_over(Asked([Path("甲.docx")]))
    second.hand_over(Asked([], stop=True))
    assert sorted((len(each.files), each.stop) for each in first.asked()) == [(0, True), (1, False)]
    assert first.asked() == []
    first.leave()
    assert second.first()
    second.leave()


def test_without_windows_the_browser_is_shown_and_another_start_stops_it(
    places: Places, person: Person, tmp_path: Path
) -> None:
    meeting, file = OneWindow(places.settings), tmp_path / "水车.txt"
    file.write_text("水车\n水车在黄河边。\n", encoding="utf-8")
    shown = Windowless(places, meeting, person.opened.append)
    thread = threading.Thread(target=shown.run, args=([],))
    thread.start()
    end = time.monotonic() + 120
    for number, asked in enumerate((Asked([]), Asked([file]), Asked([tmp_path / "没有.docx"])), 1):
        while len(person.opened) < number:
            assert time.monotonic() < end, person.opened
            time.sleep(0.05)
        meeting.hand_over(asked)
    while len(person.opened) < 4:
        assert time.monotonic() < end, person.opened
        time.sleep(0.05)
    meeting.hand_over(Asked([], stop=True))
    thread.join(120)
    assert not thread.is_alive()
    assert not shown.desk.running
    assert person.opened[0] == person.opened[1]
    assert person.opened[2].startswith(person.opened[0] + "?next=")
    assert "没有.docx" in (places.settings / "notice.html").read_text(encoding="utf-8")
    assert person.opened[3] == (places.settings / "notice.html").absolute().as_uri()


def test_a_folder_of_other_things_gets_a_library_within(tmp_path: Path) -> None:
    assert library_in(tmp_path / "新") == tmp_path / "新"
    assert library_in(tmp_path) == tmp_path
    (tmp_path / "照片.jpg").write_bytes(b"")
    assert library_in(tmp_path) == tmp_path / LIBRARY
    (tmp_path / "library.toml").write_text("format = 1\n")
    assert library_in(tmp_path) == tmp_path


def test_what_is_carried_along_keeps_everything_beside_it(tmp_path: Path) -> None:
    stick, other = tmp_path / "E", tmp_path / "F"
    (stick / "python").mkdir(parents=True)
    (stick / PORTABLE).write_text("")
    places = Places.usual(stick / "python" / "pythonw.exe", {"APPDATA": str(tmp_path / "elsewhere")})
    assert places.library() == stick / LIBRARY
    places.remember(stick / "第二库")
    stick.rename(other)
    assert Places.usual(other / "python" / "pythonw.exe", {}).library() == other / "第二库"
    assert not (tmp_path / "elsewhere").exists()


def test_what_is_carried_on_a_disc_is_read_there_and_remembered_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disc, user = tmp_path / "D", {"APPDATA": str(tmp_path / "user")}
    (disc / "python").mkdir(parents=True)
    (disc / PORTABLE).write_text("")
    monkeypatch.setattr("web.cli.desktop.places.why_unwritable", lambda folder: OSError(errno.EROFS, "read-only"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    usual = partial(Places.usual, disc / "python" / "pythonw.exe", user)
    assert usual() == Places(tmp_path / "user" / "wenshi-portable", tmp_path), "no library lies on it"
    (disc / LIBRARY).mkdir()
    (disc / LIBRARY / "library.toml").write_text("")
    assert usual().library() == disc / LIBRARY
    assert not (tmp_path / "user").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"library": 3}', "null"])
def test_settings_that_cannot_be_read_are_begun_anew(places: Places, content: str) -> None:
    places.settings.mkdir()
    (places.settings / "window.json").write_text(content)
    assert places.library().parent in (places.libraries, places.settings.parent)

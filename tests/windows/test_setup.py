"""The edition for Windows, from its installer on, under Wine; `make test-windows` makes it first."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.windows.conftest import LEFT, Earlier
from tests.windows.office import Office, Visit, wait, window
from tests.windows.wine import Wine, limit


def test_an_upgrade_backs_the_library_up_and_keeps_it(office: Office, earlier: Earlier | None, program: Path) -> None:
    """First of all tests: what comes later changes the library."""
    if earlier is None:
        pytest.skip("not made: the older installer, since this tree has no history")
    assert not (program / "python" / "Lib" / LEFT).exists()
    library = office.wine.drive / "文史 库"
    assert not list((library / "backups").glob("archive-*.sqlite"))
    assert office.found("羊皮筏子")["total"] == 1
    (backup,) = (library / "backups").glob("archive-*.sqlite")
    assert (office.versions(), office.originals()) == (earlier.versions, earlier.originals)
    with closing(sqlite3.connect(backup)) as tables:
        assert tables.execute("SELECT count(*) FROM versions").fetchone() == (len(earlier.versions),)
    # Where the rules of reading dates have changed, it says so until they are read anew.
    office.run_all(["reindex", "--dates"], ["check"])


def test_it_is_installed_for_one_user(wine: Wine, program: Path) -> None:
    assert (program / "文史.exe").is_file()
    assert (program / "python" / "python3.dll").is_file()
    assert list(wine.user.rglob("Start Menu/**/文史资料库.lnk"))
    assert "CPython" in (program / "licences" / "清单.txt").read_text(encoding="utf-8")


def test_a_folder_with_files_of_another_program_is_left_alone(wine: Wine, setup: Path) -> None:
    other = wine.drive / "别的程序" / "python" / "my.py"
    other.parent.mkdir(parents=True)
    other.write_text("")
    code, said = wine.run(str(setup), "/S", "/D=C:\\别的程序")
    assert code == 6, said
    assert list(other.parent.parent.rglob("*.*")) == [other]


def test_books_of_three_kinds(office: Office, wine: Wine) -> None:
    kinds = {"docx": b"PK", "epub": b"PK", "pdf": b"%PDF"}
    given = ("export", "--query", "水车", "--title", "选编")
    office.run_all(*((*given, "--to", kind, "-o", f"C:\\选编.{kind}") for kind in kinds))
    for kind, begins in kinds.items():
        assert (wine.drive / f"选编.{kind}").read_bytes().startswith(begins)


def test_pages_are_served_and_a_text_is_found_read_and_corrected(office: Office) -> None:
    """As the window starts and ends it."""
    with office.served() as address:
        visit = Visit(address)
        numbers = {}
        for words, title in (("水车在黄河边", "水车记"), ("羊皮筏子", "渡口"), ("城隍庙唱了", "戏班")):
            answer = json.loads(visit.ask("GET", f"/api/v1/search?q={quote(words)}"))
            assert [hit["title"] for hit in answer["hits"]] == [title]
            numbers[title] = answer["hits"][0]["id"]
        number = numbers["渡口"]
        assert "三条羊皮筏子" in visit.ask("GET", f"/article/{number}")
        form = visit.ask("GET", f"/article/{number}/edit/1")
        token, version = (re.search(rf'name="{name}" value="([^"]+)"', form) for name in ("token", "version"))
        assert token
        assert version
        corrected = {"text": "1950年代，渡口有五条羊皮筏子。", "reason": "原稿核对", "words": "据手稿"}
        visit.ask("POST", f"/article/{number}/edit/1", do="save", token=token[1], version=version[1], **corrected)
        assert "五条羊皮筏子" in visit.ask("GET", f"/article/{number}")
        assert json.loads(visit.ask("GET", f"/api/v1/search?q={quote('五条羊皮筏子')}"))["total"] == 1


def test_killed_in_the_middle_of_an_import(office: Office, tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number:03}.txt").write_text(f"第{number}篇\n水碓在河边舂米。\n", encoding="utf-8")
    process = office.wine.start(*office.command("ingest", "--yes", f"Z:{tmp_path}"))
    while "[10/" not in office.wine.line(process, "the tenth file"):
        pass
    office.wine.kill()
    with limit("the end of what was killed", office.wine.kill):
        process.communicate()
    again = ("ingest", "--yes", f"Z:{tmp_path}")
    said = office.run_all(["check"], again, ["check"], ["search", "水碓在河边", "--json"])
    added = re.search(r"新收 (\d+) 篇", said)
    assert added
    assert 0 < int(added[1]) < 40, "it was killed before or after the import"
    assert json.loads(said[said.index("{") :])["total"] == 40


def test_the_window_opens_a_library_and_takes_in_what_is_dropped_on_the_icon(
    wine: Wine, program: Path, setup: Path, tmp_path: Path
) -> None:
    """Windows starts a program with the names of the files that are dropped on its icon."""
    dropped = tmp_path / "砖 窑.txt"
    dropped.write_text("砖窑\n砖窑在北山脚下。\n", encoding="utf-8")
    library = wine.user / "Documents" / "文史资料库"
    with window(wine, program, wine.user, f"Z:{dropped}") as settings:
        wait("an open library", lambda: (settings / "window.json").is_file())
        assert (library / "library.toml").is_file()
        wait("the dropped file", lambda: any(file.is_file() for file in (library / "originals").rglob("*")))
        code, said = wine.run(str(setup), "/S")
        assert code == 5, f"nothing is replaced while it runs: {said}"
    assert Office(wine, program, "C:" + str(library).partition("drive_c")[2]).found("砖窑在北山")["total"] == 1

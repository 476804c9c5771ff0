"""The edition for Windows, from its installer on, under Wine; `make test-windows` makes it first."""

from __future__ import annotations

import json
import sqlite3
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.windows.conftest import LEFT, MADE, Earlier
from tests.windows.office import Office, Visit
from tests.windows.wine import Wine


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
    office.run("reindex", "--dates")  # where the rules of reading them have changed, it says so until that is done
    office.run("check")


def test_it_is_installed_for_one_user(wine: Wine, program: Path) -> None:
    assert (program / "文史.exe").is_file()
    assert (program / "python" / "python3.dll").is_file()
    assert list(wine.user.rglob("Start Menu/**/文史资料库.lnk"))
    assert "CPython" in (program / "licences" / "清单.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("words", "title"), [("水车在黄河边", "水车记"), ("羊皮筏子", "渡口"), ("城隍庙唱了", "戏班")])
def test_what_was_taken_in_is_found(office: Office, words: str, title: str) -> None:
    answer = office.found(words)
    assert answer["total"] == 1, answer
    assert title in json.dumps(answer, ensure_ascii=False)


def test_books_of_three_kinds(office: Office, wine: Wine) -> None:
    for kind, begins in (("docx", b"PK"), ("epub", b"PK"), ("pdf", b"%PDF")):
        office.run("export", "--query", "水车", "--to", kind, "--title", "选编", "-o", f"C:\\选编.{kind}")
        assert (wine.drive / f"选编.{kind}").read_bytes().startswith(begins)


def test_pages_are_served_and_a_text_is_read(office: Office) -> None:
    """As the window starts and ends it."""
    with office.served() as address:
        visit = Visit(address)
        number = office.found("羊皮筏子")["hits"][0]["id"]
        assert "羊皮筏子" in visit.ask("GET", f"/article/{number}")


def test_killed_in_the_middle_of_an_import(office: Office, tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"{number:03}.txt").write_text(f"第{number}篇\n水碓在河边舂米。\n", encoding="utf-8")
    process = office.wine.start(*office.command("ingest", "--yes", f"Z:{tmp_path}"))
    assert process.stdout is not None
    while b"[40/" not in process.stdout.readline():
        assert process.poll() is None
    office.wine.kill()
    process.communicate()
    before = office.found("水碓在河边")["total"]
    assert 20 <= before < 200
    office.run("check")
    office.run("ingest", "--yes", f"Z:{tmp_path}")
    assert office.found("水碓在河边")["total"] == 200


def test_the_window_opens_a_library(wine: Wine, program: Path, setup: Path) -> None:
    process = wine.start(str(program / "文史.exe"))
    library = wine.user / "Documents" / "文史资料库"
    settings = wine.user / "AppData" / "Roaming" / "wenshi"
    try:
        end = time.monotonic() + 300
        while not (settings / "window.json").is_file():
            assert time.monotonic() < end, sorted(settings.rglob("*"))
            time.sleep(1)
        assert (library / "library.toml").is_file()
        code, said = wine.run(str(setup), "/S")
        assert code == 5, f"nothing is replaced while it runs: {said}"
    finally:
        wine.kill()
        process.communicate()


def test_it_runs_from_a_stick(wine: Wine, tmp_path: Path, office: Office) -> None:
    with zipfile.ZipFile(MADE / "wenshi-portable.zip") as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert (folder / "portable.txt").is_file()
    python = str(folder / "python" / "python.exe")
    where = "from web.cli.desktop.places import Places; print(Places.usual().library())"
    code, said = wine.run(python, "-I", "-X", "utf8", "-c", where)
    assert (code, said.strip()) == (0, f"Z:{folder}\\文史资料库".replace("/", "\\")), said

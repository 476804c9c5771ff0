"""The edition for Windows, from its installer to its removal, under Wine. `make test-windows` makes it first."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import docx
import pytest
import typst

from tests.windows.wine import Wine, missing

MADE = Path(os.environ.get("WENSHI_WINDOWS", "no such folder")).resolve()
SETUP, PORTABLE = MADE / "wenshi-setup.exe", MADE / "wenshi-portable.zip"
WENSHI = "from archive.cli.main import main; main()"
LIBRARY = "C:\\文史 库"

if not SETUP.is_file():
    pytest.skip("the edition for Windows is made by make test-windows", allow_module_level=True)
if missing():
    pytest.skip(f"not here: {'、'.join(missing())}", allow_module_level=True)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen that nobody sees."""
    number = f":{90 + os.getpid() % 9}"
    screen = subprocess.Popen(["Xvfb", number, "-screen", "0", "1280x800x24"], stderr=subprocess.DEVNULL)
    time.sleep(2)
    yield number
    screen.terminate()
    screen.wait()


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory, display: str) -> Iterator[Wine]:
    """A Windows on which the program has been installed, silently."""
    made = Wine.made(tmp_path_factory.mktemp("wine") / "prefix", display)
    code, said = made.run(str(SETUP), "/S")
    assert code == 0, said
    yield made
    made.kill()


@pytest.fixture(scope="module")
def program(wine: Wine) -> Path:
    """Where it was installed."""
    return wine.user / "AppData" / "Local" / "Programs" / "wenshi"


@pytest.fixture(scope="module")
def manuscripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Word file, a text of the code page 936, a PDF; names with blanks and rare characters."""
    folder = tmp_path_factory.mktemp("来稿") / "新 收到的稿件"
    folder.mkdir()
    word = docx.Document()
    word.add_heading("水车记", 1)
    word.add_paragraph("光绪三十年，水车在黄河边转了几百年。")
    word.save(str(folder / "水车 记.docx"))
    (folder / "渡口.txt").write_bytes("渡口\r\n1950年代，渡口有三条羊皮筏子。\r\n".encode("gbk"))
    source = folder / "戏班.typ"
    source.write_text('#set text(font: "Noto Serif CJK SC")\n= 戏班\n民国二十六年，戏班在城隍庙唱了三天。\n', "utf-8")
    (folder / "戏班.pdf").write_bytes(typst.compile(source))
    source.unlink()
    return folder


class Office:
    """The command line of the installed program, with a library of its own."""

    def __init__(self, wine: Wine, program: Path) -> None:
        self.wine = wine
        self.python = str(program / "python" / "python.exe")

    def command(self, *arguments: str) -> tuple[str, ...]:
        return (self.python, "-I", "-X", "utf8", "-c", WENSHI, "--library", LIBRARY, *arguments)

    def run(self, *arguments: str) -> str:
        code, said = self.wine.run(*self.command(*arguments))
        assert code == 0, said
        return said

    def found(self, words: str) -> Any:
        return json.loads(self.run("search", words, "--json"))


@pytest.fixture(scope="module")
def office(wine: Wine, program: Path, manuscripts: Path) -> Office:
    """With three manuscripts taken in."""
    made = Office(wine, program)
    made.run("init")
    made.run("ingest", "--yes", f"Z:{manuscripts}")
    return made


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
        assert (wine.prefix / "drive_c" / f"选编.{kind}").read_bytes().startswith(begins)


def test_pages_are_served_and_a_text_is_read(office: Office) -> None:
    """As the window starts and ends it."""
    process = office.wine.start(*office.command("serve", "--port", "0", "--until-input-ends"))
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        address = process.stdout.readline().decode("utf-8", "replace").strip()
        visit = Visit(address)
        number = office.found("羊皮筏子")["hits"][0]["id"]
        assert "羊皮筏子" in visit.ask("GET", f"/article/{number}")
    finally:
        process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        ended = process.poll()
        process.stdout.close()
    assert ended == 0


class Visit:
    """A browser that opened the printed address."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host, self.cookie = parts.netloc, ""
        self.ask("GET", parts.path)

    def ask(self, method: str, path: str) -> str:
        connection = http.client.HTTPConnection(self.host, timeout=120)
        connection.request(method, path, headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        self.cookie = (answer.getheader("Set-Cookie") or self.cookie).partition(";")[0]
        connection.close()
        return text


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


def test_the_window_opens_a_library(wine: Wine, program: Path) -> None:
    process = wine.start(str(program / "文史.exe"))
    library = wine.user / "Documents" / "文史资料库"
    settings = wine.user / "AppData" / "Roaming" / "wenshi"
    try:
        end = time.monotonic() + 300
        while not (settings / "window.json").is_file():
            assert time.monotonic() < end, sorted(settings.rglob("*"))
            time.sleep(1)
        assert (library / "library.toml").is_file()
        code, said = wine.run(str(SETUP), "/S")
        assert code == 5, f"nothing is replaced while it runs: {said}"
    finally:
        wine.kill()
        process.communicate()


def test_an_upgrade_keeps_the_library(wine: Wine, program: Path, office: Office) -> None:
    left = program / "python" / "Lib" / "of an older version.py"
    left.write_text("")
    code, said = wine.run(str(SETUP), "/S")
    assert code == 0, said
    assert not left.exists()
    assert office.found("羊皮筏子")["total"] == 1


def test_it_runs_from_a_stick(wine: Wine, tmp_path: Path, office: Office) -> None:
    with zipfile.ZipFile(PORTABLE) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert (folder / "portable.txt").is_file()
    python = str(folder / "python" / "python.exe")
    where = "from web.cli.desktop.places import Places; print(Places.usual().library())"
    code, said = wine.run(python, "-I", "-X", "utf8", "-c", where)
    assert (code, said.strip()) == (0, f"Z:{folder}\\文史资料库".replace("/", "\\")), said


def test_it_goes_and_leaves_the_libraries(wine: Wine, program: Path, office: Office) -> None:
    code, said = wine.run(str(program / "卸载.exe"), "/S")
    assert code == 0, said
    end = time.monotonic() + 120  # it goes on from a copy of itself
    while program.exists() and time.monotonic() < end:
        time.sleep(1)
    assert not program.exists()
    assert not list(wine.user.rglob("Start Menu/**/文史资料库.lnk"))
    assert (wine.prefix / "drive_c" / "文史 库" / "archive.sqlite").is_file()

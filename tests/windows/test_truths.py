"""What is true of Windows alone: drives, shares, names, files that others hold, code pages, users, discs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.windows.conftest import MADE
from tests.windows.office import LIBRARY, Office, Visit, wait, window
from tests.windows.wine import Wine, limit

# Holds a file as Word holds one that it writes to, until its input ends.
HOLD = """
import sys, _winapi
handle = _winapi.CreateFile(sys.argv[1], _winapi.GENERIC_READ, 0, 0, 3, 0, 0)
print("held", flush=True)
sys.stdin.read()
"""


def test_paths_beyond_260_characters(office: Office) -> None:
    """Under Wine they work without being asked to; the form that Windows wants them in is taken as well."""
    deep = office.wine.drive.joinpath("稿件", *["政协文史资料委员会历年征集稿件"] * 18)
    deep.mkdir(parents=True)
    (deep / "水磨.txt").write_text("水磨记\n水磨坊在北门外二里。\n", encoding="utf-8")
    said = office.run("ingest", "--yes", "C:\\稿件")
    assert office.found("水磨坊在北门外")["total"] == 1, said
    within = "C:\\稿件\\" + "\\".join(deep.relative_to(office.wine.drive / "稿件").parts)
    assert len(within) > 260
    assert office.code(
        "import sys; from pathlib import Path; from archive.support.long_paths import reachable; "
        "print(str(reachable(Path(sys.argv[1])))[:4])", within
    ) == "\\\\?\\"  # fmt: skip
    office.run("export", "--query", "水磨坊", "--to", "txt", "-o", f"{within}\\选编.txt")
    assert "水磨坊" in (deep / "选编.txt").read_text(encoding="utf-8-sig")


def test_a_library_on_a_share_is_read_and_not_written(office: Office) -> None:
    share = office.wine.share("server", "共享")
    shutil.copytree(office.wine.drive / "文史 库", share / "资料库")
    there = ("--library", "\\\\server\\共享\\资料库")
    assert "羊皮筏子" in office.run(*there, "search", "羊皮筏子", "--json")
    said = office.refused(*there, "ingest", "--yes", "C:\\稿件")
    assert "网络磁盘" in said and "复制到本机" in said
    said = office.refused("--library", "\\\\server\\共享\\新的", "init")
    assert "网络磁盘" in said
    assert not (share / "新的" / "library.toml").exists()


def test_a_file_that_word_holds_is_waited_for_and_then_named(office: Office) -> None:
    (office.wine.drive / "占用.txt").write_text("铁匠铺\n铁匠铺在南关。\n", encoding="utf-8")
    holder = office.wine.start(office.python, "-I", "-X", "utf8", "-c", HOLD, "C:\\占用.txt")
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        assert "held" in office.wine.line(holder, "a program that holds the file")
        said = office.refused("ingest", "--yes", "C:\\占用.txt")
        assert "占用.txt" in said and "Word" in said
    finally:
        holder.stdin.close()
        holder.wait()
        holder.stdout.close()
    office.run("ingest", "--yes", "C:\\占用.txt")
    assert office.found("铁匠铺在南关")["total"] == 1


def test_names_that_windows_takes_for_devices(office: Office) -> None:
    """They come in archives made elsewhere; no file here is ever called so."""
    with zipfile.ZipFile(office.wine.drive / "外来.zip", "w") as archive:
        for name in ("con.txt", "NUL.txt", "aux/甲.txt"):
            archive.writestr(name, f"{name}\n染坊在东街，{name.partition('.')[0]}。\n")
    office.run("ingest", "--yes", "C:\\外来.zip")
    assert office.found("染坊在东街")["total"] == 3
    said = office.refused("export", "--query", "染坊", "--to", "txt", "-o", "C:\\NUL.txt")
    assert "设备" in said


def test_one_library_whatever_the_case_of_its_name(office: Office) -> None:
    assert "羊皮筏子" in office.run("--library", LIBRARY.upper(), "search", "羊皮筏子", "--json")
    assert "已经" in office.refused("--library", LIBRARY.lower(), "init")


def test_libreoffice_is_found_by_the_registry(office: Office) -> None:
    (office.wine.drive / "别处" / "program").mkdir(parents=True)
    (office.wine.drive / "别处" / "program" / "soffice.exe").touch()
    key = "HKLM\\SOFTWARE\\LibreOffice\\UNO\\InstallPath"
    find = "from archive.support.libreoffice import LibreOffice; print(LibreOffice.find())"
    assert office.code(find) == "None"
    code, said = office.wine.run("reg", "add", key, "/ve", "/d", "C:\\别处\\program", "/f")
    assert code == 0, said
    try:
        assert "C:\\\\别处\\\\program\\\\soffice.exe" in office.code(find) or "C:/别处" in office.code(find)
    finally:
        office.wine.run("reg", "delete", key, "/f")


def test_word_is_looked_for_and_not_found(office: Office) -> None:
    """What talks to it is there; there is no Word in Wine."""
    find = "import comtypes.client; from archive.support.word_processor import WordProcessor as W; print(W.find())"
    assert office.code(find) == "None"


def test_a_console_of_code_page_936(office: Office, tmp_path: Path) -> None:
    """Rare characters and Chinese arguments, by the command beside the program, in a folder full of traps."""
    if shutil.which("localedef") is None or not Path("/usr/share/i18n/locales/zh_CN").is_file():
        pytest.skip("not here: localedef and the locale zh_CN")
    subprocess.run(["localedef", "-i", "zh_CN", "-f", "UTF-8", tmp_path / "zh_CN.UTF-8"], check=True)
    chinese = {"LOCPATH": str(tmp_path), "LC_ALL": "zh_CN.UTF-8"}
    show = "import ctypes; print(ctypes.windll.kernel32.GetACP())"
    code, said = office.wine.run(office.python, "-I", "-c", show, settings=chinese)
    assert (code, said.strip()) == (0, "936")
    folder = office.wine.drive / "站在这里"
    folder.mkdir()
    (folder / "random.py").write_text("raise SystemExit('taken for a module')\n")
    (folder / "𠮷.txt").write_text("𠮷野家\r\n𠮷野家在西门，㕚字旁。\r\n", encoding="utf-8")
    program = Path(office.python).parents[1]
    batch = f"Z:{program}\\wenshi.bat".replace("/", "\\")
    given = ("cmd", "/c", batch, "--library", LIBRARY)
    code, said = office.wine.run(*given, "ingest", "--yes", "𠮷.txt", at=folder, settings=chinese)
    assert code == 0, said
    code, said = office.wine.run(*given, "search", "𠮷野家在西门", at=folder, settings=chinese)
    assert code == 0, said
    assert "㕚字旁" in said


def test_files_written_by_an_editor_of_windows(office: Office) -> None:
    """CRLF and a mark at the start, as the Notepad leaves them, in what an office writes itself."""
    library = office.wine.drive / "文史 库"
    (library / "words.txt").write_bytes("\ufeff羊皮筏子\r\n水碓\r\n".encode())
    periods = library / "periods.toml"
    text = '[[period]]\nname = "建县以来"\nfrom = "1933"\n'
    if periods.is_file():
        text = periods.read_text(encoding="utf-8")
    periods.write_bytes(("\ufeff" + text.replace("\n", "\r\n")).encode())
    said = office.run("doctor")
    assert "没有写错的地方" in said
    assert office.found("羊皮筏子")["total"] == 1


def test_a_session_that_ends_during_an_import(office: Office, program: Path, tmp_path: Path) -> None:
    """Windows asks every window and ends every program. 接着做, at the next start, takes in what was left."""
    for number in range(60):
        (tmp_path / f"{number:03}.txt").write_text(f"油坊第{number}号\n油坊在河湾里榨油。\n", encoding="utf-8")
    user = new_user(office.wine, "关机的人")
    library = user / "Documents" / "文史资料库"
    own = Office(office.wine, program, "C:\\users\\关机的人\\Documents\\文史资料库")
    with window(office.wine, program, user, *(f"Z:{file}" for file in sorted(tmp_path.iterdir()))):
        wait("ten files", lambda: count(library) >= 10)
        office.wine.end_session()
    assert count(library) < 60, "the import was over before the session"
    with own.served() as address:
        visit = Visit(address)
        page = re.search(r"/jobs/[0-9a-f]{16}", visit.ask("GET", "/jobs"))
        assert page
        token = re.search(r'name="token" value="([^"]+)"', visit.ask("GET", page[0]))
        assert token
        visit.ask("POST", f"{page[0]}/again", token=token[1])
        asked = f"/api/v1/search?q={quote('油坊在河湾里')}"
        wait("all files", lambda: json.loads(visit.ask("GET", asked))["total"] == 60)
    own.run("check")


def test_a_computer_that_sleeps_during_an_import(office: Office, tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:03}.txt").write_text(f"磨坊第{number}号\n磨坊在下河沿磨面。\n", encoding="utf-8")
    process = office.wine.start(*office.command("ingest", "--yes", f"Z:{tmp_path}"))
    while "[5/" not in office.wine.line(process, "the fifth file"):
        pass
    with office.wine.asleep():
        time.sleep(5)
        assert process.poll() is None, "the import was over before it slept"
    with limit("the end of the import", office.wine.kill):
        said, _ = process.communicate()
    assert process.returncode == 0, said.decode("utf-8", "replace")
    assert office.found("磨坊在下河沿")["total"] == 20


def test_two_users_have_windows_and_libraries_of_their_own(office: Office, program: Path) -> None:
    """At one time, as after 切换用户."""
    users = [new_user(office.wine, name) for name in ("甲", "乙")]
    with window(office.wine, program, users[0]) as one, window(office.wine, program, users[1]) as two:
        for settings, user in ((one, users[0]), (two, users[1])):
            wait(f"the library of {user.name}", (settings / "window.json").is_file)
            assert (user / "Documents" / "文史资料库" / "library.toml").is_file()
            assert f"\\\\{user.name}\\\\" in (settings / "window.json").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is carried on a stick."""
    folder = tmp_path_factory.mktemp("stick")
    with zipfile.ZipFile(MADE / "wenshi-portable.zip") as archive:
        archive.extractall(folder)
    (program,) = folder.iterdir()
    return program


def test_it_runs_from_a_stick(office: Office, carried: Path) -> None:
    at = f"Z:{carried}".replace("/", "\\")
    user = new_user(office.wine, "带着走的人")
    with window(office.wine, carried, user, kept=carried / "设置") as settings:
        wait("a library on the stick", (settings / "window.json").is_file)
        assert (carried / "文史资料库" / "library.toml").is_file()
        assert "文史资料库" in (settings / "window.json").read_text(encoding="utf-8")
    assert not list((user / "Documents").iterdir())
    assert not list((user / "AppData" / "Roaming").iterdir())
    assert Office(office.wine, carried, f"{at}\\文史资料库").found("羊皮筏子")["total"] == 0


def test_it_reads_from_a_disc_that_takes_nothing(
    office: Office, carried: Path, manuscripts: Path, tmp_path: Path
) -> None:
    """After the stick, whose library lies on this disc: what was taken in there is read, nothing is written."""
    own = Office(office.wine, carried, f"Z:{carried}\\文史资料库".replace("/", "\\"))
    own.run("ingest", "--yes", f"Z:{manuscripts}")
    (tmp_path / "瓦窑.txt").write_text("瓦窑\n瓦窑在南山脚下。\n", encoding="utf-8")
    with read_only(carried):
        before = {file: file.stat().st_mtime for file in carried.rglob("*")}
        assert own.found("羊皮筏子")["total"] == 1
        said = own.refused("ingest", "--yes", f"Z:{tmp_path}")
        assert "只读" in said or "没有读写权限" in said, "the one on a real disc, the other under Wine"
        user = new_user(office.wine, "看光盘的人")
        remembered = user / "AppData" / "Roaming" / "wenshi-portable"
        with window(office.wine, carried, user, kept=remembered):
            wait("the library of the disc", (remembered / "window.json").is_file)
        assert {file: file.stat().st_mtime for file in carried.rglob("*")} == before


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """While nobody, not even root, can write into a folder."""
    for given in (("--bind", str(folder), str(folder)), ("-o", "remount,ro,bind", str(folder))):
        ran = subprocess.run(["mount", *given], capture_output=True, text=True)
        if ran.returncode:
            pytest.skip(f"this computer lets nobody mount: {ran.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def new_user(wine: Wine, name: str) -> Path:
    """The folder of another user of this Windows."""
    user = wine.drive / "users" / name
    user.mkdir()
    return user


def count(library: Path) -> int:
    """How many files a library has taken in."""
    return sum(file.is_file() for file in (library / "originals").rglob("*"))

"""The edition for Linux, unpacked as an office unpacks it. `make test-linux` makes it first."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import docx
import pytest

MADE = Path(os.environ.get("WENSHI_LINUX", "no such folder")).resolve()
if not list(MADE.glob("wenshi-appdir-*.tar.gz")):
    pytest.skip("the edition for Linux is made by make test-linux", allow_module_level=True)

# Programs of other machines run where the kernel hands them to QEMU, with the libraries of such a machine.
EMULATOR, FOREIGN = Path("/proc/sys/fs/binfmt_misc/qemu-aarch64"), Path("/usr/aarch64-linux-gnu")
OF_THIS_MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine)
OLDEST = (2, 28)  # glibc of 统信 UOS 20 and 麒麟 V10


class Office:
    """The program in a folder of its own, with a library."""

    def __init__(self, program: Path, library: Path) -> None:
        self.program, self.library = program, library

    def run(self, *arguments: str) -> str:
        python = str(self.program / "python" / "bin" / "python3.11")
        main = "from archive.cli.main import main; main()"
        given = (python, "-I", "-X", "utf8", "-c", main, "--library", str(self.library), *arguments)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "WENSHI"))}
        ran = subprocess.run(given, capture_output=True, text=True, env=kept | {"QEMU_LD_PREFIX": str(FOREIGN)})
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def found(self, words: str) -> Any:
        return json.loads(self.run("search", words, "--json"))


@pytest.fixture(scope="module", params=["amd64", "arm64"])
def machine(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if not (MADE / f"wenshi-appdir-{name}.tar.gz").is_file():
        pytest.skip(f"not made: the edition for {name}")
    return name


@pytest.fixture(scope="module")
def program(machine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(machine) / "我的 程序"
    with tarfile.open(MADE / f"wenshi-appdir-{machine}.tar.gz") as archive:
        archive.extractall(folder, filter="tar")
    return folder / "wenshi"


@pytest.fixture(scope="module")
def office(program: Path, machine: str, tmp_path_factory: pytest.TempPathFactory) -> Office:
    if machine != OF_THIS_MACHINE and not (EMULATOR.exists() and (FOREIGN / "lib" / "libz.so.1").is_file()):
        pytest.skip(f"nothing here runs programs for {machine}: QEMU in the kernel, glibc, libz, libbz2")
    made = Office(program, tmp_path_factory.mktemp("library") / "文史 库")
    manuscript = docx.Document()
    manuscript.add_heading("水车记", 1)
    manuscript.add_paragraph("光绪三十年，水车在黄河边转了几百年。")
    file = made.library.parent / "水车 记.docx"
    manuscript.save(str(file))
    made.run("init")
    made.run("ingest", "--yes", str(file))
    return made


def test_no_part_asks_for_a_newer_system(program: Path) -> None:
    newest = {}
    for file in program.rglob("*"):
        content = file.read_bytes() if file.is_file() and not file.is_symlink() else b""
        if not content.startswith(b"\x7fELF"):
            continue
        asked = re.findall(rb"GLIBC_2\.(\d+)", content)
        newest[file.relative_to(program).as_posix()] = max(((2, int(minor)) for minor in asked), default=(2, 0))
    assert len(newest) > 50
    assert {name: asked for name, asked in newest.items() if asked > OLDEST} == {}


def test_what_was_taken_in_is_found(office: Office) -> None:
    assert office.found("水车在黄河边")["total"] == 1
    assert json.loads(office.run("search", "水车", "--period", "光绪三十年", "--json"))["total"] == 1


def test_books_of_three_kinds(office: Office, tmp_path: Path) -> None:
    for kind, begins in (("docx", b"PK"), ("epub", b"PK"), ("pdf", b"%PDF")):
        made = tmp_path / f"选编.{kind}"
        office.run("export", "--query", "水车", "--to", kind, "--title", "选编", "-o", str(made))
        assert made.read_bytes().startswith(begins)


def test_a_library_is_checked(office: Office) -> None:
    office.run("check")
    office.run("doctor")


def test_the_command_finds_its_program_through_links(program: Path, machine: str, tmp_path: Path) -> None:
    if machine != OF_THIS_MACHINE:
        pytest.skip("a script of the shell starts programs of this machine only")
    link = tmp_path / "wenshi"
    link.symlink_to(program / "wenshi")
    ran = subprocess.run([str(link), "--version"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "wenshi" in ran.stdout


def test_the_package_holds_the_same_folder(program: Path, machine: str, tmp_path: Path) -> None:
    if not shutil.which("dpkg-deb"):
        pytest.skip("not here: dpkg-deb")
    (package,) = MADE.glob(f"wenshi_*_{machine}.deb")
    subprocess.run(["dpkg-deb", "-x", str(package), str(tmp_path)], check=True)
    said = subprocess.run(["dpkg-deb", "-f", str(package)], check=True, capture_output=True, text=True).stdout
    assert f"Architecture: {machine}\n" in said
    assert "libc6 (>= 2.28)" in said
    for link in ("usr/bin/wenshi", "usr/share/applications/wenshi.desktop"):
        assert (tmp_path / str((tmp_path / link).readlink()).lstrip("/")).is_file()
    installed = {file.relative_to(tmp_path / "opt" / "wenshi") for file in (tmp_path / "opt" / "wenshi").rglob("*")}
    assert installed == {file.relative_to(program) for file in program.rglob("*")}

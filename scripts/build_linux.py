"""Makes what an office PC with Linux installs: dist/wenshi-appdir-MACHINE.tar.gz and dist/wenshi_VERSION_MACHINE.deb.

    python scripts/build_linux.py [--machine amd64] [--to dist] [--keep build/linux]

For 统信 UOS, 麒麟 and other systems with glibc 2.28, of x86-64 and arm64; both are made on either. CPython comes from
Maven Central, in the last version of its that was built for so old systems, and the wheels from the lock files. That
CPython lacks the module of SQLite: zig's C compiler, which knows every old glibc and both machines, compiles it, from
Debian's source of CPython and from the SQLite that the npm package better-sqlite3 carries. Needs mvn, npm, apt-get and
dpkg-deb; scripts/prepare.sh linux installs them. Where a tool or a part of others cannot be had, it ends with 75. Two
builds give the same bytes. Run it inside the environment that `make linux` prepares.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tarfile
import time
from dataclasses import dataclass
from pathlib import Path

from edition import (
    LEFT_OUT,
    ROOT,
    add_font,
    add_licences,
    add_packages,
    fetch,
    held,
    moment,
    need,
    report,
    run,
    same_times,
    unpacked_python,
    version,
)

HERE = ROOT / "scripts" / "linux"
TOOLS = ("mvn", "npm", "apt-get", "dpkg-deb")
PYTHON = "3.11"
CPYTHON = "org.bytedeco:cpython:3.11.3-1.5.9:jar"
SOURCE, SOURCE_SHA256 = (
    "python3.11_3.11.2.orig.tar.gz",
    "2411c74bda5bbcfcddaf4531f66d1adc73f247f529aee981b029513aefdbf849",
)
SQLITE, SQLITE_SHA256 = "better-sqlite3@12.4.1", "14398acbf00d1e8fe0a2753df7d4f15c13138e4b874f4e6e96791f65b4536d0d"
SQLITE_OPTIONS = ("SQLITE_ENABLE_FTS5", "SQLITE_ENABLE_COLUMN_METADATA", "SQLITE_ENABLE_MATH_FUNCTIONS")
MODULE_OPTIONS = ("PY_SQLITE_HAVE_SERIALIZE", 'MODULE_NAME="sqlite3"')
# Modules that ask for libraries of a system and that nothing here uses.
LEFT_OUT_MODULES = ("_crypt", "_dbm", "_gdbm", "nis", "ossaudiodev", "spwd", "_test*", "_xx*", "xx*", "_ctypes_test")


@dataclass(frozen=True)
class Machine:
    """A kind of computer, by the name that each of those who know it has for it. `glibc` is the oldest it runs with."""

    debian: str
    maven: str
    sha256: str
    zig: str
    platform: str
    glibc: str


MACHINES = {
    each.debian: each
    for each in (
        Machine(
            "amd64",
            "linux-x86_64",
            "668b42f6a8b1a9789de7d3ca54a81fefb754cd8e885554b42858bbcbc0dd497c",
            "x86_64-linux-gnu",
            "manylinux_2_28_x86_64",
            "2.17",
        ),
        Machine(
            "arm64",
            "linux-arm64",
            "c98d023d4f79bdae2fb8973443324e48bb39e5b8f149a24e9d0317eb165d7925",
            "aarch64-linux-gnu",
            "manylinux_2_28_aarch64",
            "2.27",
        ),
    )
}
CONTROL = """\
Package: wenshi
Version: {version}
Architecture: {machine}
Maintainer: wenshi
Installed-Size: {size}
Depends: libc6 (>= 2.28), zlib1g, libbz2-1.0
Section: text
Priority: optional
Description: 文史资料库：地方文史资料的档案与全文检索
 收文史稿件和 Word 文件，校改，检索，编书。带着自己要用的一切，不联网。
 卸载时，资料库原样留下。
"""


def main() -> None:
    """Builds both for every machine asked for, and says how large they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--machine", choices=MACHINES, action="append", help="only this one; several times: these")
    parser.add_argument("--to", type=Path, default=ROOT / "dist")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "linux", help="where the parts are made")
    given = parser.parse_args()
    need(*TOOLS)
    started, parts, to = time.monotonic(), given.keep.resolve(), given.to.resolve()
    os.environ["SOURCE_DATE_EPOCH"] = str(moment())
    parts.mkdir(parents=True, exist_ok=True)
    to.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for name in given.machine or MACHINES:
        program = make_program(MACHINES[name], parts)
        made += [make_archive(program, name, to), make_package(program, name, parts, to)]
    report(made, started)


def make_program(machine: Machine, parts: Path) -> Path:
    """The folder that both bring."""
    program = parts / machine.debian / "wenshi"
    shutil.rmtree(program, ignore_errors=True)
    add_python(program / "python", machine, parts)
    packages = program / "python" / "lib" / f"python{PYTHON}" / "site-packages"
    add_packages(packages, parts, machine.platform, PYTHON)
    add_font(program / "python" / "fonts")
    for name in ("wenshi", "wenshi.desktop"):
        shutil.copy(HERE / name, program)
    (program / "wenshi").chmod(0o755)
    shutil.copy(ROOT / "web" / "static" / "seal.svg", program / "wenshi.svg")
    texts = {"SQLite.txt": sqlite_source(parts) / "LICENSE"}
    lines = [
        f"CPython {CPYTHON.split(':')[2].partition('-')[0]}: PSF-2.0（python/lib/python{PYTHON}/LICENSE.txt）",
        "SQLite: 不保留版权（public domain）；取自 better-sqlite3（MIT，全文在 SQLite.txt）",
    ]
    add_licences(program, packages, texts, lines)
    compile_modules(program / "python" / "lib")
    for file in program.rglob("*"):
        if not file.is_symlink():
            file.chmod(0o755 if file.is_dir() or file.stat().st_mode & 0o100 else 0o644)
    same_times(program)
    return program


def add_python(folder: Path, machine: Machine, parts: Path) -> None:
    """The interpreter with its libraries, and the module of SQLite."""
    source = unpacked_python(f"{CPYTHON}:{machine.maven}", machine.sha256, parts)
    own = f"python{PYTHON}"
    left_out = shutil.ignore_patterns(*LEFT_OUT, "lib2to3", "tkinter", "turtle.py", "config-*")
    shutil.copytree(source / "lib" / own, folder / "lib" / own, ignore=left_out)
    shutil.copy(python_source(parts) / "LICENSE", folder / "lib" / own / "LICENSE.txt")
    modules = folder / "lib" / own / "lib-dynload"
    for pattern in LEFT_OUT_MODULES:
        for module in modules.glob(f"{pattern}.cpython*.so"):
            module.unlink()
    (folder / "bin").mkdir()
    shutil.copy(source / "bin" / own, folder / "bin")
    (folder / "bin" / own).chmod(0o755)
    # The interpreter and the modules look for libraries one folder above themselves.
    shutil.copy(next(source.glob("libpython*.so.*")), folder)
    shutil.copy(next(source.glob("libffi.so.*")), folder / "lib" / own)
    (folder / "lib" / own / "site-packages").mkdir(exist_ok=True)
    (name,) = (each.name.replace("_json", "_sqlite3") for each in modules.glob("_json.*.so"))
    compile_sqlite(modules / name, machine, source / "include" / own, parts)


def compile_sqlite(module: Path, machine: Machine, headers: Path, parts: Path) -> None:
    """Python's module of SQLite, with SQLite in it."""
    carried = sqlite_source(parts) / "deps" / "sqlite3"
    sources = [*sorted((python_source(parts) / "Modules" / "_sqlite").glob("*.c")), carried / "sqlite3.c"]
    defined = [f"-D{option}" for option in (*SQLITE_OPTIONS, *MODULE_OPTIONS)]
    target = ("-target", f"{machine.zig}.{machine.glibc}")
    options = ("-O2", "-g0", "-s", "-w", "-fPIC", "-shared", "-fno-sanitize=undefined")
    found = (f"-I{headers}", f"-I{headers / 'internal'}", f"-I{carried}")
    # Paths of this computer have no place in what is made.
    mapped = (f"-ffile-prefix-map={parts}=.", "-Wl,--build-id=none")
    command = (sys.executable, "-m", "ziglang", "cc", *target, *options, *mapped, *defined, *found)
    run(*command, *map(str, sources), "-o", str(module))


def python_source(parts: Path) -> Path:
    """Debian's source of CPython, of which only the module of SQLite and the licence are unpacked."""
    unpacked = parts / "Python-source"
    if not unpacked.is_dir():
        sources = parts / "sources"
        (sources / "lists" / "partial").mkdir(parents=True, exist_ok=True)
        listed = subprocess.run(
            ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
            check=True,
            capture_output=True,
            text=True,
        )
        place = next(each for each in listed.stdout.split() if each.rstrip("/").endswith("/debian"))
        (sources / "sources.list").write_text(f"deb-src {place} bookworm main\n", encoding="ascii")
        apt = ["apt-get", "-qq", "-o", f"Dir::Etc::SourceList={sources / 'sources.list'}"]
        apt += ["-o", "Dir::Etc::SourceParts=-", "-o", f"Dir::State::Lists={sources / 'lists'}"]
        fetch(*apt, "update")
        fetch(*apt, "source", "--download-only", "python3.11", at=sources)
        held(sources / SOURCE, SOURCE_SHA256)
        with tarfile.open(sources / SOURCE) as archive:
            top = archive.next()
            assert top
            wanted = (f"{top.name}/Modules/_sqlite/", f"{top.name}/LICENSE")
            archive.extractall(
                parts / "unpacked", [each for each in archive if each.name.startswith(wanted)], filter="data"
            )
        (parts / "unpacked" / top.name).rename(unpacked)
    return unpacked


def sqlite_source(parts: Path) -> Path:
    """SQLite in one file, with the licence of the package that carries it."""
    unpacked = parts / "better-sqlite3"
    if not unpacked.is_dir():
        fetch("npm", "pack", "--silent", SQLITE, at=parts)
        packed = parts / f"{SQLITE.replace('@', '-')}.tgz"
        held(packed, SQLITE_SHA256)
        with tarfile.open(packed) as archive:
            archive.extractall(parts / "unpacked-sqlite", filter="data")
        (parts / "unpacked-sqlite" / "package").rename(unpacked)
    return unpacked


def compile_modules(folder: Path) -> None:
    """Every module compiled beforehand, since nobody may write there later; whatever machine does it, the same bytes.

    They hold only for the version they were compiled by, so that only an interpreter of that version will do.
    """
    if sys.version_info[:2] != tuple(map(int, PYTHON.split("."))):
        sys.exit(f"Run this with Python {PYTHON}: its modules are compiled for the interpreter that goes along.")
    compiled = ("-m", "compileall", "-q", "-s", str(folder), "-p", "/", "--invalidation-mode", "unchecked-hash")
    run(sys.executable, *compiled, "-x", r"olefile2\.py$", str(folder))  # which is for Python 2


def make_archive(program: Path, machine: str, to: Path) -> Path:
    """The folder, to be unpacked wherever one may write."""
    made = to / f"wenshi-appdir-{machine}.tar.gz"

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = moment()
        return entry

    with (
        made.open("wb") as file,
        gzip.GzipFile("", "wb", 9, file, mtime=moment()) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for each in (program, *sorted(program.rglob("*"))):
            archive.add(each, each.relative_to(program.parent), recursive=False, filter=plain)
    return made


def make_package(program: Path, machine: str, parts: Path, to: Path) -> Path:
    """The package: the folder in /opt, the command, and an entry in the menu."""
    root = parts / machine / "package"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(program, root / "opt" / "wenshi", symlinks=True)
    for link, target in {
        "usr/bin/wenshi": "/opt/wenshi/wenshi",
        "usr/share/applications/wenshi.desktop": "/opt/wenshi/wenshi.desktop",
        "usr/share/icons/hicolor/scalable/apps/wenshi.svg": "/opt/wenshi/wenshi.svg",
        "usr/share/doc/wenshi": "/opt/wenshi/licences",
    }.items():
        (root / link).parent.mkdir(parents=True, exist_ok=True)
        (root / link).symlink_to(target)
    size = sum(file.stat().st_size for file in root.rglob("*") if file.is_file() and not file.is_symlink()) // 1024
    (root / "DEBIAN").mkdir()
    control = CONTROL.format(version=version(), machine=machine, size=size)
    (root / "DEBIAN" / "control").write_text(control, encoding="utf-8")
    for folder in (each for each in root.rglob("*") if each.is_dir() and not each.is_symlink()):
        folder.chmod(0o755)
    root.chmod(0o755)
    same_times(root)
    made = to / f"wenshi_{version()}_{machine}.deb"
    run("dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(made))
    return made


if __name__ == "__main__":
    main()

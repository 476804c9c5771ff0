"""Makes what an office PC with Windows installs, on Linux: dist/wenshi-setup.exe and dist/wenshi-portable.zip.

    python scripts/build_windows.py [--to dist] [--keep build/windows] [--ocr] [--before] [--quick]

Nothing has to be there on the other side: CPython for Windows comes from Maven Central and is held to its digest, the
wheels from the lock files (scripts/wheelhouse.py), the scripts of Tcl and Tk, which that CPython lacks, and a Chinese
font from Debian's packages. Needs mvn, apt-get, makensis, rsvg-convert and a mingw compiler; scripts/prepare.sh windows
installs them. Where a tool or a part of others cannot be had, it ends with 75. Two builds give the same bytes: all
bears the time of the last commit, and nothing is compiled that depends on where it was compiled. Run it inside the
environment that `make windows` prepares.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

from edition import (
    LEFT_OUT,
    ROOT,
    add_font,
    add_licences,
    add_packages,
    fetch,
    moment,
    need,
    report,
    run,
    same_times,
    unpacked_python,
    version,
)
from PIL import Image

HERE = ROOT / "scripts" / "windows"
COMPILER = "x86_64-w64-mingw32"
TOOLS = ("mvn", "apt-get", "dpkg-deb", "makensis", "rsvg-convert", f"{COMPILER}-gcc")
PYTHON = "313"
CPYTHON = "org.bytedeco:cpython:3.13.5-1.5.12:jar:windows-x86_64"
CPYTHON_SHA256 = "cfe5502ffa7ea369be707b6d88bf68344732a7800450665080fb4267c01bfeae"
# _wmi asks Windows what machine this is, which takes seconds on some.
LEFT_OUT_LIBRARIES = ("_test*.pyd", "xxlimited*.pyd", "pyshellext.dll", "_wmi.pyd")
TCL_PACKAGES = ("libtcl8.6", "libtk8.6")
BATCH = '@"%~dp0python\\python.exe" -I -X utf8 -c "from archive.cli.main import main; main()" %*\r\n'
PORTABLE = "有这个文件，设置和资料库就放在程序旁边，可以整个带走。删掉它，就放到各人的“文档”里。\r\n"


def main() -> None:
    """Builds both, and says how large they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=ROOT / "dist")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "windows", help="where the parts are made")
    parser.add_argument(
        "--ocr", action="store_true", help="bring what reads scans, and call them wenshi-setup-ocr.exe…"
    )
    parser.add_argument("--before", action="store_true", help="also an older installer, to try upgrading from it")
    parser.add_argument("--quick", action="store_true", help="only installers, to be tried: not packed tightly")
    given = parser.parse_args()
    need(*TOOLS)
    started, parts, to = time.monotonic(), given.keep.resolve(), given.to.resolve()
    os.environ["SOURCE_DATE_EPOCH"] = str(moment())
    parts.mkdir(parents=True, exist_ok=True)
    to.mkdir(parents=True, exist_ok=True)
    program = parts / "文史资料库"
    shutil.rmtree(program, ignore_errors=True)
    add_python(program / "python", parts)
    packages = program / "python" / "Lib" / "site-packages"
    add_packages(packages, parts, "win_amd64", PYTHON, given.ocr)
    add_tcl(program / "python" / "tcl", parts)
    add_font(program / "python" / "fonts")
    icon = make_icon(parts)
    make_launcher(program / "文史.exe", icon, parts)
    (program / "wenshi.bat").write_text(BATCH, encoding="ascii", newline="")
    tcl = {f"{package}.txt": Path(f"/usr/share/doc/{package}/copyright") for package in TCL_PACKAGES}
    python = f"CPython {CPYTHON.split(':')[2].partition('-')[0]}: PSF-2.0 (python\\Lib\\pydoc_data 中的 LICENSE 一节)"
    add_licences(program, packages, tcl, [python], end="\r\n")
    same_times(program)
    ending = "-ocr" if given.ocr else ""
    made = [make_setup(program, icon, to / f"wenshi-setup{ending}.exe", version(), given.quick)]
    if not given.quick:
        made.append(make_portable(program, to / f"wenshi-portable{ending}.zip"))
    if given.before and has_history():
        put_back(packages, parts)
        made.append(make_setup(program, icon, to / "wenshi-setup-before.exe", "0.0.1", quick=True))
    report(made, started)


def add_python(folder: Path, parts: Path) -> None:
    """The interpreter, in the order Windows looks for its parts, with the library that stable-interface wheels ask."""
    source = unpacked_python(CPYTHON, CPYTHON_SHA256, parts)
    shutil.copytree(source / "lib", folder / "Lib", ignore=shutil.ignore_patterns(*LEFT_OUT))
    (folder / "DLLs").mkdir()
    for library in sorted([*(folder / "Lib").glob("*.pyd"), *(folder / "Lib").glob("*.dll")]):
        # What Python itself is linked with must lie beside it.
        library.rename(
            folder / library.name if library.name.startswith("vcruntime") else folder / "DLLs" / library.name
        )
    for pattern in LEFT_OUT_LIBRARIES:
        for library in (folder / "DLLs").glob(pattern):
            library.unlink()
    for name in ("bin/python.exe", "bin/pythonw.exe", f"python{PYTHON}.dll"):
        shutil.copy(source / name, folder)
    _forward(source / "libs" / "python3.lib", folder / "python3.dll", parts)
    (folder / "Lib" / "site-packages").mkdir(exist_ok=True)


def _forward(imports: Path, library: Path, parts: Path) -> None:
    """python3.dll, the stable interface, which only names where each function is: in the library of this version."""
    listed = subprocess.run([f"{COMPILER}-nm", imports], check=True, capture_output=True, text=True).stdout
    names = sorted(set(re.findall(r"__imp_(\w+)", listed)))
    exports = "".join(f" {name} = python{PYTHON}.{name}\n" for name in names)
    definition, nothing = parts / "python3.def", parts / "nothing.c"
    definition.write_text(f"LIBRARY python3.dll\nEXPORTS\n{exports}", encoding="ascii")
    nothing.write_text("")
    # Without a base of its own it would get one made of the path of the file.
    linked = (
        "-shared",
        "-nostdlib",
        "-Wl,--entry=0",
        "-Wl,--image-base,0x180000000",
        "-Wl,--no-insert-timestamp",
        "-s",
    )
    run(f"{COMPILER}-gcc", *linked, str(nothing), str(definition), "-o", str(library))


def add_tcl(folder: Path, parts: Path) -> None:
    """The scripts that tkinter's libraries look for, told that any 8.6 will do, not only their own."""
    downloaded = parts / "tcl"
    shutil.rmtree(downloaded, ignore_errors=True)
    downloaded.mkdir()
    fetch("apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", *TCL_PACKAGES, at=downloaded)
    for package in sorted(downloaded.glob("*.deb")):
        run("dpkg-deb", "-x", str(package), str(downloaded / "unpacked"))
    shutil.copytree(
        downloaded / "unpacked" / "usr" / "share" / "tcltk", folder, ignore=shutil.ignore_patterns("*.c", "msgs")
    )
    (folder / "tcl8.6" / "msgs").mkdir()
    for script, named in (("tcl8.6/init.tcl", "Tcl"), ("tk8.6/tk.tcl", "Tk")):
        file = folder / script
        text = file.read_text(encoding="utf-8")
        text, changed = re.subn(rf"package require -exact {named}\s+8\.6\.\d+", f"package require {named} 8.6", text)
        if changed != 1:
            sys.exit(f"{script} does not begin as expected.")
        file.write_text(text, encoding="utf-8")


def make_icon(parts: Path) -> Path:
    """The seal of the pages, in the sizes that Windows shows."""
    sizes, icon = (16, 24, 32, 48, 256), parts / "wenshi.ico"
    pictures = []
    for size in sizes:
        picture = parts / f"icon-{size}.png"
        seal = str(ROOT / "web" / "static" / "seal.svg")
        run("rsvg-convert", "--width", str(size), "--height", str(size), "--output", str(picture), seal)
        pictures.append(picture.read_bytes())
    # The format: a head, sixteen bytes for each picture, the pictures.
    head, offset = (1 << 16).to_bytes(4, "little") + len(sizes).to_bytes(2, "little"), 6 + 16 * len(sizes)
    for size, drawn in zip(sizes, pictures, strict=True):
        side = bytes([size % 256, size % 256, 0, 0])
        head += side + b"\1\0\x20\0" + len(drawn).to_bytes(4, "little") + offset.to_bytes(4, "little")
        offset += len(drawn)
    icon.write_bytes(head + b"".join(pictures))
    return icon


def make_side(parts: Path) -> Path:
    """What stands beside the words of the first page and the last, twice as large for screens that enlarge."""
    drawn, side = parts / "side.png", parts / "side.bmp"
    run("rsvg-convert", "--width", "328", "--height", "628", "--output", str(drawn), str(HERE / "side.svg"))
    with Image.open(drawn) as picture:
        picture.convert("RGB").save(side)
    return side


def make_launcher(program: Path, icon: Path, parts: Path) -> None:
    """文史.exe, with the icon."""
    resources, compiled = parts / "launcher.rc", parts / "launcher.o"
    resources.write_text(f'1 ICON "{icon}"\n', encoding="utf-8")
    run(f"{COMPILER}-windres", str(resources), str(compiled))
    options = ("-O2", "-s", "-municode", "-mwindows", "-finput-charset=UTF-8", "-Wall", "-Wextra", "-Werror")
    sources = (str(HERE / "launcher.c"), str(compiled))
    run(f"{COMPILER}-gcc", *options, *sources, "-Wl,--no-insert-timestamp", "-lshlwapi", "-o", str(program))


def make_setup(program: Path, icon: Path, setup: Path, number: str, quick: bool) -> Path:
    """The installer of the version `number`; a `quick` one, for tests, is not packed and compiles no modules."""
    side = make_side(icon.parent)
    values = {"OUTPUT": setup, "PROGRAM": program, "ICON": icon, "SIDE": side, "VERSION": number}
    given = [f"-D{name}={value}" for name, value in values.items()] + (["-DQUICK"] if quick else [])
    run("makensis", "-V2", "-INPUTCHARSET", "UTF8", *given, str(HERE / "setup.nsi"))
    return setup


def make_portable(program: Path, made: Path) -> Path:
    """The folder as it is carried on a stick."""
    stamp = time.gmtime(moment())[:6]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        files = [file for file in sorted(program.rglob("*")) if file.is_file()]
        content = {str(file.relative_to(program.parent)): file.read_bytes() for file in files}
        content[f"{program.name}/portable.txt"] = PORTABLE.encode()
        for name, data in content.items():
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return made


def has_history() -> bool:
    """Whether this tree has the commit that `put_back` goes to."""
    return bool(_before())


def put_back(packages: Path, parts: Path) -> None:
    """wenshi as it was before its tables changed last, in the place of what it is; all else stays as it is."""
    source, wheels = parts / "before", parts / "wheel-before"
    for folder in (source, wheels):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    archive = subprocess.run(["git", "-C", ROOT, "archive", _before()], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as unpacked:
        unpacked.extractall(source, filter="data")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "wheel", "--no-deps")
    run(*pip, "--no-build-isolation", "--wheel-dir", str(wheels), str(source))
    (wheel,) = wheels.glob("wenshi-*.whl")
    for name in ("archive", "ingest", "web"):
        shutil.rmtree(packages / name)
    for left in packages.glob("wenshi-*.dist-info"):
        shutil.rmtree(left)
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(packages)


def _before() -> str:
    """The commit before the one that changed the tables last, by a new migration; "" in a tree without it."""
    versions = "archive/store/migrations/versions"
    added = ("git", "-C", str(ROOT), "log", "-1", "--diff-filter=A", "--format=%H", "--", versions)
    last = subprocess.run(added, capture_output=True, text=True).stdout.strip()
    asked = ("git", "-C", str(ROOT), "rev-parse", "--verify", "--quiet", f"{last}^")
    return subprocess.run(asked, capture_output=True, text=True).stdout.strip() if last else ""


if __name__ == "__main__":
    main()

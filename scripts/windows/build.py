"""Makes what an office PC with Windows installs, on Linux: dist/wenshi-setup.exe and dist/wenshi-portable.zip.

    python scripts/windows/build.py [--to dist] [--keep build/windows]

Nothing has to be there on the other side: CPython for Windows comes from Maven Central and is held to its digest, the
wheels from the lock files (scripts/wheelhouse.py), the scripts of Tcl and Tk, which that CPython lacks, and a Chinese
font from Debian's packages. Needs mvn, apt-get, makensis, rsvg-convert and a mingw compiler; scripts/prepare.sh windows
installs them. Two builds give the same bytes: everything bears the time of the last commit, and nothing is compiled
that depends on where it was compiled. Run it inside the environment that `make windows` prepares.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from email.parser import HeaderParser
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
COMPILER = "x86_64-w64-mingw32"
PYTHON = "313"
CPYTHON = "org.bytedeco:cpython:3.13.5-1.5.12:jar:windows-x86_64"
CPYTHON_SHA256 = "cfe5502ffa7ea369be707b6d88bf68344732a7800450665080fb4267c01bfeae"
# What a program that only runs has no use for. _wmi asks Windows what machine this is, which takes seconds on some.
LEFT_OUT = ("test", "idlelib", "ensurepip", "pip", "pip-*", "turtledemo", "site-packages/README.txt", "_test*.pyd")
LEFT_OUT_LIBRARIES = ("_test*.pyd", "xxlimited*.pyd", "pyshellext.dll", "_wmi.pyd")
FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
FONT_FAMILY = "Noto Serif CJK SC"
TCL_PACKAGES = ("libtcl8.6", "libtk8.6")
BATCH = '@"%~dp0python\\python.exe" -X utf8 -c "from archive.cli.main import main; main()" %*\r\n'
PORTABLE = "有这个文件，设置和资料库就放在程序旁边，可以整个带走。删掉它，就放到各人的“文档”里。\r\n"


def main() -> None:
    """Builds both, and says how large they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=ROOT / "dist")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "windows", help="where the parts are made")
    given = parser.parse_args()
    started, parts, to = time.monotonic(), given.keep.resolve(), given.to.resolve()
    os.environ["SOURCE_DATE_EPOCH"] = str(_moment())
    parts.mkdir(parents=True, exist_ok=True)
    to.mkdir(parents=True, exist_ok=True)
    program = parts / "文史资料库"
    shutil.rmtree(program, ignore_errors=True)
    add_python(program / "python", parts)
    add_packages(program / "python" / "Lib" / "site-packages", parts)
    add_tcl(program / "python" / "tcl", parts)
    add_font(program / "python" / "fonts")
    icon = make_icon(parts)
    make_launcher(program / "文史.exe", icon, parts)
    (program / "wenshi.bat").write_text(BATCH, encoding="ascii", newline="")
    add_licences(program)
    _same_times(program)
    made = [make_setup(program, icon, to), make_portable(program, to)]
    for file in made:
        print(f"{file}: {file.stat().st_size / 1e6:.1f} MB, SHA-256 {_digest(file)}")
    print(f"{time.monotonic() - started:.0f} s")


def add_python(folder: Path, parts: Path) -> None:
    """The interpreter, in the order Windows looks for its parts, with the library that stable-interface wheels ask."""
    jar = parts / f"cpython-{CPYTHON.split(':')[2]}-windows-x86_64.jar"
    if not jar.is_file():
        _run("mvn", "-q", "-B", "dependency:copy", f"-Dartifact={CPYTHON}", f"-DoutputDirectory={parts}")
    if _digest(jar) != CPYTHON_SHA256:
        sys.exit(f"{jar} is not the file it was when this was written.")
    unpacked = parts / "cpython"
    shutil.rmtree(unpacked, ignore_errors=True)
    with zipfile.ZipFile(jar) as archive:
        archive.extractall(unpacked)
    source = unpacked / "org" / "bytedeco" / "cpython" / "windows-x86_64"
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
    linked = ("-shared", "-nostdlib", "-Wl,--entry=0", "-Wl,--no-insert-timestamp", "-s")
    _run(f"{COMPILER}-gcc", *linked, str(nothing), str(definition), "-o", str(library))


def add_packages(folder: Path, parts: Path) -> None:
    """wenshi and all it needs, laid out as an installer would."""
    wheels = parts / "wheelhouse"
    script = str(ROOT / "scripts" / "wheelhouse.py")
    _run(sys.executable, script, "--platform", "win_amd64", "--python", PYTHON, "--to", str(wheels))
    for wheel in sorted(wheels.glob("*.whl")):
        if wheel.name.startswith("pip-"):
            continue
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    for data in folder.glob("*.data"):  # programs and manual pages
        shutil.rmtree(data)


def add_tcl(folder: Path, parts: Path) -> None:
    """The scripts that tkinter's libraries look for, told that any 8.6 will do, not only their own."""
    downloaded = parts / "tcl"
    shutil.rmtree(downloaded, ignore_errors=True)
    downloaded.mkdir()
    _run("apt-get", "download", "-q", *TCL_PACKAGES, at=downloaded)
    for package in sorted(downloaded.glob("*.deb")):
        _run("dpkg-deb", "-x", str(package), str(downloaded / "unpacked"))
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


def add_font(folder: Path) -> None:
    """A Chinese font for computers that have none: the simplified face of Noto Serif CJK (OFL 1.1)."""
    folder.mkdir()
    for number in range(10):
        font = TTFont(FONT, fontNumber=number, recalcTimestamp=False)
        if font["name"].getBestFamilyName() == FONT_FAMILY:
            font.save(folder / "NotoSerifCJKsc-Regular.otf")
            return
    sys.exit(f"{FONT} has no {FONT_FAMILY}.")


def make_icon(parts: Path) -> Path:
    """The seal of the pages, in the sizes that Windows shows."""
    sizes, icon = (16, 24, 32, 48, 256), parts / "wenshi.ico"
    pictures = []
    for size in sizes:
        picture = parts / f"icon-{size}.png"
        seal = str(ROOT / "web" / "static" / "seal.svg")
        _run("rsvg-convert", "--width", str(size), "--height", str(size), "--output", str(picture), seal)
        pictures.append(picture.read_bytes())
    # The format: a head, sixteen bytes for each picture, the pictures.
    head, offset = (1 << 16).to_bytes(4, "little") + len(sizes).to_bytes(2, "little"), 6 + 16 * len(sizes)
    for size, drawn in zip(sizes, pictures, strict=True):
        side = bytes([size % 256, size % 256, 0, 0])
        head += side + b"\1\0\x20\0" + len(drawn).to_bytes(4, "little") + offset.to_bytes(4, "little")
        offset += len(drawn)
    icon.write_bytes(head + b"".join(pictures))
    return icon


def make_launcher(program: Path, icon: Path, parts: Path) -> None:
    """文史.exe, with the icon."""
    resources, compiled = parts / "launcher.rc", parts / "launcher.o"
    resources.write_text(f'1 ICON "{icon}"\n', encoding="utf-8")
    _run(f"{COMPILER}-windres", str(resources), str(compiled))
    options = ("-O2", "-s", "-municode", "-mwindows", "-finput-charset=UTF-8", "-Wall", "-Wextra", "-Werror")
    sources = (str(HERE / "launcher.c"), str(compiled))
    _run(f"{COMPILER}-gcc", *options, *sources, "-Wl,--no-insert-timestamp", "-lshlwapi", "-o", str(program))


def add_licences(program: Path) -> None:
    """What everything in the folder may be used under, with the texts."""
    folder = program / "licences"
    folder.mkdir()
    for name in ("LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, folder / f"wenshi-{name}.txt")
    for package in TCL_PACKAGES:
        shutil.copy(f"/usr/share/doc/{package}/copyright", folder / f"{package}.txt")
    shutil.copy("/usr/share/doc/fonts-noto-cjk/copyright", folder / "NotoSerifCJKsc.txt")
    lines = [f"CPython {CPYTHON.split(':')[2].partition('-')[0]}: PSF-2.0 (python\\Lib\\pydoc_data 中的 LICENSE 一节)"]
    for file in sorted((program / "python" / "Lib" / "site-packages").glob("*.dist-info/METADATA")):
        about = HeaderParser().parsestr(file.read_text(encoding="utf-8"))
        named = [
            name.rpartition(" :: ")[2] for name in about.get_all("Classifier", []) if name.startswith("License ::")
        ]
        licence = about["License-Expression"] or "；".join(named) or (about["License"] or "").partition("\n")[0]
        lines.append(f"{about['Name']} {about['Version']}: {licence}（全文在 {file.parent.name}）")
    (folder / "清单.txt").write_text("\r\n".join([*lines, ""]), encoding="utf-8", newline="")


def make_setup(program: Path, icon: Path, to: Path) -> Path:
    """The installer."""
    setup = to / "wenshi-setup.exe"
    values = {"OUTPUT": setup, "PROGRAM": program, "ICON": icon, "VERSION": version()}
    given = [f"-D{name}={value}" for name, value in values.items()]
    _run("makensis", "-V2", "-INPUTCHARSET", "UTF8", *given, str(HERE / "setup.nsi"))
    return setup


def make_portable(program: Path, to: Path) -> Path:
    """The folder as it is carried on a stick."""
    made = to / "wenshi-portable.zip"
    stamp = time.gmtime(_moment())[:6]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        files = [file for file in sorted(program.rglob("*")) if file.is_file()]
        content = {str(file.relative_to(program.parent)): file.read_bytes() for file in files}
        content[f"{program.name}/portable.txt"] = PORTABLE.encode()
        for name, data in content.items():
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return made


def version() -> str:
    """That of pyproject.toml."""
    found = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return found[1]


def _same_times(folder: Path) -> None:
    for file in (folder, *folder.rglob("*")):
        os.utime(file, (_moment(), _moment()))


def _moment() -> int:
    """Seconds: when the last commit was made; of a tree without history, a day long ago."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    ran = subprocess.run(["git", "-C", ROOT, "log", "-1", "--format=%ct"], capture_output=True, text=True)
    return int(ran.stdout) if ran.returncode == 0 and ran.stdout.strip() else 1_700_000_000


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _run(*command: str, at: Path | None = None) -> None:
    subprocess.run(command, check=True, cwd=at)


if __name__ == "__main__":
    main()

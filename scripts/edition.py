"""What the editions for offices have in common: an interpreter, the wheels, a Chinese font, licences, and a fixed date.

Nothing has to be there on the other side. Every part is held to a digest, and everything bears the time of the last
commit, so that two builds give the same bytes.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Mapping
from email.parser import HeaderParser
from pathlib import Path
from typing import NoReturn

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[1]
FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
FONT_FAMILY = "Noto Serif CJK SC"
NOT_HAD = 75
"""Ends a build where a tool or a part of others cannot be had on this computer: that is no fault of ours."""
# What a program that only runs has no use for.
LEFT_OUT = (
    "test", "idlelib", "ensurepip", "pip", "pip-*", "setuptools*", "pkg_resources", "_distutils_hack",
    "distutils-precedence.pth", "turtledemo", "README.txt", "_test*.pyd", "__pycache__",
)  # fmt: skip


def unpacked_python(artifact: str, sha256: str, parts: Path) -> Path:
    """CPython as Maven Central has it, in a folder of `parts`; `artifact` as Maven writes it, with its classifier."""
    _, _, version, _, system = artifact.split(":")
    jar = parts / f"cpython-{version}-{system}.jar"
    if not jar.is_file():
        fetch("mvn", "-q", "-B", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={parts}")
    held(jar, sha256)
    unpacked = parts / f"cpython-{system}"
    shutil.rmtree(unpacked, ignore_errors=True)
    with zipfile.ZipFile(jar) as archive:
        archive.extractall(unpacked)
    return unpacked / "org" / "bytedeco" / "cpython" / system


def add_packages(folder: Path, parts: Path, platform: str, python: str, ocr: bool = False) -> None:
    """wenshi and all it needs, laid out as an installer would; with `ocr` also what reads scans."""
    wheels = parts / f"wheelhouse-{platform}{'-ocr' if ocr else ''}"
    script = str(ROOT / "scripts" / "wheelhouse.py")
    given = ("--platform", platform, "--python", python, "--to", str(wheels), *(("--ocr",) if ocr else ()))
    run(sys.executable, script, *given)
    for wheel in sorted(wheels.glob("*.whl")):
        if wheel.name.startswith("pip-"):
            continue
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    for data in folder.glob("*.data"):  # programs and manual pages
        shutil.rmtree(data)


def add_font(folder: Path) -> None:
    """A Chinese font for computers that have none: the simplified face of Noto Serif CJK (OFL 1.1)."""
    folder.mkdir()
    for number in range(10):
        font = TTFont(FONT, fontNumber=number, recalcTimestamp=False)
        if font["name"].getBestFamilyName() == FONT_FAMILY:
            font.save(folder / "NotoSerifCJKsc-Regular.otf")
            return
    sys.exit(f"{FONT} has no {FONT_FAMILY}.")


def add_licences(program: Path, packages: Path, others: Mapping[str, Path], lines: list[str], end: str = "\n") -> None:
    """What everything in `program` may be used under, with the texts.

    `packages` is the folder of the wheels; `others` has the texts of what is no wheel, by the names they get, and
    `lines` what the list says of it.
    """
    folder = program / "licences"
    folder.mkdir()
    for name in ("LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, folder / f"wenshi-{name}.txt")
    for name, text in {**others, "NotoSerifCJKsc.txt": Path("/usr/share/doc/fonts-noto-cjk/copyright")}.items():
        shutil.copy(text, folder / name)
    listed = list(lines)
    for file in sorted(packages.glob("*.dist-info/METADATA")):
        about = HeaderParser().parsestr(file.read_text(encoding="utf-8"))
        named = [
            name.rpartition(" :: ")[2] for name in about.get_all("Classifier", []) if name.startswith("License ::")
        ]
        licence = about["License-Expression"] or "；".join(named) or (about["License"] or "").partition("\n")[0]
        listed.append(f"{about['Name']} {about['Version']}: {licence}（全文在 {file.parent.name}）")
    (folder / "清单.txt").write_text(end.join([*listed, ""]), encoding="utf-8", newline="")


def version() -> str:
    """That of pyproject.toml."""
    found = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return found[1]


def same_times(folder: Path) -> None:
    """Everything in a folder, and itself, is as old as the last commit."""
    for file in (folder, *folder.rglob("*")):
        if not file.is_symlink():
            os.utime(file, (moment(), moment()))


def moment() -> int:
    """Seconds: when the last commit was made; of a tree without history, a day long ago."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    ran = subprocess.run(["git", "-C", ROOT, "log", "-1", "--format=%ct"], capture_output=True, text=True)
    return int(ran.stdout) if ran.returncode == 0 and ran.stdout.strip() else 1_700_000_000


def held(file: Path, sha256: str) -> None:
    """Ends the program where a downloaded file is not what it was."""
    if digest(file) != sha256:
        sys.exit(f"{file} is not the file it was when this was written.")


def digest(file: Path) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def report(files: Iterable[Path], started: float) -> None:
    """Prints how large the files are, their digests, and how long it took since `started`, of the monotonic clock."""
    for file in files:
        print(f"{file}: {file.stat().st_size / 1e6:.1f} MB, SHA-256 {digest(file)}")
    print(f"{time.monotonic() - started:.0f} s")


def need(*tools: str) -> None:
    """Ends the program with NOT_HAD where one of the tools is not here."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        not_had(f"not here: {', '.join(missing)}")


def fetch(*command: str, at: Path | None = None) -> None:
    """Runs what downloads a part; ends the program with NOT_HAD where that fails."""
    try:
        run(*command, at=at)
    except subprocess.CalledProcessError:
        not_had(f"cannot be had here: {' '.join(command)}")


def not_had(reason: str) -> NoReturn:
    """Ends the program for want of what others make."""
    print(f"Not made, {reason}", file=sys.stderr)
    sys.exit(NOT_HAD)


def run(*command: str, at: Path | None = None) -> None:
    """Runs a program; CalledProcessError where it fails."""
    subprocess.run(command, check=True, cwd=at)

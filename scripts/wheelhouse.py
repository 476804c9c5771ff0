"""Make a folder that installs wenshi where there is no internet; it needs nothing there but Python.

    python scripts/wheelhouse.py                                   # for this system and this Python
    python scripts/wheelhouse.py --platform win_amd64 --python 311 # for a Windows office; several: --python 311,312,313

The folder holds the wheels of wenshi, of every run-time dependency (checked against requirements/run.txt) and of pip,
with `install.bat`, `install.sh` and `install.py`. Run it inside the environment that `make wheelhouse` prepares.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from packaging.markers import Marker, default_environment

ROOT = Path(__file__).resolve().parents[1]
CARRIED = ROOT / "scripts" / "offline"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
# What a platform tag says about the machine: the values that decide which requirements apply there.
SYSTEMS = {"win": ("win32", "Windows", "nt"), "macosx": ("darwin", "Darwin", "posix"), "": ("linux", "Linux", "posix")}
MACHINES = {"win_amd64": "AMD64", "win32": "x86", "win_arm64": "ARM64"}


def target_environment(platform: str, version: str) -> dict[str, str]:
    """The marker environment of a platform tag (win_amd64, manylinux2014_aarch64…) and a version such as "3.11"."""
    system = next(names for prefix, names in SYSTEMS.items() if platform.startswith(prefix))
    machine = MACHINES.get(platform) or re.sub(r"^(?:[a-z]+linux\d*|linux|macosx)(?:_\d+)*_", "", platform)
    values = {"sys_platform": system[0], "platform_system": system[1], "os_name": system[2]}
    values |= {"platform_machine": machine, "python_version": version, "python_full_version": f"{version}.0"}
    return {name: str(value) for name, value in default_environment().items()} | values


def applicable(lock: str, environment: dict[str, str]) -> str:
    """The requirements of a lock file that apply to `environment`, their markers taken off."""
    kept = []
    for requirement in re.findall(r"^[a-zA-Z0-9].*(?:\\\n.*)*", lock, flags=re.MULTILINE):
        head, _, hashes = requirement.partition(" \\\n")
        name, _, marker = head.partition(";")
        if not marker or Marker(marker).evaluate(environment):
            kept.append(f"{name.strip()} \\\n{hashes}\n")
    return "".join(kept)


def download(folder: Path, lock: str, platform: str, version: str) -> None:
    """Fetch ready-made wheels for another system; what exists as source only (jieba) is built, being pure Python."""
    wanted = applicable(lock, target_environment(platform, version))
    pure = "".join(re.findall(r"^jieba==.*(?:\\\n.*)*\n", wanted, flags=re.MULTILINE))
    with tempfile.TemporaryDirectory() as temporary:
        names = Path(temporary) / "requirements.txt"
        if pure:
            names.write_text(pure, encoding="utf-8")
            build(folder, names)
        names.write_text(wanted.replace(pure, ""), encoding="utf-8")
        only = ("--only-binary=:all:", "--platform", platform, "--python-version", version, "--implementation", "cp")
        given = ("--requirement", str(names), "--dest", str(folder))
        subprocess.run([*PIP, "download", "--no-deps", "--require-hashes", *only, *given], check=True)


def build(folder: Path, requirements: Path) -> None:
    """Fetch or build the wheels of a lock file for this system."""
    locked = ("--no-deps", "--require-hashes", "--no-build-isolation", "--use-pep517")
    given = ("--requirement", str(requirements), "--wheel-dir", str(folder))
    subprocess.run([*PIP, "wheel", *locked, *given], check=True)


def add_pip(folder: Path) -> None:
    """pip's own wheel, so that the office needs neither ensurepip nor python3-venv."""
    lock = (ROOT / "requirements" / "build.txt").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as temporary:
        names = Path(temporary) / "pip.txt"
        names.write_text("".join(re.findall(r"^pip==.*(?:\\\n.*)*\n", lock, flags=re.MULTILINE)), encoding="utf-8")
        build(folder, names)


def add_installers(folder: Path, platform: str, versions: list[str]) -> None:
    """Copy what is carried along; batch files need CRLF, and the installer must know whom it was made for."""
    for source in sorted(CARRIED.iterdir()):
        if source.is_file():
            text = source.read_text(encoding="utf-8").replace("@VERSIONS@", " ".join(reversed(versions)))
            ends = "\r\n" if source.suffix in {".bat", ".txt"} else "\n"
            (folder / source.name).write_text(text, encoding="utf-8", newline=ends)
    (folder / "install.sh").chmod(0o755)
    made_for = {"platform": platform, "versions": versions}
    (folder / "wheelhouse.json").write_text(json.dumps(made_for, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Fill a fresh folder; an older one is replaced only once the new one is whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--platform", default="", help="a wheel platform tag, such as win_amd64 or manylinux2014_aarch64"
    )
    parser.add_argument("--python", default="", help="Python versions there, such as 311 or 311,312")
    parser.add_argument("--to", type=Path, default=ROOT / "wheelhouse")
    given = parser.parse_args()
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    versions = [re.sub(r"^3\.?", "3.", name) for name in re.split(r"[, ]+", given.python) if name] or [here]
    folder = given.to.resolve().with_name(f"{given.to.name}.part")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    source = ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    subprocess.run([*PIP, *source], check=True)
    add_pip(folder)
    lock = ROOT / "requirements" / "run.txt"
    if given.platform:
        for version in versions:
            download(folder, lock.read_text(encoding="utf-8"), given.platform, version)
    elif versions != [here]:
        parser.error("name --platform too: another Python's wheels are fetched by platform tag")
    else:
        build(folder, lock)
    add_installers(folder, given.platform or sysconfig.get_platform(), versions)
    shutil.rmtree(given.to, ignore_errors=True)
    folder.rename(given.to)
    size = sum(file.stat().st_size for file in given.to.iterdir()) / 1e6
    print(
        f"{given.to}: {len(list(given.to.glob('*.whl')))} wheels, {size:.0f} MB. Carry it over and run install there."
    )


if __name__ == "__main__":
    main()

"""Make a folder that installs wenshi where there is no internet; it needs nothing there but Python.

    python scripts/wheelhouse.py                                   # for this system and this Python
    python scripts/wheelhouse.py --platform win_amd64 --python 311 # for a Windows office; several: --python 311,312,313
    python scripts/wheelhouse.py --ocr                             # with what reads scans, 120 MB more

The folder holds the wheels of wenshi, of every run-time dependency (checked against requirements/*.txt) and of pip,
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
REQUIREMENTS = ROOT / "requirements"
CARRIED = ROOT / "scripts" / "offline"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
# What a platform tag says about the machine: the values that decide which requirements apply there.
SYSTEMS = {"win": ("win32", "Windows", "nt"), "macosx": ("darwin", "Darwin", "posix"), "": ("linux", "Linux", "posix")}
MACHINES = {"win_amd64": "AMD64", "win32": "x86", "win_arm64": "ARM64"}


def target_environment(platform: str, version: str) -> dict[str, str]:
    """The marker environment of a platform tag (win_amd64, manylinux_2_28_aarch64…) and a version such as "3.11"."""
    system = next(names for prefix, names in SYSTEMS.items() if platform.startswith(prefix))
    machine = MACHINES.get(platform) or re.sub(r"^(?:[a-z]+linux\d*|linux|macosx)(?:_\d+)*_", "", platform)
    values = {"sys_platform": system[0], "platform_system": system[1], "os_name": system[2]}
    values |= {"platform_machine": machine, "python_version": version, "python_full_version": f"{version}.0"}
    return {name: str(value) for name, value in default_environment().items()} | values


def entries(lock: Path) -> list[str]:
    """The requirements of a lock file, each with its hashes on continued lines."""
    return re.findall(r"^\w(?:.*\\\n)*.*\n", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)


def applicable(lock: Path, environment: dict[str, str]) -> list[str]:
    """The entries of a lock file that apply to `environment`, their markers taken off."""
    kept = []
    for entry in entries(lock):
        head, _, hashes = entry.partition(" \\\n")
        name, _, marker = head.partition(";")
        if not marker or Marker(marker).evaluate(environment):
            kept.append(f"{name.strip()} \\\n{hashes}")
    return kept


def older_tags(platform: str) -> list[str]:
    """The tags of wheels that run there: what was made for an older glibc runs with a newer one."""
    newer = re.fullmatch(r"manylinux_2_(\d+)_(\w+)", platform)
    if not newer:
        return [platform]
    tags = [f"manylinux_2_{minor}_{newer[2]}" for minor in range(int(newer[1]), 4, -1)]
    return [*tags, f"manylinux2014_{newer[2]}"] if int(newer[1]) >= 17 else tags


def download(folder: Path, lock: Path, platform: str, version: str) -> None:
    """Fetch ready-made wheels for another system; what exists as source only (jieba) is built, being pure Python."""
    wanted = applicable(lock, target_environment(platform, version))
    build(folder, [entry for entry in wanted if entry.startswith("jieba==")])
    with tempfile.TemporaryDirectory() as temporary:
        names = Path(temporary) / "requirements.txt"
        names.write_text("".join(entry for entry in wanted if not entry.startswith("jieba==")), encoding="utf-8")
        tags = [argument for tag in older_tags(platform) for argument in ("--platform", tag)]
        only = ("--only-binary=:all:", *tags, "--python-version", version, "--implementation", "cp")
        given = ("--requirement", str(names), "--dest", str(folder))
        ran = subprocess.run([*PIP, "download", "--no-deps", "--require-hashes", *only, *given])
    if ran.returncode:
        sys.exit(
            f"Not every dependency has a wheel for {platform}. Run make wheelhouse on a machine of that kind instead."
        )


def build(folder: Path, wanted: list[str]) -> None:
    """Fetch or build wheels for this system."""
    locked = ("--no-deps", "--require-hashes", "--no-build-isolation", "--use-pep517")
    with tempfile.TemporaryDirectory() as temporary:
        names = Path(temporary) / "requirements.txt"
        names.write_text("".join(wanted), encoding="utf-8")
        given = ("--requirement", str(names), "--wheel-dir", str(folder))
        subprocess.run([*PIP, "wheel", *locked, *given], check=True)


def add_installers(folder: Path, platform: str, versions: list[str], extra: str = "") -> None:
    """Copy what is carried along; batch files need CRLF, and the installer must know whom it was made for.

    `extra` is the extra of wenshi to install, such as "ocr".
    """
    for source in sorted(CARRIED.iterdir()):
        if source.is_file():
            text = source.read_text(encoding="utf-8").replace("@VERSIONS@", " ".join(reversed(versions)))
            ends = "\r\n" if source.suffix in {".bat", ".txt"} else "\n"
            (folder / source.name).write_text(text, encoding="utf-8", newline=ends)
    (folder / "install.sh").chmod(0o755)
    made_for = {"platform": platform, "versions": versions, "extra": extra}
    (folder / "wheelhouse.json").write_text(json.dumps(made_for, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Fill a fresh folder; an older one is replaced only once the new one is whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--platform", default="", help="a wheel platform tag, such as win_amd64 or manylinux_2_28_aarch64"
    )
    parser.add_argument("--python", default="", help="Python versions there, such as 311 or 311,312")
    parser.add_argument("--ocr", action="store_true", help="bring wenshi[ocr] too, which reads scans")
    parser.add_argument("--to", type=Path, default=ROOT / "wheelhouse")
    given = parser.parse_args()
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    versions = [re.sub(r"^3\.?", "3.", name) for name in re.split(r"[, ]+", given.python) if name] or [here]
    folder = given.to.resolve().with_name(f"{given.to.name}.part")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    source = ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    subprocess.run([*PIP, *source], check=True)
    # pip's own wheel goes along, so that the office needs neither ensurepip nor python3-venv.
    build(folder, [entry for entry in entries(REQUIREMENTS / "build.txt") if entry.startswith("pip==")])
    extra = "ocr" if given.ocr else ""
    lock = REQUIREMENTS / f"{extra or 'run'}.txt"
    if given.platform:
        for version in versions:
            download(folder, lock, given.platform, version)
    elif versions != [here]:
        parser.error("name --platform too: another Python's wheels are fetched by platform tag")
    else:
        build(folder, entries(lock))
    add_installers(folder, given.platform or sysconfig.get_platform(), versions, extra)
    shutil.rmtree(given.to, ignore_errors=True)
    folder.rename(given.to)
    size = sum(file.stat().st_size for file in given.to.iterdir()) / 1e6
    print(
        f"{given.to}: {len(list(given.to.glob('*.whl')))} wheels, {size:.0f} MB. Carry it over and run install there."
    )


if __name__ == "__main__":
    main()

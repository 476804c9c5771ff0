"""What is delivered: the wheel, the lock files, the folder that installs without internet."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from types import ModuleType

import pip
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from web.help import chapters

Tracked = Callable[..., list[str]]
ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = {"archive", "ingest", "web"}
LOCKS = ("run", "test", "build", "ocr")
LOCKED = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; (?P<marker>.*?))?(?P<hashes>(?: \\\n    --hash=\S+)+)$", re.M
)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert ran.returncode == 0, ran.stderr
    [built] = folder.iterdir()
    return built


def test_wheel_holds_every_file_of_the_packages(wheel: Path, tracked: Tracked) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    missing = [name for name in tracked("archive", "ingest", "web") if name not in inside]
    assert not missing


def test_wheel_holds_the_sample_collections_and_nothing_else(wheel: Path, tracked: Tracked) -> None:
    inside = zipfile.ZipFile(wheel).namelist()
    samples = [name for name in tracked("collections") if "/source/" not in name and not name.endswith(".md")]
    assert samples
    assert not [name for name in samples if f"web/{name}" not in inside]
    assert {name.split("/")[0] for name in inside} == {"archive", "ingest", "web", inside[-1].split("/")[0]}
    assert not [name for name in inside if "/source/" in name and name.startswith("web/collections/")]


def test_wheel_holds_the_chapters_of_help(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert not [name for name in chapters.ORDER if f"web/docs/{name}.md" not in inside]


EXTRAS = {"boto3", "opensearchpy", "pg8000", "tantivy"}
"""Modules of extras; who asks for such an engine or database without them is told what to install."""


def test_wheel_runs_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Every module can be imported from the unpacked wheel, away from the checkout."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        "import sys, importlib, pkgutil; sys.path.insert(0, sys.argv[1])\n"
        "for top in ('archive', 'ingest', 'web'):\n"
        "    package = importlib.import_module(top)\n"
        "    assert package.__file__.startswith(sys.argv[1]), package.__file__\n"
        "    for found in pkgutil.walk_packages(package.__path__, top + '.'):\n"
        # alembic imports the migrations in a context of its own
        "        if not found.name.startswith('archive.store.migrations.'):\n"
        "            try:\n"
        "                importlib.import_module(found.name)\n"
        "            except ModuleNotFoundError as missing:\n"
        f"                assert missing.name in {sorted(EXTRAS)}, missing\n"
    )
    command = [sys.executable, "-I", "-c", code, str(tmp_path)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert ran.returncode == 0, ran.stderr


def requirement_names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def test_product_imports_only_what_it_requires() -> None:
    """A dependency that only developers have would break the installed program."""
    # Part of Flask's own documented interface; what RapidOCR takes pictures with (by its
    # import name where the extra is not installed). Extras are imported when asked for.
    brought = {
        "flask": {"werkzeug", "markupsafe", "jinja2"},
        "rapidocr": {"pillow", "pil", "numpy", "cv2", "opencv-python-headless"},
        "opensearch-py": {"opensearchpy"},
        "boto3": {"botocore"},
    }
    extras = (lines for extra, lines in PROJECT["optional-dependencies"].items() if extra != "dev")
    allowed = requirement_names([*PROJECT["dependencies"], *chain.from_iterable(extras)])
    allowed |= {name for owner, names in brought.items() if owner in allowed for name in names}
    providers = importlib.metadata.packages_distributions()
    foreign: dict[str, set[str]] = {}
    for package in sorted(PACKAGES):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names = [node.module]
                for top in {name.split(".")[0] for name in names} - sys.stdlib_module_names - PACKAGES:
                    if not {canonicalize_name(owner) for owner in providers.get(top, [top])} & allowed:
                        foreign.setdefault(path.relative_to(ROOT).as_posix(), set()).add(top)
    assert not foreign


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = [*LOCKED.finditer(text)]
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(entries) == len(lines), "an entry without hashes, or an option"
    return {match["name"]: match["version"] for match in entries}


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_no_place(name: str) -> None:
    assert not re.search(r"https?:|index-url|find-links|@ ", (ROOT / "requirements" / f"{name}.txt").read_text("utf-8"))


def test_locks_agree() -> None:
    largest = locked("test")
    for name in ("run", "build"):
        assert locked(name).items() <= largest.items()
    scans = locked("ocr")
    assert locked("run").items() <= scans.items()
    assert not [name for name in scans.keys() & largest.keys() if scans[name] != largest[name]]


@pytest.mark.parametrize(("name", "extra"), [("run", ""), ("test", "dev"), ("ocr", "ocr")])
def test_locks_satisfy_the_project(name: str, extra: str) -> None:
    """After a change of pyproject.toml: `make lock`."""
    wanted = PROJECT["dependencies"] + (PROJECT["optional-dependencies"][extra] if extra else [])
    versions = locked(name)
    for requirement in map(Requirement, wanted):
        assert versions[canonicalize_name(requirement.name)] in requirement.specifier


def script(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("platform", "segmenter"),
    [
        ("win_amd64", "rjieba"),
        ("win32", "rjieba"),
        ("win_arm64", "jieba"),
        ("manylinux2014_x86_64", "rjieba"),
        ("manylinux_2_28_aarch64", "rjieba"),
        ("manylinux_2_36_loongarch64", "jieba"),
        ("macosx_11_0_arm64", "rjieba"),
    ],
)
def test_wheelhouse_knows_the_other_machine(platform: str, segmenter: str) -> None:
    wheelhouse = script("scripts/wheelhouse.py")
    wanted = wheelhouse.applicable(ROOT / "requirements" / "run.txt", wheelhouse.target_environment(platform, "3.11"))
    names = {entry.split("==")[0] for entry in wanted}
    assert names & {"jieba", "rjieba"} == {segmenter}
    assert {"flask", "lxml", "whoosh3"} <= names
    assert not [entry for entry in wanted if ";" in entry or "--hash=" not in entry]


def describe(wheel: zipfile.ZipFile, name: str, more: str = "") -> None:
    """What pip wants to know of a wheel."""
    about = f"{name}-0.0.dist-info"
    wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.0\n{more}")
    wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(f"{about}/RECORD", "")


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    """A wheelhouse with empty stand-ins for wenshi and for what its extra needs, and with the pip of this machine."""
    folder = tmp_path / "带去 (办公室)"
    folder.mkdir()
    script("scripts/wheelhouse.py").add_installers(folder, "any", [f"3.{sys.version_info[1]}"])
    with zipfile.ZipFile(folder / "wenshi-0.0-py3-none-any.whl", "w") as stand_in:
        stand_in.writestr("wenshi_stand_in.py", "def main():\n    print('文史 stands in')\n")
        extra = "Provides-Extra: ocr\nRequires-Dist: scans; extra == 'ocr'\n"
        describe(stand_in, "wenshi", extra)
        stand_in.writestr("wenshi-0.0.dist-info/entry_points.txt", "[console_scripts]\nwenshi = wenshi_stand_in:main\n")
    with zipfile.ZipFile(folder / "scans-0.0-py3-none-any.whl", "w") as stand_in:
        describe(stand_in, "scans")
    source = Path(pip.__file__).parent
    with zipfile.ZipFile(folder / f"pip-{pip.__version__}-py3-none-any.whl", "w") as bundled:
        for file in source.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                bundled.write(file, Path("pip") / file.relative_to(source))
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="install.sh is for other systems")
@pytest.mark.parametrize("extra", ["", "ocr"])
def test_install_without_internet(carried: Path, tmp_path: Path, extra: str) -> None:
    script("scripts/wheelhouse.py").add_installers(carried, "any", [f"3.{sys.version_info[1]}"], extra)
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    target = tmp_path / "装在 这里"
    command = ["sh", str(carried / "install.sh"), str(target)]
    searched = os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin", "/bin"))
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", env=settings | {"PATH": searched})
    assert ran.returncode == 0, ran.stderr
    assert str(target / "wenshi-demo.sh") in ran.stdout
    started = subprocess.run([str(target / "wenshi.sh")], capture_output=True, encoding="utf-8")
    assert started.stdout.strip() == "文史 stands in"
    assert bool(list(target.rglob("scans-*.dist-info"))) == bool(extra)


def test_install_refuses_another_python(carried: Path, tmp_path: Path) -> None:
    (carried / "wheelhouse.json").write_text(json.dumps({"platform": "any", "versions": ["3.1"]}), encoding="utf-8")
    command = [sys.executable, str(carried / "install.py"), str(tmp_path / "x")]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"})
    assert ran.returncode == 1
    assert "Python 3.1 准备的" in ran.stderr
    assert not (tmp_path / "x").exists()


def test_batch_files_suit_every_console(carried: Path) -> None:
    """cmd reads batch files in the console's code page and wants CRLF; every label jumped to must exist."""
    batch = (carried / "install.bat").read_bytes()
    assert batch.isascii()
    assert batch.count(b"\r\n") == batch.count(b"\n")
    text = batch.decode("ascii")
    assert "@" not in text.replace("@echo off", "")
    assert {*re.findall(r"goto (\w+)", text)} <= {*re.findall(r"^:(\w+)", text, re.M)}
    for name, content in script("scripts/offline/install.py").START.items():
        if name.endswith(".bat"):
            assert content.isascii()
            assert content.count("\r\n") == content.count("\n")

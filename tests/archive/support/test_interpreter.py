"""What lies around is never taken for a module of ours, whoever starts the program."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from archive.support.interpreter import PROGRAM, PYTHON
from archive.support.isolation.isolated_process import IsolatedProcess


@pytest.fixture
def littered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody's folder, stood in, with files that are called as modules of the standard library are."""
    for name in ("random", "secrets", "copy", "email", "statistics"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken for a module')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_program_runs_in_a_littered_folder(littered: Path) -> None:
    ran = subprocess.run([*PROGRAM, "--library", "库", "init"], capture_output=True)
    assert ran.returncode == 0, ran.stderr.decode("utf-8", "replace")
    assert (littered / "库" / "library.toml").is_file()


def test_so_does_a_process_of_its(littered: Path) -> None:
    process = IsolatedProcess()
    try:
        assert process.call(modules_found, returns=tuple[str, ...]) == ()
    finally:
        process.end()


def modules_found() -> tuple[str, ...]:
    """Which of the files of the folder were taken for modules."""
    import random
    import secrets

    here = str(Path.cwd())
    return tuple(str(module.__file__) for module in (random, secrets) if str(module.__file__).startswith(here))


def test_who_heeds_no_other_python_hands_that_on() -> None:
    code = "import json; from archive.support.interpreter import PYTHON; print(json.dumps(PYTHON))"
    ran = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=True)
    assert json.loads(ran.stdout) == [sys.executable, "-I", "-X", "utf8"]
    assert PYTHON[1] in ("-P", "-I")

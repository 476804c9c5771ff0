"""Rare characters reach pipes, files and poor terminals without ending the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

RARE = "𠮷野家 〇 ①"
PRINT = (
    f"from archive.support.console import use_utf8; use_utf8(); import sys; "
    f"print({RARE!a}); print({RARE!a}, file=sys.stderr)"
)
ENVIRONMENTS = {
    "GBK pipe": {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"},
    "C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "ASCII pipe": {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
}


def run(code: str, settings: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    settings = settings | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, env=bare | settings)


@pytest.mark.parametrize("settings", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_pipes_get_utf8(settings: dict[str, str]) -> None:
    ran = run(PRINT, settings)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.decode("utf-8").strip() == RARE
    assert ran.stderr.decode("utf-8").strip() == RARE


@pytest.mark.skipif(sys.platform == "win32", reason="file names and arguments are Unicode on Windows")
def test_arguments_and_file_names_survive_a_bare_locale(tmp_path: Path) -> None:
    (tmp_path / "𠮷.txt").touch()
    script = tmp_path / "show.py"
    source = "from archive.support.console import use_utf8; use_utf8(); import sys; from pathlib import Path\n"
    script.write_text(f"{source}print(sys.argv[1], Path(sys.argv[1]).is_file(), sys.flags.utf8_mode)", encoding="utf-8")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    settings = ENVIRONMENTS["C locale"] | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    command = [sys.executable, str(script), str(tmp_path / "𠮷.txt")]
    ran = subprocess.run(command, capture_output=True, env=bare | settings)
    assert ran.stdout.decode("utf-8").strip() == f"{tmp_path / '𠮷.txt'} True 1", ran.stderr


def test_without_it_a_gbk_pipe_fails() -> None:
    """The reason for the module; if Python ever changes this, the module can go."""
    ran = run(f"print({RARE!a})", ENVIRONMENTS["GBK pipe"])
    assert ran.returncode == 1
    assert b"UnicodeEncodeError" in ran.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a Windows console always takes Unicode; there is no pty to try")
def test_a_gbk_terminal_shows_an_escape() -> None:
    import pty

    ours, theirs = pty.openpty()
    code = f"from archive.support.console import use_utf8; use_utf8(); print({RARE!a})"
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    environment = bare | {"PYTHONIOENCODING": "gbk", "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    ran = subprocess.run([sys.executable, "-c", code], stdout=theirs, stderr=subprocess.PIPE, env=environment)
    os.close(theirs)
    shown = os.read(ours, 1000)
    os.close(ours)
    assert ran.returncode == 0, ran.stderr
    assert shown.decode("gbk").strip() == "\\U00020bb7野家 〇 ①"


def test_replaced_streams_are_left_alone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.support.console import use_utf8

    monkeypatch.setattr(sys, "stderr", None)
    use_utf8()
    print(RARE)
    assert capsys.readouterr().out.strip() == RARE

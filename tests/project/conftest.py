"""What the project consists of, as far as version control tells."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def tracked() -> Callable[..., list[str]]:
    """A function: the names of the tracked files in the folders given, or of all."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a checkout with git at hand: which files belong to the project is not known")

    def names(*folders: str) -> list[str]:
        command = ["git", "-c", "safe.directory=*", "ls-files", "-z", *folders]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode("utf-8")
        return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]

    return names

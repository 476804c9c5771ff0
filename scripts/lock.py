"""Write requirements/*.txt: every version and every file's hash, for all systems and Python 3.11 on.

Run through `make lock`. The files come out of one resolution, so that they never contradict each other.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements"
OPTIONS = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet", "--upgrade")


def lock(name: str, *sources: str) -> None:
    """Resolve `sources` (arguments of uv) into requirements/`name`."""
    resolve = (sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, "--output-file", f"requirements/{name}")
    subprocess.run([*resolve, *sources], cwd=REQUIREMENTS.parent, check=True, stdout=subprocess.DEVNULL)
    print(f"requirements/{name}")


def main() -> None:
    """The largest set first; the others are held to its versions."""
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
    held = ("--constraint", "requirements/test.txt")
    lock("test.txt", "pyproject.toml", "requirements/build.in", "--extra", "dev")
    lock("build.txt", "requirements/build.in", *held)
    lock("run.txt", "pyproject.toml", *held)
    lock("ocr.txt", "pyproject.toml", "--extra", "ocr", *held)
    lock("cluster.txt", "pyproject.toml", "--extra", "cluster", *held)
    lock("bench.txt", "requirements/bench.in")
    lock("linux.txt", "requirements/linux.in")
    lock("dist.txt", "requirements/dist.in", *held)


if __name__ == "__main__":
    main()

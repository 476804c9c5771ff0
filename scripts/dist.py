"""What is handed out beside the editions for offices: a wheel, a source archive, a list of all parts, and digests.

    python scripts/dist.py [--to dist]          (run through `make dist`, which makes the editions first)

The list of parts (SBOM) is CycloneDX 1.6 as JSON: name, version and licence of every package that the program is
installed with, as its own metadata says. SHA256SUMS holds the digest of each file in the folder, as `sha256sum -c`
and `certutil -hashfile` read it. Everything bears the time of the last commit: two runs give the same bytes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import venv
from pathlib import Path

from edition import ROOT, digest, moment, run, version

INSTALL = ("-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")


def main() -> None:
    """Makes all but the editions, and lists what lies there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=ROOT / "dist")
    to = parser.parse_args().to.resolve()
    to.mkdir(parents=True, exist_ok=True)
    os.environ["SOURCE_DATE_EPOCH"] = str(moment())
    run(sys.executable, "-m", "hatchling", "build", "--directory", str(to))
    list_parts(to / f"wenshi-{version()}.cdx.json", ROOT / "build" / "parts")
    sums = to / "SHA256SUMS"
    files = sorted(file for file in to.iterdir() if file.is_file() and file != sums)
    sums.write_text("".join(f"{digest(file)}  {file.name}\n" for file in files), encoding="utf-8", newline="\n")
    print(sums.read_text(encoding="utf-8"), end="")


def list_parts(file: Path, place: Path) -> None:
    """The packages of an installation that holds nothing but the program, in an environment made at `place`."""
    shutil.rmtree(place, ignore_errors=True)
    venv.create(place, with_pip=False)
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    given = ("--python", str(python), "install", "--require-hashes", "--only-binary", ":all:", "--no-binary", "jieba")
    run(sys.executable, *INSTALL, *given, "--requirement", str(ROOT / "requirements" / "run.txt"))
    asked = ("environment", "--output-reproducible", "--spec-version", "1.6", "--output-file", str(file))
    run(sys.executable, "-m", "cyclonedx_py", *asked, "--pyproject", str(ROOT / "pyproject.toml"), str(python))


if __name__ == "__main__":
    main()

"""Compare releases of Whoosh as this project uses them: warnings, build, size, query latency, results.

    python tests/bench/whoosh_versions.py [--texts FILE] [--limit N] REQUIREMENT…
    python tests/bench/whoosh_versions.py whoosh==2.7.4 whoosh3==3.54.0

Each requirement (a package of the import name `whoosh`) is installed with rjieba into a fresh virtual environment of
the Python that runs this script, and does the work of `whoosh_task.py` there.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

NEWS = Path(__file__).resolve().parents[3] / "shared" / "data" / "bench" / "news_dated.jsonl.xz"
TASK = Path(__file__).with_name("whoosh_task.py")
IMPORTS = "import whoosh.index, whoosh.query, whoosh.fields, whoosh.analysis, whoosh.sorting, whoosh.scoring"


def compare(requirement: str, file: Path, limit: int) -> None:
    """Install one release into an environment of its own, compile it strictly, run the task there."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python")
        install = [python, "-m", "pip", "install", "-q", "--no-compile", requirement, "rjieba"]
        subprocess.run(install, check=True)
        print(f"== {requirement} on Python {sys.version.split()[0]}", flush=True)
        # Compiling anew (-B, no cache) shows the syntax warnings that a cached module hides.
        strict = subprocess.run([python, "-B", "-W", "error", "-c", IMPORTS], capture_output=True, encoding="utf-8")
        print("import with -W error:", (strict.stderr.strip().splitlines() or ["clean"])[-1])
        command = [python, "-W", "always", str(TASK), str(file), str(limit)]
        ran = subprocess.run(command, capture_output=True, encoding="utf-8")
        print(ran.stdout.strip() or ran.stderr[-2000:])
        warned = sorted({line.split(": ", 1)[-1] for line in ran.stderr.splitlines() if "Warning: " in line})
        print(f"warnings in use: {len(warned)}", *warned[:8], sep="\n   ")


def main() -> None:
    """Compare the requirements named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, default=NEWS)
    parser.add_argument("--limit", type=int, default=20000, help="how many texts to index")
    parser.add_argument("requirements", nargs="+", metavar="REQUIREMENT")
    given = parser.parse_args()
    for requirement in given.requirements:
        compare(requirement, given.texts, given.limit)


if __name__ == "__main__":
    main()

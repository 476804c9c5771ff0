"""How long a volume of scanned pages takes to import, and in how much memory: pages drawn from known texts in one PDF.

    python tests/bench/volume_of_scans.py [--pages 50] [--kinds 宋体 …] [--degree 轻] [--dots 200] [--seed 7]
                                          [--fonts FOLDER…] [--texts FOLDER] [--keep FOLDER]

The import is `wenshi ingest` in a new library. Printed: seconds by the clock and of processor time a page, loading
included, and the most memory that all its processes held together, as Linux counts it (PSS: a page of memory that
several share is counted once). The pages are drawn before the clock starts; `--keep` keeps them to be used again.
"""

from __future__ import annotations

import argparse
import io
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from made_scans import DEGREES, KINDS, drawn, spoilt  # noqa: E402
from ocr import DATA, FONTS  # noqa: E402
from PIL import Image  # noqa: E402

_LOOK = 0.5  # seconds between two looks at the memory


def main() -> None:
    """Prints the three figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=["宋体"])
    parser.add_argument("--degree", choices=DEGREES, default="轻")
    parser.add_argument("--dots", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--fonts", nargs="+", type=Path, default=[])
    parser.add_argument("--texts", type=Path, default=DATA)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = given.keep or Path(folder)
        volume = kept / f"卷-{'-'.join(given.kinds)}-{given.degree}-{given.dots}-{given.pages}.pdf"
        if not volume.exists():
            kept.mkdir(parents=True, exist_ok=True)
            _draw(given, volume)
        seconds, worked, memory = _imported(volume, Path(folder) / "资料库")
    print(
        f"{given.pages} 页：每页 {seconds / given.pages:.2f} 秒（时钟），{worked / given.pages:.2f} 秒（处理器），"
        f"各进程内存合计最多 {memory / 2**20:.0f} MB"
    )


def _draw(given: argparse.Namespace, volume: Path) -> None:
    fonts = [file for folder in (*given.fonts, *FONTS) for file in sorted(folder.rglob("*.[to]t[fc]"))]
    pages = []
    for number in range(given.pages):
        page = drawn(given.kinds[number % len(given.kinds)], fonts, given.texts, given.seed + number, given.dots)
        pages.append(Image.open(io.BytesIO(spoilt(page.image, DEGREES[given.degree], given.seed + number))))
    pages[0].save(volume, save_all=True, append_images=pages[1:], resolution=given.dots)


def _imported(volume: Path, library: Path) -> tuple[float, float, int]:
    """Seconds by the clock, seconds of processor time, and bytes of memory of an import."""
    command = [str(Path(sys.executable).with_name("wenshi")), "--library", str(library)]
    subprocess.run([*command, "init"], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    worked, started, most = _children_seconds(), time.monotonic(), 0
    with subprocess.Popen([*command, "ingest", str(volume)], cwd=ROOT) as process:
        while process.poll() is None:
            most = max(most, _held(process.pid))
            time.sleep(_LOOK)
    if process.returncode:
        sys.exit(f"the import ended with {process.returncode}")
    return time.monotonic() - started, _children_seconds() - worked, most


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _held(started: int) -> int:
    """Bytes that a process and all that it started hold together."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            parents[int(entry.name)] = int((entry / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
    family = {started}
    while more := {process for process, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(map(_held_by, family))


def _held_by(process: int) -> int:
    with suppress(OSError):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
        return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return 0


if __name__ == "__main__":
    main()

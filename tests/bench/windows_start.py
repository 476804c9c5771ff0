"""How long the edition for Windows takes to start under Wine: seconds until its first page is there, and a bare Python.

    python tests/bench/windows_start.py build/tried [--times 5]

The folder is where `make test-windows` leaves its installers. A Windows of its own is made, the program installed
there, and a library with one text made; the first start of all is given apart, since an installer that is not packed
leaves every module to be compiled then. Beside the seconds of the clock, those of the processor, from the start of the
program to its end without Wine's server: they say more where others are at work.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.windows.office import Office, Visit  # noqa: E402
from tests.windows.wine import Wine, screen  # noqa: E402


def main() -> None:
    """Prints the seconds of each start and their median."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("made", type=Path)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, screen() as display:
        wine = Wine.made(Path(folder) / "prefix", display)
        if wine is None:
            sys.exit("Wine runs no program here.")
        try:
            measure(wine, given.made.resolve() / "wenshi-setup.exe", Path(folder), given.times)
        finally:
            wine.kill()


def measure(wine: Wine, setup: Path, folder: Path, times: int) -> None:
    """Installs the program, has it take in a text, and starts it so many times."""
    code, said = wine.run(str(setup), "/S")
    if code:
        sys.exit(f"{setup}: {said}")
    office = Office(wine, wine.user / "AppData" / "Local" / "Programs" / "wenshi")
    text = folder / "水车.txt"
    text.write_text("水车\n水车在黄河边。\n", encoding="utf-8")
    office.run_all(["init"], ["ingest", "--yes", f"Z:{text}"])
    tell("first start", [timed(page, office)])
    tell("pages", [timed(page, office) for _ in range(times)])
    tell("a bare Python", [timed(bare, office) for _ in range(times)])


def timed(what: Callable[[Office], float], office: Office) -> tuple[float, float]:
    """Seconds of the clock that it says it took, and of the processor in all programs that it started."""
    before = spent()
    return what(office), spent() - before


def spent() -> float:
    """Seconds of the processor in all programs that were started here and have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def page(office: Office) -> float:
    """Seconds from the start of the program until a page with what was found is read."""
    begun = time.monotonic()
    with office.served() as address:
        visit = Visit(address)
        if "水车在黄河边" not in visit.ask("GET", "/?q=%E9%BB%84%E6%B2%B3").replace("<mark>", "").replace(
            "</mark>", ""
        ):
            sys.exit("The page does not show what it should.")
        return time.monotonic() - begun


def bare(office: Office) -> float:
    """Seconds that the interpreter alone takes to start and end."""
    begun = time.monotonic()
    office.code("print()")
    return time.monotonic() - begun


def tell(what: str, taken: list[tuple[float, float]]) -> None:
    """Prints each figure and the medians."""
    for unit, seconds in zip(("of the clock", "of the processor"), zip(*taken, strict=True), strict=True):
        each = " ".join(f"{second:.2f}" for second in seconds)
        print(f"{what}: {each}, median {statistics.median(seconds):.2f} s {unit}", flush=True)


if __name__ == "__main__":
    main()

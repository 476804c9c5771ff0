"""How long the edition for Windows takes to start under Wine: seconds until its first page is there, and a bare Python.

    python tests/bench/windows_start.py build/tried [--times 5]

The folder is where `make test-windows` leaves its installers. A Windows of its own is made, the program installed
there, and a library with one text made; the first start of all is given apart, since it compiles every module.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
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
    print(f"first start: {page(office):.1f} s")
    tell("pages", [page(office) for _ in range(times)])
    tell("a bare Python", [bare(office) for _ in range(times)])


def page(office: Office) -> float:
    """Seconds from the start of the program until the front page is read."""
    begun = time.monotonic()
    with office.served() as address:
        visit = Visit(address)
        if "水车" not in visit.ask("GET", "/search?q=%E6%B0%B4%E8%BD%A6"):
            sys.exit("The page does not show what it should.")
        return time.monotonic() - begun


def bare(office: Office) -> float:
    """Seconds that the interpreter alone takes to start and end."""
    begun = time.monotonic()
    office.code("print()")
    return time.monotonic() - begun


def tell(what: str, seconds: list[float]) -> None:
    """Prints each figure and the median."""
    print(f"{what}: {' '.join(f'{each:.1f}' for each in seconds)}, median {statistics.median(seconds):.1f} s")


if __name__ == "__main__":
    main()

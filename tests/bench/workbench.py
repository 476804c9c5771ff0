"""What the workbench costs where a word stands a hundred thousand times: first page, order, groups, files.

python tests/bench/workbench.py LIBRARY [WORD]   (a copy: labels and caches are written)

Seconds of processor time of this process, one measurement each, in the order somebody would do it: the first page that
shows something and the first that is whole, pages again, orders, groups, stripes, every row as CSV and as Excel, and
what stands beside a second word. The list is worked out once; what comes after the first page goes by it.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from archive.library import Library
from archive.model.access import Actor
from archive.model.search import Search
from archive.workbench.kwic_table import write_rows
from archive.workbench.steps import Arranged, read_step

ORDERS = (("right10",), ("left10",), ("right2", "left2", "date"), ("volume", "form", "right1"))
GROUPS = (("right2",), ("right2", "decade"), ("volume",), ("left1", "right1"))


def timed(what: str, work: Callable[[], object]) -> None:
    """Say how long it took, and what came of it where that is a number."""
    began = time.process_time()
    found = work()
    said = f"\t{found}" if isinstance(found, int) else ""
    print(f"{what}\t{time.process_time() - began:.2f}{said}", flush=True)


def measure(root: Path, word: str) -> None:
    """Print a line for each."""
    with Library.open(root) as library, tempfile.TemporaryDirectory() as folder:
        concordances = library.session(Actor.local()).concordances
        search, usual = Search(text=word), Arranged()
        timed("first page that shows something", lambda: concordances.page(search, [], usual, patience=0.4).places)
        timed("the rest of the count", lambda: concordances.page(search, [], usual).places)
        timed("a page again", lambda: len(concordances.page(search, [], usual).rows))
        timed("a page from the middle", lambda: len(concordances.page(search, [], usual, offset=50_000).rows))
        for keys in ORDERS:
            how = Arranged(keys)
            timed(f"sorted by {' '.join(keys)}", lambda how=how: len(concordances.page(search, [], how).rows))  # type: ignore[misc]
        how = Arranged(ORDERS[0])
        timed("the first order again", lambda: len(concordances.page(search, [], how).rows))
        for step in ("right5:人", "first", "sample:1000:7:volume"):
            steps = [read_step(step)]
            timed(f"step {step}", lambda steps=steps: concordances.page(search, steps, usual).places)  # type: ignore[misc]
        for columns in GROUPS:
            timed(
                f"grouped by {' '.join(columns)}",
                lambda columns=columns: sum(one.places for one in concordances.groups(search, [], columns)),  # type: ignore[misc]
            )
        timed("stripes", lambda: sum(one.places for one in concordances.barcodes(search, [])))
        heading = concordances.heading(search, [], usual, 0)
        for suffix in (".csv", ".xlsx"):
            file = Path(folder) / f"rows{suffix}"
            timed(
                f"every row as {suffix}",
                lambda file=file: write_rows(concordances.rows(search, [], usual), heading, file),  # type: ignore[misc]
            )
            print(f"size of {suffix}\t{file.stat().st_size / 1e6:.1f} MB")
    print(f"most memory\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    measure(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "的")

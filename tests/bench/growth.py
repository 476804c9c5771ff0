"""How engines grow with the library: `python tests/bench/growth.py --millions 10 30` measures each by engines.py.

Every engine and size is a process of its own. An exponent of 1 means that three times the characters cost three times
as much. `--kept FOLDER` keeps the figures there, a file each, and measures only what is not there yet.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ENGINES = ("tantivy", "embedded", "opensearch")
_ROWS: tuple[tuple[str, Callable[[dict[str, Any]], float]], ...] = (
    ("building, s of processors", lambda one: one["built"]),
    ("building, bytes", lambda one: one["bytes"]),
    ("memory, MB", lambda one: (one["memory"] + one["memory_beside"]) / 2**20),
)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=int, nargs="+", default=[10, 30])
    parser.add_argument("--engines", nargs="+", default=_ENGINES)
    parser.add_argument("--kept", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wenshi-growth-") as folder:
        kept = given.kept or Path(folder)
        kept.mkdir(exist_ok=True)
        for engine in given.engines:
            _print(engine, [_figures(engine, size, kept) for size in given.millions])


def _figures(engine: str, millions: int, kept: Path) -> dict[str, Any]:
    file = kept / f"{engine}-{millions}.json"
    if not file.exists() or not file.stat().st_size:
        script = Path(__file__).with_name("engines.py")
        command = [sys.executable, str(script), engine, "--millions", str(millions), "--json"]
        file.write_bytes(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return dict(json.loads(file.read_text(encoding="utf-8")))


def _print(engine: str, measured: list[dict[str, Any]]) -> None:
    sizes = [one["characters"] for one in measured]
    print(f"{engine}: {', '.join(f'{size / 1e6:.0f}' for size in sizes)} million characters, exponent")
    for name, value in _ROWS:
        print(f"  {name}: {_row([value(one) for one in measured], sizes)}")
    for kind in measured[0]["classes"]:
        for of in ("median", "p99"):
            print(f"  {kind}, {of}, ms: {_row([one['classes'][kind][of] for one in measured], sizes)}")
    print(f"  strings of 200 not exact: {', '.join(str(one['inexact']) for one in measured)}")


def _row(values: list[float], sizes: list[int]) -> str:
    numbers = ", ".join(f"{value:,.1f}" if value < 1000 else f"{value:,.0f}" for value in values)
    if len(values) < 2 or min(values[0], values[-1]) <= 0:
        return numbers
    return f"{numbers}; {math.log(values[-1] / values[0]) / math.log(sizes[-1] / sizes[0]):.2f}"


if __name__ == "__main__":
    main()

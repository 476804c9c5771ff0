"""How long fonts take: python tests/bench/fonts.py [FILE.jsonl] (records with title, text).

Prints seconds for reading the catalogue, choosing fonts, counting characters, finding fonts for them, hashing the font
files, handing them to Typst and cutting one down.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from archive.export.fonts import Census, PrintedPassage, choose, cover, font_files, font_folders, read_catalogue, subset
from archive.export.fonts.isolation import only
from archive.export.house import house_style

DEFAULT = Path(__file__).resolve().parents[3] / "shared" / "data" / "sample" / "vol2_regulations_78.jsonl"
T = TypeVar("T")


def timed(label: str, action: Callable[[], T]) -> T:
    """What the action gives, after printing its seconds."""
    start = time.perf_counter()
    result = action()
    print(f"{label:40}{time.perf_counter() - start:7.3f} s")
    return result


def passages(file: Path) -> list[PrintedPassage]:
    """Every line of the records as a passage of body text."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        found += [PrintedPassage("宋体", record["title"], text) for text in record["text"].split("\n")]
    return found


def main(file: Path) -> None:
    """Print the table."""
    print(f"{platform.platform()}, Python {platform.python_version()}")
    catalogue = timed("catalogue", lambda: read_catalogue(font_folders()))
    timed("catalogue again", lambda: read_catalogue(font_folders()))
    print(f"{len(catalogue.faces)} faces")
    fonts = timed("fonts for the roles", lambda: choose(catalogue, house_style().fonts))
    census = Census(passages(file))
    used = timed("characters used", lambda: census.units)
    coverage = timed("a font for each of them", lambda: cover(used, fonts))
    print(f"{len(used['宋体'])} characters, missing: {coverage.missing}")
    timed("... with one in no font", lambda: cover({"宋体": {"\U000e5555"}}, fonts))
    timed("... again", lambda: cover({"宋体": {"\U000e5556"}}, fonts))
    timed(f"SHA-256 of {len(coverage.faces)} faces", lambda: font_files(coverage.faces))
    with ExitStack() as stack:
        timed("a folder for Typst", lambda: stack.enter_context(only(coverage.faces)))
    timed("ten characters cut out", lambda: subset(fonts.regular["宋体"], range(0x4E00, 0x4E0A)))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)

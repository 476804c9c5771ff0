"""How rightly scans are read: pages made from texts that are known, spoilt by degrees, read as an import reads them.

    python tests/bench/ocr.py [--kinds 宋体 楷体 …] [--degrees 轻 …] [--pages 2] [--dots 200] [--seed 7]
                              [--fonts FOLDER…] [--texts FOLDER] [--keep FOLDER]

Printed for each kind and degree: characters; wrong ones in percent as printed and with variants folded (each printed
line is looked for in what was read, wherever it is); lines out of order (all but the longest run in order) and lines
lost (fewer than half of the characters are anywhere); characters read that nowhere stand; seconds of processor time a
page, and at the end the most memory. `--keep` keeps pages and texts to look at. Texts: shared/data of the project, or
a folder laid out like it. Fonts: those of the system and `--fonts`; a face that is not there is skipped by name.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from made_layouts import KINDS, drawn  # noqa: E402
from made_scans import DEGREES, Page, spoilt  # noqa: E402

from archive.model.errors import ReadError  # noqa: E402
from archive.model.records import Kind  # noqa: E402
from archive.text.folding import fold  # noqa: E402
from ingest.readers import registry  # noqa: E402

DATA = Path(os.environ.get("WENSHI_SHARED_DATA") or ROOT.parent / "shared" / "data")
FONTS = (Path("/usr/share/fonts"), ROOT / ".venv" / "fonts")
_FOUND = 0.5  # of a line's characters must be there, or it is lost
_FAST = 12  # characters: so much of a line is looked for before it is aligned


@dataclass(slots=True)
class Count:
    """What was counted on some pages."""

    characters: int = 0
    wrong: int = 0
    wrong_folded: int = 0
    lines: int = 0
    disordered: int = 0
    lost: int = 0
    extra: int = 0
    seconds: float = 0.0
    pages: int = 0

    def row(self, name: str) -> str:
        """One line of the table."""
        part = [100 * wrong / max(1, self.characters) for wrong in (self.wrong, self.wrong_folded)]
        return (
            f"{name:　<8}{self.characters:8}{part[0]:8.2f}%{part[1]:8.2f}%{self.disordered:6}"
            f"{self.lost:6}/{self.lines:<5}{self.extra:6}{self.seconds / max(1, self.pages):8.1f}"
        )


HEAD = f"{'页':　<8}{'字':>7}{'错字':>7}{'折合':>7}{'错序':>4}{'失行/行':>8}{'多字':>6}{'秒/页':>6}"


def placed(line: str, text: str) -> tuple[int, int, int]:
    """Where a line stands best in a text, as (distance, start, end): the fewest characters changed."""
    at = text.find(line)
    if at >= 0:
        return 0, at, at + len(line)
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    cost = np.zeros(len(text) + 1, dtype=np.int32)
    begin = np.arange(len(text) + 1, dtype=np.int32)
    for number, character in enumerate(line, 1):
        change = cost[:-1] + (codes != ord(character))
        leave = cost[1:] + 1
        best = np.concatenate(([number], np.minimum(change, leave)))
        source = np.concatenate(([0], np.where(change <= leave, begin[:-1], begin[1:])))
        # What is added to the line costs one a character: a running minimum of cost less place.
        place = np.arange(len(best), dtype=np.int32)
        slope = best - place
        lowest = np.minimum.accumulate(slope)
        first = np.maximum.accumulate(np.where(slope == lowest, place, 0))
        cost, begin = lowest + place, source[first]
    end = int(cost.argmin())
    return int(cost[end]), int(begin[end]), end


def measure(page: Page, text: str, count: Count) -> None:
    """Counts one page that was read as `text`."""
    read, folded = "".join(text.split()), fold("".join(text.split())).text
    starts: list[int] = []
    covered = np.zeros(len(read), dtype=bool)
    for line in page.lines:
        distance, start, end = placed(line, read)
        count.characters += len(line)
        count.lines += 1
        covered[start:end] = True
        if distance > (1 - _FOUND) * len(line):
            count.lost += 1
            count.wrong += len(line)
            count.wrong_folded += len(line)
            continue
        count.wrong += distance
        count.wrong_folded += placed(fold(line).text, folded)[0]
        if len(line) >= _FAST:
            starts.append(start)
    for line in page.aside:
        _, start, end = placed(line, read)
        covered[start:end] = True
    count.extra += int((~covered).sum())
    count.disordered += len(starts) - longest_rise(starts)
    count.pages += 1


def longest_rise(numbers: Sequence[int]) -> int:
    """How many numbers the longest part of them has that rises."""
    ends: list[int] = []
    for number in numbers:
        at = bisect_left(ends, number)
        ends[at : at + 1] = [number]
    return len(ends)


def text_of(picture: bytes, folder: Path) -> str:
    """The text an import finds on a picture."""
    file = folder / "页.jpg"
    file.write_bytes(picture)
    try:
        found = registry.read(file, file.name)
    except ReadError:
        return ""
    return "\n".join(block.text for block in found.blocks if block.kind is not Kind.FIGURE)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--degrees", nargs="+", choices=DEGREES, default=["轻"])
    parser.add_argument("--pages", type=int, default=2)
    parser.add_argument("--dots", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--fonts", nargs="+", type=Path, default=[])
    parser.add_argument("--texts", type=Path, default=DATA)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    fonts = [file for folder in (*given.fonts, *FONTS) for file in sorted(folder.rglob("*.[to]t[fc]"))]
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        for degree in given.degrees:
            for kind in given.kinds:
                count = Count()
                try:
                    for number in range(given.pages):
                        page = drawn(kind, fonts, given.texts, given.seed + number, given.dots)
                        picture = spoilt(page.image, DEGREES[degree], given.seed + number)
                        before = time.process_time()
                        text = text_of(picture, Path(folder))
                        count.seconds += time.process_time() - before
                        measure(page, text, count)
                        if given.keep:
                            _keep(given.keep, f"{kind}-{degree}-{number}", picture, page, text)
                except LookupError as face:
                    print(f"{kind}{degree}：没有字体 {face.args[0]}，未测")
                    continue
                print(count.row(kind + degree), flush=True)
    print(f"内存最多 {_most_memory()} MB（连同画页）")


def _keep(folder: Path, name: str, picture: bytes, page: Page, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.jpg").write_bytes(picture)
    (folder / f"{name}.真.txt").write_text("\n".join((*page.lines, "---", *page.aside)), "utf-8")
    (folder / f"{name}.读.txt").write_text(text, "utf-8")


def _most_memory() -> int:
    """The most memory this process held, in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()

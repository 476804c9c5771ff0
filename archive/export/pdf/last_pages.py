"""The child process that rids texts of last pages of a few lines; started by path like `typeset.py`.

It sets the texts alone, without contents and indexes, and then only those again that end badly. That it is another
process than the one that sets the book gives the memory of the trials back before.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import typst

# Where the texts end: how many pages each takes, and how far down the last of them.
_ENDS = """query(<end>).map(it => {
  let (place, part) = (it.location().position(), it.value)
  let first = query(label("part" + str(part))).first().location().page()
  (part: part, pages: place.page - first + 1, y: place.y / 1pt)
})"""


def main(job_file: str) -> None:
    """Do the job: keys as written by `run_typst.run_typst`; the answer is the lines more by the number of the part."""
    job: dict[str, Any] = json.loads(Path(job_file).read_text(encoding="utf-8"))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[job["fonts"]])
    compiler = typst.Compiler(input=job["input"], root=job["root"], font_paths=fonts)
    rows: dict[str, int] = {}
    with suppress(RuntimeError):  # what is wrong is said in full when the book is set
        rows = balance(compiler, Path(job["plan"]), **job["balance"])
    sys.stdout.write(json.dumps(rows))


def balance(compiler: Any, plan: Path, *, top: float, row: float, least: int, longer: bool) -> dict[str, int]:
    """How many lines more each page of a text takes (or fewer), by the number of its part, so that none has a last
    page with fewer than `least` lines. Of a text that no number helps the pages stay.

    `top` is where the type area begins and `row` the distance of its lines, in points; `longer` says whether a page has
    room for a line more above its number. `plan` is the file in which the
    template finds what is tried: `rows`, and the parts to set (`only`; an empty list is all texts).
    """
    rows: dict[str, int] = {}
    waiting: dict[str, list[int]] = {}
    only: list[int] = []
    while True:
        plan.write_text(json.dumps({"rows": rows, "only": only}), encoding="utf-8")
        only = []
        for end in json.loads(compiler.eval(_ENDS)):
            part, pages, lines = str(end["part"]), end["pages"], round((end["y"] - top) / row)
            if pages > 1 and 0 < lines < least:
                ways = waiting.setdefault(part, _ways(pages - 1, lines, least, longer=longer))
                if ways:
                    only.append(end["part"])
                rows[part] = ways.pop(0) if ways else 0
        if not only:
            return {part: more for part, more in rows.items() if more}


def _ways(others: int, lines: int, least: int, *, longer: bool = True) -> list[int]:
    """Lines more on each of the `others` before the last page, the least noticeable first."""
    ways = [1] if longer and others >= lines else []
    return ways + [-fewer for fewer in (1, 2, 3) if fewer * others >= least - lines]


if __name__ == "__main__":
    main(sys.argv[1])

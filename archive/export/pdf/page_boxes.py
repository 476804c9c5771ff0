"""The child process that says of pages how they lie: it turns those of a vertical book, and tells where a cover is cut.

Started by path like `typeset.py`.

That a vertical book opens to the right the file does not say: PDFium, and with it Chrome and Edge, would take its
lines for Hebrew.
Only what a page says of itself is changed (its rotation, its box), so that links, contents and tags stay where they
are. What PDFium makes anew by chance when it saves is made of the rest of the file, so that equal books are equal.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]

_TOLERANCE = 1.0  # points
_IDENTITY = re.compile(rb"/ID\s*\[\s*(<[0-9A-Fa-f]*>|\((?:[^()\\]|\\.)*\))\s*<([0-9A-Fa-f]*)>\s*\]", re.DOTALL)


def main(job_file: str) -> None:
    """Do the job: keys as written by `vertical.turn_pages` or `press_cover`; lengths in points."""
    job: dict[str, Any] = json.loads(Path(job_file).read_text(encoding="utf-8"))
    file = Path(job["file"])
    document = pypdfium2.PdfDocument(file.read_bytes())
    for number in range(len(document)):
        page = document[number]
        if "trim" in job:
            _cut(page, **{box: job[box] for box in ("trim", "bleed")})
        else:
            _turn(page, job, job["shift"] if number % 2 == 0 else -job["shift"])
        page.close()
    document.save(file)
    document.close()
    file.write_bytes(_certain(file.read_bytes()))
    sys.stdout.write("null")


def _turn(page: Any, job: dict[str, Any], shift: float) -> None:
    """Turn a page that lies; what stands across the columns has pages that do not."""
    width, height = page.get_size()
    if abs(width - job["width"]) < _TOLERANCE and abs(height - job["height"]) < _TOLERANCE:
        page.set_mediabox(0, shift, width, height + shift)
        page.set_rotation(90)


def _cut(page: Any, *, trim: float, bleed: float) -> None:
    """The boxes of a page as far as that within its edges."""
    width, height = page.get_size()
    page.set_trimbox(trim, trim, width - trim, height - trim)
    page.set_bleedbox(bleed, bleed, width - bleed, height - bleed)


def _certain(data: bytes) -> bytes:
    """The file with the second half of its identity made of its own bytes."""
    found = _IDENTITY.search(data, max(len(data) - 2000, 0))
    if found is None:
        return data
    start, end = found.span(2)
    own = hashlib.sha256(data[:start] + data[end:]).hexdigest()[: end - start].upper().encode()
    return data[:start] + own + data[end:]


if __name__ == "__main__":
    main(sys.argv[1])

"""The child process that looks for print beyond the edges of the pages of a PDF; started by path like `typeset.py`.

Of a page it says what stands off it, in the order of the file; nothing of what lies on a page.
"""

from __future__ import annotations

import ctypes
import json
import sys
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

_TOLERANCE = 1.0  # points
_WITH_TEXT = (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_FORM)


def main(job_file: str) -> None:
    """Do the job: keys as written by `paper.require`, which has every page looked at by one of several readers.

    The answer is the number of all pages, and [page, characters] for each such page of this reader's share.
    """
    job: dict[str, Any] = json.loads(Path(job_file).read_text(encoding="utf-8"))
    document = pypdfium2.PdfDocument(job["file"])
    count = len(document)
    first, end = (count * number // job["of"] for number in (job["share"], job["share"] + 1))
    found = []
    for number in range(first, end):
        page = document[number]
        if _reaches_out(page) and (text := _off(page)):
            found.append((number + 1, text))
        page.close()
    sys.stdout.write(json.dumps([count, found]))


def _reaches_out(page: Any) -> bool:
    """Whether anything that may hold text does not lie on the page whole: a quick look, without its characters."""
    left, bottom, right, top = page.get_cropbox()
    sides = [ctypes.c_float() for _ in range(4)]
    places = [ctypes.byref(side) for side in sides]
    for number in range(pdfium.FPDFPage_CountObjects(page)):
        thing = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(thing) not in _WITH_TEXT:
            continue
        if not pdfium.FPDFPageObj_GetBounds(thing, *places):
            return True
        west, south, east, north = (side.value for side in sides)
        if min(west - left, south - bottom, right - east, top - north) < -_TOLERANCE:
            return True
    return False


def _off(page: Any) -> str:
    left, bottom, right, top = page.get_cropbox()
    text = page.get_textpage()
    sides = [ctypes.c_double() for _ in range(4)]
    places = [ctypes.byref(side) for side in sides]
    found = []
    for index in range(text.count_chars()):
        if not pdfium.FPDFText_GetCharBox(text, index, *places):
            continue
        west, east, south, north = (side.value for side in sides)
        if (
            west >= left - _TOLERANCE
            and east <= right + _TOLERANCE
            and south >= bottom - _TOLERANCE
            and north <= top + _TOLERANCE
        ):
            continue
        char = chr(pdfium.FPDFText_GetUnicode(text, index))
        if char.isprintable() and not char.isspace() and not pdfium.FPDFText_IsGenerated(text, index):
            found.append(char)
    text.close()
    return "".join(found)


if __name__ == "__main__":
    main(sys.argv[1])

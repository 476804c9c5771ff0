"""The scanned pages of a file one by one, so that several processes can share them; what each reads is kept.

The reader of the file asks for the same pictures afterwards and finds what was read on them (kept_readings.py).
"""

from __future__ import annotations

from pathlib import Path

from archive.model.records import Picture
from archive.support.isolation.served_calls import progress
from ingest.readers import kept_readings, ocr, recogniser
from ingest.readers.page_reading import NOTHING
from ingest.readers.pdf.page_content import content_of, open_pdf
from ingest.readers.pdf.text_layers import set_aside
from ingest.readers.spreads import halves


def scanned(form: str, file: Path, name: str, again: bool) -> tuple[int, ...]:
    """The scanned pages of a PDF, or the frames of a picture, by number from 0; none where they cannot be recognised.

    `again`: those that carry a text layer too.

    Raises ReadError for a file that cannot be read.
    """
    if not recogniser.installed():
        return ()
    if form != "pdf":
        return tuple(range(ocr.count_frames(file)))
    found = []
    with open_pdf(file, name) as document, set_aside(again):
        for number in range(len(document)):
            progress()
            if content_of(document, number, name).scanned:
                found.append(number)
    return tuple(found)


def read(number: int, form: str, file: Path, name: str, root: Path) -> bool:
    """Reads a page, unless that was done before, and keeps it in the library in the folder `root`."""
    with kept_readings.keeping(root):
        for page in halves(_picture(number, form, file, name)):
            ocr.reading_of(page.sha256, page.data)
    return True


def give_up(number: int, form: str, file: Path, name: str, root: Path) -> bool:
    """Keeps that nothing can be read on a page, so that one that ends whoever reads it does not cost the volume."""
    with kept_readings.keeping(root):
        for page in halves(_picture(number, form, file, name)):
            kept_readings.keep(page.sha256, NOTHING)
    return True


def _picture(number: int, form: str, file: Path, name: str) -> Picture:
    if form != "pdf":
        return next(ocr.frames(file, name, number))
    with open_pdf(file, name, safe=True) as document:  # `scanned` has opened it before
        return ocr.rendered(document, number)

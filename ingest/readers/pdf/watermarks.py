"""Watermarks that are set straight, told by their size and by standing at one place of most pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from ingest.readers.pdf.page_content import PageContent

_SIZE = 1.5  # of the usual size
_PAGES, _SHARE = 3, 0.6  # on so many pages, and of so many of all
_NEAR = 6.0  # points


def take(pages: Sequence[PageContent]) -> None:
    """Takes out of the rows what is printed large at one place of most pages: a watermark that is set straight."""
    usual = median([row.whole.size for page in pages for row in page.rows] or [0.0])
    places: Counter[tuple[str, int, int]] = Counter()
    keys = {}
    for page in pages:
        for row in page.rows:
            line = row.whole
            if line.size >= _SIZE * usual:
                keys[id(row)] = ("".join(line.text.split()), round(line.left / _NEAR), round(line.top / _NEAR))
        places.update({keys[id(row)] for row in page.rows if id(row) in keys})
    often = {key for key, count in places.items() if count >= max(_PAGES, _SHARE * len(pages))}
    for page in pages:
        page.stamps += [row.whole for row in page.rows if keys.get(id(row)) in often]
        page.rows = [row for row in page.rows if keys.get(id(row)) not in often]

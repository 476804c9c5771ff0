"""Print the sample book in every house style and put pages of each on one sheet: docs/images/pdf-pages.png.

    .venv/bin/python scripts/book_sheets.py              # the picture of the documents
    .venv/bin/python scripts/book_sheets.py --look DIR   # all pages of every style, a sheet each, to be looked at

Of each style: title page, contents, a first page, one with a table, a picture, verse, the last index.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image

from archive.export import EXPORTERS
from archive.export.house import house_styles
from archive.library import Library
from archive.model.access import Actor
from web.cli.demo import build

SHEET = Path(__file__).resolve().parents[1] / "docs" / "images" / "pdf-pages.png"
CONTENTS, FIRST = "目录", "老君渡的船"
SHOWN = ("表1", "图1", "河湾里的花儿")  # a table, a picture, a text with verse behind the first page of texts
WIDTH, GAP, BACK = 240, 8, "#888"
LOOKED_AT, ROW = 460, 8


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--look", type=Path, metavar="DIR")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, build(Path(folder) / "library") as library:
        rows = []
        for name, file in printed(library, Path(folder)):
            document = pypdfium2.PdfDocument(file)
            if given.look is None:
                rows.append([drawn(document[number], WIDTH) for number in chosen(document)])
            else:
                given.look.mkdir(parents=True, exist_ok=True)
                pages = [drawn(page, LOOKED_AT) for page in document]
                lines = [pages[start : start + ROW] for start in range(0, len(pages), ROW)]
                laid(lines).save(given.look / f"{name}.png")
            document.close()
        if given.look is None:
            laid(rows).quantize(64).save(SHEET, optimize=True)


def printed(library: Library, folder: Path) -> Iterator[tuple[str, Path]]:
    """The sample book as a PDF, by the name of the house style."""
    books = library.session(Actor.local()).books
    book = books.bind(books.project(books.names()[0]), draft=True).book
    for name, house in house_styles().items():
        file = folder / f"{name}.pdf"
        EXPORTERS["pdf"].write(replace(book, house=house), file)
        yield name, file


def chosen(document: pypdfium2.PdfDocument) -> list[int]:
    """The numbers of the pages to show, from 0."""
    texts = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    contents = next(number for number, text in enumerate(texts) if CONTENTS in text)
    first = next(number for number in range(contents + 2, len(texts)) if FIRST in texts[number])
    found = [0, contents, first]
    for words in SHOWN:
        places = (number for number in range(first + 1, len(texts)) if words in texts[number] and number not in found)
        found += [number for number in (next(places, None),) if number is not None]
    return [*found, len(texts) - 1]


def drawn(page: pypdfium2.PdfPage, width: int) -> Image.Image:
    """The page so many pixels wide."""
    picture: Image.Image = page.render(scale=width / page.get_size()[0]).to_pil()
    return picture.convert("RGB")


def laid(rows: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """The pages in their rows."""
    width = max(sum(page.width + GAP for page in row) for row in rows) + GAP
    sheet = Image.new("RGB", (width, sum(max(page.height for page in row) + GAP for row in rows) + GAP), BACK)
    top = GAP
    for row in rows:
        left = GAP
        for page in row:
            sheet.paste(page, (left, top))
            left += page.width + GAP
        top += max(page.height for page in row) + GAP
    return sheet


if __name__ == "__main__":
    main()

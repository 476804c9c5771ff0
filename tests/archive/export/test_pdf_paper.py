"""Nothing of a PDF is printed beyond the edges of its pages: tables are parted, and what is not is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
import typst

from archive.export import EXPORTERS, Book, make_book
from archive.export.fonts import choose, font_folders, read_catalogue
from archive.export.house import house_style
from archive.export.pdf import paper, pdf_tables
from archive.export.pdf.pdf_context import POINTS
from archive.model.errors import ExportError
from archive.model.records import Article, Block, Cell, Kind

LONG = "".join(f"第{number}句：渡口的石阶一共三十六级，最下面的六级常年在水里。" for number in range(1, 141))
SENTENCES = [str(number) for number in range(1, 141)]


@pytest.fixture(scope="module", autouse=True)
def _chinese_fonts() -> None:
    try:
        choose(read_catalogue(font_folders()), house_style().fonts)
    except ExportError as error:
        pytest.skip(f"no Chinese font on this machine: {error.message}")


def cell(text: str, row: int, column: int, rows: int = 1, *, header: bool = False) -> Block:
    return Block.plain(Kind.CELL, text, cell=Cell(0, row, column, rows, 1, header))


def book(*cells: Block) -> Book:
    blocks = (Block.plain(Kind.TITLE, "渡口志"), Block.plain(Kind.PARAGRAPH, "见表。"), *cells)
    return make_book([Article(blocks=blocks, collection="c")])


def on_paper(book: Book, folder: Path) -> str:
    """What lies whole on the pages between their heads and feet, without white space."""
    file = folder / "book.pdf"
    EXPORTERS["pdf"].write(book, file)
    document = pypdfium2.PdfDocument(file)
    try:
        return "".join(char for page in document for char in _inside(page))
    finally:
        document.close()


def _inside(page: pypdfium2.PdfPage) -> Iterator[str]:
    width, height = page.get_size()
    sheet = house_style().page
    foot, head = sheet.bottom * POINTS - 2, height - sheet.top * POINTS + 2
    text = page.get_textpage()
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        char = text.get_text_range(index, 1).strip()
        if char and left >= 0 and bottom >= foot and right <= width and top <= head:
            yield char


@pytest.mark.parametrize(
    "cells",
    [
        (cell("石阶", 0, 0), cell(LONG, 0, 1)),
        (cell("名", 0, 0, header=True), cell(LONG, 0, 1, header=True), cell("甲", 1, 0), cell("乙", 1, 1)),
        (cell("名", 0, 0, 2, header=True), cell("事", 0, 1, header=True), cell(LONG, 1, 1)),
        (cell(LONG, 0, 0, 3), *(cell(f"行{row}", row, 1) for row in range(3))),
    ],
    ids=["beside a short cell", "in a heading", "below a heading that reaches down", "merged over short rows"],
)
def test_a_cell_longer_than_a_page_goes_on_on_the_next(cells: Sequence[Block], tmp_path: Path) -> None:
    printed = on_paper(book(*cells), tmp_path).replace("名", "")  # a merged cell stands where its first page ends
    assert re.findall(r"第(\d+)句：渡口的石阶一共三十六级，最下面的六级常年在水里。", printed) == SENTENCES


def test_a_cell_merged_over_more_rows_than_a_page_holds_is_parted(tmp_path: Path) -> None:
    rows = [cell(f"第{row}名委员", row, 1) for row in range(1, 81)]
    printed = on_paper(book(cell("届别", 0, 0), cell("名单", 0, 1), cell("第一届", 1, 0, 80), *rows), tmp_path)
    assert re.findall(r"第(\d+)名委员", printed) == [str(row) for row in range(1, 81)]
    assert "第一届" in printed


@pytest.mark.parametrize("large", [10**9, 0], ids=["one reader", "two readers"])
def test_what_stands_off_its_page_is_refused_with_its_place(
    large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_tables, "stays_whole", lambda *_: True)
    monkeypatch.setattr(paper, "_LARGE", large)
    with pytest.raises(ExportError, match=r"《渡口志》里的表格排不下，有 [0-9]+ 个字印到了纸外"):
        EXPORTERS["pdf"].write(book(cell("石阶", 0, 0), cell(LONG, 0, 1)), tmp_path / "book.pdf")
    assert not list(tmp_path.iterdir())


def test_two_readers_look_at_every_page_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five pages smaller than what stands on each: its number."""
    source, file = tmp_path / "pages.typ", tmp_path / "pages.pdf"
    source.write_text(
        "#set page(width: 20pt, height: 20pt, margin: 0pt)\n"
        "#for number in range(1, 6) { page(place(dx: 30pt, str(number))) }",
        encoding="utf-8",
    )
    typst.compile(source, output=file, ignore_system_fonts=True)
    for large in (10**9, 0):
        monkeypatch.setattr(paper, "_LARGE", large)
        count, found = paper._looked_through(file, 60)
        assert count == 5 and [tuple(each) for each in found] == [(number, str(number)) for number in range(1, 6)]

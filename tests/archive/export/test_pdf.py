"""PDF: what is printed is what was given, page by page."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from archive.errors import ExportError
from archive.export import EXPORTERS, Book, make_book
from archive.export.fonts import choose, font_folders, read_catalogue
from archive.export.house import house_style
from archive.records import Article, Block, Kind


@pytest.fixture(scope="session", autouse=True)
def _chinese_fonts() -> None:
    try:
        choose(read_catalogue(font_folders()), house_style().fonts)
    except ExportError as error:
        pytest.skip(f"no Chinese font on this machine: {error.message}")


def pages(file: Path) -> Iterator[str]:
    document = pypdfium2.PdfDocument(file)
    for page in document:
        yield page.get_textpage().get_text_range()
    document.close()


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_same_book_gives_the_same_bytes(book: Book, tmp_path: Path) -> None:
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    for file in (first, second):
        EXPORTERS["pdf"].write(replace(book, draft=True), file)
    assert first.read_bytes() == second.read_bytes()


def test_every_word_is_printed(book: Book, tmp_path: Path) -> None:
    file = tmp_path / "book.pdf"
    EXPORTERS["pdf"].write(replace(book, draft=True), file)
    printed = squeezed("".join(pages(file)))
    assert "黄河古渡旧闻录" in printed
    assert r"正文里有<w:t>标记</w:t>、&号、TOC\o域语法、#标题、*星号*与$x$。" in printed


def test_a_search_does_not_load_typst() -> None:
    code = "import sys, archive.export; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_book_of_one_title_needs_few_of_the_fonts(tmp_path: Path) -> None:
    file = tmp_path / "book.pdf"
    article = Article(collection="c", blocks=(Block.plain(Kind.TITLE, "河渠津渡"),))
    EXPORTERS["pdf"].write(make_book([article]), file)
    assert "河渠津渡" in squeezed("".join(pages(file)))

"""The counts that a printer and the copyright page want."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from archive.export import EXPORTERS, make_book
from archive.export.flow import sound
from archive.export.fonts import choose, font_folders, read_catalogue
from archive.export.house import house_style
from archive.export.pdf.print_counts import counts
from archive.model.errors import ExportError
from archive.model.issues import IssueCode
from archive.model.records import Article, Block, Kind


@pytest.mark.parametrize(
    ("house", "sheets", "words"),
    [
        ("16开", "合 35.75 印张（16 开）", "版面字数 761 千字（每行 38 字，每面 35 行）"),
        ("大32开", "合 17.875 印张（32 开）", "版面字数 432 千字（每行 28 字，每面 27 行）"),
        ("A4", "合 35.75 印张（16 开）", "版面字数 352 千字（每行 28 字，每面 22 行）"),
    ],
)
def test_sheets_characters_and_spine(house: str, sheets: str, words: str) -> None:
    book = make_book([Article(collection="c", blocks=(Block.plain(Kind.TITLE, "甲"),))])
    said = counts(replace(book, house=house_style(house)), 572).message
    assert said.startswith(
        f"全书 572 面，{sheets}；{words}；每张纸厚 0.1 毫米（80 克双胶纸约 0.1），书脊约 28.6 毫米。"
    )


IMPRINT = ("准印证号：宁内资准字（2026）第12号", "印张：{印张}", "字数：{版面字数}千字　{面数}面", "内部资料，免费交流")
BOOK = replace(
    make_book([Article(collection="c", blocks=(Block.plain(Kind.TITLE, title),)) for title in "甲乙"]), imprint=IMPRINT
)


def test_the_copyright_page_is_filled_in_when_the_book_is_set(tmp_path: Path) -> None:
    try:
        choose(read_catalogue(font_folders()), house_style().fonts)
    except ExportError as error:
        pytest.skip(f"no Chinese font on this machine: {error.message}")
    issues = EXPORTERS["pdf"].write(BOOK, tmp_path / "book.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "book.pdf")
    try:
        texts = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()
    (told,) = [issue.message for issue in issues if issue.code is IssueCode.EXPORT_COUNTS]
    assert told.startswith(f"全书 {len(texts)} 面，合 0.375 印张（16 开）；版面字数 8 千字")
    assert "印张：0.375" in texts[1] and f"字数：8千字{len(texts)}面" in texts[1]
    # The title page says what kind of volume it is.
    assert texts[0].endswith("准印证号：宁内资准字（2026）第12号内部资料，免费交流")


def test_what_only_pages_can_tell_stays_blank_elsewhere() -> None:
    book, issues = sound(BOOK)
    assert book.imprint[1:3] == ("印张：　　", "字数：　　千字　　　面")
    assert [issue.code for issue in issues] == [IssueCode.EXPORT_COUNTS]


def test_the_title_page_of_a_published_book_and_a_number_not_yet_given_say_nothing() -> None:
    assert replace(BOOK, imprint=("准印证号：", "书号：978-7-227-00000-0")).internal == ()


@pytest.mark.parametrize(("kind", "part"), [("docx", "word/document.xml"), ("epub", "title.xhtml")])
def test_word_and_epub_name_it_on_their_title_page(tmp_path: Path, kind: str, part: str) -> None:
    file = tmp_path / f"book.{kind}"
    EXPORTERS[kind].write(replace(BOOK, contents=False, imprint=IMPRINT[:1]), file)
    with zipfile.ZipFile(file) as package:
        (name,) = [name for name in package.namelist() if name.endswith(part)]
        assert package.read(name).decode().count("第12号") == (2 if kind == "docx" else 1)

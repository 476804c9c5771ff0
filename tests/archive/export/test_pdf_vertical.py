"""PDF in columns from right to left: the same checks and the same words as in lines."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import pytest

from archive.export import EXPORTERS, make_book
from archive.export.book import Book, Heading, Index
from archive.export.fonts import choose, font_folders, read_catalogue
from archive.export.house import house_style
from archive.export.pdf import inline_runs, vertical
from archive.export.pdf.pdf_context import POINTS
from archive.model.errors import ExportError
from archive.model.records import Article, Block, Cell, Kind, Run

HOUSE = house_style("竖排")
WORDS = "民谚说“天下黄河富宁夏”，1958年3月筑堤11里，A渠长138米，占50%"


@pytest.fixture(scope="module", autouse=True)
def _chinese_fonts() -> None:
    try:
        choose(read_catalogue(font_folders()), HOUSE.fonts)
    except ExportError as error:
        pytest.skip(f"no Chinese font on this machine: {error.message}")


def book(*blocks: Block) -> Book:
    articles = [
        Article(blocks=(Block.plain(Kind.TITLE, title), *more), collection="c")
        for title, more in (("渡口志", blocks), ("羊皮筏子", ()))
    ]
    index = Index("地名索引", (Heading("宁夏", ("宁夏",), "N"),))
    return replace(make_book(articles), house=HOUSE, imprint=("书名：渡口志",), indexes=(index,))


def words_of(page: pypdfium2.PdfPage) -> str:
    """The words of a page in the order in which a browser copies them."""
    return re.sub(r"[\s\u2060\ufeff\ufffe]", "", page.get_textpage().get_text_range())


def test_pages_are_turned_and_their_words_stay(tmp_path: Path) -> None:
    note = Block.plain(Kind.NOTE, "见《朔方志》。", label="1")
    whole = book(Block(Kind.PARAGRAPH, (Run(WORDS, note="1"),)), note)
    files = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    for file in files:
        EXPORTERS["pdf"].write(whole, file)
    assert files[0].read_bytes() == files[1].read_bytes()
    document = pypdfium2.PdfDocument(files[0])
    try:
        boxes = [(each.get_rotation(), round(each.get_mediabox()[1], 2)) for each in document]
        sizes = {tuple(round(side / POINTS) for side in each.get_size()) for each in document}
        texts = [words_of(each) for each in document]
    finally:
        document.close()
    page, shift = HOUSE.page, round(vertical.shift(HOUSE) * POINTS, 2)
    assert sizes == {(page.width, page.height)}
    # Title page, particulars (which are not turned), contents, a blank, two texts, the index.
    assert boxes == [(90, shift), (0, 0.0), (90, shift), (90, -shift), (90, shift), (90, -shift), (90, shift)]
    assert WORDS in texts[4] and "①见《朔方志》。" in texts[4]
    assert "渡口志" in texts[2] and "宁夏1" in texts[6]


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("A渠11里，1958年修", ["A", "11", "1958"]),
        ("1936-1945年占50%，共20000亩", ["1936", "1945", "50", "%", "20000"]),
        ("3 200人，12,345亩，3.5里，0953-1234567，BCD188型，1958.3.12", []),
    ],
)
def test_whole_numbers_and_single_letters_stand_upright(text: str, standing: list[str]) -> None:
    (line,) = vertical.upright([{"s": "文章正文", "c": [text, {"t": "5月", "b": True}]}])
    upright = [item for item in line["c"] if isinstance(item, dict) and "v" in item]
    assert [item["t"] for item in upright] == [*standing, "5"]
    assert upright[-1]["b"] is True
    assert "".join(item if isinstance(item, str) else item["t"] for item in line["c"]) == f"{text}5月"


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("档号SJ-001-2026-WS-0001-000345，第5卷", ["5"]),
        ("见https://www.example.gov.cn/2026/a/3.html?year=2026，第12页", ["12"]),
        ("深20~30米，存于1936—1949年", ["20", "30", "1936", "1949"]),
    ],
)
def test_figures_within_addresses_lie_those_between_two_numbers_stand(text: str, standing: list[str]) -> None:
    (line,) = vertical.upright([{"s": "文章正文", "c": inline_runs.plain(text)}])
    assert [item["t"] for item in line["c"] if isinstance(item, dict) and "v" in item] == standing
    assert "".join(item if isinstance(item, str) else item.get("t", "") for item in line["c"]) == text


def pages_with(folder: Path, *blocks: Block) -> list[tuple[int, str]]:
    """How each page is turned, and its words."""
    file = folder / "book.pdf"
    EXPORTERS["pdf"].write(replace(book(*blocks), imprint=(), indexes=(), contents=False), file)
    document = pypdfium2.PdfDocument(file)
    try:
        return [(page.get_rotation(), words_of(page)) for page in document]
    finally:
        document.close()


def test_tables_stand_upright_in_the_text_in_parts_as_high_as_a_column(tmp_path: Path) -> None:
    cells = [
        Block.plain(Kind.CELL, f"{row}格{column}", cell=Cell(number, row, column, 1, 1, row == 0))
        for number, rows in enumerate((3, 60))
        for row in range(rows)
        for column in range(3)
    ]
    found = pages_with(tmp_path, *cells)
    assert {turned for turned, _ in found} == {90}
    words = "".join(words for _, words in found)
    parts = (words.count("格") - 189) // 3 + 1  # of the long one, each below the heading
    assert 1 < parts < 4 and words.count("格") == 189 + 3 * (parts - 1)


def test_a_cell_merged_over_many_rows_is_cut_with_them(tmp_path: Path) -> None:
    cells = [Block.plain(Kind.CELL, "第一届", cell=Cell(0, 0, 0, 70))]
    cells += [Block.plain(Kind.CELL, f"第{row}名", cell=Cell(0, row, 1)) for row in range(70)]
    found = pages_with(tmp_path, *cells)
    words = "".join(words for _, words in found)
    assert {turned for turned, _ in found} == {90} and words.count("第一届") == 1 and words.count("名") == 70


def test_a_row_higher_than_a_column_has_pages_of_its_own_and_all_their_width(tmp_path: Path) -> None:
    long = [Block.plain(Kind.CELL, f"{number}渡口的石阶", cell=Cell(0, 0, 1)) for number in range(100)]
    found = pages_with(tmp_path, Block.plain(Kind.CELL, "名", cell=Cell(0, 0, 0)), *long)
    assert [turned for turned, _ in found].count(0) > 1
    document = pypdfium2.PdfDocument(tmp_path / "book.pdf")
    page = next(page for page in document if not page.get_rotation() and "渡口的石阶" in words_of(page))
    rules = [thing.get_bounds() for thing in page.get_objects() if thing.type == pdfium.FPDF_PAGEOBJ_PATH]
    width = max(right for _, _, right, _ in rules) - min(left for left, *_ in rules)
    document.close()
    assert width > HOUSE.page.measure * POINTS * 0.9


def test_a_character_in_no_font_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="U\\+E999"):
        EXPORTERS["pdf"].write(book(Block.plain(Kind.PARAGRAPH, "缺\ue999字")), tmp_path / "book.pdf")


def test_columns_are_copied_one_after_the_other(tmp_path: Path) -> None:
    column = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳"
    verse = [Block(Kind.VERSE, (Run(line),)) for line in ("白日依山尽", "黄河入海流", "欲穷千里目", "更上一层楼")]
    file = tmp_path / "book.pdf"
    whole = replace(book(Block.plain(Kind.PARAGRAPH, column * 6), *verse), imprint=(), indexes=(), contents=False)
    EXPORTERS["pdf"].write(whole, file)
    document = pypdfium2.PdfDocument(file)
    try:
        words = "".join(words_of(page) for page in document)
    finally:
        document.close()
    assert column * 6 + "白日依山尽黄河入海流欲穷千里目更上一层楼" in words

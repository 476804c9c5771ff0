"""The whole book set by LibreOffice: every character, pages in contents and indexes, lines and characters a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import docx
import pytest

from archive.export import Book, Chapter, Section
from archive.export.book import Heading, Index
from archive.export.house import house_style
from archive.export.office_layout import OfficeLayout, pages_of
from archive.export.word.word_exporter import WordExporter
from archive.model.records import Article, Block, Cell, Genre, Kind, Run

Pictures = Callable[[str], tuple[Path, str]]
SENTENCE = "黄河自青铜峡出山，一泻而入银川平原。"
NAMES = {"马福祥": (1, 4, 30, 31), "王静斋": (12,), "马鸿逵": (20, 40)}  # in which paragraphs


@pytest.fixture(scope="module")
def office() -> OfficeLayout:
    found = OfficeLayout.find()
    if found is None:
        pytest.skip("LibreOffice (soffice) is not installed: the Word file cannot be opened by another program")
    return found


def characters(text: str) -> Counter[str]:
    """Non-space characters; pdfium gives a hyphen at a line's end as U+FFFE."""
    return Counter(char for char in text.replace("\ufffe", "-") if not char.isspace())


def text(title: str, *blocks: Block, genre: Genre = Genre.ARTICLE) -> Article:
    return Article(collection="a", genre=genre, blocks=(Block.plain(Kind.TITLE, title), *blocks))


def matter(title: str) -> Chapter:
    lines = (Block.plain(Kind.PARAGRAPH, f"{title}的话。"), Block.plain(Kind.BYLINE, "编者"))
    return Chapter(text(title, *lines, genre=Genre.MATTER))


def article(title: str) -> Article:
    """45 paragraphs; names stand in some of them, 丁玲 in a note."""
    blocks = []
    for number in range(45):
        said = "".join(name for name, places in NAMES.items() if number in places)
        note = "一" if number == 25 else ""
        blocks.append(Block(Kind.PARAGRAPH, (Run(SENTENCE * 3 + said), Run("", note=note), Run(SENTENCE * 2))))
    table = [Block.plain(Kind.CELL, f"第{r}行{c}列", cell=Cell(0, r, c, header=r == 0)) for r in (0, 1) for c in (0, 1)]
    figure = (Block(Kind.FIGURE, picture="wide"), Block.plain(Kind.CAPTION, "渠首"))
    return text(title, *blocks, *table, *figure, Block.plain(Kind.NOTE, "丁玲也来过。", label="一"))


@pytest.fixture
def whole(pictures: Pictures) -> Book:
    people = tuple(Heading(name, (name,), name[0]) for name in (*NAMES, "丁玲"))
    return Book(
        title="黄河古渡旧闻录",
        series="文史资料第一辑",
        editor="县政协",
        publisher="人民出版社",
        imprint=("内部资料", "一九九六年八月"),
        front=(matter("前言"), matter("凡例")),
        sections=(
            Section(
                "水利春秋", (Chapter(article("甲篇"), "张三", "原载甲刊", note=("编者按：甲。",)),), ("编者按：水。",)
            ),
            Section("人物春秋", (Chapter(article("乙篇"), "李四"), Chapter(article("丙篇")))),
        ),
        back=(matter("后记"),),
        picture_list=True,
        indexes=(Index("人名索引", people), Index("地名索引", (Heading("青铜峡", ("青铜峡",), "Q"),))),
        pictures=pictures,
    )


def expected(book: Book) -> Counter[str]:
    """Every character that must be printed, one for each time it stands in the book."""
    words = [book.title, book.series, book.editor, book.publisher, *book.imprint, "目录", "图片目录"]
    words += [words for section in book.sections for words in (section.title, *section.note)]
    for chapter in book.everything:
        words += [chapter.byline, chapter.source, *chapter.note, *(block.text for block in chapter.article.blocks)]
    words += [word for index in book.indexes for word in (index.title, *(heading.name for heading in index.headings))]
    return characters("".join(words))


@pytest.fixture
def set_book(whole: Book, office: OfficeLayout, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """The file with its page numbers filled in, and the text of its pages by the number printed on them."""
    section_pages = replace(whole.house, layout=replace(whole.house.layout, section_page=True))
    file = tmp_path / "book.docx"
    issues = WordExporter().write(replace(whole, house=section_pages), file)
    assert next(issue.message for issue in issues if issue.code == "export-pages").startswith("目录和索引的页码已按")
    pages = pages_of(office.pdf(file, tmp_path))
    assert expected(whole) - characters("".join(pages)) == Counter()
    assert "@" not in "".join(pages)
    return file, {found[1]: page for page in pages if (found := re.search(r"· (\w+) ·\s*$", page))}


def test_contents_and_indexes_name_the_pages_things_stand_on(
    set_book: tuple[Path, dict[str, str]], whole: Book
) -> None:
    file, pages = set_book
    lines = [(p.style.name, p.text) for p in docx.Document(str(file)).paragraphs]
    listed = [line.split("\t") for style, line in lines if style.startswith(("toc ", "table of"))]
    assert [title for title, _ in listed] == [
        "前言", "凡例", "水利春秋", "甲篇", "人物春秋", "乙篇", "丙篇", "后记", "人名索引", "地名索引",
        *["图1　渠首"] * 3,
    ]  # fmt: skip
    assert (listed[0][1], listed[1][1]) == ("I", "II")
    for title, page in listed:
        if title not in ("水利春秋", "人物春秋"):  # their own pages carry no number
            assert title in pages[page].replace(" ", ""), (title, page)
    assert int(listed[2][1]) == 1 and int(listed[4][1]) % 2 == 1
    body = {int(number): page for number, page in pages.items() if number.isdigit()}
    last = int(next(page for title, page in listed if title == "人名索引"))
    indexed = dict(line.split("　") for style, line in lines if style == "index 1")
    for name in (*NAMES, "丁玲"):
        stands = [number for number, page in sorted(body.items()) if number < last and name in page.replace("\r\n", "")]
        assert indexed[name] == said(stands), name
    assert indexed["青铜峡"].count("—") >= 1


def said(numbers: list[int]) -> str:
    groups = [list(group) for _, group in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    parts = []
    for group in groups:
        stretch = [str(number) for _, number in group]
        parts += [f"{stretch[0]}—{stretch[-1]}"] if len(stretch) > 2 else stretch
    return "，".join(parts)


def test_every_character_of_other_formats_is_on_its_pages(whole: Book, office: OfficeLayout, tmp_path: Path) -> None:
    book = replace(whole, sections=whole.sections[:1])  # one text of everything: setting it upright takes a while
    files = {}
    for number, name in enumerate(("大32开", "A4", "竖排")):
        file = tmp_path / f"book{number}.docx"
        house = house_style(name)
        unnumbered = replace(house, layout=replace(house.layout, picture_numbers="none"))
        WordExporter(fill=False).write(replace(book, house=unnumbered), file)
        files[file] = name
    for file, made in office.convert(list(files), "pdf", tmp_path).items():
        assert isinstance(made, Path)
        printed = "".join(pages_of(made))
        assert expected(book) - characters(printed) == Counter(), files[file]
        assert "0渠首" not in printed  # the hidden count of a picture without a number


@pytest.mark.parametrize(("name", "lines", "across"), [("16开", 35, 38), ("大32开", 27, 28), ("A4", 22, 28)])
def test_a_page_holds_the_lines_and_characters_it_should(
    name: str, lines: int, across: int, office: OfficeLayout, tmp_path: Path
) -> None:
    full = text("题", *(Block.plain(Kind.PARAGRAPH, "国" * across * lines) for _ in range(4)))
    book = Book(title="书", sections=(Section("", (Chapter(full),)),), house=house_style(name))
    file = tmp_path / "book.docx"
    WordExporter(fill=False).write(book, file)
    page = pages_of(office.pdf(file, tmp_path))[1]
    rows = [len(row) for row in page.splitlines() if row and set(row.strip()) == {"国"}]
    assert len(rows) == lines
    assert Counter(rows).most_common(1)[0][0] == across

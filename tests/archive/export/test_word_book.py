"""The whole book in Word: what comes before and after the texts, running heads, section pages, lists and indexes."""

from __future__ import annotations

import datetime
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from archive.export import Book, Chapter, Section, make_book
from archive.export.book import Heading, Index
from archive.export.house import HouseStyle, house_style
from archive.export.word.page_numbers import answers, roman
from archive.export.word.word_exporter import WordExporter
from archive.export.word.word_names import _stretches
from archive.export.word.word_tables import WordTableFit
from archive.model.records import Article, Block, Cell, Genre, Issue, Kind, Run

MADE = datetime.datetime(2026, 1, 2, 3, 4, 6, tzinfo=datetime.UTC)
Pictures = Callable[[str], tuple[Path, str]]


def text(title: str, *blocks: Block, genre: Genre = Genre.ARTICLE) -> Article:
    return Article(collection="a", genre=genre, blocks=(Block.plain(Kind.TITLE, title), *blocks))


def paragraph(words: str) -> Block:
    return Block.plain(Kind.PARAGRAPH, words)


def matter(title: str, *lines: str) -> Chapter:
    signed = Block.plain(Kind.BYLINE, "编者")
    return Chapter(text(title, *map(paragraph, lines), signed, genre=Genre.MATTER))


CANAL = text(
    "忆七星渠",
    paragraph("马福祥来到青铜峡。"),
    Block(Kind.PARAGRAPH, (Run("马福"), Run("祥"), Run("又见马鸿逵"), Run("", note="1"))),
    Block(Kind.FIGURE, (Run("渠首"),), picture="wide"),
    Block.plain(Kind.CAPTION, "七星渠渠首"),
    Block.plain(Kind.BYLINE, "王静斋"),
    Block.plain(Kind.NOTE, "青铜峡在宁夏。", label="1"),
)
BOOK = Book(
    title="黄河古渡旧闻录",
    subtitle="文史资料精选",
    series="中卫文史资料第二十三辑",
    editor="县政协　编",
    publisher="宁夏人民出版社",
    imprint=("书号：内部资料", "开本：787×1092 毫米"),
    front=(matter("前言", "前言的话。"), matter("凡例", "体例如下。")),
    sections=(
        Section("水利春秋", (Chapter(CANAL, "", "原载某刊", note=("编者按：此文可贵。",)),), note=("编者按：水利。",)),
        Section("人物春秋", (Chapter(text("马福祥其人", paragraph("马福祥，字云亭。"))),)),
    ),
    back=(matter("后记", "马福祥一文后补。"),),
    picture_list=True,
    indexes=(
        Index(
            "人名索引",
            (
                Heading("马福祥", ("马福祥",), "M"),
                Heading("马鸿逵", ("马鸿逵",), "M"),
                Heading("云亭", (), "Y", see="马福祥"),
                Heading("张三", ("张三",), "Z"),
                Heading("老三", (), "Z", see="张三"),
            ),
        ),
        Index("地名索引", (Heading("青铜峡", ("青铜峡",), "Q"),)),
    ),
    made=MADE,
)


def house(name: str = "16开", **layout: Any) -> HouseStyle:
    found = house_style(name)
    return replace(found, layout=replace(found.layout, **layout))


def write(book: Book, folder: Path) -> tuple[Path, tuple[Issue, ...]]:
    target = folder / "book.docx"
    return target, WordExporter(fill=False).write(book, target)


@pytest.fixture
def file(tmp_path: Path, pictures: Pictures) -> Path:
    return write(replace(BOOK, pictures=pictures), tmp_path)[0]


def xml(file: Path, part: str = "word/document.xml") -> str:
    with zipfile.ZipFile(file) as package:
        return package.read(part).decode()


def paragraphs(file: Path) -> list[tuple[str, str]]:
    return [(p.style.name, p.text) for p in docx.Document(str(file)).paragraphs]


def sections(file: Path) -> list[Any]:
    return list(docx.Document(str(file)).sections)


# -- before and after the texts


def test_the_book_in_order(file: Path) -> None:
    wanted = (
        "Title", "Subtitle", "编者", "版权", "前后题名", "TOC Heading", "Heading 1", "Heading 2", "编者按", "作者",
        "署名", "index 1", "index heading",
    )  # fmt: skip
    assert [line for line in paragraphs(file) if line[0] in wanted] == [
        ("Subtitle", "中卫文史资料第二十三辑"),
        ("Title", "黄河古渡旧闻录"),
        ("Subtitle", "文史资料精选"),
        ("编者", "县政协　编"),
        ("编者", "宁夏人民出版社"),
        ("版权", "书号：内部资料"),
        ("版权", "开本：787×1092 毫米"),
        ("前后题名", "前言"),
        ("署名", "编者"),
        ("前后题名", "凡例"),
        ("署名", "编者"),
        ("TOC Heading", "目　录"),
        ("TOC Heading", "图片目录"),
        ("Heading 1", "水利春秋"),
        ("编者按", "编者按：水利。"),
        ("Heading 2", "忆七星渠"),
        ("编者按", "编者按：此文可贵。"),
        ("署名", "王静斋"),
        ("Heading 1", "人物春秋"),
        ("Heading 2", "马福祥其人"),
        ("前后题名", "后记"),
        ("署名", "编者"),
        ("前后题名", "人名索引"),
        ("index heading", "M"),
        ("index 1", "马福祥　"),
        ("index 1", "马鸿逵　"),
        ("index heading", "Y"),
        ("index 1", "云亭　见 马福祥"),
        ("前后题名", "地名索引"),
        ("index heading", "Q"),
        ("index 1", "青铜峡　"),
    ]


def test_front_matter_counts_in_roman_numbers(file: Path) -> None:
    numbers = re.findall(r'<w:pgNumType w:fmt="(\w+)"(?: w:start="(\d)")?/>', xml(file))
    front, main = numbers[:4], numbers[4:]
    assert front == [("upperRoman", "1"), *[("upperRoman", "")] * 3]
    assert main[0] == ("decimal", "1") and set(main[1:]) == {("decimal", "")}


def test_the_copyright_page_is_behind_the_title_page(file: Path) -> None:
    assert [str(section.start_type).split(" ")[0] for section in sections(file)[:3]] == [
        "NEW_PAGE",
        "EVEN_PAGE",
        "NEW_PAGE",
    ]


def test_contents_name_front_matter_and_indexes_beside_the_sections(file: Path) -> None:
    lines = [(style, words.split("\t")[0]) for style, words in paragraphs(file) if style.startswith("toc ")]
    assert lines == [
        ("toc 1", "前言"),
        ("toc 1", "凡例"),
        ("toc 1", "水利春秋"),
        ("toc 2", "忆七星渠"),
        ("toc 1", "人物春秋"),
        ("toc 2", "马福祥其人"),
        ("toc 1", "后记"),
        ("toc 1", "人名索引"),
        ("toc 1", "地名索引"),
    ]
    style = docx.Document(str(file)).styles["前后题名"]
    assert style.base_style.name == "Heading 2"
    assert style.element.find(f".//{qn('w:outlineLvl')}").get(qn("w:val")) == "0"  # so that Word lists it again


def test_nothing_is_listed_that_is_not_wanted(tmp_path: Path, pictures: Pictures) -> None:
    plain = replace(BOOK, pictures=pictures, contents=False, picture_list=False, indexes=(), front=(), imprint=())
    target, _ = write(plain, tmp_path)
    assert not [style for style, _ in paragraphs(target) if style.lower().startswith(("toc", "table of", "index"))]
    assert "PAGEREF" not in xml(target) and "<w:updateFields" not in xml(target, "word/settings.xml")


def test_a_book_of_front_matter_alone(tmp_path: Path) -> None:
    target, _ = write(Book(title="书", sections=(), front=BOOK.front, house=house()), tmp_path)
    assert [words for style, words in paragraphs(target) if style == "前后题名"] == ["前言", "凡例"]


def test_a_cover_fills_the_page_and_the_title_page_follows(tmp_path: Path, pictures: Pictures) -> None:
    target, issues = write(replace(BOOK, pictures=pictures, cover="tall"), tmp_path)
    assert re.search(r'<wp:anchor[^>]*behindDoc="1".*?<wp:extent cx="6660000" cy="9360000"/>', xml(target))
    cut = re.search(r'<a:srcRect t="(\d+)" b="(\d+)"/>', xml(target))
    # 300 × 1200 dots cut to 185 : 260: of the height 300 × 260 / 185 = 421.6 dots stay.
    assert cut and int(cut[1]) == int(cut[2]) == pytest.approx((1200 - 421.6) / 2 / 1200 * 100_000, abs=10)
    assert str(sections(target)[1].start_type).startswith("ODD_PAGE")
    assert not [issue for issue in issues if issue.place == "封面"]


@pytest.mark.parametrize("name", ["broken", "vector", "absent"])
def test_a_cover_that_cannot_be_shown_is_reported(name: str, tmp_path: Path, pictures: Pictures) -> None:
    target, issues = write(replace(BOOK, pictures=pictures, cover=name), tmp_path)
    assert [issue.code for issue in issues if issue.place == "封面"] == ["export-picture"]
    assert "<wp:anchor" not in xml(target) and paragraphs(target)[1] == ("Title", "黄河古渡旧闻录")


# -- running heads and page numbers


def heads(section: Any) -> tuple[str, str, str]:
    """Of right-hand, left-hand and first pages."""
    right, left, first = (section.header, section.even_page_header, section.first_page_header)
    return right.paragraphs[0].text, left.paragraphs[0].text, first.paragraphs[0].text


def test_heads_follow_their_patterns(tmp_path: Path, pictures: Pictures) -> None:
    styled = house(head_left="{书名}·{栏目}", head_right="{题名} 第{页码}页")
    target, _ = write(replace(BOOK, pictures=pictures, house=styled), tmp_path)
    found = sections(target)
    assert [heads(section) for section in found[:2]] == [("", "", "")] * 2  # title and copyright page
    assert heads(found[2]) == ("前言 第1页", "黄河古渡旧闻录·", "")
    assert heads(found[6]) == ("忆七星渠 第1页", "黄河古渡旧闻录·水利春秋", "")
    assert heads(found[7]) == ("马福祥其人 第1页", "黄河古渡旧闻录·人物春秋", "")
    assert " PAGE " in xml(target, "word/header3.xml") + xml(target, "word/header4.xml")


def test_a_pattern_without_a_value_prints_nothing(tmp_path: Path, pictures: Pictures) -> None:
    styled = house(head_left="〔{栏目}〕", head_right="")
    target, _ = write(replace(BOOK, pictures=pictures, house=styled), tmp_path)
    assert heads(sections(target)[2]) == ("", "", "")
    assert heads(sections(target)[6]) == ("", "〔水利春秋〕", "")


def feet(section: Any) -> list[str]:
    parts = (section.footer, section.even_page_footer, section.first_page_footer)
    return [part.paragraphs[0].paragraph_format.alignment.name for part in parts]


def test_page_numbers_stand_outside(file: Path) -> None:
    found = sections(file)
    assert feet(found[2]) == ["RIGHT", "LEFT", "RIGHT"]  # 前言 opens on page I
    assert feet(found[3]) == ["RIGHT", "LEFT", "CENTER"]  # 凡例 on either side
    assert "· " in found[2].footer.paragraphs[0].text


def test_page_numbers_in_the_middle(tmp_path: Path, pictures: Pictures) -> None:
    styled = house(folio_place="center", folio="— {页码} —")
    target, _ = write(replace(BOOK, pictures=pictures, house=styled), tmp_path)
    assert feet(sections(target)[6]) == ["CENTER"] * 3
    assert sections(target)[6].footer.paragraphs[0].text.startswith("— ")


def test_texts_may_begin_on_right_hand_pages(tmp_path: Path, pictures: Pictures) -> None:
    target, _ = write(replace(BOOK, pictures=pictures, house=house(article_start="odd")), tmp_path)
    section = sections(target)[7]
    assert str(section.start_type).startswith("ODD_PAGE") and feet(section) == ["RIGHT", "LEFT", "RIGHT"]


def test_section_pages(tmp_path: Path, pictures: Pictures) -> None:
    target, _ = write(replace(BOOK, pictures=pictures, house=house(section_page=True)), tmp_path)
    found = sections(target)
    assert str(found[6].start_type).startswith("ODD_PAGE") and heads(found[6]) == ("", "", "")
    assert heads(found[7])[1] == "黄河古渡旧闻录"
    lines = paragraphs(target)
    assert lines.index(("编者按", "编者按：水利。")) + 3 == lines.index(
        ("Heading 2", "忆七星渠")
    )  # an empty page between
    assert len([words for _, words in lines if words == "水利春秋"]) == 1


# -- byline, pictures


def test_an_author_below_a_heading_is_no_signature(tmp_path: Path) -> None:
    several = text(
        "三题",
        Block.plain(Kind.BYLINE, "甲"),
        paragraph("文"),
        Block.plain(Kind.HEADING, "其二", level=1),
        Block.plain(Kind.BYLINE, "乙"),
        paragraph("文"),
        Block.plain(Kind.BYLINE, "丙"),
    )
    target, _ = write(Book(title="书", sections=(Section("", (Chapter(several),)),)), tmp_path)
    assert [line for line in paragraphs(target) if line[0] in ("作者", "署名")] == [
        ("作者", "甲"),
        ("作者", "乙"),
        ("署名", "丙"),
    ]


def pictured(*captions: str) -> Article:
    blocks: list[Block] = []
    for caption in captions:
        blocks += [Block(Kind.FIGURE, picture="wide"), Block.plain(Kind.CAPTION, caption)]
    return text("图", *blocks)


@pytest.mark.parametrize(
    ("way", "printed", "fields"),
    [
        (
            "article",
            ["图1　甲", "图2　乙", "图7　丙", "图1　丁"],
            [r"\* ARABIC \r 1", r"\* ARABIC", r"\* ARABIC \r 7", r"\* ARABIC \r 1"],
        ),
        ("book", ["图1　甲", "图2　乙", "图7　丙", "图3　丁"], [r"\* ARABIC", r"\* ARABIC", r"\c \h", r"\* ARABIC"]),
        ("none", ["甲", "乙", "图7　丙", "丁"], [r"\c \h"] * 4),
    ],
)
def test_pictures_are_counted_as_the_house_wants(
    way: str, printed: list[str], fields: list[str], tmp_path: Path, pictures: Pictures
) -> None:
    chapters = tuple(Chapter(pictured(*names)) for names in (("甲", "乙"), ("图7　丙",), ("丁",)))
    book = Book(
        title="书",
        sections=(Section("", chapters),),
        picture_list=True,
        pictures=pictures,
        house=house(picture_numbers=way),
    )
    target, _ = write(book, tmp_path)
    assert [words for style, words in paragraphs(target) if style == "Caption"] == printed
    assert [words.split("\t")[0] for style, words in paragraphs(target) if style == "table of figures"] == printed
    assert re.findall(r"SEQ 图 ([^<]*?) </w:instrText>", xml(target)) == fields
    assert r'TOC \h \z \c "图"' in xml(target).replace("&quot;", '"')


def test_a_large_picture_goes_in_as_it_is_and_is_reported(tmp_path: Path, pictures: Pictures) -> None:
    file, kind = pictures("wide")
    image = file.read_bytes()
    # An ancillary chunk of 50 MB before the end: sound for every program.
    large = image[:-12] + (50_000_000).to_bytes(4, "big") + b"teSt" + bytes(50_000_004) + image[-12:]
    (tmp_path / "large").write_bytes(large)
    start = time.process_time()
    article = text("图", Block(Kind.FIGURE, picture="large"))
    book = Book(title="书", sections=(Section("", (Chapter(article),)),), pictures=lambda name: (tmp_path / name, kind))
    target, issues = write(book, tmp_path)
    assert time.process_time() - start < 10
    assert [issue.code for issue in issues] == ["export-picture"] and "50 MB" in issues[0].message
    with zipfile.ZipFile(target) as package:
        assert package.getinfo("word/media/image1.png").file_size == len(large)
        assert package.testzip() is None


# -- indexes


def test_every_place_of_a_name_has_a_bookmark(file: Path) -> None:
    document = xml(file)
    people = re.findall(r'<w:bookmarkStart w:id="\d+" w:name="(_Name\d+)"/><w:bookmarkEnd w:id="\d+"/>', document)
    # 马福祥 in two paragraphs, a title, a text and the afterword; 马鸿逵; 青铜峡 in the text and in its note.
    assert len(people) == 8 == len(set(people))
    split = re.search(r'"/><w:r><w:t xml:space="preserve">马福</w:t></w:r><w:r><w:t xml:space="preserve">祥<', document)
    assert split
    note = document.index("<w:footnoteReference")
    assert document[:note].rstrip().endswith('<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>')
    assert "_Name" not in xml(file, "word/footnotes.xml")  # LibreOffice loses bookmarks there


def test_word_is_asked_to_print_a_page_once(file: Path) -> None:
    fields = re.sub(r"<[^>]+>", "", xml(file).split("人名索引")[-1].replace('<w:instrText xml:space="preserve">', "§"))
    line = fields.split("马福祥　")[1].split("马鸿逵")[0]
    assert re.match(r"§ PAGEREF (_Name\d+) \\h §IF § PAGEREF (_Name\d+) \\h § = § PAGEREF \1 \\h §", line)
    kinds = re.findall(r'w:fldCharType="(\w+)"', xml(file))
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end")


def test_known_pages_stand_once_and_in_stretches() -> None:
    pages = {"a": 3, "b": 3, "c": 5, "d": 6, "e": 7, "f": 12, "g": 13}
    runs = [re.sub(r"<w:instrText.*?</w:instrText>|<[^>]+>", "", run) for run in _stretches(list(pages), pages)]
    assert runs == ["3", "5—7", "12", "13"]


def test_names_that_stand_nowhere_are_left_out_and_reported(tmp_path: Path, pictures: Pictures) -> None:
    target, issues = write(replace(BOOK, pictures=pictures), tmp_path)
    assert [(issue.place, issue.message) for issue in issues if issue.code == "export-index"] == [
        ("人名索引", "张三 1 个名字在正文中没有出现，没有列入。")
    ]
    assert not [words for _, words in paragraphs(target) if words.startswith("老三")]


def test_an_index_of_which_nothing_is_left_is_left_out(tmp_path: Path, pictures: Pictures) -> None:
    index = Index("人名索引", (Heading("张三", ("张三",)),))
    target, _ = write(replace(BOOK, pictures=pictures, indexes=(index,)), tmp_path)
    assert not [words for _, words in paragraphs(target) if words.startswith("人名索引")]


def test_indexes_have_two_columns(file: Path) -> None:
    columns = re.findall(r'<w:type w:val="(\w+)"/>[^§]*?<w:cols( w:num="2")? ', xml(file).replace("<w:sectPr>", "§"))
    assert [start for start, two in columns if two] == ["continuous"] * 2


def test_answers_are_read_from_broken_lines() -> None:
    assert answers(["a", "b", "c"], "@0=1\n2@ 页眉 @1=3@@2=Error@") == {"a": 12, "b": 3}


@pytest.mark.parametrize(("number", "said"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (99, "XCIX")])
def test_roman(number: int, said: str) -> None:
    assert roman(number) == said


# -- formats


@pytest.mark.parametrize(("name", "width", "height"), [("16开", 185, 260), ("大32开", 140, 203), ("A4", 210, 297)])
def test_pages(name: str, width: int, height: int, tmp_path: Path, pictures: Pictures) -> None:
    target, _ = write(replace(BOOK, pictures=pictures, house=house(name)), tmp_path)
    section = sections(target)[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (width, height)


def test_official_letters_hold_28_characters_in_a_line(tmp_path: Path, pictures: Pictures) -> None:
    target, _ = write(replace(BOOK, pictures=pictures, house=house("A4")), tmp_path)
    body = docx.Document(str(target)).styles["文章正文"]
    spacing = int(body.element.find(f".//{qn('w:rPr')}/{qn('w:spacing')}").get(qn("w:val"))) / 20
    page = house("A4").page
    assert int(page.measure / 25.4 * 72 / (body.font.size.pt + spacing)) == 28
    assert int(page.depth / 25.4 * 72 / house("A4").style("文章正文").pitch) == 22


def test_a_vertical_book_opens_to_the_right(tmp_path: Path, pictures: Pictures) -> None:
    target, _ = write(replace(BOOK, pictures=pictures, house=house("竖排")), tmp_path)
    document = xml(target)
    assert document.count('<w:textDirection w:val="tbRl"/>') == document.count("<w:sectPr>")
    section = sections(target)[2]
    assert section.right_margin.mm == pytest.approx(24, abs=0.1) and section.left_margin.mm == pytest.approx(
        20, abs=0.1
    )
    assert feet(section)[:2] == ["LEFT", "RIGHT"]
    assert "<w:footnoteReference" not in document
    assert ("文末注", "〔一〕青铜峡在宁夏。") in paragraphs(target)
    assert "又见马鸿逵〔一〕" in [words for _, words in paragraphs(target)][-40:] or "〔一〕" in document


# -- tables


@pytest.mark.parametrize(
    ("columns", "fit"),
    [
        (3, WordTableFit(85, 0, 18)),
        (11, WordTableFit(85, 0, 18)),
        (12, WordTableFit(20, 0, 18)),
        (24, WordTableFit(20, 14, 14)),
        (40, WordTableFit(20, 11, 11)),
        (55, None),
        (64, None),
    ],
)
def test_tables_of_many_columns_become_smaller(columns: int, fit: WordTableFit | None) -> None:
    assert WordTableFit.of(columns, 7994, 18) == fit


def test_no_number_is_cut_in_two(tmp_path: Path) -> None:
    texts = ["枸杞", *(f"{number},525" for number in range(83, 98))]
    cells = [Block.plain(Kind.CELL, each, cell=Cell(0, 0, at)) for at, each in enumerate(texts)]
    target, _ = write(Book(title="书", sections=(Section("", (Chapter(text("表", *cells)),)),)), tmp_path)
    table = docx.Document(str(target)).tables[0]
    widths = [int(column.get(qn("w:w"), "")) / 20 for column in table._tbl.tblGrid]
    size = table.rows[0].cells[1].paragraphs[0].runs[0].font.size.pt
    assert 6 <= size < 9 and min(widths[1:]) >= 6 * 0.5 * size + 2 and widths[0] >= 2 * size + 2


def test_a_wide_table_is_no_wider_than_the_text(tmp_path: Path) -> None:
    cells = [Block.plain(Kind.CELL, f"{n}月", cell=Cell(0, 0, n)) for n in range(40)]
    target, issues = write(Book(title="书", sections=(Section("", (Chapter(text("表", *cells)),)),)), tmp_path)
    table = docx.Document(str(target)).tables[0]
    assert sum(int(column.get(qn("w:w"), "")) for column in table._tbl.tblGrid) == round(141 * 1440 / 25.4)
    assert {run.font.size.pt for cell in table.rows[0].cells for run in cell.paragraphs[0].runs} == {5.5}
    assert issues == ()


# -- the file


def test_the_zip_carries_the_time_of_the_book(file: Path) -> None:
    with zipfile.ZipFile(file) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2026, 1, 2, 3, 4, 6)}
        assert len(package.namelist()) == len(set(package.namelist()))
        assert "2026-01-02T03:04:06Z" in package.read("docProps/core.xml").decode()


def test_the_same_book_gives_the_same_bytes(tmp_path: Path, pictures: Pictures) -> None:
    book = replace(BOOK, pictures=pictures, cover="wide")
    first, second = (write(book, folder)[0].read_bytes() for folder in (tmp_path, tmp_path.parent))
    assert first == second


def test_a_failed_export_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "book.docx"
    target.write_bytes(b"old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(Exception, match="磁盘空间不足"):
        WordExporter(fill=False).write(BOOK, target)
    assert target.read_bytes() == b"old" and list(tmp_path.iterdir()) == [target]


NASTY = (
    r'<w:p/> ]]> &amp; & "引号" \h TOC \o "1-3" { PAGEREF _Toc1 }',
    r"<w:instrText> PAGE </w:instrText>",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    "图 SEQ 图 \\* ARABIC @0=1@",
    "\ud800孤立代理\ufffe与\x00控制符",
)


@pytest.mark.parametrize("words", NASTY)
def test_words_that_look_like_markup_are_words_everywhere(words: str, tmp_path: Path) -> None:
    article = text(
        words,
        Block.plain(Kind.SUBTITLE, words),
        Block(Kind.PARAGRAPH, (Run(words), Run("", note=words), Run("阏", ruby=words))),
        Block.plain(Kind.CELL, words, cell=Cell(0, 0, 0)),
        Block.plain(Kind.NOTE, words, label=words),
    )
    chapter = Chapter(article, words, words, note=(words,))
    book = Book(
        title=words,
        subtitle=words,
        series=words,
        editor=words,
        publisher=words,
        imprint=(words,),
        front=(matter(words, words),),
        sections=(Section(words, (chapter, chapter), note=(words,)),),
        indexes=(Index(words, (Heading(words, (words[:6],), words[:1]),)),),
    )
    target, _ = write(book, tmp_path)
    shown = re.sub("[\ud800\ufffe\x00]", "\ufffd", words)
    lines = paragraphs(target)
    assert [line for line in lines if line[0] == "Title"] == [("Title", shown)]
    for style in ("Heading 1", "Heading 2", "文章副题", "作者", "编者按", "出处", "版权", "前后题名"):
        assert (style, shown) in lines, style
    assert shown in "".join(
        note for note in re.findall(r"<w:t[^>]*>([^<]*)", xml(target, "word/footnotes.xml"))
    ).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_a_title_of_200_characters_leaves_the_title_page_one_page(tmp_path: Path) -> None:
    long = replace(BOOK, title="长" * 200, indexes=(), picture_list=False)
    target, _ = write(long, tmp_path)
    document = docx.Document(str(target))
    lines = [p for p in document.paragraphs if p.style.name in ("Subtitle", "Title", "编者")][:5]
    height = 0.0
    for line in lines:
        style = house().style({"Title": "书名", "Subtitle": "副题", "编者": "编者"}[line.style.name])
        space = line.paragraph_format.space_before
        rows = -(-len(line.text) * 18 // 399) if line.style.name == "Title" else 1
        height += (style.before if space is None else space.pt) + rows * style.pitch + style.after
    assert height < house().page.depth / 25.4 * 72


@pytest.mark.parametrize(("rows", "words", "kept"), [(12, "短", 11), (13, "短", 0), (3, "长" * 101, 0)])
def test_a_small_table_stays_on_one_page(rows: int, words: str, kept: int, tmp_path: Path) -> None:
    cells = [Block.plain(Kind.CELL, words, cell=Cell(0, n, 0)) for n in range(rows)]
    target, _ = write(Book(title="书", sections=(Section("", (Chapter(text("表", *cells)),)),)), tmp_path)
    table = re.search("<w:tbl>.*</w:tbl>", xml(target))
    assert table and table[0].count("<w:keepNext/>") == kept
    assert table[0].count("<w:cantSplit/>") == (rows if len(words) < 100 else 0)


def test_a_name_behind_a_note_has_its_bookmark_before_it(tmp_path: Path) -> None:
    """LibreOffice loses the one that stands right behind the first note of a book, and with it all page numbers."""
    runs = (Run("见图", note="1"), Run("渡口记事。"))
    blocks = (Block.plain(Kind.TITLE, "题"), Block(Kind.PARAGRAPH, runs), Block.plain(Kind.NOTE, "在县北。", label="1"))
    index = Index("索引", (Heading("渡口", ("渡口",)),))
    file = tmp_path / "book.docx"
    WordExporter(fill=False).write(replace(make_book([Article(collection="c", blocks=blocks)]), indexes=(index,)), file)
    with zipfile.ZipFile(file) as package:
        document = package.read("word/document.xml").decode()
    order = re.findall(r'w:name="_Name|footnoteReference w:id|渡口记事', document)
    assert order == ['w:name="_Name', "footnoteReference w:id", "渡口记事"]

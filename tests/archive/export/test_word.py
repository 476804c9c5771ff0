"""The Word file's own XML: styles, notes, tables, pictures, contents, and the same bytes for the same book."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from archive.export import Book, make_book
from archive.export.word.word_exporter import WordExporter
from archive.model.records import Article, Block, Cell, Genre, Issue, Kind, Run

TITLE = Block.plain(Kind.TITLE, "题")


@pytest.fixture
def file(book: Book, tmp_path: Path) -> Path:
    target = tmp_path / "book.docx"
    WordExporter(fill=False).write(book, target)
    return target


def xml(file: Path, part: str = "word/document.xml") -> str:
    with zipfile.ZipFile(file) as package:
        return package.read(part).decode()


def write(tmp_path: Path, *blocks: Block, pictures: Any = None, title: Block = TITLE) -> tuple[Path, tuple[Issue, ...]]:
    target = tmp_path / "book.docx"
    article = Article(collection="a", blocks=(title, *blocks))
    book = make_book([article], pictures=pictures) if pictures else make_book([article])
    return target, WordExporter(fill=False).write(book, target)


def paragraphs(file: Path) -> list[tuple[str, str]]:
    """(style name, text) of the paragraphs that stand directly in the body."""
    return [(p.style.name, p.text) for p in docx.Document(str(file)).paragraphs]


def test_it_has_the_styles_a_designer_looks_for(file: Path) -> None:
    document = docx.Document(str(file))
    for name, font in {
        "Title": "方正小标宋简体",
        "Heading 1": "黑体",
        "Heading 2": "方正小标宋简体",
        "Heading 3": "黑体",
        "作者": "楷体",
        "文章正文": "宋体",
        "Quote": "仿宋",
        "Caption": "楷体",
        "出处": "楷体",
        "footnote text": "宋体",
        "toc 1": "黑体",
        "署名": "楷体",
        "编者按": "楷体",
        "版权": "宋体",
        "index 1": "宋体",
        "index heading": "黑体",
    }.items():
        fonts = document.styles[name].element.find(qn("w:rPr")).find(qn("w:rFonts"))
        assert (fonts.get(qn("w:eastAsia")), fonts.get(qn("w:ascii"))) == (font, "Times New Roman"), name
    aliases = re.findall(r'<w:aliases w:val="([^"]+)"', xml(file, "word/styles.xml"))
    assert {"书名", "栏目", "题名", "引文", "图注", "脚注", "索引", "索引字母"} <= set(aliases)
    assert len(aliases) == len(set(aliases))


def test_every_paragraph_has_a_style_that_exists(file: Path) -> None:
    known = set(re.findall(r'w:styleId="([^"]+)"', xml(file, "word/styles.xml")))
    used = set(re.findall(r'<w:[pr]Style w:val="([^"]+)"', xml(file) + xml(file, "word/footnotes.xml")))
    assert used and used <= known


def test_body_has_an_indent_of_two_characters_and_chinese_rules(file: Path) -> None:
    styles, settings = xml(file, "word/styles.xml"), xml(file, "word/settings.xml")
    assert re.search(r'w:styleId="BodyIndented">.*?w:firstLineChars="200"', styles)
    assert "<w:kinsoku/>" in styles and 'w:eastAsia="zh-CN"' in styles
    assert '<w:characterSpacingControl w:val="compressPunctuation"/>' in settings


def test_the_page_is_16mo_with_mirrored_margins(file: Path) -> None:
    section = docx.Document(str(file)).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (185, 260)
    assert "<w:mirrorMargins/>" in xml(file, "word/settings.xml")


def test_headings_and_their_order(file: Path) -> None:
    headings = [(style, text) for style, text in paragraphs(file) if style.startswith("Heading")]
    assert headings[:3] == [("Heading 1", "水利春秋"), ("Heading 2", "忆七星渠的疏浚"), ("Heading 3", "一、开工之前")]
    assert ("Heading 4", "1949年") in headings  # an entry of a chronicle
    assert headings[-1] == ("Heading 2", "无栏目之文")


def test_entries_run_on_and_share_a_source_line(file: Path) -> None:
    texts = paragraphs(file)
    assert [text for style, text in texts if style == "出处" and "大事记" in text] == ["出处：《中卫县大事记》"]
    assert sum(1 for style, text in texts if style.startswith("toc") and "年" in text) == 0


def test_years_of_a_chronicle_run_on(tmp_path: Path) -> None:
    def entry(year: str, *headings: Block) -> Article:
        blocks = (Block.plain(Kind.TITLE, f"{year}　正月"), *headings, Block.plain(Kind.PARAGRAPH, "正月，大旱。"))
        return Article(collection="a", genre=Genre.ENTRY, section=f"{year}（某年）", blocks=blocks)

    era = Block.plain(Kind.HEADING, "清", level=1)
    target = tmp_path / "book.docx"
    WordExporter(fill=False).write(make_book([entry("顺治元年", era), entry("顺治二年")]), target)
    assert [line for line in paragraphs(target) if line[0].startswith(("Heading", "toc"))] == [
        ("toc 1", "清\t"),
        ("Heading 3", "顺治元年（某年）"),
        ("Heading 1", "清"),
        ("Heading 4", "顺治元年　正月"),
        ("Heading 3", "顺治二年（某年）"),
        ("Heading 4", "顺治二年　正月"),
    ]


def test_levels_of_headings_are_counted_within_the_text(tmp_path: Path) -> None:
    target, _ = write(tmp_path, *(Block.plain(Kind.HEADING, f"第{n}级", level=n) for n in (3, 5)))
    assert [style for style, _ in paragraphs(target) if style.startswith("Heading")] == [
        "Heading 2",
        "Heading 3",
        "Heading 4",
    ]


def test_the_source_line_is_kept_with_the_text(tmp_path: Path) -> None:
    target, _ = write(tmp_path, Block.plain(Kind.PARAGRAPH, "上"), Block.plain(Kind.PARAGRAPH, "下"))
    assert docx.Document(str(target)).paragraphs[2].paragraph_format.keep_with_next
    assert not docx.Document(str(target)).paragraphs[1].paragraph_format.keep_with_next


def test_contents_name_every_text(file: Path) -> None:
    lines = [(style, text.split("\t")[0]) for style, text in paragraphs(file) if style.startswith("toc ")]
    assert [style for style, _ in lines] == ["toc 1", "toc 2", "toc 2", "toc 1", "toc 2"]
    assert lines[1] == ("toc 2", "忆七星渠的疏浚")
    bookmarks = re.findall(r'<w:bookmarkStart w:id="\d+" w:name="([^"]+)"', xml(file))
    assert re.findall(r'<w:hyperlink w:anchor="([^"]+)"', xml(file)) == bookmarks


def test_terms_of_a_roster_run_on_but_are_in_the_contents(tmp_path: Path) -> None:
    terms = [
        Article(collection="a", genre=Genre.TERM, blocks=(Block.plain(Kind.TITLE, f"第{n}届委员会"),)) for n in "一二三"
    ]
    target = tmp_path / "book.docx"
    WordExporter(fill=False).write(make_book(terms), target)
    styles = [style for style, _ in paragraphs(target)]
    assert styles.count("toc 2") == styles.count("Heading 2") == 3
    assert len(docx.Document(str(target)).sections) == 3  # cover, contents, all terms


def test_without_page_numbers_word_is_asked_to_compute_them(book: Book, tmp_path: Path) -> None:
    issues = WordExporter(fill=False).write(book, tmp_path / "book.docx")
    assert '<w:fldChar w:fldCharType="begin" w:dirty="true"/>' in xml(tmp_path / "book.docx")
    assert '<w:updateFields w:val="true"/>' in xml(tmp_path / "book.docx", "word/settings.xml")
    (told,) = [issue.message for issue in issues if issue.code == "export-pages"]
    assert told.endswith("页码即自动填入。")


def test_fields_are_balanced(file: Path) -> None:
    kinds = re.findall(r'w:fldCharType="(\w+)"', xml(file))
    assert (
        kinds.count("begin") == kinds.count("separate") == kinds.count("end") == 1 + 5 + 3
    )  # contents, pages, pictures


def test_footnotes_are_real_and_numbered_per_page(file: Path) -> None:
    document, notes = xml(file), xml(file, "word/footnotes.xml")
    assert re.findall(r'<w:footnoteReference w:id="(\d+)"', document) == ["1", "2", "3", "4"]
    assert "".join(re.findall(r"<w:t[^>]*>([^<]*)", notes)) == (
        "本文原为一次谈话。一说始凿于光绪二十九年。见县档案馆第12号卷。含冬闲。"
    )
    assert 'w:val="decimalEnclosedCircleChinese"/><w:numRestart w:val="eachPage"/>' in document


def test_loose_ends_of_notes_are_kept_and_reported(book: Book, tmp_path: Path) -> None:
    target = tmp_path / "book.docx"
    issues = WordExporter(fill=False).write(book, target)
    assert ("文末注", "〔9〕这条注释没有注号。") in paragraphs(target)
    assert ("文章正文", "此处〔77〕有悬空注号。") in paragraphs(target)
    assert len([issue for issue in issues if issue.code == "export-note"]) == 2


def test_a_note_within_a_note_is_kept(tmp_path: Path) -> None:
    target, _ = write(
        tmp_path,
        Block(Kind.PARAGRAPH, (Run("文"), Run("", note="1"))),
        Block(Kind.NOTE, (Run("外"), Run("", note="2")), label="1"),
        Block.plain(Kind.NOTE, "内", label="2"),
    )
    assert "〔2〕" in xml(target, "word/footnotes.xml")
    assert ("文末注", "〔2〕内") in paragraphs(target)


def test_inline_formats(file: Path) -> None:
    text = xml(file)
    for markup in (
        '<w:rPr><w:em w:val="dot"/></w:rPr><w:t xml:space="preserve">光绪三十年',
        '<w:rPr><w:b/></w:rPr><w:t xml:space="preserve">一百四十里',
        '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t xml:space="preserve">3<',
        '<w:rPr><w:vertAlign w:val="subscript"/></w:rPr><w:t xml:space="preserve">2<',
        '<w:t xml:space="preserve">yān</w:t></w:r></w:rt><w:rubyBase><w:r><w:t xml:space="preserve">阏',
        "黄河远上白云间，</w:t><w:br/>",
        "制表</w:t><w:tab/>",
    ):
        assert markup in text, markup


def test_quotation_marks_among_chinese_are_full_width(file: Path) -> None:
    assert '<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">黄河自青铜峡' in xml(file)


def test_markup_in_the_text_stays_text(file: Path) -> None:
    texts = [text for _, text in paragraphs(file)]
    assert r"正文里有<w:t>标记</w:t>、& 号、TOC \o 域语法、#标题、*星号* 与 $x$。" in texts
    assert "控制字符\ufffd在此；制表\t符。" in texts


def test_table_spans_and_heading_rows(file: Path) -> None:
    table = docx.Document(str(file)).tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["公社", "出工", "出工"],
        ["公社", "人数", "天数"],
        ["柔远", "412", "42"],
    ]
    assert len(table._tbl.findall(".//" + qn("w:tblHeader"))) == 2
    widths = [int(column.get(qn("w:w"), "")) for column in table._tbl.tblGrid]
    assert sum(widths) == round(141 * 1440 / 25.4)


def test_a_heading_row_with_a_note_is_not_repeated(tmp_path: Path) -> None:
    target, _ = write(
        tmp_path,
        Block(Kind.CELL, (Run("年"), Run("", note="1")), cell=Cell(0, 0, 0, header=True)),
        Block.plain(Kind.CELL, "1958", cell=Cell(0, 1, 0)),
        Block.plain(Kind.NOTE, "注", label="1"),
    )
    assert "<w:tblHeader/>" not in xml(target)
    assert "<w:footnoteReference" in xml(target)


def test_a_table_too_wide_for_word_is_set_in_parts(tmp_path: Path) -> None:
    target, issues = write(tmp_path, *(Block.plain(Kind.CELL, f"第{n}栏", cell=Cell(0, 0, n)) for n in range(64)))
    assert [issue.code for issue in issues] == ["export-table"]
    set_ = xml(target)
    assert set_.count("<w:tbl>") == set_.count("第0栏") > 1
    assert all(set_.count(f"第{n}栏") == 1 for n in range(1, 64))


def test_a_table_that_cannot_be_parted_becomes_lines(tmp_path: Path) -> None:
    cells = (*(Cell(0, 0, n) for n in range(64)), Cell(0, 1, 0, 1, 64))
    target, issues = write(tmp_path, *(Block.plain(Kind.CELL, f"第{n}栏", cell=at) for n, at in enumerate(cells)))
    assert [issue.code for issue in issues] == ["export-table"]
    texts = [text for _, text in paragraphs(target)]
    assert all(f"第{n}栏" in texts for n in range(65))


def test_pictures_fit_the_type_area(file: Path) -> None:
    sizes = [(int(x), int(y)) for x, y in re.findall(r'<wp:extent cx="(\d+)" cy="(\d+)"', xml(file))]
    assert sizes[0] == (141 * 36000, 141 * 36000 // 4)
    assert sizes[1][0] * 4 == pytest.approx(sizes[1][1], abs=4) and sizes[1][1] < 150 * 36000
    assert 'descr="渠首"' in xml(file)


def test_a_picture_in_a_cell_is_no_wider_than_the_cell(
    tmp_path: Path, pictures: Callable[[str], tuple[Path, str]]
) -> None:
    blocks = [
        Block.plain(Kind.CELL, "说明", cell=Cell(0, 0, 0)),
        Block(Kind.FIGURE, picture="wide", cell=Cell(0, 0, 1)),
    ]
    target, issues = write(tmp_path, *blocks, pictures=pictures)
    (width,) = re.findall(r'<wp:extent cx="(\d+)"', xml(target))
    assert int(width) < 120 * 36000 and issues == ()


def test_a_note_without_label_is_not_everybodys(tmp_path: Path) -> None:
    target, _ = write(tmp_path, Block.plain(Kind.PARAGRAPH, "文"), Block.plain(Kind.NOTE, "无号的注"))
    assert "footnoteReference w:id" not in xml(target)
    assert ("文末注", "无号的注") in paragraphs(target)


def test_picture_parts_are_named_by_their_format(file: Path) -> None:
    with zipfile.ZipFile(file) as package:
        media = [name for name in package.namelist() if name.startswith("word/media/")]
        types = package.read("[Content_Types].xml").decode()
    assert media == ["word/media/image1.png", "word/media/image2.png"]
    assert '<Default Extension="png" ContentType="image/png"/>' in types


def test_pictures_that_cannot_be_shown_leave_a_place_and_an_issue(book: Book, tmp_path: Path) -> None:
    target = tmp_path / "book.docx"
    issues = WordExporter(fill=False).write(book, target)
    assert [text for style, text in paragraphs(target) if style == "缺图"] == [
        "〔图片缺失〕坏图",
        "〔图片缺失〕矢量图",
        "〔图片缺失〕没有的图",
    ]
    assert len([issue for issue in issues if issue.code == "export-picture"]) == 3


def test_captions_are_numbered_only_where_the_author_numbers_none(
    tmp_path: Path, pictures: Callable[[str], tuple[Path, str]], file: Path
) -> None:
    captions = [text for style, text in paragraphs(file) if style == "Caption"]
    assert captions == [
        "图1　七星渠渠首工地",
        "图2　竣工纪念碑",
        "表一　各社出工情况",
        "图3　坏掉的图",
        "▲水车  摄影/李明",
    ]
    assert re.findall(r"SEQ 图 [^<]*", xml(file)) == [
        r"SEQ 图 \* ARABIC \r 1 ",
        r"SEQ 图 \* ARABIC ",
        r"SEQ 图 \* ARABIC \r 3 ",
    ]


def test_running_heads_and_page_numbers(file: Path) -> None:
    document = docx.Document(str(file))
    assert document.settings.odd_and_even_pages_header_footer
    texts = [section.header.paragraphs[0].text for section in document.sections]
    assert texts[2] == "忆七星渠的疏浚" and texts[4] == "大事记" and texts[5] == "无栏目之文"
    assert len(texts[3]) <= 38 and texts[3].endswith("…")
    assert document.sections[3].even_page_header.paragraphs[0].text == "黄河古渡旧闻录"
    assert " PAGE " in xml(file, "word/footer2.xml")


@pytest.mark.parametrize(("title", "half_points"), [("短", None), ("长" * 20, 38), ("长" * 200, 36)])
def test_a_long_title_is_set_smaller(title: str, half_points: int | None, tmp_path: Path) -> None:
    target = tmp_path / "book.docx"
    WordExporter(fill=False).write(make_book([Article(collection="a", blocks=(TITLE,))] * 2, title=title), target)
    cover = docx.Document(str(target)).paragraphs[0]
    assert cover.text == title
    assert cover.runs[0].font.size == (half_points and docx.shared.Pt(half_points / 2))


def test_a_single_text_has_neither_cover_nor_contents(tmp_path: Path) -> None:
    target, issues = write(tmp_path, Block.plain(Kind.PARAGRAPH, "文"))
    assert paragraphs(target) == [("Heading 2", "题"), ("文章正文", "文"), ("出处", "出处：a")]
    assert issues == ()


def test_a_note_in_the_title(tmp_path: Path) -> None:
    title = Block(Kind.TITLE, (Run("题"), Run("", note="*")))
    target, _ = write(tmp_path, Block.plain(Kind.NOTE, "注", label="*"), title=title)
    assert "<w:footnoteReference" in xml(target)


def test_the_same_book_gives_the_same_bytes(book: Book, tmp_path: Path) -> None:
    files = [tmp_path / "one.docx", tmp_path / "two.docx"]
    for target in files:
        WordExporter(fill=False).write(book, target)
    assert files[0].read_bytes() == files[1].read_bytes()
    properties = docx.Document(str(files[0])).core_properties
    assert properties.created is not None and properties.created.year == 2026
    assert (properties.title, properties.author) == ("黄河古渡旧闻录", "县政协 编")

"""PDF: what is printed is what was given, page by page."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pypdfium2  # type: ignore[import-untyped]
import pytest

from archive.export import EXPORTERS, Book, child, make_book
from archive.export.book import Chapter, Heading, Index
from archive.export.fonts import choose, font_folders, read_catalogue
from archive.export.house import house_style
from archive.export.name_index import pages as ranges
from archive.export.pdf import pdf_exporter
from archive.export.pdf.pdf_setting import PdfBookSetter
from archive.export.pdf.preview import preview
from archive.export.pdf.run_typst import Job, SettingFailed, run_typst
from archive.export.prepared_pictures import PreparedBook
from archive.model.errors import ExportError
from archive.model.records import Article, Block, Cell, Genre, Kind, Run

_TYPESET = Path(pdf_exporter.__file__).with_name("typeset.py")


@pytest.fixture(scope="session", autouse=True)
def _chinese_fonts() -> None:
    try:
        choose(read_catalogue(font_folders()), house_style().fonts)
    except ExportError as error:
        pytest.skip(f"no Chinese font on this machine: {error.message}")


def article(title: str, *blocks: Block, **fields: object) -> Article:
    values: dict[str, object] = {"collection": "c"} | fields
    return Article(blocks=(Block.plain(Kind.TITLE, title), *blocks), **values)  # type: ignore[arg-type]


def paragraph(text: str, note: str = "") -> Block:
    return Block(Kind.PARAGRAPH, (Run(text), Run("", note=note)) if note else (Run(text),))


def written(book: Book, folder: Path) -> Path:
    file = folder / "book.pdf"
    EXPORTERS["pdf"].write(book, file)
    return file


def pages(file: Path) -> Sequence[str]:
    """The text of every page without white space and joiners."""
    opened = pypdfium2.PdfDocument(file)
    try:
        texts = [page.get_textpage().get_text_range() for page in opened]
        return ["".join(text.replace("\u2060", "").split()) for text in texts]
    finally:
        opened.close()


def bookmarks(file: Path) -> Sequence[tuple[int, str]]:
    opened = pypdfium2.PdfDocument(file)
    try:
        return [(mark.level, mark.get_title()) for mark in opened.get_toc()]
    finally:
        opened.close()


def test_every_word_is_printed_and_nothing_acts_as_markup(book: Book, tmp_path: Path) -> None:
    printed = "".join(pages(written(replace(book, draft=True), tmp_path)))
    assert "黄河古渡旧闻录" in printed
    assert r"正文里有<w:t>标记</w:t>、&号、TOC\o域语法、#标题、*星号*与$x$。" in printed
    assert "阏" in printed and "yān" in printed


def test_the_same_book_gives_the_same_bytes_and_is_for_archives(book: Book, tmp_path: Path) -> None:
    first = written(replace(book, draft=True), tmp_path).read_bytes()
    assert written(replace(book, draft=True), tmp_path).read_bytes() == first
    assert b"<pdfaid:part>2</pdfaid:part>" in first and b"<pdfaid:conformance>U</pdfaid:conformance>" in first


def test_a_book_of_one_title_needs_few_of_the_fonts(tmp_path: Path) -> None:
    assert "河渠津渡" in "".join(pages(written(make_book([article("河渠津渡")]), tmp_path)))


def test_a_search_does_not_load_typst() -> None:
    code = "import sys, archive.export; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(("name", "lines", "characters"), [("16开", 35, 38), ("大32开", 27, 28), ("A4", 22, 28)])
def test_a_page_holds_what_its_house_style_says(name: str, lines: int, characters: int, tmp_path: Path) -> None:
    book = replace(make_book([article("甲", paragraph("国" * 3200))]), house=house_style(name))
    opened = pypdfium2.PdfDocument(written(book, tmp_path))
    text = opened[1].get_textpage().get_text_range()
    opened.close()
    full = [line for line in text.split("\r\n") if line and not line.strip("国")]
    assert (len(full), max(map(len, full))) == (lines, characters)


class TestPages:
    """A whole book, page by page."""

    @pytest.fixture(scope="class")
    @classmethod
    def file(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        matter = {"genre": Genre.MATTER}
        long = Block(Kind.TITLE, (Run("题目" * 100), Run("", note="1")))
        texts = (
            article("甲篇", *(paragraph("张怀远过青铜峡。" * 60) for _ in range(6)), section="水利"),
            Article(
                collection="c",
                section="人物",
                blocks=(long, paragraph("又见张怀远。"), Block.plain(Kind.NOTE, "题目的注。", label="1")),
            ),
            *(
                article(f"{year}年", paragraph("是年大旱。"), section="大事记", genre=Genre.ENTRY)
                for year in (1949, 1950)
            ),
        )
        book = replace(
            make_book(texts, title="河渠旧闻", editor="县政协 编"),
            series="文史资料第三辑",
            imprint=("内部资料 免费交流",),
            front=(Chapter(article("前言", paragraph("编者的话。"), **matter)),),
            back=(Chapter(article("后记", paragraph("张怀远校。"), **matter)),),
            indexes=(Index("人名索引", (Heading("张怀远", ("张怀远",), "Z"), Heading("未出现", ("未出现",), "W"))),),
        )
        return written(book, tmp_path_factory.mktemp("pages"))

    def test_cover_imprint_preface_contents_then_page_one_on_the_right(self, file: Path) -> None:
        found = pages(file)
        assert "文史资料第三辑" in found[0] and "河渠旧闻" in found[0]
        assert found[1] == "内部资料免费交流"
        assert found[2] == "前言编者的话。·I·"
        first = next(number for number, page in enumerate(found) if page.startswith("水利"))
        assert first % 2 == 0 and found[first].endswith("·1·")

    def test_contents_name_the_printed_pages(self, file: Path) -> None:
        found = pages(file)
        contents = next(page for page in found if page.startswith("目录"))
        printed = {page.rsplit("·", 2)[-2]: page for page in found if page.endswith("·")}
        for title, number in (("甲篇", "1"), ("前言", "I")):
            assert title in printed[number]
            assert contents.replace("·", "").split(title, 1)[1].startswith(number)
        assert "1949年" not in contents  # entries of a chronicle are too many

    def test_running_heads_stand_above_all_but_first_pages(self, file: Path) -> None:
        found = pages(file)
        first = next(number for number, page in enumerate(found) if page.startswith("水利"))
        assert found[first + 1].startswith("河渠旧闻")
        assert found[first + 2].startswith("甲篇")

    def test_bookmarks_have_titles_without_their_notes(self, file: Path) -> None:
        assert bookmarks(file)[:4] == [(0, "前言"), (0, "目录"), (0, "水利"), (1, "甲篇")]
        assert (1, "题目" * 100) in bookmarks(file)

    def test_a_note_in_a_title_stands_below_its_page_only(self, file: Path) -> None:
        assert [page.count("题目的注。") for page in pages(file) if "题目的注。" in page] == [1]
        contents = next(page for page in pages(file) if page.startswith("目录"))
        assert "①" not in contents

    def test_an_index_gives_each_page_once(self, file: Path) -> None:
        found = pages(file)
        named = [page.rsplit("·", 2)[-2] for page in found if "张怀远" in page and page.endswith("·")]
        numbers = named[:-1]
        index_page = next(page for page in found if page.startswith("人名索引"))
        assert index_page.startswith("人名索引Z张怀远" + ranges(map(int, numbers)))
        assert "未出现" not in index_page

    def test_entries_run_on(self, file: Path) -> None:
        assert any("1949年" in page and "1950年" in page for page in pages(file))


def test_notes_count_anew_on_every_page_and_beyond_fifty(tmp_path: Path) -> None:
    many = tuple(str(number) for number in range(60))
    runs = tuple(run for label in many for run in (Run("字"), Run("", note=label)))
    # Two pages: only one line of text each, the rest is for the notes.
    small = replace(
        house_style("A4"),
        styles={**house_style("A4").styles, "脚注": replace(house_style().style("脚注"), size=5, pitch=5)},
    )
    text = article("甲", Block(Kind.PARAGRAPH, runs), *(Block.plain(Kind.NOTE, "注", label=label) for label in many))
    other = article("乙", paragraph("字", "1"), Block.plain(Kind.NOTE, "又一注", label="1"))
    found = pages(written(replace(make_book([text, other]), house=small), tmp_path))
    assert any("㊿注〔51〕注" in page for page in found)
    assert any("①又一注" in page for page in found)


def table(columns: int, rows: int = 2) -> list[Block]:
    return [
        Block.plain(Kind.CELL, f"数{row * column + 1000}", cell=Cell(0, row, column, header=row == 0))
        for row in range(rows)
        for column in range(columns)
    ]


def test_a_wide_table_stands_across_a_page_and_text_fills_the_one_before(tmp_path: Path) -> None:
    file = written(make_book([article("表", paragraph("表前。"), *table(36), paragraph("表后。"))]), tmp_path)
    opened = pypdfium2.PdfDocument(file)
    turned = [page.get_width() > page.get_height() for page in opened]
    opened.close()
    assert turned == [False, False]
    first, second = pages(file)
    assert "表前。表后。" in first and "数1035" in second


def test_a_long_wide_table_has_its_heading_on_every_page(tmp_path: Path) -> None:
    file = written(make_book([article("表", *table(36, 60), paragraph("表后。"))]), tmp_path)
    found = [page for page in pages(file) if "数1" in page]
    assert len(found) > 1 and all(page.count("数1000") >= 36 for page in found)
    assert sum(page.count("数") for page in found) == 36 * (60 + len(found) - 1)


def test_a_table_too_wide_for_any_page_becomes_lines(tmp_path: Path) -> None:
    file = tmp_path / "book.pdf"
    issues = EXPORTERS["pdf"].write(make_book([article("表", *table(90))]), file)
    assert [issue.code for issue in issues if issue.code != "font-replaced"] == ["export-table"]
    assert "数1088数1089" in "".join(pages(file))


# Eight by eight dots in the four colours of print.
CMYK = bytes.fromhex(
    "ffd8ffee000e41646f626500640000000000ffdb004300a06e788c7864a08c828cb4aaa0bef0fffff0dcdcf0ffffffff"
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc000140800080008"
    "044311004d11005911004b1100ffc4001500010100000000000000000000000000000300ffc400141001000000000000"
    "00000000000000000000ffda000e0443004d0059004b00003f0064133fffd9"
)


class TestPictures:
    def book(self, data: bytes, folder: Path) -> Book:
        picture = folder / "picture"
        picture.write_bytes(data)
        figure = Block(Kind.FIGURE, (Run("渠首"),), picture="p")
        text = article("图", figure, Block.plain(Kind.CAPTION, "工地"), paragraph("文字。"))
        return make_book([text], pictures=lambda _: (picture, ""))

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(b"\xff\xd8\xff\xe0" + b"\0" * 50 + b"\xff\xd9", id="nothing between head and end"),
            pytest.param(b"II*\0" + b"\0" * 50, id="TIFF"),
            pytest.param(b"\x89PNG\r\n\x1a\n", id="half a file"),
        ],
    )
    def test_what_cannot_be_shown_leaves_its_place_and_is_told(self, data: bytes, tmp_path: Path) -> None:
        file = tmp_path / "book.pdf"
        issues = EXPORTERS["pdf"].write(self.book(data, tmp_path), file)
        assert [issue.code for issue in issues if issue.code != "font-replaced"] == ["export-picture"]
        assert "〔图片缺失〕渠首" in "".join(pages(file)) and "图1工地" in "".join(pages(file))

    def test_four_colours_become_three_so_that_the_book_stays_archival(self, tmp_path: Path) -> None:
        file = tmp_path / "book.pdf"
        issues = EXPORTERS["pdf"].write(self.book(CMYK, tmp_path), file)
        told = [issue.message for issue in issues if issue.code == "export-picture"]
        assert "CMYK" in told[0] and "每英寸 150 点" in told[1]
        assert b"pdfaid:part" in file.read_bytes()
        assert "图片缺失" not in "".join(pages(file))


class TestMissingCharacters:
    BOOK = make_book([article("人名", paragraph("有个\ue123字没有字体。"))])

    def test_stop_a_final_book_and_leave_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match=r"U\+E123.*人名"):
            EXPORTERS["pdf"].write(self.BOOK, tmp_path / "book.pdf")
        assert not list(tmp_path.iterdir())

    def test_are_marked_in_a_draft(self, tmp_path: Path) -> None:
        file = tmp_path / "book.pdf"
        issues = EXPORTERS["pdf"].write(replace(self.BOOK, draft=True), file)
        assert "character-missing" in [issue.code for issue in issues]
        assert "有个〓字没有字体。" in "".join(pages(file))


def test_without_a_chinese_font_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_exporter, "font_folders", lambda _: (tmp_path,))
    with pytest.raises(ExportError, match="中文字体") as caught:
        EXPORTERS["pdf"].write(make_book([article("甲")]), tmp_path / "book.pdf")
    assert "fonts-noto-cjk" in caught.value.hint


def test_an_author_after_his_text_signs_it_and_editors_speak_below_the_title(tmp_path: Path) -> None:
    text = article(
        "甲",
        Block.plain(Kind.SUBTITLE, "副题"),
        paragraph("正文。"),
        Block.plain(Kind.BYLINE, "张三"),
        paragraph("又一段。"),
    )
    book = make_book([text])
    section = book.sections[0]
    chapter = replace(section.chapters[0], note=("编者的话。",))
    book = replace(book, sections=(replace(section, chapters=(chapter,)),))
    data = PdfBookSetter(PreparedBook(book, {}, {}), tmp_path).data()
    (part,) = cast("list[Any]", data["parts"])
    assert [block.get("s") for block in part["blocks"]] == ["题名", "文章副题", "编者按", None, "署名", None]


def test_a_running_head_without_its_words_is_left_out(tmp_path: Path) -> None:
    house = house_style()
    house = replace(house, layout=replace(house.layout, head_left="栏目：{栏目}", head_right="{书名}　{题名}"))
    data = PdfBookSetter(
        PreparedBook(replace(make_book([article("甲")], title="书"), house=house), {}, {}), tmp_path
    ).data()
    assert [part["head"] for part in cast("list[Any]", data["parts"])] == [["", "书　甲"]]


class TestFailure:
    BOOK = make_book([article("甲", paragraph("字。"))])

    def test_leaves_the_old_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(job: object) -> list[str]:
            raise SettingFailed("error: something")

        monkeypatch.setattr(pdf_exporter, "run_typst", fail)
        file = tmp_path / "book.pdf"
        file.write_bytes(b"old")
        with pytest.raises(ExportError, match="something"):
            EXPORTERS["pdf"].write(self.BOOK, file)
        assert [each.name for each in tmp_path.iterdir()] == ["book.pdf"] and file.read_bytes() == b"old"

    def test_of_the_archival_form_gives_a_plain_pdf(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail_first(job: Job) -> list[str]:
            if job.standards:
                raise SettingFailed("error: PDF/A-2u error: something")
            return run_typst(job)

        monkeypatch.setattr(pdf_exporter, "run_typst", fail_first)
        issues = EXPORTERS["pdf"].write(self.BOOK, tmp_path / "book.pdf")
        assert "export-archival" in [issue.code for issue in issues]
        assert b"pdfaid" not in (tmp_path / "book.pdf").read_bytes()

    def test_of_the_tags_gives_a_pdf_without_them(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail_first(job: Job) -> list[str]:
            if job.tags:
                raise SettingFailed("error: internal error: tags weren't properly closed")
            return run_typst(job)

        monkeypatch.setattr(pdf_exporter, "run_typst", fail_first)
        issues = EXPORTERS["pdf"].write(self.BOOK, tmp_path / "book.pdf")
        assert any("标签" in issue.message for issue in issues)
        written = (tmp_path / "book.pdf").read_bytes()
        assert b"pdfaid" in written and b"/StructTreeRoot" not in written

    def test_of_the_child_process_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match="中途退出"):
            child.ask(_TYPESET, {}, tmp_path, 30)

    def test_by_taking_too_long_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(child, "_GLANCE", 0)
        with pytest.raises(ExportError, match="还没有完成"):
            child.ask(_TYPESET, {}, tmp_path, -1)


def test_a_preview_draws_the_pages_asked_for() -> None:
    book = make_book([article("甲", *(paragraph("字" * 400) for _ in range(9)))])
    found = preview(book, first=2, last=99, ppi=20)
    assert found.count == 3
    assert [page[:4] for page in found.pages] == [b"\x89PNG"] * 2

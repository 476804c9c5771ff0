"""EPUB that is valid, reads well on a telephone, and comes out the same every time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from lxml import etree

from archive.export import Book, Chapter, Section, make_book
from archive.export.book import Heading, Index
from archive.export.epub.cover import cover
from archive.export.epub.epub_exporter import EpubExporter
from archive.export.epub.stylesheet import stylesheet
from archive.export.house import house_style
from archive.model.records import Article, Block, Cell, Genre, Issue, Kind, Run, Style

XHTML = {"h": "http://www.w3.org/1999/xhtml", "e": "http://www.idpf.org/2007/ops"}
OPF = {"o": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}
TITLE = Block.plain(Kind.TITLE, "题")


class Reading:
    """An EPUB that was written, opened again."""

    def __init__(self, file: Path, issues: tuple[Issue, ...]) -> None:
        self.file = file
        self.issues = issues
        with zipfile.ZipFile(file) as archive:
            self.parts: Mapping[str, bytes] = {name: archive.read(name) for name in archive.namelist()}
        self.package = etree.fromstring(self.parts["EPUB/package.opf"])
        self.pages = {
            name.removeprefix("EPUB/"): etree.fromstring(data)
            for name, data in self.parts.items()
            if name.endswith(".xhtml")
        }

    def page(self, title: str) -> etree._Element:
        """The page whose first heading begins so."""
        for page in self.pages.values():
            headings = page.xpath("//*[self::h:h1 or self::h:h2 or self::h:h3 or self::h:h4]", namespaces=XHTML)
            if any("".join(heading.itertext()).startswith(title) for heading in headings):
                return page
        raise AssertionError(f"no page {title}")

    def spine(self) -> list[str]:
        names = {item.get("id"): item.get("href", "") for item in self.package.iterfind(".//o:item", OPF)}
        return [names[item.get("idref", "")] for item in self.package.iterfind(".//o:itemref", OPF)]


def written(book: Book, folder: Path) -> Reading:
    file = folder / "book.epub"
    return Reading(file, EpubExporter().write(book, file))


def one(tmp_path: Path, *blocks: Block, title: Block = TITLE) -> etree._Element:
    """The only page of a book of one text."""
    (page,) = (
        page
        for name, page in written(make_book([Article(collection="", blocks=(title, *blocks))]), tmp_path).pages.items()
        if name != "nav.xhtml"
    )
    return page


def words(node: etree._Element) -> str:
    return "".join(node.itertext())


@pytest.fixture
def whole(whole_book: Book, tmp_path: Path) -> Reading:
    return written(whole_book, tmp_path)


def test_the_container_begins_as_epub_wants_it(whole: Reading) -> None:
    with zipfile.ZipFile(whole.file) as archive:
        first = archive.infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
    assert whole.parts["mimetype"] == b"application/epub+zip"


def test_the_same_book_gives_the_same_bytes(whole_book: Book, whole: Reading, tmp_path: Path) -> None:
    EpubExporter().write(whole_book, tmp_path / "again.epub")
    assert (tmp_path / "again.epub").read_bytes() == whole.file.read_bytes()


def test_the_pages_are_in_the_order_of_a_book(whole: Reading) -> None:
    assert whole.spine() == [
        "cover.xhtml",
        "title.xhtml",
        "imprint.xhtml",
        "front-1.xhtml",
        "front-2.xhtml",
        "nav.xhtml",
        *(f"text-{number:04}.xhtml" for number in range(1, 5)),
        "back-1.xhtml",
        "index-1.xhtml",
        "index-2.xhtml",
    ]


def test_what_is_known_of_the_book_is_in_its_metadata(whole: Reading) -> None:
    metadata = {node.get("property"): node.text for node in whole.package.iterfind(".//o:meta", OPF)}
    assert metadata["dcterms:modified"] == "2026-01-02T03:04:05Z"
    assert metadata["belongs-to-collection"] == "朔津文史资料第二十三辑"
    assert metadata["schema:accessModeSufficient"] == "textual"
    assert [node.text for node in whole.package.iterfind(".//dc:title", OPF)] == ["黄河古渡旧闻录", "文史资料精选"]
    assert whole.package.findtext(".//dc:language", namespaces=OPF) == "zh-CN"


def test_a_corrected_book_keeps_its_identifier(whole_book: Book, whole: Reading, tmp_path: Path) -> None:
    def identifier(reading: Reading) -> str | None:
        return reading.package.findtext(".//dc:identifier", namespaces=OPF)

    before = identifier(whole)
    assert identifier(written(replace(whole_book, imprint=("二校",)), tmp_path)) == before
    assert identifier(written(replace(whole_book, title="又一本"), tmp_path)) != before


def test_traditional_characters_are_declared(tmp_path: Path) -> None:
    article = Article(collection="", blocks=(TITLE, Block.plain(Kind.PARAGRAPH, "寧夏府靈州興武營，漢渠流經東門。")))
    reading = written(make_book([article]), tmp_path)
    assert reading.package.findtext(".//dc:language", namespaces=OPF) == "zh-Hant"


def test_every_link_leads_somewhere(whole: Reading) -> None:
    identities = {(name, each) for name, page in whole.pages.items() for each in page.xpath("//@id")}
    links = [
        (name, str(link)) for name, page in whole.pages.items() for link in page.xpath("//h:a/@href", namespaces=XHTML)
    ]
    assert len(links) > 20
    for name, link in links:
        file, _, identity = link.partition("#")
        assert (file or name) in whole.pages
        assert not identity or (file or name, identity) in identities, link


def test_notes_pop_up_and_lead_back(whole: Reading) -> None:
    page = whole.page("水利春秋")
    references = page.xpath("//h:a[@e:type='noteref']", namespaces=XHTML)
    assert [words(each) for each in references] == ["[1]", "[2]", "[3]", "[4]"]
    inside = [
        each.xpath("name(ancestor::*[self::h:h2 or self::h:h3 or self::h:td][1])", namespaces=XHTML)
        for each in references
    ]
    assert inside == ["h2", "", "h3", "td"]  # title, paragraph, heading, table
    notes = page.xpath("//h:aside[@e:type='footnote']", namespaces=XHTML)
    assert [words(note) for note in notes][1] == "[2] 一说始凿于光绪二十九年。"
    assert [note.xpath("string(.//h:a[@role='doc-backlink']/@href)", namespaces=XHTML) for note in notes] == [
        f"#{each.get('id')}" for each in references
    ]


def test_a_note_nobody_refers_to_is_not_hidden_in_a_pop_up(whole: Reading) -> None:
    (loose,) = whole.page("水利春秋").xpath("//h:div[@class='note']", namespaces=XHTML)
    assert words(loose) == "[5] 这条注释没有注号。"
    assert any(issue.code == "export-note" and "没有注号" in issue.message for issue in whole.issues)


def test_an_author_named_below_the_text_signs_it(tmp_path: Path) -> None:
    author, day = Block.plain(Kind.BYLINE, "张三"), Block.plain(Kind.BYLINE, "1962年5月")
    page = one(
        tmp_path, author, Block.plain(Kind.PARAGRAPH, "文"), author, day, Block.plain(Kind.HEADING, "二"), author
    )
    styles = page.xpath("//h:p[@class]/@class", namespaces=XHTML)
    assert styles == ["byline", "signed", "signed", "byline"]


def test_one_note_may_be_referred_to_twice_and_from_a_note(tmp_path: Path) -> None:
    page = one(
        tmp_path,
        Block(Kind.PARAGRAPH, (Run("甲", note="a"), Run("乙", note="a"))),
        Block(Kind.NOTE, (Run("见"), Run("", note="b")), label="a"),
        Block.plain(Kind.NOTE, "又注", label="b"),
    )
    identities = page.xpath("//@id")
    assert len(identities) == len(set(identities))
    for link in page.xpath("//h:a/@href", namespaces=XHTML):
        assert link.removeprefix("#") in identities


def test_a_mark_without_a_note_stays_in_the_text(whole: Reading) -> None:
    assert "此处〔77〕有悬空注号。" in words(whole.page("坏图与怪字"))


def test_styles_of_characters(whole: Reading) -> None:
    source = etree.tostring(whole.page("水利春秋"), encoding="unicode")
    for markup in (
        '<em class="dots">光绪三十年</em>',
        "<b>一百四十里</b>",
        "<sup>3</sup>",
        "<sub>2</sub>",
        "<u>老名字</u>",
    ):
        assert markup in source
    assert "<ruby>阏<rp>（</rp><rt>yān</rt><rp>）</rp></ruby>" in source


def test_breaks_and_spaces_are_kept(tmp_path: Path) -> None:
    page = one(tmp_path, Block.plain(Kind.VERSE, "上句\n下  句\t尾"))
    (verse,) = page.xpath("//h:div[@class='verse']/h:p", namespaces=XHTML)
    assert etree.tostring(verse, encoding="unicode").count("<br") == 1
    assert [words(each) for each in verse.iterfind("h:span", XHTML)] == ["  ", "\t"]


def test_pictures_are_numbered_and_listed(whole: Reading) -> None:
    captions = whole.page("水利春秋").xpath("//h:figcaption", namespaces=XHTML)
    assert [words(each) for each in captions] == ["图1　七星渠渠首工地", "图2　竣工纪念碑"]
    listed = whole.pages["nav.xhtml"].xpath("//h:nav[@id='loi']//h:a", namespaces=XHTML)
    assert [words(each) for each in listed][:2] == ["图1　七星渠渠首工地", "图2　竣工纪念碑"]
    assert "EPUB/images/wide.png" in whole.parts


def test_a_picture_without_words_is_described_by_its_caption(whole: Reading) -> None:
    alternatives = whole.page("水利春秋").xpath("//h:img/@alt", namespaces=XHTML)
    assert alternatives == ["渠首", "竣工纪念碑"]


def test_pictures_that_cannot_be_shown_leave_their_place(whole: Reading) -> None:
    page = whole.page("坏图与怪字")
    missing = page.xpath("//h:p[@class='missing']", namespaces=XHTML)
    assert [words(each) for each in missing] == ["〔图片缺失〕坏图", "〔图片缺失〕矢量图", "〔图片缺失〕没有的图"]
    told = [issue.message for issue in whole.issues if issue.code == "export-picture"]
    assert len(told) == 3 and "不完整" in told[0] and "JPEG、PNG、GIF" in told[1]


def test_a_huge_picture_is_told_with_its_size(tmp_path: Path) -> None:
    file = tmp_path / "huge"
    with file.open("wb") as stream:
        stream.write(b"\x89PNG\r\n\x1a\n")
        stream.truncate(12 * 2**20)
        stream.seek(0, io.SEEK_END)
        stream.write(b"IEND")
    article = Article(collection="", blocks=(TITLE, Block(Kind.FIGURE, (Run("大图"),), picture="huge")))
    reading = written(make_book([article], pictures=lambda _: (file, "image/png")), tmp_path)
    (issue,) = reading.issues
    assert issue.code == "export-picture" and "12 MB" in issue.message
    assert len(reading.parts["EPUB/images/huge.png"]) == file.stat().st_size


def test_the_cover_is_a_picture_or_drawn(whole_book: Book, tmp_path: Path) -> None:
    def covers(reading: Reading) -> list[str]:
        return [
            str(each) for each in reading.package.xpath("//o:item[@properties='cover-image']/@href", namespaces=OPF)
        ]

    assert covers(written(whole_book, tmp_path)) == ["cover.svg"]
    assert covers(written(replace(whole_book, cover="tall"), tmp_path)) == ["images/tall.png"]
    broken = written(replace(whole_book, cover="broken"), tmp_path)
    assert covers(broken) == ["cover.svg"]
    assert any("封面" in issue.message for issue in broken.issues)


def test_a_drawn_cover_holds_a_title_of_any_length(whole_book: Book) -> None:
    title = "河" * 199 + "<&>"
    drawn = etree.fromstring(cover(replace(whole_book, title=title)).encode())
    texts = drawn.findall("{http://www.w3.org/2000/svg}text")
    assert title in "".join(words(each) for each in texts)
    assert all(0 < float(each.get("y", "")) < 1680 for each in texts)


def test_tables_have_heading_cells_and_no_holes(whole: Reading) -> None:
    (table,) = whole.page("水利春秋").xpath("//h:table", namespaces=XHTML)
    assert words(table.find("h:caption", XHTML)) == "表一　各社出工情况"
    assert len(table.findall("h:thead/h:tr", XHTML)) == 2
    (corner,) = table.xpath(".//h:th[@rowspan]", namespaces=XHTML)
    assert (corner.get("rowspan"), corner.get("scope")) == ("2", "col")


def test_wild_spans_make_a_whole_table(tmp_path: Path) -> None:
    places = [Cell(0, 0, 0, 99, 1, True), Cell(0, 0, 5, 1, 99, True), Cell(0, 3, 5), Cell(0, 7, 9)]
    page = one(tmp_path, *(Block.plain(Kind.CELL, str(number), cell=place) for number, place in enumerate(places)))
    (table,) = page.xpath("//h:table", namespaces=XHTML)
    assert not table.findall("h:thead", XHTML)  # its first cell reaches through the whole table
    taken: dict[tuple[int, int], str] = {}
    for number, row in enumerate(table.iterfind(".//h:tr", XHTML)):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            for down in range(int(cell.get("rowspan", "1"))):
                for across in range(int(cell.get("colspan", "1"))):
                    assert (number + down, column + across) not in taken
                    taken[number + down, column + across] = words(cell)
    assert len(taken) == 9 and {"0", "1", "2", "3"} <= set(taken.values())


def test_what_the_editor_says_stands_before_texts_and_sections(whole: Reading) -> None:
    notes = whole.page("水利春秋").xpath("//h:div[@class='editor-note']", namespaces=XHTML)
    assert [words(each) for each in notes] == ["本栏所收，皆渠工亲历。", "编者按：此文为口述，\n地名从旧。"]


def test_entries_share_pages(tmp_path: Path) -> None:
    entries = [
        Article(
            collection="",
            genre=Genre.ENTRY,
            section="大事记",
            blocks=(Block.plain(Kind.TITLE, f"{year}年"), Block.plain(Kind.PARAGRAPH, "事" * 150)),
        )
        for year in range(700, 1974)
    ]
    reading = written(make_book(entries, title="大事记"), tmp_path)
    texts = [name for name in reading.pages if name.startswith("text-")]
    assert 4 <= len(texts) <= 10
    assert sum(len(reading.pages[name].xpath("//h:h4", namespaces=XHTML)) for name in texts) == 1274


def test_sections_may_have_pages_of_their_own(whole_book: Book, tmp_path: Path) -> None:
    house = replace(whole_book.house, layout=replace(whole_book.house.layout, section_page=True))
    reading = written(replace(whole_book, house=house), tmp_path)
    assert "section-0001.xhtml" in reading.spine()
    assert "本栏所收" in words(reading.pages["section-0001.xhtml"])


def test_the_contents_nest_texts_in_sections(whole: Reading) -> None:
    (contents,) = whole.pages["nav.xhtml"].xpath("//h:nav[@e:type='toc']/h:ol", namespaces=XHTML)
    top = [words(item.find("h:a", XHTML)) for item in contents]
    assert top == ["前言", "凡例", "水利春秋", "大事记", "无栏目之文", "后记", "人名索引", "地名索引"]
    inner = contents.xpath("h:li[3]/h:ol/h:li/h:a", namespaces=XHTML)
    assert words(inner[0]) == "忆七星渠的疏浚"


def test_levels_left_out_make_sound_lists(tmp_path: Path) -> None:
    def entry(title: str, *above: tuple[int, str]) -> Chapter:
        headings = (Block.plain(Kind.HEADING, text, level=level) for level, text in above)
        blocks = (Block.plain(Kind.TITLE, title), *headings, Block.plain(Kind.PARAGRAPH, "事"))
        return Chapter(Article(collection="", genre=Genre.ENTRY, blocks=blocks))

    chapters = (
        entry("a", (2, "元年")),
        entry("b", (1, "宋"), (2, "二年")),
        entry("c", (2, "三年")),
        entry("d", (1, "金")),
    )
    listed = Chapter(Article(collection="", blocks=(TITLE,)))
    reading = written(Book(title="书", sections=(Section("", (*chapters, listed)),)), tmp_path)
    (contents,) = reading.pages["nav.xhtml"].xpath("//h:nav[@e:type='toc']/h:ol", namespaces=XHTML)
    assert words(contents).split() == ["元年", "宋", "二年", "三年", "金", "题"]
    assert all(child.tag.endswith("}li") for child in contents)


def test_an_index_names_each_text_once_and_leads_to_the_first_place(whole: Reading) -> None:
    page = whole.pages["index-1.xhtml"]
    lines = page.xpath("//h:section/h:p[not(@class)]", namespaces=XHTML)
    assert [words(each) for each in lines] == ["张怀远　1，后记", "张老汉　见“张怀远”"]
    (first, last) = lines[0].findall("h:a", XHTML)
    assert first.get("href") == "text-0001.xhtml#t1-b2"
    assert last.get("href").startswith("back-1.xhtml#")
    places = whole.pages["index-2.xhtml"]
    assert "不见之地" not in words(places)
    assert any(issue.code == "export-index" and "不见之地" in issue.message for issue in whole.issues)
    assert [words(each) for each in places.xpath("//h:h2", namespaces=XHTML)] == ["Q", "Y"]


def test_a_book_of_one_text_has_neither_cover_nor_contents(tmp_path: Path) -> None:
    reading = written(make_book([Article(collection="", blocks=(TITLE,))]), tmp_path)
    assert reading.spine() == ["text-0001.xhtml"]


def test_the_house_style_sets_sizes_relative_to_the_text() -> None:
    css = stylesheet(house_style("16开"))
    assert "p { font-size: 1em; line-height: 1.619; font-weight: normal; text-align: justify; text-indent: 2em;" in css
    assert '.text-title { font-family: "方正小标宋简体"' in css and "font-size: 1.714em" in css
    assert not re.search(r"\dpt", css)


def test_columns_run_from_right_to_left(whole_book: Book, tmp_path: Path) -> None:
    reading = written(replace(whole_book, house=house_style("竖排")), tmp_path)
    assert reading.package.find("o:spine", OPF).get("page-progression-direction") == "rtl"
    css = reading.parts["EPUB/book.css"].decode()
    assert "writing-mode: vertical-rl" in css
    assert ".notes { margin-right: 2em; border-right: 1px solid; }" in css
    assert "img { max-width: 90vw;" in css


def test_rare_characters_travel_with_the_book(whole: Reading) -> None:
    fonts = [name for name in whole.parts if name.startswith("EPUB/fonts/")]
    told = {
        str(issue.code): issue.message for issue in whole.issues if issue.code in {"epub-font", "character-missing"}
    }
    if not fonts:
        assert "𠮷" in told["character-missing"]
        pytest.skip("no font on this machine has 𠮷")
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    characters = {code for name in fonts for code in TTFont(io.BytesIO(whole.parts[name])).getBestCmap()}
    assert {ord("𠮷"), ord("㐂")} <= characters
    assert ord("渠") not in characters
    assert "𠮷" in told["epub-font"]
    assert "wenshi-rare-1" in whole.parts["EPUB/book.css"].decode()


def test_a_private_character_is_told_with_its_place(tmp_path: Path) -> None:
    article = Article(collection="", blocks=(TITLE, Block.plain(Kind.PARAGRAPH, "知州刘\ue123到任")))
    (issue,) = written(make_book([article]), tmp_path).issues
    assert "U+E123" in issue.message or "私用区" in issue.message or "没有随书嵌入字体" in issue.message


def test_markup_in_words_is_only_words(tmp_path: Path) -> None:
    nasty = "</title><script>alert(1)</script>&amp; ]]> \"'{}*/ url(x)"
    title = Block.plain(Kind.TITLE, nasty)
    article = Article(collection="", section=nasty, blocks=(title, Block.plain(Kind.PARAGRAPH, nasty)), source=nasty)
    other = Article(collection="", blocks=(title, Block(Kind.PARAGRAPH, (Run(nasty, Style.BOLD, ruby=nasty),))))
    book = replace(
        make_book([article, other], title=nasty, subtitle=nasty, editor=nasty),
        series=nasty,
        publisher=nasty,
        imprint=(nasty,),
        indexes=(Index(nasty, (Heading(nasty, ("alert",), nasty),)),),
    )
    reading = written(book, tmp_path)  # which parses every page
    assert reading.page("</title>").xpath("count(//h:script)", namespaces=XHTML) == 0
    assert all(PurePosixPath(name).suffix for name in reading.parts if name != "mimetype")


def test_epubcheck_finds_nothing(whole_book: Book, tmp_path: Path, epubcheck: Callable[[Path], None]) -> None:
    written(replace(whole_book, cover="wide"), tmp_path)
    epubcheck(tmp_path / "book.epub")

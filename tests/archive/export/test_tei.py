"""TEI that is valid, keeps the divisions of a book, and gives every block a lasting name."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from archive.dates.calendar import day
from archive.export import Book, Chapter, Section, make_book
from archive.export.book import Heading, Index
from archive.export.tei.tei_exporter import TeiExporter
from archive.export.tei.tei_text import LARGEST
from archive.model.records import Article, Block, Genre, Issue, Kind, Mention, Period, Precision, Run, Style

TEI = {"t": "http://www.tei-c.org/ns/1.0"}
ID = "{http://www.w3.org/XML/1998/namespace}id"
TITLE = Block.plain(Kind.TITLE, "题")
Schema = Callable[[etree._Element], etree.RelaxNG]


def written(book: Book, folder: Path) -> tuple[etree._Element, tuple[Issue, ...]]:
    file = folder / "book.xml"
    issues = TeiExporter().write(book, file)
    return etree.parse(str(file)).getroot(), issues


def one(tmp_path: Path, *blocks: Block, **fields: object) -> etree._Element:
    """The div of the only text."""
    article = Article(collection="", blocks=(TITLE, *blocks), **fields)  # type: ignore[arg-type]
    root, _ = written(make_book([article]), tmp_path)
    div: etree._Element
    (div,) = root.xpath("//t:body/t:div", namespaces=TEI)
    return div


def words(node: etree._Element) -> str:
    return "".join(node.itertext())


@pytest.fixture
def root(whole_book: Book, tmp_path: Path) -> etree._Element:
    return written(whole_book, tmp_path)[0]


def test_the_schema_is_the_real_one(root: etree._Element, tei_schema: Schema) -> None:
    schema = tei_schema(root)
    (head,) = root.xpath("//t:div[@xml:id='t1']/t:head[1]", namespaces=TEI)
    head.getparent().append(head)  # a head after paragraphs
    assert not schema.validate(root)


def test_a_whole_book_is_valid(root: etree._Element, tei_schema: Schema) -> None:
    schema = tei_schema(root)
    assert schema.validate(root), schema.error_log


def test_odd_orders_are_valid(tmp_path: Path, tei_schema: Schema) -> None:
    """What readers of all formats may find anywhere: bylines in the middle, notes from notes, headings that jump."""
    book = make_book(
        [
            Article(
                collection="",
                genre=Genre.ENTRY,
                section="大事记",
                date=Period(day(1958, 1, 1), day(1958, 12, 31), Precision.YEAR, "1958年"),
                blocks=(
                    Block.plain(Kind.TITLE, "1958年"),
                    Block.plain(Kind.HEADING, "大事记", level=1),
                    Block.plain(Kind.HEADING, "五十年代", level=2),
                    Block(Kind.VERSE, (Run("甲\n乙", note="1"), Run("丙\n", Style.BOLD), Run("丁"))),
                    Block.plain(Kind.BYLINE, "张三", page="3"),
                    Block.plain(Kind.SUBTITLE, "副题"),
                    Block.plain(Kind.CAPTION, "无图之注"),
                    Block.plain(Kind.HEADING, "深", level=5),
                    Block.plain(Kind.LIST_ITEM, "项", level=1),
                    Block.plain(Kind.HEADING, "浅", level=3),
                    Block(Kind.HEADING, (), level=3),
                    Block(Kind.PARAGRAPH, ()),
                    Block(Kind.NOTE, (Run("注"), Run("", note="1"), Run("", note="2")), label="1"),
                    Block.plain(Kind.NOTE, "二", label="2"),
                    Block.plain(Kind.NOTE, "三", label="3"),
                ),
            )
        ]
    )
    root, _ = written(book, tmp_path)
    schema = tei_schema(root)
    assert schema.validate(root), schema.error_log


def test_the_header_tells_where_each_text_comes_from(root: etree._Element) -> None:
    (source,) = root.xpath("//t:bibl[@xml:id='t1-source']", namespaces=TEI)
    assert words(source.find("t:title[@level='a']", TEI)) == "忆七星渠的疏浚"
    assert [words(each) for each in source.iterfind("t:respStmt", TEI)] == ["口述张怀远", "整理李文秀"]
    assert source.findtext("t:biblScope", namespaces=TEI) == "第三辑"
    assert source.findtext("t:note[@type='source']", namespaces=TEI) == "出处：《中卫文史资料》第三辑，水利春秋"
    div: etree._Element
    (div,) = root.xpath("//t:div[@decls='#t1-source']", namespaces=TEI)
    assert div.get(ID) == "t1"


def test_the_date_of_a_text_is_in_days(tmp_path: Path) -> None:
    period = Period(day(1958, 1, 1), day(1958, 12, 31), Precision.YEAR, "1958年")
    date = one(tmp_path, date=period).getroottree().getroot().find(".//t:bibl/t:date", TEI)
    assert (date.get("notBefore"), date.get("notAfter"), date.text) == ("1958-01-01", "1958-12-31", "1958年")
    written_on = replace(period, end=period.start)
    date = one(tmp_path, date=written_on).getroottree().getroot().find(".//t:bibl/t:date", TEI)
    assert date.get("when") == "1958-01-01"


def test_front_and_back_matter_stand_around_the_texts(root: etree._Element) -> None:
    assert [words(each) for each in root.xpath("//t:front/t:div/t:head", namespaces=TEI)] == ["前言", "凡例"]
    assert root.xpath("string(//t:front//t:titlePart[@type='series'])", namespaces=TEI) == "朔津文史资料第二十三辑"
    assert root.xpath("count(//t:front/t:div[@type='imprint']/t:p)", namespaces=TEI) == 2
    assert [words(each) for each in root.xpath("//t:back/t:div/t:head", namespaces=TEI)] == ["后记"]
    sections = root.xpath("//t:body/t:div[@type='section']/t:head", namespaces=TEI)
    assert [words(each) for each in sections] == ["水利春秋", "大事记"]
    notes = root.xpath("//t:note[@type='editorial']", namespaces=TEI)
    assert [words(each) for each in notes] == ["本栏所收，皆渠工亲历。", "编者按：此文为口述，地名从旧。"]


def test_blocks_keep_their_number_in_the_archive(whole_book: Book, root: etree._Element) -> None:
    blocks = next(iter(whole_book.chapters)).article.blocks
    for number in (0, 3, 5, 9, 20):
        (node,) = root.xpath(f"//*[@xml:id='t1-b{number}']", namespaces=TEI)
        for note in node.xpath(".//t:note | .//t:rt", namespaces=TEI):
            note.clear(keep_tail=True)
        assert "".join(words(node).split()) == "".join(blocks[number].text.split())


def test_notes_stand_where_they_are_referred_to(root: etree._Element) -> None:
    notes = root.xpath("//t:div[@xml:id='t1']//t:note[@place='foot']", namespaces=TEI)
    assert [(each.get("n"), words(each)) for each in notes][1] == ("2", "一说始凿于光绪二十九年。")
    parents = [etree.QName(each.getparent()).localname for each in notes]
    assert parents == ["head", "p", "head", "cell"]
    (loose,) = root.xpath("//t:div[@xml:id='t1']//t:note[@place='end']", namespaces=TEI)
    assert words(loose) == "这条注释没有注号。"


def test_a_second_reference_points_to_the_note(tmp_path: Path) -> None:
    div = one(
        tmp_path,
        Block(Kind.PARAGRAPH, (Run("甲", note="a"), Run("乙", note="a"))),
        Block.plain(Kind.NOTE, "注", label="a"),
    )
    assert div.find(".//t:ptr", TEI).get("target") == f"#{div.find('.//t:note', TEI).get(ID)}"


def test_headings_make_divisions(tmp_path: Path) -> None:
    levels = (2, 4, 4, 2, 3)
    div = one(tmp_path, *(Block.plain(Kind.HEADING, str(number), level=level) for number, level in enumerate(levels)))
    assert [len(list(head.iterancestors("{*}div"))) for head in div.iterfind(".//t:div/t:head", TEI)] == [2, 3, 3, 2, 3]


def test_verse_has_lines_and_characters_their_rendition(tmp_path: Path) -> None:
    div = one(tmp_path, Block(Kind.VERSE, (Run("上"), Run("半\n下", Style.EMPHASIS), Run("阏", ruby="yān"))))
    lines = div.findall(".//t:lg/t:l", TEI)
    assert [words(each) for each in lines] == ["上半", "下阏yān"]
    assert [each.get("rend") for each in div.iterfind(".//t:hi", TEI)] == ["dots", "dots"]
    assert div.findtext(".//t:ruby/t:rt", namespaces=TEI) == "yān"


def test_printed_pages_are_marked_where_they_begin(tmp_path: Path) -> None:
    pages = ("12", "12", "13", "")
    div = one(tmp_path, *(Block.plain(Kind.PARAGRAPH, "文", page=page) for page in pages))
    breaks = div.findall(".//t:pb", TEI)
    assert [each.get("n") for each in breaks] == ["12", "13"]
    assert breaks[1].getparent().get(ID) == "t1-b3"


def test_tables_keep_their_spans(root: etree._Element) -> None:
    (table,) = root.xpath("//t:table", namespaces=TEI)
    assert (table.get("rows"), table.get("cols"), words(table.find("t:head", TEI))) == ("3", "3", "表一　各社出工情况")
    cells = table.findall("t:row/t:cell", TEI)
    assert [(each.get("rows"), each.get("cols"), each.get("role")) for each in cells[:2]] == [
        ("2", None, "label"),
        (None, "2", "label"),
    ]


def test_pictures_are_inside(root: etree._Element, pictures: Callable[[str], tuple[Path, str]]) -> None:
    figures = root.xpath("//t:div[@xml:id='t1']//t:figure", namespaces=TEI)
    assert [(each.get("n"), words(each.find("t:head", TEI))) for each in figures] == [
        ("1", "七星渠渠首工地"),
        ("2", "竣工纪念碑"),
    ]
    picture = figures[0].find("t:binaryObject", TEI)
    assert base64.b64decode(picture.text) == pictures("wide")[0].read_bytes()
    assert picture.get("mimeType") == "image/png"


def test_a_picture_no_reader_of_xml_takes_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "huge"
    with file.open("wb") as stream:
        stream.truncate(LARGEST + 1)
    article = Article(collection="", blocks=(TITLE, Block(Kind.FIGURE, (Run("大图"),), picture="huge")))
    root, (issue,) = written(make_book([article], pictures=lambda _: (file, "image/png")), tmp_path)
    assert issue.code == "export-picture" and "7 MB" in issue.message
    assert root.xpath("string(//t:figure/t:figDesc)", namespaces=TEI) == "大图"


def test_names_of_the_indexes_are_marked_and_listed(root: etree._Element) -> None:
    (person,) = root.xpath("//t:standOff/t:listPerson/t:person", namespaces=TEI)
    assert [each.text for each in person] == ["张怀远", "老张"]
    marked = root.xpath("//t:text//t:persName", namespaces=TEI)
    assert {(words(each), each.get("ref")) for each in marked} == {
        ("张怀远", f"#{person.get(ID)}"),
        ("老张", f"#{person.get(ID)}"),
    }
    assert root.xpath("count(//t:text//t:placeName)", namespaces=TEI) > 2


def test_a_name_may_run_through_styles_and_notes(tmp_path: Path, tei_schema: Schema) -> None:
    runs = (Run("见王"), Run("大", Style.BOLD, note="1"), Run("力先生"), Run("王大", ruby="wáng"), Run("力"))
    article = Article(
        collection="", blocks=(TITLE, Block(Kind.PARAGRAPH, runs), Block.plain(Kind.NOTE, "王大力也", label="1"))
    )
    index = Index("人名", (Heading("王大力", ("王大力",)), Heading("大力", ("大力",))))
    root, _ = written(replace(make_book([article]), indexes=(index,)), tmp_path)
    (paragraph,) = root.xpath("//t:body//t:div/t:p", namespaces=TEI)
    names = paragraph.xpath(".//t:persName", namespaces=TEI)
    for note in paragraph.xpath(".//t:note", namespaces=TEI):
        assert words(note.find(".//t:persName", TEI)) == "王大力"
        note.clear(keep_tail=True)
    assert next(words(each) for each in names) == "王大力"
    assert tei_schema(root).validate(root)


def test_sections_without_title_need_no_division(tmp_path: Path) -> None:
    chapter = Chapter(Article(collection="", blocks=(TITLE,)))
    root, _ = written(Book(title="书", sections=(Section("", (chapter,)),)), tmp_path)
    assert [each.get("type") for each in root.xpath("//t:body/t:div", namespaces=TEI)] == ["article"]


def test_markup_in_words_is_only_words(tmp_path: Path) -> None:
    nasty = "</p><p xml:id='x'>&amp; ]]> <!-- --> \"'"
    title = Block.plain(Kind.TITLE, nasty)
    book = make_book([Article(collection=nasty, section=nasty, source=nasty, id=nasty, blocks=(title, title))])
    root, _ = written(replace(book, series=nasty, publisher=nasty, editor=nasty, imprint=(nasty,)), tmp_path)
    assert not root.xpath("//*[@xml:id='x']")
    assert words(next(root.iterfind(".//t:body//t:head", TEI))) == nasty


def test_years_before_christ_are_as_w3c_counts_them(tmp_path: Path, tei_schema: Schema) -> None:
    period = Period(day(-220, 1, 1), day(0, 12, 31), Precision.PERIOD, "秦汉")
    root = one(tmp_path, date=period).getroottree().getroot()
    date = root.find(".//t:bibl/t:date", TEI)
    assert (date.get("notBefore"), date.get("notAfter")) == ("-0221-01-01", "-0001-12-31")
    assert tei_schema(root).validate(root)


def dated(words: str, *dates: tuple[str, Period, str], names: tuple[str, ...] = (), vague: bool = False) -> Book:
    """A book of one paragraph with these dates read in it."""
    mentions = [
        Mention(1, words.index(text), words.index(text) + len(text), replace(period, written=text), rule, vague=vague)
        for text, period, rule in dates
    ]
    text = Article(collection="", id="1", blocks=(TITLE, Block.plain(Kind.PARAGRAPH, words)))
    book = make_book([text], dates=lambda article_id: mentions)
    return replace(book, indexes=(Index("人名索引", tuple(Heading(name, (name,)) for name in names)),))


ONE = Period(day(1904, 4, 30), day(1904, 4, 30), Precision.DAY)
YEAR = Period(day(1934, 1, 1), day(1934, 12, 31), Precision.YEAR)


def test_dates_say_their_days_and_their_calendar(tmp_path: Path, tei_schema: Schema) -> None:
    book = dated(
        "光绪三十年三月十五日始凿，民国23年完工", ("光绪三十年三月十五日", ONE, "era"), ("民国23年", YEAR, "republic")
    )
    root, _ = written(book, tmp_path)
    schema = tei_schema(root)
    assert schema.validate(root), schema.error_log
    first, second = root.findall(".//{*}body//{*}date")
    assert (words(first), dict(first.attrib)) == (
        "光绪三十年三月十五日",
        {"when": "1904-04-30", "calendar": "#calendar-lunar"},
    )
    assert (words(second), dict(second.attrib)) == (
        "民国23年",
        {"notBefore": "1934-01-01", "notAfter": "1934-12-31", "calendar": "#calendar-republic"},
    )
    ids = {node.get(ID) for node in root.iter("{*}calendar")}
    assert {node.get("calendar").removeprefix("#") for node in (first, second)} <= ids


def test_a_date_stands_around_names_and_never_across_them(tmp_path: Path, tei_schema: Schema) -> None:
    text = "贞观年间魏徵为相，太宗贞观三年五月太宗出游"
    book = dated(
        text,
        ("贞观年间魏徵为相", YEAR, "reign"),
        ("宗贞观三年", ONE, "era"),
        ("五月太宗", ONE, "month"),
        names=("魏徵", "太宗"),
    )
    root, _ = written(book, tmp_path)
    schema = tei_schema(root)
    assert schema.validate(root), schema.error_log
    assert [words(node) for node in root.findall(".//{*}body//{*}date")] == ["贞观年间魏徵为相", "五月太宗"]
    assert len(root.findall(".//{*}body//{*}date/{*}persName")) == 2
    (whole,) = root.findall(".//{*}body//{*}p")
    assert words(whole) == text


def test_the_same_words_of_different_years_are_not_dated(tmp_path: Path) -> None:
    blocks = (TITLE, *(Block.plain(Kind.PARAGRAPH, "五月又修") for _ in "ab"))
    mentions = [Mention(1, 0, 2, ONE, "month"), Mention(2, 0, 2, YEAR, "month")]
    root, _ = written(make_book([Article(collection="", id="1", blocks=blocks)], dates=lambda _: mentions), tmp_path)
    assert root.findall(".//{*}body//{*}date") == []

"""DocuXML as DocuSky's own tools write and read it; there is no published schema to hold it against."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from archive.dates.calendar import day
from archive.export import Book, make_book
from archive.export.book import Heading, Index
from archive.export.docuxml import DocuXmlExporter
from archive.model.records import Article, Block, Collection, Issue, Kind, Period, Person, Precision, Role, Run

TITLE = Block.plain(Kind.TITLE, "题")

# Fields of a document that DocuSky knows, from its metadata tools; all others belong into xml_metadata.
FIELDS = {
    *("corpus", "title", "author", "doc_source", "compilation_name", "compilation_vol", "docclass", "doctype"),
    *("geo_level1", "doc_seq_number", "time_orig_str", "time_varchar", "year_for_grouping"),
    *("timeseq_not_before", "timeseq_not_after", "xml_metadata", "doc_content"),
}


def written(book: Book, folder: Path) -> tuple[etree._Element, tuple[Issue, ...]]:
    file = folder / "book.xml"
    issues = DocuXmlExporter().write(book, file)
    return etree.parse(str(file)).getroot(), issues


def one(tmp_path: Path, article: Article) -> etree._Element:
    root, _ = written(make_book([article], collections={"a": Collection("a", "中卫文史", place="中卫")}), tmp_path)
    return next(root.iterfind("documents/document"))


def words(node: etree._Element) -> str:
    return "".join(node.itertext())


@pytest.fixture
def root(whole_book: Book, tmp_path: Path) -> etree._Element:
    return written(whole_book, tmp_path)[0]


def test_it_has_the_structure_docusky_reads(root: etree._Element) -> None:
    assert root.tag == "ThdlPrototypeExport"
    assert [each.tag for each in root] == ["corpus", "documents"]
    assert [each.tag for each in root.find("corpus")] == ["metadata_field_settings", "feature_analysis"]
    assert {each.get("show_spotlight") for each in root.find("corpus/metadata_field_settings")} == {"Y"}
    for document in root.iterfind("documents/document"):
        names = [each.tag for each in document]
        assert set(names) <= FIELDS and len(names) == len(set(names))
        assert document.findtext("corpus") == root.find("corpus").get("name")
        assert {each.tag for each in document.find("doc_content")} <= {"Paragraph", "MetaTags", "Comment"}
    filenames = [each.get("filename") for each in root.iterfind("documents/document")]
    assert len(filenames) == len(set(filenames)) == 11


def test_every_tag_in_the_text_is_announced(root: etree._Element) -> None:
    announced = {each.get("name") for each in root.iterfind("corpus/feature_analysis/tag")}
    used = {each.tag for each in root.iterfind(".//doc_content/Paragraph/*")}
    assert {"PersonName", "LocName"} == used <= announced


def test_what_is_known_of_a_text_has_its_field(tmp_path: Path) -> None:
    period = Period(day(1958, 8, 1), day(1958, 8, 31), Precision.MONTH, "1958年8月")
    people = (Person("张三"), Person("李四"), Person("王五", Role.RECORDER))
    article = Article(
        collection="a", id="w7", version=2, section="水利", volume="第三辑", people=people, date=period, blocks=(TITLE,)
    )
    document = one(tmp_path, article)
    assert {each.tag: each.text for each in document if len(each) == 0 and each.text} == {
        "corpus": "题",
        "title": "题",
        "author": "张三、李四",
        "doc_source": "《中卫文史》第三辑，水利",
        "compilation_name": "中卫文史",
        "compilation_vol": "第三辑",
        "docclass": "水利",
        "doctype": "文章",
        "geo_level1": "中卫",
        "doc_seq_number": "1",
        "time_orig_str": "1958年8月",
        "time_varchar": "19580800",
        "year_for_grouping": "1958",
        "timeseq_not_before": "19580801",
        "timeseq_not_after": "19580831",
    }
    own = {each.tag: each.text for each in document.find("xml_metadata")}
    assert own == {"Udef_article": "w7", "Udef_version": "2", "Udef_people": "张三（作者）、李四（作者）、王五（整理）"}
    assert all(tag.isascii() and tag.startswith("Udef_") for tag in own)
    assert [each.text for each in document.iterfind("doc_content/MetaTags/PersonName")] == ["张三", "李四", "王五"]


@pytest.mark.parametrize(
    ("start", "end", "precision", "expected"),
    [
        (day(1958, 5, 4), day(1958, 5, 4), Precision.DAY, ("19580504", "1958", "19580504", "19580504")),
        (day(1958, 1, 1), day(1958, 12, 31), Precision.YEAR, ("19580000", "1958", "19580101", "19581231")),
        (day(-271, 1, 1), day(-271, 12, 31), Precision.YEAR, ("-02720000", "-272", "-02720101", "-02721231")),
        (None, day(1949, 9, 30), Precision.PERIOD, (None, None, None, "19490930")),
    ],
)
def test_dates(
    start: int | None, end: int, precision: Precision, expected: tuple[str | None, ...], tmp_path: Path
) -> None:
    document = one(tmp_path, Article(collection="", date=Period(start, end, precision, "时"), blocks=(TITLE,)))
    names = ("time_varchar", "year_for_grouping", "timeseq_not_before", "timeseq_not_after")
    assert tuple(document.findtext(name) for name in names) == expected


def test_names_stand_in_the_text_under_their_preferred_form(root: etree._Element) -> None:
    last = root.findall("documents/document")[-1]
    (person,) = last.iterfind(".//PersonName")
    assert (words(person), person.get("RefId"), person.get("Term")) == ("老张", "张怀远", "张怀远")


def test_paragraphs_carry_their_number_and_notes_their_mark(root: etree._Element) -> None:
    document = next(each for each in root.iterfind("documents/document") if each.findtext("title") == "忆七星渠的疏浚")
    paragraphs = {each.get("Key"): words(each) for each in document.iterfind("doc_content/Paragraph")}
    assert paragraphs["b3"].startswith("七星渠始凿于光绪三十年（1904年）〔2〕，全长")
    assert "阏（yān）逢渠" in paragraphs["b3"]
    notes = document.findall("doc_content/Comment/CommentItem[@Category='注释']")
    assert [each.text for each in notes][1] == "〔2〕一说始凿于光绪二十九年。"
    assert document.findtext("doc_content/Comment/CommentItem[@Category='编者按']") == "本栏所收，皆渠工亲历。"


def test_tables_are_rows_and_pictures_are_reported(whole_book: Book, tmp_path: Path) -> None:
    root, issues = written(whole_book, tmp_path)
    assert any(words(each) == "柔远\t412\t42〔4〕" for each in root.iter("Paragraph"))
    assert any(issue.code == "export-picture" and "5 幅" in issue.message for issue in issues)


def test_signs_with_a_meaning_are_kept_out_of_the_name_of_the_corpus(tmp_path: Path) -> None:
    book = make_book([Article(collection="", blocks=(TITLE,))], title="甲-乙/丙;丁|戊,己*")
    root, _ = written(book, tmp_path)
    assert not re.search("[-/;|,*]", str(root.find("corpus").get("name")))


def test_markup_in_words_is_only_words(tmp_path: Path) -> None:
    nasty = "</Paragraph><MetaTags>&amp; ]]> \"'"
    article = Article(
        collection=nasty, section=nasty, source=nasty, id=nasty, blocks=(TITLE, Block.plain(Kind.PARAGRAPH, nasty))
    )
    index = Index(nasty, (Heading(nasty, ("MetaTags",)),))
    root, _ = written(replace(make_book([article]), title=nasty, indexes=(index,), imprint=(nasty,)), tmp_path)
    assert words(next(root.iterfind(".//Paragraph[@Key='b1']"))) == nasty


def test_a_name_may_run_through_notes_and_ruby(tmp_path: Path) -> None:
    runs = (Run("见王"), Run("大", note="1", ruby="dà"), Run("力"))
    article = Article(
        collection="", blocks=(TITLE, Block(Kind.PARAGRAPH, runs), Block.plain(Kind.NOTE, "注", label="1"))
    )
    index = Index("人名索引", (Heading("王大力", ("王大力",)),))
    root, _ = written(replace(make_book([article]), indexes=(index,)), tmp_path)
    assert words(next(root.iterfind(".//Paragraph/PersonName"))) == "王大（dà）〔1〕力"

"""Texts moved from other systems: TEI and the exports of web sites, every character kept or accounted for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.dates import day
from archive.export import make_book
from archive.export.descriptions.ead3 import Ead3Exporter
from archive.export.tei.tei_exporter import TeiExporter
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Article, Block, Cell, Collection, Kind, Period, Person, Precision, Role, Run, Style
from ingest.pipeline import importer
from ingest.pipeline.report import Outcome
from ingest.readers import registry
from ingest.readers.json_records import Records
from ingest.readers.moved import ead, site_export, tei
from ingest.text.characters import stored_characters

HERE = Collection("here", "这里")

CANAL = Article(
    collection="a",
    id="199",
    section="水利春秋",
    volume="第三辑",
    people=(Person("张怀远", Role.NARRATOR), Person("李文秀", Role.RECORDER)),
    date=Period(day(1985, 3, 1), day(1985, 3, 31), Precision.MONTH, "1985年3月"),
    source="原载《日报》",
    blocks=(
        Block(Kind.TITLE, (Run("忆七星渠"), Run("", note="1"))),
        Block.plain(Kind.SUBTITLE, "——回忆"),
        Block.plain(Kind.BYLINE, "张怀远 口述"),
        Block(Kind.PARAGRAPH, (Run("始凿于"), Run("光绪", Style.BOLD), Run("", note="2"), Run("。")), page="12"),
        Block.plain(Kind.NOTE, "题注", label="1"),
        Block.plain(Kind.NOTE, "文注", label="2"),
        Block.plain(Kind.HEADING, "一、开工", level=1),
        Block.plain(Kind.VERSE, "黄河远上\n白云间"),
        Block.plain(Kind.CELL, "年", cell=Cell(0, 0, 0, header=True)),
        Block.plain(Kind.CELL, "亩", cell=Cell(0, 0, 1, header=True)),
        Block.plain(Kind.CELL, "1958", cell=Cell(0, 1, 0)),
        Block.plain(Kind.CELL, "300", cell=Cell(0, 1, 1)),
    ),
)
PLAIN = Article(
    collection="a", id="200", blocks=(Block.plain(Kind.TITLE, "又一篇"), Block.plain(Kind.PARAGRAPH, "正文。"))
)

WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>朔津文史</title>
<item><title>水车记</title><link>http://site.example/?p=1</link><dc:creator>lao-li</dc:creator>
<content:encoded><![CDATA[第一段，天下黄河。

第二段
<img src="http://site.example/wp-content/uploads/a.png" alt="水车">]]></content:encoded>
<excerpt:encoded><![CDATA[摘要]]></excerpt:encoded>
<wp:post_date>2009-03-02 08:00:00</wp:post_date><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category">风物</category><category domain="post_tag">水车</category>
<wp:comment><wp:comment_content>好文</wp:comment_content></wp:comment></item>
<item><title>羊皮筏</title><content:encoded><![CDATA[<!-- wp:paragraph --><p>筏用<b>羊皮</b>。</p>]]></content:encoded>
<wp:status>publish</wp:status><wp:post_type>page</wp:post_type></item>
<item><title>没写完</title><content:encoded><![CDATA[草稿两段]]></content:encoded>
<wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>
</channel></rss>"""


def written(folder: Path) -> Path:
    file = folder / "book.tei.xml"
    TeiExporter().write(make_book([CANAL, PLAIN], title="书"), file)
    return file


def site(folder: Path) -> Path:
    file = folder / "site.xml"
    file.write_text(WXR, encoding="utf-8")
    return file


def accounted(found: Records) -> bool:
    stored = stored_characters(block for article in found.articles for block in article.blocks)
    return found.characters_in == stored + sum(issue.characters for issue in found.issues)


def test_our_own_export_comes_back_with_its_description(tmp_path: Path) -> None:
    file = written(tmp_path)
    assert registry.recognise(file, "book.xml").name == "tei"
    found = tei.read(file, "book.xml", HERE)
    assert accounted(found)
    canal, plain = found.articles
    for name in ("title", "people", "section", "volume", "date", "source"):
        assert getattr(canal, name) == getattr(CANAL, name), name
    kinds = [(block.kind, block.text) for block in canal.blocks]
    assert sorted(kinds) == sorted((block.kind, block.text) for block in CANAL.blocks)
    assert [text for kind, text in kinds if kind is not Kind.NOTE] == [
        block.text for block in CANAL.blocks if block.kind is not Kind.NOTE
    ]
    assert ("页码", "12") in canal.fields
    assert [block.cell for block in canal.blocks if block.cell] == [block.cell for block in CANAL.blocks if block.cell]
    assert (plain.title, plain.blocks[1].text) == ("又一篇", "正文。")


def test_what_stands_in_no_text_is_told(tmp_path: Path) -> None:
    (told,) = [one for one in tei.read(written(tmp_path), "b", HERE).issues if one.code is IssueCode.OUTSIDE_TEXTS]
    assert told.characters == len("书水利春秋") and "水利春秋" in told.message


def test_a_document_of_somebody_else(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>书</title><author>某甲</author>'
        "</titleStmt><sourceDesc><p>抄本</p></sourceDesc></fileDesc></teiHeader><text><body><head>题</head>"
        "<p>一段<note>注</note>，<persName>刘勇</persName>。</p></body></text></TEI>",
        encoding="utf-8",
    )
    (article,) = tei.read(file, "a", HERE).articles
    assert (article.title, article.people, article.source) == ("题", (Person("某甲"),), "抄本")
    assert [block.text for block in article.blocks] == ["题", "一段，刘勇。", "注"]


def test_entities_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text('<!DOCTYPE TEI [<!ENTITY a "b">]><TEI xmlns="http://www.tei-c.org/ns/1.0"/>', encoding="utf-8")
    with pytest.raises(ReadError, match="实体声明"):
        tei.read(file, "a", HERE)


def test_an_export_of_wordpress(tmp_path: Path) -> None:
    file = site(tmp_path)
    assert registry.recognise(file, "site.xml").name == "site"
    found = site_export.read(file, "site.xml", HERE)
    assert accounted(found)
    first, second = found.articles
    assert [block.text for block in first.blocks] == ["水车记", "第一段，天下黄河。", "第二段", "水车"]
    assert (first.section, first.source) == ("风物", "http://site.example/?p=1")
    assert ("关键词", "水车") in first.fields and ("网上发布", "2009-03-02 08:00:00") in first.fields
    assert [block.text for block in second.blocks] == ["羊皮筏", "筏用羊皮。"]
    told = {issue.code: issue for issue in found.issues}
    assert told[IssueCode.OUTSIDE_TEXTS].characters == len("没写完草稿两段")
    assert "评论 1 条" in told[IssueCode.OTHER_PART].message
    assert IssueCode.LINKED_PICTURE in told


def finding_aid(folder: Path) -> Path:
    file = folder / "book.ead3.xml"
    told = replace(CANAL, fields=(("提要", "渠工说渠。"), ("关键词", "水渠"), ("档号", "X1-2"), ("案号", "十二")))
    Ead3Exporter().write(make_book([told, PLAIN], title="书"), file)
    return file


def test_a_finding_aid(tmp_path: Path) -> None:
    file = finding_aid(tmp_path)
    assert registry.recognise(file, "a.xml").name == "ead"
    found = ead.read(file, "a.xml", HERE)
    assert accounted(found)
    canal, plain = found.articles
    assert [block.text for block in canal.blocks] == ["忆七星渠：回忆", "渠工说渠。"]
    for name in ("people", "section", "volume", "date", "source"):
        assert getattr(canal, name) == getattr(CANAL, name), name
    assert {("关键词", "水渠"), ("档号", "X1-2"), ("案号", "十二"), ("利用限制", "公开")} <= set(canal.fields)
    assert plain.title == "又一篇"
    assert any("“书”这一级" in one.message and "数量" in one.message for one in found.issues)


def test_a_finding_aid_of_2002(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(
        '<ead><eadheader/><archdesc level="fonds"><did><unittitle>全宗</unittitle></did><dsc><c01 level="series"><did>'
        "<unittitle>民国</unittitle></did><c02><did><unitid>3</unitid><unittitle>呈文</unittitle><unitdate>1935年</unitdate>"
        "</did><scopecontent><p>请修渠。</p></scopecontent></c02></c01></dsc></archdesc></ead>",
        encoding="utf-8",
    )
    (one,) = ead.read(file, "a", HERE).articles
    assert ([block.text for block in one.blocks], one.section) == (["呈文", "请修渠。"], "民国")
    assert one.date is not None and one.date.written == "1935年" and one.fields == (("档号", "3"),)


def test_both_counts_come_out_in_an_import(tmp_path: Path) -> None:
    files = [written(tmp_path), site(tmp_path), finding_aid(tmp_path)]
    with Library.create(tmp_path / "library") as library:
        report = importer.ingest(library.session(Actor.local()), files)
    assert [(one.articles, one.outcome, one.error) for one in report.files] == [(2, Outcome.ADDED, None)] * 3

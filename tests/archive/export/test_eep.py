"""Packages by DA/T 48: valid where the office filled in what it demands, and else told, text by text."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from archive.dates import day
from archive.export import EXPORTERS, make_book
from archive.export.descriptions import eep
from archive.export.descriptions.eep import INCOMPLETE, NAMESPACE
from archive.model.issues import IssueCode
from archive.model.records import Article, Block, Collection, Issue, Kind, Period, Person, Precision, Role

SCHEMA = etree.XMLSchema(etree.parse(str(Path(__file__).parent / "schemas" / "da-t-48-2009.xsd")))
FILLED = (
    ("档号", "X1-2"), ("立档单位", "朔津县政协"), ("年度", "2024年"), ("件号", "0012"), ("保管期限", "永久"),
    ("密级", "公开"), ("脱机载体编号", "盘1"), ("脱机载体编号", "盘2"), ("主题词", "水利"), ("关键词", "水渠"),
    ("关键词", "疏浚<1>"), ("人物", "刘勇"), ("提要", "提要&文"), ("文种", "函"), ("案号", "十二"),
)  # fmt: skip
CANAL = Article(
    collection="a",
    id="199",
    section="水利春秋",
    volume="第三辑",
    people=(Person("张怀远"), Person("李文秀", Role.RECORDER)),
    date=Period(day(1985, 3, 2), day(1985, 3, 2), Precision.DAY, "1985年3月2日"),
    source="原载《日报》",
    original="abc",
    fields=FILLED,
    blocks=(Block.plain(Kind.TITLE, "忆七星渠/之一"), Block.plain(Kind.PARAGRAPH, "正文&一段。")),
)


def written(folder: Path, *articles: Article) -> tuple[dict[str, etree._Element], Sequence[Issue]]:
    """The packages by their names in the zip; every original is one file."""
    original, file = folder / "原件", folder / "book.eep.zip"
    original.write_bytes(bytes(range(251)) * 1001)
    collections = {"a": Collection("a", "甲集")}
    book = make_book(articles, title="书", collections=collections, originals=lambda sha256: (original, "第三辑.DOCX"))
    issues = EXPORTERS["eep"].write(book, file)
    with zipfile.ZipFile(file) as packed:
        return {name: etree.fromstring(packed.read(name)) for name in packed.namelist()}, issues


def told(root: etree._Element, name: str) -> list[str]:
    return [node.text or "" for node in root.iter(f"{{{NAMESPACE}}}{name}")]


def files(root: etree._Element) -> dict[str, bytes]:
    names, data = told(root, "计算机文件名"), [base64.b64decode(one, validate=True) for one in told(root, "编码数据")]
    assert told(root, "计算机文件大小") == [f"{len(one)}" for one in data]
    return dict(zip(names, data, strict=True))


def test_a_package_is_valid_and_holds_text_original_and_everything_a_text_is_described_by(tmp_path: Path) -> None:
    packages, issues = written(tmp_path, CANAL)
    assert issues == ()
    ((name, root),) = packages.items()
    assert name == "0001-199-忆七星渠_之一.xml"
    assert SCHEMA.validate(root), SCHEMA.error_log
    held = files(root)
    assert held["第三辑.DOCX"] == (tmp_path / "原件").read_bytes()
    assert "正文&一段。" in held["199-忆七星渠_之一.txt"].decode("utf-8-sig")
    tei = etree.fromstring(held["199-忆七星渠_之一.xml"])
    assert tei.tag == "{http://www.tei-c.org/ns/1.0}TEI" and "正文&一段。" in "".join(tei.itertext())
    expected = {
        "立档单位名称": ["朔津县政协"], "封装包创建单位": ["朔津县政协"], "年度": ["2024"], "室编件号": ["0012"],
        "题名": ["忆七星渠/之一"] * 3, "责任者": ["张怀远"], "日期": ["1985-03-02"], "脱机载体编号": ["盘1", "盘2"],
        "关键词": ["水渠；疏浚<1>"], "电子文件号": ["199"], "控制标识": ["公开"], "档号": ["X1-2"],
        "反编码关键字": ["base64-xml", "base64-txt", "base64-docx"], "文档主从声明": ["主文档", "附属文档"],
        "附注": ["文集：甲集", "辑名辑次：第三辑", "栏目：水利春秋", "来源：原载《日报》", "整理：李文秀",
                 "案号：十二"],
    }  # fmt: skip
    assert {name: told(root, name) for name in expected} == expected


def test_what_is_lacking_is_told_and_never_made_up(tmp_path: Path) -> None:
    bare = replace(CANAL, id="200", people=(), date=None, fields=(("年度", "二〇二四"), ("馆编件号", "3")))
    packages, issues = written(tmp_path, CANAL, bare)
    assert [issue.code for issue in issues] == [IssueCode.EXPORT_LACKING]
    assert issues[0].place == "200《忆七星渠/之一》"
    lacking = "封装包创建单位、立档单位名称、年度、保管期限、责任者、日期、密级、脱机载体编号"
    assert f"缺{lacking}，" in issues[0].message
    whole, part = packages.items()
    assert not whole[0].startswith(INCOMPLETE) and SCHEMA.validate(whole[1])
    assert part[0].startswith(f"{INCOMPLETE}/") and not SCHEMA.validate(part[1])
    assert not any(told(part[1], name) for name in lacking.split("、"))
    assert "年度：二〇二四" in told(part[1], "附注") and told(part[1], "馆编件号") == ["3"]


def test_a_large_file_that_several_texts_came_in_is_left_out_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eep, "LARGEST_SHARED", 1000)
    packages, issues = written(tmp_path, CANAL, replace(CANAL, id="200", original=""))
    assert issues == () and [len(files(root)) for root in packages.values()] == [3, 2]
    packages, issues = written(tmp_path, CANAL, replace(CANAL, id="200"))
    assert [issue.code for issue in issues] == [IssueCode.EXPORT_ORIGINAL] * 2 and "第三辑.DOCX" in issues[0].message
    assert all(SCHEMA.validate(root) and len(files(root)) == 2 for root in packages.values())


def test_an_original_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    (issue,) = EXPORTERS["eep"].write(make_book([CANAL]), tmp_path / "x.eep.zip")
    assert issue.code is IssueCode.EXPORT_ORIGINAL and issue.place.startswith("199")


def test_the_same_book_gives_the_same_bytes(tmp_path: Path) -> None:
    book = make_book([CANAL])
    for name in "ab":
        EXPORTERS["eep"].write(book, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()

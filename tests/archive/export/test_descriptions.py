"""Books as descriptions for catalogues: valid by the published schemas, with everything a text is described by."""

from __future__ import annotations

import csv
import lzma
from collections.abc import Sequence
from pathlib import Path

import pymarc
import pytest
from lxml import etree

from archive.dates import day
from archive.export import DESCRIPTIONS, EXPORTERS, Book, make_book
from archive.export.descriptions.marc import LONGEST
from archive.export.descriptions.tables import ATOM
from archive.model.issues import IssueCode
from archive.model.records import (
    Access,
    Article,
    Block,
    Collection,
    Issue,
    Kind,
    Period,
    Person,
    Precision,
    Role,
    Status,
)

SCHEMAS = Path(__file__).parent / "schemas"
EAD = {"e": "http://ead3.archivists.org/schema/"}
CANAL = Article(
    collection="a",
    id="199",
    section="水利春秋",
    volume="第三辑",
    people=(Person("张怀远"), Person("李文秀", Role.RECORDER), Person("朔津县水利局", Role.SUPPLIER)),
    date=Period(day(1985, 3, 1), day(1985, 3, 31), Precision.MONTH, "1985年3月"),
    source="原载《日报》<1>",
    fields=(
        ("档号", "X1-2"),
        ("关键词", "水渠"),
        ("关键词", "疏浚|清淤"),
        ("提要", "提要&文"),
        ("地域", "朔津"),
        ("人物", "刘勇"),
        ("案号", "十二"),
        ("保管期限", "永久"),
        ("版权授权", "已授权"),
    ),
    blocks=(
        Block.plain(Kind.TITLE, "忆七星渠"),
        Block.plain(Kind.SUBTITLE, "——老渠工的回忆"),
        Block.plain(Kind.PARAGRAPH, "正文" * 50),
    ),
)
OLD = Article(
    collection="b",
    id="200",
    access=Access.INTERNAL,
    status=Status.RECEIVED,
    date=Period(day(-221, 1, 1), None, Precision.YEAR, "公元前222年起"),
    blocks=(Block.plain(Kind.TITLE, "又一篇"),),
)
TOLD = (
    "张怀远 李文秀 朔津县水利局 1985年3月 X1-2 水渠 疏浚 提要&文 朔津 刘勇 十二 永久 已授权 "
    "忆七星渠 老渠工的回忆 水利春秋 第三辑"
)
COLLECTIONS = {"a": Collection("a", "甲集", "说明", place="朔津"), "b": Collection("b", "乙集")}


def book(*articles: Article) -> Book:
    return make_book(articles or (CANAL, OLD), title="书", collections=COLLECTIONS)


def written(form: str, folder: Path, whole: Book | None = None) -> tuple[Path, Sequence[Issue]]:
    file = folder / f"book{EXPORTERS[form].suffix}"
    return file, EXPORTERS[form].write(whole or book(), file)


def schema(name: str) -> etree._ElementTree:
    return etree.ElementTree(etree.fromstring(lzma.decompress((SCHEMAS / name).read_bytes())))


def words(form: str, file: Path) -> str:
    """All that a file says, as a program that reads the format finds it."""
    if file.suffix == ".xml":
        root = etree.parse(str(file)).getroot()
        return "\n".join([*root.itertext(), *(value for node in root.iter() for value in node.attrib.values())])
    if file.suffix == ".csv":
        return file.read_text(encoding="utf-8-sig")
    return "\n".join(str(record) for record in records(file))


def records(file: Path) -> list[pymarc.Record]:
    with file.open("rb") as stream:
        return [record for record in pymarc.MARCReader(stream, force_utf8=True) if record]


@pytest.mark.parametrize("form", sorted(DESCRIPTIONS))
def test_everything_a_text_is_described_by_is_there(form: str, tmp_path: Path) -> None:
    file, issues = written(form, tmp_path)
    found = words(form, file)
    assert [word for word in (*TOLD.split(), "甲集", "乙集", "又一篇") if word not in found] == []
    assert "原载《日报》<1>" in found
    assert "正文正文" not in found
    (lost,) = issues
    assert lost.code is IssueCode.EXPORT_TEXT and lost.characters == CANAL.characters + OLD.characters


def test_ead3_is_valid_and_says_the_days(tmp_path: Path) -> None:
    root = etree.parse(str(written("ead3", tmp_path)[0]))
    valid = etree.RelaxNG(schema("ead3-1.1.1.rng.xz"))
    assert valid.validate(root), valid.error_log
    first, second = root.xpath("//e:datesingle", namespaces=EAD)
    assert (first.text, first.get("notbefore"), first.get("notafter")) == ("1985年3月", "1985-03-01", "1985-03-31")
    assert (second.text, dict(second.attrib)) == ("公元前222年起", {})
    titles = root.xpath("//e:c[@level='series']/e:did/e:unittitle/text()", namespaces=EAD)
    assert titles == ["甲集", "乙集"]
    (control,) = root.findall("{*}control")
    root.getroot().remove(control)
    assert not valid.validate(root)


def test_marcxml_is_valid_and_has_the_years(tmp_path: Path) -> None:
    file, _ = written("marcxml", tmp_path)
    valid = etree.XMLSchema(schema("MARC21slim-1.1.xsd.xz"))
    assert valid.validate(etree.parse(str(file))), valid.error_log
    first, second = pymarc.parse_xml_to_array(str(file))
    assert first["008"].data[6:15] == "s1985    " and len(first["008"].data) == 40
    assert second["008"].data[6:15] == "nuuuu    "
    assert first["245"].subfields_as_dict() == {
        "a": ["忆七星渠 :"],
        "b": ["——老渠工的回忆 /"],
        "c": ["张怀远；李文秀整理；朔津县水利局供稿"],
    }


def test_iso_2709_is_read_back_as_the_xml(tmp_path: Path) -> None:
    in_xml = pymarc.parse_xml_to_array(str(written("marcxml", tmp_path)[0]))
    in_iso = records(written("marc", tmp_path)[0])
    assert [one.as_dict()["fields"] for one in in_iso] == [one.as_dict()["fields"] for one in in_xml]
    assert all(str(one.leader)[9] == "a" for one in in_iso)


def test_cnmarc_tells_people_from_bodies(tmp_path: Path) -> None:
    first, second = records(written("cnmarc", tmp_path)[0])
    assert [one["a"] for one in first.get_fields("701")] == ["张怀远", "李文秀"]
    assert [(one["a"], one["4"]) for one in first.get_fields("711")] == [("朔津县水利局", "供稿")]
    assert [len(one["100"]["a"]) for one in (first, second)] == [36, 36]
    assert first["100"]["a"][8:17] == "d1985    "
    assert first["463"]["1"] == "2001 " and first["463"]["a"] == "甲集"


def test_what_a_field_cannot_hold_is_cut_and_told(tmp_path: Path) -> None:
    abstract = "水𠮷" * 2000
    long = Article(collection="a", id="7", fields=(("提要", abstract),), blocks=CANAL.blocks)
    for form in ("marc", "cnmarc", "marcxml"):
        file, issues = written(form, tmp_path, book(long))
        cut = [one for one in issues if one.place == "忆七星渠"]
        assert len(cut) == 1 and f"{cut[0].characters} 字" in cut[0].message
        if form != "marcxml":
            (record,) = records(file)
            (field,) = [one for one in record if not one.control_field and len(one.value()) > 500]
            assert field.value() == abstract[: len(abstract) - cut[0].characters] + "…"
            assert len(field.value().encode()) <= LONGEST


def test_atom_has_its_own_columns_and_a_parent_for_each_text(tmp_path: Path) -> None:
    with written("atom", tmp_path)[0].open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == ATOM and len(ATOM) == 56
    assert [(row["legacyId"], row["parentId"]) for row in rows] == [
        ("collection-a", ""),
        ("article-199", "collection-a"),
        ("collection-b", ""),
        ("article-200", "collection-b"),
    ]
    canal = rows[1]
    assert canal["subjectAccessPoints"] == "水渠|疏浚｜清淤"
    assert canal["eventActors"].split("|") == ["张怀远", "李文秀", "朔津县水利局"]
    assert (canal["eventStartDates"].split("|")[0], canal["eventEndDates"].split("|")[0]) == (
        "1985-03-01",
        "1985-03-31",
    )
    assert [row["publicationStatus"] for row in rows] == ["Published", "Published", "Draft", "Draft"]


def test_dublin_core_says_the_date_as_edtf(tmp_path: Path) -> None:
    with written("dc", tmp_path)[0].open(encoding="utf-8-sig", newline="") as stream:
        first, _ = csv.DictReader(stream)
    assert first["dc:date"] == "1985-03" and first["dc:creator"] == "张怀远"
    assert first["dc:contributor"] == "李文秀（整理）|朔津县水利局（供稿）"

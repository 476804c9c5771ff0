"""Word files held against the published schema of their format, by two judges, each where it is installed.

The schema files of ECMA-376 (transitional: wml.xsd, dml-*.xsd, shared-*.xsd) are not part of this project; ECMA
International hands them out with the standard, and python-docx keeps a set in its repository under ref/xsd. Name the
folder that holds them in WENSHI_OOXML_SCHEMAS. The other judge is `pip install openxml-audit`, which follows the rules
of Microsoft's own Open XML SDK.
"""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml import etree

from archive.export import Book, Chapter, Section
from archive.export.book import Heading, Index
from archive.export.house import house_style, house_styles
from archive.export.word.word_exporter import WordExporter
from archive.model.records import Genre

SCHEMAS = "WENSHI_OOXML_SCHEMAS"
_XML = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
<xs:attribute name="space"/><xs:attribute name="lang"/></xs:schema>"""
_COMPATIBILITY = re.compile(r' \w+:Ignorable="[^"]*"')  # the schema is that of files without later additions
NAMES = (*house_styles(), "reference", "everything")


@pytest.fixture(params=NAMES)
def file(request: pytest.FixtureRequest, book: Book, tmp_path: Path) -> Path:
    """The book with every kind of block and every list, in each house style, with a reference, with all switches."""
    names = (Heading("银川", ("银川",), "Y"), Heading("兴庆", (), "X", see="银川"))
    matter = Chapter(replace(book.sections[-1].chapters[0].article, genre=Genre.MATTER), note=("按语",))
    sections = (replace(book.sections[0], note=("编者按：水。",)), *book.sections[1:])
    whole = replace(
        book, series="丛书", publisher="出版社", imprint=("版权",), front=(matter,), back=(matter,), sections=sections,
        picture_list=True, indexes=(Index("地名索引", names),), cover="wide",
    )  # fmt: skip
    if request.param == "reference":
        docx.Document().save(str(tmp_path / "reference.docx"))
        whole = replace(whole, house=replace(whole.house, reference=tmp_path / "reference.docx"))
    elif request.param == "everything":
        layout = replace(
            whole.house.layout, section_page=True, article_start="odd", folio_place="center", picture_numbers="none",
            head_left="{栏目}{页码}", folio="",
        )  # fmt: skip
        whole = replace(whole, house=replace(whole.house, layout=layout))
    else:
        whole = replace(whole, house=house_style(request.param))
    target = tmp_path / "book.docx"
    WordExporter(fill=False).write(whole, target)
    return target


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema:
    folder = os.environ.get(SCHEMAS, "")
    if not (folder and Path(folder, "wml.xsd").is_file()):
        pytest.skip(f"the schema files of ECMA-376 are not on this machine (set {SCHEMAS} to their folder)")
    # wml.xsd imports the attributes of xml: without saying where they are declared.
    root = etree.parse(str(Path(folder, "wml.xsd")))
    for element in root.iter("{*}import"):
        if element.get("schemaLocation") is None:
            element.set("schemaLocation", "given:xml.xsd")
    parser = etree.XMLParser()
    parser.resolvers.add(_Given())
    return etree.XMLSchema(etree.fromstring(etree.tostring(root), parser, base_url=f"{Path(folder).as_uri()}/wml.xsd"))


class _Given(etree.Resolver):
    def resolve(self, system_url: str | None, public_id: str | None, context: Any) -> Any:
        return self.resolve_string(_XML, context) if str(system_url).endswith("given:xml.xsd") else None


def parts(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as package:
        return {name: package.read(name) for name in package.namelist() if re.fullmatch(r"word/\w+\.xml", name)}


def test_every_part_follows_the_schema(file: Path, schema: etree.XMLSchema) -> None:
    for name, content in parts(file).items():
        document = etree.fromstring(_COMPATIBILITY.sub("", content.decode()).encode())
        assert schema.validate(document), (name, schema.error_log.last_error)


def test_the_schema_would_find_a_fault(schema: etree.XMLSchema, book: Book, tmp_path: Path) -> None:
    WordExporter(fill=False).write(book, tmp_path / "book.docx")
    sound = parts(tmp_path / "book.docx")["word/document.xml"]
    assert schema.validate(etree.fromstring(sound))
    assert not schema.validate(etree.fromstring(sound.replace(b"<w:keepNext/>", b"<w:keepNexT/>")))
    assert not schema.validate(etree.fromstring(sound.replace(b"<w:cols ", b"<w:titlePg/><w:cols ", 1)))


def test_word_would_open_it_without_repairs(file: Path) -> None:
    audit = pytest.importorskip("openxml_audit", reason="openxml-audit is not installed: no second judge")
    result = audit.OpenXmlValidator().validate(str(file))
    assert result.is_valid, [str(error) for error in result.errors]


def test_every_relation_leads_to_a_part(book: Book, tmp_path: Path) -> None:
    noted = Chapter(book.sections[0].chapters[0].article)
    target = tmp_path / "book.docx"
    WordExporter(fill=False).write(replace(book, sections=(Section("栏目", (noted,)),), cover="tall"), target)
    with zipfile.ZipFile(target) as package:
        names = set(package.namelist())
        relations = package.read("word/_rels/document.xml.rels").decode()
        document = package.read("word/document.xml").decode()
    targets = dict(re.findall(r'Id="(\w+)"[^>]*Target="([^"]+)"', relations))
    assert {f"word/{name}" for name in targets.values()} <= names
    assert set(re.findall(r'r:(?:id|embed)="(\w+)"', document)) <= set(targets)
    assert {f"word/{kind}.xml" for kind in ("styles", "settings", "footnotes", "fontTable")} <= names

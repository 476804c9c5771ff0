"""Formulas of .odt files stand in the text in linear form."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from archive.support.libreoffice import LibreOffice
from ingest.pipeline.importer import ingest
from ingest.readers import converted, odf_formulas
from ingest.readers.mathml import linear

MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'
CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" office:version="1.2"><office:body><office:text>'
    '<text:p>耕地占<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>，余为山林。</text:p>'
    "</office:text></office:body></office:document-content>"
)
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" manifest:version="1.2" '
    'manifest:media-type="application/vnd.oasis.opendocument.text"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="Object 1/" '
    'manifest:media-type="application/vnd.oasis.opendocument.formula"/>'
    '<manifest:file-entry manifest:full-path="Object 1/content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def odt(file: Path) -> Path:
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        made.writestr("META-INF/manifest.xml", MANIFEST)
        made.writestr("content.xml", CONTENT)
        made.writestr("Object 1/content.xml", MATH.format("<mfrac><mn>7</mn><mn>53</mn></mfrac>"))
    return file


@pytest.mark.parametrize(
    ("mathml", "typed"),
    [
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("<msup><mn>10</mn><mn>4</mn></msup>", "10^4"),
        ("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>", "x_1^2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a+b)/2"),
        ("<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt>", "√(a+b)"),
        ("<mroot><mi>a</mi><mn>3</mn></mroot>", "3√a"),
        ("<semantics><mn>5</mn><annotation>five</annotation></semantics>", "5"),
    ],
)
def test_linear(mathml: str, typed: str) -> None:
    assert linear(etree.fromstring(MATH.format(mathml))) == typed


def test_a_formula_stands_in_its_place(tmp_path: Path, office: LibreOffice, fake_library: Any) -> None:
    file = odt(tmp_path / "耕地.odt")
    before = file.read_bytes()
    assert [block.text for block in converted.read("odt", file, file.name).blocks] == ["耕地占7/53，余为山林。"]
    assert file.read_bytes() == before
    report = ingest(fake_library, [file])
    assert report.files[0].error is None


def test_a_broken_file_is_left_to_the_conversion(tmp_path: Path) -> None:
    file = tmp_path / "坏.odt"
    file.write_bytes(b"PK\x03\x04broken")
    odf_formulas.write_out(file)
    assert file.read_bytes() == b"PK\x03\x04broken"
